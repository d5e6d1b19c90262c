"""May the bot go on in the officer's private chat? If not, the group is shown how to open it."""

from dialogs.refusing import officer_name
from dialogs.turn import Turn
from storage.messages import Button


def private_open(turn: Turn) -> bool:
    """Go on in this officer's private chat; if the bot may not write there, say how to open it.

    What follows is in the officer's own language.
    """
    if not reachable(turn):
        return False
    if not turn.private:
        turn.answer("acted.see_private", alert=True)
    turn.go_private()
    return True


def reachable(turn: Turn) -> bool:
    """May the bot write to this officer in private? If not, they are shown how to open the chat."""
    if turn.person.started and not turn.person.blocked:
        return True
    button = Button(text=turn.label("private.open"), url=turn.house.link("desk"))
    who = officer_name(turn.house, turn.person.id, turn.language)
    post = turn.post("private.needed", ((button,),), who=who)
    post = post.model_copy(update={"reply_to": turn.tapped})
    turn.send(post, slot=f"open:{turn.person.id}", fresh=True)
    turn.answer("private.toast", alert=True)
    return False
