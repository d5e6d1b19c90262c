"""Whom a report (检举控告) is about, and who may then examine it (TL 30, 46(5))."""

from typing import Any

import pytest
from making import EXAMINER, INSPECTOR, RULES, WATER, WATER_HEAD, a_filing, an_office

from petitions import events as ev
from petitions.office import Office
from petitions.shielding import Shield, examiner, shield_of
from petitions.units import Name, Unit

OFFICE = RULES.office


def report(**more: Any) -> ev.Filing:
    return a_filing(purpose=ev.Purpose.ACCUSATION, **more)


def with_unit(unit: Unit) -> Office:
    return an_office(units=tuple(unit if u.id == unit.id else u for u in OFFICE.units))


def test_only_a_report_is_shielded() -> None:
    assert shield_of(a_filing(against_units=("water",), facts=("市水务局",)), OFFICE) == Shield()


@pytest.mark.parametrize(
    "more",
    [
        {"against_units": ("water",)},
        {"against": "市水务局的人"},
        {"title": "市水务局收钱"},
        {"facts": ("他们", "市水务局的人收了钱")},
        {"request": ("查市水务局",)},
    ],
)
def test_a_unit_that_was_chosen_or_is_named_anywhere_is_shielded(more: dict[str, Any]) -> None:
    assert shield_of(report(**more), OFFICE).units == ("water",)


def test_a_person_who_is_named_is_shielded_in_either_language() -> None:
    water = OFFICE.unit("water")
    named = water.people[0].model_copy(update={"name": Name(zh="王某某", en="Wang Moumou")})
    office = with_unit(water.model_copy(update={"people": (named, *water.people[1:])}))
    assert shield_of(report(facts=("王某某收了钱",)), office).people == (WATER_HEAD,)
    assert shield_of(report(facts=("wang moumou took it",)), office).people == (WATER_HEAD,)
    assert shield_of(report(facts=("王某收了钱",)), office) == Shield()


def test_a_name_of_one_character_stands_in_too_many_words_to_mean_a_person() -> None:
    assert shield_of(report(facts=("甲乙丙丁都在",)), OFFICE).people == ()


def test_who_examines_is_shielded_only_when_chosen_for_people_say_to_whom_they_turned() -> None:
    assert shield_of(report(facts=("找过市纪委",)), OFFICE).units == ()
    assert shield_of(report(against_units=("jiwei",)), OFFICE).units == ("jiwei",)


def test_the_report_goes_to_the_next_examiner_who_has_no_part_in_it() -> None:
    assert examiner(Shield(), OFFICE) == "jiwei"
    assert examiner(Shield(units=("jiwei",)), OFFICE) == "shengji"
    assert examiner(Shield(people=(INSPECTOR,)), OFFICE) == "shengji"
    assert examiner(Shield(people=(WATER,)), OFFICE) == "jiwei"
    assert examiner(Shield(people=(INSPECTOR, EXAMINER)), OFFICE) is None
    assert examiner(Shield(), OFFICE, petitioner=INSPECTOR) == "shengji"


def test_an_examiner_who_also_serves_a_reported_unit_does_not_get_it() -> None:
    jiwei, water = OFFICE.unit("jiwei"), OFFICE.unit("water")
    office = with_unit(water.model_copy(update={"people": (*water.people, *jiwei.people)}))
    assert examiner(Shield(units=("water",)), office) == "shengji"


def test_a_unit_where_nobody_has_the_role_examines_nothing() -> None:
    jiwei = OFFICE.unit("jiwei")
    idle = jiwei.people[0].model_copy(update={"roles": frozenset({"handler", "head"})})
    office = with_unit(jiwei.model_copy(update={"people": (idle,)}))
    assert examiner(Shield(), office) == "shengji"
