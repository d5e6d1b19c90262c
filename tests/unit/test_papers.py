"""Every paper holds what it must and nothing it must not, in both languages."""

import io
import json
import subprocess
import sys
from datetime import date
from typing import Any

import papers
import pytest
from papers import NAME, NUMBER, OTHER, PAPERS, PHONE, WORDS, printed, squeezed
from pydantic import ValidationError
from pypdf import PdfReader

from documents import draw, facts_of, file_name, read
from documents.case import Led
from documents.decline import Decline
from documents.facts import Term, terms_of
from documents.paper import Letter, Paper
from documents.voice import Voice, numeral
from petitions.deadlines import Calendar, deadline
from petitions.profiles import DayKind, Limit

LETTERS = [paper for paper in PAPERS if isinstance(paper, Letter)]
ZH, EN = Voice(WORDS, "zh_Hans"), Voice(WORDS, "en")
each_paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.kind)
each_language = pytest.mark.parametrize("language", WORDS.languages)


def of(kind: str) -> Any:
    return next(paper for paper in PAPERS if paper.kind == kind)


def has(text: str, *wanted: str) -> None:
    """All of these, in this order."""
    at = 0
    for each in wanted:
        found = text.find(squeezed(each), at)
        assert found >= 0, f"no {each!r} after {text[:at][-60:]!r}"
        at = found + len(squeezed(each))


# -- all of them -------------------------------------------------------------------------------


@each_language
@each_paper
def test_a_paper_names_itself_its_number_its_issuer_and_its_day(
    paper: Paper, language: str
) -> None:
    text = printed(paper, language)
    say = Voice(WORDS, language)
    has(text, paper.issuer, paper.title(say))
    assert squeezed(paper.number) in text
    assert squeezed(say("paper.day", day=paper.issued)) in text
    assert "{" not in text


@each_paper
def test_a_paper_comes_back_from_its_facts_as_it_was(paper: Paper) -> None:
    stored = json.dumps(facts_of(paper))  # type: ignore[arg-type]
    assert read(paper.kind, json.loads(stored)) == paper


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.kind)
def test_a_letter_ends_with_its_issuer_and_day_and_says_that_it_is_a_copy(letter: Letter) -> None:
    text = printed(letter)
    foot = squeezed(ZH("paper.small", number=letter.number))
    day = ZH("paper.day", day=letter.issued)
    has(text.replace(foot, ""), letter.issuer, letter.to, letter.issuer, day)
    has(foot, "未加盖印章", NUMBER)
    assert text.count(foot) == len(papers.pages(draw(letter, "zh_Hans", WORDS)))


@each_paper
def test_a_paper_is_the_same_to_the_byte_whenever_it_is_drawn(paper: Paper) -> None:
    assert draw(paper, "zh_Hans", WORDS) == draw(paper, "zh_Hans", WORDS)


@each_language
@each_paper
def test_a_paper_is_fit_for_archives_and_can_be_read_aloud(paper: Paper, language: str) -> None:
    pdf = PdfReader(io.BytesIO(draw(paper, language, WORDS)))
    root: Any = pdf.trailer["/Root"]
    meta = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in meta
    assert "<pdfuaid:part>1</pdfuaid:part>" in meta
    assert root["/Lang"].startswith("zh" if language == "zh_Hans" else "en")
    assert pdf.metadata is not None
    assert pdf.metadata.title == paper.title(Voice(WORDS, language))
    assert pdf.metadata.creation_date is not None
    assert pdf.metadata.creation_date.date() == paper.issued
    fonts = [f for page in pdf.pages for f in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    described = [f["/DescendantFonts"][0]["/FontDescriptor"] for f in fonts]
    assert described
    assert all("/FontFile3" in each or "/FontFile2" in each for each in described)


def test_pages_are_counted() -> None:
    text = papers.pages(draw(papers.dossier(), "zh_Hans", WORDS))
    assert len(text) > 2
    for number, page in enumerate(text, 1):
        assert f"第{number}页共{len(text)}页" in page
    (one,) = papers.pages(draw(papers.acceptance(), "en", WORDS))
    assert "Page1of1" in one


def test_two_papers_of_one_kind_have_two_numbers() -> None:
    assert "信受〔2026〕20260302-00001号" in printed(papers.acceptance())
    assert "信受〔2026〕20260302-00001之2号" in printed(papers.acceptance(nth=2))


def test_a_paper_of_another_year_has_that_year_and_the_case_s_own_day() -> None:
    late = papers.acceptance(issued=date(2027, 1, 4))
    assert "信受〔2027〕20260302-00001号" in printed(late)


def test_a_number_may_be_given_in_any_spelling_but_not_a_wrong_one() -> None:
    assert papers.acceptance(number=NUMBER.replace("-", "")).number == NUMBER
    with pytest.raises(ValidationError, match="digit is wrong"):
        papers.acceptance(number=NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10))


