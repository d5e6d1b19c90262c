"""What is a notice made from? The case, the entry it tells of, and who reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dialogs.facts import facts_of, sentence
from dialogs.house import House
from dialogs.parts import parts_of
from dialogs.taps import CaseTap
from petitions import numbers
from petitions.record import Entry, Petition
from storage import posts
from storage.messages import Button, Notice, Post
from storage.unit import Unit


def card_slot(petition_id: str, unit_id: str) -> str:
    """The slot of a case's card in one unit's group."""
    return f"card:{petition_id}:{unit_id}"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a notice is made from."""

    unit: Unit
    house: House
    language: str
    petition: Petition
    entry: Entry | None
    notice: Notice
    reader: int | None = None  # the person it goes to; None in a group

    def say(self, key: str, **facts: object) -> str:
        """A sentence for this reader; the case's number and unit are always among the facts."""
        unit = self.house.office.unit_name(self.petition.unit, self.language)
        known: dict[str, Any] = {"number": numbers.show(self.petition.number), "unit": unit}
        return self.house.words.say(key, self.language, **(known | facts))

    def button(self, key: str, act: str, arg: str = "", **facts: object) -> Button:
        """A button that acts on this case."""
        tap = CaseTap(petition=self.petition.id, version=self.petition.version, act=act, arg=arg)
        return Button(text=self.house.words.label(key, self.language, **facts), data=tap.pack())

    def local(self, moment: datetime) -> datetime:
        """The moment in the office's zone."""
        return moment.astimezone(self.house.office.tz)

    @property
    def facts(self) -> dict[str, Any]:
        """What is frozen in the entry; dates without their hours."""
        assert self.entry is not None
        facts = facts_of(self.house, self.language, self.petition, self.entry)
        return facts | {"at": facts["at"].date()}

    @property
    def sentence(self) -> str:
        """The name of the sentence that tells of the entry."""
        assert self.entry is not None
        return sentence(self.entry.event)

    def card_message(self) -> int | None:
        """The card this reader's group has of the case, for a notice to reply to."""
        if self.notice.unit is None:
            return None
        shown = posts.find(self.unit, card_slot(self.petition.id, self.notice.unit))
        return shown[1] if shown else None

    def long(self, text: str) -> list[Post]:
        """A text of any length, whole, in as many messages as it takes."""
        return [
            Post(key="notice.more", text=self.say("notice.more", text=part))
            for part in parts_of(text)
            if part
        ]
