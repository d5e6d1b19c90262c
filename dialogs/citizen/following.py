"""我的信访: the person's petitions, and what they can do about each."""

from collections.abc import Callable

from dialogs import notices
from dialogs.citizen.supplement import SUPPLEMENT
from dialogs.citizen.survey import SURVEY
from dialogs.citizen.timeline import timeline
from dialogs.forms.walk import start
from dialogs.refusing import explain
from dialogs.taps import CaseTap, MenuTap
from dialogs.turn import Turn
from petitions import numbers
from petitions.events import Verdict
from petitions.lifecycle import Refused
from petitions.moves.deciding import RATING
from petitions.record import Petition, State
from storage import record
from storage.messages import Button

SHOWN = 10
TITLE = 14


def mine(turn: Turn) -> None:
    """The person's petitions, newest first, each with its state and next date."""
    found = record.of_petitioner(turn.unit, turn.person.id, SHOWN)
    if not found:
        button = Button(text=turn.label("menu.file"), data=MenuTap(what="file").pack())
        turn.show(turn.post("mine.none", ((button,),)))
        return
    rows = tuple((_line(turn, petition),) for petition in found)
    turn.show(turn.post("mine.list", rows, count=len(found)))


def asked_for_more(turn: Turn) -> bool:
    """Somebody who just writes after being asked for more is shown where it goes."""
    for petition in record.of_petitioner(turn.unit, turn.person.id, SHOWN):
        if petition.state is State.SUPPLEMENT:
            tap = CaseTap(petition=petition.id, version=petition.version, act="supplement")
            button = Button(text=turn.label("case.supplement"), data=tap.pack())
            number = numbers.show(petition.number)
            turn.send(turn.post("talk.asked", ((button,),), number=number))
            return True
    return False


def _line(turn: Turn, petition: Petition) -> Button:
    title = petition.filing.title
    text = turn.label(
        "mine.line",
        title=title if len(title) <= TITLE else title[:TITLE] + "…",
        state=turn.label(f"state.{petition.state}"),
    )
    tap = CaseTap(petition=petition.id, version=petition.version, act="timeline")
    return Button(text=text, data=tap.pack())


def _timeline(turn: Turn, petition: Petition, _arg: str) -> None:
    turn.tapped = None
    turn.send(timeline(turn, petition, own=True), petition_id=petition.id)


def _supplement(turn: Turn, petition: Petition, _arg: str) -> None:
    if not petition.open:
        explain(turn, petition, Refused("wrong_state", state=petition.state))
        return
    turn.tapped = None
    key_id = record.key_of(turn.unit, petition.id)
    start(turn, SUPPLEMENT, subject=petition.id, key_id=key_id)


def _rate(turn: Turn, petition: Petition, arg: str) -> None:
    if petition.survey_until is None or turn.now > petition.survey_until:
        explain(turn, petition, Refused("survey_closed", RATING))
        return
    answers = {"office": arg} if arg in tuple(Verdict) else {}
    key_id = record.key_of(turn.unit, petition.id)
    if not answers:
        turn.tapped = None
    start(turn, SURVEY, subject=petition.id, key_id=key_id, answers=answers)


def _reply_again(turn: Turn, petition: Petition, _arg: str) -> None:
    if petition.reply is None:
        turn.answer("form.stale", alert=True)
        return
    turn.tapped = None
    for post in notices.reply_posts(turn.unit, turn.house, turn.language, petition, petition.reply):
        turn.send(post, key_id=record.key_of(turn.unit, petition.id))


ACTS: dict[str, Callable[[Turn, Petition, str], None]] = {
    "timeline": _timeline,
    "supplement": _supplement,
    "rate": _rate,
    "reply_again": _reply_again,
}
"""What the petitioner's buttons do. None of them changes the case by itself, so an old button
is as good as a new one: each looks at the petition as it stands."""
