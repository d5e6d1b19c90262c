"""Nothing shows a petition past the policy: every query is listed here, and held against it.

A new function that reads petitions fails these tests until it takes its `viewer`, or says here
why it needs none; and so does a new place that uses one of those.
"""

import ast
import inspect
import random
from collections.abc import AsyncIterator, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from desks import Time, a_desk
from making import COLLEAGUE, HEAD, HOLDER, INSPECTOR, NOW, OUTSIDER, RULES, WATCHER, a_filing

import storage
from petitions import events as ev
from petitions.access import DESK, Actor, Sight, actor_of, may_reach, may_see
from petitions.commands import Register
from petitions.indicators import Period, Scope
from petitions.lifecycle import register
from petitions.record import Party, Petition, State
from storage import figures, late, record
from storage.database import Desk
from storage.unit import Unit

ROOT = Path(storage.__file__).parent.parent
TABLES = {"petitions", "entries", "ties", "spans"}
READERS = {"load", "by_number", "by_code", "registered", "of_petitioner"}
"""Functions of `storage.record` that show a petition and ask nobody: used where listed below."""

# -- which functions read petitions ------------------------------------------------------------

WITHOUT_VIEWER = {
    "record._registering": "writes the first entry",
    "record.append": "writes an entry the rules have allowed",
    "record.last_link": "a hash",
    "record._tie": "writes",
    "record._tying": "writes",
    "record.registered": "the receipt's fields, for the operator: see SHOWN_BY",
    "record.of_petitioner": "a person's own",
    "record.hold": "a lock, for whoever writes about the case",
    "record.uses_key": "yes or no, of a draft's own key",
    "record._one": "the statement of load (one case by its id: see SHOWN_BY)",
    "record._key": "the statement of key_of: an id",
    "record._by_number": "the statement of by_number, by_code, registered",
    "record._of_one": "the statement that reads the record of those above",
    "chain._adding": "writes",
    "evidence.evidence_of": "hashes and dates, for a dossier whose reader was asked for",
    "scope._tied": "part of the policy's own condition",
    "scope.shown_in": "what a group may be shown, beside its viewer's own condition",
    "inquiries.loads": "how many inquiries are with whom, for the desk's own roster",
    "urgency.urgent": "numbers, of a scope that the policy gave",
    "urgency._count": "numbers, of a scope that the policy gave",
    "scope.counted_for": "what may be counted for a group; of reports the examiner's own",
    "counted.write": "writes",
    "counted._adding": "writes",
    "tallies.Window.where": "numbers alone, of what scope.counted_for lets through",
    "tallies.Window.lines": "part of a count: asks Window.where",
    "tallies.timely": "part of a count: asks Window.where",
    "tallies.registered": "a count: asks Window.where",
    "tallies.by_day": "a count: asks Window.where",
    "tallies.about": "a count: asks Window.where",
    "tallies.still_open": "a count: asks Window.where",
    "figures._begun": "part of a count: asks Window.lines",
    "figures._solved": "part of a count: asks Window.lines",
    "expired.untouched": "numbers, for the desk itself to erase what the office keeps no longer",
    "staffing.units_with_cases": "ids of units, for the operator",
    "staffing._open_cases": "a number, for the operator",
    "staffing.provisional": "a number and a day, for the operator",
    "late.unsure": "ids, for the desk itself to count dates again",
}
"""Every function that touches the tables of petitions and takes no viewer, with the reason."""
MACHINERY = {
    *("projection", "erasing", "examining", "rotating", "seals", "tallying", "verifying"),
    *("outlook", "returning"),
}
"""Modules that show nobody a petition: they write, seal, verify or erase the record, or tell the
operator its number."""


def touching() -> Iterator[tuple[str, ast.FunctionDef]]:
    """(module.function, its code) of all that names one of the tables, of storage."""
    for path in sorted((ROOT / "storage").glob("*.py")):
        if path.stem in MACHINERY | {"tables"}:
            continue
        for name, node in functions(ast.parse(path.read_text("utf-8")), path.stem):
            names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            if names & TABLES:
                yield name, node


