"""What may a petition be about, and which statutory route does that open?

Fifteen fields of petition work, each with its categories, read from a TOML text that the caller
has opened. The route beside a category is said at intake, because sixty days of handling can eat
up the petitioner's own sixty days for administrative review (《信访工作条例》 art. 22, 31(1)–(5)).
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

LONGEST_ID = 24
"""Bytes: an id travels in callback data, for which the messenger leaves 64 bytes in all."""

KINDS = frozenset(
    {
        "administrative_procedure",
        "administrative_review",
        "arbitration",
        "court",
        "criminal",
        "discipline",
        "mediation",
    }
)
"""The ways out of the petition procedure that 《信访工作条例》 art. 31(1)–(5) knows."""


class CatalogueError(ValueError):
    """The catalogue cannot be used; the message names the key to mend."""


@dataclass(frozen=True)
class Route:
    """A statutory route: its kind, one sentence with its deadline, and the clause, if single."""

    id: str
    kind: str
    zh: str
    en: str
    clause: str

    def sentence(self, language: str) -> str:
        """The route and its deadline in one sentence: English for `en…`, else Chinese."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class Category:
    """A field (`urban`) or one of its categories (`urban.demolition`)."""

    id: str
    zh: str
    en: str
    words: tuple[str, ...]
    route: Route | None = None
    children: tuple["Category", ...] = ()

    def name(self, language: str) -> str:
        """Its name: English for `en…`, else Chinese."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class Catalogue:
    """All categories, by field, in the order they are offered."""

    roots: tuple[Category, ...]
    _known: dict[str, Category] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {each.id: each for root in self.roots for each in (root, *root.children)}
        object.__setattr__(self, "_known", known)

    def __contains__(self, id: object) -> bool:
        return id in self._known

    def __iter__(self) -> Iterator[Category]:
        """Every field, each followed by its categories."""
        return iter(self._known.values())

    def get(self, id: str) -> Category:
        """The category of this id. Raises KeyError for one that is not in the catalogue."""
        return self._known[id]

    def parent(self, id: str) -> Category | None:
        """The field a category belongs to; None for a field. Raises KeyError as `get` does."""
        root, dot, _ = self.get(id).id.partition(".")
        return self._known[root] if dot else None

    @property
    def leaves(self) -> tuple[str, ...]:
        """The ids of all second-level categories."""
        return tuple(child.id for root in self.roots for child in root.children)

    def name(self, id: str, language: str) -> str:
        """A category's name. An id no longer listed names itself, so old petitions stay legible."""
        return self._known[id].name(language) if id in self._known else id


def parse(text: str) -> Catalogue:
    """The catalogue written in this TOML text. Raises CatalogueError, which names the key."""
    try:
        document = _table(tomllib.loads(text), "", {"routes", "fields"})
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"not TOML: {error}") from error
    written = _table(document.get("routes", {}), "routes.")
    routes = {id: _route(id, table) for id, table in written.items()}
    fields = _tables(document, "", "fields")
    roots = tuple(_category(table, where, routes, None) for where, table in fields)
    ids = Counter(each.id for root in roots for each in (root, *root.children))
    twice = [id for id, times in ids.items() if times > 1]
    if twice:
        raise CatalogueError(f"id: {', '.join(twice)} stands twice")
    return Catalogue(roots)


def _route(id: str, value: object) -> Route:
    where = f"routes.{id}."
    table = _table(value, where, {"kind", "zh", "en", "clause"})
    kind = _text(table, where, "kind")
    if kind not in KINDS:
        raise CatalogueError(f"{where}kind: {kind!r} is none of {', '.join(sorted(KINDS))}")
    clause = table.get("clause")
    if not isinstance(clause, str):
        raise CatalogueError(f"{where}clause: a text is needed, which may be empty")
    return Route(id, kind, _text(table, where, "zh"), _text(table, where, "en"), clause)


def _category(
    value: object, where: str, routes: Mapping[str, Route], parent: Category | None
) -> Category:
    """A field with its children, or a child of `parent`, whose route it takes if it names none."""
    keys = {"id", "zh", "en", "words", "route"}
    table = _table(value, where, keys if parent else keys | {"children"})
    id = _text(table, where, "id")
    prefix = f"{parent.id}." if parent else ""
    if not re.fullmatch(re.escape(prefix) + "[a-z]+", id) or len(id) > LONGEST_ID:
        raise CatalogueError(
            f"{where}id: {id!r} is not {prefix}‹small letters› of at most {LONGEST_ID} bytes"
        )
    route = parent.route if parent else None
    if "route" in table:
        route = routes.get(_text(table, where, "route"))
        if route is None:
            raise CatalogueError(f"{where}route: there is no [routes.{table['route']}]")
    words = tuple(_text(table, where, "words").split())
    own = Category(id, _text(table, where, "zh"), _text(table, where, "en"), words, route)
    if parent:
        return own
    below = _tables(table, where, "children")
    return replace(own, children=tuple(_category(each, at, routes, own) for at, each in below))


def _table(value: object, where: str, keys: set[str] | None = None) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise CatalogueError(f"{where.removesuffix('.')}: a table is needed")
    for key in value:
        if keys is not None and key not in keys:
            raise CatalogueError(f"{where}{key}: unknown key")
    return value


def _tables(table: Mapping[str, object], where: str, key: str) -> list[tuple[str, object]]:
    """The members of a non-empty array, each after the prefix that names its keys."""
    value = table.get(key)
    if not isinstance(value, list) or not value:
        raise CatalogueError(f"{where}{key}: at least one is needed")
    return [(f"{where}{key}[{number}].", each) for number, each in enumerate(value, 1)]


def _text(table: Mapping[str, object], where: str, key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CatalogueError(f"{where}{key}: a text is needed")
    return value
