"""What does a statement cost that is made often? SQLite takes a microsecond, SQLAlchemy ten.

Most of the ten go into finding out anew how the statement is written and how its values are
passed. So those that every update makes are prepared: that is found out once for each database,
and its own driver is given the values. With PostgreSQL it saves half of what asking costs here.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.util import await_only

Process = Callable[[Any], Any]
"""Makes the value of a column of what the driver has, or the other way."""


class Prepared:
    """A statement whose values have names: those of its parameters, or of an INSERT's columns."""

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._written: dict[tuple[str, ...], _Written] = {}  # by the names it is given

    def run(self, connection: Connection, values: Mapping[str, Any] | None = None) -> Any:
        """What SQLAlchemy's `execute` gives, or as much of it as `Found` has.

        Raises the errors of the database's driver as they are.
        """
        values = values or {}
        names = (connection.dialect.name, *values)
        written = self._written.get(names)
        if written is None:
            made = _Written(self.statement, connection.dialect, tuple(values))
            written = self._written[names] = made
        ask = _ask_sqlite if names[0] == "sqlite" else _ask_postgres
        return written.found(*ask(connection.connection.driver_connection, written, values))


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
    """A statement as a database's driver takes it, for values of these names."""

    def __init__(self, statement: Any, dialect: Dialect, names: tuple[str, ...]) -> None:
        made: Any = statement.compile(dialect=dialect, column_keys=names)
        own: Sequence[Any] = statement.exported_columns if made.effective_returning else ()
        columns = own or getattr(statement, "selected_columns", ())
        self.sql: str = made.string
        self._fixed = {n: value for n, value in made.params.items() if n not in names}
        self._names: list[str] = made.positiontup
        self._in = _only(_into(made.binds[name].type, dialect) for name in self._names)
        self._out = _only(_out_of(column.type, dialect) for column in columns)
        # As its `_make`, without a call of Python's: the columns are as many as were asked for.
        self._row: Any = partial(tuple.__new__, _row_of(columns)) if columns else None
        # By such a name one database would give one column, the other another.
        twice = len({column.key for column in columns}) < len(list(columns))
        lacking = any(made.binds[name].required for name in self._fixed)
        anew = made.insert_prefetch or made.update_prefetch or made.post_compile_params
        if twice or lacking or anew:
            raise TypeError(f"{self.sql} cannot be prepared for {names}")

    def passed(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order in which the statement names them."""
        given = {**self._fixed, **values} if self._fixed else values
        passed = [given[name] for name in self._names]
        for at, into in self._in:
            passed[at] = into(passed[at])
        return passed

    @property
    def has_rows(self) -> bool:
        """Whether it finds rows, or only changes some."""
        return self._row is not None

    def found(self, rows: Sequence[Any], rowcount: int) -> Found:
        """What came of it."""
        if self._row is None:
            return Found([], rowcount)
        if not self._out:
            return Found([*map(self._row, rows)], rowcount)
        made = []
        for row in rows:
            values = [*row]
            for at, out_of in self._out:
                values[at] = out_of(values[at])
            made.append(self._row(values))
        return Found(made, rowcount)


def _ask_sqlite(driver: Any, written: _Written, values: Mapping[str, Any]) -> tuple[list[Any], int]:
    cursor = driver.execute(written.sql, written.passed(values))
    return (cursor.fetchall() if written.has_rows else []), cursor.rowcount


def _ask_postgres(
    driver: Any, written: _Written, values: Mapping[str, Any]
) -> tuple[list[Any], int]:
    passed = written.passed(values)
    if written.has_rows:
        rows = await_only(driver.fetch(written.sql, *passed))
        return rows, len(rows)
    changed = await_only(driver.execute(written.sql, *passed))  # such as UPDATE 1, INSERT 0 1
    return [], int(changed.rpartition(" ")[2])


def _row_of(columns: Sequence[Any]) -> Any:
    """A row's class; a column without a name has that of its place."""
    return namedtuple("Row", [str(column.key) for column in columns], rename=True)


def _only(kinds: Iterable[Process | None]) -> list[tuple[int, Process]]:
    """The places whose values are made into others, and how."""
    return [(at, process) for at, process in enumerate(kinds) if process is not None]


def _into(kind: Any, dialect: Dialect) -> Process | None:
    found: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _out_of(kind: Any, dialect: Dialect) -> Process | None:
    found: Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found
