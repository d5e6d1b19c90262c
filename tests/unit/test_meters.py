"""What the door out counts: by name, from nothing on, and nobody else's."""

import pytest

from notifier.meters import OUTCOMES, Meters


def value(meters: Meters, name: str, **labels: str) -> float | None:
    return meters.registry.get_sample_value(f"minsheng_{name}", labels)


def test_every_outcome_is_there_from_the_start_and_counts_alone() -> None:
    meters = Meters()
    assert [value(meters, "sends_total", outcome=o) for o in OUTCOMES] == [0.0] * len(OUTCOMES)
    for times, outcome in enumerate(OUTCOMES):
        for _ in range(times):
            meters.outcome(outcome)
    counted = [value(meters, "sends_total", outcome=o) for o in OUTCOMES]
    assert counted == [float(times) for times in range(len(OUTCOMES))]


def test_a_word_that_is_no_outcome_is_refused_and_leaves_no_label() -> None:
    meters = Meters()
    with pytest.raises(ValueError, match="chat 1001"):
        meters.outcome("chat 1001")
    assert value(meters, "sends_total", outcome="chat 1001") is None


def test_what_the_messenger_asked_is_counted_and_added_up() -> None:
    meters = Meters()
    meters.asked_to_wait(3)
    meters.asked_to_wait(30.5)
    assert value(meters, "asked_to_wait_total") == 2.0
    assert value(meters, "asked_to_wait_seconds_total") == 33.5


def test_ticks_and_duties() -> None:
    meters = Meters()
    for seconds in (0.001, 0.2, 100):
        meters.tick(seconds)
    meters.duty_failed("survey")
    assert value(meters, "tick_seconds_count") == 3.0
    assert value(meters, "tick_seconds_sum") == pytest.approx(100.201)
    assert value(meters, "tick_seconds_bucket", le="0.25") == 2.0
    assert value(meters, "duties_failed_total", kind="survey") == 1.0


def test_two_in_one_process_do_not_meet() -> None:
    one, other = Meters(), Meters()
    one.outcome("sent")
    assert value(other, "sends_total", outcome="sent") == 0.0
