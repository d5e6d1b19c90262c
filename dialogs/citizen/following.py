"""What happens when the petitioner presses a button of their petition?"""

from collections.abc import Callable

from dialogs.citizen import mediating, texts, withdrawing
from dialogs.citizen.appealing import APPEAL
from dialogs.citizen.supplement import SUPPLEMENT
from dialogs.citizen.survey import SURVEY, given
from dialogs.citizen.timeline import timeline
from dialogs.forms import Form
from dialogs.forms.walk import start
from dialogs.refusing import allowed
from dialogs.taps import CaseTap
from dialogs.turn import Turn
from petitions import commands as do
from petitions.events import Verdict
from petitions.record import Petition
from storage import record


def _timeline(turn: Turn, petition: Petition, _tap: CaseTap) -> None:
    turn.tapped = None
    turn.send(timeline(turn, petition, own=True), petition_id=petition.id)


def _supplement(turn: Turn, petition: Petition, _tap: CaseTap) -> None:
    _begin(turn, petition, do.Supplement, SUPPLEMENT)


def _review(turn: Turn, petition: Petition, _tap: CaseTap) -> None:
    _begin(turn, petition, do.AskReview, APPEAL)


def _begin(turn: Turn, petition: Petition, command: type[do.Command], form: Form) -> None:
    """Open the form that ends in this command, if the rules let it be given now."""
    if allowed(turn, petition, command):
        turn.tapped = None
        start(turn, form, subject=petition.id, key_id=record.key_of(turn.unit, petition.id))


def _rate(turn: Turn, petition: Petition, tap: CaseTap) -> None:
    if not allowed(turn, petition, do.Rate):
        return
    answers = {"office": tap.arg} if tap.arg in tuple(Verdict) else {}
    key_id = record.key_of(turn.unit, petition.id)
    if not answers:
        turn.tapped = None
        if (before := given(turn, petition)) is not None:
            turn.send(before, key_id=key_id, petition_id=petition.id)
    start(turn, SURVEY, subject=petition.id, key_id=key_id, answers=answers)


ACTS: dict[str, Callable[[Turn, Petition, CaseTap], None]] = {
    "timeline": _timeline,
    "supplement": _supplement,
    "rate": _rate,
    "review": _review,
    "texts": texts.show,
    "agree": mediating.agree,
    "disagree": mediating.disagree,
    "withdraw": withdrawing.ask,
    "withdraw_yes": withdrawing.yes,
    "withdraw_no": withdrawing.no,
}
"""What the petitioner's buttons do. Each looks at the petition as it stands, so an old button is
as good as a new one: what is not possible any more is explained, with the rule it rests on."""
