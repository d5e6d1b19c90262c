"""Who may see how much of a petition, and who works on it."""

from typing import Any

import pytest
from making import (
    CITIZEN,
    COLLEAGUE,
    COUNTY,
    EXAMINER,
    HEAD,
    HOLDER,
    INSPECTOR,
    OUTSIDER,
    REVIEWER,
    ROADS,
    RULES,
    WATCHER,
    WATER,
    a_petition,
    give,
    somebody,
)

from petitions import commands as do
from petitions import events as ev
from petitions.access import (
    DESK,
    Actor,
    Sight,
    actor_of,
    leads,
    may_reach,
    may_see,
    ties,
    works_on,
)
from petitions.record import Party, Petition, fold

OFFICE = RULES.office
EVERYBODY = (CITIZEN, HEAD, HOLDER, COLLEAGUE, WATCHER, INSPECTOR, OUTSIDER)


def seers(petition: Petition, sight: Sight) -> set[int]:
    return {who for who in EVERYBODY if may_see(somebody(who), sight, petition)}


def test_the_unit_sees_its_case_the_supervisor_its_card_and_rating_and_the_petitioner_its_way() -> (
    None
):
    petition = a_petition()
    unit = {HEAD, HOLDER, COLLEAGUE}
    assert seers(petition, Sight.CARD) == {*unit, WATCHER}
    assert seers(petition, Sight.DETAILS) == unit
    assert seers(petition, Sight.TIMELINE) == {CITIZEN}
    assert seers(petition, Sight.RATING) == {WATCHER}


def test_a_report_against_people_is_seen_by_who_examines_it_and_no_one_else() -> None:
    petition = a_petition(purpose=ev.Purpose.ACCUSATION)
    assert petition.unit == "jiwei"
    assert seers(petition, Sight.CARD) == seers(petition, Sight.DETAILS) == {INSPECTOR}
    assert seers(petition, Sight.TIMELINE) == {CITIZEN}
    assert seers(petition, Sight.RATING) == set()


def test_another_unit_s_people_see_nothing_but_the_card_of_what_their_office_sent_there() -> None:
    petition = a_petition(category="urban.roads")
    assert (petition.unit, petition.sender) == ("roads", "front")
    assert seers(petition, Sight.CARD) == {HEAD, HOLDER, COLLEAGUE, WATCHER}
    assert seers(petition, Sight.DETAILS) == set()


@pytest.mark.parametrize("who", [HOLDER, WATCHER])
def test_an_officer_who_files_sees_their_own_petition_as_every_petitioner_does(who: int) -> None:
    own = fold("p1", who, a_petition().entries)
    seen = {sight for sight in Sight if may_see(somebody(who), sight, own)}
    assert seen == {Sight.TIMELINE}


@pytest.mark.parametrize("sight", Sight)
def test_the_desk_itself_sees_what_it_works_on(sight: Sight) -> None:
    assert may_see(DESK, sight, a_petition())


def test_nobody_works_on_their_own_petition_nor_leads_it() -> None:
    petition = a_petition()
    assert {w for w in EVERYBODY if works_on(somebody(w), petition)} == {HEAD, HOLDER, COLLEAGUE}
    assert {w for w in EVERYBODY if leads(somebody(w), petition)} == {HEAD}
    own = fold("p1", HEAD, petition.entries)
    assert not may_see(somebody(HEAD), Sight.CARD, own)
    assert may_see(somebody(HEAD), Sight.TIMELINE, own)
    assert not works_on(somebody(HEAD), own)
    assert not leads(somebody(HEAD), own)


def test_who_left_the_group_has_no_post_there_any_more() -> None:
    assert set(somebody(COLLEAGUE).posts) == {"front", "housing"}
    left = actor_of(COLLEAGUE, OFFICE, frozenset({"front"}))
    assert set(left.posts) == {"housing"}
    assert not works_on(left, a_petition())
    assert not may_see(left, Sight.CARD, a_petition())
    assert actor_of(OUTSIDER, OFFICE).posts == {}
    assert actor_of(WATCHER, OFFICE).supervises
    assert not actor_of(WATCHER, OFFICE, frozenset({"ducha"})).supervises


def test_how_the_record_names_each_of_them() -> None:
    petition = a_petition()
    assert DESK.party(petition) == Party("desk")
    assert somebody(CITIZEN).party(petition) == Party("petitioner", CITIZEN)
    assert somebody(OUTSIDER).party(None) == Party("petitioner", OUTSIDER)
    assert somebody(COLLEAGUE).party(petition) == Party("officer", COLLEAGUE, "front")
    assert somebody(WATCHER).party(petition) == Party("officer", WATCHER, "ducha")
    assert Actor(5).party(petition) == Party("officer", 5, None)
    # An officer who files is a petitioner in that case.
    assert somebody(HEAD).party(fold("p1", HEAD, petition.entries)) == Party("petitioner", HEAD)


