"""What was written about a case since it was filed? Every text of its record, in order."""

from dialogs.facts import facts_of, sentence
from dialogs.parts import LONGEST, parts_of, units
from dialogs.turn import Turn
from petitions import events as ev
from petitions.record import Entry, Petition
from storage.messages import Post

SHOWN = (
    ev.Routed,
    ev.Objected,
    ev.Insisted,
    ev.Declined,
    ev.Referred,
    ev.Linked,
    ev.TrackChanged,
    ev.SupplementAsked,
    ev.Supplemented,
    ev.ExtensionAsked,
    ev.MediationProposed,
    ev.Mediated,
    ev.Contributed,
    ev.Replied,
    ev.SuggestionAnswered,
    ev.ReviewAsked,
    ev.HearingHeld,
    ev.ReviewDecided,
    ev.Supervised,
    ev.SupervisionAnswered,
)
"""What carries a text, or points at another case. An extension's reason stands with its request;
how a case is led is told as it is now."""


def story(turn: Turn, petition: Petition, of: tuple[type[ev.Event], ...] = SHOWN) -> list[Post]:
    """Each step under its heading, whole, in as few messages as it takes."""
    sections = [
        section
        for entry in petition.standing()
        if isinstance(entry.event, of)
        for section in _sections(turn, petition, entry)
    ]
    return [Post(key="story", text=page) for page in _pages(sections)]


def _sections(turn: Turn, petition: Petition, entry: Entry) -> list[str]:
    """The heading with the beginning of the text, and the rest of it in parts."""
    facts = facts_of(turn.house, turn.language, petition, entry)
    heading = turn.say(f"details.said.{sentence(entry.event)}", **facts)
    texts = [facts.get("text", "")]
    if "basis" in facts:
        texts.append(turn.label("details.basis", basis=facts["basis"]))
    first, *rest = parts_of("\n\n".join(filter(None, texts)))
    begins = f"{heading}\n{turn.say('notice.more', text=first)}" if first else str(heading)
    return [begins, *(turn.say("notice.more", text=part) for part in rest)]


def _pages(sections: list[str]) -> list[str]:
    """Sections together in one message as long as they fit."""
    pages: list[str] = []
    for section in sections:
        if pages and units(pages[-1]) + units(section) < LONGEST:
            pages[-1] += f"\n\n{section}"
        else:
            pages.append(section)
    return pages
