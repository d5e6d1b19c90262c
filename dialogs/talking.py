"""Anything said in private: an answer to the open form, or something to be helped with."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from dialogs.citizen.menu import menu, opened_by_words, unfinished
from dialogs.citizen.mine import asked_for_more, asked_to_rate
from dialogs.filters import Private
from dialogs.forms import walk
from dialogs.registry import FORMS
from dialogs.said import said
from dialogs.taps import FormTap
from dialogs.turn import Turn, in_unit
from petitions import numbers
from petitions.danger import endangered
from storage import drafts
from storage.drafts import Draft

forms = Router(name="forms")
router = Router(name="talking")
router.message.filter(Private())
router.edited_message.filter(Private())


@router.message()
@in_unit
def on_message(message: Message, turn: Turn) -> None:
    """The answer to the question that is open; otherwise a helpful answer, never silence."""
    heard = said(message)
    draft = drafts.current(turn.unit, turn.chat_id, turn.person.id)
    danger = endangered(heard.text)
    if danger:
        # First of all; and whatever was asked goes on below.
        post = turn.post("danger") if draft is not None else turn.post("danger.alone", menu(turn))
        turn.send(post, slot=f"danger:{turn.chat_id}", fresh=True)
    if heard.kind == "text" and heard.text.startswith("/"):
        turn.send(turn.post("command.unknown", menu(turn)))
    elif draft is not None:
        walk.hear(turn, FORMS[draft.form], draft, heard)
        _go_back(turn, draft)
    else:
        walk.drop_stray_keyboard(turn, heard)
        helped = opened_by_words(turn, heard) or asked_to_rate(turn, heard)
        helped = helped or asked_for_more(turn) or unfinished(turn)
        if not (helped or danger):
            turn.send(turn.post("talk.menu", menu(turn)))
    if message.media_group_id is not None:
        _answer_once(turn, message.media_group_id)


def _answer_once(turn: Turn, album: str) -> None:
    """An album comes as one message a picture: what is said to each is shown once."""
    slot = f"album:{turn.chat_id}:{album}"
    turn.parcels = [p if p.slot else p.model_copy(update={"slot": slot}) for p in turn.parcels]


@router.edited_message()
@in_unit
def on_edited(message: Message, turn: Turn) -> None:
    """An edit changes nothing: what was said stands, and how to change it is told."""
    if message.location is not None:
        return  # a live place moves by itself: nobody said anything
    if drafts.current(turn.unit, turn.chat_id, turn.person.id) is not None:
        turn.send(turn.post("unexpected.edited"))
    else:
        turn.send(turn.post("unexpected.edited_later", menu(turn)))


@forms.callback_query(FormTap.filter())
@in_unit
def on_tap(_query: CallbackQuery, turn: Turn, callback_data: FormTap) -> None:
    """A button of a form: of the question that is open, or of one long past."""
    draft = drafts.load(turn.unit, callback_data.draft)
    if draft is None or draft.person_id != turn.person.id or draft.state == "dropped":
        turn.answer("form.gone", alert=True)
    elif draft.state == "submitted":
        _submitted(turn, draft)
    elif draft.version != callback_data.version:
        turn.answer("form.stale_tap", alert=True)
        turn.tapped = None
        drafts.enter(turn.unit, draft)
        walk.ask(turn, FORMS[draft.form], draft)
    else:
        drafts.enter(turn.unit, draft)
        walk.tap(turn, FORMS[draft.form], draft, callback_data.act, callback_data.arg)
        _go_back(turn, draft)


def _go_back(turn: Turn, draft: Draft) -> None:
    """When another form is through, offer to go on with the petition it interrupted."""
    if FORMS[draft.form].kept or drafts.current_id(turn.unit, draft.chat_id, draft.person_id):
        return
    unfinished(turn)


def _submitted(turn: Turn, draft: Draft) -> None:
    number = draft.answers.get("number")
    if number and FORMS[draft.form].kept:  # the others are about a petition that had its number
        turn.answer("form.submitted_as", alert=True, number=numbers.show(number))
    else:
        turn.answer("form.submitted", alert=True)


@router.callback_query()
@in_unit
def on_unknown(_query: CallbackQuery, turn: Turn) -> None:
    """A button of a shape we no longer make."""
    turn.answer("tap.unknown", alert=True)
