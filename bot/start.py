"""How does the command begin? By importing everything with the garbage collector at rest."""

import sys

from bot.collector import collector_at_rest


def main() -> None:
    """The console command `minsheng`."""
    with collector_at_rest():
        _import_structlog()
        from bot.cli import main as run
    run()


def _import_structlog() -> None:
    """Import it without rich, which only makes its tracebacks pretty: ours are places alone.

    A worker holds four megabytes less, and starts a twentieth of a second sooner.
    """
    sys.modules["rich"] = None  # type: ignore[assignment]  # as Python's docs say: not to be found
    import structlog  # noqa: F401

    del sys.modules["rich"]
