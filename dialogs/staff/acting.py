"""Working a case: the buttons of its card."""

from collections.abc import Callable
from datetime import timedelta

from dialogs import telling
from dialogs.forms import Form
from dialogs.forms.walk import start
from dialogs.refusing import explain, officer_name
from dialogs.staff import details
from dialogs.staff.asking import ASKING
from dialogs.staff.card import card
from dialogs.staff.holding import colleagues, orphaned
from dialogs.staff.replying import REPLYING
from dialogs.taps import CaseTap
from dialogs.turn import Turn
from petitions import commands as do
from petitions.access import works_on
from petitions.events import Looked
from petitions.lifecycle import MOVES, Refused
from petitions.record import Petition
from storage import record
from storage.messages import Button

TWICE = timedelta(seconds=10)


def decide(turn: Turn, petition: Petition, command: do.Command, done: str) -> bool:
    """Give a command; a refusal is explained to who gave it. Says whether it was carried out."""
    try:
        after, parcels = telling.act(turn.unit, turn.house, petition, command, turn.actor)
    except Refused as refused:
        explain(turn, petition, refused)
        return False
    turn.parcels += parcels
    turn.answer(done)
    _show_in_private(turn, after)
    return True


def stale(turn: Turn, petition: Petition) -> None:
    """Say what happened instead: who did what since the button was shown."""
    last = petition.last_move()
    who = (
        officer_name(turn.house, last.by.id, turn.person.language)
        if last.by.kind == "officer"
        else turn.own_label("party.petitioner")
    )
    turn.answer("case.stale", alert=True, who=who, what=turn.own_label(f"did.{last.event.kind}"))
    turn.parcels += telling.card(turn.unit, turn.house, petition)
    _show_in_private(turn, petition)


def _show_in_private(turn: Turn, petition: Petition) -> None:
    """The group's card follows the case by itself; one opened in private is brought up to date."""
    if turn.private:
        gone = orphaned(turn.unit, turn.house, petition)
        turn.show(card(turn.house, turn.language, petition, turn.now, orphaned=gone))


def _take(turn: Turn, petition: Petition, _arg: str) -> None:
    gone = orphaned(turn.unit, turn.house, petition)
    decide(turn, petition, do.Take(orphaned=gone), "acted.taken")


def _accept(turn: Turn, petition: Petition, _arg: str) -> None:
    decide(turn, petition, do.Accept(), "acted.accepted")


def _undo(turn: Turn, petition: Petition, _arg: str) -> None:
    decide(turn, petition, do.Undo(), "acted.undone")


def _reassign(turn: Turn, petition: Petition, _arg: str) -> None:
    """Offer the colleagues; the choice comes back as `to`."""
    if not _may(turn, petition, do.Reassign):
        explain(turn, petition, Refused("not_yours"))
        return
    tap = CaseTap(petition=petition.id, version=petition.version, act="to")
    rows = tuple(
        (
            Button(
                text=person.name.of(turn.language),
                data=tap.model_copy(update={"arg": str(person.id)}).pack(),
            ),
        )
        for person in colleagues(turn.unit, turn.house, petition)
    )
    if not rows:
        explain(turn, petition, Refused("not_a_colleague"))
        return
    turn.send(turn.post("reassign.ask", rows).model_copy(update={"reply_to": turn.tapped}))


def _to(turn: Turn, petition: Petition, arg: str) -> None:
    there = {str(person.id): person for person in colleagues(turn.unit, turn.house, petition)}
    if arg not in there:
        explain(turn, petition, Refused("not_a_colleague"))
    elif decide(turn, petition, do.Reassign(there[arg].id), "acted.reassigned"):
        who = there[arg].name.of(turn.language)
        turn.show(turn.post("reassign.done", who=who))


def _form(form: Form, command: type[do.Command]) -> Callable[[Turn, Petition, str], None]:
    def open_form(turn: Turn, petition: Petition, _arg: str) -> None:
        if not _may(turn, petition, command):
            explain(turn, petition, Refused("not_yours"))
        elif private_open(turn):
            key_id = record.key_of(turn.unit, petition.id)
            start(turn, form, subject=petition.id, key_id=key_id)

    return open_form


def _details(turn: Turn, petition: Petition, _arg: str) -> None:
    """Everything, in private, once however often it is tapped; the look is recorded."""
    last = petition.entries[-1]
    again = isinstance(last.event, Looked) and last.by.id == turn.person.id
    if not private_open(turn) or (again and turn.now - last.at < TWICE):
        return
    command, show = do.Look(), details.details
    _look(turn, petition, command, show)


def _rating(turn: Turn, petition: Petition, _arg: str) -> None:
    """Why the petitioner was not satisfied, for the supervisors alone."""
    if private_open(turn):
        _look(turn, petition, do.ReadRating(), details.rating)


def _look(turn: Turn, petition: Petition, command: do.Command, show: details.Show) -> None:
    try:
        _, parcels = telling.act(turn.unit, turn.house, petition, command, turn.actor)
    except Refused as refused:
        explain(turn, petition, refused)
        return
    turn.parcels += [*parcels, *show(turn, petition)]


def private_open(turn: Turn) -> bool:
    """Go on in this officer's private chat; if the bot may not write there, say how to open it.

    What follows is in the officer's own language.
    """
    if turn.person.started and not turn.person.blocked:
        if not turn.private:
            turn.answer("acted.see_private", alert=True)
        turn.go_private()
        return True
    button = Button(text=turn.label("private.open"), url=turn.house.link("desk"))
    who = officer_name(turn.house, turn.person.id, turn.language)
    post = turn.post("private.needed", ((button,),), who=who)
    post = post.model_copy(update={"reply_to": turn.tapped})
    turn.send(post, slot=f"open:{turn.person.id}", fresh=True)
    turn.answer("private.toast", alert=True)
    return False


def _may(turn: Turn, petition: Petition, command: type[do.Command]) -> bool:
    move = MOVES[command]
    return petition.state in move.states and move.who(turn.actor, petition)


ACTS: dict[str, Callable[[Turn, Petition, str], None]] = {
    "take": _take,
    "accept": _accept,
    "undo": _undo,
    "reassign": _reassign,
    "to": _to,
    "ask": _form(ASKING, do.AskSupplement),
    "reply": _form(REPLYING, do.Reply),
}
"""What the card's buttons do; they need to have been shown for the case as it stands."""
LOOKS: dict[str, Callable[[Turn, Petition, str], None]] = {"details": _details, "rating": _rating}
"""Buttons that change nothing, so that an old one is as good as a new one."""


def press(turn: Turn, petition: Petition, tap: CaseTap) -> None:
    """A button of the card, pressed by whoever is in the group."""
    if tap.act in LOOKS:
        LOOKS[tap.act](turn, petition, tap.arg)
    elif not works_on(turn.actor, petition):
        turn.answer("case.not_yours", alert=True)
    elif tap.version != petition.version:
        stale(turn, petition)
    else:
        ACTS[tap.act](turn, petition, tap.arg)
