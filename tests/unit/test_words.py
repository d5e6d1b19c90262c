"""Every sentence: in both languages, with the same facts, fit for the messenger, and in use."""

import ast
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import papers
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import bot.commands
import dialogs
import petitions
from dialogs.audience import LINES, TOLD
from dialogs.citizen import menu, rights, texts, timeline
from dialogs.forms import category, choice, detail, place, preview, review
from dialogs.registry import FORMS
from dialogs.said import SaidKind
from dialogs.staff import card, stats, story
from dialogs.staff.acts import ACTS
from documents import figures, workbook
from documents.assignment import Task
from documents.case import Attachment
from documents.charts import picture
from documents.decline import Reason
from documents.review import Decision
from emulator.html import parse_html
from petitions import events as ev
from petitions.catalogue import KINDS as WAYS
from petitions.indicators import AGE_BANDS, Kind, Parts, Totals
from petitions.indicators.totals import ADOPTED, LEVELS, ORIGINS
from petitions.profiles import Event as ProfileEvent
from petitions.profiles import parse_profile
from petitions.record import State
from words import SOURCE, load_words
from words.formats import Html, as_text

WORDS = load_words()
LOCALES = Path(str(files("words") / "locales"))
ROOT = Path(dialogs.__file__).parent.parent


def messages(language: str) -> dict[str, tuple[str, ...]]:
    """Key → its sentence, or its plural forms."""
    content = (LOCALES / f"{language}.po").read_bytes()
    catalogue = read_po(BytesIO(content), locale=language, abort_invalid=True)
    return {_key(m): _forms(m) for m in catalogue if m.id}


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


ALL = {language: messages(language) for language in WORDS.languages}
KEYS = set(ALL[SOURCE])
EVERY = [(lang, key, text) for lang, found in ALL.items() for key, t in found.items() for text in t]


def placeholders(text: str) -> set[str]:
    fields = [(name, spec, how) for _, name, spec, how in string.Formatter().parse(text) if name]
    assert all(re.fullmatch("[a-z_]+", n) and not spec and not how for n, spec, how in fields), text
    return {name for name, _, _ in fields}


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?\w+[^>]*>", text))


# -- the catalogues agree ----------------------------------------------------------------------


def test_the_languages_are_those_of_the_catalogues_source_first() -> None:
    assert WORDS.languages == ("zh_Hans", "en")
    assert {p.stem for p in LOCALES.glob("*.po")} == set(WORDS.languages)


@pytest.mark.parametrize("language", WORDS.languages)
def test_a_catalogue_says_each_key_once(language: str) -> None:
    text = (LOCALES / f"{language}.po").read_text("utf-8")
    ids = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert sorted(ids) == sorted(set(ids))
    assert set(ids) == set(ALL[language])
    assert "fuzzy" not in text


@pytest.mark.parametrize("language", WORDS.languages)
def test_every_language_has_every_key_and_no_other(language: str) -> None:
    assert set(ALL[language]) == KEYS


@pytest.mark.parametrize("language", WORDS.languages)
def test_every_language_names_the_same_facts_and_marks_the_same_words(language: str) -> None:
    for key, forms in ALL[language].items():
        for text in forms:
            source = ALL[SOURCE][key][0]
            missing = placeholders(source) - placeholders(text)
            # "One petition" needs no figure.
            assert missing <= ({"count", "days"} if len(forms) > 1 else set()), key
            assert placeholders(text) <= placeholders(source), key
            assert tags(text) == tags(source), key


def test_no_sentence_is_empty_or_its_own_key() -> None:
    for _, key, text in EVERY:
        assert text.strip(), key
        assert text != key
        assert text == text.strip(), key


def test_plurals_have_as_many_forms_as_the_language_needs() -> None:
    for key, forms in ALL["en"].items():
        source = ALL[SOURCE][key]
        assert len(source) == 1
        assert len(forms) in (1, 2)
        if len(forms) == 2:
            assert placeholders(forms[1]) & {"count", "days"}, key


def test_every_sentence_is_html_that_the_messenger_takes() -> None:
    for language, key, text in EVERY:
        facts = dict.fromkeys(placeholders(text), "x")
        shown, _ = parse_html(string.Formatter().vformat(text, (), facts))
        assert len(shown) < 1500, (language, key)


