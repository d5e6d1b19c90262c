"""Commands of `minsheng` in processes that are killed -9 just before their Nth statement.

One process imports the program, and forks another whenever it is asked; it answers with how that
one ended.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


class Falling:
    """Starts commands and has them fall."""

    def __init__(self) -> None:
        root = str(Path(__file__).parents[2])
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            env={"PYTHONPATH": root},
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, env: Mapping[str, str], statement: int, *arguments: str) -> int:
        """Fall before this statement, from 1; -9, or what the command ends with before it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"env": dict(env), "statement": statement, "arguments": arguments}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


def _serve() -> None:
    import alembic.command  # noqa: F401 - imported once, for all of them

    import bot.cli
    import storage.postgres  # noqa: F401

    while line := sys.stdin.readline():
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _fall_at(asked["statement"])
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.environ.clear()
            os.environ.update(asked["env"])
            sys.argv = ["minsheng", *asked["arguments"]]
            code: object = 1
            try:
                bot.cli.main()
                code = 0
            except SystemExit as end:
                code = end.code or 0
            finally:
                os._exit(code if isinstance(code, int) else 1)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _fall_at(last: int) -> None:
    """Count what is sent to the database, commits too; SQLite's are statements like others."""
    from sqlalchemy import Engine, event

    seen = 0

    def count(*_: object, **__: object) -> None:
        nonlocal seen
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)


if __name__ == "__main__":
    _serve()
