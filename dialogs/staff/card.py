"""The card of a case: what the unit's group sees. No personal data."""

from datetime import datetime
from typing import Any

from dialogs.facts import told
from dialogs.house import House
from dialogs.staff.colours import colour
from dialogs.taps import CaseTap
from dialogs.turn import Buttons
from petitions import numbers
from petitions.events import Purpose
from petitions.lead import missing
from petitions.lifecycle import UNDOABLE
from petitions.record import Petition, State
from storage.messages import Button, Post

RECEIVED = (("accept",), ("more", "reassign"), ("details",))
ROWS: dict[State, tuple[tuple[str, ...], ...]] = {
    State.REGISTERED: RECEIVED,
    State.ROUTED: RECEIVED,
    State.OBJECTED: (("route", "insist"), ("details",)),
    State.HANDLING: (("ask", "reply"), ("more", "reassign"), ("details",)),
    State.SUPPLEMENT: (("reply",), ("more", "reassign"), ("details",)),
    State.REVIEW: (("decide",), ("more", "reassign"), ("details",)),
    State.SECOND_REVIEW: (("decide",), ("more", "reassign"), ("details",)),
    State.ERASED: (),  # nobody finds it any more
}
"""The buttons of an open case that somebody holds; `more` opens all that is possible."""
CLOSED = (("more", "details"),)
UNHELD = (("take",), ("details",))
FIRST = {Purpose.SUGGESTION: (("answer",),), Purpose.ACCUSATION: (("refer",),)}
"""What stands in place of 受理: suggestions are answered (TL 29), reports referred (TL 30)."""


def card(
    house: House,
    language: str,
    petition: Petition,
    now: datetime,
    *,
    here: str | None = None,
    orphaned: bool = False,
    unreachable: datetime | None = None,
) -> Post:
    """Number, category, district, state, holder, next deadline with a colour; and the buttons.

    `here` is the unit whose group it is for: where the case has moved on, that is all it says.
    `orphaned`: who holds it is not with the unit any more, so it can be taken. `unreachable`:
    since when no message reaches the petitioner.
    """
    here = here or petition.unit
    if here not in (petition.unit, *petition.assisting):
        return _moved_on(house, language, petition, here)
    facts = _facts(house, language, petition, now, orphaned)
    lines = [house.words.say("card.text", language, **facts)]
    lines += [house.words.say(f"card.mark.{m}", language, **f) for m, f in _marks(petition)]
    if unreachable is not None:
        since = unreachable.astimezone(house.office.tz).date()
        lines.append(house.words.say("card.unreachable", language, since=since))
    if lacking := missing(petition):
        parts = "、".join(house.words.label(f"lead.{part}", language) for part in lacking)
        lines.append(house.words.say("card.lead_missing", language, parts=parts))
    shown = (
        buttons(house, language, petition, orphaned)
        if here == petition.unit
        else _row(house, language, petition, (("contribute",), ("details",)))
    )
    return Post(key="card", text="\n".join(lines), buttons=shown)


def _moved_on(house: House, language: str, petition: Petition, here: str) -> Post:
    """What a group that had the case still sees: where it went, unless that is a secret.

    Who sent it can still act: supervise, say who leads it (TL 40).
    """
    key = "card.moved_secret" if petition.secret else "card.moved"
    unit = house.office.unit_name(petition.unit, language)
    state = house.words.label(f"state.{petition.state}", language)
    text = house.words.say(
        key, language, number=numbers.show(petition.number), unit=unit, state=state
    )
    sent = here == petition.sender and not petition.secret
    rows = _row(house, language, petition, (("more",),)) if sent else ()
    return Post(key="card", text=text, buttons=rows)


def _facts(
    house: House, language: str, petition: Petition, now: datetime, orphaned: bool
) -> dict[str, Any]:
    words, office = house.words, house.office
    holder = None if orphaned else office.officer(petition.holder or 0)
    return {
        **_matter(house, language, petition),
        "number": numbers.show(petition.number),
        "purpose": words.label(f"filing.purpose.{petition.filing.purpose}", language),
        "state": words.label(f"state.{petition.state}", language),
        "holder": holder.name.of(language) if holder else words.label("card.nobody", language),
        "deadline": _deadline(house, language, petition, now),
    }


def _matter(house: House, language: str, petition: Petition) -> dict[str, str]:
    """What it is about, in the coarsest words; of a report against people or units, nothing."""
    if petition.secret:
        return dict.fromkeys(("category", "district", "affected"), "—")
    filing, district = petition.filing, house.office.district(petition.filing.district)
    return {
        "category": house.catalogue.name(filing.category or "", language) or "—",
        "district": district.name.of(language) if district else "—",
        "affected": house.words.label(f"filing.affected.{filing.affected or 'me'}", language),
    }


def _marks(petition: Petition) -> list[tuple[str, dict[str, Any]]]:
    """What else the group should see at a glance."""
    marks: list[tuple[str, bool, dict[str, Any]]] = [
        ("urgent", petition.first.urgent and petition.open, {}),
        ("assigned", petition.assigned and petition.open, {}),
        ("simple", petition.simple and petition.open, {}),
        ("extension_asked", petition.extension is not None, {}),
        ("extended", petition.extended and petition.open, {}),
        ("supervised", bool(petition.supervisions), {"count": len(petition.supervisions)}),
        ("led", petition.lead.begun, {}),
        ("linked", bool(petition.links), {"count": len(petition.links)}),
    ]
    return [(name, facts) for name, there, facts in marks if there]


def buttons(house: House, language: str, petition: Petition, orphaned: bool) -> Buttons:
    """What can be done with the case as it stands; who may, is asked when a button is pressed."""
    held = petition.holder is not None and not orphaned
    rows = ROWS.get(petition.state, CLOSED) if held or not petition.open else UNHELD
    if rows is RECEIVED:
        rows = (*FIRST.get(petition.filing.purpose, RECEIVED[:1]), *RECEIVED[1:])
    last = petition.last_move()
    if isinstance(last.event, UNDOABLE) and last.by.unit == petition.unit:
        rows = (*rows, ("undo",))
    if petition.supervisions:
        rows = (("answer_supervision",), *rows)
    return _row(house, language, petition, rows)


def _row(
    house: House, language: str, petition: Petition, rows: tuple[tuple[str, ...], ...]
) -> Buttons:
    return tuple(tuple(act_button(house, language, petition, act) for act in row) for row in rows)


def act_button(house: House, language: str, petition: Petition, act: str) -> Button:
    """The button of one act on this case, of the version it is shown for."""
    tap = CaseTap(petition=petition.id, version=petition.version, act=act)
    return Button(text=house.words.label(f"act.{act}", language), data=tap.pack())


def card_line(house: House, language: str, petition: Petition, now: datetime) -> str:
    """The card in one line, for lists."""
    state = house.words.label(f"state.{petition.state}", language)
    return f"{colour(house, petition, now)} {numbers.show(petition.number)} {state}"


def _deadline(house: House, language: str, petition: Petition, now: datetime) -> str:
    next_one = next(iter(petition.duties), None)
    if next_one is None:
        return house.words.label("card.no_deadline", language)
    said = house.words.label(
        f"card.deadline.{next_one.name}",
        language,
        due=next_one.due,
        told=told(house, language, petition),
        clause=house.clause(next_one.clause, language),
    )
    if next_one.provisional:
        said += house.words.label("deadline.provisional", language)
    return f"{colour(house, petition, now)} {said}"
