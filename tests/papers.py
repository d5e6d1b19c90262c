"""Papers for tests: one of every kind, filled as the office of `making` would fill it."""

import io
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from pypdf import PdfReader

from documents import draw
from documents.acceptance import Acceptance
from documents.assignment import Assignment
from documents.case import Attachment, Chain, Due, Led, Party, Step, Writing
from documents.decline import Decline, UnderWay
from documents.dossier import Dossier
from documents.extension import Extension
from documents.facts import Route, Term
from documents.opinion import Opinion
from documents.paper import Paper
from documents.referral import Referral
from documents.review import Review, SecondReview
from documents.transfer import Transfer
from petitions import numbers
from petitions.events import Outcome
from words import load_words

WORDS = load_words()
NUMBER = numbers.show(numbers.make("990100", date(2026, 3, 2), 1))
OTHER = numbers.show(numbers.make("990100", date(2026, 2, 3), 12))
NAME, PHONE = "陈秀英", "+8613812345678"
SHANGHAI = timezone(timedelta(hours=8))

LETTER: dict[str, Any] = {
    "number": NUMBER,
    "issuer": "云江市住房和城乡建设局",
    "issued": date(2026, 3, 10),
    "to": NAME,
}
ANSWER = LETTER | {"subject": "小区供水管道爆裂", "registered": date(2026, 3, 2)}
REQUEST = ("请尽快修好水管，恢复供水，并赔偿一楼住户的损失。",)
FACTS = (
    "2026年2月26日起，江北区长青里小区3号楼外的供水管道爆裂，一楼进水。",
    "我们给物业和水务公司打了十多次电话，一直没有人来修。\n老人和孩子用水很困难。",
)
FOUND = (
    "经现场查勘，长青里小区3号楼外DN100供水管道因年久锈蚀，于2026年2月26日破裂，"
    "一楼101、102室进水，面积约12平方米。",
    "该管道属市政供水管网，由市水务集团负责维护。3月3日已抢修完毕，恢复供水。",
)
OPINION = (
    "一是由市水务集团对该段管道整体更换，2026年4月30日前完工。",
    "二是由市水务集团与101、102室住户协商赔偿，街道办事处参加调解。",
)
BASIS = "《城镇供水条例》第二十四条"
HANDLE = Term(name="handle", due=date(2026, 5, 6), clause="TL 34")
ROUTES = (
    Route(
        sentence="对行政机关的决定不服：自知道之日起60日内可申请行政复议，或6个月内可提起行政诉讼。",
        clause="《行政复议法》第二十条、《行政诉讼法》第四十六条",
    ),
)
REVIEWED = ANSWER | {
    "issuer": "云江市人民政府",
    "issued": date(2026, 6, 12),
    "unit": "云江市住房和城乡建设局",
    "given": date(2026, 4, 20),
    "asked": date(2026, 5, 11),
    "request": ("请赔偿一楼住户的装修损失。",),
    "opinion": OPINION,
    "found": FOUND,
    "basis": BASIS,
    "reasons": ("原处理意见没有查明损失的数额，事实不清。",),
}


def acceptance(**changes: Any) -> Acceptance:
    return Acceptance(**(ANSWER | {"handle": HANDLE, "routes": ROUTES} | changes))


def opinion(**changes: Any) -> Opinion:
    return Opinion(
        **(
            ANSWER
            | {
                "issued": date(2026, 4, 20),
                "accepted": date(2026, 3, 10),
                "request": REQUEST,
                "found": FOUND,
                "outcome": Outcome.SUPPORTED,
                "opinion": OPINION,
                "basis": BASIS,
                "reviewer": "云江市人民政府",
                "ask_review": Term(name="ask-review", due=date(2026, 5, 20), clause="TL 35"),
                "contact": "云江市江北区人民路1号，0571-00000000",
            }
            | changes
        )
    )


def assignment(**changes: Any) -> Assignment:
    return Assignment(
        **(
            LETTER
            | {
                "issuer": "云江市信访局",
                "issued": date(2026, 3, 3),
                "to": "云江市住房和城乡建设局",
                "how": "ordered",
                "category": "城乡建设 › 供水供气",
                "district": "江北区",
                "assisting": ("江北区长青街道办事处", "市水务集团"),
                "terms": (
                    Term(name="object", due=date(2026, 3, 10), clause="TL 23(3)"),
                    Term(name="accept", due=date(2026, 3, 18), clause="TL 23(3)"),
                ),
                "tasks": ("accept", "object", "reply", "report"),
            }
            | changes
        )
    )


