"""What is done when something falls due? Each duty is a function of its unit."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from dialogs import duties_of_inquiry, planning, telling
from dialogs.citizen.filing import FILING
from dialogs.house import House
from petitions import reminding
from petitions.access import DESK
from petitions.commands import Escalate, OpenSurvey
from petitions.lifecycle import Refused
from storage import drafts, due, record
from storage.due import Duty
from storage.messages import Notice, Parcel
from storage.unit import Unit

Do = Callable[[Unit, House, Duty], list[Parcel]]


def _survey(unit: Unit, house: House, duty: Duty) -> list[Parcel]:
    petition = record.load(unit, duty.subject, lock=True)
    try:
        _, parcels = telling.act(unit, house, petition, OpenSurvey(), DESK)
    except Refused:
        # The reply was taken back, or the window has passed while the desk was down: the
        # rules say there is nothing to ask any more.
        return []
    return parcels


def _survey_reminder(unit: Unit, _house: House, duty: Duty) -> list[Parcel]:
    petition = record.load(unit, duty.subject)
    until = petition.survey_until
    if petition.rated_since or until is None or unit.now > until:
        return []  # not true any more; asked again when it is sent
    notice = Notice(kind="survey_reminder", petition_id=petition.id)
    key_id = record.key_of(unit, petition.id)
    return [
        Parcel(
            chat_id=petition.petitioner,
            notice=notice,
            petition_id=petition.id,
            key_id=key_id,
            urgent=False,
        )
    ]


def _draft_warning(unit: Unit, house: House, duty: Duty) -> list[Parcel]:
    return _on_draft(unit, house, duty, house.office.drafts.warn_days, expire=False)


def _draft_expiry(unit: Unit, house: House, duty: Duty) -> list[Parcel]:
    return _on_draft(unit, house, duty, house.office.drafts.expire_days, expire=True)


def _on_draft(unit: Unit, house: House, duty: Duty, days: float, *, expire: bool) -> list[Parcel]:
    """Warn of, or close, a draft that nobody touched; one in use is looked at again later."""
    draft = drafts.load(unit, duty.subject)
    if draft is None or draft.state != "open":
        return []
    again: datetime = draft.touched_at + timedelta(days=days)
    if again > unit.now:
        due.plan(unit, duty.kind, duty.subject, again)
        if expire:  # who was warned and went on is warned again before the new end
            warned = draft.touched_at + timedelta(days=house.office.drafts.warn_days)
            due.plan(unit, "draft_warning", duty.subject, warned)
        return []
    if expire:
        drafts.finish(unit, draft, "dropped")
    if draft.form != FILING.name:
        return []  # only a petition that was begun is worth a message
    kind = "draft_expired" if expire else "draft_warning"
    notice = Notice(kind=kind, draft_id=draft.id)
    return [Parcel(chat_id=draft.person_id, notice=notice, key_id=draft.key_id, urgent=False)]


def _deadline(unit: Unit, house: House, duty: Duty) -> list[Parcel]:
    """Remind the unit, recolour the cards, tell the next in line; then plan the next moment."""
    petition = record.load(unit, duty.subject, lock=True)
    since = duty.due_at - timedelta(microseconds=1)
    parcels: list[Parcel] = []
    reminded: set[tuple[str, date]] = set()
    for moment in reminding.come(petition, house.rules, since, unit.now):
        if moment.step in ("head", "supervisor", "leader"):
            try:
                command = Escalate(moment.deadline, moment.due, moment.step)
                petition, more = telling.act(unit, house, petition, command, DESK)
            except Refused:
                continue  # answered meanwhile: the rules say that nothing is late any more
            parcels += more
        elif moment.step == "remind" and (moment.deadline, moment.due) not in reminded:
            reminded.add((moment.deadline, moment.due))
            parcels += telling.remind(unit, house, petition, moment.deadline, moment.due)
    planning.plan_deadline(unit, house, petition)
    return [*telling.cards(unit, house, petition), *parcels]


DUTIES: dict[str, Do] = {
    "deadline": _deadline,
    "survey": _survey,
    "survey_reminder": _survey_reminder,
    **duties_of_inquiry.DUTIES,
    "draft_warning": _draft_warning,
    "draft_expiry": _draft_expiry,
}
