"""How is a text taken apart, so that it can be compared with the catalogue's words?

A gram is a whole word of the catalogue (a stretch of Chinese as it stands there, a Latin word
without plural, a number) or a piece of such a word, two or three characters long. Chinese is
written without blanks, so pieces find a word that the catalogue knows only inside a longer one.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set

PIECE = 0.3
"""What a piece of a catalogue's word counts, the word itself being 1."""

COVERED = 0.5
"""What is left of a word or piece in the text that a longer word of the catalogue covers."""

HALF_WAY = 150
"""So many characters into a text, a word weighs half of what it would at the beginning."""

_RUN = re.compile(r"[\u3400-\u9fff]{2,}|[a-z0-9]{2,}")
_SIZES = (2, 3)


def count(words: Iterable[str]) -> Mapping[str, float]:
    """How often each gram is said by the words, a piece of a word counting `PIECE`."""
    counts: defaultdict[str, float] = defaultdict(float)
    for run in runs(words):
        counts[run] += 1
        # dict.fromkeys and not set: sums of floats must not hang on the order of hashes.
        for piece in dict.fromkeys(_pieces(run)):
            counts[piece] += PIECE
    return counts


class Vocabulary:
    """The whole words of a catalogue."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(runs(words))
        self._longest = max(map(len, self._words), default=0)

    def __contains__(self, run: object) -> bool:
        return run in self._words

    def find(self, text: str, grams: Set[str]) -> Mapping[str, float]:
        """How often each of the `grams` occurs in a text, later ones counting for less.

        What lies within a longer word counts `COVERED`: it was not meant by itself.
        """
        found: defaultdict[str, float] = defaultdict(float)
        for match in _RUN.finditer(_plain(text)):
            share = 1 / (1 + match.start() / HALF_WAY)
            run = match.group()
            if run.isascii():
                found[_singular(run)] += share
                continue
            whole, covered = self._cut(run)
            for start, end in self._spans(run):
                if (gram := run[start:end]) in grams:
                    inside = (start, end) not in whole and any(covered[start:end])
                    found[gram] += share * COVERED if inside else share
        return found

    def _cut(self, run: str) -> tuple[set[tuple[int, int]], list[bool]]:
        """Where the longest words lie, from left to right; which characters they cover."""
        whole: set[tuple[int, int]] = set()
        covered = [False] * len(run)
        free = 0
        for start, end in self._spans(run):
            if start >= free and run[start:end] in self._words:
                whole.add((start, end))
                covered[start:end] = [True] * (end - start)
                free = end
        return whole, covered

    def _spans(self, run: str) -> Iterator[tuple[int, int]]:
        """Every place of two characters and more, the longest at each start first."""
        for start in range(len(run) - 1):
            for end in range(min(start + self._longest, len(run)), start + 1, -1):
                yield start, end


def runs(words: Iterable[str]) -> Iterator[str]:
    """The stretches of Chinese characters, Latin words and numbers that the words are made of."""
    for word in words:
        for run in _RUN.findall(_plain(word)):
            yield _singular(run) if run.isascii() else run


def _pieces(run: str) -> Iterator[str]:
    if not run.isascii():
        for size in _SIZES:
            if len(run) > size:
                yield from (run[at : at + size] for at in range(len(run) - size + 1))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == "s" else word
