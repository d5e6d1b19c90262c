"""Reply, answer to a suggestion, review and second review (TL 29, 32, 35, 36)."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from petitions import commands as do
from petitions import events as ev
from petitions.able import able, heir_of, reviewer_of
from petitions.access import Actor
from petitions.deadlines import named, prolonged
from petitions.moves.base import (
    Move,
    Refused,
    Rules,
    handles,
    in_time,
    is_petitioner,
    words,
)
from petitions.profiles import Limit
from petitions.record import Petition, State
from petitions.states import RECEIVED, REVIEWING, WORKING

REPLIED = frozenset({State.REPLIED})
LONGEST_HEARING = 60
"""Days: hearings that take longer in all are a slip of the finger."""


def _reply(p: Petition, command: do.Reply, _a: Actor, now: datetime, rules: Rules) -> ev.Replied:
    if not command.basis.strip():
        raise Refused("reply_incomplete", "TL 32")
    words(command.text, "reply_incomplete", "TL 32")
    return ev.Replied(
        outcome=command.outcome,
        text=command.text,
        basis=command.basis,
        files=command.files,
        deadlines=rules.deadlines("replied", now),
        reviewer=reviewer_of(p, rules.office),
    )


def _a_suggestion(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
    if p.filing.purpose is not ev.Purpose.SUGGESTION:
        raise Refused("not_a_suggestion", "TL 29")


def _answer_suggestion(
    _p: Petition, command: do.AnswerSuggestion, _a: Actor, _now: datetime, _r: Rules
) -> ev.SuggestionAnswered:
    words(command.text, "reply_incomplete", "TL 29")
    return ev.SuggestionAnswered(adopted=command.adopted, text=command.text)


def _level(petition: Petition) -> tuple[Literal[1, 2], str, str]:
    """Which review comes next, its window, and its clause."""
    if petition.state is State.REPLIED:
        return 1, "ask-review", "TL 35"
    return 2, "ask-second-review", "TL 36"


def _may_ask_review(p: Petition, _a: Actor, now: datetime, rules: Rules) -> None:
    _, window, clause = _level(p)
    in_time(p, window, now, rules, clause)
    if reviewer_of(p, rules.office) is None:
        raise Refused("no_level_above", clause)


def review_open(petition: Petition, now: datetime, rules: Rules) -> bool:
    """Whether the petitioner can ask for a review now (TL 35, 36)."""
    if petition.state not in (State.REPLIED, State.REVIEWED):
        return False
    try:
        _may_ask_review(petition, Actor(petition.petitioner), now, rules)
    except Refused:
        return False
    return True


def _ask_review(
    p: Petition, command: do.AskReview, _a: Actor, now: datetime, rules: Rules
) -> ev.ReviewAsked:
    level, _, clause = _level(p)
    words(command.text, "reason_needed", clause)
    above = reviewer_of(p, rules.office)
    assert above is not None
    event = "review-asked" if level == 1 else "second-review-asked"
    return ev.ReviewAsked(
        level=level,
        unit=above,
        text=command.text,
        files=command.files,
        deadlines=rules.deadlines(event, now),
    )


def _before_the_limit(p: Petition, _a: Actor, now: datetime, rules: Rules) -> None:
    """A hearing does not make good what was late before it (TL 36)."""
    in_time(p, "decide-second-review", now, rules, "TL 36")


def _hold_hearing(
    p: Petition, command: do.HoldHearing, _a: Actor, _now: datetime, rules: Rules
) -> ev.HearingHeld:
    words(command.text, "reason_needed", "TL 36")
    running = named(p.deadlines, "decide-second-review")
    left = LONGEST_HEARING - sum(running.more)
    if not 1 <= command.days <= left:
        raise Refused("too_many_days", "TL 36", days=left)
    limit = Limit(running.name, command.days, running.kind, running.clause)
    later = prolonged(limit, running, rules.calendar)
    return ev.HearingHeld(days=command.days, text=command.text, deadlines=(later,))


def _decide_review(
    p: Petition, command: do.DecideReview, _a: Actor, now: datetime, rules: Rules
) -> ev.ReviewDecided:
    assert p.review is not None
    level = p.review.level
    clause = "TL 35" if level == 1 else "TL 36"
    if not command.basis.strip():
        raise Refused("reply_incomplete", clause)
    words(command.text, "reply_incomplete", clause)
    revoked = command.finding is ev.Finding.REVOKED
    if revoked and level == 2:
        raise Refused("second_review_is_final", "TL 36")
    if revoked:
        deadlines = rules.deadlines("accepted", now)
    else:
        deadlines = rules.deadlines("review-decided", now) if level == 1 else ()
    again = _handled_again_by(p, rules) if revoked else None
    return ev.ReviewDecided(
        level=level,
        finding=command.finding,
        text=command.text,
        basis=command.basis,
        back_to=again,
        reviewer=reviewer_of(p, rules.office) if level == 1 and not revoked else None,
        deadlines=deadlines,
    )


def _handled_again_by(petition: Petition, rules: Rules) -> str | None:
    """The unit that answered for it, or the next one where somebody could work on it."""
    assert petition.responsible is not None
    back = replace(petition, state=State.HANDLING, unit=petition.responsible)
    if able(back, petition.responsible, rules.office):
        return petition.responsible
    return heir_of(back, rules.office) or petition.responsible


MOVES = {
    do.Reply: Move(WORKING, handles, "TL 32", _reply),
    do.AnswerSuggestion: Move(RECEIVED, handles, "TL 29", _answer_suggestion, (_a_suggestion,)),
    do.AskReview: Move(
        REPLIED | {State.REVIEWED}, is_petitioner, "TL 35", _ask_review, (_may_ask_review,)
    ),
    do.HoldHearing: Move(
        frozenset({State.SECOND_REVIEW}), handles, "TL 36", _hold_hearing, (_before_the_limit,)
    ),
    do.DecideReview: Move(REVIEWING, handles, "TL 35", _decide_review),
}
