"""What will the petitioner read? Exactly the notice that follows, before anything is sent."""

from dialogs import notices
from dialogs.audience import told_as
from dialogs.carrying import CommandOf
from dialogs.forms import Step
from dialogs.forms.base import Asking
from dialogs.forms.preview import Preview
from dialogs.notices.scene import Scene
from dialogs.refusing import refusal
from dialogs.staff.forms.parts import petition_of
from petitions.lifecycle import Refused, decide
from petitions.record import Entry, fold
from storage.messages import Notice, Post


def preview(command_of: CommandOf) -> Step:
    """The last step of a form: the notice as it would be said now, then 发送 or a change."""
    return Step("preview", Preview(lambda at: _posts(at, command_of)))


def _posts(at: Asking, command_of: CommandOf) -> list[Post]:
    """The rules decide as they will when it is sent; where they say no, that is shown instead."""
    turn, petition = at.turn, petition_of(at)
    command = command_of(turn, at.draft)
    try:
        event = decide(petition, command, turn.actor, turn.now, turn.house.rules)
    except Refused as refused:
        key, facts = refusal(turn, petition, refused)
        return [turn.post("preview.refused", why=turn.say(key, **facts))]
    entry = Entry(len(petition.entries) + 1, turn.now, turn.actor.party(petition), event)
    after = fold(petition.id, petition.petitioner, (*petition.entries, entry))
    notice = Notice(kind=told_as(event.kind), petition_id=petition.id, seq=entry.seq)
    said = notices.posts(Scene(turn.unit, turn.house, turn.language, after, entry, notice))
    assert isinstance(said, list)
    # Its buttons are the petitioner's: here they would be dead. Its paper names the petitioner,
    # whom an officer reads about under 查看详情 alone, where the look is recorded (TL 46).
    return [post.model_copy(update={"buttons": ()}) for post in said if post.paper is None]
