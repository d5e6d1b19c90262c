"""How is a benchmark run? ``python -m benchmarks NAME… [--json]``; without a name, which are there.

A benchmark is a module of this package with `async def run() -> list[Line]`.
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
    given = parser.parse_args()
    if not given.names:
        sys.stdout.write("\n".join(names()) + "\n")
    for name in given.names:
        lines = asyncio.run(import_module(f"benchmarks.{name}").run())
        sys.stdout.write(printed(lines, as_json=given.json) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
