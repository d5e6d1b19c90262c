"""Where is the key that seals the record? In a file outside the database, for the owner alone.

Whoever verifies needs the public half only.
"""

import os
import re
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


class SealKeyError(Exception):
    """There is no key in the file, or it cannot be read."""


def exists(path: Path) -> bool:
    """Whether there is such a file. Raises `SealKeyError` when that cannot be seen."""
    try:
        return path.exists()
    except OSError as error:
        raise SealKeyError(f"{path}: {error.strerror}") from None


def load(path: Path) -> Ed25519PrivateKey:
    """The key. Raises `SealKeyError`."""
    try:
        key = serialization.load_pem_private_key(_read(path), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SealKeyError(f"{path}: no Ed25519 key in PEM without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SealKeyError(f"{path}: no Ed25519 key")
    return key


def load_public(path: Path) -> list[Ed25519PublicKey]:
    """The public halves in the file: one, or several where a lost key was followed by a new one.

    Raises `SealKeyError`.
    """
    try:
        found = [serialization.load_pem_public_key(pem) for pem in PEM.findall(_read(path))]
    except (ValueError, UnsupportedAlgorithm):
        raise SealKeyError(f"{path}: no public key in PEM") from None
    keys = [key for key in found if isinstance(key, Ed25519PublicKey)]
    if not keys or len(keys) != len(found):
        raise SealKeyError(f"{path}: no public Ed25519 key")
    return keys


def make(path: Path) -> Ed25519PrivateKey:
    """Make a key that only the owner of the file can read. Raises `SealKeyError`."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, private, 0o600)
    except OSError as error:
        raise SealKeyError(f"{path}: {error.strerror}") from None
    return key


def publish(path: Path, key: Ed25519PrivateKey) -> None:
    """Write the public half to a file beside the key's, if there is none yet."""
    public = path.with_suffix(".pub")
    if public.exists():
        return
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    try:
        _write(public, pem, 0o644)
    except OSError as error:
        raise SealKeyError(f"{public}: {error.strerror}") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SealKeyError(f"{path}: {error.strerror}") from None


def _write(path: Path, content: bytes, mode: int) -> None:
    """All of it or nothing, and on disk: a key half written would be a key lost."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
