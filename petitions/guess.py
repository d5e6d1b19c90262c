"""Which category does a citizen's text most likely belong to?

TF-IDF of the text against the catalogue's own names and everyday words, whole and in pieces. Title
and text are scored apart and added, so a short title weighs as much as a long story. A field is as
likely as its best category, together with what is said of the field as a whole. Nothing is
trained: what the guess knows stands in the catalogue, where an office can read and mend it, and in
`petitions.commonplace`. Only the order of buttons follows from it.
"""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import accumulate

from petitions.catalogue import Catalogue, Category
from petitions.commonplace import GLUE, KEPT, KEPT_OF_GLUE
from petitions.grams import Vocabulary, count

LONGEST_TEXT = 4000
"""Characters of a text that are looked at; the point of a petition comes before that."""

OWN_WORDS, WHOLE_FIELD = 0.5, 2.0
"""What a field's own words, and all words of the field, count beside its best category."""

TELLING = 4.0
"""About the weight of one telling word; a title that tells less is not as good as a text."""


class Guesser:
    """Orders the fields, and a field's categories, by likelihood; made once, then read only.

    What it knows lies in arrays, a row for each gram: as objects it took four times the memory.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._words = Vocabulary(word for each in catalogue for word in _said(each))
        said = {each.id: _said(each) for each in catalogue}
        self._rows, self._rarity = self._rarities(said.values())
        for root in catalogue.roots:
            together = [word for each in (root, *root.children) for word in _said(each)]
            said[_whole(root.id)] = together
        self._ids = list(said)
        self._learn(said.values())

    def _learn(self, said: Iterable[list[str]]) -> None:
        """Keep what each gram weighs for whom."""
        rows, whose, known = array("L"), array("H"), array("d")
        for number, words in enumerate(said):
            weights = self._weigh(count(words))
            # Half of a cosine's division by length: the whole makes a category of few words win
            # on one of them, none makes the one with most words win everything.
            scale = math.sqrt(_length(weights))
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

    def top(self, title: str, text: str, n: int = 3) -> list[str]:
        """Ids of the `n` likeliest fields, best first, all of them if there are fewer than `n`.

        Fields alike keep the catalogue's order, and so does a text without any known word.
        """
        scores = self._score(title, text)
        likely = {
            root.id: max(scores[child.id] for child in root.children)
            + OWN_WORDS * scores[root.id]
            + WHOLE_FIELD * scores[_whole(root.id)]
            for root in self._catalogue.roots
        }
        return sorted(likely, key=lambda id: -likely[id])[:n]

    def top_children(self, root_id: str, title: str, text: str) -> list[str]:
        """Ids of all categories of a field, likeliest first. Raises KeyError for no such field."""
        children = [child.id for child in self._catalogue.get(root_id).children]
        scores = self._score(title, text)
        return sorted(children, key=lambda id: -scores[id])

    def _score(self, *texts: str) -> defaultdict[str, float]:
        """How like the title and the text each category is, every text weighing the same."""
        scores: defaultdict[str, float] = defaultdict(float)
        for text in texts:
            weights = self._weigh(self._words.find(text[:LONGEST_TEXT], self._rows.keys()))
            length = max(_length(weights), TELLING)
            for row, weight in weights.items():
                for at in range(self._begins[row], self._begins[row + 1]):
                    scores[self._ids[self._whose[at]]] += weight * self._weights[at] / length
        return scores

    def _weigh(self, counts: Mapping[str, float]) -> dict[int, float]:
        """TF-IDF with a logarithm on both sides; grams the catalogue does not know drop out."""
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


def _said(category: Category) -> list[str]:
    return list(dict.fromkeys((category.zh, *category.words)))


def _whole(root_id: str) -> str:
    """The key of all that is said of a field; no category has an id like it."""
    return f"{root_id}."


def _length(weights: Mapping[int, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weights.values()))
