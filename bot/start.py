"""How does the command begin? By importing everything with the garbage collector at rest."""

from bot.collector import collector_at_rest


def main() -> None:
    """The console command `minsheng`."""
    with collector_at_rest():
        from bot.cli import main as run
    run()
