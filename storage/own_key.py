"""How does a petition's own key seal? With AES-256-GCM, which does both of its jobs in one step.

What was sealed before there was this, as a Fernet token, is opened still.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = b"\x01"
"""What it seals begins so; a Fernet token begins with a letter."""
NONCE = 12
"""Bytes of a nonce. At random they are safe for 2**32 of them under one key (NIST SP 800-38D,
8.3); a petition has some dozens."""


class OwnKey:
    """One petition's key, as `Fernet.generate_key` makes it."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        # Of the same key, and no other's: one key is not to be used in two ways.
        self._own = HKDF(SHA256(), 32, salt=None, info=b"minsheng: a petition's content").derive(
            key
        )

    def encrypt(self, plain: bytes) -> bytes:
        """Seal."""
        nonce = os.urandom(NONCE)
        return MARK + nonce + self._cipher().encrypt(nonce, plain, None)

    def decrypt(self, sealed: bytes) -> bytes:
        """Open. Raises `InvalidToken` when it was changed, or sealed by another key."""
        if not sealed.startswith(MARK):
            return Fernet(self._key).decrypt(sealed)
        try:
            return self._cipher().decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], None)
        except (InvalidTag, ValueError) as error:
            raise InvalidToken from error

    def _cipher(self) -> AESGCM:
        """Made in a microsecond; kept, it would take 3 KB for each key that is open."""
        return AESGCM(self._own)
