"""Does the database's server keep what it says it keeps, and does it take what is written?

For PostgreSQL; what SQLite promises, the program itself sets.
"""

from collections.abc import Iterator

from bot.doctor.finding import Finding, care, note, or_well
from storage.unit import Unit

SERVER = "server"
NEEDED = ("fsync", "full_page_writes", "synchronous_commit")
FULL = 0.8
"""Share of the connections: the rest is left for whoever has to look."""


def keeps(unit: Unit) -> Iterator[Finding]:
    """Its settings, its standby, its connections."""
    version = _ask(unit, "SHOW server_version")
    yield from or_well(_server(unit), SERVER, f"PostgreSQL {version} keeps what it acknowledges")


def _server(unit: Unit) -> Iterator[Finding]:
    if _ask(unit, "SELECT pg_is_in_recovery()"):
        says = "DATABASE_URL leads to a standby, which takes nothing"
        yield care(SERVER, says, "name all hosts, with ?target_session_attrs=read-write")
        return
    for name in NEEDED:
        if _ask(unit, f"SHOW {name}") == "off":
            says = f"{name} is off: a power cut would take back what was acknowledged"
            yield care(SERVER, says, f"ALTER SYSTEM SET {name} = on; the bot does not start so")
    yield from _standby(unit)
    used = int(_ask(unit, "SELECT count(*) FROM pg_stat_activity"))
    most = int(_ask(unit, "SHOW max_connections"))
    if used > FULL * most:
        says = f"{used} of {most} connections are in use"
        yield care(SERVER, says, "raise max_connections: a worker wants 15")


def _standby(unit: Unit) -> Iterator[Finding]:
    if not _ask(unit, "SHOW synchronous_standby_names"):
        says = "one server alone keeps it: with its disk goes what no copy has"
        yield note(SERVER, says, "a synchronous standby keeps it too: fail-over.md")
    elif _ask(unit, "SHOW synchronous_commit") == "local":
        says = "synchronous_commit is local: the standby may lack what was acknowledged"
        yield care(SERVER, says, "ALTER SYSTEM SET synchronous_commit = on")
    elif not int(_ask(unit, "SELECT count(*) FROM pg_stat_replication")):
        says = "no standby is connected: every commit waits for one"
        yield care(SERVER, says, "start the standby, or do without it for now: fail-over.md")


def _ask(unit: Unit, query: str) -> str:
    found = unit.connection.exec_driver_sql(query).scalar()
    return "" if found is None or found is False else str(found).removesuffix("\n")
