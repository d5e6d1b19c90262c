"""One form of bytes for a row, whatever its types; rows of several tables walked side by side."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.record import State
from storage.canonical import canonical, stored
from storage.merging import END, Groups, order

VALUES = [None, 0, 1, -1, 0.5, 2**62, "", "0", "1", "a", "\udcff", "é", b"", b"0", b"a", b"\xff"]


def test_a_value_is_told_as_its_column_holds_it() -> None:
    assert stored(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)) == 1_000_005
    assert stored(State.REPLIED) == "replied"
    assert type(stored(State.REPLIED)) is str
    assert (stored(True), stored(None), stored(b"x")) == (1, None, b"x")
    assert type(stored(True)) is int


def test_values_that_are_not_the_same_are_not_told_the_same() -> None:
    assert len({canonical(value) for value in VALUES}) == len(VALUES)
    assert canonical({"b": b"\x01", "a": ["é", None, 1]}) == (
        b'{"a":["\\u00e9",null,1],"b":{"bytes":"01"}}'
    )


def test_what_is_no_value_of_a_column_is_an_error() -> None:
    with pytest.raises(TypeError):
        canonical(object())


def test_values_are_in_the_order_of_the_database() -> None:
    """Nothing, numbers, texts by their bytes, bytes."""
    shuffled = [b"a", "ä", "z", 10, None, 2.5, b"", "Z", -1, "\udcff"]
    wanted = [None, -1, 2.5, 10, "Z", "z", "ä", "\udcff", b"", b"a"]
    assert sorted(shuffled, key=order) == wanted


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9)))
def test_groups_are_taken_by_their_key_and_the_others_are_named(
    rows: list[int], keys: list[int]
) -> None:
    groups: Any = Groups([(key, n) for n, key in enumerate(sorted(rows))])
    taken, passed = [], []
    for key in sorted(set(keys)):
        passed += list(groups.before(key))
        taken += [row[0] for row in groups.take(key)]
    passed += list(groups.before(END))
    assert taken == sorted(row for row in rows if row in keys)
    assert passed == sorted({row for row in rows if row not in keys})