def test_chinese_stands_with_chinese_punctuation() -> None:
    wrong = re.compile(r"[\u3400-\u9fff」』）][,:;?!()]|[,:;?!()][\u3400-\u9fff「『（]")
    for key, forms in ALL[SOURCE].items():
        for text in forms:
            bare = re.sub(r"<[^>]*>", "", text)
            assert not wrong.search(bare), (key, wrong.search(bare))
            assert "..." not in bare, key


def test_the_punctuation_check_sees_what_it_looks_for() -> None:
    wrong = re.compile(r"[\u3400-\u9fff」』）][,:;?!()]|[,:;?!()][\u3400-\u9fff「『（]")
    assert all(wrong.search(t) for t in ("好,", "好:", "吗?", "好!", "(好", "好)", ";好"))
    assert not wrong.search("好，14:30，/start 好")


def test_english_has_no_chinese_left_in_it() -> None:
    kept = {"language.ask", "menu.language"}  # shown to who does not read the language yet
    for key, forms in ALL["en"].items():
        if key not in kept:
            assert not re.search(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]", "".join(forms)), key


def test_labels_have_no_marks_and_fit_a_button_or_a_toast() -> None:
    """Toasts are at most 200 characters at the messenger."""
    prefixes = ("act.", "acted.", "refused.", "menu.", "did.", "state.", "outcome.", "form.stale")
    for language, key, text in EVERY:
        if key.startswith(prefixes):
            assert not tags(text), (language, key)
            assert len(text) <= 170, (language, key)  # with room for a name


