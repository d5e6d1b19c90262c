"""Supervision, escalation, led cases and dates counted again, as the rules have them."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from making import CITIZEN, HEAD, HOLDER, NOW, OUTSIDER, RULES, WATCHER, a_petition, give

from petitions import commands as do
from petitions import reminding
from petitions.access import DESK
from petitions.deadlines import Calendar
from petitions.events import Method, Outcome, Recounted
from petitions.lead import Lead, missing
from petitions.lifecycle import Refused, decide
from petitions.record import Entry, Party, Petition, fold

REPLY = do.Reply(Outcome.EXPLAINED, ("已办。",), "《条例》第三条")
ASK = do.Supervise(Method.LETTER, ("请说明",), 5)
NEW_YEAR = date(2027, 1, 1)
KNOWN = replace(RULES, calendar=Calendar({NEW_YEAR: False}, frozenset({2027})))


def replied(now: datetime = NOW) -> Petition:
    petition = give(a_petition(now), do.Take(), HOLDER)
    return give(give(petition, do.Accept(), HOLDER), REPLY, HOLDER)


def later(petition: Petition, days: float) -> datetime:
    return petition.entries[-1].at + timedelta(days=days)


# -- supervision and its escalation -------------------------------------------------------------


def test_an_answer_closes_every_open_supervision() -> None:
    petition = give(give(replied(), ASK, WATCHER), ASK, WATCHER)
    assert [d.name for d in petition.duties] == ["supervision", "supervision"]
    assert give(petition, do.AnswerSupervision(("已说明",)), HOLDER).duties == ()


def test_each_deadline_is_escalated_once_a_level_and_the_same_limit_anew_the_next_time() -> None:
    petition = give(replied(), ASK, WATCHER)
    dues = []
    for _ in range(2):
        (duty,) = petition.duties
        dues.append(duty.due)
        at = later(petition, 10)
        command = do.Escalate("supervision", duty.due, "head")
        petition = give(petition, command, None, at)
        with pytest.raises(Refused, match="escalated_before"):
            decide(petition, command, DESK, at, RULES)
        petition = give(petition, do.AnswerSupervision(("已说明",)), HOLDER)
        petition = give(petition, ASK, WATCHER)
    assert len(set(dues)) == 2
    assert petition.escalations == {("supervision", due, "head") for due in dues}


def test_what_is_not_late_or_not_owed_is_not_escalated() -> None:
    petition = give(replied(), ASK, WATCHER)
    (duty,) = petition.duties
    for due, at in ((duty.due, NOW), (duty.due + timedelta(days=1), later(petition, 30))):
        with pytest.raises(Refused, match="not_late"):
            decide(petition, do.Escalate("supervision", due, "head"), DESK, at, RULES)


def test_what_was_missed_while_nobody_looked_comes_up_once_and_what_was_told_does_not() -> None:
    petition = give(replied(), ASK, WATCHER)
    (duty,) = petition.duties
    at = later(petition, 30)
    missed = reminding.come(petition, RULES, NOW, at)
    assert [m.step for m in missed] == [
        *("colour", "remind", "remind", "colour", "colour", "head", "supervisor", "leader")
    ]
    petition = give(petition, do.Escalate("supervision", duty.due, "head"), None, at)
    assert "head" not in [m.step for m in reminding.come(petition, RULES, NOW, at)]
    assert reminding.next_moment(petition, RULES, at) is None


# -- led cases ----------------------------------------------------------------------------------


def test_what_a_later_arrangement_does_not_give_stays() -> None:
    petition = give(a_petition(), do.Take(), HOLDER)
    petition = give(petition, do.SetLead(Lead(leader=HEAD)), HEAD)
    petition = give(petition, do.SetLead(Lead(group=(HOLDER,), plan=("三步走",))), WATCHER)
    assert petition.lead == Lead(leader=HEAD, group=(HOLDER,), plan=("三步走",))
    assert petition.lead.people == (HEAD, HOLDER)
    assert missing(petition) == ("supervisor", "dossier")


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        (Lead(leader=HOLDER), "leader_must_be_head"),
        (Lead(group=(HEAD, OUTSIDER)), "no_such_officer"),
        (Lead(), "reason_needed"),
    ],
)
def test_an_arrangement_that_names_the_wrong_people_is_refused(lead: Lead, code: str) -> None:
    with pytest.raises(Refused, match=code):
        give(a_petition(), do.SetLead(lead), HEAD)


# -- dates counted again ------------------------------------------------------------------------


def test_a_year_that_becomes_known_makes_every_provisional_date_final() -> None:
    now = datetime.fromisoformat("2026-12-02T02:00:00+00:00")
    petition = give(replied(now), do.Supervise(Method.PHONE, ("请说明",), 22), WATCHER)
    before = {d.name: (d.due, d.provisional) for d in petition.deadlines}
    assert before == {
        "rate": (NEW_YEAR, True),
        "ask-review": (NEW_YEAR, True),
    }
    assert [(d.due, d.provisional) for d in petition.duties] == [(NEW_YEAR, True)]
    event = decide(petition, do.Recount(), DESK, now, KNOWN)
    assert isinstance(event, Recounted)
    again = recounted(petition, now)
    # The first is off, the second and third are a weekend.
    monday = date(2027, 1, 4)
    every = (*again.deadlines, *again.duties)
    assert {(d.due, d.provisional) for d in every} == {(monday, False)}
    assert again.reply is not None
    assert again.reply.deadlines == again.deadlines  # the survey's end too
    with pytest.raises(Refused, match="nothing_to_recount"):
        decide(again, do.Recount(), DESK, now, KNOWN)


def recounted(petition: Petition, at: datetime) -> Petition:
    event = decide(petition, do.Recount(), DESK, at, KNOWN)
    entry = Entry(len(petition.entries) + 1, at, Party("desk"), event)
    return fold(petition.id, CITIZEN, (*petition.entries, entry))


def test_nothing_is_counted_again_while_the_year_is_not_known() -> None:
    petition = replied(datetime.fromisoformat("2026-12-02T02:00:00+00:00"))
    with pytest.raises(Refused, match="nothing_to_recount"):
        give(petition, do.Recount(), None)


@pytest.mark.parametrize(
    ("calendar", "start", "until"),
    [
        (Calendar(), date(2026, 5, 1), date(2026, 12, 31)),
        (Calendar(), date(2027, 5, 1), date(2027, 4, 30)),
        (Calendar({NEW_YEAR: False}), date(2026, 5, 1), NEW_YEAR),
        (Calendar(complete=frozenset({2027})), date(2025, 1, 1), date(2027, 12, 31)),
    ],
)
def test_how_far_the_days_are_known(calendar: Calendar, start: date, until: date) -> None:
    assert calendar.known_until(start) == until
