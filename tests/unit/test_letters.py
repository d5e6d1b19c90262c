"""Which paper goes with an entry, and the dossier: what they say is what the record says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from making import a_filing, sample_office
from papers import printed, squeezed

from bot.loading import load_house, load_office
from dialogs.dossier import Binder
from dialogs.letters import letter
from documents import registry
from documents.case import Chain
from documents.paper import Paper
from petitions import commands as do
from petitions import events as ev
from petitions import numbers
from petitions.access import DESK, actor_of
from petitions.lifecycle import decide, register
from petitions.record import Entry, Party, Petition, fold

HOUSE = load_house(load_office(sample_office()), "desk_bot")
CITIZEN, HOUSING, CITY, PROVINCE = 1001, 2001, 2005, 2010
NUMBER, OTHER = (numbers.make("990100", date(2026, 3, 2), serial) for serial in (1, 2))
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
OPINION, CHANGED, UPHELD = ("管道由物业修复。",), ("管道由水务集团修复。",), ("复查意见事实清楚。",)
BASIS = "《物业管理条例》第三十五条"

REPLY = (
    (HOUSING, do.Take()),
    (HOUSING, do.Accept()),
    (HOUSING, do.Reply(ev.Outcome.EXPLAINED, OPINION, BASIS)),
)
REVIEW = (
    (CITIZEN, do.AskReview(("物业没有钱。",))),
    (CITY, do.Take()),
    (CITY, do.DecideReview(ev.Finding.CHANGED, CHANGED, BASIS)),
)
SECOND = (
    (CITIZEN, do.AskReview(("还是不服。",))),
    (PROVINCE, do.Take()),
    (PROVINCE, do.DecideReview(ev.Finding.UPHELD, UPHELD, BASIS)),
)


def lived(*moves: tuple[int | None, do.Command]) -> Petition:
    """The petition after these moves, one a day."""
    filing = a_filing(category="urban.utilities", district="jiangbei", affected="me")
    first = register(do.Register(filing, NUMBER, "00" * 16), MORNING, HOUSE.rules)
    petition = fold("p1", CITIZEN, [Entry(1, MORNING, Party("petitioner", CITIZEN), first)])
    for by, command in moves:
        at = petition.entries[-1].at + timedelta(days=1)
        actor = actor_of(by, HOUSE.office) if by else DESK
        event = decide(petition, command, actor, at, HOUSE.rules)
        entry = Entry(len(petition.entries) + 1, at, actor.party(petition), event)
        petition = fold("p1", CITIZEN, (*petition.entries, entry))
    return petition


def paper_of(petition: Petition) -> Paper:
    """The paper that goes out with the newest entry."""
    (post,) = letter(HOUSE, "zh_Hans", petition, petition.entries[-1])
    assert post.paper is not None
    return registry.read(post.paper.kind, post.paper.facts)


def test_a_review_is_of_what_the_unit_replied() -> None:
    text = printed(paper_of(lived(*REPLY, *REVIEW)))
    assert "您不服市住建局于2026年3月5日作出的处理意见，于2026年3月6日申请复查" in text
    assert squeezed(f"原处理意见{OPINION[0]}") in text
    assert CHANGED[0] in text


def test_a_second_review_is_of_what_the_first_one_decided() -> None:
    text = printed(paper_of(lived(*REPLY, *REVIEW, *SECOND)))
    assert "于2026年3月8日作出的复查意见，于2026年3月9日申请复核" in text
    assert f"您不服{HOUSE.office.unit_name('shifu', 'zh_Hans')}于" in text
    assert squeezed(f"原复查意见{CHANGED[0]}") in text
    assert "信复核〔2026〕20260302-00001号" in text  # the first of its kind
    assert OPINION[0] not in text


@pytest.mark.parametrize(
    ("ground", "state", "heading", "other_heading"),
    [
        (ev.Ground.UNDER_WAY, "open", "正在办理的同一事项", "已经终结的同一事项"),
        (ev.Ground.ENDED, "ended", "已经终结的同一事项", "正在办理的同一事项"),
    ],
)
def test_a_case_that_has_ended_is_not_called_under_way(
    ground: ev.Ground, state: str, heading: str, other_heading: str
) -> None:
    decline = do.Decline(ground, ("请看原答复。",), OTHER, state)  # type: ignore[arg-type]
    text = printed(paper_of(lived((HOUSING, do.Take()), (HOUSING, decline))))
    assert heading in text
    assert other_heading not in text


# -- the dossier -------------------------------------------------------------------------------


def dossier_of(petition: Petition) -> str:
    chain = Chain(entries=len(petition.entries), head="a" * 64)
    now = petition.entries[-1].at
    return printed(Binder(HOUSE, "zh_Hans", petition).bind(now, [], chain))


def test_a_dossier_tells_a_review_from_a_second_one_and_what_a_date_is() -> None:
    text = dossier_of(lived(*REPLY, *REVIEW, *SECOND))
    assert "受理最迟2026年5月6日" in text
    for told in ("申请复查复核·复查", "作出复查复核意见·复查", "申请复查复核·复核"):
        assert told in text, told
    assert squeezed(f"作出复查复核意见·复核变更{UPHELD[0]}") not in text
    assert squeezed("作出复查复核意见·复核维持") in text


def test_a_dossier_keeps_why_somebody_was_not_satisfied_for_the_supervisors() -> None:
    rating = do.Rate(ev.Verdict.BAD, ev.Verdict.BAD, "没有解决", "他们态度不好")
    petition = lived(*REPLY, (None, do.OpenSurvey()), (CITIZEN, rating))
    text = dossier_of(petition)
    assert OPINION[0] in text
    assert petition.rating is not None
    for kept in (rating.reason, rating.comment):
        assert kept is not None
        assert kept not in text
