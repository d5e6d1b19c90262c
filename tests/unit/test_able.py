"""No case comes to rest where nobody can work on it, nor is anything late made good by a word."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from making import (
    CITIZEN,
    CLERK,
    COLLEAGUE,
    COUNTY,
    EXAMINER,
    HEAD,
    HOLDER,
    INSPECTOR,
    LAST_REVIEWER,
    NOW,
    PROVINCE,
    PROVINCE_COLLEAGUE,
    REVIEWER,
    ROADS,
    RULES,
    SECOND_REVIEWER,
    TOWN,
    WATCHER,
    WATER,
    WATER_COLLEAGUE,
    WATER_HEAD,
    a_petition,
    an_office,
    give,
    somebody,
    the_rules,
)

from petitions import commands as do
from petitions import events as ev
from petitions.able import able, heir_of, reviewer_of
from petitions.access import Sight, actor_of, may_see, units_of
from petitions.deadlines import named
from petitions.lifecycle import MOVES, Refused, register
from petitions.record import Entry, Party, Petition, State, fold

WHY = ("理由",)
REPLY = do.Reply(ev.Outcome.EXPLAINED, WHY, "TL 32")
ASK = do.AskReview(WHY)
UPHELD = do.DecideReview(ev.Finding.UPHELD, WHY, "TL 35")
REVOKED = do.DecideReview(ev.Finding.REVOKED, WHY, "TL 35")
REPORT = ev.Purpose.ACCUSATION
Step = tuple[do.Command, int | None]


def after(*steps: Step, **filing: Any) -> Petition:
    petition = a_petition(**filing)
    for command, who in steps:
        petition = give(petition, command, who)
    return petition


def refused(
    petition: Petition, command: do.Command, by: int | None, at: datetime | None = None
) -> tuple[str, str]:
    with pytest.raises(Refused) as error:
        give(petition, command, by, at)
    return error.value.code, error.value.clause


SENT: tuple[Step, ...] = ((do.Take(), HOLDER), (do.Route("water"), HOLDER), (do.Take(), WATER))
REPLIED: tuple[Step, ...] = (*SENT, (do.Accept(), WATER), (REPLY, WATER))
IN_TOWN: tuple[Step, ...] = (
    *((do.Take(), HOLDER), (do.Route("county"), HOLDER)),
    *((do.Take(), COUNTY), (do.Route("town"), COUNTY)),
    *((do.Take(), TOWN), (do.Accept(), TOWN), (REPLY, TOWN)),
)
REVIEWED: tuple[Step, ...] = (*REPLIED, (ASK, CITIZEN), (do.Take(), SECOND_REVIEWER))
SECOND: tuple[Step, ...] = (
    *REVIEWED,
    *((UPHELD, SECOND_REVIEWER), (ASK, CITIZEN), (do.Take(), LAST_REVIEWER)),
)


# -- registering and routing ---------------------------------------------------------------------


def test_a_unit_whose_only_officer_files_does_not_get_the_case() -> None:
    assert a_petition(category="urban.roads").unit == "roads"
    own = a_petition(by=ROADS, category="urban.roads")
    assert (own.unit, own.sender) == ("front", None)


def test_a_unit_without_people_gets_no_case_by_its_category() -> None:
    office = an_office()
    roads = office.unit("roads").model_copy(update={"people": ()})
    bare = tuple(roads if u.id == "roads" else u for u in office.units)
    rules = the_rules(an_office(units=bare))
    made = register(do.Register(a_petition(category="urban.roads").filing, "1", "0"), NOW, rules)
    assert made.unit == "front"


def test_an_inspector_s_own_report_goes_to_the_next_examiner() -> None:
    assert a_petition(purpose=REPORT).unit == "jiwei"
    assert a_petition(by=INSPECTOR, purpose=REPORT).unit == "shengji"


@pytest.mark.parametrize("unit", ["ducha", "shengji", "nowhere", "front"])
def test_a_case_is_not_routed_where_nobody_could_decide_it(unit: str) -> None:
    """The supervisors' people only watch; those who examine reports do nothing else."""
    taken = after((do.Take(), HOLDER))
    assert refused(taken, do.Route(unit), HOLDER) == ("no_such_unit", "TL 22")
    assert refused(taken, do.Route("water", assisting=("ducha",)), HOLDER)[0] == "no_such_unit"


