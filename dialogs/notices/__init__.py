"""How does each notice read? (entry, petition, reader) → messages: every push the bot makes.

A notice is said when it is sent: in the reader's language as it is then, outside their own
quiet hours, and only what the law requires to who wants no pushes. What it says is fixed by the
facts frozen in the entry it tells of.
"""

from collections.abc import Callable

from dialogs.audience import told_as
from dialogs.citizen.reminding import draft_expired, draft_warning
from dialogs.house import House
from dialogs.notices import inquiry, petitioner, staff
from dialogs.notices.scene import Scene
from dialogs.required import is_required
from petitions.access import may_reach
from petitions.quiet import quiet_of
from petitions.record import Entry, Petition, undone
from storage import groups, people, record
from storage.messages import Later, Notice, Parcel, Post, Said, Skip
from storage.people import Person
from storage.unit import Unit

__all__ = ["NOTICES", "again", "posts", "say"]


def say(unit: Unit, house: House, parcel: Parcel) -> Said:
    """The messages of a notice as they are to be sent now."""
    notice = parcel.notice
    assert notice is not None
    if parcel.chat_id < 0:
        return _said(unit, house, parcel, notice, house.office.language)
    person = people.find(unit, parcel.chat_id) or Person(parcel.chat_id, house.office.language)
    if not person.pushes and not is_required(notice.kind):
        return Skip(reason="pushes off")
    morning = quiet_of(person.quiet, person.zone, house.office).until(unit.now)
    if morning is not None:
        return Later(at=morning)
    said = _said(unit, house, parcel, notice, person.language)
    if person.pushes or not isinstance(said, list):
        return said
    return [post.model_copy(update={"silent": True}) for post in said]


def _said(unit: Unit, house: House, parcel: Parcel, notice: Notice, language: str) -> Said:
    if notice.draft_id is not None:
        return _of_draft(unit, house, language, notice)
    petition = record.load(unit, notice.petition_id or "")
    entry = petition.entries[notice.seq - 1] if notice.seq else None
    if entry is not None and entry.seq in undone(petition.entries):
        return Skip(reason="taken back before it was sent")
    to_person = parcel.chat_id > 0
    here = groups.units_of(unit, parcel.chat_id, house.office)
    if not to_person and not may_reach(here, house.office, petition):
        return Skip(reason="must not reach this group")
    reader = parcel.chat_id if to_person else None
    return posts(Scene(unit, house, language, petition, entry, notice, reader))


def posts(scene: Scene) -> Said:
    """The messages of the scene's notice, whoever reads them and whenever."""
    return NOTICES.get(scene.notice.kind, petitioner.step)(scene)


def again(unit: Unit, house: House, language: str, petition: Petition, entry: Entry) -> list[Post]:
    """What the petitioner was told of this step, to be read once more."""
    kind = told_as(entry.event.kind)
    notice = Notice(kind=kind, petition_id=petition.id, seq=entry.seq)
    said = posts(Scene(unit, house, language, petition, entry, notice))
    return said if isinstance(said, list) else []


def _of_draft(unit: Unit, house: House, language: str, notice: Notice) -> Said:
    assert notice.draft_id is not None
    makers = {"draft_warning": draft_warning, "draft_expired": draft_expired}
    post = makers[notice.kind](unit, house, language, notice.draft_id)
    return [post] if post else Skip(reason="not true any more")


NOTICES: dict[str, Callable[[Scene], Said]] = {
    "card": staff.the_card,
    "line": staff.line,
    "deadline": staff.deadline,
    "low_rating": inquiry.low_rating,
    "low_again": inquiry.low_again,
    "inquiry_yours": inquiry.yours,
    "inquiry_waits": inquiry.waits,
    "recused": petitioner.passed_on,
    "supplemented": petitioner.passed_on,
    "asked": petitioner.asked,
    "replied": petitioner.replied,
    "undone": petitioner.undone,
    "review_closing": petitioner.review_closing,
    "survey": petitioner.survey,
    "asked_again": petitioner.asked_again,
    "survey_reminder": petitioner.survey_reminder,
}
"""Notices that are more than a step told to the petitioner in one sentence."""
