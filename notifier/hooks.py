"""What does the door out ask of whoever wires the house? Words, papers, and what follows.

The notifier knows no petition: what a notice says, and who is to be told what became of it, is
handed in.
"""

from collections.abc import Callable
from dataclasses import dataclass

from storage.messages import Paper, Parcel, Said
from storage.unit import Unit

Say = Callable[[Unit, Parcel], Said]
"""Makes a notice's messages when it is sent."""
Draw = Callable[[Paper], bytes]
"""Makes a paper when it is sent; called in a thread."""
Moved = Callable[[Unit, int, int], None]
"""Told of a group's old and new id when it became a supergroup."""
Unreachable = Callable[[Unit, Parcel, bool], list[Parcel]]
"""Told of a message that did not reach its person, and whether that is the first (then who cares
for the person's cases is to know); gives what is to be sent for it, none of it urgent."""
Reached = Callable[[Unit, int], list[Parcel]]
"""Told of a person whom a notice has reached after all; gives the same."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """All of them; what follows from a message that arrived or did not, can be nothing."""

    say: Say
    draw: Draw
    moved: Moved
    unreachable: Unreachable = lambda _unit, _parcel, _first: []
    reached: Reached = lambda _unit, _chat_id: []