# -- every key that the code uses is there, every key that is there is used -----------------------


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for room in ("dialogs", "bot", "notifier", "documents"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.name != "demo.py":  # speaks to the emulator, to nobody else
                yield path, ast.parse(path.read_text("utf-8"))


def literals() -> set[str]:
    """Every string of the code that is no docstring."""
    found = set()
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def families() -> set[str]:
    """How every f-string that could be a key begins, up to what is filled in."""
    found = set()
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                head, *rest = node.values
                begins = head.value if isinstance(head, ast.Constant) and rest else ""
                if re.fullmatch(r"([a-z_]+\.)+", begins):
                    found.add(begins)
    return found


def _constants(node: ast.expr) -> Iterator[str]:
    """The strings this argument may be; what is put together is a family's matter."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _constants(body)
            yield from _constants(orelse)


def spoken_in_calls() -> set[tuple[str, str]]:
    """(where, key) of every literal handed to a function that takes a key."""
    first = {"say", "label", "post", "answer", "spoken", "Refuse", "Question", "_long"}
    found = set()
    for path, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            args = node.args[:1] if name in first else node.args[1:2] if name == "Kept" else []
            args += [k.value for k in node.keywords if k.arg == "done"]
            for arg in args:
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                found |= {(where, key) for key in _constants(arg)}
    return found


def wordless() -> set[str]:
    """The names of messages that say nothing: files, and buttons taken away."""
    found = set()
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Post":
                given = {each.arg: each.value for each in node.keywords}
                if "text" not in given and "key" in given:
                    found |= set(_constants(given["key"]))
    return found


def refusals() -> set[str]:
    """The code of every `Refused(…)` in the rules and in the dialogs."""
    found = set()
    for room in (petitions, dialogs):
        for path in Path(room.__file__).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
                if isinstance(node, ast.Call) and name in ("Refused", "words") and node.args:
                    found |= set(_constants(node.args[name == "words"]))
    return found


def deadline_names(events: set[str]) -> set[str]:
    profiles = Path(petitions.__file__).parent / "profiles"
    limits = [parse_profile(p.read_text("utf-8")).limits for p in profiles.glob("*.toml")]
    return {each.name for each_ in limits for e in events for each in each_.get(e, ())}


EVENTS: tuple[type[ev.Event], ...] = get_args(get_args(ev.AnyEvent)[0])
KINDS_OF_EVENT = {e.model_fields["kind"].default for e in EVENTS}
VARIANTS = {
    "routed": ("", ".assigned"),
    "accepted": ("", ".simple"),
    "referred": ("", ".discipline"),
    "declined": tuple(f".{ground}" for ground in ev.Ground),
    "suggestion_answered": (".adopted", ".kept"),
    "mediation_answered": (".agreed", ".refused"),
    "mediated": (".settled", ".failed"),
    "review_asked": (".1", ".2"),
    "review_decided": (".1", ".2", ".redo"),
    "linked": (".same", ".repeats", ".repeated_by"),
    "escalated": (".head", ".supervisor", ".leader"),
    "supplemented": ("", ".moved"),
    "inquired": tuple(f".{result}" for result in ev.Result),
    "recused": (".moved",),  # told only where the case went to another unit with it
}


def sentences(kinds: Iterable[str]) -> set[str]:
    """The names of the sentences that tell of events of these kinds, in every variant."""
    return {kind + variant for kind in kinds for variant in VARIANTS.get(kind, ("",))}


SHOWN = sentences(e.model_fields["kind"].default for e in timeline.SHOWN)
# Told in more than one sentence, which the code names itself.
TOLD_OTHERWISE = {"supplemented", "supplement_asked", "replied", "survey_opened"}
DUTIES = {"answer", "accept", "handle", "handle-simple", "decide-review", "decide-second-review"}


def form_keys() -> Iterator[str]:
    """`<form>.<step>.<what>` for every step of every form, by its kind."""
    for form in FORMS.values():
        if form.kept:
            yield f"{form.name}.left"
        if form.finish.__module__ == "dialogs.carrying":
            yield f"{form.name}.sent"
        reviews = [s for s in form.steps if isinstance(s.kind, review.Review | preview.Preview)]
        for step in form.steps:
            of = f"{form.name}.{step.name}."
            yield of + "ask"
            hidden = {n for r in reviews for n in getattr(r.kind, "hidden", ())} | {
                r.name for r in reviews
            }
            if reviews and step.name not in hidden:
                yield of + "label"
            match step.kind:
                case choice.Choice(options=options, stops=stops):
                    yield from (of + option for option in options)
                    yield from (f"{of}{stop}_stop" for stop in stops)
                case detail.Detail():
                    yield from (of + "yes", of + "no", of + "detail")
                case category.CategoryStep():
                    yield from (of + "all", of + "branch")
                case place.Place():
                    yield from (of + "district_of_pin", of + "address")
                case review.Review() | preview.Preview():
                    yield of + "submit"


STARTS = {
    *("registered", "routed", "accepted", "accepted-simple", "replied"),
    *("review-asked", "review-decided", "second-review-asked"),
}
CARD_ROWS = (*card.ROWS.values(), *card.FIRST.values(), card.UNHELD, card.CLOSED)
MARKS = (
    *("urgent", "assigned", "simple", "extension_asked", "extended", "supervised", "led", "linked"),
)
KINDS = {paper.kind for paper in papers.PAPERS}
REVIEWS = {"review", "second_review"}
COLUMNS = {"role", "name", "phone", "address", "note", "at", "who", "what"} | {
    "term",
    "due",
    "clause",
    "done",
    "nth",
    "file",
    "kind",
    "sha256",
}
CASE_ACTS = (
    *("supplement", "agree", "disagree", "texts"),
    *("withdraw", "withdraw_yes", "withdraw_no"),
)
REVIEW_BUTTONS = ("review", "review_today", "review_until")
FILLED: dict[str, set[str]] = {
    "refused.": refusals(),
    "state.": set(State),
    "outcome.": set(ev.Outcome),
    "did.": KINDS_OF_EVENT,
    "timeline.": SHOWN,
    "deadline.": deadline_names(STARTS) - {"object"},
    "card.deadline.": DUTIES | {"supervision"},
    "duty.": DUTIES | {"supervision"},
    "act.": {a for rows in CARD_ROWS for row in rows for a in row} | {*ACTS, "dossier"},
    "notice.": sentences(TOLD - TOLD_OTHERWISE) | {"supplemented.moved"},
    "missed.review_closing.": {"1", "2"},
    "notice.review_closing.": {"1", "2"},
    "notice.review_closing_today.": {"1", "2"},
    "staff.": sentences({*LINES, "escalated"}) - {"routed"},  # a line for what was assigned
    "card.mark.": set(MARKS),
    "method.": set(ev.Method),
    "result.": set(ev.Result),
    "details.said.": sentences(e.model_fields["kind"].default for e in story.SHOWN),
    "finding.": set(ev.Finding),
    "way.": set(WAYS),
    "case.": {*CASE_ACTS, *(f"{key}.{n}" for key in REVIEW_BUTTONS for n in (1, 2))},
    "case.review.": {"1", "2"},
    "case.review_today.": {"1", "2"},
    "case.review_until.": {"1", "2"},
    "appeal.about.": {"1", "2"},
    "appeal.sent.": {"1", "2"},
    "review.": {"1", "2"},
    "told.": set(ev.Purpose),
    "next.": deadline_names(STARTS) - {"object"},
    "rights.": rights.NAMES,
    "texts.": texts.KINDS,
    "lead.": {"leader", "group", "plan", "supervisor", "dossier"},
    "party.": {"petitioner", "desk"},
    "draft.": set(menu.DRAFTS),
    "menu.": set(menu.MENU),
    "command.": {*bot.commands.PRIVATE, *bot.commands.GROUP},
    "unexpected.": set(get_args(SaidKind)),
    "survey.office.": set(ev.Verdict),
    "survey.unit.": set(ev.Verdict),
    "filing.purpose.": set(ev.Purpose),
    "filing.affected.": {"me", "few", "many", "crowd"},
}
LOGGED = {"tap.not_answered", "duty.failed", "duty.of_nothing", "duty.taken_over"}
LOGGED |= {"duty.keeps_failing"}
ENUMS = {"ground", "method"}  # found by the name of their class, see `dialogs.facts`
PAPERS: dict[str, set[str]] = {
    "paper.": {f"{kind}.title" for kind in KINDS}
    | {f"{k}.{w}" for k in REVIEWS for w in ("follows", "reviewed", "decision")},
    "paper.mark.": set(KINDS) - {"dossier"},
    "paper.assignment.": {"routed", "ordered"},
    "paper.transfer.": {"routed", "ordered"},
    "paper.decline.": set(get_args(Reason)),
    "paper.decision.": set(get_args(Decision)),
    "paper.opinion.": set(ev.Outcome),
    "paper.task.": set(get_args(Task)),
    "paper.term.": deadline_names(set(get_args(ProfileEvent))) | {"supervision"},
    "paper.file.": set(get_args(Attachment.model_fields["kind"].annotation)),
    "paper.field.": COLUMNS,
}
FILLED |= PAPERS
TABLES = {each.name for each in fields(Totals) if each.type is Parts} | {"units", "trend"}
SECTIONS = {section.name for each in picture.SECTIONS.values() for section in each}
COLUMNS_OF_UNITS = {"unit", "registered", "acceptance", "completion", "overdue", "satisfied"}
HEADS = {"figure", "value", "part", "of", "percent", "before", "year", "on_before", "on_year"} | {
    *("table", "name", "count", "total", "first", "last", "how")
}
DIGESTS: dict[str, set[str]] = {
    "digest.title.": set(get_args(Kind)),
    "digest.empty.": set(get_args(Kind)),
    "digest.figure.": {*figures.COUNTS, *figures.RATES},
    "digest.how.": {*figures.COUNTS, *figures.RATES},
    "digest.table.": TABLES | SECTIONS | {"purposes"},
    "digest.origin.": set(ORIGINS),
    "digest.purpose.": set(ev.Purpose),
    "digest.answered.": set(ADOPTED),
    "digest.review.": set(LEVELS),
    "digest.age.": set(AGE_BANDS),
    "digest.column.": COLUMNS_OF_UNITS,
    "digest.head.": HEADS,
    "digest.sheet.": {name for name, _, _ in workbook._SHEETS},
    "stats.": {name for row in stats.MENU for name, _, _ in row}
    | {"not_dates", "backwards", "future", "too_long"},
    "ground.": set(ev.Ground),
}
FILLED |= DIGESTS


def test_every_family_of_keys_is_known_here() -> None:
    assert families() == set(FILLED)


@pytest.mark.parametrize("family", FILLED)
def test_every_member_of_a_family_has_its_sentence(family: str) -> None:
    assert FILLED[family]
    for member in FILLED[family]:
        assert family + member in KEYS


def test_every_question_of_every_form_has_its_sentences() -> None:
    wanted = set(form_keys())
    assert len(wanted) > 80
    assert wanted - KEYS == set()


def test_every_key_the_code_names_has_its_sentence() -> None:
    spoken = spoken_in_calls()
    assert len(spoken) > 100
    assert sorted((where, key) for where, key in spoken if key not in KEYS) == []


def test_every_dotted_name_of_the_code_that_looks_like_a_key_is_one() -> None:
    spaces = {key.partition(".")[0] for key in KEYS}
    like = {t for t in literals() if re.fullmatch(r"[a-z_]+(\.[a-z_-]+)+", t)}
    suspects = {t for t in like if t.partition(".")[0] in spaces}
    assert suspects - KEYS - LOGGED - wordless() == set()


def test_no_sentence_is_dead() -> None:
    used = {*literals(), *form_keys()}
    used |= {family + member for family, members in FILLED.items() for member in members}
    used |= {key for key in KEYS if key.partition(".")[0] in ENUMS}
    labels = {key for key in KEYS if key.endswith(".label")}
    unused = KEYS - used - labels
    assert unused == set()


def test_no_label_is_dead() -> None:
    labels = {key for key in KEYS if key.endswith(".label")}
    assert labels - set(form_keys()) == set()


# -- saying them -------------------------------------------------------------------------------


@given(st.text())
def test_what_a_person_wrote_is_escaped_where_it_meets_html(text: str) -> None:
    said = WORDS.say("notice.more", "zh_Hans", text=text)
    assert "<" not in said
    assert ">" not in said
    plain = said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert plain == text


def test_a_name_of_html_arrives_as_it_was_typed() -> None:
    name = "<b>&{who}</b>"
    assert WORDS.say("review.line", "en", label="x", answer=name) == (
        "<b>x</b>: &lt;b&gt;&amp;{who}&lt;/b&gt;"
    )
    assert name in WORDS.label("reassign.done", "en", who=name)


def test_html_of_our_own_is_not_escaped_again() -> None:
    own = Html("<b>1</b> &amp;")
    assert WORDS.say("notice.more", "en", text=own) == own


def test_a_key_nobody_wrote_is_an_error_in_every_language() -> None:
    for language in WORDS.languages:
        for speak in (WORDS.say, WORDS.label):
            with pytest.raises(KeyError):
                speak("no.such.key", language)
        with pytest.raises(KeyError):
            WORDS.say("files.kep", language, count=1)


def test_a_missing_fact_is_an_error_and_not_a_hole() -> None:
    with pytest.raises(KeyError):
        WORDS.say("notice.more", "en")


def test_whether_a_key_is_known() -> None:
    assert WORDS.knows("menu.file")
    assert not WORDS.knows("menu.fly")


def test_a_pressed_key_is_recognised_in_every_language() -> None:
    assert WORDS.spoken("form.cancel") == {
        WORDS.label("form.cancel", "zh_Hans"),
        WORDS.label("form.cancel", "en"),
    }


def test_numbers_choose_the_plural() -> None:
    one, many = (WORDS.say("files.kept", "en", count=n) for n in (1, 2))
    assert "attachment" in one
    assert "attachments" in many
    assert "attachments" not in one
    assert "2" in WORDS.say("files.kept", "zh_Hans", count=2)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        (None, "zh_Hans"),
        ("", "zh_Hans"),
        ("zh", "zh_Hans"),
        ("zh-hans", "zh_Hans"),
        ("zh-TW", "zh_Hans"),
        ("ZH-CN", "zh_Hans"),
        ("en", "en"),
        ("en-GB", "en"),
        ("EN", "en"),
        ("de", "en"),
        ("ug", "en"),
        ("zz-top", "en"),
    ],
)
def test_the_messenger_s_language_code_chooses_the_catalogue(
    code: str | None, language: str
) -> None:
    assert WORDS.language_of(code) == language


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (date(2026, 3, 2), "2026年3月2日", "2 Mar 2026"),
        (datetime(2026, 12, 31, 9, 5, tzinfo=UTC), "2026年12月31日 09:05", "31 Dec 2026 09:05"),
        (7, "7", "7"),
        ("<b>", "<b>", "<b>"),
    ],
)
def test_how_a_fact_is_shown(value: Any, chinese: str, english: str) -> None:
    assert as_text(value, "zh_Hans") == chinese
    assert as_text(value, "en") == english
