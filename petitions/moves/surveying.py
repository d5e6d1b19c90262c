"""The survey, and what follows when somebody is not satisfied (满意度评价, 不满意件核查)."""

from datetime import UTC, date, datetime, time

from petitions import commands as do
from petitions import events as ev
from petitions.access import Actor, Sight, may_see
from petitions.concerned import apart, has_inquiry
from petitions.deadlines import deadline, named
from petitions.moves.base import Move, Refused, Rules, is_desk, is_petitioner, words
from petitions.moves.deciding import review_open
from petitions.record import Petition
from petitions.roster import inquirer_for
from petitions.states import INQUIRED_IN, RATED_IN, REVIEWING

RATING = "《信访事项办理群众满意度评价工作办法》"


def _may_open_survey(p: Petition, _a: Actor, now: datetime, rules: Rules) -> None:
    """Only what was registered for the first time is rated (2014 办法 3)."""
    if p.survey_until is not None:
        raise Refused("survey_open_already", RATING)
    if raised_before(p):
        raise Refused("not_surveyed", RATING)
    if now > _survey_ends(p, rules):
        raise Refused("survey_closed", RATING)


def awaits_rating(petition: Petition, now: datetime) -> bool:
    """Whether its petitioner is asked to rate and has not, since they were last asked."""
    until = petition.survey_until
    asked = until is not None and now <= until and petition.state in RATED_IN
    return asked and not petition.rated_since


def raised_before(petition: Petition) -> bool:
    """Whether it is a repeat by its petitioner's word, or by that of who does not answer for it.

    Who is rated does not decide whether anybody is asked.
    """
    return petition.filing.earlier is not None or any(
        isinstance(e.event, ev.Linked)
        and e.event.relation == "repeats"
        and e.by.unit != petition.responsible
        for e in petition.standing()
    )


def _survey_ends(petition: Petition, rules: Rules) -> datetime:
    """The last moment of the last local day on which the reply can be rated."""
    assert petition.reply is not None
    return _end_of(named(petition.reply.deadlines, "rate").due, rules)


def _end_of(day: date, rules: Rules) -> datetime:
    return datetime.combine(day, time.max, rules.office.tz).astimezone(UTC)


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
    if p.rating is None and p.inquiry is None:
        raise Refused("not_rated", RATING)


def _read_rating(
    _p: Petition, _c: do.ReadRating, _a: Actor, _now: datetime, _r: Rules
) -> ev.Looked:
    return ev.Looked(what="rating")


# -- looking into it (不满意件核查) ---------------------------------------------------


def _supervises(actor: Actor, petition: Petition) -> bool:
    """One of the supervision unit's people who had no part in the case."""
    return actor.supervises and _reads_rating(actor, petition)


def _inquires(actor: Actor, petition: Petition) -> bool:
    """Who looks into it now."""
    return has_inquiry(actor.id or 0, petition) and _reads_rating(actor, petition)


def _open(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
    if p.inquiry is None or not p.inquiry.open:
        raise Refused("no_inquiry", RATING)


def _untaken(p: Petition, _a: Actor, _now: datetime, rules: Rules) -> None:
    assert p.inquiry is not None
    if p.inquiry.officer is not None and still_fit(p, rules):
        raise Refused("inquiry_taken", RATING)


def still_fit(petition: Petition, rules: Rules) -> bool:
    """Whether who looks into it may still do so: with the office, and apart from the case."""
    inquiry = petition.inquiry
    if inquiry is None or inquiry.officer is None:
        return False
    posts = rules.office.posts_of(inquiry.officer)
    return bool(posts) and apart(inquiry.officer, posts, petition)


def _take(
    _p: Petition, _c: do.TakeInquiry, actor: Actor, _now: datetime, _r: Rules
) -> ev.InquiryTaken:
    assert actor.id is not None
    return ev.InquiryTaken(officer=actor.id)


def _name(
    p: Petition, command: do.NameInquirer, _a: Actor, _now: datetime, rules: Rules
) -> ev.InquiryTaken:
    assert p.inquiry is not None
    if p.inquiry.officer is not None and still_fit(p, rules) and not command.orphaned:
        raise Refused("inquiry_taken", RATING)
    officer = inquirer_for(p, rules.office, dict(command.loads), command.gone)
    if officer is None:
        raise Refused("nobody_to_inquire", RATING)
    return ev.InquiryTaken(officer=officer, named=True)


def _leave(
    _p: Petition, _c: do.LeaveInquiry, actor: Actor, _now: datetime, _r: Rules
) -> ev.InquiryLeft:
    assert actor.id is not None
    return ev.InquiryLeft(officer=actor.id)


def _inquire(
    p: Petition, command: do.Inquire, actor: Actor, now: datetime, rules: Rules
) -> ev.Inquired:
    words(command.text, "reason_needed", RATING)
    if command.result is ev.Result.MORE and not _ordered(p, actor):
        raise Refused("supervise_first", "TL 40")
    if command.result is ev.Result.REVIEW and not leads_to_review(p, now, rules):
        raise Refused("no_review_now", "TL 35")
    return ev.Inquired(result=command.result, text=command.text)


def _ordered(petition: Petition, actor: Actor) -> bool:
    """Whether who looks into it has had the unit asked to do more, since it was theirs."""
    for entry in reversed(petition.entries):
        if isinstance(entry.event, ev.InquiryTaken):
            return False
        if isinstance(entry.event, ev.Supervised) and entry.by.id == actor.id:
            return True
    return False


def leads_to_review(petition: Petition, now: datetime, rules: Rules) -> bool:
    """Whether a review is the way: one is under way, or the petitioner can still ask for it."""
    return petition.state in REVIEWING or review_open(petition, now, rules)


def _may_ask_again(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
    """Once, after it was looked into, and only who is still not satisfied."""
    inquiry, rating = p.inquiry, p.rating
    if inquiry is None or inquiry.open:
        raise Refused("no_inquiry" if inquiry is None else "inquiry_open", RATING)
    if inquiry.asked_again or rating is None or not rating.low:
        raise Refused("survey_open_already", RATING)


def _ask_again(
    _p: Petition, _c: do.AskAgain, _a: Actor, now: datetime, rules: Rules
) -> ev.AskedAgain:
    """As long again as the first time, counted from today."""
    limit = rules.profile.limit("rate")
    due = deadline(limit, rules.today(now), rules.calendar).due
    return ev.AskedAgain(until=_end_of(due, rules))


MOVES = {
    do.OpenSurvey: Move(RATED_IN, is_desk, RATING, _open_survey, (_may_open_survey,)),
    do.Rate: Move(RATED_IN, is_petitioner, RATING, _rate, (_may_rate,)),
    do.ReadRating: Move(INQUIRED_IN, _reads_rating, RATING, _read_rating, (_rated,)),
    do.TakeInquiry: Move(INQUIRED_IN, _supervises, RATING, _take, (_open, _untaken)),
    do.NameInquirer: Move(INQUIRED_IN, is_desk, RATING, _name, (_open,)),
    do.LeaveInquiry: Move(INQUIRED_IN, _inquires, "TL 28", _leave, (_open,)),
    do.Inquire: Move(INQUIRED_IN, _inquires, RATING, _inquire, (_open,)),
    do.AskAgain: Move(RATED_IN, is_desk, RATING, _ask_again, (_may_ask_again,)),
}
