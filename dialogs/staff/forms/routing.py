"""Routing a case to a unit (转送, 交办), with units that assist (TL 22)."""

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form, Step
from dialogs.forms.base import Asking
from dialogs.forms.choice import Choice
from dialogs.forms.listed import Listed
from dialogs.staff.forms.parts import REVIEW, gathered, petition_of
from dialogs.turn import Turn
from petitions import commands as do
from petitions.able import receives
from storage.drafts import Draft


def _others(at: Asking) -> list[tuple[str, str]]:
    """Every unit that could have it, by name; the rules have the last word.

    A report goes to those who examine reports and to nobody else, nothing else goes there (TL 30).
    Who answers for the case does not assist as well (TL 22).
    """
    office, petition = at.turn.house.office, petition_of(at)
    out = (petition.unit, petition.objector, office.supervision_unit, *_chosen_elsewhere(at))
    return [
        (unit.id, unit.name.of(at.turn.language))
        for unit in office.units
        if unit.id not in out
        and receives(petition, unit.id, office)
        and office.examines(unit.id) is petition.secret
    ]


def _chosen_elsewhere(at: Asking) -> tuple[str, ...]:
    if at.step.name == "to":
        return text_of(at.draft, "assisting")
    return (at.draft.answers["to"],)


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
        Step("to", Listed(_others)),
        Step("how", Choice(("routed", "assigned"))),
        Step("assisting", Listed(_others, many=True), optional=True),
        gathered(optional=True),
        REVIEW,
    ),
    finishing(_command),
)
