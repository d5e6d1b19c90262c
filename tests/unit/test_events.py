"""Entries go to the record and come back the same, whatever a person wrote, for ever."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from petitions import events as ev
from petitions.deadlines import DayKind, Deadline
from petitions.record import Entry, Party, fold

DUE = Deadline("handle", date(2026, 5, 1), DayKind.CALENDAR, "TL 34", provisional=True)
KINDS: tuple[type[ev.Event], ...] = get_args(get_args(ev.AnyEvent)[0])
# What JSON can say: no number that is none, no moment without its zone.
GIVEN: dict[str, st.SearchStrategy[Any]] = {
    "point": st.none()
    | st.tuples(
        st.floats(-90, 90, allow_nan=False, allow_infinity=False),
        st.floats(-180, 180, allow_nan=False, allow_infinity=False),
    ),
    "until": st.datetimes(timezones=st.just(UTC)),
}


def built(shape: type[Any]) -> st.SearchStrategy[Any]:
    """Any event of this kind, every field of it given."""
    fields = {name: GIVEN.get(name, ...) for name in shape.model_fields}
    return st.builds(shape, **fields)


GIVEN["filing"] = built(ev.Filing)
EVENTS = st.one_of(*map(built, KINDS))


@given(EVENTS)
def test_an_event_comes_back_as_it_was_written(event: Any) -> None:
    fields = json.loads(ev.write_event(event))
    assert ev.read_event(event.kind, event.version, fields) == event


STILL = {
    *("looked", "survey_opened", "rated", "contributed", "linked", "escalated", "recounted"),
    *("inquiry_taken", "inquiry_left", "inquired", "asked_again"),
}
"""They change no place where the case stands: a colleague's button does not go stale by them."""


def test_every_kind_has_its_name_and_says_whether_it_moves() -> None:
    still = {each.model_fields["kind"].default for each in KINDS if not each.moves}
    assert still == STILL
    assert len({each.model_fields["kind"].default for each in KINDS}) == len(KINDS) == 41


# What stands in databases today. A change that cannot read these bytes loses petitions; a new
# shape gets a new version and an upcaster where its new fields have no default that is true of
# what was written before, and its bytes are added in a file of their own.
KEPT = Path(__file__).with_name("kept")
FIRST = (KEPT / "first.jsonl").read_text("utf-8").splitlines()
NOW = (KEPT / "now.jsonl").read_text("utf-8").splitlines()


def within(old: Any, new: Any) -> bool:
    """Whether all that the old value says is said by the new one, and nothing against it."""
    if isinstance(old, dict):
        return all(name in new and within(value, new[name]) for name, value in old.items())
    if isinstance(old, list):
        return len(old) == len(new) and all(map(within, old, new))
    return bool(old == new)


@pytest.mark.parametrize("body", [*FIRST, *NOW])
def test_what_was_written_once_is_read_with_nothing_lost(body: str) -> None:
    fields = json.loads(body)
    event = ev.read_event(fields["kind"], 1, fields)
    assert within(fields, json.loads(ev.write_event(event)))


@pytest.mark.parametrize("body", NOW)
def test_what_is_written_now_is_written_the_same_tomorrow(body: str) -> None:
    fields = json.loads(body)
    assert ev.write_event(ev.read_event(fields["kind"], 1, fields)).decode() == body


def test_the_bytes_of_every_kind_are_kept_and_of_the_twelve_of_the_first_version() -> None:
    kinds = {each.model_fields["kind"].default for each in KINDS}
    assert {json.loads(body)["kind"] for body in NOW} == kinds
    assert len({json.loads(body)["kind"] for body in FIRST}) == 12


@pytest.mark.parametrize("body", NOW)
def test_the_bytes_kept_say_something_in_every_field(body: str) -> None:
    """A field that is left at nothing would not show that it is read at all."""
    empty = {name for name, value in json.loads(body).items() if value in (None, [], {})}
    assert empty <= {"reason", "reviewer"}


def test_the_first_version_s_values_are_read_as_what_they_were() -> None:
    """What has been added since says nothing of them that was not so then."""
    read = [ev.read_event(json.loads(b)["kind"], 1, json.loads(b)) for b in FIRST]
    registered, taken, passed, accepted, *_ = read
    assert isinstance(registered, ev.Registered)
    assert (registered.sender, registered.shielded_units, registered.urgent) == (None, (), False)
    assert registered.filing.against_units == ()
    assert registered.zone == "Asia/Shanghai"
    assert registered.deadlines == (DUE,)
    assert (taken, passed) == (ev.Taken(holder=12), ev.Reassigned(holder=13))
    assert accepted == ev.Accepted(deadlines=(DUE,), simple=False)


def test_a_record_of_the_first_version_is_folded_and_goes_on() -> None:
    at = datetime(2026, 3, 2, 2, tzinfo=UTC)
    officer, petitioner = Party("officer", 12, "front"), Party("petitioner", 1001)
    by = {"registered": petitioner, "supplemented": petitioner}
    wanted = ("registered", "taken", "accepted", "supplement_asked", "supplemented", "replied")
    bodies = [json.loads(b) for b in FIRST]
    chosen = [next(b for b in bodies if b["kind"] == kind) for kind in wanted]
    entries = [
        Entry(n, at, by.get(f["kind"], officer), ev.read_event(f["kind"], 1, f))
        for n, f in enumerate(chosen, 1)
    ]
    petition = fold("p1", 1001, entries)
    assert (petition.state, petition.unit, petition.responsible) == ("replied", "front", "front")
    assert petition.hands == {12}
    assert petition.reply is not None


def test_a_look_from_before_it_said_at_what_was_at_the_details() -> None:
    assert ev.read_event("looked", 1, {"kind": "looked"}) == ev.Looked(what="details")


def test_an_old_shape_is_read_through_every_upcaster_on_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(ev.UPCASTERS, ("taken", -1), lambda f: {"who": f["officer"]})
    monkeypatch.setitem(ev.UPCASTERS, ("taken", 0), lambda f: {"holder": f["who"]})
    assert ev.read_event("taken", -1, {"officer": 12}) == ev.Taken(holder=12)
    assert ev.read_event("taken", 0, {"who": 12}) == ev.Taken(holder=12)


@pytest.mark.parametrize(
    ("kind", "fields"), [("taken", {}), ("taken", {"holder": 1, "x": 2}), ("vanished", {})]
)
def test_a_shape_nobody_knows_is_an_error_and_not_a_guess(kind: str, fields: dict) -> None:
    with pytest.raises(ValidationError):
        ev.read_event(kind, 1, fields)


def test_an_event_is_never_changed() -> None:
    with pytest.raises(ValidationError):
        ev.Taken(holder=1).holder = 2  # type: ignore[misc]
