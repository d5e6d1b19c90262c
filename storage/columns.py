"""How a moment is kept in a column."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """The moment (with a zone) as its column holds it."""
    return (moment - EPOCH) // STEP


def moment(value: int) -> datetime:
    """Microseconds → the moment, in UTC."""
    return EPOCH + timedelta(microseconds=value)


class Moment(TypeDecorator[datetime]):
    """A moment as microseconds since 1970 UTC: the same on both databases, quick to compare."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> int | None:
        """Datetime (with a zone) → microseconds."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any, _dialect: Any) -> datetime | None:
        """Microseconds → datetime in UTC."""
        return None if value is None else moment(int(value))
