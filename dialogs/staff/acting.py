"""Working a case: what happens when a button of its card, or of the list behind it, is pressed."""

from collections.abc import Callable

from dialogs import telling
from dialogs.forms.walk import start
from dialogs.refusing import allowed, explain, not_yours, officer_name
from dialogs.staff import looking
from dialogs.staff.acts import ACTS, BESIDE, Direct, command_of
from dialogs.staff.holding import colleagues, orphaned
from dialogs.staff.offering import more, open_case, own_card
from dialogs.staff.opening import private_open, reachable
from dialogs.taps import CaseTap
from dialogs.turn import Turn
from petitions import commands as do
from petitions.access import works_on
from petitions.lifecycle import MOVES, Refused
from petitions.record import Petition
from storage import record
from storage.messages import Button


def give(turn: Turn, petition: Petition, command: do.Command, done: str) -> bool:
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
        else turn.own_label(f"party.{last.by.kind}")
    )
    turn.answer("case.stale", alert=True, who=who, what=turn.own_label(f"did.{last.event.kind}"))
    turn.parcels += telling.cards(turn.unit, turn.house, petition)
    _show_in_private(turn, petition)


def _show_in_private(turn: Turn, petition: Petition) -> None:
    """The group's card follows the case by itself; one opened in private is brought up to date."""
    if turn.private:
        turn.show(own_card(turn, petition))


def _take(turn: Turn, petition: Petition, _arg: str) -> None:
    gone = orphaned(turn.unit, turn.house, petition)
    give(turn, petition, do.Take(orphaned=gone), "acted.taken")


def _take_inquiry(turn: Turn, petition: Petition, _arg: str) -> None:
    """Look into a low rating: who takes it has the case opened in private, and nowhere else.

    So nobody takes it before they can be written to: it would be open to nobody.
    """
    if not allowed(turn, petition, do.TakeInquiry) or not reachable(turn):
        return
    if give(turn, petition, do.TakeInquiry(), "acted.inquiry_taken") and private_open(turn):
        open_case(turn, record.load(turn.unit, petition.id))


def _reassign(turn: Turn, petition: Petition, _arg: str) -> None:
    """Offer the colleagues; the choice comes back as `to`."""
    if not allowed(turn, petition, do.Reassign):
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
    elif give(turn, petition, do.Reassign(there[arg].id), "acted.reassigned"):
        who = there[arg].name.of(turn.language)
        turn.show(turn.post("reassign.done", who=who))


def _act(turn: Turn, petition: Petition, name: str) -> None:
    """A move of the table: given at once, or written in private first."""
    act = ACTS[name]
    if isinstance(act, Direct):
        give(turn, petition, act.command, act.done)
    elif allowed(turn, petition, act.command) and private_open(turn):
        key_id = record.key_of(turn.unit, petition.id)
        start(turn, act.form, subject=petition.id, key_id=key_id)


OWN: dict[str, Callable[[Turn, Petition, str], None]] = {
    "take": _take,
    "take_inquiry": _take_inquiry,
    "reassign": _reassign,
    "to": _to,
    "more": more,
}
"""Acts that need more than a command."""
NAMES = frozenset({*OWN, *ACTS, *looking.LOOKS})


def _concerned(turn: Turn, petition: Petition, act: str) -> bool:
    """Whether this person has anything to do with such a button, now or a moment ago."""
    if works_on(turn.actor, petition) or act == "more":
        return True
    return act in ACTS and MOVES[command_of(act)].who(turn.actor, petition)


def press(turn: Turn, petition: Petition, tap: CaseTap) -> None:
    """A button of the card, pressed by whoever is in the group.

    What changes the case needs to have been shown for it as it stands; a look does not.
    """
    if tap.act in looking.LOOKS:
        looking.LOOKS[tap.act](turn, petition, tap.arg)
    elif not _concerned(turn, petition, tap.act):
        not_yours(turn)
    elif tap.version != petition.version and tap.act not in BESIDE:
        stale(turn, petition)
    elif tap.act in OWN:
        OWN[tap.act](turn, petition, tap.arg)
    else:
        _act(turn, petition, tap.act)
