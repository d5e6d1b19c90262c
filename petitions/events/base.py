"""What is an event? One shape with a version that says how it changes a petition."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from petitions.shape import Shape

if TYPE_CHECKING:
    from petitions.record import Petition

Change = Mapping[str, Any]
"""Fields of the petition and their new values."""
NOTHING: Change = {}


class Event(Shape):
    """Something that happened; `moves` says whether it changes where the case stands.

    A button carries the version of the last move it was shown for, so a mere look or a
    rating does not make a colleague's button stale.
    """

    version: ClassVar[int] = 1
    moves: ClassVar[bool] = True

    def change(self, _petition: "Petition") -> Change:
        """What this event changes of the petition it happened to."""
        return NOTHING
