"""A thousand single edits of a copied database, made at random: every one of them is found."""

import os
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from archives import NEW, OLD, Archive, some_lives, ties_of
from intruders import Intruder

from bot import evidence
from storage import projection, seals
from storage.tables import metadata

EDITS = 1_000 if os.environ.get("MINSHENG_TORTURE") else 60
SEED = 20260302
TABLES = ("petitions", "entries", "seals", "ties")
TORN = {name: metadata.tables[name] for name in TABLES}
KEYS = {name: tuple(c.name for c in table.primary_key) for name, table in TORN.items()}


class NoEdit(Exception):
    """This cannot be done to what is there, or changes nothing: draw again."""


class Vandal:
    """Makes one edit after another's fashion, chosen at random."""

    def __init__(self, connection: sqlite3.Connection, chance: random.Random) -> None:
        self.intruder = Intruder(connection)
        self.sql = connection
        self.chance = chance

    def edit(self) -> str:
        """One edit; says which."""
        kinds: tuple[Callable[[], str], ...] = (
            self.change,
            self.delete,
            self.swap,
            self.insert,
            self.cut_tail,
            self.rewrite_row,
            self.rewrite_entry,
            self.rewrite_seal,
            self.tell_again,
        )
        return self.chance.choices(kinds, (4, 1, 1, 1, 1, 1, 1, 1, 1))[0]()

    def change(self) -> str:
        """Another value in one column of one row."""
        table = self._table()
        row, column = self.row(table), self._column(table)
        value = self.chance.choice(self.others(table, column, row[column]))
        self.set(table, row, {column: value})
        return f"change {table}.{column}: {row[column]!r} -> {value!r}"

    def delete(self) -> str:
        """A row less."""
        table = self._table()
        row = self.row(table)
        where, values = self._where(table, row)
        self.sql.execute(f"DELETE FROM {table} WHERE {where}", values)
        return f"delete from {table} {self._key(table, row)}"

    def swap(self) -> str:
        """Two rows exchange one column, or all but what names them."""
        table = self._table()
        one, other = self.row(table), self.row(table)
        names = [n for n in one if n not in KEYS[table]] or list(one)
        if self.chance.random() < 0.7:
            names = [self.chance.choice(list(one))]
        if unique := {"number", "id", "seq", "kind", "who", "petition_id"} & set(names):
            self.set(table, one, {n: f"passing {one[n]}" for n in unique})
            one = {**one, **{n: f"passing {one[n]}" for n in unique}}
        before, after = dict(one), dict(other)
        original = {n: before[n] for n in names}
        for name in unique or ():
            text = str(original[name]).removeprefix("passing ")
            original[name] = int(text) if isinstance(other[name], int) else text
        self.set(table, other, original)
        self.set(table, one, {n: after[n] for n in names})
        return f"swap {names} of {table} {self._key(table, one)} and {self._key(table, other)}"

    def insert(self) -> str:
        """A row more, like another."""
        table = self._table()
        row = dict(self.row(table))
        match table:
            case "petitions":
                row |= {"id": "0123456789", "number": f"{row['number'][:-1]}x"}
            case "entries":
                ids = self.intruder.ids()
                row["petition_id"] = self.chance.choice([*ids, row["petition_id"], "0123456789"])
                lines = self.intruder.lines(row["petition_id"])
                row["seq"] = self.chance.choice([0, len(lines) + 1, len(lines) + 2])
                row["seal_id"] = self.chance.choice([None, row["seal_id"]])
            case "seals":
                (last,) = self.sql.execute("SELECT max(id) FROM seals").fetchone()
                row["id"] = self.chance.choice([0, last + 1, last + 2])
            case _:
                row["who"] = f"{row['who']}2"
        self._insert(table, row)
        return f"insert into {table} like {self._key(table, row)}"

    def cut_tail(self) -> str:
        """The newest entries of a petition go, or the newest seals with all that they cover."""
        if self.chance.random() < 0.5:
            (petition_id,) = self.chance.sample(self.intruder.ids(), 1)
            lines = self.intruder.lines(petition_id)
            kept = self.chance.randrange(len(lines))
            values = (petition_id, kept)
            self.sql.execute("DELETE FROM entries WHERE petition_id = ? AND seq > ?", values)
            if kept and self.chance.random() < 0.5:
                values = (kept, lines[kept - 1]["at"], petition_id)
                self.sql.execute(
                    "UPDATE petitions SET length = ?, updated_at = ? WHERE id = ?", values
                )
                self.intruder.chain_anew(petition_id)
            if not kept:
                self.sql.execute("DELETE FROM petitions WHERE id = ?", [petition_id])
                self.sql.execute("DELETE FROM ties WHERE petition_id = ?", [petition_id])
            return f"cut {petition_id} after entry {kept}"
        (last,) = self.sql.execute("SELECT max(id) FROM seals").fetchone()
        kept = self.chance.randrange(last)
        self.sql.execute("DELETE FROM seals WHERE id > ?", [kept])
        if self.chance.random() < 0.5:
            self.sql.execute("UPDATE entries SET seal_id = NULL WHERE seal_id > ?", [kept])
            return f"cut the seals after {kept}, and say the entries are not sealed yet"
        self.sql.execute("DELETE FROM entries WHERE seal_id > ?", [kept])
        for petition_id in self.intruder.ids():
            if self.intruder.lines(petition_id):
                self.intruder.chain_anew(petition_id)
            else:
                self.sql.execute("DELETE FROM petitions WHERE id = ?", [petition_id])
        return f"cut the seals after {kept} with what they cover"

    def rewrite_row(self) -> str:
        """A row, or a tie, with its digest and the links that follow."""
        table = self.chance.choice(("petitions", "petitions", "ties"))
        row = self.row(table)
        column = self._column(table)
        if column in ("id", "petition_id"):
            raise NoEdit
        value = self.chance.choice(self.others(table, column, row[column]))
        self.set(table, row, {column: value})
        self.intruder.chain_anew(row["id" if table == "petitions" else "petition_id"])
        self._seal_anew()
        return f"rewrite {table}.{column}: {row[column]!r} -> {value!r}"

    def rewrite_entry(self) -> str:
        """An entry with the links that follow; its content against another's, or a column."""
        row = self.row("entries")
        if self.chance.random() < 0.4:
            other = self.row("entries")
            names = ("body", "commitment", *self.chance.choice([(), ("kind", "version")]))
            values = {name: other[name] for name in names}
        else:
            column = self.chance.choice(
                ["kind", "version", "at", "by_kind", "by_id", "by_unit", "commitment", "projected"]
            )
            values = {column: self.chance.choice(self.others("entries", column, row[column]))}
        self.set("entries", row, values)
        try:
            self.intruder.chain_anew(row["petition_id"])
        except TypeError:  # what is no digest is not chained
            raise NoEdit from None
        self._seal_anew()
        return f"rewrite {sorted(values)} of entry {self._key('entries', row)}"

    def rewrite_seal(self) -> str:
        """A seal over what it does not cover, with the digest that would be right."""
        row = self.row("entries")
        (last,) = self.sql.execute("SELECT max(id) FROM seals").fetchone()
        self.set("entries", row, {"seal_id": self.chance.randrange(1, last + 1)})
        self._seal_anew()
        return f"seal entry {self._key('entries', row)} otherwise"

    def tell_again(self) -> str:
        """What some entry said, said once more at the end of the same or another petition."""
        row = self.row("entries")
        petition_id = self.chance.choice([row["petition_id"], *self.intruder.ids()])
        like: Any = {name: row[name] for name in row}
        self.intruder.append(petition_id, like)
        return f"tell {self._key('entries', row)} again in {petition_id}"

    def _seal_anew(self) -> None:
        """What needs no key of the seals: how many entries, and the digest of their links."""
        if self.chance.random() < 0.5:
            return
        for (seal_id,) in self.sql.execute("SELECT id FROM seals").fetchall():
            query = (
                "SELECT petition_id, seq, chain FROM entries WHERE seal_id = ?"
                " ORDER BY petition_id, seq"
            )
            found = [tuple(row) for row in self.sql.execute(query, [seal_id])]
            values = (len(found), seals.digest(found), seal_id)
            self.sql.execute("UPDATE seals SET count = ?, digest = ? WHERE id = ?", values)

    # -- by the way ----------------------------------------------------------------------------

    def _table(self) -> str:
        return self.chance.choices(TABLES, (4, 4, 2, 1))[0]

    def row(self, table: str) -> dict[str, Any]:
        rows = self.sql.execute(f"SELECT * FROM {table}").fetchall()
        return dict(self.chance.choice(rows))

    def _column(self, table: str) -> str:
        (row,) = self.sql.execute(f"SELECT * FROM {table} LIMIT 1").fetchall()
        return self.chance.choice(row.keys())

    def _key(self, table: str, row: dict[str, Any]) -> list[Any]:
        return [row[name] for name in KEYS[table]]

    def _where(self, table: str, row: dict[str, Any]) -> tuple[str, list[Any]]:
        return " AND ".join(f"{name} IS ?" for name in KEYS[table]), self._key(table, row)

    def set(self, table: str, row: dict[str, Any], values: dict[str, Any]) -> None:
        where, key = self._where(table, row)
        changes = ", ".join(f"{name} = ?" for name in values)
        self.sql.execute(f"UPDATE {table} SET {changes} WHERE {where}", [*values.values(), *key])

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        holes = ", ".join("?" for _ in row)
        names = ", ".join(row)
        self.sql.execute(f"INSERT INTO {table} ({names}) VALUES ({holes})", list(row.values()))

    def others(self, table: str, column: str, value: Any) -> list[Any]:
        """Other values: near the old one, of another row, of another type, or none."""
        others = [r[0] for r in self.sql.execute(f"SELECT {column} FROM {table}").fetchall()]
        near: list[Any] = [None, "", 0, self.chance.choice(others)]
        match value:
            case int():
                near += [value + 1, value - 1, -value, value + 0.5, str(value), f"{value}x"]
                near += [str(value).encode(), value ^ 1 << self.chance.randrange(40)]
            case str():
                near += [value + " ", value[:-1], value.upper(), value.encode(), f"{value}\x00"]
            case bytes():
                flipped = bytearray(value)
                if flipped:
                    flipped[self.chance.randrange(len(flipped))] ^= 1 << self.chance.randrange(8)
                near += [bytes(flipped), bytes(flipped), value + b"\n", value[:-1], value * 2]
                near += [value.hex(), value.decode("latin-1"), b""]
        return near


