"""What happens at 提交? The answers become a petition with a number, or it is said why not."""

import secrets
from typing import Any

from dialogs import telling
from dialogs.citizen.coming import unsure
from dialogs.citizen.rights import route
from dialogs.facts import told
from dialogs.forms.base import Answers, NotTaken
from dialogs.taps import CaseTap
from dialogs.turn import Turn
from petitions import numbers
from petitions.commands import Register
from petitions.danger import endangered
from petitions.deadlines import local_date, named
from petitions.events import Filing
from petitions.lifecycle import Refused, register
from petitions.record import Party, Petition
from storage import drafts, due, record, serials
from storage.drafts import Draft
from storage.messages import Button, Post


def finish(turn: Turn, draft: Draft) -> None:
    """提交: a number, a query code, a receipt, and what happens next with dates.

    Raises `NotTaken` for a report that nobody here could examine.
    """
    unit, house = turn.unit, turn.house
    filing = filing_of(draft.answers)
    _examined(turn, filing)
    day = local_date(turn.now, house.office.tz)
    number = numbers.make(house.office.region, day, serials.take(unit, day))
    code = numbers.query_code(secrets.randbelow)
    salt = secrets.token_bytes(16)
    command = Register(filing, number, salt.hex(), urgent=endangered(filing.words))
    event = register(command, turn.now, house.rules, turn.person.id)
    by = Party("petitioner", turn.person.id)
    digest = unit.digest("code", number, code)
    petition = record.register(unit, event, turn.person.id, by, draft.key_id, digest)
    drafts.finish(unit, draft, "submitted", keep={"number": number})
    due.drop(unit, "draft_warning", draft.id)
    receipt = numbers.receipt(event.filing.model_dump(mode="json"), salt)
    turn.show(_confirmation(turn, petition, code, receipt), key_id=draft.key_id, receipt=True)
    turn.parcels += telling.follow(unit, house, petition)


def _examined(turn: Turn, filing: Filing) -> None:
    """Try the rules before a serial number is taken: they may know nobody to give it to (TL 30).

    Then nobody is told, the draft stays with who wrote it, and they read where to turn.
    """
    try:
        register(Register(filing, "", ""), turn.now, turn.house.rules, turn.person.id)
    except Refused as refused:
        rule = "\n" + turn.say(
            "rule.clause", clause=turn.house.clause(refused.clause, turn.language)
        )
        why = turn.say(f"refused.{refused.code}", rule=rule)
        days = turn.house.office.drafts.expire_days
        raise NotTaken(f"{why}\n{turn.say('filing.stays', days=days)}") from None


def _confirmation(turn: Turn, petition: Petition, code: str, receipt: str) -> Post:
    answer = named(petition.deadlines, "answer")
    tap = CaseTap(petition=petition.id, version=petition.version, act="timeline")
    button = Button(text=turn.label("case.timeline"), data=tap.pack())
    said = turn.post(
        "filing.submitted",
        ((button,),),
        number=numbers.show(petition.number),
        code=code,
        receipt=receipt,
        unit=turn.house.office.unit_name(petition.unit, turn.language),
        told=told(turn.house, turn.language, petition),
        due=answer.due,
        clause=turn.house.clause(answer.clause, turn.language),
        unsure=unsure(turn, answer),
    )
    # Said at the category too, but that message is gone by now: its clock runs beside ours.
    own_clock = route(turn, petition)
    return said.model_copy(
        update={"text": f"{said.text}\n\n{own_clock}" if own_clock else said.text}
    )


def filing_of(answers: Answers) -> Filing:
    """The answers of the form as what was submitted."""
    place = answers.get("place") or {}
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
        earlier=_detail(answers, "earlier"),
        tried=_detail(answers, "tried"),
        affected=answers.get("affected"),
        publish=answers.get("publish") == "agree",
        against_units=tuple(answers.get("against_units") or ()),
        against=answers.get("against"),
    )


def _detail(answers: Answers, step: str) -> str | None:
    answer: Any = answers.get(step) or {}
    return str(answer.get("detail", "")) if answer.get("yes") else None