def test_a_case_is_not_routed_to_a_unit_whose_only_officer_filed_it_or_withdrew() -> None:
    own = give(a_petition(by=ROADS), do.Take(), HOLDER)
    assert refused(own, do.Route("roads"), HOLDER)[0] == "no_such_unit"
    recused = after((do.Recuse(), COLLEAGUE), (do.Take(), HOLDER))
    assert refused(recused, do.Route("housing"), HOLDER)[0] == "no_such_unit"


def test_a_unit_objects_once_and_what_was_insisted_on_stays() -> None:
    objected = after(*SENT, (do.Object(WHY), WATER), (do.Take(), HOLDER))
    assert refused(objected, do.Route("water"), HOLDER) == ("objected_before", "TL 23(3)")
    back = give(give(objected, do.Insist(WHY), HOLDER), do.Take(), WATER)
    assert refused(back, do.Object(WHY), WATER) == ("objected_before", "TL 23(3)")
    assert [d.name for d in back.deadlines] == ["accept"]


def test_a_unit_the_desk_sent_it_to_by_category_objects_within_five_working_days() -> None:
    taken = after((do.Take(), ROADS), category="urban.roads")
    last, late = NOW + timedelta(days=7), NOW + timedelta(days=8)
    assert give(taken, do.Object(WHY), ROADS, last).unit == "front"
    assert refused(taken, do.Object(WHY), ROADS, late) == ("too_late", "TL 23(3)")


def test_an_objection_is_not_insisted_on_where_nobody_is_left() -> None:
    """The unit's only officer has withdrawn in the meantime, as one of the sender's people."""
    steps = (do.Take(), HOLDER), (do.Route("housing"), HOLDER), (do.Take(), COLLEAGUE)
    objected = after(*steps, (do.Object(WHY), COLLEAGUE), (do.Recuse(), COLLEAGUE))
    taken = give(objected, do.Take(), HOLDER)
    assert refused(taken, do.Insist(WHY), HOLDER) == ("no_such_unit", "TL 23(3)")
    assert give(taken, do.Route("water"), HOLDER).unit == "water"


# -- withdrawing for an interest -----------------------------------------------------------------


def test_who_withdraws_leaves_the_case_to_be_taken_by_a_colleague() -> None:
    left = after(*SENT, (do.Accept(), WATER), (do.Recuse(), WATER))
    assert (left.unit, left.holder, left.recused) == ("water", None, {WATER})
    assert refused(left, do.Take(), WATER)[0] == "not_yours"
    assert give(left, do.Take(), WATER_COLLEAGUE).holder == WATER_COLLEAGUE


def test_the_last_one_who_withdraws_from_what_is_not_accepted_sends_it_back() -> None:
    steps = (do.Take(), HOLDER), (do.Route("roads"), HOLDER), (do.Take(), ROADS)
    left = after(*steps, (do.Recuse(), ROADS))
    assert (left.unit, left.holder, left.state) == ("front", None, State.ROUTED)
    assert left.entries[-1].event == ev.Recused(officer=ROADS, to="front")
    held = give(left, do.Take(), HOLDER)
    assert refused(held, do.Object(WHY), HOLDER)[0] == "nobody_sent_it"
    assert give(held, do.Route("water"), HOLDER).unit == "water"


def test_the_last_one_who_withdraws_from_what_is_handled_passes_it_up() -> None:
    steps = (do.Take(), HOLDER), (do.Route("roads"), HOLDER), (do.Take(), ROADS)
    left = after(*steps, (do.Accept(), ROADS), (do.Recuse(), ROADS))
    assert (left.unit, left.responsible, left.state) == ("gov", "gov", State.HANDLING)
    answered = give(give(left, do.Take(), REVIEWER), REPLY, REVIEWER)
    assert answered.reply is not None
    assert answered.reply.reviewer == "prov"


def test_a_report_whose_examiner_withdraws_stays_among_examiners_and_the_last_cannot() -> None:
    left = after((do.Take(), INSPECTOR), (do.Recuse(), INSPECTOR), purpose=REPORT)
    assert left.unit == "shengji"
    assert not any(may_see(somebody(INSPECTOR), sight, left) for sight in Sight)
    assert refused(left, do.Recuse(), EXAMINER) == ("nobody_left", "TL 28")


def test_the_last_reviewer_cannot_leave_a_review_that_nobody_else_could_decide() -> None:
    petition = after(*SECOND, (do.Recuse(), PROVINCE), (do.Recuse(), PROVINCE_COLLEAGUE))
    assert refused(petition, do.Recuse(), LAST_REVIEWER) == ("nobody_left", "TL 28")


