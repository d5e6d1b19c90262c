"""What of a list may be said in the chat where it was asked for?"""

from collections.abc import Iterable

from dialogs.turn import Turn
from petitions.access import may_reach
from storage import groups, record


def sayable(turn: Turn, found: Iterable[str]) -> list[str]:
    """These cases (ids) in private; in a group those alone that may reach all who share it.

    Who asks may see them all, but who reads along there may be reported in one (TL 30, 46(5)).
    """
    if turn.private or not _examines(turn):
        return list(found)
    here, office = groups.units_of(turn.unit, turn.chat_id, turn.house.office), turn.house.office
    return [i for i in found if may_reach(here, office, record.load(turn.unit, i))]


def _examines(turn: Turn) -> bool:
    """Whether a report could be among what this officer may see: else nothing need be read."""
    return any("discipline" in roles for roles in turn.actor.posts.values())
