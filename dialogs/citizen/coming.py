"""What comes next, by when, and whose turn is it?"""

from dataclasses import replace
from datetime import date

from dialogs.citizen.windows import window
from dialogs.facts import told
from dialogs.turn import Turn
from petitions.deadlines import Deadline, local_date, named
from petitions.events import Way
from petitions.moves.surveying import raised_before
from petitions.record import RIGHTS, Petition, State
from petitions.states import RATED_IN


def coming(turn: Turn, petition: Petition) -> list[str]:
    """One line each: what is waited for, what the unit owes, what the petitioner may still do."""
    lines: list[str] = [turn.say(key) for key in _waiting(petition)]
    lines += [_line(turn, petition, d) for d in deadlines(turn, petition)]
    lines += [_way(turn, petition.referred.way)] if petition.referred else []
    return lines


def deadlines(turn: Turn, petition: Petition) -> list[Deadline]:
    """The unit's duties, then the petitioner's rights while they last.

    That a unit may object to a routing is its own matter, so it is not among them.
    """
    owed = [d for d in petition.deadlines if petition.open and d.name not in RIGHTS]
    found = window(petition, turn.house.rules, turn.now)
    asked = [found.until] if found is not None and found.left >= 0 else []
    return [*owed, *asked, *_rating(turn, petition)]


def next_one(turn: Turn, petition: Petition) -> str:
    """The next date in a few words, for a list; empty when nothing is due any more."""
    for deadline in deadlines(turn, petition):
        facts = _facts(turn, petition, deadline)
        return turn.label(f"next.{deadline.name}", **facts)
    return ""


def unsure(turn: Turn, deadline: Deadline) -> str:
    """A word more where the date may still shift."""
    return turn.label("deadline.provisional") if deadline.provisional else ""


def _waiting(petition: Petition) -> list[str]:
    keys = []
    if petition.state is State.SUPPLEMENT:
        keys.append("timeline.waits_for_more")
    if petition.open and petition.mediation == "proposed":
        keys.append("timeline.waits_for_answer")
    replied = petition.state is State.REPLIED and petition.survey_until is None
    if replied and raised_before(petition):
        keys.append("timeline.not_surveyed")
    return keys


def _way(turn: Turn, way: Way) -> str:
    """The statutory route that was told, with its own deadline and where that stands."""
    said = turn.say("timeline.way", way=way.zh if turn.language.startswith("zh") else way.en)
    return said + (turn.say("rule.clause", clause=way.clause) if way.clause else "")


def _rating(turn: Turn, petition: Petition) -> list[Deadline]:
    """The end of the survey, while it is open and nothing was said yet."""
    until, reply = petition.survey_until, petition.reply
    if until is None or reply is None or petition.rated_since or petition.state not in RATED_IN:
        return []
    last = replace(named(reply.deadlines, "rate"), due=local_date(until, turn.house.office.tz))
    return [last] if turn.now <= until else []


def _line(turn: Turn, petition: Petition, deadline: Deadline) -> str:
    said: str = turn.say(f"deadline.{deadline.name}", **_facts(turn, petition, deadline))
    left = (deadline.due - _today(turn)).days
    if left < 0:
        said += turn.say("deadline.overdue", days=-left)
    elif deadline.name in RIGHTS:
        said += (
            turn.say("deadline.left", days=left, count=left) if left else turn.say("deadline.last")
        )
    return said + unsure(turn, deadline)


def _facts(turn: Turn, petition: Petition, deadline: Deadline) -> dict[str, object]:
    return {
        "unit": turn.house.office.unit_name(petition.unit, turn.language),
        "due": deadline.due,
        "clause": turn.house.clause(deadline.clause, turn.language),
        "told": told(turn.house, turn.language, petition),
    }


def _today(turn: Turn) -> date:
    return local_date(turn.now, turn.house.office.tz)
