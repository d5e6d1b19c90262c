"""申请复查, 申请复核: asking the level above to look at what was decided (TL 35, 36)."""

from typing import Any

from dialogs.carrying import carry_out, text_of
from dialogs.citizen.coming import unsure
from dialogs.citizen.windows import Window, window
from dialogs.forms import Form, Step
from dialogs.forms.base import Asking, NotTaken
from dialogs.forms.files import Files
from dialogs.forms.review import Review
from dialogs.forms.text import Gathered
from dialogs.taps import CaseTap
from dialogs.turn import Turn
from petitions import commands as do
from petitions import events as ev
from petitions import numbers
from petitions.record import Petition
from storage import record
from storage.drafts import Draft
from storage.messages import Button, Post


def _about(at: Asking) -> list[Post]:
    """What is asked for, who decides it, and by when."""
    petition = record.load(at.turn.unit, at.draft.subject or "")
    found = window(petition, at.turn.house.rules, at.turn.now)
    if found is None:  # decided or taken back meanwhile: the end of the form says so
        return []
    key = f"appeal.about.{found.level}"
    return [at.turn.post(key, **_facts(at.turn, petition, found))]


def _said_again(at: Asking) -> dict[str, Any]:
    """The same on the review card."""
    return {"about": "\n".join(post.text for post in _about(at))}


def _facts(turn: Turn, petition: Petition, found: Window) -> dict[str, Any]:
    return {
        "number": numbers.show(petition.number),
        "unit": turn.house.office.unit_name(found.unit or "", turn.language),
        "due": found.decided.due,
        "clause": turn.house.clause(found.decided.clause, turn.language),
        "unsure": unsure(turn, found.decided),
        "until": found.until.due,
    }


def finish(turn: Turn, draft: Draft) -> None:
    """Ask for the review; if the decision changed while this was written, show that first."""
    petition = record.load(turn.unit, draft.subject or "", lock=True)
    decided = [
        e.at for e in petition.standing() if isinstance(e.event, ev.Replied | ev.ReviewDecided)
    ]
    if decided and decided[-1] > draft.touched_at:
        raise NotTaken(turn.say("appeal.newer"))
    command = do.AskReview(text_of(draft), tuple(draft.answers.get("files") or ()))
    after = carry_out(turn, draft, command)
    if after is None:
        return
    asked = after.entries[-1].event
    assert isinstance(asked, ev.ReviewAsked)
    due = asked.deadlines[0]
    tap = CaseTap(petition=after.id, version=after.version, act="timeline")
    button = Button(text=turn.label("case.timeline"), data=tap.pack())
    post = turn.post(
        f"appeal.sent.{asked.level}",
        ((button,),),
        number=numbers.show(after.number),
        unit=turn.house.office.unit_name(asked.unit, turn.language),
        due=due.due,
        clause=turn.house.clause(due.clause, turn.language),
        unsure=unsure(turn, due),
    )
    turn.show(post, key_id=draft.key_id)


APPEAL = Form(
    "appeal",
    (
        Step("text", Gathered(lambda limits: limits.text, before=_about)),
        Step("files", Files(), optional=True),
        Step("review", Review(facts=_said_again)),
    ),
    finish,
)
