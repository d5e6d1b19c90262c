"""What has the door out done since the start? Counters of this process, for who watches it.

No label ever holds a chat, a person or a petition. Counting costs microseconds, so it is done
whether or not anybody asks.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

OUTCOMES = (
    "sent",
    "skipped",
    "deferred",
    "blocked",
    "gone",
    "failed",
    "unknown",
    "retried",
)
"""What can become of a message: ended (`sent` … `failed`, one of them for each, `blocked` being
one person and `gone` a chat), put off until it may be read (`deferred`), to be sent again
(`retried`), and this although it may have arrived (`unknown`)."""
TICK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Meters:
    """Counts; `registry` is its own, so that two of them in one process do not meet."""

    def __init__(self) -> None:
        self.registry = own = CollectorRegistry()
        self._sends = Counter(
            "minsheng_sends", "Messages by what became of them.", ["outcome"], registry=own
        )
        self._asked = Counter(
            "minsheng_asked_to_wait", "Times the messenger asked to wait (429).", registry=own
        )
        self._wait = Counter(
            "minsheng_asked_to_wait_seconds", "Seconds it asked to wait in all.", registry=own
        )
        self._ticks = Histogram(
            "minsheng_tick_seconds",
            "What a tick of the schedule took.",
            buckets=TICK_BUCKETS,
            registry=own,
        )
        self._failed = Counter(
            "minsheng_duties_failed",
            "Duties that failed, by kind; each is tried again.",
            ["kind"],
            registry=own,
        )
        self._messenger = Gauge(
            "minsheng_messenger_up",
            "1 if the messenger answered what it was asked last.",
            registry=own,
        )
        self._silences = Counter(
            "minsheng_messenger_silences", "Calls the messenger did not answer.", registry=own
        )
        for outcome in OUTCOMES:  # so that a rate can be taken from the first one on
            self._sends.labels(outcome)

    def outcome(self, state: str) -> None:
        """A message came to this; see `OUTCOMES`. Raises `ValueError` for any other word."""
        if state not in OUTCOMES:
            raise ValueError(f"no outcome: {state}")
        self._sends.labels(state).inc()

    def asked_to_wait(self, seconds: float) -> None:
        """The messenger asked to wait so long (429)."""
        self._asked.inc()
        self._wait.inc(seconds)

    def messenger(self, *, answered: bool) -> None:
        """The messenger was asked something, and answered, whatever it was, or did not."""
        self._messenger.set(answered)
        if not answered:
            self._silences.inc()

    def tick(self, seconds: float) -> None:
        """A tick of the schedule took so long."""
        self._ticks.observe(seconds)

    def duty_failed(self, kind: str) -> None:
        """A duty of this kind failed."""
        self._failed.labels(kind).inc()
