"""How does each notice read? (entry, petition, reader) → messages: every push the bot makes.

A notice is said when it is sent: in the reader's language as it is then, outside their quiet
hours. What it says is fixed by the facts frozen in the entry it tells of.
"""

from collections.abc import Callable

from dialogs.audience import told_as
from dialogs.citizen.reminding import draft_expired, draft_warning
from dialogs.house import House
from dialogs.notices import petitioner, staff
from dialogs.notices.scene import Scene
from petitions.access import may_reach
from petitions.quiet import quiet_until
from petitions.record import Entry, Petition, undone
from storage import groups, people, record
from storage.messages import Later, Notice, Parcel, Post, Said, Skip
from storage.unit import Unit

__all__ = ["NOTICES", "again", "posts", "say"]


def say(unit: Unit, house: House, parcel: Parcel) -> Said:
    """The messages of a notice as they are to be sent now."""
    notice = parcel.notice
    assert notice is not None
    to_person = parcel.chat_id > 0
    if to_person:
        quiet = quiet_until(unit.now, house.office)
        if quiet is not None:
            return Later(at=quiet)
    person = people.find(unit, parcel.chat_id) if to_person else None
    language = person.language if person else house.office.language
    if notice.draft_id is not None:
        return _of_draft(unit, house, language, notice)
    petition = record.load(unit, notice.petition_id or "")
    entry = petition.entries[notice.seq - 1] if notice.seq else None
    if entry is not None and entry.seq in undone(petition.entries):
        return Skip(reason="taken back before it was sent")
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
    "low_rating": staff.low_rating,
    "recused": petitioner.passed_on,
    "supplemented": petitioner.passed_on,
    "asked": petitioner.asked,
    "replied": petitioner.replied,
    "undone": petitioner.undone,
    "review_closing": petitioner.review_closing,
    "survey": petitioner.survey,
    "survey_reminder": petitioner.survey_reminder,
}
"""Notices that are more than a step told to the petitioner in one sentence."""
