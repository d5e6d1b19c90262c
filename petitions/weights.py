"""What does each word of the catalogue tell about a text, and for which category?

TF-IDF with a logarithm on both sides. What is known lies in arrays, a row for each gram: as objects
it took four times the memory.
"""

import math
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import accumulate

from petitions.commonplace import GLUE, KEPT, KEPT_OF_GLUE
from petitions.grams import Vocabulary, count

LONGEST_TEXT = 4000
"""Characters of a text that are looked at; the point of a petition comes before that."""


class Weights:
    """What each gram weighs for whom: made once, then read only.

    `categories` have their own words; `fields` are what is said of many categories together.
    """

    def __init__(
        self, categories: Mapping[str, list[str]], fields: Mapping[str, list[str]]
    ) -> None:
        self._words = Vocabulary(word for words in categories.values() for word in words)
        self._rows, self._rarity = self._rarities(categories.values())
        said = {**categories, **fields}
        self._ids = list(said)
        self._learn(said.values())

    def of(self, text: str) -> dict[int, float]:
        """What the text's own grams weigh, by row."""
        return self._weigh(self._words.find(text[:LONGEST_TEXT], self._rows.keys()))

    def whose(self, row: int) -> Iterable[tuple[str, float]]:
        """For whom this gram speaks, and how much."""
        ids = self._ids
        for at in range(self._begins[row], self._begins[row + 1]):
            yield ids[self._whose[at]], self._weights[at]

    def _learn(self, said: Iterable[list[str]]) -> None:
        """Keep what each gram weighs for whom."""
        rows, whose, known = array("L"), array("H"), array("d")
        for number, words in enumerate(said):
            weights = self._weigh(count(words))
            # Half of a cosine's division by length: the whole makes a category of few words win
            # on one of them, none makes the one with most words win everything.
            scale = math.sqrt(length(weights))
            rows.extend(weights)
            whose.extend([number] * len(weights))
            known.extend(weight / scale for weight in weights.values())
        spread = Counter(rows)
        begins = accumulate((spread[row] for row in range(len(self._rows))), initial=0)
        self._begins = array("L", begins)
        self._whose, self._weights = array("H", whose), array("d", known)
        free = array("L", self._begins)
        for row, number, weight in zip(rows, whose, known, strict=True):
            self._whose[free[row]], self._weights[free[row]] = number, weight
            free[row] += 1

    def _weigh(self, counts: Mapping[str, float]) -> dict[int, float]:
        """By row; grams the catalogue does not know drop out."""
        return {
            row: math.log2(1 + n) * self._rarity[row]
            for gram, n in counts.items()
            if (row := self._rows.get(gram)) is not None
        }

    def _rarities(self, said: Collection[list[str]]) -> tuple[dict[str, int], "array[float]"]:
        """The row of each gram, and what it tells: the fewer categories say it, the more.

        A commonplace tells less.
        """
        spread: dict[str, float] = {}
        for words in said:
            for gram, n in count(words).items():
                spread[gram] = spread.get(gram, 0.0) + min(1, n)
        kept = {gram: share for them, share in KEPT for gram in count(them.split())}
        rarity = array("d")
        for gram, n in spread.items():
            common = kept.get(gram, 1) * self._glued(gram)
            rarity.append(math.log(1 + len(said) / max(n, 0.5)) * common)
        return {gram: row for row, gram in enumerate(spread)}, rarity

    def _glued(self, gram: str) -> float:
        """A piece with a character of grammar counts for less, unless it is a word itself."""
        return KEPT_OF_GLUE if GLUE.intersection(gram) and gram not in self._words else 1


def length(weights: Mapping[int, float]) -> float:
    """How much is said in all."""
    return math.sqrt(sum(weight * weight for weight in weights.values()))
