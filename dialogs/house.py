"""What does every conversation rest on? The office, its rules, the words, the catalogue."""

from dataclasses import dataclass

from petitions.catalogue import Catalogue
from petitions.guess import Guesser
from petitions.lifecycle import Rules
from petitions.office import Office
from words import Words


@dataclass(frozen=True, slots=True)
class House:
    """Wired once at start-up and never changed."""

    rules: Rules
    words: Words
    catalogue: Catalogue
    guesser: Guesser
    bot_username: str

    @property
    def office(self) -> Office:
        """The office as configured."""
        return self.rules.office

    def clause(self, clause: str, language: str) -> str:
        """A clause as a reader knows it: "TL 34" is our short form of the regulation's name."""
        if not clause.startswith("TL "):
            return clause
        articles, *more = clause.removeprefix("TL ").split(", ")
        for after in more:
            articles = self.words.label("clause.and", language, before=articles, after=after)
        return self.words.label("clause.tl", language, articles=articles)

    def link(self, start: str) -> str:
        """A link that opens the bot in private and says `/start <start>`."""
        return f"https://t.me/{self.bot_username}?start={start}"
