"""The reader's night: their own hours in their own zone, else the office's; once a night."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import NOW, an_office

from petitions.office import Office, QuietHours
from petitions.quiet import OFF, Quiet, keep_hours, quiet_of, read_hours


def quiet_until(moment: datetime, office: Office) -> datetime | None:
    """When the office's own night ends."""
    return quiet_of(None, None, office).until(moment)


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


# -- somebody's own hours ----------------------------------------------------------------------


def ends(moment: str, chosen: str | None, zone: str | None) -> str | None:
    """When the night ends that this moment in Shanghai lies in, by the office's clock."""
    office = an_office()
    now = datetime.fromisoformat(moment).replace(tzinfo=office.tz).astimezone(UTC)
    found = quiet_of(chosen, zone, office).until(now)
    return found.astimezone(office.tz).strftime("%m-%d %H:%M") if found else None


def test_hours_of_ones_own_go_before_the_office_s() -> None:
    assert ends("2026-03-02 21:30", "21:00-09:00", None) == "03-03 09:00"
    assert ends("2026-03-03 08:59", "21:00-09:00", None) == "03-03 09:00"
    assert ends("2026-03-02 22:30", "13:00-15:00", None) is None
    assert ends("2026-03-02 13:30", "13:00-15:00", None) == "03-02 15:00"


def test_no_quiet_hours_are_none_at_any_hour() -> None:
    assert [ends(f"2026-03-02 {hour:02}:30", OFF, None) for hour in range(24)] == [None] * 24


def test_the_office_s_hours_go_by_the_reader_s_own_clock() -> None:
    assert ends("2026-03-03 06:30", None, "Europe/London") == "03-03 15:00"  # 22:30 there
    assert ends("2026-03-03 03:00", None, "Europe/London") is None  # 19:00 there
    assert ends("2026-03-02 23:30", "22:00-07:00", "UTC+05:30") is None  # 21:00 there
    assert ends("2026-03-03 00:30", "22:00-07:00", "UTC+05:30") == "03-03 09:30"


@pytest.mark.parametrize("kept", ["", "22:00", "-", "25:00-07:00", "22:00-", "ever-never", "off"])
def test_what_cannot_be_read_as_hours_is_none(kept: str) -> None:
    assert read_hours(kept) is None


@given(st.integers(0, 23), st.integers(0, 23))
def test_hours_are_kept_as_they_are_read(start: int, end: int) -> None:
    hours = QuietHours(start=time(start), end=time(end))
    assert read_hours(keep_hours(hours)) == hours


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "UTC+8", "UTC+99", ""])
def test_a_zone_nobody_knows_is_the_office_s(zone: str) -> None:
    assert ends("2026-03-02 22:30", None, zone) == "03-03 07:00"


# -- hours that are skipped, and hours that come twice -----------------------------------------

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
LORD_HOWE, APIA = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")


def at(moment: str, zone: ZoneInfo, fold: int = 0) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def test_a_night_over_the_skipped_hour_ends_at_its_hour() -> None:
    """29 March 2026: 02:00 becomes 03:00 in Berlin."""
    night = Quiet(time(22), time(7), BERLIN)
    assert night.until(at("2026-03-28 22:00", BERLIN)) == at("2026-03-29 07:00", BERLIN)


def test_a_night_that_ends_in_the_skipped_hour_ends_as_it_is_skipped() -> None:
    night = Quiet(time(22), time(2, 30), BERLIN)
    assert night.until(at("2026-03-29 01:59", BERLIN)) == at("2026-03-29 03:00", BERLIN)
    assert night.until(at("2026-03-29 03:00", BERLIN)) is None


def test_a_night_that_begins_in_the_skipped_hour_begins_as_it_is_skipped() -> None:
    night = Quiet(time(2, 30), time(7), BERLIN)
    assert night.until(at("2026-03-29 01:59:59", BERLIN)) is None
    assert night.until(at("2026-03-29 03:00", BERLIN)) == at("2026-03-29 07:00", BERLIN)


def test_a_night_wholly_in_the_skipped_hour_is_none() -> None:
    night = Quiet(time(2, 10), time(2, 50), BERLIN)
    assert night.until(at("2026-03-29 01:59:59", BERLIN)) is None
    assert night.until(at("2026-03-29 03:00", BERLIN)) is None


