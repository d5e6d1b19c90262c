"""Does what is dated so count now? A clock that ran ahead may have written it."""

from datetime import datetime, timedelta

AHEAD = timedelta(days=7)
"""What is dated so far after today was written by a clock that ran ahead, and does not count.

Less than that, it is today's clock that may run behind; then nothing is to be done twice.
"""


def counts(written: datetime, now: datetime) -> bool:
    """Whether what was written at that moment counts at this one."""
    return written <= now + AHEAD
