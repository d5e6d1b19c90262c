"""Of what is a paper put together? Numbered parts, routes, a table of deadlines."""

from collections.abc import Iterable

from documents import sheet
from documents.facts import Route, Term
from documents.voice import Voice

Part = tuple[str, tuple[sheet.Block, ...]]
"""A part of a paper: the key of its heading, and what stands below it."""


def parts(say: Voice, *given: Part) -> tuple[sheet.Block, ...]:
    """The parts under numbered headings; one that is empty is left out and not counted."""
    blocks: list[sheet.Block] = []
    full = [(key, body) for key, body in given if any(_says(block) for block in body)]
    for number, (key, body) in enumerate(full, 1):
        blocks += [sheet.Head(say.numbered(number, say(key))), *body]
    return tuple(blocks)


def _says(block: sheet.Block) -> bool:
    match block:
        case sheet.Quote(lines=lines):
            return bool(lines)
        case sheet.Grid(rows=rows):
            return bool(rows)
    return bool(block.text)


def routes(say: Voice, given: Iterable[Route]) -> tuple[sheet.Block, ...]:
    """One paragraph a statutory route, with its day and its clause."""
    return tuple(sheet.Para(_route(say, each)) for each in given)


def _route(say: Voice, route: Route) -> str:
    due = say("paper.route_due", due=route.due) if route.due else ""
    return say.joined(route.sentence, due) + say.basis(route.clause)


def term_grid(say: Voice, terms: Iterable[Term]) -> sheet.Grid:
    """The deadlines as a table: what for, the last day, the clause."""
    head = (say("paper.field.term"), say("paper.field.due"), say("paper.field.clause"))
    rows = tuple((say.term(t), say.due(t), say.clause(t.clause) or "—") for t in terms)
    return sheet.Grid(head, rows, (3, 2, 3))
