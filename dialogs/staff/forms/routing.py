"""Routing a case to a unit (转送, 交办), with units that assist (TL 22)."""

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form, Step
from dialogs.forms.choice import Choice
from dialogs.forms.listed import Listed
from dialogs.staff.forms.parts import REVIEW, gathered, units
from dialogs.turn import Turn
from petitions import commands as do
from petitions.record import Petition
from petitions.units import Unit
from storage.drafts import Draft


def _others(petition: Petition, unit: Unit) -> bool:
    """Every unit that could have it; a report goes to those who examine reports alone (TL 30)."""
    if unit.id in (petition.unit, petition.objector):
        return False
    return not petition.secret or unit.discipline


def _command(_turn: Turn, draft: Draft) -> do.Route:
    return do.Route(
        draft.answers["to"],
        draft.answers["how"] == "assigned",
        text_of(draft, "assisting"),
        text_of(draft),
    )


ROUTING = Form(
    "routing",
    (
        Step("to", Listed(units(_others))),
        Step("how", Choice(("routed", "assigned"))),
        Step("assisting", Listed(units(_others), many=True), optional=True),
        gathered(optional=True),
        REVIEW,
    ),
    finishing(_command),
)
