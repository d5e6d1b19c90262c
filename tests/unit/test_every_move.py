"""Every command, in every state, by every kind of actor: who may, when, and by which clause.

What is expected stands here as a table of its own, written from the procedure and not from the
rules' own table; every case is brought to its state by the rules themselves.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from chances import ANNOUNCED, OTHER
from making import (
    CITIZEN,
    COLLEAGUE,
    HEAD,
    HOLDER,
    INSPECTOR,
    LAST_REVIEWER,
    NOW,
    OUTSIDER,
    PROVINCE,
    PROVINCE_COLLEAGUE,
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
    give,
)

from petitions import commands as do
from petitions import events as ev
from petitions.lifecycle import MOVES, Refused, Rules
from petitions.record import Entry, Party, Petition, State, fold

WHY = ("理由",)
S = State
RECEIVED = {S.REGISTERED, S.ROUTED}
WORKED = {S.HANDLING, S.SUPPLEMENT}
REVIEWING = {S.REVIEW, S.SECOND_REVIEW}
OPEN = RECEIVED | WORKED | REVIEWING | {S.OBJECTED}
ALL = {*State} - {S.ERASED}
WITH_REPLY = REVIEWING | {S.REPLIED, S.REVIEWED, S.ENDED}
ENDS_OF_2026 = datetime(2026, 12, 21, 2, 0, tzinfo=UTC)
LATER = timedelta(days=200)
RATING = "《信访事项办理群众满意度评价工作办法》"
SIMPLE = "信访事项简易办理办法"
UNIT = "holder head colleague"

# Command → whose it is, in which states it is carried out, on which clause it rests.
Row = tuple[str, set[State], str]
TABLE: dict[type[do.Command], Row] = {
    do.Take: (UNIT, OPEN, "ours"),
    do.Reassign: ("holder head", OPEN, "ours"),
    do.Route: ("holder", {S.REGISTERED, S.OBJECTED}, "TL 22"),
    do.Object: ("holder", {S.ROUTED}, "TL 23(3)"),
    do.Insist: ("holder", {S.OBJECTED}, "TL 23(3)"),
    do.Decline: ("holder", RECEIVED, "TL 23(1)"),
    do.Refer: ("holder", RECEIVED, "TL 22"),
    do.Link: (UNIT, ALL, "ours"),
    do.Withdraw: ("petitioner", RECEIVED | WORKED | {S.OBJECTED}, "ours"),
    do.Accept: ("holder", RECEIVED, "TL 23"),
    do.ChangeTrack: ("holder", WORKED, SIMPLE),
    do.AskSupplement: ("holder", {S.HANDLING}, "TL 34"),
    do.Supplement: ("petitioner", RECEIVED | WORKED | {S.OBJECTED}, "TL 34"),
    do.AskExtension: ("holder", WORKED, "TL 34"),
    do.Extend: ("head", WORKED, "TL 34"),
    do.RefuseExtension: ("head", WORKED, "TL 34"),
    do.ProposeMediation: ("holder", WORKED, "TL 33"),
    do.AnswerMediation: ("petitioner", WORKED, "TL 33"),
    do.Mediate: ("holder", WORKED, "TL 33"),
    do.Contribute: ("assisting", {S.ROUTED} | WORKED, "TL 22"),
    do.Recuse: (f"{UNIT} assisting", OPEN, "TL 28"),
    do.Reply: ("holder", WORKED, "TL 32"),
    do.AnswerSuggestion: ("holder", RECEIVED, "TL 29"),
    do.AskReview: ("petitioner", {S.REPLIED, S.REVIEWED}, "TL 35"),
    do.HoldHearing: ("holder", {S.SECOND_REVIEW}, "TL 36"),
    do.DecideReview: ("holder", REVIEWING, "TL 35"),
    do.OpenSurvey: ("desk", WITH_REPLY, RATING),
    do.Rate: ("petitioner", WITH_REPLY, RATING),
    do.ReadRating: ("supervisor", WITH_REPLY, RATING),
    do.TakeInquiry: ("supervisor", WITH_REPLY, RATING),
    do.LeaveInquiry: ("supervisor", WITH_REPLY, "TL 28"),
    do.NameInquirer: ("desk", WITH_REPLY, RATING),
    do.Inquire: ("supervisor", WITH_REPLY, RATING),
    do.AskAgain: ("desk", WITH_REPLY, RATING),
    do.Undo: ("holder", OPEN | {S.REPLIED}, "ours"),
    do.Look: (f"{UNIT} assisting desk", ALL, "TL 46"),
    do.Supervise: ("supervisor sender", OPEN | {S.REPLIED, S.REVIEWED}, "TL 40"),
    do.AnswerSupervision: ("holder head", ALL - REVIEWING - {S.REVIEWED, S.ENDED}, "TL 40"),
    do.SetLead: ("supervisor sender head", OPEN, "ours"),
    do.Escalate: ("desk", OPEN, "TL 40"),
    do.Recount: ("desk", OPEN | {S.REPLIED, S.REVIEWED}, "民法典 203"),
}
CLOSED = ALL - OPEN
AFTER = WORKED | {S.WITHDRAWN}
# What else is somebody's in a certain state: the sender's head is the unit's own in an objection,
# and of a closed case any of the unit's people answer a supervision.
ALSO: dict[tuple[type[do.Command], State], str] = {
    (do.Supervise, S.OBJECTED): "head",
    **dict.fromkeys(((do.AnswerSupervision, state) for state in CLOSED), "colleague"),
}
ALSO[do.AnswerSupervision, S.REVIEWED] = ALSO[do.AnswerSupervision, S.ENDED] = ""
# Where it is not the state that is wrong but what would be needed: the code and the clause.
NEEDED: dict[tuple[type[do.Command], State], tuple[str, str]] = {
    (do.Route, S.ROUTED): ("not_a_petition_office", "TL 22"),
    (do.Object, S.REGISTERED): ("nobody_sent_it", "TL 23(3)"),
    # Handled again after a review, a case has the rating of its first reply; and what is being
    # looked into still is when it is withdrawn after that.
    **dict.fromkeys(((do.ReadRating, s) for s in AFTER), ("not_rated", RATING)),
    **dict.fromkeys(((do.TakeInquiry, s) for s in AFTER), ("no_inquiry", RATING)),
    **dict.fromkeys(((do.NameInquirer, s) for s in AFTER), ("no_inquiry", RATING)),
    **dict.fromkeys(((do.Supervise, s) for s in CLOSED), ("not_late", "TL 40")),
    **dict.fromkeys(((do.Escalate, s) for s in CLOSED), ("not_late", "TL 40")),
    **dict.fromkeys(((do.Recount, s) for s in CLOSED), ("nothing_to_recount", "民法典 203")),
    **dict.fromkeys(((do.Undo, s) for s in CLOSED), ("nothing_to_undo", "ours")),
    **dict.fromkeys(
        ((do.AnswerSupervision, s) for s in (*REVIEWING, S.REVIEWED, S.ENDED)),
        ("not_supervised", "TL 40"),
    ),
}
# A withdrawal is the petitioner's own last word: no officer made the last move.
NOT_THEIRS = {(do.Undo, S.WITHDRAWN)}
# Nobody looks into what was not rated, so that it is nobody's to leave or to end.
NOT_THEIRS |= {(kind, s) for kind in (do.LeaveInquiry, do.Inquire) for s in ALL - WITH_REPLY}

# -- how a case comes to where it stands -------------------------------------------------------

Steps = list[tuple[do.Command, int | None] | timedelta]
LATE: Steps = [timedelta(days=20), (do.Supervise(ev.Method.LETTER, WHY, 5), WATCHER)]
UPHELD = do.DecideReview(ev.Finding.UPHELD, WHY, "TL 35")
PROPOSED: Steps = [(do.ProposeMediation(WHY), WATER)]
WORK: dict[type[do.Command], Steps] = {
    do.Extend: [(do.AskExtension(10, WHY), WATER)],
    do.RefuseExtension: [(do.AskExtension(10, WHY), WATER)],
    do.AnswerMediation: PROPOSED,
    do.Mediate: [*PROPOSED, (do.AnswerMediation(True), CITIZEN)],
}
"""What has to have happened while it was handled for the command to make sense."""
LOW: Steps = [(do.OpenSurvey(), None), (do.Rate(ev.Verdict.BAD, ev.Verdict.BAD), CITIZEN)]
TAKEN: Steps = [*LOW, (do.TakeInquiry(), WATCHER)]
RATED: dict[type[do.Command], Steps] = {
    do.Rate: [(do.OpenSurvey(), None)],
    **dict.fromkeys((do.ReadRating, do.TakeInquiry, do.NameInquirer), LOW),
    **dict.fromkeys((do.LeaveInquiry, do.Inquire), TAKEN),
    do.AskAgain: [*TAKEN, (do.Inquire(ev.Result.EXPLAINED, WHY), WATCHER)],
}


def way(state: State, kind: type[do.Command]) -> Steps:
    """The steps by which a case comes to this state, ready for this command."""
    late = LATE if kind is do.AnswerSupervision else []
    front: Steps = [(do.Take(), HOLDER)]
    if state is S.REGISTERED:
        return front + late
    routed = [*front, (do.Route("water", assisting=("roads",)), HOLDER), (do.Take(), WATER)]
    closing: dict[State, Steps] = {
        S.ROUTED: [*late],
        S.OBJECTED: [(do.Object(WHY), WATER), (do.Take(), HOLDER), *late],
        S.DECLINED: [*late, (do.Decline(ev.Ground.ELSEWHERE, WHY), WATER)],
        S.REFERRED: [*late, (do.Refer(COURT), WATER)],
        S.WITHDRAWN: [*late, (do.Withdraw(), CITIZEN)],
        S.ANSWERED: [*late, (do.AnswerSuggestion(True, WHY), WATER)],
    }
    if state in closing:
        return routed + closing[state]
    accepted = (do.Accept(simple=kind is do.ChangeTrack), WATER)
    handling = [*routed, *late, accepted, *WORK.get(kind, [])]
    if state in (S.HANDLING, S.ERASED):
        return handling
    if state is S.SUPPLEMENT:
        return [*handling, (do.AskSupplement(WHY), WATER)]
    return handling + _decided(state, kind)


def _decided(state: State, kind: type[do.Command]) -> Steps:
    """From the reply on."""
    ask = do.AskReview(WHY), CITIZEN
    stages: dict[State, Steps] = {
        S.REPLIED: [(REPLY, WATER), *RATED.get(kind, [])],
        S.REVIEW: [ask, (do.Take(), SECOND_REVIEWER)],
        S.REVIEWED: [(UPHELD, SECOND_REVIEWER)],
        S.SECOND_REVIEW: [ask, (do.Take(), PROVINCE)],
        S.ENDED: [(UPHELD, PROVINCE)],
    }
    until = list(stages).index(state) + 1
    return [step for steps in list(stages.values())[:until] for step in steps]


COURT = ev.Way(route="r", kind="court", zh="去法院", en="Go to court", clause="TL 31")
REPLY = do.Reply(ev.Outcome.EXPLAINED, WHY, "TL 32")


def come_to(state: State, kind: type[do.Command]) -> Petition:
    """A case in this state, brought there by the rules; erased, as erasure does it."""
    suggestion = state is S.ANSWERED or (kind is do.AnswerSuggestion and state in RECEIVED)
    purpose = ev.Purpose.SUGGESTION if suggestion else ev.Purpose.REQUEST
    at = ENDS_OF_2026 if kind is do.Recount else NOW
    petition = a_petition(at, purpose=purpose)
    for step in way(state, kind):
        if isinstance(step, timedelta):
            at += step
        else:
            at += timedelta(minutes=1)
            petition = give(petition, step[0], step[1], at)
    if state is S.ERASED:
        gone = Entry(len(petition.entries) + 1, at, Party("desk"), ev.Erased(why="order"))
        petition = fold("p1", CITIZEN, (*petition.entries, gone))
    assert petition.state is state
    return petition


def cast(state: State) -> dict[str, int | None]:
    """Who is who, as far as there is one, for a case in this state."""
    everywhere: dict[str, int | None] = {
        "petitioner": CITIZEN,
        "supervisor": WATCHER,
        "discipline": INSPECTOR,
        "outsider": OUTSIDER,
        "desk": None,
    }
    front = {"holder": HOLDER, "head": HEAD, "colleague": COLLEAGUE}
    water = {"holder": WATER, "head": WATER_HEAD, "colleague": WATER_COLLEAGUE}
    if state is S.REGISTERED:
        return everywhere | front
    if state is S.OBJECTED:
        return everywhere | front | {"assisting": ROADS}
    sent: dict[str, int | None] = {"assisting": ROADS, "sender": HEAD}
    if state in (S.REVIEW, S.REVIEWED):
        review = {"holder": SECOND_REVIEWER, "head": REVIEWER, "colleague": REVIEW_COLLEAGUE}
        return everywhere | sent | review
    if state in (S.SECOND_REVIEW, S.ENDED):
        last = {"holder": PROVINCE, "head": LAST_REVIEWER, "colleague": PROVINCE_COLLEAGUE}
        return everywhere | sent | last
    return everywhere | sent | water


def command(kind: type[do.Command], petition: Petition) -> do.Command:
    """A command of this kind that says all it has to say."""
    there = RULES.office.unit(petition.unit).people
    to = next(p.id for p in reversed(there) if p.id != petition.holder)
    if kind is do.Escalate:
        due = next(iter(petition.duties), None)
        return do.Escalate(due.name if due else "handle", due.due if due else NOW.date(), "head")
    made: do.Command = do.Reassign(to) if kind is do.Reassign else GIVEN.get(kind, kind)()
    return made


GIVEN: dict[type[do.Command], Any] = {
    do.Take: lambda: do.Take(orphaned=True),
    do.Route: lambda: do.Route("housing"),
    do.Object: lambda: do.Object(WHY),
    do.Insist: lambda: do.Insist(WHY),
    do.Decline: lambda: do.Decline(ev.Ground.ELSEWHERE, WHY),
    do.Refer: lambda: do.Refer(COURT),
    do.Link: lambda: do.Link(OTHER, "same"),
    do.ChangeTrack: lambda: do.ChangeTrack(WHY),
    do.AskSupplement: lambda: do.AskSupplement(WHY),
    do.Supplement: lambda: do.Supplement(WHY),
    do.AskExtension: lambda: do.AskExtension(10, WHY),
    do.ProposeMediation: lambda: do.ProposeMediation(WHY),
    do.AnswerMediation: lambda: do.AnswerMediation(True),
    do.Mediate: lambda: do.Mediate(True, WHY),
    do.Contribute: lambda: do.Contribute(WHY),
    do.Reply: lambda: REPLY,
    do.AnswerSuggestion: lambda: do.AnswerSuggestion(True, WHY),
    do.AskReview: lambda: do.AskReview(WHY),
    do.HoldHearing: lambda: do.HoldHearing(10, WHY),
    do.DecideReview: lambda: UPHELD,
    do.Rate: lambda: do.Rate(ev.Verdict.GOOD, ev.Verdict.GOOD),
    do.Inquire: lambda: do.Inquire(ev.Result.EXPLAINED, WHY),
    do.Supervise: lambda: do.Supervise(ev.Method.PHONE, WHY, 5),
    do.AnswerSupervision: lambda: do.AnswerSupervision(WHY),
    do.SetLead: lambda: do.SetLead(ev.Lead(leader=HEAD)),
}

# -- the table, gone through ---------------------------------------------------------------------


def expected(kind: type[do.Command], state: State, role: str) -> tuple[str, str] | None:
    """None where it is carried out, else the code and the clause of the refusal."""
    whose, states, clause = TABLE[kind]
    if role not in f"{whose} {ALSO.get((kind, state), '')}".split():
        return "not_yours", "TL 46"
    if (kind, state) in NOT_THEIRS:
        return "not_yours", "TL 46"
    if state in states:
        return None
    return NEEDED.get((kind, state), ("wrong_state", clause))


def outcome(
    petition: Petition, given: do.Command, who: int | None, at: datetime, rules: Rules
) -> tuple[str, str] | None:
    try:
        give(petition, given, who, at, rules)
    except Refused as refused:
        return refused.code, refused.clause
    return None


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_who_may_and_when(kind: type[do.Command], state: State) -> None:
    petition = come_to(state, kind)
    given = command(kind, petition)
    at = petition.entries[-1].at + (LATER if kind in (do.Supervise, do.Escalate) else timedelta(1))
    if kind is do.Undo:
        at = petition.entries[-1].at
    known = Rules(RULES.office, RULES.profile, ANNOUNCED) if kind is do.Recount else RULES
    found = {role: outcome(petition, given, who, at, known) for role, who in cast(state).items()}
    if state is S.ERASED:
        refusals = {code for code, clause in filter(None, found.values()) if clause}
        assert None not in found.values()
        assert refusals <= {"not_yours", "wrong_state"}
        return
    assert found == {role: expected(kind, state, role) for role in found}


def test_the_table_has_every_command_and_a_way_for_each_to_be_carried_out() -> None:
    assert set(TABLE) == set(MOVES) == set(get_args(do.Command))
    assert all(states for _, states, _ in TABLE.values())
    for kind, (whose, states, _) in TABLE.items():
        assert any(role in cast(state) for state in states for role in whose.split()), kind
