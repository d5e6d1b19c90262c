"""Does everything get done in its time? What waits to be handled, done and sent; what failed."""

from collections.abc import Iterator
from datetime import timedelta

from bot.doctor.finding import Finding, care, lasting, or_well
from storage import ailing, gauging
from storage.gauging import Backlog
from storage.messages import Rank
from storage.unit import Unit

UPDATES, DUTIES, MESSAGES = "updates", "duties", "messages"
LATE = {UPDATES: 60.0, DUTIES: 600.0, Rank.ANSWER: 60.0, Rank.PRESSING: 600.0}
LATE_NOTICE = 3600.0
"""Seconds that the oldest may have been due: what docs/reference/metrics.md says to alert on."""
LATELY = timedelta(days=7)
RUNS = "is the bot running? minsheng run; its log says what holds it up"
SEE = "run-with-a-token.md, What to watch"


def stand(unit: Unit) -> Iterator[Finding]:
    """How much waits, and for how long."""
    now = gauging.stand(unit)
    yield from or_well(_updates(now.updates, now.set_aside), UPDATES, _says(now.updates))
    yield from or_well(_duties(unit, now.duties), DUTIES, _says(now.duties))
    yield from or_well(
        _messages(unit, now.messages), MESSAGES, "; ".join(map(_rank, now.messages.items()))
    )


def _updates(queue: Backlog, aside: int) -> Iterator[Finding]:
    if queue.oldest > LATE[UPDATES]:
        yield care(UPDATES, _says(queue), RUNS)
    if aside:
        says = f"{aside} could not be handled and were set aside"
        yield care(UPDATES, says, f"update.set_aside in the log names the place: {SEE}")


def _duties(unit: Unit, queue: Backlog) -> Iterator[Finding]:
    if queue.oldest > LATE[DUTIES]:
        yield care(DUTIES, _says(queue), RUNS)
    for kind, count in ailing.failing(unit):
        says = f"{count} of the kind {kind} fail again and again, tried once a day"
        yield care(DUTIES, says, f"duty.keeps_failing in the log names the error: {SEE}")


def _messages(unit: Unit, queues: dict[Rank, Backlog]) -> Iterator[Finding]:
    for rank, queue in queues.items():
        if queue.oldest > LATE.get(rank, LATE_NOTICE):
            yield care(MESSAGES, _rank((rank, queue)), RUNS)
    if count := ailing.refused(unit, unit.now - LATELY):
        says = f"{count} were refused by the messenger, or could not be said, in 7 days"
        yield care(MESSAGES, says, "minsheng outbox list --state failed")


def _rank(of: tuple[Rank, Backlog]) -> str:
    rank, queue = of
    return f"{rank.name.lower()}: {_says(queue)}"


def _says(queue: Backlog) -> str:
    later = f", {queue.deferred} for later" if queue.deferred else ""
    oldest = f", the oldest for {lasting(queue.oldest)}" if queue.waiting else ""
    return f"{queue.waiting} due{oldest}{later}"
