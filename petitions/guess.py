"""Which category does a citizen's text most likely belong to?

Character 2–3-gram TF-IDF of the text against the catalogue's own names and everyday words. Title
and text are scored apart and added, so a short title weighs as much as a long story; a field is
as likely as its best category plus its own words. Nothing is trained: what the guess knows stands
in the catalogue, where an office can read and mend it. Only the order of buttons follows from it.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator

from petitions.catalogue import Catalogue, Category

LONGEST_TEXT = 4000
"""Characters of a text that are looked at; the point of a petition comes before that."""

_RUN = re.compile(r"[\u3400-\u9fff]{2,}|[a-z0-9]{2,}")


class Guesser:
    """Orders the fields, and a field's categories, by likelihood; made once, then read only."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        counts = {each.id: _count_words(each) for each in catalogue}
        spread = Counter(gram for grams in counts.values() for gram in grams)
        self._rarity = {gram: math.log(1 + len(counts) / n) for gram, n in spread.items()}
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
            root.id: scores[root.id] + max(scores[child.id] for child in root.children)
            for root in self._catalogue.roots
        }
        return sorted(likely, key=lambda id: -likely[id])[:n]

    def top_children(self, root_id: str, title: str, text: str) -> list[str]:
        """Ids of all categories of a field, likeliest first. Raises KeyError for no such field."""
        children = [child.id for child in self._catalogue.get(root_id).children]
        scores = self._score(title, text)
        return sorted(children, key=lambda id: -scores[id])

    def _score(self, *texts: str) -> dict[str, float]:
        """How like the title and the text each category is, every text weighing the same."""
        scores = dict.fromkeys((each.id for each in self._catalogue), 0.0)
        for text in texts:
            weights = self._weigh(Counter(_grams(text[:LONGEST_TEXT])))
            length = _length(weights)
            for gram, weight in weights.items():
                for id, known in self._weights[gram]:
                    scores[id] += weight * known / length
        return scores

    def _weigh(self, counts: Counter[str]) -> dict[str, float]:
        """TF-IDF with a logarithm on both sides; grams the catalogue does not know drop out."""
        return {
            gram: (1 + math.log(n)) * self._rarity[gram]
            for gram, n in counts.items()
            if gram in self._rarity
        }


def _count_words(category: Category) -> Counter[str]:
    """In how many of a category's words each gram occurs, its Chinese name counting as one."""
    words = (category.zh, *category.words)
    # dict.fromkeys and not set: sums of floats must not hang on the order of hashes.
    return Counter(gram for word in words for gram in dict.fromkeys(_grams(word)))


def _grams(text: str) -> Iterator[str]:
    """Chinese by twos and threes of characters, Latin and digits by whole words without plural."""
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run.isascii():
            yield run[:-1] if len(run) > 3 and run[-1] == "s" else run
        else:
            for size in (2, 3):
                yield from (run[at : at + size] for at in range(len(run) - size + 1))


def _length(weights: dict[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weights.values()))
