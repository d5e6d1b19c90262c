"""Anybody asks for anything at any time: what must hold of every life, whatever comes.

Illegal actors, words that say nothing, buttons shown for a case as it no longer stands, clocks
that jump over deadlines and back; `MINSHENG_TORTURE` lives many more of them.
"""

import json
import os
from collections import Counter
from collections.abc import Set
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest
from chances import ACTORS, ANNOUNCED, AUTUMN, BEGUN, GIVEN, OFFICERS, TOLD, WAYS, Step
from hypothesis import HealthCheck, event, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from making import CITIZEN, COLLEAGUE, HOLDER, NOW, OUTSIDER, RULES, a_petition, somebody
from making import give as give_it

from dialogs.citizen.timeline import SHOWN
from dialogs.facts import sentence
from petitions import commands as do
from petitions import events as ev
from petitions.access import DESK, Sight, is_kept_from, may_see, works_on
from petitions.deadlines import DayKind, named
from petitions.lifecycle import MOVES, Refused, Rules, check, decide, possible
from petitions.record import OPEN, Entry, Petition, State, fold
from petitions.spans import LIMITS, REPORT, spans
from petitions.states import FINAL, RECEIVED, REVIEWING, WORKING
from words import load_words

LIVES, STEPS = (150, 50) if os.environ.get("MINSHENG_TORTURE") else (11, 25)
"""Lives begun in each of the ways, and steps in each life."""
KNOWN = {False: RULES, True: Rules(RULES.office, RULES.profile, ANNOUNCED)}
WORDS = load_words()
COUNTS: Counter[str] = Counter()
REACHED: set[type[do.Command]] = set()

ENDS = frozenset({do.Withdraw, do.Decline, do.Refer, do.AnswerSuggestion})
"""Lives would be short if every button that ends one were pressed as often as the others."""
ASIDE = frozenset(
    {
        *(do.Look, do.Link, do.Recuse, do.Reassign, do.Undo, do.SetLead, do.Contribute),
        *(do.Supplement, do.NameInquirer, do.LeaveInquiry),
    }
)
"""Possible nearly always, so that they would crowd out what brings a case on."""
CITIZENS = frozenset(
    {do.Supplement, do.Withdraw, do.AnswerMediation, do.AskReview, do.Rate},
)
DESKS = frozenset({do.OpenSurvey, do.AskAgain, do.NameInquirer, do.Escalate, do.Recount})
ONWARD = (
    *(do.Route, do.Insist, do.Refer, do.Decline, do.Accept, do.AnswerSuggestion),
    *(do.Reply, do.DecideReview),
)
"""What brings a case on: one of these is always possible for somebody, once the case is taken."""
MOVED_WHEN_CLOSED = frozenset({do.AskReview, do.Undo, do.Supervise, do.AnswerSupervision})
"""A closed case moves by these alone: review in time, a reply taken back before the survey, and
supervision, which changes no state."""


