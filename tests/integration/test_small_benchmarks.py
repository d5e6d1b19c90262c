"""The benchmarks, so small that they say nothing but that they still run."""

import pytest

from benchmarks import digest, intake, lookup, startup
from benchmarks.table import Line

FIGURES = ("ours", "peer", "floor")


def names(lines: list[Line]) -> list[str]:
    return [line.name for line in lines]


async def test_intake() -> None:
    """With counts of what was filed, and inbox and outbox empty: the benchmark sees to it."""
    lines = await intake.run(people=((3, 1, 2),))
    assert names(lines) == [f"SQLite, 3 at once: {what}" for what in ("rate", "p50", "p99")]
    assert all(getattr(line, figure) > 0 for line in lines for figure in FIGURES)


@pytest.mark.usefixtures("postgres")  # where there is none, there is one line less
async def test_lookup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "KNOWN", 100)
    lines = await lookup.run(sizes=(1_000, 2_000), rounds=1)
    assert {line.name.partition(":")[0] for line in lines} == {"SQLite", "PostgreSQL"}
    assert all(line.ours > 0 for line in lines)


@pytest.mark.usefixtures("postgres")
async def test_digest() -> None:
    """That the peer counts the same, the benchmark sees to."""
    lines = await digest.run(full=400, sample=200)
    assert len({line.name for line in lines}) == 4
    assert len([line for line in lines if line.peer is not None]) == 6
    assert all(line.ours >= 0 for line in lines)


async def test_startup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "REST_SECONDS", 0.0)
    lines = await startup.run(stored=1_000, rounds=1)
    assert [line.unit for line in lines] == ["s", "MB"]
    assert all(line.ours > 0 for line in lines)


async def test_intake_sees_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "PATIENCE", 0.2)
    monkeypatch.setattr(intake, "LEFT", "SELECT 1")
    with pytest.raises(TimeoutError):
        await intake.run(people=((1, 1, 1),))
