"""Reply, answer to a suggestion, review and second review, rating (TL 29, 32, 35, 36)."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Literal

from petitions import commands as do
from petitions import events as ev
from petitions.able import able, heir_of, reviewer_of
from petitions.access import Actor, Sight, may_see
from petitions.deadlines import named, prolonged
from petitions.moves.base import (
    Move,
    Refused,
    Rules,
    handles,
    in_time,
    is_desk,
    is_petitioner,
    words,
)
from petitions.profiles import Limit
from petitions.record import Petition, State
from petitions.states import RATED_IN, RECEIVED, REVIEWING, WORKING

RATING = "《信访事项办理群众满意度评价工作办法》"
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


def _may_open_survey(p: Petition, _a: Actor, now: datetime, rules: Rules) -> None:
    if p.survey_until is not None:
        raise Refused("survey_open_already", RATING)
    if now > _survey_ends(p, rules):
        raise Refused("survey_closed", RATING)


def _survey_ends(petition: Petition, rules: Rules) -> datetime:
    """The last moment of the last local day on which the reply can be rated."""
    assert petition.reply is not None
    last_day = named(petition.reply.deadlines, "rate").due
    return datetime.combine(last_day, time.max, rules.office.tz).astimezone(UTC)


def _open_survey(
    p: Petition, _c: do.OpenSurvey, _a: Actor, _now: datetime, rules: Rules
) -> ev.SurveyOpened:
    return ev.SurveyOpened(until=_survey_ends(p, rules))


def _may_rate(p: Petition, _a: Actor, now: datetime, _r: Rules) -> None:
    if p.survey_until is None:
        raise Refused("survey_not_open", RATING)
    if now > p.survey_until:
        raise Refused("survey_closed", RATING)


def _rate(_p: Petition, command: do.Rate, _a: Actor, _now: datetime, _r: Rules) -> ev.Rated:
    return ev.Rated(
        office=command.office, unit=command.unit, reason=command.reason, comment=command.comment
    )


def _reads_rating(actor: Actor, petition: Petition) -> bool:
    return actor.id is not None and may_see(actor, Sight.RATING, petition)


def _rated(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
    if p.rating is None:
        raise Refused("not_rated", RATING)


def _read_rating(
    _p: Petition, _c: do.ReadRating, _a: Actor, _now: datetime, _r: Rules
) -> ev.Looked:
    return ev.Looked(what="rating")


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
    do.OpenSurvey: Move(RATED_IN, is_desk, RATING, _open_survey, (_may_open_survey,)),
    do.Rate: Move(RATED_IN, is_petitioner, RATING, _rate, (_may_rate,)),
    do.ReadRating: Move(RATED_IN | WORKING, _reads_rating, RATING, _read_rating, (_rated,)),
}
