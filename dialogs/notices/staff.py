"""What do the units get? The card, and beside it a line for what somebody must notice.

No text that a person wrote goes to a group: it says that there is something, the details are
opened in private.
"""

from dialogs.facts import duty_name
from dialogs.letters import assignment
from dialogs.notices.scene import Scene
from dialogs.staff.card import card
from dialogs.staff.holding import orphaned, unreachable_since
from dialogs.turn import Buttons
from petitions import events as ev
from petitions.access import Sight, actor_of, may_see, units_of, working_units
from petitions.deadlines import local_date
from storage import groups
from storage.messages import Post, Said, Skip


def the_card(scene: Scene) -> Said:
    """The case as it stands, for this unit's group."""
    gone = orphaned(scene.unit, scene.house, scene.petition)
    here = scene.notice.unit or scene.petition.unit
    petition, now = scene.petition, scene.unit.now
    lost = unreachable_since(scene.unit, petition)
    return [
        card(
            scene.house,
            scene.language,
            petition,
            now,
            here=here,
            orphaned=gone,
            unreachable=lost,
        )
    ]


def line(scene: Scene) -> Said:
    """What happened, as a reply to the card."""
    key = f"staff.{scene.sentence}"
    assert scene.entry is not None
    routed = isinstance(scene.entry.event, ev.Routed)
    paper = [assignment(scene.house, scene.language, scene.petition, scene.entry)] if routed else []
    return [
        Post(
            key=key,
            text=scene.say(key, **scene.facts),
            buttons=_opens(scene),
            reply_to=scene.card_message(),
        ),
        *paper,
    ]


def _opens(scene: Scene) -> Buttons:
    """The button that opens the case, as much of it as this reader may see."""
    petition, here = scene.petition, scene.notice.unit
    if scene.reader is not None:
        left = groups.left_units(scene.unit, scene.reader)
        actor = actor_of(scene.reader, scene.house.office, left)
        works, sees = (may_see(actor, s, petition) for s in (Sight.DETAILS, Sight.CARD))
    else:
        works = here in working_units(petition)
        sees = here in (*units_of(petition), scene.house.office.supervision_unit)
    if works:
        return ((scene.button("act.details", "details"),),)
    return ((scene.button("act.card", "card"),),) if sees else ()


def deadline(scene: Scene) -> Said:
    """A deadline comes near or has passed (`code` is its name and last day)."""
    owed = {f"{d.name} {d.due}": d for d in scene.petition.duties}
    duty = owed.get(scene.notice.code or "")
    if duty is None:
        return Skip(reason="done meanwhile")
    left = (duty.due - local_date(scene.unit.now, scene.house.office.tz)).days
    key = "staff.overdue" if left < 0 else "staff.due_soon"
    what = duty_name(scene.house, scene.language, scene.petition, duty.name)
    clause = scene.house.clause(duty.clause, scene.language)
    text = scene.say(key, what=what, due=duty.due, days=abs(left), count=abs(left), clause=clause)
    buttons = ((scene.button("act.card", "card"),),)
    return [Post(key=key, text=text, buttons=buttons, reply_to=scene.card_message())]
