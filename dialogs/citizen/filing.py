"""Filing a petition (提交信访事项): ten stages and a review; what 提交 does is `submitting`."""

from datetime import timedelta

from dialogs.citizen.submitting import finish
from dialogs.forms import Form, Step
from dialogs.forms.base import Answers, Asking, Refuse
from dialogs.forms.category import CategoryStep
from dialogs.forms.choice import Choice
from dialogs.forms.detail import Detail
from dialogs.forms.files import Files
from dialogs.forms.listed import Listed
from dialogs.forms.phone import Phone
from dialogs.forms.place import Place
from dialogs.forms.review import Review
from dialogs.forms.text import Gathered, Line
from dialogs.forms.walk import start
from dialogs.turn import Turn
from petitions import numbers
from petitions.deadlines import local_date
from petitions.events import Purpose
from petitions.identity import citizen_id, is_name, mask_id, mask_name
from storage import due

LONGEST_NAME = 40
LONGEST_AGAINST = 1000


def _accuses(answers: Answers) -> bool:
    return bool(answers.get("purpose") == Purpose.ACCUSATION)


def _units(at: Asking) -> list[tuple[str, str]]:
    """Every unit of the office can be reported, those that examine reports included."""
    return [(u.id, u.name.of(at.turn.language)) for u in at.turn.house.office.units]


def _none_chosen(answers: Answers) -> str | None:
    """Who chose no unit is asked more warmly to say in their own words whom it is about."""
    return None if answers.get("against_units") else "filing.against.nobody_yet"


def _no_report(answers: Answers) -> bool:
    return not _accuses(answers)


def _words_of(answers: Answers) -> tuple[str, str]:
    text = [*(answers.get("facts") or []), *(answers.get("request") or [])]
    return answers.get("title") or "", "\n".join(text)


def _citizen_id(at: Asking, text: str) -> str | Refuse:
    today = local_date(at.turn.now, at.turn.house.office.tz)
    found = citizen_id(text, today)
    return found.number if found else Refuse("id_number.wrong")


def _name(_at: Asking, text: str) -> str | Refuse:
    return text if is_name(text) else Refuse("filing.name.wrong")


def _earlier(_at: Asking, text: str) -> str | Refuse:
    """Our own number in its one spelling; another system's as it was typed."""
    try:
        return numbers.read(text)
    except numbers.BadNumber:
        return text


def begin(turn: Turn, purpose: str | None = None) -> None:
    """Begin a new petition; its owner is warned before the draft expires."""
    answers = {"purpose": purpose} if purpose else {}
    draft = start(turn, FILING, answers=answers)
    times = turn.house.office.drafts
    due.plan(turn.unit, "draft_warning", draft.id, turn.now + timedelta(days=times.warn_days))


FILING = Form(
    "filing",
    (
        Step("purpose", Choice(tuple(Purpose)), stage=1),
        Step("confidential", Choice(("understood",)), stage=1, when=_accuses),
        Step("consent", Choice(("agree", "refuse"), stops=("refuse",)), stage=2),
        Step("against_units", Listed(_units, many=True), stage=3, optional=True, when=_accuses),
        Step(
            "against",
            Line(lambda _limits: LONGEST_AGAINST, otherwise=_none_chosen),
            stage=3,
            optional=True,
            when=_accuses,
        ),
        Step("title", Line(lambda limits: limits.title), stage=3),
        Step("facts", Gathered(lambda limits: limits.text), stage=3),
        Step("request", Gathered(lambda limits: limits.text), stage=3),
        Step("category", CategoryStep(_words_of), stage=4, when=_no_report),
        Step("place", Place(), stage=5),
        Step("files", Files(), stage=6, optional=True),
        Step("name", Line(lambda _limits: LONGEST_NAME, check=_name, mask=mask_name), stage=7),
        Step("phone", Phone(), stage=7),
        Step(
            "id_number",
            Line(lambda _limits: LONGEST_NAME, check=_citizen_id, mask=mask_id),
            stage=7,
            optional=True,
        ),
        Step("earlier", Detail(check=_earlier), stage=8),
        Step("tried", Detail(), stage=8),
        Step("affected", Choice(("me", "few", "many", "crowd"), columns=2), stage=9),
        Step("publish", Choice(("agree", "keep")), stage=9, when=_no_report),
        Step("review", Review(hidden=("consent", "confidential")), stage=10),
    ),
    finish,
    kept=True,
)
