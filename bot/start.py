"""How does the command begin? By importing everything with the garbage collector at rest.

aiogram makes some hundred thousand objects while it is imported, and the collector would walk
them again and again; at rest until then, and the objects frozen after, a start takes a
quarter less time.
"""

import gc


def main() -> None:
    """The console command `minsheng`."""
    gc.disable()
    from bot.cli import main as run

    gc.freeze()
    gc.enable()
    run()
