"""Which time zone does somebody mean, and what do they call it? Cities, countries, offsets.

The names are those of the Unicode locale data (CLDR), in every language the desk speaks.
"""

import re
import zoneinfo
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache

from babel import Locale
from babel.core import get_global

from dialogs.house import House
from petitions.zones import OFFSET, offset_name, zone_of

BEIJING = "Asia/Shanghai"
LISTED = (
    BEIJING,
    "Asia/Urumqi",
    "Asia/Tokyo",
    "Asia/Bangkok",
    "Asia/Dubai",
    "Europe/Moscow",
    "Europe/Paris",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
)
"""What is offered as buttons."""
OWN_NAMES = {
    **dict.fromkeys(("北京", "beijing", "中国", "china"), BEIJING),
    **dict.fromkeys(("新疆", "xinjiang"), "Asia/Urumqi"),
    **dict.fromkeys(("utc", "gmt"), "UTC+00:00"),
}
"""China keeps one official time, which the data name after Shanghai."""
_NUMERALS = {"十二": 12, "十一": 11} | {n: i for i, n in enumerate("零一二三四五六七八九十")}
_SIGNED = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?([0-5]\d))?")
_NUMBERED = re.compile(rf"([东西])(\d{{1,2}}|{'|'.join(_NUMERALS)})区?")


class Several(Exception):
    """Raised for a country that has more than one time."""


def read_zone(text: str, languages: Sequence[str], now: datetime) -> str | None:
    """The zone that somebody typed, as it is kept; None when it says nothing to us.

    Raises `Several` for a country whose places do not show one time.
    """
    said = _bare(re.sub("时间|时区|时差|time zone|time$", "", text.casefold()))
    return _offset(said) or OWN_NAMES.get(said) or _named(said, tuple(languages), now)


def city(name: str, language: str) -> str:
    """What the zone is called: its city, or the difference to UTC as it is kept."""
    if found := OFFSET.fullmatch(name):
        sign, hours, minutes = found.groups()
        return f"UTC{sign}{int(hours)}" + (f":{minutes}" if minutes != "00" else "")
    return _cities(language).get(name) or name.rpartition("/")[2].replace("_", " ")


def zone_label(house: House, language: str, name: str | None) -> str:
    """The zone in words: Beijing time, or the time of its city."""
    known = name or house.office.zone
    if known == BEIJING:
        return house.words.label("zone.beijing", language)
    if OFFSET.fullmatch(known):
        return city(known, language)
    return house.words.label("zone.of", language, city=city(known, language))


def clock_there(now: datetime, name: str | None, otherwise: tzinfo) -> str:
    """What the clock on the wall shows there now."""
    return f"{now.astimezone(zone_of(name, otherwise)):%H:%M}"


def _bare(text: str) -> str:
    wide = text.translate(str.maketrans("＋－−：", "+--:"))
    return re.sub(r"[\s_.,，。'’]|(?<=\w)-(?=[^\W\d])", "", wide).removesuffix("市")


def _offset(said: str) -> str | None:
    if found := _SIGNED.fullmatch(said):
        sign, hours, minutes = found.groups()
        return offset_name(sign, int(hours), int(minutes or 0))
    if found := _NUMBERED.fullmatch(said):
        side, number = found.groups()
        hours = int(number) if number.isdigit() else _NUMERALS[number]
        return offset_name("+" if side == "东" else "-", hours)
    return None


def _named(said: str, languages: tuple[str, ...], now: datetime) -> str | None:
    cities, countries = _index(languages)
    if said in cities:
        return cities[said]
    zones = countries.get(said, ())
    halves = (now.replace(month=1, day=1), now.replace(month=7, day=1))
    times = {tuple(h.astimezone(zone_of(z, UTC)).utcoffset() for h in halves) for z in zones}
    if len(times) > 1:
        raise Several
    return zones[0] if zones else None


@cache
def _index(languages: tuple[str, ...]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """City → its zone, country → its zones, by their bare names in all these languages."""
    cities: dict[str, str] = {}
    countries: defaultdict[str, list[str]] = defaultdict(list)
    territories = get_global("zone_territories")
    # Old names of a zone come last: who types a city gets the name that is used today.
    for zone in sorted(_zones(), key=lambda zone: (zone not in territories, zone)):
        territory = territories.get(zone) or territories.get(_alias(zone), "")
        cities.setdefault(_bare(zone.rpartition("/")[2].casefold()), zone)
        cities.setdefault(_bare(zone.casefold()), zone)
        for language in languages:
            if name := _cities(language).get(zone):
                cities.setdefault(_bare(name.casefold()), zone)
            if name := Locale.parse(language).territories.get(territory):
                countries[_bare(name.casefold())].append(zone)
    return cities, {name: tuple(dict.fromkeys(zones)) for name, zones in countries.items()}


def _zones() -> set[str]:
    """The places of this machine's data; no region's abbreviations, and none outside the world."""
    return {z for z in zoneinfo.available_timezones() if "/" in z and not z.startswith("Etc/")}


@cache
def _cities(language: str) -> dict[str, str]:
    """Zone → the name of its city in this language, where the data have one."""
    known = Locale.parse(language).time_zones
    # The data keep the name a zone had first: of Kolkata what it is called stands at Calcutta.
    first = {new: old for old, new in get_global("zone_aliases").items() if old in known}
    found = {z: known.get(z) or known.get(first.get(z, _alias(z)), {}) for z in _zones()}
    return {zone: names["city"] for zone, names in found.items() if names.get("city")}


def _alias(zone: str) -> str:
    """The name by which this zone is called today."""
    return str(get_global("zone_aliases").get(zone, zone))
