"""Looking into why somebody was not satisfied (不满意件核查): what came of it.

Where the unit is to do more, the supervision (督办) that says so is given first, in the same
unit: what it asks is written for the unit, and names no word of the petitioner's.
"""

from dialogs import telling
from dialogs.carrying import carry_out, not_done, text_of
from dialogs.forms import Form, Step
from dialogs.forms.base import Answers, Asking
from dialogs.forms.choice import Choice
from dialogs.forms.listed import Listed
from dialogs.staff.forms.parts import REVIEW, days, gathered, petition_of
from dialogs.turn import Turn
from petitions import commands as do
from petitions import numbers
from petitions.events import Method, Result
from petitions.lifecycle import Refused
from petitions.moves.surveying import leads_to_review
from storage import record
from storage.drafts import Draft


def _results(at: Asking) -> list[tuple[str, str]]:
    """A review only where one is under way, or can still be asked for (TL 35, 36)."""
    review = leads_to_review(petition_of(at), at.turn.now, at.turn.house.rules)
    offered = [r for r in Result if review or r is not Result.REVIEW]
    return [(r.value, at.turn.label(f"result.{r}")) for r in offered]


def _more(answers: Answers) -> bool:
    return answers.get("result") == Result.MORE


def finish(turn: Turn, draft: Draft) -> None:
    """The supervision, if there is one, then what the petitioner reads: both or neither."""
    answers = draft.answers
    if _more(answers) and not _supervised(turn, draft):
        return
    command = do.Inquire(Result(answers["result"]), text_of(draft))
    petition = carry_out(turn, draft, command)
    if petition is not None:
        sent = turn.post("inquiring.sent", number=numbers.show(petition.number))
        turn.show(sent, key_id=draft.key_id)


def _supervised(turn: Turn, draft: Draft) -> bool:
    answers = draft.answers
    petition = record.load(turn.unit, draft.subject or "", lock=True)
    order = do.Supervise(Method(answers["method"]), text_of(draft, "order"), int(answers["days"]))
    try:
        _, parcels = telling.act(turn.unit, turn.house, petition, order, turn.actor)
    except Refused as refused:
        not_done(turn, draft, petition, refused)
        return False
    turn.parcels += parcels
    return True


INQUIRING = Form(
    "inquiring",
    (
        Step("result", Listed(_results)),
        Step("method", Choice(tuple(Method)), when=_more),
        Step("order", gathered().kind, when=_more),
        Step("days", days().kind, when=_more),
        gathered(),
        REVIEW,
    ),
    finish,
)
