"""Filing a petition (提交信访事项): ten stages, a review, a number."""

import secrets
from datetime import timedelta
from typing import Any

from dialogs import telling
from dialogs.forms import Form, Step
from dialogs.forms.base import Answers, Asking, Refuse
from dialogs.forms.category import CategoryStep
from dialogs.forms.choice import Choice
from dialogs.forms.detail import Detail
from dialogs.forms.files import Files
from dialogs.forms.phone import Phone
from dialogs.forms.place import Place
from dialogs.forms.review import Review
from dialogs.forms.text import Gathered, Line
from dialogs.forms.walk import start
from dialogs.taps import CaseTap
from dialogs.turn import Turn
from petitions import numbers
from petitions.commands import Register
from petitions.deadlines import local_date, named
from petitions.events import Filing, Purpose
from petitions.identity import citizen_id, mask_id, mask_name
from petitions.lifecycle import register
from petitions.record import Party, Petition
from storage import drafts, due, record, serials
from storage.drafts import Draft
from storage.messages import Button

LONGEST_NAME = 40


def _accuses(answers: Answers) -> bool:
    return bool(answers.get("purpose") == Purpose.ACCUSATION)


def _has_category(answers: Answers) -> bool:
    return not _accuses(answers)


def _words_of(answers: Answers) -> tuple[str, str]:
    text = [*(answers.get("facts") or []), *(answers.get("request") or [])]
    return answers.get("title") or "", "\n".join(text)


def _citizen_id(at: Asking, text: str) -> str | Refuse:
    today = local_date(at.turn.now, at.turn.house.office.tz)
    found = citizen_id(text, today)
    return found.number if found else Refuse("id_number.wrong")


def _earlier(_at: Asking, text: str) -> str | Refuse:
    """Our own number in its one spelling; another system's as it was typed."""
    try:
        return numbers.read(text)
    except numbers.BadNumber:
        return text


def finish(turn: Turn, draft: Draft) -> None:
    """提交: a number, a query code, a receipt, and what happens next with dates."""
    unit, house = turn.unit, turn.house
    day = local_date(turn.now, house.office.tz)
    number = numbers.make(house.office.region, day, serials.take(unit, day))
    code = numbers.query_code(secrets.randbelow)
    salt = secrets.token_bytes(16)
    event = register(Register(filing_of(draft.answers), number, salt.hex()), turn.now, house.rules)
    by = Party("petitioner", turn.person.id)
    digest = unit.digest("code", number, code)
    petition = record.register(unit, event, turn.person.id, by, draft.key_id, digest)
    drafts.finish(unit, draft, "submitted", keep={"number": number})
    due.drop(unit, "draft_warning", draft.id)
    receipt = numbers.receipt(event.filing.model_dump(mode="json"), salt)
    turn.show(_confirmation(turn, petition, code, receipt), key_id=draft.key_id)
    turn.parcels += telling.follow(unit, house, petition)


def _confirmation(turn: Turn, petition: Petition, code: str, receipt: str) -> Any:
    answer = named(petition.deadlines, "answer")
    tap = CaseTap(petition=petition.id, version=petition.version, act="timeline")
    button = Button(text=turn.label("case.timeline"), data=tap.pack())
    return turn.post(
        "filing.submitted",
        ((button,),),
        number=numbers.show(petition.number),
        code=code,
        receipt=receipt,
        unit=turn.house.office.unit_name(petition.unit, turn.language),
        due=answer.due,
        clause=turn.house.clause(answer.clause, turn.language),
    )


def filing_of(answers: Answers) -> Filing:
    """The answers of the form as what was submitted."""
    place = answers.get("place") or {}
    earlier, tried = answers.get("earlier") or {}, answers.get("tried") or {}
    return Filing(
        purpose=answers["purpose"],
        title=answers["title"],
        facts=tuple(answers["facts"]),
        request=tuple(answers["request"]),
        category=answers.get("category"),
        district=place.get("district"),
        address=place.get("address"),
        point=place.get("point"),
        files=tuple(answers.get("files") or ()),
        name=answers["name"],
        phone=answers["phone"],
        id_number=answers.get("id_number"),
        earlier=_detail(earlier),
        tried=_detail(tried),
        affected=answers.get("affected"),
        publish=answers.get("publish") == "agree",
    )


def _detail(answer: Answers) -> str | None:
    return str(answer.get("detail", "")) if answer.get("yes") else None


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
        Step("title", Line(lambda limits: limits.title), stage=3),
        Step("facts", Gathered(lambda limits: limits.text), stage=3),
        Step("request", Gathered(lambda limits: limits.text), stage=3),
        Step("category", CategoryStep(_words_of), stage=4, when=_has_category),
        Step("place", Place(), stage=5),
        Step("files", Files(), stage=6, optional=True),
        Step("name", Line(lambda _limits: LONGEST_NAME, mask=mask_name), stage=7),
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
        Step("publish", Choice(("agree", "keep")), stage=9),
        Step("review", Review(hidden=("consent", "confidential")), stage=10),
    ),
    finish,
    kept=True,
)
