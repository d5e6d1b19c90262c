"""What does the law give the petitioner at this point? In plain words, clause in brackets."""

from dialogs.citizen.windows import window
from dialogs.turn import Turn
from petitions.catalogue import Route
from petitions.events import Purpose
from petitions.moves.surveying import raised_before
from petitions.record import Petition, State
from petitions.states import BEFORE_REPLY, RECEIVED
from words.formats import Html

REPLIED = ("replied", "replied.outside")
RECEIVING = RECEIVED | {State.OBJECTED}
NAMES = frozenset(
    {
        *(state.value for state in State if state not in (State.DECLINED, State.ERASED)),
        *("registered.suggestion", "registered.accusation", "referred.discipline"),
        *("declined.under_way", "declined.ended", "declined.elsewhere"),
        *(*REPLIED, "rating", "replied.over", "reviewed.outside", "reviewed.over"),
    }
)
"""Every sentence of this family; `name` gives one of them."""


def rights(turn: Turn, petition: Petition) -> str:
    """Two or three lines under their heading."""
    fits = name(turn, petition)
    lines = [turn.say(f"rights.{fits}", **_facts(turn, petition))]
    # Not for whoever was told on the same page that they are not asked.
    if fits in REPLIED and not raised_before(petition):
        lines.append(turn.say("rights.rating"))
    return turn.say("timeline.rights", lines=Html("\n".join(lines)))


def name(turn: Turn, petition: Petition) -> str:
    """Which sentence fits: by the state, and by the purpose where that makes a difference."""
    state, purpose = petition.state, petition.filing.purpose
    if state in RECEIVING and purpose in (Purpose.SUGGESTION, Purpose.ACCUSATION):
        return f"{State.REGISTERED}.{purpose}"
    if petition.referred is not None and petition.referred.way.kind == "discipline":
        return f"{state}.discipline"
    if petition.declined is not None:
        return f"{state}.{petition.declined.ground}"
    found = window(petition, turn.house.rules, turn.now)
    if found is not None and found.left < 0:
        return f"{state}.over"
    return f"{state}.outside" if found is not None and found.unit is None else state.value


def _facts(turn: Turn, petition: Petition) -> dict[str, object]:
    """How long a review can be asked for, and who would decide it."""
    found = window(petition, turn.house.rules, turn.now)
    if found is None:
        return {}
    reviewer = turn.house.office.unit_name(found.unit or "", turn.language)
    return {"days": found.until.days, "reviewer": reviewer}


def route(turn: Turn, petition: Petition) -> str:
    """The statutory route beside the category: its own clock runs while the office works."""
    found = _route(turn, petition)
    if found is None or petition.state not in BEFORE_REPLY:
        return ""
    return turn.say("category.route", route=found.sentence(turn.language))


def _route(turn: Turn, petition: Petition) -> Route | None:
    category = petition.filing.category
    if petition.secret or category is None or category not in turn.house.catalogue:
        return None
    return turn.house.catalogue.get(category).route
