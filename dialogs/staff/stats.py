"""/stats: the figures of any period, as a picture, with the workbook behind a button.

A group sees those of its units, or of the whole office where it is told of all; in private an
officer sees what the policy gives them (`petitions.indicators.scopes`). Reports against people
or units are counted in private alone, for those who examine them (TL 30, 46(5)).
"""

from dataclasses import dataclass
from datetime import date

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from dialogs import digests
from dialogs.staff.periods import NotAPeriod, typed
from dialogs.taps import StatsTap
from dialogs.turn import Buttons, Turn, after_look
from documents.digest import Digest
from petitions.deadlines import local_date
from petitions.indicators import Kind, Period, Scope
from petitions.indicators.scopes import scopes_of, scopes_of_group
from storage import groups
from storage.messages import Button

router = Router(name="stats")

MENU: tuple[tuple[tuple[str, Kind, int], ...], ...] = (
    (("this_week", "week", 0), ("last_week", "week", 1)),
    (("this_month", "month", 0), ("last_month", "month", 1)),
    (("this_quarter", "quarter", 0), ("last_quarter", "quarter", 1)),
    (("this_year", "year", 0), ("last_year", "year", 1)),
)
"""The periods that have a button."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said: a sentence, the menu of periods, or a digest."""

    key: str = ""
    digest: Digest | None = None
    reports: bool = False  # whether these can be asked for, too


def _typed(turn: Turn, command: CommandObject) -> Answer:
    scopes = _scopes(turn)
    if not scopes:
        return Answer("desk.not_staff")
    asked = (command.args or "").strip()
    if not asked:
        return Answer("stats.ask", reports=any(scope.reports for scope in scopes))
    try:
        period = typed(asked, _today(turn))
    except NotAPeriod as wrong:
        return Answer(f"stats.{wrong.key}")
    return Answer(digest=_digest(turn, scopes[0], period))


def _tapped(turn: Turn, callback_data: StatsTap) -> Answer:
    scopes = _scopes(turn)
    scope = next((each for each in scopes if each.reports == callback_data.reports), None)
    if scope is None:
        return Answer("desk.not_staff")
    if callback_data.what == "menu":
        return Answer("stats.ask", reports=any(each.reports for each in scopes))
    return Answer(digest=_digest(turn, scope, _period(turn, callback_data)))


def _digest(turn: Turn, scope: Scope, period: Period) -> Digest:
    return digests.digest_of(turn.unit, turn.house, turn.language, scope, period)


@router.message(Command("stats"))
@after_look(_typed)
def on_stats(_message: Message, turn: Turn, found: Answer) -> None:
    """/stats asks for the period; /stats with dates behind it answers at once."""
    _say(turn, found)


@router.callback_query(StatsTap.filter())
@after_look(_tapped)
def on_tap(_query: CallbackQuery, turn: Turn, found: Answer, callback_data: StatsTap) -> None:
    """A period of the menu; the workbook behind a picture; the period before it."""
    if callback_data.what == "table" and found.digest:
        turn.send(digests.table(turn.house, turn.language, found.digest))
    else:
        _say(turn, found)


def _say(turn: Turn, found: Answer) -> None:
    if found.digest is not None:
        buttons = _below(turn, found.digest)
        turn.send(digests.picture(turn.house, turn.language, found.digest, buttons))
    elif found.key == "stats.ask":
        turn.send(turn.post("stats.ask", _menu(turn, reports=found.reports)))
    elif found.key == "desk.not_staff":
        turn.send(turn.post("desk.not_staff"))
    else:
        turn.send(turn.post(found.key, _menu(turn, reports=False)))


def _menu(turn: Turn, *, reports: bool) -> Buttons:
    """A button a period; in private, for who examines reports, the same for these."""
    rows = [
        tuple(
            Button(text=turn.label(f"stats.{name}"), data=StatsTap(kind=kind, back=back).pack())
            for name, kind, back in row
        )
        for row in MENU
    ]
    if reports:
        tap = StatsTap(kind="quarter", reports=True)
        rows.append((Button(text=turn.label("stats.reports"), data=tap.pack()),))
    return tuple(rows)


def _below(turn: Turn, digest: Digest) -> Buttons:
    """Below a picture: the workbook, and the period before."""
    period, reports = digest.report.period, digest.report.scope.reports

    def tap(what: str, of: Period) -> str:
        last = of.last.isoformat() if of.kind == "days" else ""
        named = {"kind": of.kind, "first": of.first.isoformat(), "last": last}
        return StatsTap.model_validate({"what": what, "reports": reports, **named}).pack()

    whole = Button(text=turn.label("stats.table"), data=tap("table", period))
    before = Button(text=turn.label("stats.before"), data=tap("picture", period.before()))
    return ((whole, before),)


def _period(turn: Turn, tap: StatsTap) -> Period:
    if not tap.first:
        period = Period.of(tap.kind, _today(turn))
        for _ in range(min(tap.back, len(MENU))):
            period = period.before()
        return period
    first = date.fromisoformat(tap.first)
    if tap.kind == "days":
        return Period.days(first, date.fromisoformat(tap.last))
    return Period.of(tap.kind, first)


def _scopes(turn: Turn) -> list[Scope]:
    """What may be shown to this person here; nothing for who is none of the unit's people."""
    office, actor = turn.house.office, turn.actor
    if turn.private:
        return list(scopes_of(actor, office))
    here = groups.units_of(turn.unit, turn.chat_id, office)
    if not here & frozenset(actor.posts):
        return []
    return [scope for scope in scopes_of_group(here, office) if not scope.reports]


def _today(turn: Turn) -> date:
    return local_date(turn.now, turn.house.office.tz)
