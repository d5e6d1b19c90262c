"""How do the parts of a dossier look? A table or a text each; one that is empty says so."""

from documents import sheet
from documents.case import Attachment, Chain, Due, Led, Party, Step, Writing
from documents.voice import Voice

NONE = "—"
_KIB = 1024


def none(say: Voice) -> sheet.Note:
    """There is nothing here, said so."""
    return sheet.Note(say("paper.dossier.none"))


def filled(
    head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], widths: tuple[float, ...], say: Voice
) -> sheet.Block:
    """The table, or that there is nothing in it."""
    return sheet.Grid(head, rows, widths) if rows else none(say)


def _head(say: Voice, *names: str) -> tuple[str, ...]:
    return tuple(say(f"paper.field.{name}") for name in names)


def parties(given: tuple[Party, ...], say: Voice) -> sheet.Block:
    """Who the case is about and who works on it."""
    rows = tuple(
        (p.role, p.name, p.phone or NONE, p.address or NONE, p.note or NONE) for p in given
    )
    return filled(
        _head(say, "role", "name", "phone", "address", "note"), rows, (3, 3, 4, 5, 4), say
    )


def timeline(steps: tuple[Step, ...], say: Voice) -> sheet.Block:
    """What happened, when, and who did it."""
    rows = tuple((say("paper.moment", at=s.at), s.who, s.what) for s in steps)
    return filled(_head(say, "at", "who", "what"), rows, (4, 4, 7), say)


def writing(given: Writing, say: Voice) -> tuple[sheet.Block, ...]:
    """A text in full, under its title."""
    text = sheet.quote(given.text)
    return (
        sheet.Head(given.title, 2),
        sheet.Note(say("paper.dossier.by", by=given.by, at=given.at)),
        text if text.lines else none(say),
    )


def terms(given: tuple[Due, ...], say: Voice) -> sheet.Block:
    """The deadlines, and when each was kept."""
    head = _head(say, "term", "due", "clause", "done")
    rows = tuple(
        (say.term(t), say.due(t), say.clause(t.clause) or NONE, _done(t, say)) for t in given
    )
    return filled(head, rows, (5, 8, 8, 8), say)


def _done(term: Due, say: Voice) -> str:
    if term.done is None:
        return NONE
    late = term.due is not None and term.done > term.due
    return say("paper.late" if late else "paper.day", day=term.done)


def led(given: Led, say: Voice) -> tuple[sheet.Block, ...]:
    """The five things of a led case (五个一), and how many are missing."""
    missing = say("paper.led.missing")
    rows = (
        (say("paper.led.leader"), given.leader or missing),
        (say("paper.led.group"), say.listed(given.group) or missing),
        (say("paper.led.plan"), "\n".join(given.plan) or missing),
        (say("paper.led.supervisor"), given.supervisor or missing),
        (say("paper.led.dossier"), say("paper.led.this")),
    )
    told = say("paper.led.complete")
    if given.lacking:
        told = say("paper.led.lacking", number=given.lacking)
    return (sheet.Grid((), rows, (1, 3)), sheet.Note(told))


def files(given: tuple[Attachment, ...], say: Voice) -> sheet.Block:
    """The list of attachments."""
    head = _head(say, "nth", "file", "kind", "at", "sha256")
    rows = tuple((str(n), *_file(each, say)) for n, each in enumerate(given, 1))
    return filled(head, rows, (2, 10, 6, 10, 12), say)


def _file(file: Attachment, say: Voice) -> tuple[str, ...]:
    sent = f"{say('paper.moment', at=file.at)}\n{file.by}"
    kind = f"{say(f'paper.file.{file.kind}')}\n{_size(file.size)}"
    return (file.name, kind, sent, file.sha256 or NONE)


def _size(size: int | None) -> str:
    if size is None:
        return NONE
    if size < _KIB:
        return f"{size} B"
    return f"{size / _KIB:.1f} KB" if size < _KIB**2 else f"{size / _KIB**2:.1f} MB"


def record(chain: Chain, say: Voice) -> tuple[sheet.Block, ...]:
    """By what the record can be checked."""
    sealed = say("paper.moment", at=chain.sealed_at) if chain.sealed_at else NONE
    rows = (
        (say("paper.record.entries"), str(chain.entries)),
        (say("paper.record.head"), chain.head),
        (say("paper.record.seal"), chain.seal or say("paper.record.unsealed")),
        (say("paper.record.sealed_at"), sealed),
    )
    return (sheet.Grid((), rows, (1, 3)), sheet.Note(say("paper.record.how")))
