"""The card of a case: what the unit's group sees. No personal data."""

from datetime import datetime

from dialogs.house import House
from dialogs.taps import CaseTap
from dialogs.turn import Buttons
from petitions import numbers
from petitions.deadlines import Deadline, local_date
from petitions.events import Purpose
from petitions.lifecycle import UNDOABLE
from petitions.record import Petition, State
from storage.messages import Button, Post

ROWS: dict[State, tuple[tuple[str, ...], ...]] = {
    State.REGISTERED: (("accept",), ("reassign", "details")),
    State.HANDLING: (("ask", "reply"), ("reassign", "details")),
    State.SUPPLEMENT: (("reply",), ("reassign", "details")),
    State.REPLIED: (("details",),),
    State.ERASED: (),  # nobody finds it any more
}
"""The buttons of a case that somebody holds."""
UNHELD = (("take",), ("details",))


def card(
    house: House, language: str, petition: Petition, now: datetime, *, orphaned: bool = False
) -> Post:
    """Number, category, district, state, holder, next deadline with a colour; and the buttons.

    `orphaned`: who holds it is not with the unit any more, so it can be taken.
    """
    words, office = house.words, house.office
    secret = petition.filing.purpose is Purpose.ACCUSATION
    district = office.district(petition.filing.district)
    holder = None if orphaned else office.officer(petition.holder or 0)
    facts = {
        "number": numbers.show(petition.number),
        "purpose": words.label(f"filing.purpose.{petition.filing.purpose}", language),
        "category": house.catalogue.name(petition.filing.category or "", language) or "—",
        "district": district.name.of(language) if district and not secret else "—",
        "affected": words.label(f"filing.affected.{petition.filing.affected or 'me'}", language),
        "state": words.label(f"state.{petition.state}", language),
        "holder": holder.name.of(language) if holder else words.label("card.nobody", language),
        "deadline": _deadline(house, language, petition, now),
    }
    return Post(
        key="card",
        text=words.say("card.text", language, **facts),
        buttons=buttons(house, language, petition, orphaned),
    )


def buttons(house: House, language: str, petition: Petition, orphaned: bool) -> Buttons:
    """What can be done with the case as it stands; who may, is asked when a button is pressed."""
    held = petition.holder is not None and not orphaned
    rows = ROWS[petition.state] if held or not petition.open else UNHELD
    last = petition.last_move()
    if isinstance(last.event, UNDOABLE) and last.by.kind == "officer":
        rows = (*rows, ("undo",))
    return tuple(
        tuple(
            Button(
                text=house.words.label(f"act.{act}", language),
                data=CaseTap(petition=petition.id, version=petition.version, act=act).pack(),
            )
            for act in row
        )
        for row in rows
    )


def card_line(house: House, language: str, petition: Petition, now: datetime) -> str:
    """The card in one line, for lists."""
    state = house.words.label(f"state.{petition.state}", language)
    return f"{_colour(house, petition, now)} {numbers.show(petition.number)} {state}"


def owed(petition: Petition) -> Deadline | None:
    """The unit's own next deadline: once it has replied, the rest is the petitioner's."""
    return min(petition.deadlines, key=lambda d: d.due, default=None) if petition.open else None


def _deadline(house: House, language: str, petition: Petition, now: datetime) -> str:
    next_one = owed(petition)
    if next_one is None:
        return house.words.label("card.no_deadline", language)
    said = house.words.label(
        f"card.deadline.{next_one.name}",
        language,
        due=next_one.due,
        clause=house.clause(next_one.clause, language),
    )
    if next_one.provisional:
        said += house.words.label("deadline.provisional", language)
    return f"{_colour(house, petition, now)} {said}"


def _colour(house: House, petition: Petition, now: datetime) -> str:
    """Green, yellow from the warning day, red on the last day, black when overdue."""
    next_one = owed(petition)
    if next_one is None:
        return "⚪"
    left = (next_one.due - local_date(now, house.office.tz)).days
    if left < 0:
        return "⚫"
    if left == 0:
        return "🔴"
    return "🟡" if left <= house.office.warn_days else "🟢"
