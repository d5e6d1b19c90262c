"""What was told, to be read again: every notice that the law requires, sent or not."""

from dialogs import notices
from dialogs.audience import TOLD
from dialogs.taps import CaseTap
from dialogs.turn import Turn
from petitions import events as ev
from petitions import numbers
from petitions.record import Entry, Petition
from storage import record
from storage.messages import Button, Post

KINDS = TOLD - {"survey_opened", "asked_again"}
"""The events whose notice can be read again; to rate, there is a button."""


def told_in(petition: Petition) -> list[Entry]:
    """The steps that can be read again, the newest first; what was taken back is gone."""
    return [e for e in reversed(petition.standing()) if e.event.kind in KINDS and _was_told(e)]


def _was_told(entry: Entry) -> bool:
    """Of somebody's withdrawing, or more material, only where the case went elsewhere by it."""
    event = entry.event
    return event.to is not None if isinstance(event, ev.Recused | ev.Supplemented) else True


def show(turn: Turn, petition: Petition, tap: CaseTap) -> None:
    """The one text there is; of several the one that is chosen."""
    found = told_in(petition)
    chosen = [e for e in found if str(e.seq) == tap.arg] or found
    turn.tapped = None
    if not chosen:
        turn.answer("texts.none", alert=True)
    elif len(chosen) > 1:
        rows = tuple((line_of(turn, petition, entry),) for entry in chosen)
        turn.send(turn.post("texts.ask", rows, number=numbers.show(petition.number)))
    else:
        for post in _posts(turn, petition, chosen[0]):
            turn.send(post, key_id=record.key_of(turn.unit, petition.id), petition_id=petition.id)


def _posts(turn: Turn, petition: Petition, entry: Entry) -> list[Post]:
    """The notice as it was sent, with the way back in place of its buttons."""
    tap = CaseTap(petition=petition.id, version=petition.version, act="timeline")
    back = ((Button(text=turn.label("case.timeline"), data=tap.pack()),),)
    posts = notices.again(turn.unit, turn.house, turn.language, petition, entry)
    return [p.model_copy(update={"buttons": back}) if p.buttons else p for p in posts]


def line_of(turn: Turn, petition: Petition, entry: Entry) -> Button:
    """The button that shows this step's notice again."""
    day = turn.local(entry.at).date()
    what = turn.label(f"texts.{entry.event.kind}", **_level(turn, entry.event))
    tap = CaseTap(petition=petition.id, version=petition.version, act="texts", arg=str(entry.seq))
    return Button(text=turn.label("texts.line", day=day, what=what), data=tap.pack())


def _level(turn: Turn, event: ev.AnyEvent) -> dict[str, str]:
    """复查 or 复核."""
    if not isinstance(event, ev.ReviewDecided):
        return {}
    return {"review": turn.label(f"review.{event.level}")}
