"""Entries go to the record and come back the same, whatever a person wrote, for ever."""

import json
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from petitions import events as ev
from petitions.deadlines import DayKind, Deadline

DUE = Deadline("handle", date(2026, 5, 1), DayKind.CALENDAR, "TL 34", provisional=True)
text = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
texts = st.lists(text, max_size=3).map(tuple)
FILING = st.builds(
    ev.Filing,
    purpose=st.sampled_from(ev.Purpose),
    title=text,
    facts=texts,
    request=texts,
    category=st.none() | text,
    point=st.none()
    | st.tuples(
        st.floats(-90, 90, allow_nan=False, allow_infinity=False),
        st.floats(-180, 180, allow_nan=False, allow_infinity=False),
    ),
    files=texts,
    name=text,
    phone=text,
    publish=st.booleans(),
)
DEADLINES = st.sampled_from(((), (DUE,), (DUE, DUE)))
EVENTS = st.one_of(
    st.builds(ev.Registered, filing=FILING, deadlines=DEADLINES, number=text, unit=text),
    st.builds(ev.Taken, holder=st.integers(1, 2**52)),
    st.builds(ev.Accepted, deadlines=DEADLINES),
    st.builds(ev.SupplementAsked, text=texts),
    st.builds(ev.Supplemented, text=texts, files=texts),
    st.builds(
        ev.Replied,
        outcome=st.sampled_from(ev.Outcome),
        text=texts,
        basis=text,
        files=texts,
        deadlines=DEADLINES,
    ),
    st.builds(ev.Reassigned, holder=st.integers(1, 2**52)),
    st.builds(ev.Undone, of=st.integers(1, 99), what=text),
    st.builds(ev.Looked, what=st.sampled_from(("details", "rating"))),
    st.builds(ev.SurveyOpened, until=st.datetimes(timezones=st.just(UTC))),
    st.builds(
        ev.Rated,
        office=st.sampled_from(ev.Verdict),
        unit=st.sampled_from(ev.Verdict),
        reason=st.none() | text,
        comment=st.none() | text,
    ),
    st.builds(ev.Erased, why=st.sampled_from(get_args(ev.Why))),
)
KINDS: tuple[type[ev.Event], ...] = get_args(get_args(ev.AnyEvent)[0])


@given(EVENTS)
def test_an_event_comes_back_as_it_was_written(event: Any) -> None:
    fields = json.loads(ev.write_event(event))
    assert ev.read_event(event.kind, event.version, fields) == event


def test_every_kind_has_its_name_and_says_whether_it_moves() -> None:
    still = {each.model_fields["kind"].default for each in KINDS if not each.moves}
    assert still == {"looked", "survey_opened", "rated"}
    assert len({each.model_fields["kind"].default for each in KINDS}) == len(KINDS) == 12


# What stands in databases today. A change that cannot read these bytes loses petitions; a new
# shape gets a new version and an upcaster, and its bytes are added here.
KEPT = [
    ("taken", 1, '{"kind":"taken","holder":12}', ev.Taken(holder=12)),
    ("looked", 1, '{"kind":"looked","what":"details"}', ev.Looked()),
    (
        "accepted",
        1,
        '{"kind":"accepted","deadlines":[{"name":"handle","due":"2026-05-01","kind":"calendar",'
        '"clause":"TL 34","provisional":true}]}',
        ev.Accepted(deadlines=(DUE,)),
    ),
    (
        "survey_opened",
        1,
        '{"kind":"survey_opened","until":"2026-04-01T15:59:59.999999Z"}',
        ev.SurveyOpened(until=datetime(2026, 4, 1, 15, 59, 59, 999999, tzinfo=UTC)),
    ),
    (
        "rated",
        1,
        '{"kind":"rated","office":"good","unit":"bad","reason":null,"comment":"慢"}',
        ev.Rated(office=ev.Verdict.GOOD, unit=ev.Verdict.BAD, comment="慢"),
    ),
    (
        "undone",
        1,
        '{"kind":"undone","of":3,"what":"accepted"}',
        ev.Undone(of=3, what="accepted"),
    ),
    ("erased", 1, '{"kind":"erased","why":"order"}', ev.Erased(why="order")),
]


@pytest.mark.parametrize(("kind", "version", "body", "event"), KEPT)
def test_what_was_written_once_is_written_and_read_the_same(
    kind: str, version: int, body: str, event: Any
) -> None:
    assert ev.read_event(kind, version, json.loads(body)) == event
    assert ev.write_event(event).decode() == body


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
