"""What there is to count of a petition, step by step."""

from datetime import UTC, date, datetime, timedelta

from making import (
    CITIZEN,
    COLLEAGUE,
    HOLDER,
    NOW,
    REVIEWER,
    WATCHER,
    WATER,
    a_petition,
    give,
)

from petitions import commands as do
from petitions import events as ev
from petitions.record import Petition
from petitions.spans import REPORT, Span, spans

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
REPLY = do.Reply(ev.Outcome.EXPLAINED, ("说明",), "TL 32")


def on(days: float) -> datetime:
    return NOW + days * DAY


def the(kind: str, petition: Petition) -> Span:
    (found,) = (span for span in spans(petition) if span.kind == kind)
    return found


def kinds(petition: Petition) -> list[str]:
    return [span.kind for span in spans(petition)]


def handled(by: int = HOLDER, **filing: object) -> Petition:
    petition = give(a_petition(**filing), do.Take(), by)
    return give(petition, do.Accept(), by)


def replied(days: float = 3, **filing: object) -> Petition:
    return give(handled(**filing), REPLY, HOLDER, on(days))


def surveyed(days: float = 3) -> Petition:
    return give(replied(days), do.OpenSurvey(), None, on(days + 1))


def test_what_is_filed_is_registered_and_to_be_accepted() -> None:
    petition = a_petition(category="urban.roads", district="north")
    first, accept = spans(petition)
    about = ("request", "urban.roads", "north")
    assert first == Span("registered", TODAY, "roads", how="first", filing=about)
    assert accept == Span("accept", TODAY, "roads", TODAY + 15 * DAY)
    assert (first.counted, accept.counted) == (None, TODAY + 15 * DAY)


def test_a_day_is_the_office_s() -> None:
    """Half past midnight in Shanghai is still yesterday in UTC; in Ürümqi as in UTC."""
    night = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
    assert the("registered", a_petition(night)).since == date(2026, 3, 1)
    petition = a_petition(night)
    first = petition.first.model_copy(update={"zone": "Asia/Tashkent"})
    entry = petition.entries[0]
    moved = Petition(
        **{
            name: getattr(petition, name)
            for name in ("id", "petitioner", "number", "filing", "unit", "deadlines")
        },
        entries=(type(entry)(entry.seq, entry.at, entry.by, first),),
    )
    assert the("registered", moved).since == date(2026, 2, 28)


def test_a_handling_runs_from_its_acceptance_to_its_reply() -> None:
    petition = replied()
    assert kinds(petition) == ["registered", "accept", "handle", "closed"]
    handle = the("handle", petition)
    assert (handle.since, handle.due, handle.done) == (TODAY, date(2026, 5, 6), TODAY + 3 * DAY)
    assert (handle.how, handle.days, handle.counted) == ("explained", 3, handle.done)
    assert the("accept", petition).how == "accepted"
    assert the("registered", petition).done == handle.done


def test_what_is_taken_back_was_never_counted() -> None:
    petition = give(replied(), do.Undo(), HOLDER, on(3.1))
    assert kinds(petition) == ["registered", "accept", "handle"]
    assert the("handle", petition).done is None
    assert the("registered", petition).done is None
    again = give(petition, REPLY, HOLDER, on(5))
    assert the("handle", again).done == TODAY + 5 * DAY


def test_an_extension_moves_the_last_day() -> None:
    petition = give(handled(), do.AskExtension(10, ("复杂",)), HOLDER)
    before = the("handle", petition).due
    petition = give(petition, do.Extend(), 11)
    after = the("handle", petition).due
    assert before is not None
    assert after is not None
    assert after >= before + 10 * DAY


def test_what_is_withdrawn_was_due_only_if_it_was_late_by_then() -> None:
    soon = give(a_petition(), do.Withdraw(), CITIZEN, on(2))
    late = give(a_petition(), do.Withdraw(), CITIZEN, on(20))
    assert (the("accept", soon).due, the("accept", soon).how) == (None, "withdrawn")
    assert the("accept", soon).counted is None
    assert the("accept", late).counted == TODAY + 15 * DAY
    on_the_day = give(a_petition(), do.Withdraw(), CITIZEN, on(15))
    assert the("accept", on_the_day).counted is None
    handling = give(handled(), do.Withdraw(), CITIZEN, on(2))
    assert (the("handle", handling).due, the("handle", handling).how) == (None, "withdrawn")


def test_sending_it_on_is_what_the_sender_owed_and_the_next_has_days_of_its_own() -> None:
    petition = give(a_petition(), do.Take(), HOLDER)
    petition = give(petition, do.Route("water", assigned=True), HOLDER, on(4))
    route, accept = the("route", petition), the("accept", petition)
    assert (route.unit, route.due, route.done) == ("front", TODAY + 15 * DAY, TODAY + 4 * DAY)
    assert (accept.unit, accept.since) == ("water", TODAY + 4 * DAY)
    assert the("registered", petition).unit == "water"
    assert the("registered", petition).how == "assigned"
    petition = give(give(petition, do.Take(), WATER, on(5)), do.Object(("不归我们",)), WATER)
    assert the("accept", petition).unit == "front"  # who has to decide on it
    assert the("accept", petition).due == accept.due


