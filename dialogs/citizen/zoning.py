"""Typing a time zone that is not among the buttons: a city, a country, or the difference to UTC."""

from dialogs.citizen.preferences import refresh, screen
from dialogs.forms import Form, Step
from dialogs.forms.base import Asking, Refuse
from dialogs.forms.text import Line
from dialogs.turn import Turn
from dialogs.zones import Several, clock_there, read_zone, zone_label
from storage import drafts, missed, people
from storage.drafts import Draft

LONGEST = 60


def _zone(at: Asking, text: str) -> str | Refuse:
    try:
        zone = read_zone(text, at.turn.house.words.languages, at.turn.now)
    except Several:
        return Refuse("zone.several")
    return zone or Refuse("zone.unknown")


def finish(turn: Turn, draft: Draft) -> None:
    """Keep the zone, and show what the clock says there, which anybody can compare."""
    zone = draft.answers["zone"]
    drafts.finish(turn.unit, draft, "submitted")
    people.choose_zone(turn.unit, turn.person.id, zone)
    missed.look_again(turn.unit, turn.person.id)
    refresh(turn)
    label = zone_label(turn.house, turn.language, zone)
    clock = clock_there(turn.now, zone, turn.house.office.tz)
    turn.send(screen(turn, turn.say("settings.saved_zone", zone=label, clock=clock)))


ZONE = Form(
    "zone",
    (Step("zone", Line(lambda _limits: LONGEST, check=_zone)),),
    finish,
)
