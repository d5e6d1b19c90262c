"""The buttons of 设置. Each says what it chooses, so one of last week is as good as a new one."""

from collections.abc import Callable
from datetime import time
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery

from dialogs.citizen.preferences import (
    button,
    hours_label,
    quiet_label,
    refresh,
    screen,
)
from dialogs.citizen.zoning import ZONE
from dialogs.forms.walk import ask, start
from dialogs.registry import FORMS
from dialogs.taps import SettingTap
from dialogs.turn import Buttons, Turn, in_unit
from dialogs.zones import LISTED, clock_there, zone_label
from petitions.office import QuietHours
from petitions.quiet import OFF, keep_hours
from storage import drafts, missed, people
from storage.messages import Button

router = Router(name="settings")

IN_A_ROW = 4


@router.callback_query(SettingTap.filter())
@in_unit
def on_setting(_query: CallbackQuery, turn: Turn, callback_data: SettingTap) -> None:
    """Choose, or open what there is to choose from; the screen is in private only."""
    chosen = CHOICES.get(callback_data.what)
    if chosen is None or not turn.private:
        turn.answer("tap.unknown", alert=True)
    else:
        chosen(turn, callback_data.arg)


def _show(turn: Turn, _arg: str) -> None:
    turn.show(screen(turn))


def _language(turn: Turn, arg: str) -> None:
    words = turn.house.words
    if arg in words.languages:
        people.choose_language(turn.unit, turn.person.id, arg)
        _saved(turn, "settings.saved_language", spoken=words.label("language.name", arg))
        _put_again(turn)
        return
    rows = tuple(
        (_plain(words.label("language.name", each), "language", each),) for each in words.languages
    )
    _offer(turn, arg, "language.ask", rows)


def _quiet(turn: Turn, arg: str) -> None:
    """The office's hours, none, or one's own: first from when, then till when."""
    if arg in ("office", "off"):
        _keep_quiet(turn, OFF if arg == "off" else None)
        return
    hours = hours_label(turn, turn.house.office.quiet)
    rows = (
        (button(turn, "settings.take_office", "quiet", "office", hours=hours),),
        (button(turn, "settings.take_own", "from"),),
        (button(turn, "settings.take_off", "quiet", "off"),),
    )
    _offer(turn, arg, "settings.ask_quiet", rows)


def _from(turn: Turn, arg: str) -> None:
    hour = _hour(arg)
    if hour is None:
        _offer(turn, arg, "settings.ask_from", _hours("from"))
        return
    # Not till the hour they begin: that would be none, or a day of them, and who could tell?
    rows = _hours("to", before=f"{hour:02}-", but=hour)
    _offer(turn, "", "settings.ask_to", rows, start=f"{hour:02}:00")


def _to(turn: Turn, arg: str) -> None:
    begins, ends = (_hour(part) for part in (arg.partition("-")[0], arg.partition("-")[2]))
    if begins is None or ends is None or begins == ends:
        turn.answer("tap.unknown", alert=True)
        return
    _keep_quiet(turn, keep_hours(QuietHours(start=time(begins), end=time(ends))))


def _keep_quiet(turn: Turn, quiet: str | None) -> None:
    people.choose_quiet(turn.unit, turn.person.id, quiet)
    missed.look_again(turn.unit, turn.person.id)
    refresh(turn)
    _saved(turn, "settings.saved_quiet", quiet=quiet_label(turn))


def _zone(turn: Turn, arg: str) -> None:
    if arg == "type":
        turn.tapped = None
        start(turn, ZONE)
        return
    if arg in LISTED or arg == "office":
        zone = None if arg == "office" else arg
        people.choose_zone(turn.unit, turn.person.id, zone)
        missed.look_again(turn.unit, turn.person.id)
        label = zone_label(turn.house, turn.language, zone)
        clock = clock_there(turn.now, zone, turn.house.office.tz)
        _saved(turn, "settings.saved_zone", zone=label, clock=clock)
        return
    names = [name for name in LISTED if name != turn.house.office.zone]
    listed = [_plain(zone_label(turn.house, turn.language, name), "zone", name) for name in names]
    usual = zone_label(turn.house, turn.language, None)
    rows = (
        (button(turn, "settings.take_office_zone", "zone", "office", zone=usual),),
        *_in_rows(listed, 2),
        (button(turn, "settings.take_typed_zone", "zone", "type"),),
    )
    _offer(turn, arg, "settings.ask_zone", rows)


def _pushes(turn: Turn, arg: str) -> None:
    if arg not in ("on", "off"):
        turn.answer("tap.unknown", alert=True)
        return
    people.choose_pushes(turn.unit, turn.person.id, on=arg == "on")
    _saved(turn, "settings.saved_on" if arg == "on" else "settings.saved_off")


CHOICES: dict[str, Callable[[Turn, str], None]] = {
    "show": _show,
    "language": _language,
    "quiet": _quiet,
    "from": _from,
    "to": _to,
    "zone": _zone,
    "pushes": _pushes,
}


def _saved(turn: Turn, key: str, **facts: Any) -> None:
    """Say in a toast what holds now, and show all of it."""
    refresh(turn)
    turn.answer(key, **facts)
    turn.show(screen(turn))


def _offer(turn: Turn, arg: str, key: str, rows: Buttons, **facts: object) -> None:
    """Show what there is to choose from, and the way back; `arg` is what nobody offers."""
    if arg:
        turn.answer("tap.unknown", alert=True)
        return
    turn.show(turn.post(key, (*rows, (button(turn, "settings.back", "show"),)), **facts))


def _put_again(turn: Turn) -> None:
    """A question that is open is put again in the new language."""
    draft = drafts.current(turn.unit, turn.chat_id, turn.person.id)
    if draft is not None:
        turn.tapped = None
        ask(turn, FORMS[draft.form], draft)


def _hours(what: str, before: str = "", but: int | None = None) -> Buttons:
    hours = [hour for hour in range(24) if hour != but]
    return _in_rows(
        [_plain(f"{hour:02}:00", what, f"{before}{hour:02}") for hour in hours], IN_A_ROW
    )


def _hour(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) < 24 else None


def _in_rows(buttons: list[Button], width: int) -> Buttons:
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))


def _plain(text: str, what: str, arg: str) -> Button:
    return Button(text=text, data=SettingTap(what=what, arg=arg).pack())
