"""Every move in one table: when, by whom, on which clause, what it needs, what follows."""

from petitions.commands import Command
from petitions.moves import (
    deciding,
    handling,
    holding,
    overseeing,
    routing,
    supplementing,
    surveying,
)
from petitions.moves.base import OURS, Move, Refused, Rules
from petitions.moves.holding import UNDOABLE

__all__ = ["MOVES", "OURS", "UNDOABLE", "Move", "Refused", "Rules"]

MOVES: dict[type[Command], Move] = {
    **holding.MOVES,
    **routing.MOVES,
    **handling.MOVES,
    **supplementing.MOVES,
    **deciding.MOVES,
    **surveying.MOVES,
    **overseeing.MOVES,
}