def functions(node: ast.Module | ast.ClassDef, name: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Those of a module, and of its classes."""
    for each in node.body:
        if isinstance(each, ast.FunctionDef):
            yield f"{name}.{each.name}", each
        elif isinstance(each, ast.ClassDef):
            yield from functions(each, f"{name}.{each.name}")


def takes_viewer(function: ast.FunctionDef) -> bool:
    return "viewer" in {arg.arg for arg in (*function.args.args, *function.args.kwonlyargs)}


def test_every_query_of_petitions_takes_its_viewer_or_says_why_not() -> None:
    found = dict(touching())
    assert len(found) > 10
    without = {name for name, node in found.items() if not takes_viewer(node)}
    assert without == set(WITHOUT_VIEWER)


def test_whatever_is_counted_is_counted_for_somebody() -> None:
    """Each count of spans asks `Window.where`, and that the policy (TL 30)."""
    calls = {name: called(n) for name, n in touching() if name.startswith("tallies.")}
    assert "policy.counted_for" in calls.pop("tallies.Window.where")
    assert "self.where" in calls.pop("tallies.Window.lines")
    assert "select" not in calls.pop("tallies.timely")  # conditions, and no query
    assert calls
    assert all("window.where" in names for names in calls.values())


def called(function: ast.FunctionDef) -> set[str]:
    """What it calls, by name."""
    return {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}


BY_DESK = {"dialogs/expiring.py": {"erasing"}}
"""What the desk does itself when a keeping period is over, whoever asks."""


def test_the_machinery_is_used_by_the_program_s_own_hands_alone() -> None:
    """No conversation reaches the record past `storage.record`."""
    for room in ("dialogs", "notifier"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module == "storage":
                    used = {n.name for n in node.names} & (MACHINERY | {"chain"})
                    assert used == BY_DESK.get(str(path.relative_to(ROOT)), set()), path
                if isinstance(node, ast.ImportFrom) and node.module == "storage.tables":
                    raise AssertionError(f"{path} reads the tables itself")


# -- who uses those that ask nobody ------------------------------------------------------------

SHOWN_BY = {
    "dialogs/cases.py": "asks may_see for the button that was pressed",
    "dialogs/carrying.py": "gives a command: decide asks who may",
    "dialogs/duties.py": "the desk itself",
    "dialogs/duties_of_inquiry.py": "the desk itself",
    "dialogs/expiring.py": "the desk itself",
    "dialogs/reaching.py": "the desk itself: a person's own cases, whose cards are drawn anew",
    "dialogs/citizen/missing.py": "a person's own",
    "dialogs/staff/acting.py": "who took the inquiry a moment ago, as the rules allowed",
    "dialogs/staff/forms/inquiring.py": "gives a command: decide asks who may",
    "dialogs/notices/__init__.py": "what is due to a reader, asked again before it is sent",
    "dialogs/citizen/mine.py": "a person's own",
    "dialogs/citizen/appealing.py": "the petitioner's own form; its end asks the rules again",
    "dialogs/citizen/lookup.py": "by number and code",
    "dialogs/citizen/supplement.py": "the petitioner's own form",
    "dialogs/citizen/survey.py": "the petitioner's own form",
    "dialogs/staff/desk.py": "ids that of_units gave this viewer",
    "dialogs/staff/lateness.py": "ids that late.late gave this viewer",
    "dialogs/staff/sayable.py": "ids a viewer was given; may_reach leaves out more of them",
    "dialogs/staff/grouping.py": "ids of the group's own unit; may_reach is asked for the card",
    "bot/recounting.py": "the desk itself",
    "dialogs/staff/forms/parts.py": "the officer's own form: what can be chosen, asked of `decide`",
    "dialogs/staff/forms/referring.py": "the officer's own form: the route that was chosen",
    "dialogs/staff/forms/declining.py": "the officer's own form; the other's is found by `others`",
    "dialogs/staff/forms/linking.py": "gives a command; may_see decides on the other record's half",
    "dialogs/staff/forms/others.py": "the same petitioner's, or may_see; never a report",
    "bot/dossier.py": "the operator's own hand; the look is recorded",
    "bot/tools.py": "the operator's receipt check",
}


def showing() -> dict[str, set[str]]:
    """File → the readers it uses."""
    found: dict[str, set[str]] = {}
    for room in ("dialogs", "notifier", "bot"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Attribute)
                    and node.attr in READERS
                    and isinstance(node.value, ast.Name)
                    and node.value.id == "record"
                ):
                    found.setdefault(str(path.relative_to(ROOT)), set()).add(node.attr)
    return found


def test_every_place_that_shows_a_case_is_known_here() -> None:
    assert set(showing()) == set(SHOWN_BY)


# -- the database leaves out what the policy does ------------------------------------------------

PEOPLE = (HEAD, HOLDER, COLLEAGUE, WATCHER, INSPECTOR, OUTSIDER)


@pytest.fixture
async def desk(either: None, tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "db.sqlite3", Time()) as desk:
        yield desk


def a_city(unit: Unit, seed: int) -> list[Petition]:
    """Petitions of every purpose, some with shields, helpers, leaders, withdrawals."""
    chance = random.Random(seed)
    return [_one(unit, chance, n) for n in range(60)]


def _one(unit: Unit, chance: random.Random, n: int) -> Petition:
    office = RULES.office
    filing = a_filing(
        purpose=chance.choice(list(ev.Purpose)),
        category=chance.choice((None, "urban", "urban.roads")),
    )
    made = register(Register(filing, f"{n:05}", "00"), NOW, RULES)
    units = [u.id for u in office.units]
    if filing.purpose is ev.Purpose.ACCUSATION:
        made = made.model_copy(
            update={
                "shielded_units": tuple(chance.sample(units, chance.randint(0, 2))),
                "shielded_people": tuple(chance.sample(PEOPLE, chance.randint(0, 2))),
            }
        )
    key = unit.vault.new_key(unit.connection)
    who = chance.choice((1001, *PEOPLE))
    petition = record.register(unit, made, who, Party("petitioner", who), key, f"d{n}")
    more: list[Any] = [
        ev.Routed(
            to=chance.choice(units),
            sender="front",
            assisting=tuple(chance.sample(units, chance.randint(0, 2))),
            deadlines=(),
        ),
        ev.Recused(officer=chance.choice(PEOPLE)),
        ev.Led(lead=ev.Lead(leader=chance.choice(PEOPLE), group=(chance.choice(PEOPLE),))),
    ]
    for event in more:
        if chance.random() < 0.5:
            petition = record.append(unit, petition, event, Party("desk"))
    return petition


def viewers() -> Iterator[Actor]:
    yield DESK
    for person in PEOPLE:
        yield actor_of(person, RULES.office)
        yield actor_of(person, RULES.office, frozenset({"front"}))


@pytest.mark.parametrize("seed", range(4))
async def test_a_list_holds_just_what_its_viewer_may_see(desk: Desk, seed: int) -> None:
    every = await desk.unit(lambda unit: a_city(unit, seed))
    units = [u.id for u in RULES.office.units]
    seen = set()
    for viewer in viewers():
        for query, among in queries(units, every):
            found = set(await desk.look(lambda unit, q=query, v=viewer: q(unit, v)))
            allowed = {p.id for p in among if may_see(viewer, Sight.CARD, p)}
            assert found == allowed, (viewer.id, query)
            seen.add(len(found))
    assert len(seen) > 3  # some see much, some little, some nothing


def queries(units: list[str], every: list[Petition]) -> Iterator[tuple[Any, list[Petition]]]:
    """Every query with a viewer, and the petitions it chooses from."""
    yield (
        lambda unit, viewer: record.of_units(unit, viewer, units, list(State), 1000),
        every,
    )
    yield (
        lambda unit, viewer: late.late(unit, viewer, date.max),
        [p for p in every if p.duties],
    )
    yield (
        lambda unit, viewer: late.late(unit, viewer, date.max, ["front"]),
        [p for p in every if p.duties and p.unit == "front"],
    )
    yield (
        lambda unit, viewer: late.late(unit, viewer, date.max, ["ducha"], everywhere=True),
        [p for p in every if p.duties and (not p.secret or p.unit == "ducha")],
    )


GROUPS = (("front",), ("jiwei",), ("shengji",), ("jiwei", "roads"), ("jiwei", "shengji", "front"))


@pytest.mark.parametrize("seed", range(2))
async def test_what_is_counted_for_a_group_is_what_may_be_said_there(desk: Desk, seed: int) -> None:
    """Reports only for who examines them and where they may be told; in no ordinary figure."""
    every = await desk.unit(lambda unit: a_city(unit, seed))
    office, day = RULES.office, NOW.date()
    found = set()
    for units in GROUPS:
        for reports in (True, False):
            scope = Scope(units, reports=reports)
            told = await desk.look(
                lambda u, s=scope: figures.report(u, office, s, Period.of("month", day), day)
            )
            allowed = [p for p in every if p.secret == reports and counts_for(p) in units]
            if reports:
                may = [p for p in allowed if may_reach(frozenset(units), office, p)]
                people = {p.id for u in office.units if u.id in units for p in u.people}
                # Nor what somebody of the group has withdrawn from (TL 28).
                allowed = [p for p in may if office.examines(p.unit) and not people & p.recused]
            assert told.totals.registered == len(allowed), scope
            found.add(len(allowed))
    whole = await desk.look(
        lambda u: figures.report(u, office, Scope(), Period.of("month", day), day)
    )
    assert whole.totals.registered == sum(not p.secret for p in every)
    assert len(found) > 3


def counts_for(petition: Petition) -> str:
    """The unit whose figures it is in."""
    return petition.responsible or petition.unit


def test_every_query_with_a_viewer_is_held_against_the_policy() -> None:
    with_viewer = {name for name, node in touching() if takes_viewer(node)} - {"scope.cards_of"}
    source = inspect.getsource(queries)
    assert with_viewer
    for name in with_viewer:
        module, _, function = name.partition(".")
        assert hasattr(import_module(f"storage.{module}"), function)
        assert name in source, f"{name} is not tried in `queries`"
