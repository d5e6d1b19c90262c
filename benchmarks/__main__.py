"""How is a benchmark run? ``python -m benchmarks NAME… [--json]``; without a name, which are there.

A benchmark is a module of this package with `async def run() -> list[Line]`; where there is also
`full`, ``--full`` takes the largest numbers, and where there is `on_postgres`, ``--postgres`` runs
that: the others take both databases each time. What a benchmark has not, is run as it is.
"""

import argparse
import asyncio
import pkgutil
import sys
from importlib import import_module

import benchmarks
from benchmarks.table import printed

HELPERS = ("bulk", "filing", "table", "worlds")


def names() -> list[str]:
    """The benchmarks there are."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return [name for name in found if name not in HELPERS and not name.startswith("_")]


def main() -> None:
    """Run the named ones, one after the other."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("names", nargs="*", choices=[*names(), []], metavar="NAME")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--full", dest="how", action="store_const", const="full", default="run")
    parser.add_argument("--postgres", dest="how", action="store_const", const="on_postgres")
    given = parser.parse_args()
    if not given.names:
        sys.stdout.write("\n".join(names()) + "\n")
    for name in given.names:
        module = import_module(f"benchmarks.{name}")
        lines = asyncio.run(getattr(module, given.how, module.run)())
        sys.stdout.write(printed(lines, as_json=given.json) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