def test_a_paper_has_no_place_for_what_it_does_not_know() -> None:
    with pytest.raises(ValidationError, match="not permitted"):
        papers.acceptance(telephone=PHONE)
    with pytest.raises(ValidationError):
        read("letter", facts_of(papers.acceptance()))
    with pytest.raises(ValidationError):
        read("extension", facts_of(papers.acceptance()))


def test_a_file_is_named_after_its_paper_and_case() -> None:
    assert file_name(papers.opinion(), "zh_Hans", WORDS) == f"信访事项处理意见书-{NUMBER}.pdf"
    assert file_name(papers.opinion(), "en", WORDS) == f"Opinion on a Petition-{NUMBER}.pdf"


def test_the_typesetter_is_not_loaded_before_the_first_paper() -> None:
    code = "import sys, bot.app, documents; print('typst' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# -- each of them ------------------------------------------------------------------------------


def test_the_acceptance_says_by_when_a_reply_comes_and_what_runs_on_meanwhile() -> None:
    has(
        printed(papers.acceptance()),
        NAME,
        "您于2026年3月2日提出的信访事项「小区供水管道爆裂」",
        "根据《信访工作条例》第二十三条，决定予以受理。",
        "最迟于2026年5月6日书面答复您（《信访工作条例》第三十四条）",
        "60日内可申请行政复议",
        "《行政诉讼法》第四十六条",
    )
    assert "简易" not in printed(papers.acceptance())
    assert "适用简易办理程序" in printed(papers.acceptance(simple=True))
    bare = printed(papers.acceptance(routes=()))
    assert "可能继续计算" not in bare


def test_the_non_acceptance_says_why_and_where_the_same_matter_is_handled() -> None:
    has(
        printed(of("decline")),
        "决定不予受理",
        "一、理由",
        "同一信访事项正在办理",
        "反映的是同一处管道爆裂",
        "二、正在办理的同一事项",
        OTHER,
        "承办单位：市水务集团",
        "最迟于2026年4月7日答复",
        "三、可以向哪里提出",
        "市水务集团信访窗口",
    )


def test_parts_that_are_empty_are_left_out_and_not_counted() -> None:
    plain = Decline(**papers.ANSWER, reason="ended")
    assert "二、" not in printed(plain)
    elsewhere = plain.model_copy(update={"reason": "elsewhere", "where": papers.ROUTES})
    has(printed(elsewhere), "一、理由", "不属于本单位", "二、可以向哪里提出")
    short = printed(papers.opinion(found=()))
    assert "查明的事实" not in short
    has(short, "一、信访请求", "二、处理意见", "三、依据", "四、权利告知")


def test_the_transfer_says_which_unit_has_it_and_when_it_tells() -> None:
    has(
        printed(of("transfer")),
        "属于云江市水务集团职责范围",
        "《信访工作条例》第二十二条",
        "要求其报告办理结果",
        "最迟于2026年3月18日告知您是否受理（《信访工作条例》第二十三条第三款）",
    )
    routed = of("transfer").model_copy(update={"how": "routed"})
    assert "报告办理结果" not in printed(routed)


def test_the_referral_says_which_route_and_its_last_day() -> None:
    has(
        printed(of("referral")),
        "第三十一条",
        "工资争议",
        "可申请劳动仲裁",
        "最后日期：2027年2月1日",
        "《劳动争议调解仲裁法》第二十七条",
        "逾期可能影响您的权利",
    )


def test_the_extension_says_why_and_until_when() -> None:
    has(
        printed(of("extension")),
        "未能在2026年5月6日前办结",
        "负责人批准",
        "第三十四条",
        "延长至2026年6月5日",
        "鉴定尚未完成",
    )


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("supported", "予以支持"), ("explained", "作如下解释说明"), ("not_supported", "不予支持")],
)
def test_the_opinion_says_request_facts_outcome_basis_and_the_way_to_a_review(
    outcome: str, said: str
) -> None:
    has(
        printed(papers.opinion(outcome=outcome)),
        "于2026年3月10日受理",
        *papers.REQUEST,
        *papers.FOUND,
        said,
        *papers.OPINION,
        papers.BASIS,
        "您可以在2026年5月20日前向云江市人民政府书面申请复查（《信访工作条例》第三十五条）",
        "云江市住房和城乡建设局",
        "2026年4月20日",
        "0571-00000000",
    )


