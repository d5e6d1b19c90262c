"""Names of a petition: what is made is read back, and what is mistyped is noticed."""

import json
import random
import secrets
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions import numbers
from petitions.numbers import BadCode, BadNumber, WrongCheckDigit

DAY = date(2026, 11, 22)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

regions = st.from_regex(r"[1-9][0-9]{5}", fullmatch=True)
made = st.builds(
    numbers.make, regions, st.dates(date(2000, 1, 1)), st.integers(min_value=1, max_value=9_999_999)
)


def check_digit(body: str) -> str:
    """ISO 7064 MOD 11,10 as the standard describes it: a product carried from digit to digit."""
    product = 10
    for digit in body:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def test_the_shape() -> None:
    assert numbers.make("330100", DAY, 1) == "33010020261122000011"
    assert numbers.show("33010020261122000011") == "330100-20261122-00001-1"
    assert numbers.make("330100", DAY, 9_999_999)[14:-1] == "9999999"


@given(made)
def test_the_check_digit_is_the_standard_s(number: str) -> None:
    assert number[-1] == check_digit(number[:-1])


@given(
    made, st.sampled_from(["", "编号：", "查 ", "my number is ", "№"]), st.sampled_from(" -—　－")
)
def test_what_is_made_is_read_back(number: str, word: str, between: str) -> None:
    typed = word + numbers.show(number).replace("-", between) + " 谢谢。"
    assert numbers.read(number) == number
    assert numbers.read(typed) == number
    assert numbers.read(typed.translate(FULL_WIDTH)) == number
    assert numbers.show(numbers.read(typed)).replace("-", "") == number


@given(made, st.data())
def test_any_wrong_digit_is_noticed(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    # Zero in front of a long serial is no number at all; anything else is a wrong check digit.
    with pytest.raises(BadNumber) as caught:
        numbers.read(number[:place] + digit + number[place + 1 :])
    long_serial = place == 14 and len(number) > 20 and digit == "0"
    assert isinstance(caught.value, WrongCheckDigit) is not long_serial


def test_nearly_every_swap_is_noticed() -> None:
    draw = random.Random(7)
    swaps = missed = 0
    for serial in range(1, 600):
        number = numbers.make(str(draw.randrange(110000, 660000)), DAY, serial)
        for i in range(len(number) - 1):
            if number[i] == number[i + 1]:
                continue
            swaps += 1
            swapped = number[:i] + number[i + 1] + number[i] + number[i + 2 :]
            with suppress(BadNumber):
                missed += numbers.read(swapped) != number
    assert missed / swaps < 0.03


def test_a_swap_of_09_is_noticed_where_luhn_would_not() -> None:
    number = numbers.make("330109", DAY, 1)
    with pytest.raises(WrongCheckDigit):
        numbers.read(number.replace("330109", "330190"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "你好",
        "12345",
        "3301002026112200001",  # a digit is missing
        "330100-20261122-00001-1 330100-20261122-00001-1",
        "330100a20261122000011",
        "33010020261122000011" + "0" * 5,
    ],
)
def test_no_number(text: str) -> None:
    with pytest.raises(BadNumber) as caught:
        numbers.read(text)
    assert not isinstance(caught.value, WrongCheckDigit)


def test_a_day_that_is_none() -> None:
    body = "3301002026023000001"
    with pytest.raises(BadNumber, match="day"):
        numbers.read(body + check_digit(body))


@pytest.mark.parametrize(
    ("region", "serial"),
    [
        ("33010", 1),
        ("3301000", 1),
        ("33010x", 1),
        ("３３０１００", 1),
        ("330100", 0),
        ("330100", -1),
        ("330100", 10**7),
    ],
)
def test_what_cannot_be_numbered(region: str, serial: int) -> None:
    with pytest.raises(ValueError, match="no tracking number"):
        numbers.make(region, DAY, serial)


@given(st.integers(0, 2**32))
def test_a_code_is_read_back_as_typed(seed: int) -> None:
    code = numbers.query_code(random.Random(seed).randrange)
    assert not set(code) & set("01258BDGILOQSUVZ")
    bare = code.replace("-", "")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in bare)
    for typed in (
        code,
        bare.lower(),
        f"{bare[:4]} {bare[4:]}",
        wide,
        f"查询码：{code}。",
        f"code: {code}",
    ):
        assert numbers.read_code(typed) == code


def test_codes_use_the_whole_alphabet() -> None:
    drawn = {c for _ in range(300) for c in numbers.query_code(secrets.randbelow)} - {"-"}
    assert len(drawn) == 20


@pytest.mark.parametrize("text", ["", "ACEF-HJK", "ACEF-HJKMN", "ACEF-HJK0", "ACEFHJKM ACEFHJKM."])
def test_no_code(text: str) -> None:
    with pytest.raises(BadCode):
        numbers.read_code(text)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
submissions = st.dictionaries(st.text(), values, max_size=5)


@given(submissions, submissions, st.binary(min_size=16, max_size=16))
def test_a_receipt_stands_for_what_was_submitted(
    one: dict[str, object], other: dict[str, object], salt: bytes
) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert numbers.same_receipt(numbers.receipt(one, salt), numbers.receipt(other, salt)) is same
    backwards = dict(reversed(one.items()))
    assert numbers.receipt(backwards, salt) == numbers.receipt(one, salt)
    assert numbers.receipt(one, salt + b"x") != numbers.receipt(one, salt)


def test_a_receipt_never_changes() -> None:
    kept = numbers.receipt({"title": "路灯不亮", "files": ["a", "b"]}, b"salt")
    assert kept == "Q56Z-N7BV-7694-PTRN-JZPM"


def test_half_a_surrogate_pair_has_a_receipt() -> None:
    assert len(numbers.receipt({"title": "\ud83d"}, b"salt")) == 24


@pytest.mark.parametrize("value", [{1, 2}, DAY, float("nan")])
def test_what_has_no_canonical_form_has_no_receipt(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        numbers.receipt({"x": value}, b"salt")


@given(submissions)
def test_a_receipt_may_be_copied_by_hand(submitted: dict[str, object]) -> None:
    kept = numbers.receipt(submitted, b"salt")
    sloppy = kept.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert numbers.same_receipt(kept, sloppy)
    assert numbers.same_receipt(f"凭证 {kept}", kept.replace("1", "I"))
    other = kept[:-1] + ("A" if kept[-1] != "A" else "C")
    assert not numbers.same_receipt(kept, other)
    assert not numbers.same_receipt(kept, kept[:-1])


def test_nothing_is_not_a_receipt() -> None:
    assert not numbers.same_receipt("", "")
