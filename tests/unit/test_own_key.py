"""What a petition's own key seals, nothing else opens, and not when a bit of it was changed."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from storage.own_key import OwnKey

KEY, OTHER = Fernet.generate_key(), Fernet.generate_key()


@given(st.binary(max_size=3000))
def test_it_opens_what_it_sealed(plain: bytes) -> None:
    sealed = OwnKey(KEY).encrypt(plain)
    assert OwnKey(KEY).decrypt(sealed) == plain
    assert len(sealed) == len(plain) + 29
    assert sealed != OwnKey(KEY).encrypt(plain)  # whoever has both learns not that they are one


@given(st.binary(max_size=300))
def test_it_opens_what_was_sealed_before_there_was_this(plain: bytes) -> None:
    assert OwnKey(KEY).decrypt(Fernet(KEY).encrypt(plain)) == plain


@given(st.binary(max_size=40), st.data())
def test_one_bit_of_another_and_nothing_is_opened(plain: bytes, data: st.DataObject) -> None:
    sealed = OwnKey(KEY).encrypt(plain)
    bit = data.draw(st.integers(0, 8 * len(sealed) - 1))
    changed = bytearray(sealed)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(InvalidToken):
        OwnKey(KEY).decrypt(bytes(changed))


@given(st.data())
def test_part_of_it_is_nothing(data: st.DataObject) -> None:
    sealed = OwnKey(KEY).encrypt(b"content")
    with pytest.raises(InvalidToken):
        OwnKey(KEY).decrypt(sealed[: data.draw(st.integers(0, len(sealed) - 1))])


def test_another_key_opens_nothing() -> None:
    with pytest.raises(InvalidToken):
        OwnKey(OTHER).decrypt(OwnKey(KEY).encrypt(b"content"))
    with pytest.raises(InvalidToken):
        OwnKey(OTHER).decrypt(Fernet(KEY).encrypt(b"content"))
