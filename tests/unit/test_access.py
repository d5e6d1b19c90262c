"""Who may see how much of a petition, and who works on it."""

import pytest
from making import (
    CITIZEN,
    COLLEAGUE,
    HEAD,
    HOLDER,
    INSPECTOR,
    OUTSIDER,
    RULES,
    WATCHER,
    a_petition,
    somebody,
)

from petitions import events as ev
from petitions.access import DESK, Actor, Sight, actor_of, leads, may_see, works_on
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
