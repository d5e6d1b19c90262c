"""What did somebody miss while no message reached them? One message, when they are back."""

from collections.abc import Iterable

from dialogs.citizen import closing
from dialogs.citizen.mine import case_button
from dialogs.citizen.texts import line_of, told_in
from dialogs.citizen.timeline import step
from dialogs.citizen.windows import window
from dialogs.taps import CaseTap
from dialogs.turn import Buttons, Turn
from petitions import events as ev
from petitions import numbers
from petitions.access import Sight, may_see
from petitions.record import Entry, Petition, undone
from petitions.states import RATED_IN
from storage import missed, record
from storage.messages import Button
from storage.missed import Missed
from words.formats import Html

KEY = "missed.list"
CASES = 10
LINES = 24
TEXTS = 5
SURVEYS = ("survey", "survey_reminder", "asked_again")


def tell(turn: Turn) -> None:
    """One message with every case in it: what is still true in order, the texts as buttons."""
    found: dict[str, list[Missed]] = {}
    for each in missed.take(turn.unit, turn.person.id):
        found.setdefault(each.petition_id, []).append(each)
    cases = [told for i, lost in found.items() if (told := _case(turn, i, lost))]
    count, lost_in_all = sum(len(lines) for _, lines, _ in cases), sum(map(len, found.values()))
    if not count:
        return
    shown = cases[-CASES:]
    parts = [_heard(turn, petition, lines, len(shown)) for petition, lines, _ in shown]
    if stale := lost_in_all - count:
        parts.append(turn.say("missed.stale", count=stale))
    if more := len(cases) - len(shown):
        parts.append(turn.say("missed.more_cases", count=more))
    turn.send(turn.post(KEY, _buttons(turn, shown), count=count, cases=Html("\n\n".join(parts))))


Told = tuple[Petition, list[str], list[Entry]]
"""A case, a line for each notice that still holds, and the entries whose text is to be read."""


def _case(turn: Turn, petition_id: str, lost: Iterable[Missed]) -> Told | None:
    try:
        petition = record.load(turn.unit, petition_id)
    except record.Unknown:
        return None
    if petition.petitioner != turn.person.id:
        return _work(turn, petition, lost)
    lines, texts, readable = [], [], told_in(petition)
    for each in lost:
        entry = petition.entries[each.notice.seq - 1] if each.notice.seq else None
        if line := _line(turn, petition, each, entry):
            lines.append(line)
            if entry in readable:
                texts.append(entry)
    return (petition, list(dict.fromkeys(lines)), texts) if lines else None


def _work(turn: Turn, petition: Petition, lost: Iterable[Missed]) -> Told | None:
    """An officer's own lines: what they may still see of the case opens as its card."""
    if not may_see(turn.actor, Sight.CARD, petition):
        return None
    last = max(each.at for each in lost)
    return petition, [turn.say("missed.work", at=turn.local(last))], []


def _line(turn: Turn, petition: Petition, lost: Missed, entry: Entry | None) -> str | None:
    """What the notice told, in a line; None when it does not hold any more."""
    if lost.notice.kind in SURVEYS:
        return _asks_to_rate(turn, petition)
    if lost.notice.kind == closing.CLOSING:
        return _review_closes(turn, petition, lost)
    if entry is None:
        return None
    if entry.seq in undone(petition.entries):
        # Who had begun to read it must hear that it does not hold; nobody else.
        return _taken_back(turn, petition, entry) if lost.begun else None
    if isinstance(entry.event, ev.Undone):
        return _correction(turn, entry, entry.event)
    return step(turn, petition, entry)


def _taken_back(turn: Turn, petition: Petition, entry: Entry) -> str | None:
    for later in petition.entries[entry.seq :]:
        if isinstance(later.event, ev.Undone) and later.event.of == entry.seq:
            return _correction(turn, later, later.event)
    return None


def _correction(turn: Turn, entry: Entry, event: ev.Undone) -> str:
    what = turn.label(f"did.{event.what}")
    return turn.say("missed.undone", at=turn.local(entry.at), what=what)


def _asks_to_rate(turn: Turn, petition: Petition) -> str | None:
    until = petition.survey_until
    if until is None or turn.now > until or petition.rated_since or petition.state not in RATED_IN:
        return None
    return turn.say("missed.survey", until=turn.local(until).date())


def _review_closes(turn: Turn, petition: Petition, lost: Missed) -> str | None:
    """The time to ask for a review runs out: of the decision that the notice spoke of."""
    found = window(petition, turn.house.rules, turn.now)
    if found is None or found.left < 0 or closing.mark(found) != lost.notice.code:
        return None
    return turn.say(f"missed.review_closing.{found.level}", due=found.until.due)


def _heard(turn: Turn, petition: Petition, lines: list[str], cases: int) -> str:
    hidden = len(lines) - max(3, LINES // cases)
    if hidden > 0:
        lines = [lines[0], turn.say("timeline.folded", count=hidden + 1), *lines[hidden + 2 :]]
    own = petition.petitioner == turn.person.id
    head = turn.say(
        "missed.case" if own else "missed.case_of_work",
        number=numbers.show(petition.number),
        title=petition.filing.title if own else "",
    )
    return "\n".join([head, *lines])


def _buttons(turn: Turn, cases: list[Told]) -> Buttons:
    """Of one case its texts and its timeline; of several each leads to its own."""
    if len(cases) > 1:
        return tuple((_open(turn, petition),) for petition, _, _ in cases)
    petition, _, texts = cases[0]
    rows = tuple((line_of(turn, petition, entry),) for entry in reversed(texts[-TEXTS:]))
    return (*rows, (_open(turn, petition),))


def _open(turn: Turn, petition: Petition) -> Button:
    if petition.petitioner == turn.person.id:
        return case_button(turn, petition)
    tap = CaseTap(petition=petition.id, version=petition.version, act="card")
    return Button(text=numbers.show(petition.number), data=tap.pack())