def decided(kind: str, decision: str, **changes: Any) -> Any:
    given = of(kind).model_dump() | {"decision": decision} | changes
    return read(kind, given)


@pytest.mark.parametrize(("decision", "said"), [("upheld", "维持"), ("changed", "变更")])
def test_the_review_says_what_becomes_of_the_opinion_and_who_can_be_asked_next(
    decision: str, said: str
) -> None:
    has(
        printed(decided("review", decision, redo=None)),
        "于2026年4月20日作出的处理意见，于2026年5月11日申请复查",
        "二、原处理意见",
        *papers.OPINION,
        "四、复查意见",
        said,
        "没有查明损失的数额",
        "2026年7月13日前向云江省人民政府书面申请复核（《信访工作条例》第三十六条）",
    )


def test_the_second_review_says_that_it_ends_the_matter() -> None:
    text = printed(of("second_review"))
    has(text, "复核意见书", "申请复核", "原复查意见", "维持", "终结意见", "第三十六条第三款")
    assert "书面申请复核" not in text


@pytest.mark.parametrize("kind", ["review", "second_review"])
def test_a_review_that_revokes_ends_nothing_and_says_by_when_it_is_handled_again(
    kind: str,
) -> None:
    redo = Term(name="handle", due=date(2026, 8, 11), clause="TL 34")
    text = printed(decided(kind, "revoked", redo=redo))
    has(text, "撤销", "重新办理", "2026年8月11日", "新的处理意见", "申请复查")
    assert "终结" not in text
    assert "书面申请复核" not in text
    assert "2026年8月11日" not in printed(decided(kind, "revoked", redo=None))


def test_a_review_that_stands_must_say_until_when_the_next_one_can_be_asked_for() -> None:
    assert decided("review", "revoked", ask_second_review=None)
    with pytest.raises(ValidationError, match="ask_second_review"):
        decided("review", "upheld", ask_second_review=None)


def test_where_no_reviewer_is_known_it_is_the_next_higher_authority() -> None:
    assert "向上一级机关、单位书面申请复查" in printed(papers.opinion(reviewer=""))
    second = decided("review", "upheld", redo=None, reviewer="")
    assert "向上一级机关、单位书面申请复核" in printed(second)
    assert "askthenexthigherauthorityinwriting" in printed(second, "en")


def test_what_is_not_known_leaves_no_hole() -> None:
    text = printed(of("extension").model_copy(update={"was": None}))
    has(text, "未能在原定期限内办结。经本单位负责人批准", "延长至2026年6月5日")
    other = of("decline").under_way.model_copy(update={"unit": "", "due": None})
    text = printed(of("decline").model_copy(update={"under_way": other}))
    has(text, f"编号：{OTHER}。", "三、")
    assert "承办单位" not in text


# -- the assignment sheet ----------------------------------------------------------------------


def test_the_assignment_says_what_is_asked_and_by_when() -> None:
    has(
        printed(papers.assignment(urgent=True)),
        "云江市住房和城乡建设局：",
        "请立即处理",
        NUMBER,
        "城乡建设›供水供气",
        "江北区",
        "江北区长青街道办事处、市水务集团",
        "1．审查是否属于",
        "4．办结后向本单位报告",
        "对转送提出异议",
        "2026年3月10日",
        "第二十三条第三款",
        "决定是否受理",
        "2026年3月18日",
    )


@each_language
def test_the_assignment_holds_nothing_of_the_petitioner(language: str) -> None:
    pdf = draw(papers.assignment(), language, WORDS)
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    text = "".join(papers.pages(pdf)) + root["/Metadata"].get_data().decode()
    for secret in (NAME, PHONE, PHONE[3:], papers.ANSWER["subject"], *papers.FACTS):
        assert squeezed(secret) not in text


