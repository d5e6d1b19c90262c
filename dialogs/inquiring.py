"""What follows when somebody is not satisfied (不满意件核查)? Who is told, what is planned.

The supervisors' group hears of it and one of them takes it; if nobody does, the roster names
somebody. Of none of it does anything go to the units that handle the case.
"""

from datetime import UTC, datetime, timedelta

from dialogs.addressing import parcel, to_units
from dialogs.house import House
from petitions import events as ev
from petitions.access import working_units
from petitions.concerned import inquirers
from petitions.deadlines import DayKind, deadline
from petitions.moves.base import OURS
from petitions.moves.surveying import still_fit
from petitions.profiles import Limit
from petitions.record import Entry, Petition, fold
from petitions.reminding import MORNING
from petitions.roster import all_barred, units_in_turn
from storage import due, groups, people, posts
from storage.messages import Notice, Parcel
from storage.unit import Unit

INQUIRY, AGAIN = "inquiry", "survey_again"
"""What falls due: somebody has to look into it; the petitioner is asked once more."""


# -- who is told --------------------------------------------------------------------------------


def follow(unit: Unit, house: House, petition: Petition, entry: Entry) -> list[Parcel]:
    """The supervisors' group, and in private whoever the roster named."""
    event, inquiry = entry.event, petition.inquiry
    if isinstance(event, ev.Rated):
        return _rated(unit, house, petition, event)
    if inquiry is None:
        return []
    if isinstance(event, ev.InquiryTaken):
        named = to_inquirer(unit, house, petition, "inquiry_yours") if event.named else []
        return [*_alert(unit, house, petition, fresh=event.named), *named]
    left = isinstance(event, ev.Recused) and inquiry.open and inquiry.officer is None
    if isinstance(event, ev.Inquired | ev.InquiryLeft) or left:
        return _alert(unit, house, petition, fresh=not isinstance(event, ev.Inquired))
    return []


def _rated(unit: Unit, house: House, petition: Petition, rating: ev.Rated) -> list[Parcel]:
    """不满意 goes to the supervisors; a report against people or units never does (TL 30)."""
    inquiry = petition.inquiry
    if petition.secret or inquiry is None:
        return []
    told = posts.find(unit, _slot(petition)) is not None
    if inquiry.open:
        return _alert(unit, house, petition) if rating.low or told else []
    again = f"again:{petition.id}"
    if rating.low or posts.find(unit, again):
        return _supervisors(unit, house, petition, Notice(kind="low_again"), again)
    return _alert(unit, house, petition) if told else []


def _slot(petition: Petition) -> str:
    return f"low:{petition.id}"


def _alert(unit: Unit, house: House, petition: Petition, *, fresh: bool = False) -> list[Parcel]:
    """The line of a low rating, as it stands; posted anew where somebody should notice.

    Not where the roster names somebody at once: the line that says whom follows.
    """
    if nobody_here(unit, house, petition):
        return []
    return alert(unit, house, petition, fresh=fresh)


def nobody_here(unit: Unit, house: House, petition: Petition) -> bool:
    """Whether it waits for somebody, and none of the supervisors could take it."""
    inquiry = petition.inquiry
    free = inquiry is not None and inquiry.open and inquiry.officer is None
    return free and all_barred(petition, house.office, groups.left(unit))


def alert(unit: Unit, house: House, petition: Petition, *, fresh: bool = False) -> list[Parcel]:
    """The line of a low rating for the supervisors' group."""
    return _supervisors(
        unit, house, petition, Notice(kind="low_rating"), _slot(petition), fresh=fresh
    )


def _supervisors(
    unit: Unit, house: House, petition: Petition, notice: Notice, slot: str, *, fresh: bool = False
) -> list[Parcel]:
    if shared(unit, house, petition, house.office.supervision_unit):
        return []
    own = notice.model_copy(update={"petition_id": petition.id})
    supervision = [house.office.supervision_unit]
    return to_units(unit, house, petition, supervision, own, slot=slot, fresh=fresh)


def shared(unit: Unit, house: House, petition: Petition, unit_id: str) -> bool:
    """Whether this unit's group is also that of a unit which works on the case.

    Nothing of an inquiry is said there: who handles a case is not to know of it.
    """
    chat = groups.chat_of(unit, unit_id, house.office)
    here = groups.units_of(unit, chat, house.office) if chat else frozenset()
    return not here.isdisjoint(working_units(petition))


