"""Referring to a statutory route (导入法定途径): which of the catalogue's (TL 22, 31)."""

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form, Step
from dialogs.forms.base import Asking
from dialogs.forms.listed import Listed
from dialogs.house import House
from dialogs.staff.forms.parts import gathered, petition_of
from dialogs.staff.forms.shown import preview
from dialogs.turn import Turn
from petitions import commands as do
from petitions.catalogue import Route
from petitions.events import Way
from petitions.record import Petition
from storage import record
from storage.drafts import Draft

SHOWN = 24
"""Characters of a route's sentence on its button; the preview shows it whole."""


def routes(house: House, petition: Petition) -> dict[str, Route]:
    """The routes by id, the one of the case's category first.

    A report against people or units can go to the discipline bodies alone (TL 30).
    """
    own = [c for c in house.catalogue if c.id == petition.filing.category]
    found = [c.route for c in (*own, *house.catalogue) if c.route is not None]
    return {r.id: r for r in found if r.kind == "discipline" or not petition.secret}


def _options(at: Asking) -> list[tuple[str, str]]:
    found = routes(at.turn.house, petition_of(at))
    return [(id, _label(at.turn, route)) for id, route in found.items()]


def _label(turn: Turn, route: Route) -> str:
    said = route.sentence(turn.language)
    begins = said if len(said) <= SHOWN else said[:SHOWN] + "…"
    return f"{turn.label(f'way.{route.kind}')} · {begins}"


def _command(turn: Turn, draft: Draft) -> do.Refer:
    petition = record.load(turn.unit, draft.subject or "")
    route = routes(turn.house, petition)[draft.answers["way"]]
    way = Way(route=route.id, kind=route.kind, zh=route.zh, en=route.en, clause=route.clause)
    return do.Refer(way, text_of(draft))


REFERRING = Form(
    "referring",
    (Step("way", Listed(_options)), gathered(optional=True), preview(_command)),
    finishing(_command),
)
