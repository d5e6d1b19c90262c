"""The front door: /start, the menu, help, the language."""

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from dialogs.citizen import filing, preferences
from dialogs.citizen.lookup import LOOKUP
from dialogs.citizen.mine import mine
from dialogs.filters import Private
from dialogs.forms.base import is_typed
from dialogs.forms.walk import ask, clear_keyboard, leave, resume, start
from dialogs.registry import FORMS
from dialogs.said import Said
from dialogs.staff import desk
from dialogs.taps import MenuTap
from dialogs.turn import Buttons, Turn, in_unit
from storage import drafts, people
from storage.columns import microseconds
from storage.drafts import Draft
from storage.messages import Button

router = Router(name="menu")
router.message.filter(Private())

MENU = ("file", "mine", "status", "suggest", "settings", "language", "help")
"""What the menu offers; what has no issue yet is not shown."""


def menu(turn: Turn) -> Buttons:
    """The menu's buttons, two in a row."""
    shown = [
        Button(text=turn.label(f"menu.{what}"), data=MenuTap(what=what).pack()) for what in MENU
    ]
    if turn.actor.posts:
        shown.append(Button(text=turn.label("menu.desk"), data=MenuTap(what="desk").pack()))
    return tuple(tuple(shown[i : i + 2]) for i in range(0, len(shown), 2))


@router.message(CommandStart())
@in_unit
def on_start(_message: Message, turn: Turn, command: CommandObject) -> None:
    """/start, or a link that opens one step directly."""
    opened = OPENS.get(command.args or "")
    if opened is not None:
        opened(turn)
        return
    if command.args:
        turn.send(turn.post("start.unknown_link"))
    office = turn.house.office.name.of(turn.language)
    turn.send(turn.post("start.welcome", menu(turn), office=office))
    unfinished(turn)


@router.message(Command("cancel"))
@in_unit
def on_cancel(_message: Message, turn: Turn) -> None:
    """/cancel leaves whatever form is open; there is always an answer."""
    draft = drafts.current(turn.unit, turn.chat_id, turn.person.id)
    if draft is None:
        turn.send(turn.post("cancel.nothing", menu(turn)))
        return
    leave(turn, FORMS[draft.form], draft)


@router.message(Command("new", "my", "status", "suggest", "settings", "language", "help"))
@in_unit
def on_command(_message: Message, turn: Turn, command: CommandObject) -> None:
    """A command from the messenger's menu is the menu's button."""
    OPENS[COMMANDS[command.command]](turn)


@router.callback_query(MenuTap.filter())
@in_unit
def on_menu(_query: CallbackQuery, turn: Turn, callback_data: MenuTap) -> None:
    """A button of the menu, or of what the menu opened."""
    if callback_data.what == "speak":
        _speak(turn, callback_data.arg)
    elif callback_data.what in DRAFTS:
        _with_draft(turn, callback_data)
    elif callback_data.what in OPENS:
        # The menu stays where it is; what it opens comes below.
        turn.tapped = None
        OPENS[callback_data.what](turn)
    else:
        turn.answer("tap.unknown")


def opened_by_words(turn: Turn, heard: Said) -> bool:
    """A button of the menu typed by hand does what it says; tells whether it was one."""
    for what in MENU:
        if heard.kind == "text" and is_typed(heard.text, turn.house.words.spoken(f"menu.{what}")):
            OPENS[what](turn)
            return True
    return False


def unfinished(turn: Turn) -> bool:
    """Offer to go on with a petition that was begun; says whether there is one."""
    draft = drafts.unfinished(turn.unit, turn.person.id, filing.FILING.name)
    if draft is None:
        return False
    step = filing.FILING.step(draft.step)
    rows = tuple(
        (Button(text=turn.label(f"draft.{act}"), data=MenuTap(what=act, arg=draft.id).pack()),)
        for act in DRAFTS
    )
    turn.send(turn.post("draft.unfinished", rows, stage=step.stage, stages=filing.FILING.stages))
    return True