def contents(file: Path) -> str:
    """All that is evidence, as it is stored, types and all."""
    with closing(sqlite3.connect(file)) as connection:
        connection.text_factory = lambda value: ("text", value)
        return repr(
            [
                connection.execute(f"SELECT * FROM {t} ORDER BY {', '.join(KEYS[t])}").fetchall()
                for t in TABLES
            ]
        )


@pytest.fixture
async def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Erased petitions, rotated keys, everything sealed; the old key is gone."""
    monkeypatch.setattr(projection, "ties_of", ties_of)
    archive = Archive(tmp_path / "data")
    async with archive.desk() as desk:
        await some_lives(archive, desk)
    archive.keys = (NEW, OLD)
    assert (await evidence.rotate(archive.settings)).changed > 7
    archive.keys = (NEW,)
    async with archive.desk() as desk:
        await some_lives(archive, desk, first=8)
    return archive


class Copies:
    """Copies of an archive, one after another, each for one edit."""

    def __init__(self, archive: Archive) -> None:
        self._whole = archive.file.read_bytes()
        self._before = contents(archive.file)
        self._copy = archive.copy(archive.folder.with_name("copy"))

    def found(self, edit: Callable[[sqlite3.Connection], object]) -> list[str] | None:
        """What is found after this edit of a fresh copy; None if it was none."""
        for beside in self._copy.folder.glob(self._copy.file.name + "*"):
            beside.unlink()
        self._copy.file.write_bytes(self._whole)
        try:
            with self._copy.sql() as connection:
                edit(connection)
        except (NoEdit, sqlite3.IntegrityError):
            return None
        return None if contents(self._copy.file) == self._before else self._copy.verify()


@pytest.mark.torture
async def test_every_random_edit_is_found(archive: Archive) -> None:
    assert archive.verify() == []
    chance, copies = random.Random(SEED), Copies(archive)
    made: list[str] = []
    unseen: list[str] = []
    while len(made) < EDITS:
        said: list[str] = []
        found = copies.found(lambda sql, said=said: said.append(Vandal(sql, chance).edit()))
        if found is not None:
            made += said
            unseen += said if not found else ()
    assert unseen == []
    kinds = Counter(edit.split()[0] for edit in made)
    assert len(kinds) == 8, kinds
    assert archive.verify() == []


@pytest.mark.torture
async def test_every_column_is_evidence(archive: Archive) -> None:
    """One row of each table, each of its columns, every near value: nothing is left out."""
    chance, copies = random.Random(SEED), Copies(archive)
    with archive.sql() as connection:
        vandal = Vandal(connection, chance)
        rows = {table: vandal.row(table) for table in TABLES}
        edits = [
            (table, column, value)
            for table, row in rows.items()
            for column in row
            for value in vandal.others(table, column, row[column])
        ]
    assert {(t, c) for t, c, _ in edits} == {(t, c.name) for t in TABLES for c in TORN[t].columns}
    if EDITS < 1_000:
        edits = chance.sample(edits, EDITS)
    for table, column, value in edits:
        row = rows[table]
        change = {column: value}
        found = copies.found(lambda sql, t=table, r=row, c=change: Vandal(sql, chance).set(t, r, c))
        assert found != [], (table, column, row[column], value)