def test_who_leads_or_assists_a_case_may_withdraw_from_it_too() -> None:
    lead = ev.Lead(leader=ROADS, group=(COUNTY, ROADS), supervisor=WATCHER)
    led = after(*SENT, (do.SetLead(lead), WATER_HEAD), (do.Recuse(), ROADS))
    assert (led.lead.leader, led.lead.group, led.lead.supervisor) == (None, (COUNTY,), WATCHER)
    assert led.holder == WATER
    assert not may_see(somebody(ROADS), Sight.CARD, led)


# -- review ----------------------------------------------------------------------------------------


def test_who_only_routed_a_case_may_review_it_and_a_registrar_alone_may_not() -> None:
    asked = after(*IN_TOWN, (ASK, CITIZEN))
    assert (asked.unit, asked.state, asked.barred) == ("county", State.REVIEW, {TOWN})
    assert give(asked, do.Take(), COUNTY).holder == COUNTY
    assert refused(give(asked, do.Take(), CLERK), UPHELD, CLERK)[0] == "not_yours"
    left = give(asked, do.Recuse(), COUNTY)
    assert (left.unit, left.state) == ("front", State.REVIEW)


def test_nobody_reviews_what_went_through_their_own_hands_however_it_got_there() -> None:
    """The city's reviewers handled it themselves: the province reviews it at once."""
    steps = (do.Take(), HOLDER), (do.Route("gov"), HOLDER), (do.Take(), REVIEWER)
    replied = after(*steps, (do.Accept(), REVIEWER), (do.Reassign(SECOND_REVIEWER), REVIEWER))
    assert replied.hands == {REVIEWER, SECOND_REVIEWER}
    assert give(replied, REPLY, SECOND_REVIEWER).reply.reviewer == "prov"  # type: ignore[union-attr]
    town = after(*IN_TOWN)
    assert reviewer_of(town, RULES.office) == "county"
    busy = replace(town, hands=frozenset({TOWN, COUNTY}))  # the county has a registrar left
    assert reviewer_of(busy, RULES.office) == "front"


def test_who_sent_it_back_reviews_the_new_reply_too() -> None:
    """They judged the first reply and had no part in the second."""
    asked = after(*IN_TOWN, (ASK, CITIZEN), (do.Take(), COUNTY), (REVOKED, COUNTY))
    assert asked.hands == {TOWN}
    replied = give(give(asked, do.Take(), TOWN), REPLY, TOWN)
    assert replied.reply is not None
    assert replied.reply.reviewer == "county"
    assert give(give(replied, ASK, CITIZEN), do.Take(), COUNTY).holder == COUNTY


def test_a_review_is_passed_back_and_forth_between_reviewers() -> None:
    asked = after(*REPLIED, (ASK, CITIZEN), (do.Take(), REVIEWER))
    there = give(asked, do.Reassign(SECOND_REVIEWER), REVIEWER)
    assert give(there, do.Reassign(REVIEWER), REVIEWER).holder == REVIEWER


def test_no_second_review_where_no_level_is_above() -> None:
    steps = (do.Take(), HOLDER), (do.Route("gov"), HOLDER), (do.Take(), REVIEWER)
    asked = after(*steps, (do.Accept(), REVIEWER), (REPLY, REVIEWER), (ASK, CITIZEN))
    decided = give(give(asked, do.Take(), PROVINCE), UPHELD, PROVINCE)
    assert decided.decision is not None
    assert decided.decision.reviewer is None
    assert refused(decided, ASK, CITIZEN) == ("no_level_above", "TL 36")


@pytest.mark.parametrize("steps", [REPLIED, (*REVIEWED, (UPHELD, SECOND_REVIEWER))])
def test_a_review_is_asked_for_until_the_thirtieth_day_and_not_after(steps: tuple[Step]) -> None:
    petition = after(*steps)
    clause = "TL 35" if petition.state is State.REPLIED else "TL 36"
    assert give(petition, ASK, CITIZEN, NOW + timedelta(days=30)).open
    assert refused(petition, ASK, CITIZEN, NOW + timedelta(days=31)) == ("too_late", clause)


def test_what_a_review_sends_back_is_handled_anew_with_its_own_days_and_one_extension() -> None:
    long = *SENT, (do.Accept(), WATER), (do.AskExtension(30, WHY), WATER), (do.Extend(), WATER_HEAD)
    assert refused(after(*long), do.AskExtension(1, WHY), WATER) == ("extended_before", "TL 34")
    asked = after(*long, (REPLY, WATER), (ASK, CITIZEN), (do.Take(), REVIEWER))
    again = give(give(asked, REVOKED, REVIEWER, NOW + timedelta(days=5)), do.Take(), WATER)
    # 7 March + 60 days is 6 May.
    assert [d.due.isoformat() for d in again.deadlines] == ["2026-05-06"]
    assert give(again, do.AskExtension(1, WHY), WATER).extension is not None


