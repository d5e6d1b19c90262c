"""A case opened in an officer's private chat, with all that this officer can do with it now."""

from dialogs.refusing import explain
from dialogs.staff.acts import ACTS, Direct, command_of
from dialogs.staff.card import act_button, card
from dialogs.staff.holding import orphaned, unreachable_since
from dialogs.staff.opening import private_open
from dialogs.staff.story import story
from dialogs.turn import Buttons, Turn
from petitions import commands as do
from petitions import events as ev
from petitions.access import Sight, may_see, works_on
from petitions.lifecycle import MOVES, Refused, decide, possible
from petitions.record import Petition
from storage import record
from storage.messages import Parcel, Post

EXCHANGE = (ev.Supervised, ev.SupervisionAnswered)
"""What whoever oversees a case reads of it: what was asked of the unit, and its answers."""


def offered(turn: Turn, petition: Petition) -> list[str]:
    """The acts that the rules let this officer do now, in the order of the table."""
    can = possible(petition, turn.actor, turn.now, turn.house.rules)
    return [name for name in ACTS if command_of(name) in can and _sensible(turn, petition, name)]


def more(turn: Turn, petition: Petition, _arg: str) -> None:
    """All that this officer can do with the case now; says so when it is nothing."""
    names = [*offered(turn, petition), *_reading(turn, petition, "dossier")]
    if not names:
        explain(turn, petition, Refused("nothing_to_do"))
    elif private_open(turn):
        _open(turn, petition, names)


def open_case(turn: Turn, petition: Petition) -> None:
    """The case for who has no card of it in a group: to look at, and what they can do with it."""
    if private_open(turn):
        _open(turn, petition, _all(turn, petition))


def own_card(turn: Turn, petition: Petition) -> Post:
    """The card for one officer: its usual buttons for who works on the case, else what they can."""
    gone = orphaned(turn.unit, turn.house, petition)
    lost = unreachable_since(turn.unit, petition)
    post = card(turn.house, turn.language, petition, turn.now, orphaned=gone, unreachable=lost)
    if works_on(turn.actor, petition):
        return post
    return post.model_copy(update={"buttons": _rows(turn, petition, _all(turn, petition))})


def _open(turn: Turn, petition: Petition, names: list[str]) -> None:
    lost = unreachable_since(turn.unit, petition)
    head = card(turn.house, turn.language, petition, turn.now, unreachable=lost)
    posts = [head.model_copy(update={"buttons": _rows(turn, petition, names)})]
    if MOVES[do.Supervise].who(turn.actor, petition):
        posts = [*story(turn, petition, EXCHANGE), *posts]
    key_id = record.key_of(turn.unit, petition.id)
    turn.parcels += [
        Parcel(chat_id=turn.person.id, post=post, key_id=key_id, petition_id=petition.id)
        for post in posts
    ]


def _all(turn: Turn, petition: Petition) -> list[str]:
    return [
        *offered(turn, petition),
        *_rating(turn, petition),
        *_reading(turn, petition, "details", "dossier"),
    ]


def _rating(turn: Turn, petition: Petition) -> list[str]:
    """What opens why somebody was not satisfied, for who may look into it."""
    there = petition.inquiry is not None
    return ["rating"] if there and may_see(turn.actor, Sight.RATING, petition) else []


def _rows(turn: Turn, petition: Petition, names: list[str]) -> Buttons:
    return tuple((act_button(turn.house, turn.language, petition, name),) for name in names)


def _reading(turn: Turn, petition: Petition, *names: str) -> list[str]:
    """What opens what the petitioner entrusted to us."""
    return list(names) if may_see(turn.actor, Sight.DETAILS, petition) else []


def _sensible(turn: Turn, petition: Petition, name: str) -> bool:
    """What is given at once is offered only when it would be carried out."""
    act = ACTS[name]
    if not isinstance(act, Direct):
        return True
    try:
        decide(petition, act.command, turn.actor, turn.now, turn.house.rules)
    except Refused:
        return False
    return True
