"""Who must not learn of a report, or judge what they did: each as it was once met (TL 28, 30)."""

from datetime import timedelta

import pytest
from making import NOW, a_filing, sample_office, the_rules

from bot.loading import load_office
from petitions import commands as do
from petitions import events as ev
from petitions.able import heir_of
from petitions.access import DESK, Sight, actor_of, may_see, ties
from petitions.lifecycle import Refused, decide, register
from petitions.record import Entry, Party, Petition, State, fold
from petitions.reminding import moments

OFFICE = load_office(sample_office())
RULES = the_rules(OFFICE)
CITIZEN, LI, ZHOU, SUN, HE, WEI = 1001, 2001, 2002, 2004, 2006, 2011
REPORT = {"purpose": ev.Purpose.ACCUSATION, "facts": ("有人收钱。",), "category": None}


def live(*steps: tuple[int | None, do.Command], **filing: object) -> Petition:
    made = do.Register(a_filing(**filing), "99010020260302000017", "00")
    first = register(made, NOW, RULES, CITIZEN)
    petition = fold("p1", CITIZEN, [Entry(1, NOW, Party("petitioner", CITIZEN), first)])
    for who, command in steps:
        actor = DESK if who is None else actor_of(who, OFFICE)
        at = NOW + timedelta(minutes=len(petition.entries))
        event = decide(petition, command, actor, at, RULES)
        entry = Entry(len(petition.entries) + 1, at, actor.party(petition), event)
        petition = fold(petition.id, petition.petitioner, (*petition.entries, entry))
    return petition


def added(*text: str) -> Petition:
    return live((SUN, do.Take()), (CITIZEN, do.Supplement(text)), **REPORT)


def test_who_was_named_only_in_what_was_added_saw_the_report() -> None:
    """The unit reported keeps out; the examiner goes on, for nobody of theirs is named."""
    named = added("带头的是市交通运输局的何立平。")
    assert (named.unit, named.holder) == ("jiwei", SUN)
    assert ("kept", str(HE)) in ties(named)
    assert ("kept_unit", "jiaotong") in ties(named)
    assert may_see(actor_of(SUN, OFFICE), Sight.DETAILS, named)
    routed = live((SUN, do.Take()), (SUN, do.Route("shengjw")), **REPORT)
    assert routed.unit == "shengjw"


def test_an_examiner_who_was_named_in_what_was_added_went_on_examining() -> None:
    """The next unit that may examine it has it, and the one named sees nothing any more."""
    named = added("其实孙正也收了钱。")
    assert (named.unit, named.holder, named.state) == ("shengjw", None, State.REGISTERED)
    assert not any(may_see(actor_of(SUN, OFFICE), sight, named) for sight in Sight)
    assert may_see(actor_of(WEI, OFFICE), Sight.DETAILS, named)
    assert named.deadlines == live(**REPORT).deadlines


def test_what_names_everybody_who_could_examine_it_is_not_kept_where_they_read_it() -> None:
    with pytest.raises(Refused, match="nobody_to_examine"):
        added("孙正和卫东明都收了钱。")


def test_a_name_in_what_is_added_to_any_other_petition_keeps_nobody_out() -> None:
    plain = live((CITIZEN, do.Supplement(("李建国说过会修。",))))
    assert (plain.shielded_people, plain.shielded_units) == (frozenset(), frozenset())


def test_that_a_report_is_late_was_told_beyond_the_unit_that_examines_it() -> None:
    report = live(**REPORT)
    assert {m.step for m in moments(report, RULES)} == {"remind", "colour", "head"}
    assert {"supervisor", "leader"} <= {m.step for m in moments(live(), RULES)}
    due = report.deadlines[0]
    late = NOW + timedelta(days=60)
    for level in ("supervisor", "leader"):
        with pytest.raises(Refused, match="not_for_report"):
            decide(report, do.Escalate(due.name, due.due, level), DESK, late, RULES)


def objected() -> Petition:
    """Li, who serves at the petition office too, objects for the housing bureau."""
    steps = (LI, do.Take()), (LI, do.Object(("不归本局。",)))
    return live(*steps, category="urban.property")


def test_who_objected_for_one_unit_decided_on_it_in_the_other() -> None:
    back = objected()
    assert (back.unit, back.barred) == ("xinfang", {LI})
    with pytest.raises(Refused, match="own_interest"):
        decide(back, do.Take(), actor_of(LI, OFFICE), NOW, RULES)
    ev_taken = decide(back, do.Take(), actor_of(ZHOU, OFFICE), NOW, RULES)
    assert ev_taken == ev.Taken(holder=ZHOU)


def test_an_objection_went_by_a_withdrawal_to_a_unit_that_could_only_look_at_it() -> None:
    """Only a petition office can send it on, or say that the objection does not stand."""
    heir = heir_of(objected(), OFFICE)
    assert heir is not None
    assert OFFICE.is_petition_office(heir)
