"""Who is asked, what follows from 不满意, and who looks into it (满意度评价, 2014 办法)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from making import (
    CITIZEN,
    HOLDER,
    LAST_REVIEWER,
    NOW,
    OFFICE,
    REVIEW_COLLEAGUE,
    REVIEWER,
    ROADS,
    RULES,
    SECOND_REVIEWER,
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
from petitions.access import DESK, Sight, actor_of, may_read, may_see, ties
from petitions.lifecycle import Refused, Rules, decide, possible
from petitions.office import Office, parse_office
from petitions.record import Petition, State
from petitions.roster import all_barred, inquirer_for

WHY = ("理由",)
REPLY = do.Reply(ev.Outcome.EXPLAINED, WHY, "TL 32")
LOW = do.Rate(ev.Verdict.GOOD, ev.Verdict.BAD, "没修好")
FINE = do.Rate(ev.Verdict.GOOD, ev.Verdict.FAIR)
EXPLAINED = do.Inquire(ev.Result.EXPLAINED, WHY)
Step = tuple[do.Command, int | None]
REPLIED: tuple[Step, ...] = (
    (do.Take(), HOLDER),
    (do.Route("water", assisting=("roads",)), HOLDER),
    (do.Take(), WATER),
    (do.Accept(), WATER),
    (REPLY, WATER),
)
RATED: tuple[Step, ...] = (*REPLIED, (do.OpenSurvey(), None), (LOW, CITIZEN))
TAKEN: tuple[Step, ...] = (*RATED, (do.TakeInquiry(), WATCHER))
ENDED: tuple[Step, ...] = (*TAKEN, (EXPLAINED, WATCHER))
REVIEW: tuple[Step, ...] = ((do.AskReview(WHY), CITIZEN), (do.Take(), REVIEWER))
REVOKED: tuple[Step, ...] = (
    *REVIEW,
    (do.DecideReview(ev.Finding.REVOKED, WHY, "TL 35"), REVIEWER),
    (do.Take(), WATER),
)


def lived(*steps: Step, rules: Rules = RULES, **filing: Any) -> Petition:
    petition = a_petition(**filing)
    for command, who in steps:
        petition = give(petition, command, who, rules=rules)
    return petition


def refused(
    petition: Petition, command: do.Command, by: int | None, at: Any = None, rules: Rules = RULES
) -> str:
    with pytest.raises(Refused) as no:
        give(petition, command, by, at, rules)
    return no.value.code


def with_also(unit: str, officer: int) -> Office:
    """The office where this officer sits in that unit as well."""
    head, of, rest = OFFICE.partition(f'id = "{unit}"')
    begins = rest.index("people = [") + len("people = [")
    also = f'{{ id = {officer}, name = {{ zh = "又", en = "Too" }} }},'
    return parse_office(head + of + rest[:begins] + also + rest[begins:])


# -- who is asked --------------------------------------------------------------------------------


@pytest.mark.parametrize("earlier", ["", "99010020260102000017"])
def test_what_was_raised_before_is_not_surveyed(earlier: str) -> None:
    again = lived(*REPLIED, earlier=earlier)
    assert refused(again, do.OpenSurvey(), None) == "not_surveyed"
    assert do.AskReview in possible(again, somebody(CITIZEN), NOW, RULES)


@pytest.mark.parametrize(("how", "asked"), [("repeats", False), ("repeated_by", True)])
def test_what_was_linked_as_a_repeat_is_not_surveyed_and_what_it_repeats_is(
    how: Any, asked: bool
) -> None:
    linked = lived(
        (do.Take(), HOLDER), (do.Link("99010020260102000017", how), HOLDER), *REPLIED[1:]
    )
    assert (do.OpenSurvey in possible(linked, DESK, NOW, RULES)) == asked


def test_the_unit_that_answers_for_it_cannot_spare_itself_the_survey_by_a_link() -> None:
    linked = lived(*REPLIED, (do.Link("99010020260102000017", "repeats"), WATER))
    assert linked.repeats
    assert do.OpenSurvey in possible(linked, DESK, NOW, RULES)


def test_who_was_asked_may_answer_though_it_is_linked_as_a_repeat_since() -> None:
    asked = (*REPLIED, (do.OpenSurvey(), None))
    linked = lived(*asked, (do.Link("99010020260102000017", "repeats"), WATER))
    assert give(linked, LOW, CITIZEN).rating is not None


# -- what opens an inquiry -----------------------------------------------------------------------


@pytest.mark.parametrize("office", ev.Verdict)
@pytest.mark.parametrize("unit", ev.Verdict)
def test_either_answer_opens_it(office: ev.Verdict, unit: ev.Verdict) -> None:
    rated = lived(*RATED[:-1], (do.Rate(office, unit), CITIZEN))
    low = ev.Verdict.BAD in (office, unit)
    assert (rated.inquiry is not None) == low
    assert (do.TakeInquiry in possible(rated, somebody(WATCHER), NOW, RULES)) == low


def test_a_better_answer_later_ends_no_inquiry_and_asks_for_no_third_answer() -> None:
    changed = lived(*RATED, (FINE, CITIZEN))
    assert changed.inquiry is not None
    assert changed.inquiry.open
    assert changed.inquiry.about.reason == "没修好"
    ended = give(give(changed, do.TakeInquiry(), WATCHER), EXPLAINED, WATCHER)
    assert refused(ended, do.AskAgain(), None) == "survey_open_already"


def test_two_press_and_one_wins() -> None:
    office = with_also("ducha", 22)
    second, rules = actor_of(22, office), the_rules(office)
    assert do.TakeInquiry in possible(lived(*RATED), second, NOW, rules)
    taken = lived(*TAKEN)
    with pytest.raises(Refused, match="inquiry_taken"):
        decide(taken, do.TakeInquiry(), second, NOW, rules)
    assert do.TakeInquiry not in possible(taken, second, NOW, rules)


# -- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "unit"),
    [(WATER_COLLEAGUE, "ducha"), (ROADS, "ducha"), (HOLDER, "ducha"), (WATCHER, "water")],
)
def test_who_handled_assisted_sent_or_sits_in_the_unit_cannot_take_it_nor_read_why(
    who: int, unit: str
) -> None:
    actor = actor_of(who, with_also(unit, who))
    rated = lived(*RATED)
    assert actor.supervises
    assert not may_see(actor, Sight.RATING, rated)
    assert not {do.TakeInquiry, do.ReadRating, do.Inquire} & {*possible(rated, actor, NOW, RULES)}


def test_a_supervisor_who_only_supervised_it_had_no_part_in_it() -> None:
    asked = lived(*RATED, (do.Supervise(ev.Method.LETTER, WHY, 5), WATCHER))
    assert do.TakeInquiry in possible(asked, somebody(WATCHER), NOW, RULES)


def test_who_leads_the_case_does_not_look_into_it_but_its_supervisor_may() -> None:
    lead = do.SetLead(ev.Lead(leader=WATER_HEAD, group=(WATCHER,)))
    led = lived(*REPLIED[:-1], (lead, WATER_HEAD), *RATED[4:])
    assert not may_see(somebody(WATCHER), Sight.RATING, led)
    watched = do.SetLead(ev.Lead(leader=WATER_HEAD, supervisor=WATCHER))
    led = lived(*REPLIED[:-1], (watched, WATER_HEAD), *RATED[4:])
    assert may_see(somebody(WATCHER), Sight.RATING, led)


def test_who_looks_into_it_reads_the_details_until_it_is_done() -> None:
    for steps, sees in ((RATED, False), (TAKEN, True), (ENDED, False)):
        petition = lived(*steps)
        assert may_see(somebody(WATCHER), Sight.DETAILS, petition) == sees
        assert (("led", str(WATCHER)) in ties(petition)) == sees
    assert may_see(somebody(WATCHER), Sight.RATING, lived(*ENDED))


def test_the_unit_learns_of_none_of_it_and_the_operator_of_all() -> None:
    looked = lived(*RATED, (do.ReadRating(), WATCHER), (do.TakeInquiry(), WATCHER))
    for command in (do.Look(), EXPLAINED):
        looked = give(looked, command, WATCHER)
    looked = give(looked, do.AskAgain(), None)
    kinds = [e.event.kind for e in looked.entries]
    since = kinds[kinds.index("rated") + 1 :]
    assert since == ["looked", "inquiry_taken", "looked", "inquired", "asked_again"]
    for who in (WATER, WATER_HEAD, ROADS, REVIEWER):
        read = [e.event.kind for e in looked.entries if may_read(somebody(who), e, looked)]
        assert read == kinds[: kinds.index("rated")]
    for reader in (DESK, somebody(WATCHER)):
        assert all(may_read(reader, e, looked) for e in looked.entries)
    theirs = give(looked, do.Look(), WATER)
    assert may_read(somebody(WATER), theirs.entries[-1], theirs)


def test_what_is_looked_into_makes_no_button_of_the_case_stale() -> None:
    before = lived(*RATED)
    ended = lived(*ENDED, (do.AskAgain(), None), (LOW, CITIZEN))
    assert (ended.version, ended.state, ended.holder) == (before.version, State.REPLIED, WATER)


# -- the roster ----------------------------------------------------------------------------------


def test_the_roster_names_who_has_the_fewest_then_the_first_of_the_office_file() -> None:
    office = with_also("ducha", 22)  # listed before WATCHER
    rated = lived(*RATED)
    assert inquirer_for(rated, office, {}) == 22
    assert inquirer_for(rated, office, {22: 1}) == WATCHER
    assert inquirer_for(rated, office, {22: 2, WATCHER: 1}) == WATCHER
    assert inquirer_for(rated, office, {22: 1, WATCHER: 1}) == 22
    assert inquirer_for(rated, office, {}, frozenset({(22, "ducha")})) == WATCHER


def test_where_all_supervisors_had_a_part_the_next_up_is_named() -> None:
    rated = lived(*RATED)
    office = with_also("water", WATCHER)
    assert all_barred(rated, office)
    assert inquirer_for(rated, office, {}) == REVIEWER
    assert inquirer_for(rated, office, {REVIEWER: 1}) == SECOND_REVIEWER
    reviewed = lived(*RATED, *REVIEW)
    assert inquirer_for(reviewed, office, {}) == LAST_REVIEWER
    named = give(rated, do.NameInquirer(), None, rules=the_rules(an_office()))
    assert named.inquiry is not None
    assert named.inquiry.officer == WATCHER  # in the office as it is nobody is barred


def test_who_was_named_above_reads_the_rating_and_the_case_and_ends_it() -> None:
    gone = frozenset({(WATCHER, "ducha")})
    named = lived(*RATED, (do.NameInquirer((), gone), None))
    assert may_see(somebody(REVIEWER), Sight.RATING, named)
    assert may_see(somebody(REVIEWER), Sight.DETAILS, named)
    assert not may_see(somebody(REVIEW_COLLEAGUE), Sight.RATING, named)
    assert refused(named, do.TakeInquiry(), WATCHER) == "inquiry_taken"
    assert not give(named, EXPLAINED, REVIEWER).inquiry.open  # type: ignore[union-attr]


def test_the_roster_names_nobody_in_anothers_place_while_they_may_do_it() -> None:
    taken = lived(*TAKEN)
    assert refused(taken, do.NameInquirer(), None) == "inquiry_taken"
    left = frozenset({(WATCHER, "ducha")})
    after = give(taken, do.NameInquirer((), left, orphaned=True), None)
    assert after.inquiry is not None
    assert after.inquiry.officer == REVIEWER


def test_who_was_named_and_whose_unit_then_gets_the_review_is_replaced() -> None:
    gone = frozenset({(WATCHER, "ducha")})
    named = lived(*RATED, (do.NameInquirer((), gone), None), (do.AskReview(WHY), CITIZEN))
    assert not may_see(somebody(REVIEWER), Sight.RATING, named)
    assert refused(named, EXPLAINED, REVIEWER) == "not_yours"
    again = give(named, do.NameInquirer((), gone), None)
    assert again.inquiry is not None
    assert again.inquiry.officer == LAST_REVIEWER
    assert give(again, do.Take(), REVIEWER).holder == REVIEWER  # no right to a review is lost


def test_where_nobody_is_left_it_stays_open_and_that_is_said() -> None:
    rated = lived(*RATED)
    everybody = frozenset((p.id, u.id) for u in RULES.office.units for p in u.people)
    assert refused(rated, do.NameInquirer((), everybody), None) == "nobody_to_inquire"


# -- what came of it -----------------------------------------------------------------------------


def test_to_have_the_unit_do_more_it_has_to_be_supervised_first() -> None:
    more = do.Inquire(ev.Result.MORE, WHY)
    order = do.Supervise(ev.Method.LETTER, WHY, 5)
    before = lived(*RATED, (order, WATCHER), (do.TakeInquiry(), WATCHER))
    assert refused(before, more, WATCHER) == "supervise_first"
    ordered = give(lived(*TAKEN), order, WATCHER)
    assert give(ordered, more, WATCHER).supervisions[0].unit == "water"


def test_what_the_unit_is_to_do_goes_to_who_answered_wherever_the_case_is() -> None:
    order = do.Supervise(ev.Method.LETTER, WHY, 5)
    elsewhere = lived(*TAKEN, *REVIEW, (order, WATCHER))
    assert elsewhere.unit == "gov"
    assert [s.unit for s in elsewhere.supervisions] == ["water"]
    assert do.AnswerSupervision in possible(elsewhere, somebody(WATER_COLLEAGUE), NOW, RULES)


def test_a_review_is_named_only_where_there_is_one() -> None:
    review = do.Inquire(ev.Result.REVIEW, WHY)
    taken = lived(*TAKEN)
    late = taken.entries[-1].at + timedelta(days=40)
    assert refused(taken, review, WATCHER, late) == "no_review_now"
    assert not give(taken, review, WATCHER).inquiry.open  # type: ignore[union-attr]
    assert not give(lived(*TAKEN, *REVIEW), review, WATCHER, late).inquiry.open  # type: ignore[union-attr]


def test_words_that_say_nothing_are_not_what_came_of_it() -> None:
    nothing = do.Inquire(ev.Result.EXPLAINED, (" ", "\n"))
    assert refused(lived(*TAKEN), nothing, WATCHER) == "reason_needed"


# -- asked once more -----------------------------------------------------------------------------


def test_asked_once_more_as_long_as_the_first_time_and_that_answer_is_the_last() -> None:
    ended = lived(*ENDED)
    at = datetime(2026, 4, 20, 2, tzinfo=UTC)
    again = give(ended, do.AskAgain(), None, at)
    assert again.survey_until is not None
    assert again.survey_until.isoformat() == "2026-05-20T15:59:59.999999+00:00"
    assert not again.rated_since
    rated = give(again, LOW, CITIZEN, at)
    assert rated.rating == rated.entries[-1].event
    assert refused(rated, do.TakeInquiry(), WATCHER, at) == "no_inquiry"
    assert refused(rated, do.NameInquirer(), None, at) == "no_inquiry"
    assert refused(rated, do.AskAgain(), None, at) == "survey_open_already"


def test_nobody_is_asked_once_more_before_what_came_of_it_is_told() -> None:
    assert refused(lived(*TAKEN), do.AskAgain(), None) == "inquiry_open"
    assert refused(lived(*REPLIED), do.AskAgain(), None) == "no_inquiry"


# -- what goes on meanwhile ----------------------------------------------------------------------


def test_a_revoked_case_keeps_its_inquiry_and_the_new_reply_asks_by_itself() -> None:
    for steps in ((*TAKEN, *REVOKED), (*TAKEN, *REVOKED, (REPLY, WATER))):
        kept = lived(*steps)
        assert kept.inquiry is not None
        assert (kept.inquiry.open, kept.inquiry.officer) == (True, WATCHER)
        assert do.ReadRating in possible(kept, somebody(WATCHER), NOW, RULES)
    ended = give(kept, EXPLAINED, WATCHER)
    assert refused(ended, do.AskAgain(), None) == "survey_open_already"
    asked = give(ended, do.OpenSurvey(), None)
    assert asked.survey_until is not None


def test_a_new_reply_that_satisfied_nobody_is_looked_into_anew() -> None:
    again = lived(*ENDED, *REVOKED, (REPLY, WATER), (do.OpenSurvey(), None), (LOW, CITIZEN))
    assert again.inquiry is not None
    assert again.inquiry.open
    assert again.inquiry.officer is None


def test_one_inquiry_answers_for_both_replies_and_then_it_is_asked_once_more() -> None:
    both = lived(*TAKEN, *REVOKED, (REPLY, WATER), (do.OpenSurvey(), None), (LOW, CITIZEN))
    ended = give(both, EXPLAINED, WATCHER)
    assert give(ended, do.AskAgain(), None).survey_until is not None


def test_withdrawn_after_it_was_revoked_it_is_still_looked_into() -> None:
    gone = lived(*TAKEN, *REVOKED, (do.Withdraw(), CITIZEN))
    assert gone.state is State.WITHDRAWN
    assert not give(gone, EXPLAINED, WATCHER).inquiry.open  # type: ignore[union-attr]


def test_who_withdraws_from_looking_into_it_never_sees_it_again_and_it_stays_open() -> None:
    left = lived(*TAKEN, (do.LeaveInquiry(), WATCHER))
    assert left.inquiry is not None
    assert (left.inquiry.open, left.inquiry.officer) == (True, None)
    assert not any(may_see(somebody(WATCHER), sight, left) for sight in Sight)
    assert left.version == lived(*RATED).version


def test_steps_of_the_unit_leave_it_as_it_is() -> None:
    moved = lived(*TAKEN, *REVOKED, (do.Reassign(WATER_COLLEAGUE), WATER))
    back = give(moved, do.Undo(), WATER)
    withdrawn = give(back, do.Recuse(), WATER)
    for petition in (moved, back, withdrawn):
        assert petition.inquiry is not None
        assert petition.inquiry.officer == WATCHER
