"""What does a statement cost that is made often? SQLite takes a microsecond, SQLAlchemy ten.

Most of the ten go into finding out anew how the statement is written and how its values are
passed. So those that every update makes are prepared: for SQLite that is found out once, and its
own driver is given the values. PostgreSQL, which is a network away, is asked as ever.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.engine import Dialect

Process = Callable[[Any], Any]
"""Makes the value of a column of what the driver has, or the other way."""


class Prepared:
    """A statement whose values have names: those of its parameters, or of an INSERT's columns."""

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._written: dict[tuple[str, ...], _Written] = {}

    def run(self, connection: Connection, values: Mapping[str, Any] | None = None) -> Any:
        """What SQLAlchemy's `execute` gives, or as much of it as `Found` has.

        Raises the errors of SQLite's driver as they are, which quote no value.
        """
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, values)
        values = values or {}
        names = tuple(values)
        written = self._written.get(names)
        if written is None:
            written = self._written[names] = _Written(self.statement, connection.dialect, names)
        raw: Any = connection.connection.driver_connection
        return written.found(raw.execute(written.sql, written.passed(values)))


class Found:
    """What a statement found, read to its end: it leaves nothing open that a commit waits for."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    def first(self) -> Any:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:
        """The first value of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def scalars(self) -> list[Any]:
        """The first value of every row."""
        return [row[0] for row in self._rows]


class _Written:
    """A statement as SQLite's driver takes it, for values of these names."""

    def __init__(self, statement: Any, dialect: Dialect, names: tuple[str, ...]) -> None:
        made: Any = statement.compile(dialect=dialect, column_keys=names)
        own: Sequence[Any] = statement.exported_columns if made.effective_returning else ()
        columns = own or getattr(statement, "selected_columns", ())
        self.sql: str = made.string
        self._fixed = {n: value for n, value in made.params.items() if n not in names}
        self._in = [(n, _into(made.binds[n].type, dialect)) for n in made.positiontup]
        self._out = [_out_of(column.type, dialect) for column in columns]
        self._row: Any = _row_of(columns) if columns else None
        # By such a name one database would give one column, the other another.
        twice = len({column.key for column in columns}) < len(list(columns))
        lacking = any(made.binds[name].required for name in self._fixed)
        anew = made.insert_prefetch or made.update_prefetch or made.post_compile_params
        if twice or lacking or anew:
            raise TypeError(f"{self.sql} cannot be prepared for {names}")

    def passed(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order in which the statement names them."""
        given = {**self._fixed, **values} if self._fixed else values
        return [given[n] if into is None else into(given[n]) for n, into in self._in]

    def found(self, cursor: Any) -> Found:
        """What came of it."""
        if self._row is None:
            return Found([], cursor.rowcount)
        make, out = self._row._make, self._out
        rows = [
            make(v if of is None else of(v) for v, of in zip(row, out, strict=True))
            for row in cursor.fetchall()
        ]
        return Found(rows, cursor.rowcount)


def _row_of(columns: Sequence[Any]) -> Any:
    """A row's class; a column without a name has that of its place."""
    return namedtuple("Row", [str(column.key) for column in columns], rename=True)


def _into(kind: Any, dialect: Dialect) -> Process | None:
    found: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _out_of(kind: Any, dialect: Dialect) -> Process | None:
    found: Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found
