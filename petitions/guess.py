"""Which category does a citizen's text most likely belong to?

TF-IDF of the text against the catalogue's own names and everyday words, whole and in pieces. Title
and text are scored apart and added, so a short title weighs as much as a long story. A field is as
likely as its best category, together with what is said of the field as a whole. Nothing is
trained: what the guess knows stands in the catalogue, where an office can read and mend it, and in
`petitions.commonplace`. Only the order of buttons follows from it.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping

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
    """Orders the fields, and a field's categories, by likelihood; made once, then read only."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._words = Vocabulary(word for each in catalogue for word in _said(each))
        counts = {each.id: count(_said(each)) for each in catalogue}
        self._rarity = self._rarities(counts.values())
        for root in catalogue.roots:
            together = (word for each in (root, *root.children) for word in _said(each))
            counts[_whole(root.id)] = count(together)
        self._weights: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for id, grams in counts.items():
            weights = self._weigh(grams)
            # Half of a cosine's division by length: the whole makes a category of few words win
            # on one of them, none makes the one with most words win everything.
            scale = math.sqrt(_length(weights))
            for gram, weight in weights.items():
                self._weights[gram].append((id, weight / scale))

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
            weights = self._weigh(self._words.find(text[:LONGEST_TEXT], self._rarity.keys()))
            length = max(_length(weights), TELLING)
            for gram, weight in weights.items():
                for id, known in self._weights[gram]:
                    scores[id] += weight * known / length
        return scores

    def _weigh(self, counts: Mapping[str, float]) -> dict[str, float]:
        """TF-IDF with a logarithm on both sides; grams the catalogue does not know drop out."""
        return {
            gram: math.log2(1 + n) * self._rarity[gram]
            for gram, n in counts.items()
            if gram in self._rarity
        }

    def _rarities(self, counts: Collection[Mapping[str, float]]) -> dict[str, float]:
        """The fewer categories say a gram, the more it tells; a commonplace tells less."""
        spread: defaultdict[str, float] = defaultdict(float)
        for grams in counts:
            for gram, n in grams.items():
                spread[gram] += min(1, n)
        kept = {gram: share for said, share in KEPT for gram in count(said.split())}
        return {
            gram: math.log(1 + len(counts) / max(n, 0.5)) * kept.get(gram, 1) * self._glued(gram)
            for gram, n in spread.items()
        }

    def _glued(self, gram: str) -> float:
        """A piece with a character of grammar counts for less, unless it is a word itself."""
        return KEPT_OF_GLUE if GLUE.intersection(gram) and gram not in self._words else 1


def _said(category: Category) -> list[str]:
    return list(dict.fromkeys((category.zh, *category.words)))


def _whole(root_id: str) -> str:
    """The key of all that is said of a field; no category has an id like it."""
    return f"{root_id}."


def _length(weights: Mapping[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weights.values()))
