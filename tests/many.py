"""Many petitions at once: their spans as rows, made up and not by the rules."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from petitions.office import Office, parse_office
from storage.tables import spans

BOT = 42
COLUMNS = [column.key for column in spans.columns]
Row = tuple[Any, ...]


def an_office() -> Office:
    """The sample's."""
    return parse_office(files("bot").joinpath("sample", "office.toml").read_text("utf-8"))


def rows(petitions: int, office: Office) -> Iterator[Row]:
    """The spans of so many petitions in the year, and of as many in the year before."""
    chance = random.Random(1)
    units = [unit.id for unit in office.units]
    places = [district.id for district in office.districts]
    fields = ("urban", "land", "labour", "social", "rural", "traffic", "health", "education")
    topics = [f"{field}.{n}" for field in fields for n in ("a", "b", "c", "d", "e", "f", "g")]
    for number in range(2 * petitions):
        day = number * 730 // (2 * petitions)
        about = (
            chance.choice(("request", "request", "request", "suggestion", "question")),
            chance.choice(topics),
            chance.choice(places),
        )
        yield from _of_one(number, day, chance.choice(units), about, chance)


def _of_one(
    number: int, day: int, unit: str, about: tuple[str, str, str], chance: random.Random
) -> Iterator[Row]:
    """A petition's spans: registered, accepted or not, handled, closed, rated."""
    n = 0

    def span(kind: str, since: int, due: int | None, done: int | None, how: str | None) -> Row:
        nonlocal n
        n += 1
        counted = min(due, done) if due and done else due
        ends = (_iso(due), _iso(done), _iso(counted))
        took = None if done is None else done - since
        filing = about if kind == "registered" else (None, None, None)
        of = f"{number * 7919 % 10**10:010x}"
        return (of, n, BOT, kind, _iso(since), *ends, unit, how, took, *filing)

    accepted = day + chance.randint(0, 17)
    handled = accepted + chance.randint(5, 70)
    goes_on = chance.random() < 0.85
    origin = chance.choice(("first", "first", "first", "repeat", "assigned"))
    yield span("registered", day, None, handled if goes_on else accepted, origin)
    yield span("accept", day, day + 15, accepted, "accepted" if goes_on else "referred.court")
    if not goes_on:
        return
    outcome = chance.choice(("supported", "explained", "not_supported"))
    yield span("handle", accepted, accepted + 60, handled, outcome)
    again = handled + chance.randint(1, 200) if chance.random() < 0.1 else None
    yield span("closed", handled, None, again, None)
    rated = handled + chance.randint(1, 30) if chance.random() < 0.5 else None
    how = chance.choice(("good.good", "good.fair", "fair.bad")) if rated else None
    yield span("rate", handled + 1, handled + 31, rated, how)


DAYS = [(date(2024, 1, 2) + timedelta(days=n)).isoformat() for n in range(1200)]


def _iso(day: int | None) -> str | None:
    return None if day is None else DAYS[day]
