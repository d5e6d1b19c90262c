"""A case that is led by an official (包案): leader, group, plan, supervisor, each when it is known.

What is not given stays as it was, so that the five things (五个一) can come one after another.
"""

from collections.abc import Callable

from dialogs.carrying import carry_out, text_of
from dialogs.forms import Form, Step
from dialogs.forms.base import Asking, NotTaken
from dialogs.forms.listed import Listed
from dialogs.staff.forms.parts import REVIEW, gathered, petition_of
from dialogs.turn import Turn
from petitions import commands as do
from petitions import numbers
from petitions.lead import Lead
from petitions.units import Officer, Unit
from storage.drafts import Draft


def _everybody(at: Asking) -> list[tuple[str, str]]:
    """Every officer who may be named, with the unit that lists them first."""
    return _named(at, lambda _officer: True)


def _heads(at: Asking) -> list[tuple[str, str]]:
    """Those who head a unit: the rules let nobody else lead a case."""
    office = at.turn.house.office
    return _named(
        at, lambda o: any("head" in post.roles for post in office.posts_of(o.id).values())
    )


def _named(at: Asking, fits: Callable[[Officer], bool]) -> list[tuple[str, str]]:
    petition, language = petition_of(at), at.turn.language
    out = {petition.petitioner, *petition.recused}
    found: dict[int, tuple[Officer, Unit]] = {}
    for unit in at.turn.house.office.units:
        for officer in unit.people:
            if officer.id not in out and fits(officer):
                found.setdefault(officer.id, (officer, unit))
    return [
        (str(id), f"{officer.name.of(language)} · {unit.name.of(language)}")
        for id, (officer, unit) in found.items()
    ]


def _command(draft: Draft) -> do.SetLead:
    answers = draft.answers
    lead = Lead(
        leader=_id(answers.get("leader")),
        group=tuple(int(id) for id in answers.get("group") or ()),
        plan=text_of(draft, "plan"),
        supervisor=_id(answers.get("supervisor")),
    )
    return do.SetLead(lead)


def _id(answer: str | None) -> int | None:
    return int(answer) if answer else None


def finish(turn: Turn, draft: Draft) -> None:
    """Put what was given on the record; who is named for the first time is told."""
    command = _command(draft)
    if not command.lead.begun:
        raise NotTaken(turn.say("leading.nothing"))
    petition = carry_out(turn, draft, command)
    if petition is not None:
        post = turn.post("leading.sent", number=numbers.show(petition.number))
        turn.show(post, key_id=draft.key_id)


LEADING = Form(
    "leading",
    (
        Step("leader", Listed(_heads), optional=True),
        Step("group", Listed(_everybody, many=True), optional=True),
        gathered("plan", optional=True),
        Step("supervisor", Listed(_everybody), optional=True),
        REVIEW,
    ),
    finish,
)
