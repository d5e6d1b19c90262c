"""督办清单: what is late and whose, the longest overdue first, with what was asked of the unit.

In the supervisors' group it is about all units, in another group about its own, and in private
about all that the officer may see.
"""

from datetime import date

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from dialogs.facts import duty_name
from dialogs.refusing import officer_name
from dialogs.staff.card import card_line
from dialogs.staff.sayable import sayable
from dialogs.taps import CaseTap, LateTap
from dialogs.turn import Buttons, Turn, in_unit
from petitions import numbers
from petitions.deadlines import local_date
from petitions.events import Supervised
from petitions.record import Petition
from storage import groups, late, record
from storage.messages import Button
from words.formats import Html

router = Router(name="lateness")

PAGE = 6


@router.message(Command("overdue"))
@in_unit
def on_overdue(_message: Message, turn: Turn) -> None:
    """/overdue, in a unit's group or in private."""
    show(turn, 0)


@router.callback_query(LateTap.filter())
@in_unit
def on_tap(_query: CallbackQuery, turn: Turn, callback_data: LateTap) -> None:
    """The desk's button opens the list below it; its own buttons turn the page in place."""
    if not callback_data.turned:
        turn.tapped = None
    show(turn, callback_data.page)


def show(turn: Turn, page: int) -> None:
    """One page of the list; the last one where there are not so many any more."""
    found = _found(turn)
    if found is None:
        turn.send(turn.post("desk.not_staff"))
        return
    if not found:
        turn.show(turn.post("late.none"))
        return
    pages = -(-len(found) // PAGE)
    page = max(0, min(page, pages - 1))
    cases = [record.load(turn.unit, i) for i in found[page * PAGE : (page + 1) * PAGE]]
    rows = tuple((_button(turn, case),) for case in cases)
    said = Html("\n\n".join(_case(turn, case) for case in cases))
    facts = {"count": len(found), "page": page + 1, "pages": pages, "cases": said}
    turn.show(turn.post("late.list", (*rows, *_turning(turn, page, pages)), **facts))


def _found(turn: Turn) -> list[str] | None:
    """What is late here, by id; None for who is none of the people asked."""
    actor, today = turn.actor, _today(turn)
    if turn.private:
        return late.late(turn.unit, actor, today) if actor.posts else None
    here = groups.units_of(turn.unit, turn.chat_id, turn.house.office)
    mine = here & frozenset(actor.posts)
    if not mine:
        return None
    everywhere = turn.house.office.supervision_unit in mine
    shown = here if everywhere else mine
    return sayable(turn, late.late(turn.unit, actor, today, shown, everywhere=everywhere))


def _case(turn: Turn, petition: Petition) -> str:
    today = _today(turn)
    over = [d for d in petition.duties if d.name != "supervision" and d.due < today]
    lines: list[str] = [
        turn.say(
            "late.case",
            number=numbers.show(petition.number),
            unit=turn.house.office.unit_name(petition.unit, turn.language),
            holder=officer_name(turn.house, petition.holder, turn.language),
        )
    ]
    for duty in over:
        what = duty_name(turn.house, turn.language, petition, duty.name)
        days = (today - duty.due).days
        lines.append(turn.say("late.duty", what=what, due=duty.due, days=days, count=days))
    return "\n".join([*lines, *(_asked(turn, each, today) for each in petition.supervisions)])


def _asked(turn: Turn, supervision: Supervised, today: date) -> str:
    """A supervision that the unit has not answered yet."""
    method, due = turn.label(f"method.{supervision.method}"), supervision.deadline.due
    over = (today - due).days
    if over > 0:
        return turn.say("late.unanswered", method=method, due=due, days=over, count=over)
    return turn.say("late.supervised", method=method, due=due)


def _button(turn: Turn, petition: Petition) -> Button:
    tap = CaseTap(petition=petition.id, version=petition.version, act="card")
    return Button(text=card_line(turn.house, turn.language, petition, turn.now), data=tap.pack())


def _turning(turn: Turn, page: int, pages: int) -> Buttons:
    ways = (("list.before", page - 1, page > 0), ("list.after", page + 1, page + 1 < pages))
    row = tuple(
        Button(text=turn.label(key), data=LateTap(page=to, turned=True).pack())
        for key, to, there in ways
        if there
    )
    return (row,) if row else ()


def _today(turn: Turn) -> date:
    return local_date(turn.now, turn.house.office.tz)
