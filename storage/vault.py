"""How is what people entrusted to us kept unreadable at rest?

Each petition (and the draft it grows from) has a key of its own, kept in the `keys` table
wrapped by the office's keys; destroying that row erases the content for good. What belongs
to no petition yet (inbox, failures) is under the office's keys themselves. The first office
key encrypts, the others still decrypt, which is how keys are rotated.
"""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, bindparam, insert, select, update

from storage.own_key import OwnKey
from storage.prepared import Prepared
from storage.tables import keys

_MAKE = Prepared(insert(keys))
_WRAPPED = select(keys.c.wrapped).where(keys.c.id == bindparam("this"))
CACHED = 10_000
INDEX_KEY = "index"


class WrongKey(Exception):
    """The office's keys do not open this database, or are no keys at all."""


class Erased(Exception):
    """The key was destroyed; what it protected is gone."""


class Vault:
    """Seals and opens bytes under a petition's key, or the office's when `key_id` is None."""

    def __init__(self, office_keys: Sequence[str]) -> None:
        try:
            office = [Fernet(key.strip()) for key in office_keys]
            self._office = MultiFernet(office)
        except ValueError as error:
            raise WrongKey("a field key is 32 bytes in URL-safe base64") from error
        self._first = office[0]
        self._opened: OrderedDict[str, OwnKey] = OrderedDict()
        self._destroyed: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()  # the writer and the readers share both
        self._index: bytes | None = None

    def new_key(self, connection: Connection) -> str:
        """Make a key for one petition and return its id."""
        key_id = secrets.token_hex(8)
        self._make(connection, key_id)
        return key_id

    def destroy(self, connection: Connection, key_id: str, now: datetime) -> None:
        """Erase for good what this key protects, once the unit is committed.

        Another process that has the key open forgets it when it ends, or with `forget`.
        """
        gone = {"wrapped": None, "destroyed_at": now}
        connection.execute(update(keys).where(keys.c.id == key_id).values(gone))
        with self._lock:
            self._opened.pop(key_id, None)
            self._destroyed[key_id] = None
            _shorten(self._destroyed)

    def forget(self) -> None:
        """Have every petition's key read anew: some may have been destroyed elsewhere."""
        with self._lock:
            self._opened.clear()

    def seal(self, connection: Connection, key_id: str | None, plain: bytes) -> bytes:
        """Encrypt. Raises `Erased` when the key was destroyed."""
        return self._cipher(connection, key_id).encrypt(plain)

    def open(self, connection: Connection, key_id: str | None, sealed: bytes) -> bytes:
        """Decrypt. Raises `Erased`, or `WrongKey` when the bytes are not of this key."""
        try:
            return self._cipher(connection, key_id).decrypt(sealed)
        except InvalidToken as error:
            raise WrongKey("sealed under another key, or changed since") from error

    def renew(self, sealed: bytes) -> bytes | None:
        """What an office key sealed, under the first of them; None when it is so already.

        Raises `WrongKey`.
        """
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            try:
                return self._office.rotate(sealed)
            except InvalidToken as error:
                raise WrongKey("sealed under none of the keys, or changed since") from error
        return None

    def digest(self, connection: Connection, *parts: str) -> str:
        """A keyed digest for look-ups; the same for ever, whichever office key is first."""
        if self._index is None:
            self._index = self._key(connection, INDEX_KEY)
        message = "\x00".join(parts).encode()
        return hmac.new(self._index, message, hashlib.sha256).hexdigest()

    def check(self, connection: Connection) -> None:
        """Make the database's own key, or see that ours opens it. Raises `WrongKey`."""
        known = connection.execute(select(keys.c.id).where(keys.c.id == INDEX_KEY)).first()
        if known is None:
            self._make(connection, INDEX_KEY)
        self.try_keys(connection)

    def try_keys(self, connection: Connection) -> None:
        """See that ours opens the database's own key. Raises `WrongKey`."""
        try:
            self._key(connection, INDEX_KEY)
        except (InvalidToken, Erased) as error:
            raise WrongKey("none of the keys opens this database") from error

    def _make(self, connection: Connection, key_id: str) -> None:
        wrapped = self._office.encrypt(Fernet.generate_key())
        _MAKE.run(connection, {"id": key_id, "wrapped": wrapped})

    def _cipher(self, connection: Connection, key_id: str | None) -> OwnKey | MultiFernet:
        if key_id is None:
            return self._office
        with self._lock:
            if key_id in self._opened:
                self._opened.move_to_end(key_id)
                return self._opened[key_id]
        cipher = OwnKey(self._key(connection, key_id))
        with self._lock:
            # A reader can still see a key whose destruction is not committed yet.
            if key_id not in self._destroyed:
                self._opened[key_id] = cipher
                _shorten(self._opened)
        return cipher

    def _key(self, connection: Connection, key_id: str) -> bytes:
        wrapped = connection.scalar(_WRAPPED, {"this": key_id})
        if wrapped is None:
            raise Erased(key_id)
        if not isinstance(wrapped, bytes):
            raise WrongKey("no wrapped key")
        return self._office.decrypt(wrapped)


def _shorten(cache: OrderedDict[str, Any]) -> None:
    """Let go of what was used the longest ago."""
    while len(cache) > CACHED:
        cache.popitem(last=False)
