"""What falls due after an entry? The survey, a review's last days, what a deadline asks for."""

from datetime import datetime, timedelta

from dialogs import inquiring
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
        case ev.SurveyOpened() | ev.AskedAgain():
            at = entry.at + timedelta(hours=survey.remind_hours)
            due.plan(unit, "survey_reminder", petition.id, at)
        # Another step taken back leaves the reply as it is, and the question what it was worth.
        case ev.Rated() | ev.Undone(what="replied"):
            due.drop(unit, "survey", petition.id)
            due.drop(unit, "survey_reminder", petition.id)
    inquiring.plan(unit, house, petition, entry)
    due.replan(unit, DEADLINE, petition.id, next_moment(petition, house.rules, unit.now))
    due.replan(unit, closing.CLOSING, petition.id, closing.next_time(unit, house, petition))


def go_on(unit: Unit, kind: str, petition: Petition, at: datetime | None) -> None:
    """From within the duty of this kind: when it is to be done next, if ever."""
    due.drop(unit, kind, petition.id)
    if at is not None:
        due.plan(unit, kind, petition.id, at)
