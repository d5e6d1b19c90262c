"""Nobody reviews what went through their own hands (TL 28), on the sample office."""

from datetime import timedelta

from making import NOW, a_filing, sample_office, the_rules

from bot.loading import load_office
from petitions import commands as do
from petitions.access import Actor, actor_of
from petitions.events import Finding, Outcome
from petitions.lifecycle import decide, register
from petitions.record import Entry, Party, Petition, fold

OFFICE = load_office(sample_office())
RULES = the_rules(OFFICE)
CITIZEN, LI, ZHENG, FENG = 1001, 2001, 2008, 2009
WHY = ("理由",)
REPLY = do.Reply(Outcome.NOT_SUPPORTED, WHY, "依据")
UPHELD = do.DecideReview(Finding.UPHELD, WHY, "依据")
REVOKED = do.DecideReview(Finding.REVOKED, WHY, "依据")
TO_HEKOU = ((LI, do.Take()), (LI, do.Route("hekou")))
REPLIED = ((FENG, do.Take()), (FENG, do.Accept()), (FENG, REPLY))
ASKED = ((CITIZEN, do.AskReview(WHY)),)


def live(*steps: tuple[int, do.Command]) -> Petition:
    first = register(do.Register(a_filing(), "99010020260302000017", "00"), NOW, RULES)
    petition = fold("p1", CITIZEN, [Entry(1, NOW, Party("petitioner", CITIZEN), first)])
    for who, command in steps:
        actor: Actor = actor_of(who, OFFICE)
        at = NOW + timedelta(minutes=len(petition.entries))
        event = decide(petition, command, actor, at, RULES)
        entry = Entry(len(petition.entries) + 1, at, actor.party(petition), event)
        petition = fold(petition.id, petition.petitioner, (*petition.entries, entry))
    return petition


def test_who_overturned_a_decision_may_review_the_next_one() -> None:
    again = (*TO_HEKOU, *REPLIED, *ASKED, (ZHENG, do.Take()), (ZHENG, REVOKED))
    again += ((FENG, do.Take()), (FENG, REPLY), *ASKED)
    assert live(*again, (ZHENG, do.Take())).holder == ZHENG


def test_who_only_routed_it_may_decide_the_second_review() -> None:
    """Sending a case to the competent unit decides nothing about it."""
    second = (*TO_HEKOU, *REPLIED, *ASKED, (ZHENG, do.Take()), (ZHENG, UPHELD), *ASKED)
    assert live(*second, (LI, do.Take())).holder == LI


def test_who_decided_the_review_does_not_decide_the_second() -> None:
    second = (*TO_HEKOU, *REPLIED, *ASKED, (ZHENG, do.Take()), (ZHENG, UPHELD), *ASKED)
    assert live(*second).barred == {FENG, ZHENG}