class Lives(RuleBasedStateMachine):
    """One petition and everybody who might have to do with it."""

    begun = BEGUN[0]

    @initialize(
        category=st.sampled_from((None, None, "urban", "urban.roads")),
        petitioner=st.sampled_from((CITIZEN, CITIZEN, CITIZEN, COLLEAGUE, HOLDER)),
        against=st.sampled_from(((), ("water",), ("jiwei",))),
        start=st.sampled_from((NOW, AUTUMN)),
    )
    def file(
        self,
        category: str | None,
        petitioner: int,
        against: tuple[str, ...],
        start: datetime,
    ) -> None:
        way, purpose = self.begun
        self.now = start
        self.known, self.nameless = False, 0
        secret = purpose is ev.Purpose.ACCUSATION
        self.petition = a_petition(
            self.now,
            petitioner,
            purpose=purpose,
            category=category,
            against_units=against if secret else (),
        )
        self.kept = self.petition.entries
        for step in WAYS[way]:
            self.come_so_far(step)

    def come_so_far(self, step: Step) -> None:
        if isinstance(step, timedelta):
            self.now += step
            return
        command, who = step
        self.attempt(command, self.petition.petitioner if who == CITIZEN else who, counted=False)

    @rule(hours=st.sampled_from((0.1, 5, 30, -3, 24 * 4, 24 * 20, 24 * 35, 24 * 70, -24 * 10)))
    def the_clock_jumps(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def the_year_is_announced(self) -> None:
        self.known = True
        self.attempt(do.Recount(), None)

    @rule(data=st.data(), kind=st.sampled_from(sorted(GIVEN, key=str)), who=st.sampled_from(ACTORS))
    def anything(self, data: st.DataObject, kind: type[do.Command], who: int | None) -> None:
        self.attempt(data.draw(GIVEN[kind]), who)

    @rule(data=st.data(), times=st.integers(1, 4))
    def what_brings_it_on(self, data: st.DataObject, times: int) -> None:
        """Several buttons somebody is shown: still often refused, for what is said with them."""
        for _ in range(times):
            self.press(data, {*GIVEN} - ENDS - ASIDE)

    @rule(data=st.data())
    def what_has_just_become_possible(self, data: st.DataObject) -> None:
        """The answer to what was done last, as people do who wait for it."""
        self.press(data, {*GIVEN} - ENDS - {*self.shown(self.as_it_was(1))})

    @rule(data=st.data())
    def something_beside_it(self, data: st.DataObject) -> None:
        self.press(data, ASIDE)

    @rule(data=st.data())
    def what_may_end_it(self, data: st.DataObject) -> None:
        shown = {*self.shown(self.petition)} - ASIDE
        self.press(data, shown & ENDS - {do.Withdraw} or shown)

    def press(self, data: st.DataObject, wanted: Set[type[do.Command]]) -> None:
        shown = self.shown(self.petition)
        if not (kinds := sorted({*shown} & wanted, key=str)):
            return
        kind = data.draw(st.sampled_from(kinds))
        who = data.draw(st.sampled_from(shown[kind]))
        for _ in range(3):  # who is refused for what was said says it in another way
            if self.attempt(data.draw(self.said(kind)), who):
                return

    def said(self, kind: type[do.Command]) -> st.SearchStrategy[Any]:
        """What fits the case more often than chance would have it: who is there, what is owed."""
        if kind is do.Escalate:
            owed = st.sampled_from([(d.name, d.due) for d in self.petition.duties])
            return st.builds(lambda d, to: do.Escalate(*d, to), owed, TOLD)
        if kind is do.Reassign:
            there = [p.id for p in RULES.office.unit(self.petition.unit).people]
            return st.builds(do.Reassign, st.sampled_from((*there, *there, OUTSIDER)))
        return GIVEN[kind]

    def shown(self, petition: Petition) -> dict[type[do.Command], list[int | None]]:
        """Every button that somebody is shown, and who is."""
        found: dict[type[do.Command], list[int | None]] = {}
        for who in ACTORS:
            for kind in self.possible(petition, who):
                found.setdefault(kind, []).append(who)
        return found

    @rule(data=st.data(), back=st.integers(1, 6), who=st.sampled_from(OFFICERS))
    def a_button_from_before(self, data: st.DataObject, back: int, who: int) -> None:
        """The doors compare versions: the same version must mean that the case stands the same."""
        then = self.as_it_was(back)
        kinds = sorted(self.possible(then, who), key=str)
        if not kinds:
            return
        command = data.draw(GIVEN[data.draw(st.sampled_from(kinds))])
        if then.version == self.petition.version:
            assert standing(then) == standing(self.petition)
            self.attempt(command, who)
        else:
            assert then.version < self.petition.version
            COUNTS["refused"] += 1
            event("refused: stale")

    def as_it_was(self, back: int) -> Petition:
        entries = self.petition.entries
        return fold("p1", self.petition.petitioner, entries[: max(1, len(entries) - back)])

    def possible(self, petition: Petition, who: int | None) -> tuple[type[do.Command], ...]:
        actor = DESK if who is None else somebody(who)
        return possible(petition, actor, self.now, KNOWN[self.known])

    def attempt(self, command: do.Command, who: int | None, *, counted: bool = True) -> bool:
        """Give the command and look at what came of it; whether it was carried out."""
        before, rules = self.petition, KNOWN[self.known]
        try:
            after = give_it(before, command, who, self.now, rules)
        except Refused as no:
            self.nameless += not (no.code and no.clause)
            COUNTS["refused"] += counted
            event(f"refused: {no.code}")
            return False
        COUNTS["accepted"] += counted
        REACHED.add(type(command))
        event(f"accepted: {type(command).__name__}")
        assert type(command) in self.possible(before, who)
        self.petition = after
        self.kept = (*self.kept, through_storage(after.entries[-1]))
        self.one_more_entry(before, command, who)
        self.closed_cases_stay(before, command)
        return True

    def one_more_entry(self, before: Petition, command: do.Command, who: int | None) -> None:
        after = self.petition
        new = after.entries[-1]
        assert after.entries[:-1] == before.entries
        assert WORDS.knows(f"did.{new.event.kind}")
        assert not isinstance(new.event, SHOWN) or told(new.event)
        if who is None:
            assert type(command) in DESKS | {do.Look}
        elif who == before.petitioner:
            assert type(command) in CITIZENS
        else:
            assert who not in (OUTSIDER, CITIZEN)
            assert type(command) not in CITIZENS | DESKS
            assert not is_kept_from(somebody(who), before)
        if isinstance(command, do.Undo):
            last = before.last_move()
            assert (last.by.kind, last.by.id) == ("officer", who)
        if not new.event.moves:
            assert standing(after) == standing(before)

    def closed_cases_stay(self, before: Petition, command: do.Command) -> None:
        after = self.petition
        if before.state in FINAL:
            assert standing(after)[0] == standing(before)[0]
        if before.open or not after.entries[-1].event.moves:
            return
        assert type(command) in MOVED_WHEN_CLOSED
        if isinstance(command, do.AskReview):
            window = "ask-review" if before.state is State.REPLIED else "ask-second-review"
            assert RULES.today(self.now) <= named(before.deadlines, window).due
            assert after.review is not None
            assert (after.state is State.REVIEW) == (window == "ask-review")
        elif isinstance(command, do.Undo):
            assert isinstance(before.last_move().event, ev.Replied)
            assert before.survey_until is None
        else:
            assert after.state is before.state

    # -- what always holds ---------------------------------------------------------------------

    @invariant()
    def every_refusal_names_its_rule(self) -> None:
        assert self.nameless == 0

    @invariant()
    def the_record_tells_it_all(self) -> None:
        petition = self.petition
        assert fold(petition.id, petition.petitioner, petition.entries) == petition
        assert fold(petition.id, petition.petitioner, self.kept) == petition
        assert [e.seq for e in petition.entries] == list(range(1, len(petition.entries) + 1))
        assert petition.version == max(e.seq for e in petition.entries if e.event.moves)
        assert petition.version == petition.last_move().seq
        assert petition.open == (petition.state in OPEN)

    @invariant()
    def an_open_case_can_go_on(self) -> None:
        petition = self.petition
        if not petition.open:
            return
        working = [o for o in OFFICERS if works_on(somebody(o), petition)]
        assert working, f"nobody works on it at {petition.unit}"
        if petition.holder is None:
            working = [o for o in working if self.carried_out(petition, do.Take(), o)]
            assert working, f"nobody at {petition.unit} can take it"
            petition = give_it(petition, do.Take(), working[0], self.now)
        else:
            assert petition.holder in working
        assert petition.duties, "nothing says by when"
        onward = [kind for kind in ONWARD if self.allowed(petition, kind)]
        assert onward or any(
            self.carried_out(petition, do.Reassign(o), petition.holder) for o in OFFICERS
        ), "who holds it can neither bring it on nor pass it on"

    def allowed(self, petition: Petition, kind: type[do.Command]) -> bool:
        actor = somebody(petition.holder or 0)
        try:
            check(petition, MOVES[kind], actor, self.now, KNOWN[self.known])
        except Refused:
            return False
        return True

    def carried_out(self, petition: Petition, command: do.Command, who: int | None) -> bool:
        actor = DESK if who is None else somebody(who)
        try:
            decide(petition, command, actor, self.now, KNOWN[self.known])
        except Refused:
            return False
        return True

    @invariant()
    def who_must_not_have_it_has_it_not(self) -> None:
        petition = self.petition
        holder = petition.holder
        if holder is not None and petition.open:
            assert holder != petition.petitioner
            assert holder not in petition.recused
            assert works_on(somebody(holder), petition)
        if petition.state in REVIEWING:
            assert holder not in petition.barred
        named_ = (petition.lead.leader, petition.lead.supervisor, *petition.lead.group)
        assert not petition.recused & {*named_}

    @invariant()
    def what_is_counted_agrees_with_where_it_stands(self) -> None:
        """A duty is open in the figures where the case says that it is owed, and by that day."""
        petition = self.petition
        running = {d.name: d.due for d in petition.deadlines}
        owed = Counter(s.kind.removeprefix(REPORT) for s in spans(petition) if s.done is None)
        due = {s.kind.removeprefix(REPORT): s.due for s in spans(petition) if s.done is None}
        assert owed["accept"] == (petition.state in RECEIVED | {State.OBJECTED})
        assert owed["handle"] + owed["rehandle"] == (petition.state in WORKING)
        assert owed["review"] == owed["appeal"] == (petition.state in REVIEWING)
        assert owed["registered"] + owed["reopened"] == petition.open
        assert owed["supervise"] == len(petition.supervisions)
        for kind, names in LIMITS.items():
            if owed[kind]:
                assert due[kind] in [running[name] for name in names if name in running]
        first, *others = spans(petition)
        assert first.kind.removeprefix(REPORT) == "registered"
        assert all((s.kind.startswith(REPORT)) == petition.secret for s in (first, *others))
        assert all(s.counted is None or s.counted <= (s.due or s.counted) for s in others)

    @invariant()
    def deadlines_say_why(self) -> None:
        petition = self.petition
        for deadline in (*petition.deadlines, *petition.duties):
            assert deadline.clause
            assert deadline.kind in DayKind
            assert deadline.since is not None
            assert deadline.due > deadline.since

    @invariant()
    def one_review_at_a_time_and_one_extension(self) -> None:
        standing_ = [e.event for e in self.petition.standing()]
        asked = sum(isinstance(e, ev.ReviewAsked) for e in standing_)
        decided = sum(isinstance(e, ev.ReviewDecided) for e in standing_)
        assert asked - decided == (self.petition.state in REVIEWING)
        longer = 0
        for each in standing_:
            if isinstance(each, ev.Accepted) or (
                isinstance(each, ev.ReviewDecided) and each.back_to is not None
            ):
                longer = 0
            longer += isinstance(each, ev.Extended)
            assert longer <= 1

    @invariant()
    def replies_are_whole(self) -> None:
        petition = self.petition
        for entry in petition.entries:
            if isinstance(entry.event, ev.Replied | ev.ReviewDecided):
                assert entry.event.basis.strip()
                assert "".join(entry.event.text).strip()
            if isinstance(entry.event, ev.Replied):
                assert entry.event.outcome in ev.Outcome
                assert {"rate", "ask-review"} <= {d.name for d in entry.event.deadlines}
        replied = (State.REPLIED, State.REVIEWED, State.ENDED, *REVIEWING)
        assert (petition.reply is not None) or petition.state not in replied

    @invariant()
    def who_looks_into_it_had_no_part_in_it(self) -> None:
        """Whatever comes, a low rating is looked into once, by nobody of those who handled it."""
        petition = self.petition
        inquiry = petition.inquiry
        readers = {o for o in OFFICERS if may_see(somebody(o), Sight.RATING, petition)}
        working = {o for o in OFFICERS if works_on(somebody(o), petition)}
        responsible = petition.responsible
        assert not readers & (petition.hands | working)
        assert not any(RULES.office.holds_post(o, responsible) for o in readers if responsible)
        kinds = [e.event.kind for e in petition.entries]
        replies = kinds.count("replied")
        assert kinds.count("inquired") <= kinds.count("survey_opened") <= replies
        assert kinds.count("asked_again") <= kinds.count("inquired")
        if petition.secret or petition.rating is None or not petition.rating.low:
            return
        assert inquiry is not None, "a low rating that nobody looks into"

    @invariant()
    def what_is_looked_into_is_not_lost(self) -> None:
        """Once opened it stays open until what came of it is written, whoever did what since."""
        latest = None
        for entry in self.petition.standing():
            event = entry.event
            if isinstance(event, ev.Rated) and event.low and latest != "ended":
                latest = "open"
            elif isinstance(event, ev.Inquired):
                latest = "ended"
            elif isinstance(event, ev.Replied) and latest == "ended":
                latest = None
        inquiry = self.petition.inquiry
        assert (latest == "open") == (inquiry is not None and inquiry.open)

    @invariant()
    def a_report_stays_with_those_who_examine_it(self) -> None:
        petition = self.petition
        if not petition.secret:
            return
        first, office = petition.first, RULES.office
        assert office.examines(petition.unit)
        assert petition.unit not in first.shielded_units
        seers = {o for o in ACTORS if o and any(may_see(somebody(o), s, petition) for s in Sight)}
        there = {p.id for p in office.unit(petition.unit).people}
        assert seers - {petition.petitioner} <= there
        shielded = {
            o
            for o in OFFICERS
            if o in first.shielded_people
            or any(office.holds_post(o, unit) for unit in first.shielded_units)
        }
        assert not shielded & (seers - {petition.petitioner})
        assert petition.holder not in shielded
        for officer in shielded - {petition.petitioner}:
            assert self.possible(petition, officer) == ()


def standing(petition: Petition) -> tuple[Any, ...]:
    """Where a case stands, for whoever is shown a button."""
    return petition.state, petition.unit, petition.holder, petition.extension, petition.mediation


def told(event: ev.AnyEvent) -> bool:
    """Whether the petitioner's timeline has a sentence for it, or has nothing to say of it."""
    stays = isinstance(event, ev.Recused) and event.to is None
    return stays or WORDS.knows(f"timeline.{sentence(event)}")


def through_storage(entry: Entry) -> Entry:
    """The entry as it comes back from its bytes."""
    body = ev.write_event(entry.event)
    back = ev.read_event(entry.event.kind, entry.event.version, json.loads(body))
    assert ev.write_event(back) == body
    return Entry(entry.seq, entry.at, entry.by, back)


def live(begun: tuple[str, ev.Purpose], number: int) -> None:
    """So many lives that have come this way already."""
    machine = seed(20260302 + number)(type("Lives", (Lives,), {"begun": begun}))
    machine.TestCase.settings = settings(
        max_examples=LIVES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    machine.TestCase("runTest").runTest()


@pytest.mark.torture
def test_random_lives_break_no_rule_and_are_neither_all_refused_nor_all_let_through() -> None:
    COUNTS.clear()
    REACHED.clear()
    for number, begun in enumerate(BEGUN):
        live(begun, number)
    share = COUNTS["accepted"] / COUNTS.total()
    print(f"accepted {share:.1%} of {COUNTS.total()} commands")
    assert COUNTS.total() > len(BEGUN) * LIVES * STEPS / 4
    assert 0.15 < share < 0.85
    assert {each.__name__ for each in set(MOVES) - REACHED} == set()
    assert set(MOVES) == set(get_args(do.Command))