def dossier(**changes: Any) -> Dossier:
    at = datetime(2026, 3, 2, 10, 5, tzinfo=SHANGHAI)
    return Dossier(
        **(
            {
                "number": NUMBER,
                "issuer": "云江市信访局",
                "issued": date(2026, 6, 30),
                "subject": ANSWER["subject"],
                "purpose": "申诉求决",
                "category": "城乡建设 › 供水供气",
                "district": "江北区",
                "unit": "云江市住房和城乡建设局",
                "state": "已答复",
                "registered": date(2026, 3, 2),
                "closed": date(2026, 4, 20),
                "parties": (
                    Party(
                        role="信访人",
                        name=NAME,
                        phone=PHONE,
                        address="江北区长青里3号楼101室",
                        note="同意公开答复",
                    ),
                    Party(role="承办人", name="李明", note="云江市住房和城乡建设局"),
                ),
                "steps": (
                    Step(at=at, who=NAME, what="登记"),
                    Step(at=at + timedelta(days=8, hours=5), who="李明", what="受理"),
                    Step(at=at + timedelta(days=49), who="李明", what="答复：支持"),
                ),
                "writings": (
                    Writing(title="事实和理由", by=NAME, at=at, text=FACTS),
                    Writing(title="信访请求", by=NAME, at=at, text=REQUEST),
                    Writing(title="补充材料", by=NAME, at=at + timedelta(days=9), text=()),
                    Writing(title="处理意见", by="李明", at=at + timedelta(days=49), text=OPINION),
                ),
                "terms": (
                    Due(
                        name="answer",
                        due=date(2026, 3, 17),
                        clause="TL 22, 23",
                        done=date(2026, 3, 10),
                    ),
                    Due(
                        name="handle", due=date(2026, 4, 10), clause="TL 34", done=date(2026, 4, 20)
                    ),
                    Due(name="ask-review", due=date(2027, 5, 20), clause="TL 35", provisional=True),
                ),
                "led": Led(leader="副市长 王建国", group=("市住建局", "市水务集团")),
                "attachments": (
                    Attachment(
                        name="漏水照片.jpg",
                        kind="photo",
                        at=at,
                        by=NAME,
                        size=345_678,
                        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    ),
                    Attachment(name="录音", kind="voice", at=at, by=NAME),
                ),
                "chain": Chain(
                    entries=14,
                    head="b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
                    seal="2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                    sealed_at=datetime(2026, 6, 29, 16, 0, tzinfo=UTC).astimezone(SHANGHAI),
                ),
            }
            | changes
        )
    )


PAPERS: tuple[Paper, ...] = (
    acceptance(),
    Decline(
        **ANSWER,
        reason="under_way",
        explanation=("两件信访事项反映的是同一处管道爆裂。",),
        under_way=UnderWay(number=OTHER, unit="市水务集团", due=date(2026, 4, 7)),
        where=(Route(sentence="对办理进度有疑问的，可以向市水务集团信访窗口询问。"),),
    ),
    Transfer(
        **ANSWER,
        unit="云江市水务集团",
        how="ordered",
        accept=Term(name="accept", due=date(2026, 3, 18), clause="TL 23(3)"),
    ),
    Referral(
        **ANSWER,
        explanation=("反映的是与用人单位之间的工资争议。",),
        routes=(
            Route(
                sentence="劳动争议：自知道权利受侵害之日起一年内可申请劳动仲裁。",
                clause="《劳动争议调解仲裁法》第二十七条",
                due=date(2027, 2, 1),
            ),
            *ROUTES,
        ),
    ),
    Extension(
        **ANSWER,
        reason=("需要委托专业机构鉴定损失，鉴定尚未完成。",),
        was=date(2026, 5, 6),
        handle=Term(name="handle", due=date(2026, 6, 5), clause="TL 34"),
    ),
    opinion(),
    Review(
        **REVIEWED,
        decision="revoked",
        redo=Term(name="handle", due=date(2026, 8, 11), clause="TL 34"),
        reviewer="云江省人民政府",
        ask_second_review=Term(name="ask-second-review", due=date(2026, 7, 13), clause="TL 36"),
    ),
    SecondReview(**REVIEWED, decision="upheld"),
    assignment(),
    dossier(),
)
"""One of every kind."""


def squeezed(text: str) -> str:
    """The text without its white space, which a PDF does not keep."""
    return "".join(text.split())


def pages(pdf: bytes) -> list[str]:
    """What can be read on each page, squeezed."""
    return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def printed(paper: Paper, language: str = "zh_Hans") -> str:
    """Everything that can be read on the paper, squeezed."""
    return "".join(pages(draw(paper, language, WORDS)))
