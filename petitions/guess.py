"""Which category does a citizen's text most likely belong to?

TF-IDF of the text against the catalogue's own names and everyday words, whole and in pieces. Title
and text are scored apart and added, so a short title weighs as much as a long story. A field is as
likely as its best category, together with what is said of the field as a whole. Nothing is
trained: what the guess knows stands in the catalogue, where an office can read and mend it, and in
`petitions.commonplace`. Only the order of buttons follows from it.
"""

from collections import defaultdict
from functools import cached_property

from petitions.catalogue import Catalogue, Category
from petitions.weights import Weights, length

OWN_WORDS, WHOLE_FIELD = 0.5, 2.0
"""What a field's own words, and all words of the field, count beside its best category."""

TELLING = 4.0
"""About the weight of one telling word; a title that tells less is not as good as a text."""


class Guesser:
    """Orders the fields, and a field's categories, by likelihood.

    What it knows is worked out with the first question, and holds eight megabytes.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

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
            weights = self._weights.of(text)
            whole = max(length(weights), TELLING)
            for row, weight in weights.items():
                for id, known in self._weights.whose(row):
                    scores[id] += weight * known / whole
        return scores

    @cached_property
    def _weights(self) -> Weights:
        roots = self._catalogue.roots
        fields = {_whole(r.id): [w for c in (r, *r.children) for w in _said(c)] for r in roots}
        return Weights({each.id: _said(each) for each in self._catalogue}, fields)


def _said(category: Category) -> list[str]:
    return list(dict.fromkeys((category.zh, *category.words)))


def _whole(root_id: str) -> str:
    """The key of all that is said of a field; no category has an id like it."""
    return f"{root_id}."