WHY = ("理由",)
SENT = ((do.Take(), HOLDER), (do.Route("water", assisting=("roads",)), HOLDER))
REPLY = do.Reply(ev.Outcome.EXPLAINED, WHY, "TL 32")
LIFE = (*SENT, (do.Take(), WATER), (do.Accept(), WATER), (REPLY, WATER))
ALL = (*EVERYBODY, ROADS, WATER, COUNTY, REVIEWER, EXAMINER)


def lived(*steps: tuple[do.Command, int | None], **filing: Any) -> Petition:
    petition = a_petition(**filing)
    for command, who in steps:
        petition = give(petition, command, who)
    return petition


def all_seers(petition: Petition, sight: Sight) -> set[int]:
    return {who for who in ALL if may_see(somebody(who), sight, petition)}


def test_a_case_is_read_where_it_is_worked_on_and_its_card_alone_where_it_came_from() -> None:
    handled = lived(*LIFE[:-1])
    assert all_seers(handled, Sight.DETAILS) == {WATER, ROADS}
    assert all_seers(handled, Sight.CARD) == {WATER, ROADS, HEAD, HOLDER, COLLEAGUE, WATCHER}


def test_who_reviews_reads_it_beside_those_who_answer_for_it() -> None:
    review = lived(*LIFE, (do.AskReview(WHY), CITIZEN))
    assert all_seers(review, Sight.DETAILS) == {REVIEWER, WATER, ROADS}


def test_an_objection_leaves_its_card_with_the_unit_that_objected() -> None:
    objected = lived(*LIFE[:3], (do.Object(WHY), WATER))
    assert WATER in all_seers(objected, Sight.CARD)
    assert WATER not in all_seers(objected, Sight.DETAILS)


def test_whom_a_led_case_names_reads_it_wherever_they_work() -> None:
    lead = ev.Lead(leader=REVIEWER, group=(COUNTY,), supervisor=WATCHER)
    led = lived(*LIFE[:-1], (do.SetLead(lead), HEAD))
    assert {REVIEWER, COUNTY, WATCHER} <= all_seers(led, Sight.DETAILS)


def test_a_report_that_went_to_another_examiner_is_not_seen_where_it_was() -> None:
    passed = lived(
        *((do.Take(), INSPECTOR), (do.Route("shengji"), INSPECTOR)),
        purpose=ev.Purpose.ACCUSATION,
    )
    assert all_seers(passed, Sight.CARD) == all_seers(passed, Sight.DETAILS) == {EXAMINER}


@pytest.mark.parametrize("sight", Sight)
def test_who_is_reported_sees_nothing_of_it_in_any_state(sight: Sight) -> None:
    report = {"purpose": ev.Purpose.ACCUSATION, "against_units": ("water", "jiwei")}
    way = ev.Way(route="r", kind="discipline", zh="纪检", en="Discipline", clause="TL 30")
    taken = lived((do.Take(), EXAMINER), **report)
    for petition in (lived(**report), taken, give(taken, do.Refer(way), EXAMINER)):
        assert all_seers(petition, sight) <= {EXAMINER, CITIZEN}


def test_a_group_is_reached_by_no_report_about_one_of_its_units_or_people() -> None:
    report = lived(purpose=ev.Purpose.ACCUSATION, against_units=("water",))
    assert may_reach(frozenset({"jiwei"}), OFFICE, report)
    assert not may_reach(frozenset({"jiwei", "water"}), OFFICE, report)
    assert may_reach(frozenset({"jiwei", "water"}), OFFICE, lived())


@pytest.mark.parametrize("steps", [(), SENT, LIFE, (*LIFE[:-1], (do.Recuse(), WATER))])
def test_what_may_be_seen_rests_on_ties_alone_so_that_a_query_leaves_nobody_out(
    steps: tuple[tuple[do.Command, int | None], ...],
) -> None:
    petition = lived(*steps)
    tied = ties(petition)
    for who in set(ALL) - {CITIZEN}:
        actor = somebody(who)
        if any(may_see(actor, sight, petition) for sight in Sight):
            mine = {("unit", unit) for unit in actor.posts} | {("led", str(who))}
            assert actor.supervises or mine & tied
            assert ("kept", str(who)) not in tied
