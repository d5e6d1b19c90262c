"""What falls due after an entry? The survey, a review's last days, what a deadline asks for."""

from datetime import timedelta

from dialogs.citizen import closing
from dialogs.house import House
from petitions import events as ev
from petitions.record import Entry, Petition
from petitions.reminding import next_moment
from storage import due
from storage.unit import Unit

DEADLINE = "deadline"


def plan(unit: Unit, house: House, petition: Petition, entry: Entry) -> None:
    """Plan, or plan anew, what follows from the newest entry."""
    survey = house.office.survey
    match entry.event:
        case ev.Replied():
            due.plan(unit, "survey", petition.id, entry.at + timedelta(hours=survey.after_hours))
        case ev.SurveyOpened():
            at = entry.at + timedelta(hours=survey.remind_hours)
            due.plan(unit, "survey_reminder", petition.id, at)
        # Another step taken back leaves the reply as it is, and the question what it was worth.
        case ev.Rated() | ev.Undone(what="replied"):
            due.drop(unit, "survey", petition.id)
            due.drop(unit, "survey_reminder", petition.id)
    plan_deadline(unit, house, petition)
    closing.plan(unit, house, petition)


def plan_deadline(unit: Unit, house: House, petition: Petition) -> None:
    """When a deadline of this case is to be looked at next."""
    at = next_moment(petition, house.rules, unit.now)
    if at is None:
        due.drop(unit, DEADLINE, petition.id)
    else:
        due.plan(unit, DEADLINE, petition.id, at)
