"""What the rules allow, refuse and conclude: one by one, then by random hands at random times."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from making import (
    CITIZEN,
    COLLEAGUE,
    HEAD,
    HOLDER,
    INSPECTOR,
    NOW,
    OUTSIDER,
    RULES,
    WATCHER,
    a_filing,
    a_petition,
    give,
    somebody,
)

import petitions
from petitions import commands as do
from petitions import events as ev
from petitions.access import DESK
from petitions.deadlines import Calendar, Deadline
from petitions.lifecycle import MOVES, Refused, Rules, decide, possible, register
from petitions.record import Petition, State, fold

REPLY = do.Reply(ev.Outcome.SUPPORTED, ("已修好",), "《物业管理条例》第三十五条")
RATE = do.Rate(ev.Verdict.GOOD, ev.Verdict.BAD, "慢", "谢谢")


def refused(petition: Petition, command: Any, by: int | None, at: datetime | None = None) -> str:
    with pytest.raises(Refused) as error:
        give(petition, command, by, at)
    return error.value.code


def taken() -> Petition:
    return give(a_petition(), do.Take(), HOLDER)


def handled() -> Petition:
    return give(taken(), do.Accept(), HOLDER)


def replied() -> Petition:
    return give(handled(), REPLY, HOLDER)


def surveyed() -> Petition:
    return give(replied(), do.OpenSurvey(), None)


def test_a_registration_goes_to_the_unit_of_its_category_and_starts_the_clock() -> None:
    command = do.Register(a_filing(category="urban.roads"), "99010020260302000017", "ab")
    made = register(command, NOW, RULES)
    assert made.unit == "roads"
    assert made.number == command.number
    assert made.receipt_salt == "ab"
    # 2 March + 15 days, day one not counted: 17 March, a Tuesday. The desk itself sent it there, so
    # the unit may object: 5 working days from Monday, 2 March are over on Monday, 9 March.
    assert made.sender == "front"
    assert [(d.name, d.due.isoformat()) for d in made.deadlines] == [
        ("answer", "2026-03-17"),
        ("object", "2026-03-09"),
    ]


def test_what_a_petition_office_registers_itself_it_was_not_sent_and_cannot_object_to() -> None:
    made = register(do.Register(a_filing(), "1", "ab"), NOW, RULES)
    assert (made.unit, made.sender, [d.name for d in made.deadlines]) == ("front", None, ["answer"])
    assert refused(taken(), do.Object(("不归我",)), HOLDER) == "nobody_sent_it"


def test_a_report_against_people_goes_to_those_who_examine_it_whatever_its_category() -> None:
    filing = a_filing(purpose=ev.Purpose.ACCUSATION, category="urban.roads")
    assert register(do.Register(filing, "1", "ab"), NOW, RULES).unit == "jiwei"


def test_deadlines_count_from_the_office_s_day_and_not_from_utc_s() -> None:
    late = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # half past midnight on the 3rd
    made = register(do.Register(a_filing(), "1", "ab"), late, RULES)
    assert made.deadlines[0].due.isoformat() == "2026-03-18"


def test_the_whole_way_from_registration_to_rating() -> None:
    petition = a_petition()
    assert petition.state is State.REGISTERED
    petition = give(petition, do.Take(), HOLDER)
    assert (petition.holder, petition.state) == (HOLDER, State.REGISTERED)
    petition = give(petition, do.Accept(), HOLDER)
    assert petition.state is State.HANDLING
    assert [d.name for d in petition.deadlines] == ["handle"]
    petition = give(petition, do.AskSupplement(("请补照片",)), HOLDER)
    assert (petition.state, petition.question) == (State.SUPPLEMENT, ("请补照片",))
    petition = give(petition, do.Supplement(("照片",), ("f1",)), CITIZEN)
    assert (petition.state, petition.question) == (State.HANDLING, ())
    petition = give(petition, do.Look(), COLLEAGUE)
    petition = give(petition, REPLY, HOLDER)
    assert petition.state is State.REPLIED
    assert not petition.open
    assert petition.reply is not None
    assert petition.reply.basis == REPLY.basis
    assert [d.name for d in petition.deadlines] == ["rate", "ask-review"]
    petition = give(petition, do.OpenSurvey(), None)
    petition = give(petition, RATE, CITIZEN)
    assert petition.rating is not None
    assert (petition.rating.office, petition.rating.unit) == (ev.Verdict.GOOD, ev.Verdict.BAD)
    assert (petition.rating.reason, petition.rating.comment) == ("慢", "谢谢")
    assert [e.event.kind for e in petition.entries] == [
        "registered",
        "taken",
        "accepted",
        "supplement_asked",
        "supplemented",
        "looked",
        "replied",
        "survey_opened",
        "rated",
    ]


def test_of_two_officers_who_take_one_wins_and_the_other_learns_who() -> None:
    with pytest.raises(Refused) as error:
        give(taken(), do.Take(), COLLEAGUE)
    assert (error.value.code, error.value.facts) == ("taken", {"holder": HOLDER})


@pytest.mark.parametrize("command", [do.Accept(), do.AskSupplement(("?",)), REPLY])
@pytest.mark.parametrize("by", [HEAD, COLLEAGUE, CITIZEN, WATCHER, INSPECTOR, OUTSIDER, None])
def test_only_the_holder_works_the_case(command: Any, by: int | None) -> None:
    petition = taken() if isinstance(command, do.Accept) else handled()
    with pytest.raises(Refused) as error:
        give(petition, command, by)
    assert (error.value.code, error.value.clause) == ("not_yours", "TL 46")
    give(petition, command, HOLDER)


@pytest.mark.parametrize("by", [HEAD, HOLDER])
def test_the_holder_or_the_head_passes_the_case_on(by: int) -> None:
    assert give(handled(), do.Reassign(COLLEAGUE), by).holder == COLLEAGUE


def test_a_colleague_does_not_pass_on_what_another_holds() -> None:
    assert refused(handled(), do.Reassign(COLLEAGUE), COLLEAGUE) == "not_yours"


def test_the_head_gives_a_case_nobody_holds_to_somebody() -> None:
    assert give(a_petition(), do.Reassign(COLLEAGUE), HEAD).holder == COLLEAGUE


def test_a_case_is_passed_on_within_the_unit_only() -> None:
    assert refused(handled(), do.Reassign(WATCHER), HEAD) == "not_a_colleague"
    assert refused(handled(), do.Reassign(OUTSIDER), HEAD) == "not_a_colleague"
    assert refused(handled(), do.Reassign(HOLDER), HEAD) == "taken"


def test_nobody_works_on_their_own_petition() -> None:
    own = fold("p1", COLLEAGUE, a_petition().entries)
    for command in (do.Take(), do.Look()):
        assert refused(own, command, COLLEAGUE) == "not_yours"
    own = give(own, do.Take(), HOLDER)
    with pytest.raises(Refused) as error:
        give(own, do.Reassign(COLLEAGUE), HEAD)
    assert (error.value.code, error.value.clause) == ("own_interest", "TL 28")


@pytest.mark.parametrize(
    ("text", "basis"), [((), "TL 32"), (("  ", "\n"), "TL 32"), (("好",), " "), (("好",), "")]
)
def test_a_reply_needs_an_opinion_and_a_basis(text: tuple[str, ...], basis: str) -> None:
    with pytest.raises(Refused) as error:
        give(handled(), do.Reply(ev.Outcome.EXPLAINED, text, basis), HOLDER)
    assert (error.value.code, error.value.clause) == ("reply_incomplete", "TL 32")


def test_a_refusal_for_the_state_says_which_state_it_is() -> None:
    with pytest.raises(Refused) as error:
        give(taken(), REPLY, HOLDER)
    assert (error.value.code, error.value.facts) == ("wrong_state", {"state": State.REGISTERED})


def test_a_closed_case_takes_no_more_work() -> None:
    closed = surveyed()
    for command in (do.Take(), do.Accept(), do.AskSupplement(("?",)), REPLY):
        assert refused(closed, command, HOLDER) == "wrong_state"
    assert refused(closed, do.Reassign(COLLEAGUE), HEAD) == "wrong_state"
    assert refused(closed, do.Supplement(("more",)), CITIZEN) == "wrong_state"


def test_only_who_did_the_last_move_takes_it_back() -> None:
    petition = handled()
    for other in (HEAD, COLLEAGUE, CITIZEN, OUTSIDER, None):
        assert refused(petition, do.Undo(), other) == "not_yours"
    back = give(petition, do.Undo(), HOLDER)
    assert back.state is State.REGISTERED
    assert [d.name for d in back.deadlines] == ["answer"]
    assert isinstance(back.entries[-1].event, ev.Undone)
    assert (back.entries[-1].event.of, back.entries[-1].event.what) == (3, "accepted")


def test_a_step_is_taken_back_once_and_no_step_before_it() -> None:
    back = give(handled(), do.Undo(), HOLDER)
    assert refused(back, do.Undo(), HOLDER) == "nothing_to_undo"


def test_what_the_petitioner_sent_is_never_taken_back() -> None:
    petition = give(handled(), do.Supplement(("more",)), CITIZEN)
    assert refused(petition, do.Undo(), HOLDER) == "not_yours"
    assert refused(petition, do.Undo(), CITIZEN) == "not_yours"


def test_a_look_in_between_does_not_keep_a_step_from_being_taken_back() -> None:
    petition = give(handled(), do.Look(), COLLEAGUE)
    assert give(petition, do.Undo(), HOLDER).state is State.REGISTERED


def test_a_reply_is_taken_back_until_the_petitioner_is_asked_about_it() -> None:
    back = give(replied(), do.Undo(), HOLDER)
    assert (back.state, back.reply) == (State.HANDLING, None)
    assert refused(surveyed(), do.Undo(), HOLDER) == "nothing_to_undo"


def test_who_is_not_with_the_unit_any_more_can_be_followed_by_a_colleague() -> None:
    assert refused(handled(), do.Take(), COLLEAGUE) == "taken"
    assert give(handled(), do.Take(orphaned=True), COLLEAGUE).holder == COLLEAGUE
    assert refused(handled(), do.Take(orphaned=True), OUTSIDER) == "not_yours"


def test_the_reasons_of_a_rating_are_for_the_supervisors_alone() -> None:
    rated = give(surveyed(), RATE, CITIZEN)
    read = give(rated, do.ReadRating(), WATCHER)
    assert read.entries[-1].event == ev.Looked(what="rating")
    assert read.version == rated.version
    for other in (HEAD, HOLDER, CITIZEN, INSPECTOR, OUTSIDER):
        assert refused(rated, do.ReadRating(), other) == "not_yours"
    assert refused(surveyed(), do.ReadRating(), WATCHER) == "not_rated"


def test_a_second_reply_is_surveyed_anew() -> None:
    back = give(replied(), do.Undo(), HOLDER)
    again = give(back, REPLY, HOLDER)
    assert refused(again, RATE, CITIZEN) == "survey_not_open"
    assert give(again, do.OpenSurvey(), None).survey_until is not None


def test_the_survey_opens_once_by_the_desk_and_ends_with_its_last_local_day() -> None:
    petition = surveyed()
    assert petition.survey_until is not None
    # 30 days from 2 March is 1 April; its end in Shanghai is 16:00 in UTC.
    assert petition.survey_until.isoformat() == "2026-04-01T15:59:59.999999+00:00"
    assert refused(petition, do.OpenSurvey(), None) == "survey_open_already"
    assert refused(replied(), do.OpenSurvey(), HOLDER) == "not_yours"
    assert refused(handled(), do.OpenSurvey(), None) == "wrong_state"


def test_a_survey_whose_window_has_passed_is_not_opened() -> None:
    late = NOW + timedelta(days=40)
    assert refused(replied(), do.OpenSurvey(), None, late) == "survey_closed"


def test_a_rating_counts_until_the_last_moment_and_the_last_one_counts() -> None:
    petition = surveyed()
    assert petition.survey_until is not None
    first = give(petition, RATE, CITIZEN, petition.survey_until)
    second = give(first, do.Rate(ev.Verdict.BAD, ev.Verdict.BAD), CITIZEN, petition.survey_until)
    assert second.rating is not None
    assert second.rating.office is ev.Verdict.BAD
    assert second.version == first.version == petition.version
    just_after = petition.survey_until + timedelta(microseconds=1)
    assert refused(petition, RATE, CITIZEN, just_after) == "survey_closed"


def test_nobody_rates_for_the_petitioner() -> None:
    for other in (HEAD, HOLDER, COLLEAGUE, OUTSIDER, None):
        assert refused(surveyed(), RATE, other) == "not_yours"


def shown(petition: Petition, by: int | None, at: datetime = NOW) -> set[type[do.Command]]:
    return {*possible(petition, DESK if by is None else somebody(by), at, RULES)}


def test_buttons_that_make_sense() -> None:
    registered = {do.Take, do.Recuse, do.Link, do.Look}
    assert shown(a_petition(), HOLDER) == registered
    assert shown(a_petition(), HEAD) == registered | {do.Reassign, do.SetLead}
    assert shown(a_petition(), CITIZEN) == {do.Supplement, do.Withdraw}
    assert shown(a_petition(), OUTSIDER) == set()
    assert shown(taken(), HOLDER) == registered | {
        *(do.Reassign, do.Route, do.Decline, do.Refer, do.Accept, do.Undo),
    }
    assert shown(handled(), HOLDER) == registered | {
        *(do.AskSupplement, do.Reply, do.AskExtension, do.ProposeMediation),
        *(do.Reassign, do.Undo),
    }
    assert shown(replied(), CITIZEN) == {do.AskReview}
    assert shown(surveyed(), CITIZEN) == {do.AskReview, do.Rate}
    assert do.OpenSurvey in shown(replied(), None)


def test_buttons_go_with_the_time_they_are_for() -> None:
    late = NOW + timedelta(days=31)
    assert shown(surveyed(), CITIZEN, late) == set()
    assert do.AskExtension not in shown(handled(), HOLDER, NOW + timedelta(days=90))


def test_every_command_has_its_place_in_the_table() -> None:
    assert set(MOVES) == set(do.Command.__args__)


# -- a year becomes known ----------------------------------------------------------------------

DECEMBER = datetime(2026, 12, 21, 2, 0, tzinfo=UTC)


def test_dates_are_counted_again_once_the_year_is_known_and_only_then() -> None:
    """15 days from 21 December 2026 are over on 5 January 2027; let the 4th to the 6th be off."""
    petition = a_petition(DECEMBER)
    assert (petition.deadlines[0].due.isoformat(), petition.deadlines[0].provisional) == (
        "2027-01-05",
        True,
    )
    assert refused(petition, do.Recount(), None) == "nothing_to_recount"
    off = {date(2027, 1, n): False for n in (4, 5, 6)}
    known = Rules(RULES.office, RULES.profile, Calendar(off, frozenset({2027})))
    again = give(petition, do.Recount(), None, rules=known)
    assert (again.deadlines[0].due.isoformat(), again.deadlines[0].provisional) == (
        "2027-01-07",
        False,
    )
    assert again.version == petition.version
    with pytest.raises(Refused, match="nothing_to_recount"):
        give(again, do.Recount(), None, rules=known)


def test_a_deadline_written_before_it_said_how_it_was_counted_is_counted_from_its_entry() -> None:
    petition = a_petition(DECEMBER)
    bare = tuple(
        Deadline(d.name, d.due, d.kind, d.clause, d.provisional) for d in petition.deadlines
    )
    first = petition.entries[0]
    old = replace(first, event=petition.first.model_copy(update={"deadlines": bare}))
    off = {date(2027, 1, n): False for n in (4, 5, 6)}
    known = Rules(RULES.office, RULES.profile, Calendar(off, frozenset({2027})))
    again = give(fold("p1", CITIZEN, [old]), do.Recount(), None, rules=known)
    assert again.deadlines[0].due.isoformat() == "2027-01-07"


def test_the_date_to_answer_a_supervision_by_is_counted_again_too() -> None:
    late = DECEMBER + timedelta(days=20)
    asked = give(a_petition(DECEMBER), do.Supervise(ev.Method.PHONE, ("请速办",), 5), WATCHER, late)
    # Five working days from Sunday, 10 January 2027; then the 11th is a day off after all.
    assert asked.supervisions[0].deadline.due.isoformat() == "2027-01-15"
    known = Rules(
        RULES.office, RULES.profile, Calendar({date(2027, 1, 11): False}, frozenset({2027}))
    )
    again = give(asked, do.Recount(), None, rules=known)
    assert again.supervisions[0].deadline.due.isoformat() == "2027-01-18"
    assert again.supervisions[0].text == ("请速办",)


# -- purity ------------------------------------------------------------------------------------

FORBIDDEN = {
    "aiogram",
    "aiohttp",
    "asyncio",
    "importlib",
    "io",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "sqlalchemy",
    "sqlite3",
    "subprocess",
    "tempfile",
    "threading",
    "urllib",
}
CLOCKS = {("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today")}


def impurities(source: str) -> Iterator[str]:
    """Where this source reaches for the world outside it."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=module):
                modules = [module or ""]
            case ast.Call(func=ast.Name(id="open" | "print" | "input" | "__import__" as name)):
                yield f"{node.lineno}: {name}()"
                continue
            case ast.Attribute(attr=attr, value=ast.Name(id=owner) | ast.Attribute(attr=owner)):
                if (owner, attr) in CLOCKS:
                    yield f"{node.lineno}: {owner}.{attr}"
                continue
            case _:
                continue
        for module in modules:
            if module.partition(".")[0] in {*FORBIDDEN, "time"}:
                yield f"{node.lineno}: import {module}"


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "from pathlib import Path",
        "import importlib.resources",
        "from importlib.resources import files",
        "open('x')",
        "datetime.now(UTC)",
        "import datetime as dt\ndt.datetime.now()",
        "date.today()",
        "import time\ntime.time()",
        "from time import time",
        "def f():\n    from sqlalchemy import select",
    ],
)
def test_the_purity_check_sees_what_it_looks_for(source: str) -> None:
    assert list(impurities(source))


def test_the_rules_reach_for_nothing_outside_them() -> None:
    folder = Path(petitions.__file__).parent
    modules = sorted(folder.rglob("*.py"))
    assert len(modules) > 10
    found = {m.name: list(impurities(m.read_text("utf-8"))) for m in modules}
    assert {name: what for name, what in found.items() if what} == {}


def test_decide_leaves_the_petition_as_it_was() -> None:
    petition = a_petition()
    decide(petition, do.Take(), somebody(HOLDER), NOW, RULES)
    assert petition == a_petition()
