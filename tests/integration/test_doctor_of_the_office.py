"""What the doctor says of an office: its units, groups and people, against what is stored."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from archives import file
from checks import ended, only, seen, sort
from desks import Time, a_desk
from making import HEAD, HOLDER, ROADS, WATCHER, WATER, WATER_HEAD, an_office

from bot.doctor import people, units
from petitions import events as ev
from petitions.office import Office
from petitions.record import Party
from storage import groups, posts, record
from storage import people as persons
from storage.database import Desk
from storage.unit import Unit

FIRST = 1


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
async def desk(either: None, tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


# -- the office --------------------------------------------------------------------------------


def without(*gone: str) -> Office:
    """The office after these units were taken out of its file."""
    left = (u for u in an_office().units if u.id not in gone)
    return an_office(
        units=tuple(u.model_copy(update={"above": None}) if u.above in gone else u for u in left)
    )


def renamed(unit_id: str) -> Office:
    """The office after this unit was given another id in its file."""

    def anew(unit: Any) -> Any:
        new = {name: "renamed" for name in ("id", "above") if getattr(unit, name) == unit_id}
        return unit.model_copy(update=new)

    office = an_office()
    names = ("default_unit", "accusation_unit", "supervision_unit")
    posts_ = {name: "renamed" for name in names if getattr(office, name) == unit_id}
    return an_office(units=tuple(map(anew, office.units)), **posts_)


async def test_a_unit_with_open_cases_that_is_not_listed_any_more(desk: Desk) -> None:
    assert "well" in await seen(desk, units.units, an_office())
    case = await file(desk, FIRST)
    away = case.unit
    office = renamed(away)
    assert f"{away} has 1 open cases" in only(await seen(desk, units.units, office))
    assert "well" in await seen(desk, units.units, an_office())

    def over(unit: Unit) -> None:
        at = record.load(unit, case.id)
        record.append(unit, at, ev.Withdrawn(), Party("petitioner", case.petitioner))

    await desk.unit(over)
    assert "care" not in await seen(desk, units.units, office)
    await desk.unit(lambda unit: groups.bind(unit, "roads", -503))
    assert "roads" in (await seen(desk, units.units, without("roads")))["note"][0].says


async def test_units_without_a_group(desk: Desk) -> None:
    office = an_office()
    unbound = [u.id for u in office.units if u.group is None]
    assert only(await seen(desk, units.groups, office)).endswith(", ".join(unbound))
    for number, unit_id in enumerate(unbound):
        chat = -700 - number
        await desk.unit(lambda unit, of=unit_id, at=chat: groups.bind(unit, of, at))
    found = await seen(desk, units.groups, office)
    assert "care" not in found
    (silent,) = found["note"]
    assert silent.says.endswith("front, roads, ducha, jiwei")


async def test_what_did_not_reach_a_group(desk: Desk, time: Time) -> None:
    office = without(*(u.id for u in an_office().units if u.group is None))
    for unit in office.units:
        await desk.unit(lambda u, at=unit: posts.put(u, f"s{at.id}", at.group, 1))
    assert list(await seen(desk, units.groups, office)) == ["well"]
    await ended(desk, -503, "gone")
    await ended(desk, -503, "failed")
    await ended(desk, 5, "blocked")
    assert "2 messages did not reach the group of roads" in only(
        await seen(desk, units.groups, office)
    )
    time.pass_(8 * 86_400)
    assert list(await seen(desk, units.groups, office)) == ["well"]


def staffed(**people_of: tuple[Any, ...]) -> Office:
    """The office with other people in these units."""
    return an_office(
        units=tuple(
            u.model_copy(update={"people": people_of.get(u.id, u.people)})
            for u in an_office().units
        )
    )


def with_roles(unit_id: str, *roles: str) -> tuple[Any, ...]:
    first = an_office().unit(unit_id).people[0]
    return (first.model_copy(update={"roles": frozenset(roles)}),)


@pytest.mark.parametrize(
    ("unit_id", "roles", "says"),
    [
        ("ducha", ("handler",), "nobody is a supervisor in ducha"),
        ("ducha", (), "nobody is a supervisor in ducha"),
        ("jiwei", ("handler",), "nobody has the role discipline"),
        ("shengji", ("admin",), "nobody has the role discipline"),
        ("roads", ("handler",), "no head"),
        ("roads", ("registrar", "head"), ""),
    ],
)
def test_roles_without_people(unit_id: str, roles: tuple[str, ...], says: str) -> None:
    before = {each.says for each in people.roles(staffed())}
    after = {each.says for each in people.roles(staffed(**{unit_id: with_roles(unit_id, *roles)}))}
    (new,) = after - before or {""}
    assert says in new


def test_a_unit_in_which_nobody_decides() -> None:
    found = sort(people.roles(staffed(roads=with_roles("roads", "registrar"))))
    said = [each.says for each in found["care"]]
    assert "nobody may decide on a case: roads" in said
    assert "well" in sort(people.roles(an_office(units=(headed(u) for u in an_office().units))))


def headed(unit: Any) -> Any:
    """The unit with a head among its people."""
    roles = {"jiwei": "discipline", "shengji": "discipline", "ducha": "supervisor"}
    first = unit.people[0]
    wanted = first.roles | {roles.get(unit.id, "head"), "handler"}
    return unit.model_copy(
        update={"people": (first.model_copy(update={"roles": wanted}), *unit.people[1:])}
    )


# -- people ------------------------------------------------------------------------------------


async def start(desk: Desk, *ids: int) -> None:
    for user_id in ids:
        await desk.unit(lambda u, at=user_id: persons.meet(u, at, "zh_Hans", private=True))


def everybody(office: Office) -> set[int]:
    return {person.id for unit in office.units for person in unit.people}


async def test_who_never_pressed_start(desk: Desk) -> None:
    office = an_office()
    await start(desk, *everybody(office) - {ROADS, HOLDER})
    found = await seen(desk, people.reached, office)
    assert list(found) == ["note"]
    assert found["note"][0].says == f"they cannot be written to: {HOLDER}, {ROADS}"
    await start(desk, ROADS, HOLDER)
    assert list(await seen(desk, people.reached, office)) == ["well"]
    await desk.unit(lambda u: persons.set_blocked(u, ROADS, True))
    assert list(await seen(desk, people.reached, office)) == ["note"]


async def test_nobody_would_hear_that_somebody_was_not_satisfied(desk: Desk) -> None:
    """The one supervisor never pressed Start, and their unit has no group that may say it."""
    office = an_office()
    await start(desk, *everybody(office) - {WATCHER})
    assert list(await seen(desk, people.reached, office)) == ["note"]  # the group hears it
    units_ = tuple(
        u.model_copy(update={"group": None}) if u.id == "ducha" else u for u in office.units
    )
    said = only(await seen(desk, people.reached, an_office(units=units_)))
    assert said.startswith(f"{WATCHER} would hear nothing")
    assert "roads" in said
    await start(desk, WATCHER)
    assert list(await seen(desk, people.reached, an_office(units=units_))) == ["well"]


async def test_a_group_that_is_the_handlers_own_is_none(desk: Desk) -> None:
    """Who handles a case must not learn that it is looked into: of theirs nobody would be told."""
    office = an_office()
    await start(desk, *everybody(office) - {WATCHER})
    await desk.unit(lambda unit: groups.bind(unit, "ducha", -503))  # that of roads
    said = only(await seen(desk, people.reached, office))
    assert said == f"{WATCHER} would hear nothing when they are to look into a case of roads"


async def test_the_roster_goes_on_to_the_next_unit(desk: Desk) -> None:
    """Where the supervision unit has nobody who may, the unit above the petition office has."""
    office = staffed(ducha=with_roles("ducha", "admin"))
    gone = {71, 72, 73}
    await start(desk, *everybody(office) - gone)
    said = {each.says.split(" ")[0] for each in (await seen(desk, people.reached, office))["care"]}
    assert said == {"71", "72", "73"}
    await desk.unit(lambda unit: groups.bind(unit, "gov", -510))
    assert "care" not in await seen(desk, people.reached, office)


async def test_nobody_could_look_into_it_at_all(desk: Desk) -> None:
    """An office of two: whoever is there had a part in every case of their own."""
    desk_only = tuple(
        u.model_copy(update={"above": None, "people": (HEAD_,)})
        for u in an_office().units
        if u.id in ("front", "ducha", "jiwei")
    )
    office = an_office(units=desk_only)
    await start(desk, HEAD)
    said = [each.says for each in (await seen(desk, people.reached, office))["care"]]
    assert said == ["nobody could look into why somebody was not satisfied with front, ducha"]


HEAD_ = an_office().unit("front").people[0]


async def test_an_inquiry_that_is_with_somebody_who_hears_nothing(desk: Desk) -> None:
    office = an_office()
    await start(desk, *everybody(office) - {WATER_HEAD, WATER})
    case = await file(desk, FIRST)

    def taken(unit: Unit) -> None:
        low = ev.Rated(office=ev.Verdict.GOOD, unit=ev.Verdict.BAD, reason="没修好")
        at = record.load(unit, case.id)
        for each in (low, ev.InquiryTaken(officer=WATER)):
            at = record.append(unit, at, each, Party("officer", HOLDER, "front"))

    await desk.unit(taken)
    assert f"1 inquiries (不满意) wait with {WATER}" in only(
        await seen(desk, people.reached, office)
    )
    (said,) = (await seen(desk, people.reached, without("water")))["note"]
    assert f"with {WATER}, who has no post any more" in said.says
    await start(desk, WATER)
    assert "care" not in await seen(desk, people.reached, office)


async def test_nobody_is_named_who_is_no_officer(desk: Desk) -> None:
    """Ids alone: neither names nor words stand in what is said."""
    office = an_office()
    await file(desk, FIRST)
    found = [
        await seen(desk, check, office) for check in (people.reached, units.groups, units.units)
    ]
    text = str(found)
    for person in ("陈秀英", "甲", "1001", "水管"):
        assert person not in text
