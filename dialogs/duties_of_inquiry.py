"""What is done when an inquiry (不满意件核查) falls due? Somebody is named, reminded, or asked."""

from dialogs import inquiring, telling
from dialogs.house import House
from petitions.access import DESK
from petitions.commands import AskAgain, NameInquirer
from petitions.lifecycle import Refused
from petitions.moves.surveying import still_fit
from petitions.record import Petition
from storage import due, groups, inquiries, record
from storage.due import Duty
from storage.messages import Parcel
from storage.unit import Unit


def inquiry(unit: Unit, house: House, duty: Duty) -> list[Parcel]:
    """Nobody took it: the roster names somebody. Somebody has it and takes long: a reminder."""
    petition = record.load(unit, duty.subject, lock=True)
    found = petition.inquiry
    if found is None or not found.open:
        return []  # looked into meanwhile
    orphaned = gone(unit, house, petition)
    if found.officer is None or orphaned or not still_fit(petition, house.rules):
        return _name(unit, house, petition, orphaned=orphaned)
    inquiring.plan_reminder(unit, house, petition)
    return inquiring.to_inquirer(unit, house, petition, "inquiry_waits")


def _name(unit: Unit, house: House, petition: Petition, *, orphaned: bool) -> list[Parcel]:
    command = NameInquirer(inquiries.loads(unit), groups.left(unit), orphaned)
    try:
        _, parcels = telling.act(unit, house, petition, command, DESK)
    except Refused:
        # Nobody of the office had no part in it, today: people come and go, so it is tried again.
        at = inquiring.after_working_days(unit, house, house.office.survey.take_days)
        due.plan(unit, inquiring.INQUIRY, petition.id, at)
        return inquiring.alert(unit, house, petition)
    return parcels


def gone(unit: Unit, house: House, petition: Petition) -> bool:
    """Whether who looks into it has left every group they had a post in."""
    found = petition.inquiry
    if found is None or found.officer is None:
        return False
    left = groups.left_units(unit, found.officer)
    return not set(house.office.posts_of(found.officer)) - left


def survey_again(unit: Unit, house: House, duty: Duty) -> list[Parcel]:
    """Ask once more, where that is still true."""
    petition = record.load(unit, duty.subject, lock=True)
    try:
        _, parcels = telling.act(unit, house, petition, AskAgain(), DESK)
    except Refused:
        return []  # satisfied meanwhile, or handled again: the new reply is asked about
    return parcels


DUTIES = {inquiring.INQUIRY: inquiry, inquiring.AGAIN: survey_again}
