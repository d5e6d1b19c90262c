"""What is done when something falls due? Each duty is a function of its unit."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from dialogs import duties_of_inquiry, expiring, planning, telling
from dialogs.citizen import closing
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
REMINDED, WARNED = "reminded", "draft_warned"
"""Kinds of notes: what was done, so that it is known when the clock comes to it again."""


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
    if expire and draft.form == FILING.name and (end := _end(unit, house, draft)) > unit.now:
        due.plan(unit, duty.kind, duty.subject, end)
        return []
    if expire:
        drafts.finish(unit, draft, "dropped")
    if draft.form != FILING.name:
        return []  # only a petition that was begun is worth a message
    if not expire:
        due.note(unit, WARNED, draft.id, FILING.name, unit.now)
    kind = "draft_expired" if expire else "draft_warning"
    notice = Notice(kind=kind, draft_id=draft.id)
    return [Parcel(chat_id=draft.person_id, notice=notice, key_id=draft.key_id, urgent=False)]


def _end(unit: Unit, house: House, draft: drafts.Draft) -> datetime:
    """When a draft may go: never before its owner was warned, and had the days that were named.

    So neither a desk that was down for a month nor a wrong clock deletes one out of the blue.
    """
    times = house.office.drafts
    warned = due.done_since(unit, WARNED, draft.id, draft.touched_at)
    if warned is None:
        due.ensure(unit, "draft_warning", draft.id, unit.now)
        warned = unit.now
    return warned + timedelta(days=max(times.expire_days - times.warn_days, 0))


def _review_closing(unit: Unit, house: House, duty: Duty) -> list[Parcel]:
    petition = record.load(unit, duty.subject, lock=True)
    parcels = closing.remind(unit, house, petition, duty, record.key_of(unit, petition.id))
    planning.go_on(unit, duty.kind, petition, closing.next_time(unit, house, petition))
    return parcels


def _deadline(unit: Unit, house: House, duty: Duty) -> list[Parcel]:
    """Remind the unit, recolour the cards, tell the next in line; then plan the next moment."""
    petition = record.load(unit, duty.subject, lock=True)
    since = duty.due_at - timedelta(microseconds=1)
    parcels: list[Parcel] = []
    reminded: set[tuple[str, date]] = set()
    zone = house.office.tz
    for moment in reminding.come(petition, house.rules, since, unit.now):
        if moment.step in ("head", "supervisor", "leader"):
            try:
                command = Escalate(moment.deadline, moment.due, moment.step)
                petition, more = telling.act(unit, house, petition, command, DESK)
            except Refused:
                continue  # answered meanwhile: the rules say that nothing is late any more
            parcels += more
        elif moment.step == "remind":
            what, mark = (moment.deadline, moment.due), f"{moment.deadline} {moment.due}"
            if due.noted(unit, REMINDED, petition.id, mark, moment.at(zone)):
                continue  # before the clock went back
            due.note(unit, REMINDED, petition.id, mark, moment.at(zone))
            if what not in reminded:
                parcels += telling.remind(unit, house, petition, *what)
            reminded.add(what)
    at = reminding.next_moment(petition, house.rules, unit.now)
    planning.go_on(unit, duty.kind, petition, at)
    return [*telling.cards(unit, house, petition), *parcels]


DUTIES: dict[str, Do] = {
    "deadline": _deadline,
    "survey": _survey,
    "survey_reminder": _survey_reminder,
    **duties_of_inquiry.DUTIES,
    "draft_warning": _draft_warning,
    "draft_expiry": _draft_expiry,
    "review_closing": _review_closing,
    "expiry": expiring.expiry,
    "erasure": expiring.erasure,
}
