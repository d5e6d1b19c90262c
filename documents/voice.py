"""How does a paper speak? Sentences, clauses and terms in the language of its reader."""

import re
from collections.abc import Iterable
from typing import Any

from documents.facts import Term
from words import Words

_DIGITS = "〇一二三四五六七八九"
_ARTICLE = re.compile(r"(\d{1,2})(?:\((\d{1,2})\))?")
_LISTS = frozenset({"31"})
"""Articles whose parts are items (项) of a list, not paragraphs (款)."""


class Voice:
    """Says plain text: what a person wrote goes through it unchanged and is never markup."""

    def __init__(self, words: Words, language: str) -> None:
        self._words = words
        self.language = language
        self._chinese = language.startswith("zh")
        self._space = "" if self._chinese else " "

    def __call__(self, key: str, **facts: Any) -> str:
        """The sentence of this key. Raises KeyError for an unknown one."""
        return self._words.label(key, self.language, **facts)

    def clause(self, clause: str) -> str:
        """A clause as a paper quotes it: "TL 23(3)" is 《信访工作条例》第二十三条第三款."""
        if not clause.startswith("TL "):
            return clause
        articles = clause.removeprefix("TL ")
        found = [_ARTICLE.fullmatch(part.strip()) for part in articles.split(",")]
        if not self._chinese or None in found:
            return self("clause.tl", articles=articles)
        return "《信访工作条例》" + "、".join(_quoted(each) for each in found if each)

    def basis(self, clause: str) -> str:
        """The clause in brackets, to follow a word; nothing when there is none."""
        return self._space + self("paper.basis", clause=self.clause(clause)) if clause else ""

    def joined(self, *sentences: str) -> str:
        """Sentences one after another, those that are empty left out."""
        return self._space.join(each for each in sentences if each)

    def listed(self, names: Iterable[str]) -> str:
        """Names one after another: 甲、乙."""
        return ("、" if self._chinese else ", ").join(names)

    def authority(self, name: str) -> str:
        """The authority of this name; the next higher one where nobody knows its name."""
        return name or self("paper.higher")

    def numbered(self, number: int, text: str) -> str:
        """A numbered heading: 一、… where Chinese is read, 1. … elsewhere."""
        count = numeral(number) if self._chinese else str(number)
        return self("paper.numbered", number=count, text=text)

    def term(self, term: Term) -> str:
        """What the term is for; one that no profile knows names itself."""
        key = f"paper.term.{term.name}"
        return self(key) if self._words.knows(key) else term.name

    def due(self, term: Term) -> str:
        """The last day, marked when it may still move; a dash when there is none."""
        if term.due is None:
            return "—"
        return self("paper.provisional" if term.provisional else "paper.day", day=term.due)


def _quoted(article: re.Match[str]) -> str:
    number, part = article.groups()
    within = "项" if number in _LISTS else "款"
    return f"第{numeral(int(number))}条" + (f"第{numeral(int(part))}{within}" if part else "")


def numeral(number: int) -> str:
    """A number from 1 to 99 as laws and headings count: 二十三. ValueError for another."""
    if not 0 < number < 100:
        raise ValueError(f"no numeral for {number}")
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return ten + (_DIGITS[ones] if ones else "")