def test_first_repeat_and_assigned_exclude_each_other() -> None:
    petition = a_petition(earlier="99010020260105000012")
    assert the("registered", petition).how == "repeat"
    assert the("registered", a_petition()).how == "first"
    petition = give(petition, do.Take(), HOLDER)
    petition = give(petition, do.Route("water", assigned=True), HOLDER)
    assert the("registered", petition).how == "assigned.repeat"
    linked = give(a_petition(), do.Link("99010020260105000012", "repeats"), HOLDER)
    assert the("registered", linked).how == "repeat"


def test_only_what_was_filed_for_the_first_time_can_be_solved_at_once() -> None:
    assert "closed" in kinds(replied())
    assert "closed" not in kinds(replied(earlier="99010020260105000012"))
    again = give(replied(), do.Link("99010020260105000012", "repeated_by"), HOLDER, on(40))
    assert the("closed", again).days == 37
    review = give(replied(), do.AskReview(("不服",)), CITIZEN, on(10))
    assert the("closed", review).days == 7


def test_the_last_answer_to_a_survey_counts_on_the_day_it_was_given() -> None:
    petition = surveyed()
    rate = the("rate", petition)
    assert (rate.done, rate.counted) == (None, date(2026, 4, 7))  # the 4th, moved by the holiday
    petition = give(petition, do.Rate(ev.Verdict.BAD, ev.Verdict.BAD), CITIZEN, on(5))
    petition = give(petition, do.Rate(ev.Verdict.GOOD, ev.Verdict.FAIR), CITIZEN, on(9))
    rate = the("rate", petition)
    assert (rate.how, rate.counted) == ("good.fair", TODAY + 9 * DAY)


def revoked() -> Petition:
    petition = give(surveyed(), do.AskReview(("不服",)), CITIZEN, on(10))
    petition = give(petition, do.Take(), REVIEWER, on(11))
    decide = do.DecideReview(ev.Finding.REVOKED, ("重办",), "TL 35")
    return give(petition, decide, REVIEWER, on(12))


def test_a_review_is_a_duty_of_the_level_above_and_a_word_on_the_unit_below() -> None:
    petition = revoked()
    review, appeal = the("review", petition), the("appeal", petition)
    assert (review.unit, review.since, review.done) == ("gov", TODAY + 10 * DAY, TODAY + 12 * DAY)
    assert review.due == TODAY + 40 * DAY + 2 * DAY  # 11 April is a Saturday: the 13th
    assert (appeal.unit, appeal.how) == ("front", "review.revoked")
    reopened = the("reopened", petition)
    assert (reopened.since, reopened.done) == (TODAY + 10 * DAY, None)


def test_what_is_handled_again_is_a_handling_of_its_own_and_its_reply_rated_anew() -> None:
    petition = give(give(revoked(), do.Take(), COLLEAGUE, on(13)), REPLY, COLLEAGUE, on(20))
    again = the("rehandle", petition)
    assert (again.since, again.done) == (TODAY + 12 * DAY, TODAY + 20 * DAY)
    assert kinds(petition).count("closed") == 1
    assert the("rate", petition).counted is None  # nobody could answer that survey any more
    petition = give(petition, do.OpenSurvey(), None, on(21))
    assert [s.counted is None for s in spans(petition) if s.kind == "rate"] == [True, False]


def test_a_supervision_is_due_and_answered_by_the_unit_that_was_asked() -> None:
    petition = give(a_petition(), do.Supervise(ev.Method.PHONE, ("请说明",), 5), WATCHER, on(18))
    span = the("supervise", petition)
    assert (span.unit, span.how, span.due) == ("front", "phone", date(2026, 3, 27))
    petition = give(petition, do.Supervise(ev.Method.VISIT, ("再说明",), 9), WATCHER, on(19))
    petition = give(petition, do.Take(), HOLDER, on(20))
    petition = give(petition, do.AnswerSupervision(("已办",)), HOLDER, on(20))
    assert [s.done for s in spans(petition) if s.kind == "supervise"] == [TODAY + 20 * DAY] * 2


def test_all_of_a_report_is_the_examiner_s_and_of_kinds_of_its_own() -> None:
    petition = a_petition(purpose=ev.Purpose.ACCUSATION)
    assert [(s.kind, s.unit) for s in spans(petition)] == [
        (f"{REPORT}registered", "jiwei"),
        (f"{REPORT}accept", "jiwei"),
    ]


def test_who_could_not_rate_a_reply_that_was_revoked_is_not_silent() -> None:
    asked = give(surveyed(), do.AskReview(("不服",)), CITIZEN, on(5))
    asked = give(asked, do.Take(), REVIEWER, on(6))
    revoked = give(asked, do.DecideReview(ev.Finding.REVOKED, ("撤销",), "TL 35"), REVIEWER, on(7))
    assert the("rate", asked).due is not None
    assert (the("rate", revoked).due, the("rate", revoked).counted) == (None, None)
