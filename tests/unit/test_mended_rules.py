"""What once broke in the rules, each as it was met: it stays mended."""

from dataclasses import replace

import pytest
from making import (
    CITIZEN,
    HOLDER,
    INSPECTOR,
    NOW,
    OFFICE,
    REVIEWER,
    ROADS,
    RULES,
    WATCHER,
    a_petition,
    an_office,
    give,
    the_rules,
)

from dialogs.audience import LINES
from petitions import commands as do
from petitions import events as ev
from petitions.able import heir_of
from petitions.access import Sight, actor_of, may_reach, may_see
from petitions.deadlines import Calendar, DayKind, Limit, deadline
from petitions.lifecycle import Refused
from petitions.office import parse_office
from petitions.record import Entry, Party, Petition, fold
from petitions.supervising import unanswered
from petitions.units import Unit

REPLY = do.Reply(ev.Outcome.EXPLAINED, ("已办。",), "《条例》第三条")
LATE_IN_2026 = NOW.replace(month=12, day=10)
KNOWN = replace(RULES, calendar=Calendar({}, frozenset({2027})))


def names(petition: Petition) -> list[str]:
    return [d.name for d in petition.deadlines]


def test_a_step_taken_back_after_dates_were_counted_again_left_the_dates_of_that_step() -> None:
    """The case was handled again, yet ran the windows of the reply and owed nothing any more."""
    handled = give(give(a_petition(LATE_IN_2026), do.Take(), HOLDER), do.Accept(), HOLDER)
    again = give(give(handled, REPLY, HOLDER), do.Recount(), None, rules=KNOWN)
    assert again.entries[-1].event.kind == "recounted"
    back = give(again, do.Undo(), HOLDER)
    assert names(back) == names(handled) == ["handle"]
    assert [d.name for d in back.duties] == ["handle"]
    assert not any(d.provisional for d in give(back, do.Recount(), None, rules=KNOWN).deadlines)


SERVING_TWICE = OFFICE.replace(
    'roles = ["discipline"] }]',
    'roles = ["discipline"] },'
    ' { id = 42, name = { zh = "辛", en = "H" }, roles = ["discipline"] }]',
)


def test_a_report_was_routed_to_where_somebody_of_the_reported_unit_serves_too() -> None:
    """TL 30: who examines it next must be as clear of it as who examined it first."""
    assert SERVING_TWICE != OFFICE
    office = parse_office(SERVING_TWICE)
    rules = the_rules(office)
    report = a_petition(purpose=ev.Purpose.ACCUSATION, against_units=("water",))
    taken = give(report, do.Take(), INSPECTOR, rules=rules)
    with pytest.raises(Refused, match="must_stay_secret"):
        give(taken, do.Route("shengji"), INSPECTOR, rules=rules)
    assert heir_of(report, office) is None
    assert not may_reach(frozenset({"shengji"}), office, report)
    assert may_reach(frozenset({"jiwei"}), office, report)


def test_who_closed_a_case_looked_into_why_the_petitioner_was_not_satisfied() -> None:
    """2014 办法: 不满意 is looked into by a supervisor who did not close it."""
    text = OFFICE.replace(
        'roles = ["supervisor"] }]',
        'roles = ["supervisor"] },'
        ' { id = 12, name = { zh = "乙", en = "B" }, roles = ["supervisor"] }]',
    )
    office = parse_office(text)
    rules = the_rules(office)
    replied = a_petition()
    for command, by in ((do.Take(), HOLDER), (do.Accept(), HOLDER), (REPLY, HOLDER)):
        replied = give(replied, command, by, rules=rules)
    assert actor_of(HOLDER, office).supervises
    assert not may_see(actor_of(HOLDER, office), Sight.RATING, replied)
    assert may_see(actor_of(WATCHER, office), Sight.RATING, replied)


def test_who_asked_another_unit_was_told_nothing_once_one_unit_had_answered() -> None:
    """Two units were asked; an answer closes its own unit's supervision and no other's."""
    due = deadline(Limit("supervision", 5, DayKind.WORKING, "TL 40"), NOW.date(), Calendar())

    def asked(unit: str) -> ev.Supervised:
        return ev.Supervised(method=ev.Method.PHONE, unit=unit, text=(unit,), deadline=due)

    said = ev.SupervisionAnswered(unit="town", text=("已说明",))
    told = ev.SupervisionAnswered(unit="front", text=("已说明",))
    petition = a_petition()
    for by, event in (("county", asked("front")), ("ducha", asked("town")), ("town", said)):
        entry = Entry(len(petition.entries) + 1, NOW, Party("officer", 11, by), event)
        petition = fold("p1", CITIZEN, (*petition.entries, entry))
    (waits,) = unanswered(petition.standing())
    assert waits.event == petition.supervisions[0] == asked("front")
    last = Entry(5, NOW, Party("officer", 11, "front"), told)
    petition = fold("p1", CITIZEN, (*petition.entries, last))
    assert unanswered(petition.entries) == petition.supervisions == ()
    assert "county" in LINES["supervision_answered"](petition, last, RULES.office)


def test_a_unit_that_handles_a_case_again_in_another_s_place_did_not_answer_for_it() -> None:
    """Nobody is left at the unit that replied: who has it now is told of the next review."""
    replied = a_petition(category="urban.roads")
    for command in (do.Take(), do.Accept(), REPLY):
        replied = give(replied, command, ROADS)
    asked = give(give(replied, do.AskReview(("不服。",)), CITIZEN), do.Take(), REVIEWER)
    empty = an_office(units=tuple(_without_people(u, "roads") for u in RULES.office.units))
    again = do.DecideReview(ev.Finding.REVOKED, ("重办。",), "《条例》第三十五条")
    passed = give(asked, again, REVIEWER, rules=the_rules(empty))
    assert (passed.unit, passed.responsible) == ("gov", "gov")
    kept = give(asked, again, REVIEWER)
    assert (kept.unit, kept.responsible) == ("roads", "roads")


def _without_people(unit: Unit, unit_id: str) -> Unit:
    return unit.model_copy(update={"people": ()}) if unit.id == unit_id else unit