def _file(turn: Turn) -> None:
    if not unfinished(turn):
        filing.begin(turn)


def _suggest(turn: Turn) -> None:
    if not unfinished(turn):
        filing.begin(turn, "suggestion")


def _status(turn: Turn) -> None:
    start(turn, LOOKUP)


def _help(turn: Turn) -> None:
    turn.send(turn.post("help.text", menu(turn)))


def _language(turn: Turn) -> None:
    rows = tuple(
        (
            Button(
                text=turn.house.words.label("language.name", language),
                data=MenuTap(what="speak", arg=language).pack(),
            ),
        )
        for language in turn.house.words.languages
    )
    turn.send(turn.post("language.ask", rows))


def _speak(turn: Turn, language: str) -> None:
    if language not in turn.house.words.languages:
        turn.answer("tap.unknown")
        return
    people.choose_language(turn.unit, turn.person.id, language)
    found = people.find(turn.unit, turn.person.id)
    assert found is not None
    turn.person = found
    draft = drafts.current(turn.unit, turn.chat_id, turn.person.id)
    turn.show(turn.post("language.chosen", menu(turn) if draft is None else ()))
    if draft is not None:  # the open question is put again, in the new language
        turn.tapped = None
        ask(turn, FORMS[draft.form], draft)


def _with_draft(turn: Turn, tap: MenuTap) -> None:
    """继续 / 重新开始 / 删除 of a begun petition; before anything is lost they are asked."""
    draft_id, _, seen = tap.arg.partition(".")
    draft = drafts.load(turn.unit, draft_id)
    if draft is None or draft.state != "open" or draft.person_id != turn.person.id:
        turn.answer("form.gone", alert=True)
    elif tap.what in SURE and draft.answers and seen != _state(draft):
        _make_sure(turn, draft, tap.what)
    else:
        DRAFTS[tap.what](turn, draft)


def _make_sure(turn: Turn, draft: Draft, what: str) -> None:
    """Ask before anything is lost: a button far above is easily pressed by mistake."""
    sure = MenuTap(what=what, arg=f"{draft.id}.{_state(draft)}").pack()
    back = MenuTap(what="resume", arg=draft.id).pack()
    rows = (
        (Button(text=turn.label("draft.resume"), data=back),),
        (Button(text=turn.label(SURE[what]), data=sure),),
    )
    form = FORMS[draft.form]
    stage = form.step(draft.step).stage
    # Below, and not in place: there the finger that pressed the one would be on the other.
    turn.send(turn.post("draft.sure", rows, stage=stage, stages=form.stages))


def _state(draft: Draft) -> str:
    """What the person was asked about: who has written more since is asked anew."""
    return f"{microseconds(draft.touched_at):x}"


def _resume(turn: Turn, draft: Draft) -> None:
    resume(turn, FORMS[draft.form], draft)


def _restart(turn: Turn, draft: Draft) -> None:
    drafts.finish(turn.unit, draft, "dropped")
    clear_keyboard(turn, FORMS[draft.form], draft)
    filing.begin(turn)


def _delete(turn: Turn, draft: Draft) -> None:
    drafts.finish(turn.unit, draft, "dropped")
    turn.show(turn.post("draft.deleted", menu(turn)))
    clear_keyboard(turn, FORMS[draft.form], draft)


DRAFTS = {"resume": _resume, "restart": _restart, "delete": _delete}
SURE = {"restart": "draft.restart_sure", "delete": "draft.delete_sure"}
"""With these what was written is gone for good; how who is sure says so."""
OPENS = {
    "file": _file,
    "mine": mine,
    "status": _status,
    "suggest": _suggest,
    "settings": preferences.show,
    "language": _language,
    "help": _help,
    "desk": desk.show,
}
COMMANDS = {
    "new": "file",
    "my": "mine",
    "status": "status",
    "suggest": "suggest",
    "settings": "settings",
    "language": "language",
    "help": "help",
}
