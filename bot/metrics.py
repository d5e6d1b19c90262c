"""What does an operator's monitoring read? What was counted, and how the desk stands right now."""

import asyncio
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from notifier.meters import Meters
from storage import gauging, schema
from storage.database import Desk, Unavailable
from storage.gauging import Backlog, Standing

ANSWER_SECONDS = 3.0
"""Who asks for the numbers does not wait longer for those of the database."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The numbers in Prometheus's text form, those of the database read anew each time."""

    def __init__(self, desk: Desk, meters: Meters) -> None:
        self._desk = desk
        self._standing = Gauges()
        self._asked: asyncio.Task[Standing | None] | None = None
        self._registry = meters.registry
        self._registry.register(self._standing)
        ProcessCollector(registry=self._registry)

    async def text(self) -> bytes:
        """Everything; what the database tells is left out while it does not answer."""
        standing = await self._stand()
        # Nothing is awaited from here on, so no two scrapes mix.
        self._standing.now = standing
        self._standing.takes, self._standing.refused = self._desk.takes, self._desk.refused
        return generate_latest(self._registry)

    async def _stand(self) -> Standing | None:
        """How the desk stands; None where the database does not say so in time.

        However many ask, it is asked once at a time: one that hangs keeps one connection.
        """
        asked = self._asked
        if asked is None or asked.done():
            asked = self._asked = asyncio.create_task(self._look())
        await asyncio.wait((asked,), timeout=ANSWER_SECONDS)
        return asked.result() if asked.done() else None

    async def _look(self) -> Standing | None:
        try:
            return await self._desk.look(gauging.stand)
        except Unavailable:
            return None


class Gauges(Collector):
    """How the desk stands, as it was last read."""

    def __init__(self) -> None:
        self.now: Standing | None = None
        self.takes = True  # all that was to be written of late could be
        self.refused = 0  # units, since the start

    def collect(self) -> Iterator[Metric]:
        """What the program is, and what waits; only the first while the database is away."""
        yield _build()
        yield _gauge("database_up", "1 while the database answers.", self.now is not None)
        said = "1 if all that was to be written of late could be."
        yield _gauge("database_takes", said, self.takes)
        yield CounterMetricFamily(
            "minsheng_database_refusals", "Units the database could not take.", value=self.refused
        )
        if self.now is not None:
            yield from _of(self.now)


def _of(now: Standing) -> Iterator[GaugeMetricFamily]:
    queues = [(rank.name.lower(), queue) for rank, queue in now.messages.items()]
    rows = GaugeMetricFamily(
        "minsheng_outbox_rows", "Messages that wait to be sent.", labels=["priority", "state"]
    )
    oldest = GaugeMetricFamily(
        "minsheng_outbox_oldest_due_seconds",
        "How long the oldest message has been due.",
        labels=["priority"],
    )
    for priority, queue in queues:
        rows.add_metric([priority, "waiting"], queue.waiting)
        rows.add_metric([priority, "deferred"], queue.deferred)
        oldest.add_metric([priority], queue.oldest)
    yield from (rows, oldest)
    yield from _backlog("duties_due", "duty_oldest_due_seconds", "duties", "due", now.duties)
    yield from _backlog("inbox_new", "inbox_oldest_new_seconds", "updates", "new", now.updates)
    yield _gauge("inbox_set_aside", "Updates that could not be handled, kept.", now.set_aside)


def _backlog(
    count: str, age: str, what: str, how: str, backlog: Backlog
) -> Iterable[GaugeMetricFamily]:
    yield _gauge(count, f"How many {what} are {how}.", backlog.waiting)
    yield _gauge(age, f"How long the oldest of the {what} has been {how}.", backlog.oldest)


def _gauge(name: str, help_: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"minsheng_{name}", help_, value=value)


def _build() -> GaugeMetricFamily:
    labels = {"version": _version(), "schema": schema.NEWEST}
    labels["python"] = platform.python_version()
    built = GaugeMetricFamily("minsheng_build_info", "Which program this is.", labels=list(labels))
    built.add_metric(list(labels.values()), 1)
    return built


def _version() -> str:
    try:
        return version("minsheng")
    except PackageNotFoundError:  # run from its folder, not installed
        return "unknown"
