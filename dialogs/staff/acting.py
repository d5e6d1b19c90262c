"""Working a case: the buttons of its card."""

from collections.abc import Callable

from dialogs import telling
from dialogs.forms import Form
from dialogs.forms.walk import start
from dialogs.house import House
from dialogs.staff import details
from dialogs.staff.asking import ASKING
from dialogs.staff.replying import REPLYING
from dialogs.taps import CaseTap
from dialogs.turn import Turn
from petitions import commands as do
from petitions.access import works_on
from petitions.lifecycle import MOVES, Refused
from petitions.record import Petition
from storage import record
from storage.messages import Button


def officer_name(house: House, user_id: int | None, language: str) -> str:
    """The officer's name from the office file; a number is never shown in its place."""
    officer = house.office.officer(user_id or 0)
    return officer.name.of(language) if officer else house.words.label("card.nobody", language)


def decide(turn: Turn, petition: Petition, command: do.Command) -> bool:
    """Give a command; a refusal is explained to who gave it. Says whether it was carried out."""
    try:
        _, parcels = telling.act(turn.unit, turn.house, petition, command, turn.actor)
    except Refused as refused:
        explain(turn, petition, refused)
        return False
    turn.parcels += parcels
    return True


def explain(turn: Turn, petition: Petition, refused: Refused) -> None:
    """Why the rules say no."""
    who = officer_name(turn.house, petition.holder, turn.language)
    state = turn.label(f"state.{petition.state}")
    turn.answer(f"refused.{refused.code}", alert=True, who=who, state=state)


def stale(turn: Turn, petition: Petition) -> None:
    """Say what happened instead: who did what since the button was shown."""
    last = petition.last_move()
    who = (
        officer_name(turn.house, last.by.id, turn.language)
        if last.by.kind == "officer"
        else turn.label("party.petitioner")
    )
    turn.answer("case.stale", alert=True, who=who, what=turn.label(f"did.{last.event.kind}"))
    turn.parcels += telling.card(turn.unit, turn.house, petition)


def _take(turn: Turn, petition: Petition, _arg: str) -> None:
    if decide(turn, petition, do.Take()):
        turn.answer("acted.taken")


def _accept(turn: Turn, petition: Petition, _arg: str) -> None:
    if decide(turn, petition, do.Accept()):
        turn.answer("acted.accepted")


def _undo(turn: Turn, petition: Petition, _arg: str) -> None:
    if decide(turn, petition, do.Undo()):
        turn.answer("acted.undone")


def _reassign(turn: Turn, petition: Petition, _arg: str) -> None:
    """Offer the colleagues; the choice comes back as `to`."""
    rows = tuple(
        (
            Button(
                text=person.name.of(turn.language),
                data=CaseTap(
                    petition=petition.id, version=petition.version, act="to", arg=str(person.id)
                ).pack(),
            ),
        )
        for person in turn.house.office.unit(petition.unit).people
        if person.id not in (petition.holder, petition.petitioner)
    )
    if not _may(turn, petition, do.Reassign) or not rows:
        explain(turn, petition, Refused("not_yours" if rows else "not_a_colleague"))
        return
    turn.send(turn.post("reassign.ask", rows).model_copy(update={"reply_to": turn.tapped}))


def _to(turn: Turn, petition: Petition, arg: str) -> None:
    if decide(turn, petition, do.Reassign(int(arg) if arg.isdecimal() else 0)):
        who = officer_name(turn.house, int(arg), turn.language)
        turn.show(turn.post("reassign.done", who=who))


def _form(form: Form, command: type[do.Command]) -> Callable[[Turn, Petition, str], None]:
    def open_form(turn: Turn, petition: Petition, _arg: str) -> None:
        if not _may(turn, petition, command):
            explain(turn, petition, Refused("not_yours"))
        elif private_open(turn):
            key_id = record.key_of(turn.unit, petition.id)
            start(turn, form, subject=petition.id, key_id=key_id)
            if not turn.private:
                turn.answer("acted.see_private", alert=True)

    return open_form


def _details(turn: Turn, petition: Petition, _arg: str) -> None:
    if private_open(turn) and decide(turn, petition, do.Look()):
        turn.parcels += details.parcels(turn, petition)
        if not turn.private:
            turn.answer("acted.see_private", alert=True)


def private_open(turn: Turn) -> bool:
    """Whether the bot may write to this officer; if not, the group's button says how to."""
    if turn.person.started and not turn.person.blocked:
        return True
    button = Button(text=turn.label("private.open"), url=turn.house.link("desk"))
    who = officer_name(turn.house, turn.person.id, turn.language)
    post = turn.post("private.needed", ((button,),), who=who)
    turn.send(post.model_copy(update={"reply_to": turn.tapped}), slot=f"open:{turn.person.id}")
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
    "details": _details,
}
"""What the card's buttons do."""

ANYTIME = frozenset({"details"})
"""Buttons that change nothing, so that an old one is as good as a new one."""


def press(turn: Turn, petition: Petition, tap: CaseTap) -> None:
    """A button of the card, pressed by whoever is in the group."""
    if not works_on(turn.actor, petition):
        turn.answer("case.not_yours", alert=True)
    elif tap.version != petition.version and tap.act not in ANYTIME:
        stale(turn, petition)
    else:
        ACTS[tap.act](turn, petition, tap.arg)
