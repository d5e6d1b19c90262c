"""Is the key that seals the record there, is it the one, and does its log agree?"""

from collections.abc import Iterator
from pathlib import Path

from bot.doctor.finding import Finding, care, note, or_well
from storage import sealkeys, seals, tallying
from storage.sealkeys import SealKeyError
from storage.seallog import BadLog, SealLog
from storage.seals import Mark
from storage.unit import Unit

SEAL = "seal key"
OTHERS = 0o077
VERIFY = "minsheng verify tells what is missing; see evidence.md"


def logged(key_file: Path) -> Mark | BadLog:
    """The last seal that the log names. Read before the database: then it is never ahead of it."""
    try:
        return SealLog.beside(key_file).last()
    except BadLog as error:
        return error


def sealed(unit: Unit, key_file: Path, log: Mark | BadLog) -> Iterator[Finding]:
    """The key beside what was sealed with it."""
    newest = seals.newest(unit)
    try:
        there = sealkeys.exists(key_file)
        public = sealkeys.load(key_file).public_key() if there else None
    except SealKeyError as error:
        yield care(SEAL, str(error), "put the key back from where it is kept apart")
        return
    if public is None:
        yield _missing(key_file, newest)
        return
    found = [*_kept(key_file)]
    if not tallying.newest_holds(unit, [public]):
        says = f"the last seal was not made with {key_file}"
        found.append(care(SEAL, says, "put the right key back, then: minsheng verify"))
    found += _agrees(newest, log)
    yield from or_well(found, SEAL, f"{key_file} is there, and the last seal is its own")


def _missing(key_file: Path, newest: Mark) -> Finding:
    if newest.id:
        says = f"{key_file} is not there, and {newest.id} seals were made with it"
        return care(SEAL, says, "put it back, or the bot will not start: run-with-a-token.md, Keys")
    return note(SEAL, f"{key_file} is not there yet: the first start makes it")


def _kept(key_file: Path) -> Iterator[Finding]:
    if key_file.stat().st_mode & OTHERS:
        yield care(SEAL, f"others can read {key_file}", f"chmod 600 {key_file}")


def _agrees(newest: Mark, log: Mark | BadLog) -> Iterator[Finding]:
    if isinstance(log, BadLog):
        yield care(SEAL, f"the log of seals: {log}", "nothing is sealed until it can be read")
    elif log.id > newest.id:
        says = f"the log names seal {log.id}, the database's last is {newest.id}"
        yield care(SEAL, says, f"entries were cut off, or an older copy put back: {VERIFY}")
    elif log.id == newest.id and log.signature != newest.signature:
        yield care(SEAL, f"seal {log.id} is another in the log than in the database", VERIFY)
    elif newest.id and not log.id:
        yield care(SEAL, "the log of seals is empty", "put seals.log back beside the key")
