"""Linking another case (关联): the same matter, or its repeat. Both keep their numbers."""

from dialogs import telling
from dialogs.carrying import carry_out
from dialogs.forms import Form, Step
from dialogs.forms.choice import Choice
from dialogs.staff.forms import others
from dialogs.staff.forms.parts import REVIEW
from dialogs.turn import Turn
from petitions import commands as do
from petitions import events as ev
from petitions import numbers
from petitions.access import Sight, may_see
from petitions.record import Petition
from storage import drafts, record
from storage.drafts import Draft

MIRRORED = {"same": "same", "repeats": "repeated_by"}
"""What the other record says of this one."""


def finish(turn: Turn, draft: Draft) -> None:
    """Put the link on this record, and on the other's where the officer may see that case."""
    number, relation = draft.answers["number"], draft.answers["relation"]
    petition = record.load(turn.unit, draft.subject or "")
    other = others.find(turn, petition, number)
    if other is None:
        drafts.finish(turn.unit, draft, "dropped")
        turn.send(turn.post("form.not_done", why=turn.say("other.not_found")))
        return
    # Both in one order, whichever is linked to which: two officers must not wait for each other.
    locked = {i: record.load(turn.unit, i, lock=True) for i in sorted((petition.id, other.id))}
    after = carry_out(turn, draft, do.Link(number, relation))
    if after is None:
        return
    both = may_see(turn.actor, Sight.CARD, other)
    if both:
        _mirror(turn, locked[other.id], after, relation)
    key = "linking.sent" if both else "linking.sent_here"
    post = turn.post(key, number=numbers.show(after.number), other=numbers.show(number))
    turn.show(post, key_id=draft.key_id)


def _mirror(turn: Turn, other: Petition, petition: Petition, relation: str) -> None:
    """The other record's half of a link that the rules allowed on this one."""
    if any(number == petition.number for number, _ in other.links):
        return
    event = ev.Linked.model_validate({"number": petition.number, "relation": MIRRORED[relation]})
    after = record.append(turn.unit, other, event, turn.actor.party(other))
    turn.parcels += telling.follow(turn.unit, turn.house, after)


LINKING = Form(
    "linking",
    (others.number("number"), Step("relation", Choice(tuple(MIRRORED))), REVIEW),
    finish,
)
