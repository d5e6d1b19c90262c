"""What the random lives are made of: who there is, what may be asked, and ways already come."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from hypothesis import strategies as st
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
    OUTSIDER,
    PROVINCE,
    PROVINCE_COLLEAGUE,
    REVIEW_COLLEAGUE,
    REVIEWER,
    ROADS,
    SECOND_REVIEWER,
    TOWN,
    WATCHER,
    WATER,
    WATER_COLLEAGUE,
    WATER_HEAD,
    an_office,
)

from petitions import commands as do
from petitions import events as ev
from petitions.deadlines import Calendar

AUTUMN = datetime(2026, 11, 12, 2, 0, tzinfo=UTC)  # what is accepted now falls due in 2027
ANNOUNCED = Calendar(
    {datetime(2027, 1, day, tzinfo=UTC).date(): False for day in range(1, 25)}, frozenset({2027})
)
"""What 2027 might be once it is known: long holidays, so that dates move."""

UNITS = tuple(unit.id for unit in an_office().units)
OFFICERS = (
    *(HEAD, HOLDER, COLLEAGUE, ROADS, WATER_HEAD, WATER, COUNTY, CLERK, TOWN),
    *(REVIEWER, SECOND_REVIEWER, REVIEW_COLLEAGUE, WATER_COLLEAGUE, LAST_REVIEWER),
    *(PROVINCE, PROVINCE_COLLEAGUE, WATCHER, INSPECTOR, EXAMINER),
)
ACTORS = (CITIZEN, OUTSIDER, None, *OFFICERS)
OWN, OTHER = "99010020260302000017", "99010020260302000025"

# Of what people write, one in four says nothing.
texts = st.sampled_from((("说明",), ("一", "二"), ("理由",), ("  ", "\n"), ()))
basis = st.sampled_from(("TL 32", "《物业管理条例》第三十五条", " "))
days = st.sampled_from((1, 10, 30, 0, 31, 400))
flags = st.booleans()
officers = st.sampled_from((*OFFICERS, CITIZEN, OUTSIDER))
units = st.sampled_from((*UNITS, "nowhere"))
ways = st.sampled_from(("court", "discipline")).map(
    lambda kind: ev.Way(route=kind, kind=kind, zh="去法院", en="Court", clause="TL 31")
)
leads = st.builds(
    ev.Lead,
    leader=st.none() | officers,
    group=st.lists(officers, max_size=2).map(tuple),
    plan=texts,
    supervisor=st.none() | st.just(WATCHER),
)
TOLD = st.sampled_from(("head", "supervisor", "leader"))
names = ("answer", "accept", "object", "handle", "handle-simple", "decide-review", "supervision")

GIVEN: dict[type[do.Command], st.SearchStrategy[Any]] = {
    do.Take: st.builds(do.Take, st.sampled_from((False, False, True))),
    do.Reassign: st.builds(do.Reassign, officers),
    do.Route: st.builds(do.Route, units, flags, st.lists(units, max_size=2).map(tuple), texts),
    do.Object: st.builds(do.Object, texts),
    do.Insist: st.builds(do.Insist, texts),
    do.Decline: st.builds(
        do.Decline,
        st.sampled_from((ev.Ground.ELSEWHERE, *ev.Ground)),
        texts,
        st.sampled_from((OTHER, OWN, None)),
        st.sampled_from(("open", "ended", "closed", None)),
    ),
    do.Refer: st.builds(do.Refer, ways, texts),
    do.Link: st.builds(
        do.Link,
        st.sampled_from((OWN, OTHER, OTHER[:-1] + "3")),
        st.sampled_from(("same", "repeats", "repeated_by")),
    ),
    do.Withdraw: st.just(do.Withdraw()),
    do.Accept: st.builds(do.Accept, flags),
    do.ChangeTrack: st.builds(do.ChangeTrack, texts),
    do.AskSupplement: st.builds(do.AskSupplement, texts),
    do.Supplement: st.builds(do.Supplement, texts, st.sampled_from(((), ("f1",)))),
    do.AskExtension: st.builds(do.AskExtension, days, texts),
    do.Extend: st.just(do.Extend()),
    do.RefuseExtension: st.just(do.RefuseExtension()),
    do.ProposeMediation: st.builds(do.ProposeMediation, texts),
    do.AnswerMediation: st.builds(do.AnswerMediation, flags),
    do.Mediate: st.builds(do.Mediate, flags, texts),
    do.Contribute: st.builds(do.Contribute, texts),
    do.Recuse: st.just(do.Recuse()),
    do.Reply: st.builds(do.Reply, st.sampled_from(ev.Outcome), texts, basis),
    do.AnswerSuggestion: st.builds(do.AnswerSuggestion, flags, texts),
    do.AskReview: st.builds(do.AskReview, texts),
    do.HoldHearing: st.builds(do.HoldHearing, days, texts),
    do.DecideReview: st.builds(do.DecideReview, st.sampled_from(ev.Finding), texts, basis),
    do.OpenSurvey: st.just(do.OpenSurvey()),
    do.Rate: st.builds(do.Rate, st.sampled_from(ev.Verdict), st.sampled_from(ev.Verdict)),
    do.ReadRating: st.just(do.ReadRating()),
    do.TakeInquiry: st.just(do.TakeInquiry()),
    do.LeaveInquiry: st.just(do.LeaveInquiry()),
    do.NameInquirer: st.builds(
        do.NameInquirer,
        st.sampled_from(((), ((71, 2), (72, 1)))),
        st.sampled_from((frozenset(), frozenset({(21, "ducha")}), frozenset({(71, "gov")}))),
        flags,
    ),
    do.Inquire: st.builds(do.Inquire, st.sampled_from(ev.Result), texts),
    do.AskAgain: st.just(do.AskAgain()),
    do.Undo: st.just(do.Undo()),
    do.Look: st.builds(do.Look, st.sampled_from(("details", "dossier"))),
    do.Supervise: st.builds(do.Supervise, st.sampled_from(ev.Method), texts, days),
    do.AnswerSupervision: st.builds(do.AnswerSupervision, texts),
    do.SetLead: st.builds(do.SetLead, leads),
    do.Escalate: st.builds(
        do.Escalate, st.sampled_from(names), st.dates(date(2026, 1, 1), date(2028, 1, 1)), TOLD
    ),
    do.Recount: st.just(do.Recount()),
}
assert set(GIVEN) == set(get_args(do.Command))

REPLY = do.Reply(ev.Outcome.EXPLAINED, ("说明",), "TL 32")
Step = tuple[do.Command, int | None] | timedelta
UPHELD = do.DecideReview(ev.Finding.UPHELD, ("维持",), "TL 35")
_routed: tuple[Step, ...] = (
    (do.Take(), HOLDER),
    (do.Route("water", assigned=True, assisting=("roads",)), HOLDER),
    (do.Take(), WATER),
)
_handling: tuple[Step, ...] = (*_routed, (do.Accept(), WATER))
_replied: tuple[Step, ...] = (*_handling, (REPLY, WATER))
_review: tuple[Step, ...] = (*_replied, (do.AskReview(("不服",)), CITIZEN), (do.Take(), REVIEWER))
_reviewed: tuple[Step, ...] = (*_review, (UPHELD, REVIEWER))
_second: tuple[Step, ...] = (
    *_reviewed,
    (do.AskReview(("还是不服",)), CITIZEN),
    (do.Take(), LAST_REVIEWER),
)
_town: tuple[Step, ...] = (
    (do.Take(), HOLDER),
    (do.Route("county"), HOLDER),
    (do.Take(), COUNTY),
    (do.Route("town"), COUNTY),
    (do.Take(), TOWN),
)
WAYS: dict[str, tuple[Step, ...]] = {
    "fresh": (),
    "taken": ((do.Take(), HOLDER),),
    "examined": ((do.Take(), INSPECTOR),),
    "examined above": ((do.Take(), EXAMINER),),
    "routed": _routed,
    "objected": (*_routed, (do.Object(("不归我",)), WATER), (do.Take(), HEAD)),
    "handling": _handling,
    "supplement": (*_handling, (do.AskSupplement(("照片",)), WATER)),
    "simple": ((do.Take(), HOLDER), (do.Accept(simple=True), HOLDER)),
    "extension": (*_handling, (do.AskExtension(20, ("复杂",)), WATER)),
    "mediation": (*_handling, (do.ProposeMediation(("谈",)), WATER)),
    "mediated": (
        *_handling,
        (do.ProposeMediation(("谈",)), WATER),
        (do.AnswerMediation(True), CITIZEN),
    ),
    "late": (*_handling, timedelta(days=65)),
    "supervised": (
        *_handling,
        timedelta(days=65),
        (do.Supervise(ev.Method.PHONE, ("请速办",), 3), WATCHER),
    ),
    "replied": _replied,
    "rated": (
        *_replied,
        (do.OpenSurvey(), None),
        (do.Rate(ev.Verdict.BAD, ev.Verdict.BAD), CITIZEN),
    ),
    "looked into": (
        *_replied,
        (do.OpenSurvey(), None),
        (do.Rate(ev.Verdict.BAD, ev.Verdict.GOOD), CITIZEN),
        (do.TakeInquiry(), WATCHER),
    ),
    "review": _review,
    "again": (*_review, (do.DecideReview(ev.Finding.REVOKED, ("重办",), "TL 35"), REVIEWER)),
    "reviewed": _reviewed,
    "second": _second,
    "ended": (*_second, (UPHELD, LAST_REVIEWER)),
    "town": (*_town, (do.Accept(), TOWN), (REPLY, TOWN)),
}
"""Some way a case has come already: chance alone hardly ever gets to a second review."""
BEGUN = (
    *((way, ev.Purpose.REQUEST) for way in WAYS if "examined" not in way),
    *((way, ev.Purpose.QUESTION) for way in ("taken", "rated")),
    *((way, ev.Purpose.SUGGESTION) for way in ("taken", "taken", "routed", "objected")),
    *((way, ev.Purpose.ACCUSATION) for way in ("fresh", "examined", "examined above")),
)
