"""我的信访: the person's petitions, each as a card with its state and the next date."""

from dialogs.citizen.coming import next_one
from dialogs.citizen.timeline import state
from dialogs.forms.base import is_typed
from dialogs.said import Said
from dialogs.taps import CaseTap, MenuTap
from dialogs.turn import Turn
from petitions import numbers
from petitions.events import Verdict
from petitions.moves.surveying import awaits_rating
from petitions.record import Petition, State
from storage import record
from storage.messages import Button
from words.formats import Html

SHOWN = 10
TITLE = 14


def mine(turn: Turn) -> None:
    """The person's petitions, newest first, each with its state and next date."""
    found = record.of_petitioner(turn.unit, turn.person.id, SHOWN)
    if not found:
        button = Button(text=turn.label("menu.file"), data=MenuTap(what="file").pack())
        turn.show(turn.post("mine.none", ((button,),)))
        return
    rows = tuple((case_button(turn, petition),) for petition in found)
    cards = Html("\n\n".join(_card(turn, petition) for petition in found))
    turn.show(turn.post("mine.list", rows, count=len(found), cards=cards))


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


def asked_to_rate(turn: Turn, heard: Said) -> bool:
    """Who types how satisfied they are, and is asked that, is shown where it counts."""
    words = turn.house.words
    keys = [f"survey.office.{verdict}" for verdict in Verdict]
    if not any(is_typed(heard.text, words.spoken(key)) for key in keys):
        return False
    for petition in record.of_petitioner(turn.unit, turn.person.id, SHOWN):
        if awaits_rating(petition, turn.now):
            rows = tuple((_rating(turn, petition, verdict),) for verdict in Verdict)
            number = numbers.show(petition.number)
            turn.send(turn.post("talk.rate", rows, number=number))
            return True
    return False


def _rating(turn: Turn, petition: Petition, verdict: Verdict) -> Button:
    tap = CaseTap(petition=petition.id, version=petition.version, act="rate", arg=verdict)
    return Button(text=turn.label(f"survey.office.{verdict}"), data=tap.pack())


def _card(turn: Turn, petition: Petition) -> str:
    card = turn.say(
        "mine.card",
        title=petition.filing.title,
        number=numbers.show(petition.number),
        state=state(turn, petition),
    )
    coming = next_one(turn, petition)
    return f"{card}\n{turn.say('mine.next', next=coming)}" if coming else card


def case_button(turn: Turn, petition: Petition) -> Button:
    """The petition as a button that opens its timeline."""
    title = petition.filing.title
    text = turn.label(
        "mine.line",
        title=title if len(title) <= TITLE else title[:TITLE] + "…",
        state=state(turn, petition),
    )
    tap = CaseTap(petition=petition.id, version=petition.version, act="timeline")
    return Button(text=text, data=tap.pack())
