"""Review and second review: the decision (复查意见, 复核意见) and a hearing (TL 35, 36)."""

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form, Step
from dialogs.forms.base import Asking
from dialogs.forms.listed import Listed
from dialogs.forms.text import Gathered, Line
from dialogs.staff.forms.parts import LONGEST_BASIS, REVIEW, days, gathered, petition_of
from dialogs.staff.forms.shown import preview
from dialogs.turn import Turn
from petitions import commands as do
from petitions.events import Finding
from petitions.record import State
from storage.drafts import Draft


def _findings(at: Asking) -> list[tuple[str, str]]:
    """A second review is final: it cannot send the case back (TL 36)."""
    final = petition_of(at).state is State.SECOND_REVIEW
    offered = [f for f in Finding if not (final and f is Finding.REVOKED)]
    return [(f.value, at.turn.label(f"finding.{f}")) for f in offered]


def _decision(_turn: Turn, draft: Draft) -> do.DecideReview:
    answers = draft.answers
    return do.DecideReview(Finding(answers["finding"]), text_of(draft), answers["basis"])


def _hearing(_turn: Turn, draft: Draft) -> do.HoldHearing:
    return do.HoldHearing(int(draft.answers["days"]), text_of(draft))


DECIDING = Form(
    "deciding",
    (
        Step("finding", Listed(_findings)),
        Step("text", Gathered(lambda limits: limits.reply)),
        Step("basis", Line(lambda _limits: LONGEST_BASIS)),
        preview(_decision),
    ),
    finishing(_decision),
)
HEARING = Form("hearing", (days(), gathered(), REVIEW), finishing(_hearing))
