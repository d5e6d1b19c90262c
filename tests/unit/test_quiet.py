"""The reader's night: when it begins, when it ends, and that it is the office's own."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import NOW, an_office

from petitions.office import QuietHours
from petitions.quiet import quiet_until


def until(moment: str, start: str = "22:00", end: str = "07:00") -> str | None:
    office = an_office(
        quiet=QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end))
    )
    local = datetime.fromisoformat(moment).replace(tzinfo=office.tz)
    found = quiet_until(local.astimezone(UTC), office)
    assert found is None or found.tzinfo is UTC
    return found.astimezone(office.tz).strftime("%m-%d %H:%M") if found else None


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        ("2026-03-02 21:59:59", None),
        ("2026-03-02 22:00", "03-03 07:00"),
        ("2026-03-02 23:59:59", "03-03 07:00"),
        ("2026-03-03 00:00", "03-03 07:00"),
        ("2026-03-03 06:59:59", "03-03 07:00"),
        ("2026-03-03 07:00", None),
        ("2026-03-31 22:30", "04-01 07:00"),
        ("2026-03-03 12:00", None),
    ],
)
def test_the_night_goes_over_midnight(moment: str, morning: str | None) -> None:
    assert until(moment) == morning


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-03-02 12:59", None),
        ("2026-03-02 13:00", "03-02 14:30"),
        ("2026-03-02 14:29", "03-02 14:30"),
        ("2026-03-02 14:30", None),
        ("2026-03-02 23:00", None),
    ],
)
def test_a_rest_at_noon_stays_within_the_day(moment: str, end: str | None) -> None:
    assert until(moment, "13:00", "14:30") == end


def test_a_night_that_ends_at_midnight_ends_with_the_day() -> None:
    assert until("2026-03-02 22:30", "22:00", "00:00") == "03-03 00:00"
    assert until("2026-03-03 00:00", "22:00", "00:00") is None


def test_hours_that_begin_when_they_end_are_none() -> None:
    assert until("2026-03-02 22:00", "22:00", "22:00") is None
    assert until("2026-03-02 09:00", "22:00", "22:00") is None


moments = st.floats(0, 365 * 24 * 3600).map(lambda s: NOW + timedelta(seconds=s))


@given(moments, st.times(), st.times())
def test_a_night_ends_within_a_day_and_is_over_then(
    moment: datetime, start: time, end: time
) -> None:
    office = an_office(quiet=QuietHours(start=start, end=end))
    found = quiet_until(moment, office)
    if found is not None:
        assert 0 < (found - moment).total_seconds() <= 24 * 3600
        assert quiet_until(found, office) is None