@pytest.mark.parametrize(
    "field", ["name", "phone", "subject", "title", "text", "request", "note", "address"]
)
def test_the_assignment_has_no_field_that_could_hold_it(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        papers.assignment(**{field: NAME})
    with pytest.raises(ValidationError, match="tasks"):
        papers.assignment(tasks=(f"给{NAME}打电话",))


# -- the dossier -------------------------------------------------------------------------------


def test_the_dossier_holds_everything_in_order() -> None:
    has(
        printed(papers.dossier()),
        "信访事项卷宗",
        NUMBER,
        "小区供水管道爆裂",
        "卷内目录",
        "七、案卷记录的核验",
        "一、当事人和经办人",
        NAME,
        PHONE,
        "江北区长青里3号楼101室",
        "二、办理经过",
        "2026年3月2日10:05",
        "登记",
        "2026年3月10日15:05",
        "受理",
        "三、材料全文",
        "事实和理由",
        *papers.FACTS,
        "信访请求",
        *papers.REQUEST,
        "补充材料",
        "（无）",
        "处理意见",
        *papers.OPINION,
        "四、期限和依据",
        "《信访工作条例》第二十二条、第二十三条",
        "2026年4月20日（超期）",
        "2027年5月20日（暂定）",
        "五、包案情况",
        "副市长王建国",
        "市住建局、市水务集团",
        "（缺）",
        "尚缺2项",
        "六、附件清单",
        "漏水照片.jpg",
        "图片",
        "337.6KB",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "七、案卷记录的核验",
        "14",
        "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
        "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "2026年6月30日00:00",
    )


def test_a_dossier_of_nothing_says_so() -> None:
    empty = papers.dossier(
        parties=(), steps=(), writings=(), terms=(), led=None, attachments=(), closed=None
    )
    text = printed(empty)
    assert text.count("（无）") == 5
    assert "包案" not in text
    has(text, "五、附件清单", "六、案卷记录的核验")


def test_a_led_case_shows_what_is_missing_and_when_nothing_is() -> None:
    assert Led().lacking == 4
    full = Led(leader="甲", group=("乙",), plan=("先查，后修。",), supervisor="丙")
    assert full.lacking == 0
    text = printed(papers.dossier(led=full))
    has(text, "包案领导", "甲", "乙", "先查，后修。", "丙", "包案要素齐全")
    assert "（缺）" not in text
    # A name that reads like our word for "missing" is a name.
    assert "尚缺3项" in printed(papers.dossier(led=Led(leader="（缺）")))


def test_an_erased_dossier_says_what_was_erased_and_keeps_what_proves_the_record() -> None:
    erased = papers.dossier(erased=True, parties=(), writings=(), attachments=())
    text = printed(erased)
    assert "已依法删除" in text
    assert NAME not in text.replace(squeezed(f"2026年3月2日10:05{NAME}"), "")
    assert erased.chain.head in text


def test_a_record_that_is_not_sealed_yet_says_so() -> None:
    chain = papers.dossier().chain.model_copy(update={"seal": None, "sealed_at": None})
    assert "（尚未封存）" in printed(papers.dossier(chain=chain))


# -- clauses, terms, numerals ------------------------------------------------------------------

TL, REGULATIONS = "《信访工作条例》", "Petition Work Regulations, art."


@pytest.mark.parametrize(
    ("clause", "chinese", "english"),
    [
        ("TL 34", f"{TL}第三十四条", f"{REGULATIONS} 34"),
        ("TL 22, 23", f"{TL}第二十二条、第二十三条", f"{REGULATIONS} 22, 23"),
        ("TL 23(3)", f"{TL}第二十三条第三款", f"{REGULATIONS} 23(3)"),
        ("TL 31(6)", f"{TL}第三十一条第六项", f"{REGULATIONS} 31(6)"),
        ("TL 31(1)–(5)", f"{TL}第31(1)–(5)条", f"{REGULATIONS} 31(1)–(5)"),
        ("《某条例》第八条", "《某条例》第八条", "《某条例》第八条"),
        ("", "", ""),
    ],
)
def test_a_clause_is_quoted_as_laws_are(clause: str, chinese: str, english: str) -> None:
    assert ZH.clause(clause) == chinese
    assert EN.clause(clause) == english
    assert EN.basis(clause) == (f" ({english})" if clause else "")


def test_numerals() -> None:
    assert [numeral(n) for n in (1, 9, 10, 11, 20, 23, 99)] == (
        ["一", "九", "十", "十一", "二十", "二十三", "九十九"]
    )
    for number in (0, 100):
        with pytest.raises(ValueError, match="no numeral"):
            numeral(number)


def test_a_term_of_the_rules_is_said_with_its_day_and_one_of_one_s_own_names_itself() -> None:
    limit = Limit("handle", 60, DayKind.CALENDAR, "TL 34")
    starts = (date(2026, 3, 9), date(2026, 12, 1))
    first, second = terms_of(deadline(limit, day, Calendar()) for day in starts)
    assert (ZH.term(first), ZH.due(first)) == ("办结并书面答复", "2026年5月8日")
    assert ZH.due(second) == "2027年1月30日（暂定）"
    assert ZH.term(Term(name="法律援助申请")) == "法律援助申请"
    assert ZH.due(Term(name="x")) == "—"