def test_what_a_review_sends_back_goes_where_somebody_can_still_work_on_it() -> None:
    steps = (do.Take(), HOLDER), (do.Route("housing"), HOLDER), (do.Take(), COLLEAGUE)
    asked = after(*steps, (do.Accept(), COLLEAGUE), (REPLY, COLLEAGUE), (ASK, CITIZEN))
    left = give(give(asked, do.Recuse(), COLLEAGUE), do.Take(), REVIEWER)
    again = give(left, REVOKED, REVIEWER)
    assert again.unit == "gov"
    assert able(again, "gov", RULES.office)
    assert heir_of(again, RULES.office) == "prov"


def test_the_petitioner_does_not_withdraw_from_a_review() -> None:
    assert refused(after(*REVIEWED), do.Withdraw(), CITIZEN) == ("wrong_state", "ours")
    again = after(*REVIEWED, (REVOKED, SECOND_REVIEWER))
    assert give(again, do.Withdraw(), CITIZEN).state is State.WITHDRAWN


def test_a_hearing_is_held_in_time_and_all_of_them_take_sixty_days_at_most() -> None:
    second = after(*SECOND)
    held = give(second, do.HoldHearing(40, WHY), LAST_REVIEWER)
    assert held.deadlines[0].more == (40,)
    assert refused(held, do.HoldHearing(21, WHY), LAST_REVIEWER) == ("too_many_days", "TL 36")
    assert give(held, do.HoldHearing(20, WHY), LAST_REVIEWER).deadlines[0].more == (40, 20)
    late = NOW + timedelta(days=40)
    assert refused(second, do.HoldHearing(5, WHY), LAST_REVIEWER, late) == ("too_late", "TL 36")
    assert refused(second, do.HoldHearing(5, ()), LAST_REVIEWER) == ("reason_needed", "TL 36")


# -- time, words, and what is nobody's business ----------------------------------------------------


def test_an_extension_is_neither_asked_for_nor_approved_after_the_limit() -> None:
    handled = after(*SENT, (do.Accept(), WATER))
    late = NOW + timedelta(days=70)
    assert refused(handled, do.AskExtension(5, WHY), WATER, late) == ("too_late", "TL 34")
    asked = give(handled, do.AskExtension(5, WHY), WATER)
    assert refused(asked, do.Extend(), WATER_HEAD, late) == ("too_late", "TL 34")
    assert give(asked, do.RefuseExtension(), WATER_HEAD, late).extension is None


@pytest.mark.parametrize("text", [(), ("",), (" ", "\n")])
def test_a_question_or_an_answer_that_says_nothing_is_none(text: tuple[str, ...]) -> None:
    handled = after(*SENT, (do.Accept(), WATER))
    assert refused(handled, do.AskSupplement(text), WATER) == ("reason_needed", "TL 34")
    assert refused(handled, do.Supplement(text), CITIZEN) == ("reason_needed", "TL 34")
    assert give(handled, do.Supplement(text, ("f1",)), CITIZEN).entries[-1].event.kind


def test_a_case_is_linked_to_another_and_never_to_itself() -> None:
    taken = after((do.Take(), HOLDER))
    assert refused(taken, do.Link(taken.number, "same"), HOLDER) == ("linked_before", "ours")


def test_a_supervisor_does_not_learn_from_a_refusal_that_there_is_a_report() -> None:
    report = after((do.Take(), INSPECTOR), purpose=REPORT)
    late = NOW + timedelta(days=90)
    for command in (do.Supervise(ev.Method.PHONE, WHY, 5), do.SetLead(ev.Lead(plan=WHY))):
        assert refused(report, command, WATCHER, late) == ("not_yours", "TL 46")
    assert refused(report, do.Accept(), INSPECTOR) == ("not_for_report", "TL 30")
    assert refused(report, do.AskSupplement(WHY), INSPECTOR)[0] == "wrong_state"


def test_who_assists_by_another_role_than_work_contributes_nothing() -> None:
    office = an_office()
    roads = office.unit("roads")
    admin = roads.people[0].model_copy(update={"id": 77, "roles": frozenset({"admin"})})
    more = roads.model_copy(update={"people": (*roads.people, admin)})
    office = an_office(units=tuple(more if u.id == "roads" else u for u in office.units))
    routed = after((do.Take(), HOLDER), (do.Route("water", assisting=("roads",)), HOLDER))
    who = MOVES[do.Contribute].who
    assert who(somebody(ROADS), routed)
    assert not who(actor_of(77, office), routed)


