"""How are millions of rows stored within minutes? By the database itself, its indexes made after.

A fill is an INSERT … SELECT … FROM numbers, a row for each n. What the two databases say
differently stands in it as `{hex10}` (ten hexadecimal digits that n is scrambled to), `{hex16}`,
`{five}` (the last five digits of n), `{blob}` (120 bytes), `{tenth}` (n divides by ten).
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

Fills = Mapping[str, str]
SCRAMBLED = "(n * 2654435761 % 1099511627776)"  # odd: no two are the same
SQLITE = {
    "hex10": f"printf('%010x', {SCRAMBLED})",
    "hex16": f"printf('%016x', {SCRAMBLED})",
    "five": "printf('%05d', n % 40000)",
    "blob": "zeroblob(120)",
    "tenth": "NOT (n % 10)",
}
POSTGRES = {
    "hex10": f"lpad(to_hex({SCRAMBLED}), 10, '0')",
    "hex16": f"lpad(to_hex({SCRAMBLED}), 16, '0')",
    "five": "lpad((n % 40000)::text, 5, '0')",
    "blob": "decode(repeat('00', 120), 'hex')",
    "tenth": "n % 10 = 0",
}


def sqlite(path: Path, stored: int, fills: Fills) -> None:
    """So many rows into each of these tables; a crash meanwhile would leave nothing of use."""
    numbers = (
        "WITH RECURSIVE numbers(n) AS"
        f" (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {stored}) "
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as bare:
        bare.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN")
        for name, fill in fills.items():
            made = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
            indexes = [(n, sql) for n, sql in bare.execute(made, (name,)) if sql]
            for index, _ in indexes:
                bare.execute(f"DROP INDEX {index}")
            into, _, rows = fill.format(**SQLITE).partition(" SELECT ")
            bare.execute(f"{into} {numbers} SELECT {rows}")
            for _, sql in indexes:
                bare.execute(sql)
        bare.execute("COMMIT")
        bare.execute("PRAGMA journal_mode=WAL")


async def postgres(bare: Any, stored: int, fills: Fills) -> None:
    """The same, over a connection of the bare driver."""
    numbers = f"WITH numbers AS (SELECT n FROM generate_series(1::bigint, {stored}) n) "
    for name, fill in fills.items():
        made = (
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = $1"
            " AND indexname NOT LIKE 'pk%' AND indexname NOT LIKE 'uq_petitions%'"
        )
        indexes = await bare.fetch(made, name)
        for index in indexes:
            await bare.execute(f"DROP INDEX {index['indexname']}")
        await bare.execute(numbers + fill.format(**POSTGRES))
        for index in indexes:
            await bare.execute(index["indexdef"])
        await bare.execute(f"VACUUM ANALYZE {name}")
