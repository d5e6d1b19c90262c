"""Which tables are there?

`LargeBinary` columns are encrypted (see `storage.vault`); the plain ones hold the messenger's ids,
choices from fixed lists, times and states: nothing a person typed.
Columns named `*_at` are moments of the office's movable clock; `hold_until` is real time in
seconds, because leases must not follow a clock that jumps.
"""

from storage.tables.base import collate, metadata
from storage.tables.people import bind_codes, groups, leavers, people
from storage.tables.record import entries, files, keys, petitions, seals, serials, spans, ties
from storage.tables.schema import schema
from storage.tables.sending import due, outbox, pace, posts
from storage.tables.talk import conversations, drafts, inbox, throttle
from storage.tables.upkeep import backups

collate()

__all__ = [
    "backups",
    "bind_codes",
    "conversations",
    "drafts",
    "due",
    "entries",
    "files",
    "groups",
    "inbox",
    "keys",
    "leavers",
    "metadata",
    "outbox",
    "pace",
    "people",
    "petitions",
    "posts",
    "schema",
    "seals",
    "serials",
    "spans",
    "throttle",
    "ties",
]
