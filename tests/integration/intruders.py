"""Somebody who has the database, knows how it is made, and has none of the keys."""

import sqlite3
from typing import Any

from storage import chain, projection


class Intruder:
    """Rewrites a database together with every digest that needs no key."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        self.sql = connection

    def ids(self, where: str = "1") -> list[str]:
        query = f"SELECT id FROM petitions WHERE {where} ORDER BY id"
        return [row["id"] for row in self.sql.execute(query)]

    def projected(self, petition_id: str) -> bytes:
        row = self.sql.execute("SELECT * FROM petitions WHERE id = ?", [petition_id]).fetchone()
        ties = self.sql.execute("SELECT kind, who FROM ties WHERE petition_id = ?", [petition_id])
        spans = self.sql.execute(
            "SELECT * FROM spans WHERE petition_id = ? ORDER BY n", [petition_id]
        )
        return projection.digest(dict(row), [tuple(tie) for tie in ties], map(dict, spans))

    def lines(self, petition_id: str) -> list[sqlite3.Row]:
        query = "SELECT * FROM entries WHERE petition_id = ? ORDER BY seq"
        return self.sql.execute(query, [petition_id]).fetchall()

    def chain_anew(self, petition_id: str) -> None:
        """Make row, last digest and every link agree."""
        lines = self.lines(petition_id)
        last = (self.projected(petition_id), petition_id, lines[-1]["seq"])
        self.sql.execute("UPDATE entries SET projected = ? WHERE petition_id = ? AND seq = ?", last)
        before = chain.NOTHING
        for line in self.lines(petition_id):
            before = chain.link(before, line["commitment"], dict(line), line["projected"])
            self.sql.execute(
                "UPDATE entries SET chain = ? WHERE petition_id = ? AND seq = ?",
                (before, petition_id, line["seq"]),
            )

    def append(self, petition_id: str, like: sqlite3.Row, **more: Any) -> None:
        """One more entry with a content that was sealed for another place."""
        lines = self.lines(petition_id)
        made = {**dict(like), "petition_id": petition_id, "seq": lines[-1]["seq"] + 1, **more}
        made["seal_id"] = None
        names = ", ".join(made)
        holes = ", ".join(f":{name}" for name in made)
        self.sql.execute(f"INSERT INTO entries ({names}) VALUES ({holes})", made)
        values = (made["seq"], made["seq"], made["at"], petition_id)
        self.sql.execute(
            "UPDATE petitions SET length = ?, version = ?, updated_at = ? WHERE id = ?", values
        )
        self.chain_anew(petition_id)
