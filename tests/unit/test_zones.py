"""A place that somebody types: its zone, kept by a name that can be read again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import NOW

from dialogs.zones import LISTED, Several, city, clock_there, read_zone
from petitions.zones import OFFSET, offset_name, zone_of
from words import load_words

LANGUAGES = load_words().languages
OFFICE = ZoneInfo("Asia/Shanghai")


def read(text: str) -> str | None:
    return read_zone(text, LANGUAGES, NOW)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("北京", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("上海市", "Asia/Shanghai"),
        ("中国", "Asia/Shanghai"),
        ("新疆", "Asia/Urumqi"),
        ("乌鲁木齐", "Asia/Urumqi"),
        ("香港", "Asia/Hong_Kong"),
        ("东京", "Asia/Tokyo"),
        (" Tokyo ", "Asia/Tokyo"),
        ("TOKYO TIME", "Asia/Tokyo"),
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("纽约", "America/New_York"),
        ("Port-au-Prince", "America/Port-au-Prince"),
        ("加尔各答", "Asia/Kolkata"),
        ("日本", "Asia/Tokyo"),
        ("Germany", "Europe/Berlin"),
        ("英国", "Europe/London"),
        ("+8", "UTC+08:00"),
        ("utc+8", "UTC+08:00"),
        ("GMT-3", "UTC-03:00"),
        ("UTC+5:30", "UTC+05:30"),
        ("＋9：00", "UTC+09:00"),
        ("UTC", "UTC+00:00"),
        ("东八区", "UTC+08:00"),
        ("东十二区", "UTC+12:00"),
        ("西5区", "UTC-05:00"),
    ],
)
def test_what_people_call_a_zone(typed: str, zone: str) -> None:
    assert read(typed) == zone


@pytest.mark.parametrize(
    "typed",
    ["我家", "+15", "-13", "+05:75", "12345", "8", "东十三区", "Etc/GMT+8", "EST", "时间", "+"],
)
def test_what_names_no_place_is_not_guessed(typed: str) -> None:
    assert read(typed) is None


@pytest.mark.parametrize("typed", ["美国", "United States", "俄罗斯", "澳大利亚", "Brazil"])
def test_a_country_of_several_times_is_asked_about(typed: str) -> None:
    with pytest.raises(Several):
        read(typed)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_zone_that_can_be_read_again_or_none(text: str) -> None:
    try:
        found = read(text)
    except Several:
        return
    if found is not None:
        assert OFFSET.fullmatch(found) or zone_of(found, UTC) is not UTC


@given(st.sampled_from("+-"), st.integers(0, 30), st.integers(0, 99))
def test_a_difference_is_kept_as_it_was_meant(sign: str, hours: int, minutes: int) -> None:
    name = offset_name(sign, hours, minutes)
    if name is None:
        assert minutes > 59 or hours >= 12
        return
    meant = timedelta(hours=hours, minutes=minutes) * (-1 if sign == "-" else 1)
    assert zone_of(name, OFFICE).utcoffset(None) == meant


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_listed_zone_has_a_name_of_its_own_and_can_be_typed_by_it(language: str) -> None:
    names = [city(zone, language) for zone in LISTED]
    assert len(set(names)) == len(LISTED)
    assert [read(name) for name in names] == list(LISTED)


def test_the_clock_there() -> None:
    winter, summer = datetime(2026, 1, 5, 12, tzinfo=UTC), datetime(2026, 7, 5, 12, tzinfo=UTC)
    assert clock_there(winter, "Europe/London", OFFICE) == "12:00"
    assert clock_there(summer, "Europe/London", OFFICE) == "13:00"
    assert clock_there(summer, "UTC+05:30", OFFICE) == "17:30"
    assert clock_there(summer, None, OFFICE) == "20:00"