def test_a_night_that_ends_in_the_doubled_hour_ends_the_second_time() -> None:
    """25 October 2026: 03:00 becomes 02:00 in Berlin. Nobody is woken to sleep again."""
    night = Quiet(time(22), time(2, 30), BERLIN)
    assert night.until(at("2026-10-24 23:00", BERLIN)) == at("2026-10-25 02:30", BERLIN, 1)
    assert night.until(at("2026-10-25 02:45", BERLIN)) == at("2026-10-25 02:30", BERLIN, 1)
    assert night.until(at("2026-10-25 02:45", BERLIN, 1)) is None


def test_a_night_that_begins_in_the_doubled_hour_begins_the_first_time() -> None:
    night = Quiet(time(1, 30), time(7), NEW_YORK)
    assert night.until(at("2026-11-01 01:29", NEW_YORK)) is None
    for fold in (0, 1):
        found = night.until(at("2026-11-01 01:30", NEW_YORK, fold))
        assert found == at("2026-11-01 07:00", NEW_YORK)
    assert night.until(at("2026-11-01 01:00", NEW_YORK, 1)) is not None


def test_a_day_that_a_zone_leaves_out_leaves_out_no_night() -> None:
    """Samoa had no 30 December 2011: the 29th is followed by the 31st."""
    night = Quiet(time(22), time(7), APIA)
    assert night.until(at("2011-12-29 23:00", APIA)) == at("2011-12-31 07:00", APIA)
    assert night.until(at("2011-12-31 00:00", APIA)) == at("2011-12-31 07:00", APIA)
    assert night.until(at("2011-12-31 12:00", APIA)) is None


ZONES = st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, ZoneInfo("Asia/Shanghai")])
AROUND = {
    BERLIN: ("2026-03-29 01:00", "2026-10-25 01:00"),
    NEW_YORK: ("2026-03-08 07:00", "2026-11-01 06:00"),
    LORD_HOWE: ("2026-04-04 15:00", "2026-10-03 15:30"),
}
"""When these zones put their clocks, in UTC."""


@st.composite
def moments_there(draw: st.DrawFn) -> tuple[datetime, ZoneInfo]:
    """A moment, half of the time within two days of one at which the clocks are put."""
    zone = draw(ZONES)
    if zone in AROUND and draw(st.booleans()):
        put = datetime.fromisoformat(draw(st.sampled_from(AROUND[zone]))).replace(tzinfo=UTC)
        return put + timedelta(seconds=draw(st.integers(-172_800, 172_800))), zone
    return draw(moments), zone


clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))


def reads_as_quiet(now: datetime, night: Quiet) -> bool:
    """Whether the clock on the wall alone says that it is quiet."""
    wall = now.astimezone(night.zone).time()
    if night.start > night.end:
        return wall >= night.start or wall < night.end
    return night.start <= wall < night.end


def is_doubled(now: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock shows this moment's hour twice, or showed it a moment ago."""
    wall = now.astimezone(zone).replace(tzinfo=None)
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first != second


@given(moments_there(), clocks, clocks)
def test_it_is_quiet_whenever_the_clock_says_so_and_beyond_that_in_a_doubled_hour_alone(
    there: tuple[datetime, ZoneInfo], start: time, end: time
) -> None:
    moment, zone = there
    night = Quiet(start, end, zone)
    quiet = night.until(moment) is not None
    if reads_as_quiet(moment, night):
        assert quiet
    elif quiet:
        assert is_doubled(moment, zone)


@given(moments_there(), clocks, clocks)
def test_a_night_ends_once_within_25_hours_wherever_it_is(
    there: tuple[datetime, ZoneInfo], start: time, end: time
) -> None:
    moment, zone = there
    night = Quiet(start, end, zone)
    found = night.until(moment)
    if found is None:
        return
    awake = (datetime.combine(NOW, start) - datetime.combine(NOW, end)).seconds / 3600
    # Who is awake for less than an hour may have that hour skipped.
    assert timedelta(0) < found - moment <= timedelta(hours=25 if awake > 1 else 49)
    assert night.until(found) is None
    steps = [moment + (found - moment) * part / 8 for part in range(8)]
    assert {night.until(step) for step in (*steps, found - timedelta(microseconds=1))} == {found}
    # On the wall it is the end's own time, or the clock was put past it just then.
    wall, before = (m.astimezone(zone) for m in (found, found - timedelta(microseconds=1)))
    assert wall.time() == end or wall.utcoffset() > before.utcoffset()  # type: ignore[operator]