def to_inquirer(unit: Unit, house: House, petition: Petition, kind: str) -> list[Parcel]:
    """A notice to who looks into it: in private, else in the group of the unit they sit in."""
    notice = Notice(kind=kind, petition_id=petition.id)
    made: list[Parcel] = []
    for officer in inquirers(petition):
        person = people.find(unit, officer)
        if person is not None and person.started and not person.blocked:
            made.append(parcel(unit, petition, officer, notice))
            continue
        posts_of = house.office.posts_of(officer)
        own = [u for u in units_in_turn(petition, house.office) if u in posts_of]
        home = [u for u in own if not shared(unit, house, petition, u)][:1]
        made += to_units(unit, house, petition, home, notice)
    return made


# -- what is planned ----------------------------------------------------------------------------


def plan(unit: Unit, house: House, petition: Petition, entry: Entry) -> None:
    """Plan, or plan anew, what has to be done about an inquiry after this entry."""
    event, inquiry = entry.event, petition.inquiry
    if isinstance(event, ev.Replied):
        due.drop(unit, AGAIN, petition.id)  # the new reply is asked about by itself
    if inquiry is None or not inquiry.open:
        due.drop(unit, INQUIRY, petition.id)
    if inquiry is None:
        return
    if not inquiry.open:
        _plan_again(unit, house, petition, entry)
    elif inquiry.officer is None:
        if _began(petition) or isinstance(event, ev.InquiryLeft | ev.Recused):
            due.plan(unit, INQUIRY, petition.id, _to_be_named(unit, house, petition))
    elif isinstance(event, ev.InquiryTaken):
        plan_reminder(unit, house, petition)
    elif not still_fit(petition, house.rules):  # the case has come to their own unit
        due.plan(unit, INQUIRY, petition.id, unit.now)


def _began(petition: Petition) -> bool:
    """Whether the newest entry is what opened the inquiry: a rating changed later is not."""
    before = fold(petition.id, petition.petitioner, petition.entries[:-1]).inquiry
    return before is None or not before.open


def _to_be_named(unit: Unit, house: House, petition: Petition) -> datetime:
    """When the roster is asked: at once where no supervisor could take it, or hear of it."""
    supervision = house.office.supervision_unit
    if shared(unit, house, petition, supervision) or nobody_here(unit, house, petition):
        return unit.now
    return after_working_days(unit, house, house.office.survey.take_days)


def plan_reminder(unit: Unit, house: House, petition: Petition) -> None:
    """Who looks into it is reminded when it takes long."""
    at = after_working_days(unit, house, house.office.survey.inquire_days)
    due.plan(unit, INQUIRY, petition.id, at)


def after_working_days(unit: Unit, house: House, days: int) -> datetime:
    """The morning after so many working days have passed (UTC)."""
    limit = Limit(INQUIRY, days, DayKind.WORKING, OURS)
    last = deadline(limit, house.rules.today(unit.now), house.rules.calendar).due
    morning = datetime.combine(last + timedelta(days=1), MORNING, house.office.tz)
    return morning.astimezone(UTC)


def _plan_again(unit: Unit, house: House, petition: Petition, entry: Entry) -> None:
    """Asked once more as long after the answer as the first time; what the unit was asked to do
    comes first, but does not hold it up for ever."""
    inquiry = petition.inquiry
    assert inquiry is not None
    assert inquiry.found is not None
    if inquiry.asked_again:
        return
    soon = unit.now + timedelta(hours=house.office.survey.after_hours)
    waits = inquiry.found.result is ev.Result.MORE and petition.supervisions
    if isinstance(entry.event, ev.Inquired) and waits:
        last = max(s.deadline.due for s in petition.supervisions) + timedelta(days=1)
        answered = datetime.combine(last, MORNING, house.office.tz).astimezone(UTC)
        due.plan(unit, AGAIN, petition.id, max(soon, answered))
    elif isinstance(entry.event, ev.Inquired | ev.SupervisionAnswered):
        due.plan(unit, AGAIN, petition.id, soon)
