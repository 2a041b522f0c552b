"""Cells never run as formulas, and the guard takes nothing away: every text comes back."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listing.guard import guard, unguard

SIGNS = ("=", "+", "-", "@", "\t", "\r")
SHORT = ["".join(letters) for length in range(5) for letters in product("'=+a\t", repeat=length)]


def test_guard_every_short_text_comes_back():
    assert len(SHORT) == 781
    assert [unguard(guard(text)) for text in SHORT] == SHORT


def test_guard_no_short_text_begins_with_a_sign():
    assert [text for text in SHORT if guard(text).startswith(SIGNS)] == []


@given(st.text(st.sampled_from("'=+-@\t\ra深 ")) | st.text())
def test_guard_any_text_comes_back_and_is_safe(text):
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(SIGNS)


@given(st.text(st.sampled_from("'=+-@\t\ra深 ")) | st.text())
def test_unguard_what_a_person_typed_stays_what_it_is(text):
    assert guard(unguard(text)) in (text, guard(text))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=SUM(A1:A9)", "'=SUM(A1:A9)"),
        ("'=1", "''=1"),
        ("+65 6123 4567", "'+65 6123 4567"),
        ("-5", "'-5"),
        ("@name", "'@name"),
        ("\tindented", "'\tindented"),
        ("\r\nnext line", "'\r\nnext line"),
        ("'quoted'", "'quoted'"),
        ("a=1", "a=1"),
        ("深圳", "深圳"),
        ("", ""),
    ],
)
def test_guard_one_apostrophe_before_what_would_run(text, cell):
    assert guard(text) == cell
    assert unguard(cell) == text
