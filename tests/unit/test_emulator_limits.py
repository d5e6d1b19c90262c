"""Are the sending rates Telegram's, and the faults and samples what they say?"""

import struct
import zlib

import pytest

from emulator import samples
from emulator.errors import RefusedError, UnknownError
from emulator.events import EventLog
from emulator.faults import Faults
from emulator.files import dimensions
from emulator.limits import Limits


class Watch:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def limits(watch: Watch) -> Limits:
    limits = Limits(monotonic=watch)
    limits.on = True
    return limits


def test_thirty_a_second_over_all(limits: Limits, watch: Watch) -> None:
    for chat in range(1, 31):
        limits.check(chat)
    with pytest.raises(RefusedError, match="Too Many Requests: retry after 1") as caught:
        limits.check(99)
    assert caught.value.parameters == {"retry_after": 1}
    watch.now += 1
    limits.check(99)


def test_one_a_second_in_a_chat(limits: Limits, watch: Watch) -> None:
    limits.check(1)
    watch.now += 0.5
    with pytest.raises(RefusedError):
        limits.check(1)
    limits.check(2)
    watch.now += 0.5
    limits.check(1)


def test_twenty_a_minute_in_a_group(limits: Limits, watch: Watch) -> None:
    for _ in range(20):
        limits.check(-5)
        watch.now += 1
    with pytest.raises(RefusedError, match="retry after 40"):
        limits.check(-5)
    watch.now += 40
    limits.check(-5)


def test_an_album_passes_whole_and_counts_each(limits: Limits, watch: Watch) -> None:
    limits.check(-5, 10)
    watch.now += 1
    limits.check(-5, 10)
    watch.now += 1
    with pytest.raises(RefusedError):
        limits.check(-5)


def test_a_fault_is_used_up() -> None:
    faults = Faults()
    faults.add({"method": "sendMessage", "kind": "500", "times": 2, "chat_id": 7})
    assert faults.pick("sendMessage", 8) is None
    assert faults.pick("sendPhoto", 7) is None
    assert [faults.pick("sendMessage", 7) is not None for _ in range(3)] == [True, True, False]
    with pytest.raises(UnknownError):
        faults.add({"method": "*", "kind": "odd"})
    faults.add({"method": "*", "kind": "500", "probability": 0.0})
    assert faults.pick("getMe", None) is None


def test_samples_are_valid_and_differ() -> None:
    picture = samples.png(3, 4)
    assert dimensions(picture) == (3, 4)
    length = struct.unpack(">I", picture[33:37])[0]
    assert len(zlib.decompress(picture[41 : 41 + length])) == (3 * 3 + 1) * 4
    assert dimensions(samples.jpeg()) == (8, 8)
    assert samples.jpeg() != samples.jpeg()
    assert dimensions(b"") == (0, 0)


async def test_events_are_numbered_and_kept_per_chat() -> None:
    log = EventLog()
    first = log.record("message", 1, frozenset((1,)))
    log.record("message", 2, frozenset((2,)))
    assert [e.chat_id for e in log.since(0)] == [1, 2]
    assert log.since(first, 1) == []
    assert [e.seq for e in await log.wait(0, 1, viewer=2)] == [2]
    assert await log.wait(2, 0.01) == []