def test_a_suggestion_is_answered_and_not_accepted_and_a_report_referred_to_discipline() -> None:
    suggestion = after((do.Take(), HOLDER), purpose=ev.Purpose.SUGGESTION)
    assert refused(suggestion, do.Accept(), HOLDER) == ("not_for_suggestion", "TL 29")
    answered = give(suggestion, do.AnswerSuggestion(False, WHY), HOLDER)
    assert (answered.state, answered.deadlines) == (State.ANSWERED, ())
    assert refused(answered, ASK, CITIZEN)[0] == "wrong_state"
    report = after((do.Take(), INSPECTOR), purpose=REPORT)
    court = ev.Way(route="r", kind="court", zh="去法院", en="Court", clause="TL 31")
    assert refused(report, do.Refer(court), INSPECTOR) == ("must_stay_secret", "TL 30")
    assert refused(report, do.Route("water"), INSPECTOR)[0] in ("no_such_unit", "must_stay_secret")
    assert give(report, do.Route("shengji"), INSPECTOR).unit == "shengji"


# -- supervision -----------------------------------------------------------------------------------


def test_the_unit_that_was_asked_answers_although_the_case_has_moved_on() -> None:
    """It was late, it was supervised, it replied; the reviewers have nothing to answer for it."""
    late = NOW + timedelta(days=70)
    handled = after(*SENT, (do.Accept(), WATER))
    asked = give(handled, do.Supervise(ev.Method.VISIT, WHY, 5), WATCHER, late)
    review = give(give(give(asked, REPLY, WATER), ASK, CITIZEN), do.Take(), REVIEWER)
    assert [s.unit for s in review.supervisions] == ["water"]
    assert refused(review, do.AnswerSupervision(WHY), REVIEWER) == ("not_supervised", "TL 40")
    answered = give(review, do.AnswerSupervision(WHY), WATER_COLLEAGUE)
    assert answered.supervisions == ()
    assert answered.entries[-1].event == ev.SupervisionAnswered(unit="water", text=WHY)


def test_one_unit_s_answer_leaves_open_what_another_was_asked() -> None:
    accept_late, late = NOW + timedelta(days=20), NOW + timedelta(days=90)
    phone = do.Supervise(ev.Method.PHONE, WHY, 5)
    first = give(a_petition(), phone, WATCHER, accept_late)
    sent = first
    for command, who in (*SENT, (do.Accept(), WATER)):
        sent = give(sent, command, who)
    both = give(sent, phone, WATCHER, late)
    assert [s.unit for s in both.supervisions] == ["front", "water"]
    assert [s.unit for s in give(both, do.AnswerSupervision(WHY), HEAD).supervisions] == ["water"]
    assert [s.unit for s in give(both, do.AnswerSupervision(WHY), WATER).supervisions] == ["front"]


def test_a_unit_that_owes_an_answer_is_concerned_by_the_case() -> None:
    asked = give(
        a_petition(category="urban.roads"),
        do.Supervise(ev.Method.PHONE, WHY, 5),
        WATCHER,
        NOW + timedelta(days=20),
    )
    assert "roads" in units_of(asked)


# -- the clock -------------------------------------------------------------------------------------


def head_of(petition: Petition) -> do.Escalate:
    """The head is to hear that the case was not handled in time."""
    return do.Escalate("handle", named(petition.deadlines, "handle").due, "head")


def test_what_is_handled_again_is_escalated_again() -> None:
    handled = after(*SENT, (do.Accept(), WATER))
    late = NOW + timedelta(days=70)
    told = give(handled, head_of(handled), None, late)
    assert refused(told, head_of(told), None) == ("escalated_before", "ours")
    asked = give(give(told, REPLY, WATER), ASK, CITIZEN)
    again = give(give(asked, do.Take(), REVIEWER), REVOKED, REVIEWER)
    later = give(again, head_of(again), None, late + timedelta(days=70))
    assert len(later.escalations) == 2


def test_an_erased_case_is_not_looked_at_nor_linked() -> None:
    petition = after(*SENT)
    gone = Entry(len(petition.entries) + 1, NOW, Party("desk"), ev.Erased(why="order"))
    erased = fold("p1", CITIZEN, (*petition.entries, gone))
    for command in (do.Look(), do.Link("1", "same"), do.AnswerSupervision(WHY)):
        assert refused(erased, command, WATER)[0] in ("wrong_state", "not_yours")
