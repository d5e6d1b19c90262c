"""Which time zone does a kept name mean?"""

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

OFFSET = re.compile(r"UTC([+-])(\d{2}):(\d{2})")
EARLIEST, LATEST = timedelta(hours=-12), timedelta(hours=14)
"""There is no zone beyond these."""


def zone_of(name: str | None, otherwise: tzinfo) -> tzinfo:
    """The zone kept as `Asia/Tokyo` or as `UTC+05:30`; `otherwise` where it is none or unknown."""
    found = OFFSET.fullmatch(name or "")
    if found is not None:
        return timezone(_offset(*found.groups()))
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise  # no longer in the data that this machine has


def offset_name(sign: str, hours: int, minutes: int = 0) -> str | None:
    """How this difference to UTC is kept; None where no place on earth has it."""
    offset = _offset(sign, str(hours), str(minutes))
    if minutes >= 60 or not EARLIEST <= offset <= LATEST:
        return None
    return f"UTC{sign}{hours:02}:{minutes:02}"


def _offset(sign: str, hours: str, minutes: str) -> timedelta:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return -offset if sign == "-" else offset
