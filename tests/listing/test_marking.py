"""Marking: the words of a search in a text, however both are spelt."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listing.filters import words_of
from listing.folding import fold
from listing.marking import marked, spans


@pytest.mark.parametrize(
    ("text", "term", "found"),
    [
        ("Digital humans", "digital", ["Digital"]),
        ("E-Invoicing and e invoicing", "einvoicing", ["E-Invoicing", "e invoicing"]),
        ("Ｅ－Ｉｎｖｏｉｃｉｎｇ", "e-invoicing", ["Ｅ－Ｉｎｖｏｉｃｉｎｇ"]),
        ("École", "ecole", ["École"]),
        ("E\u0301cole Cafe\u0301", "cafe", ["Cafe\u0301"]),
        ("Straße", "strasse", ["Straße"]),
        ("ﬁre", "re", ["re"]),
        ("data and more data", "data more", ["data", "more", "data"]),
        ("banana", "ana", ["anana"]),
        ("新加坡·深圳", "新加坡深圳", ["新加坡·深圳"]),
        ("智慧城市", "zhihui", ["智慧"]),
        ("智慧城市", "hui cheng", ["慧城"]),
        ("智慧城市", "hih", []),
        ("5G智慧ma妈", "ma", ["ma"]),
        ("5G智慧ma妈", "mama", ["ma妈"]),
        ("", "data", []),
    ],
)
def test_spans(text, term, found):
    assert [text[start:end] for start, end in spans(text, words_of(term))] == found


def test_marked_text_is_escaped():
    assert marked("<b>A & B</b>", ["a&b"]) == "&lt;b&gt;<mark>A &amp; B</mark>&lt;/b&gt;"


def test_long_text_is_shown_whole_or_around_the_first_word():
    text = f"{'x' * 20} " * 30 + "pump" + f" {'y' * 20}" * 30
    assert marked(text, ["pump"]) == text.replace("pump", "<mark>pump</mark>")
    shown = marked(text, ["pump"], whole=False)
    assert re.fullmatch(r"…(x{20} ){2}<mark>pump</mark>( y{20}){8} …", shown)


@given(st.text(max_size=30), st.integers(0, 29), st.integers(1, 6))
def test_any_part_of_a_text_is_marked_in_it(text, start, length):
    term = fold(text[start : start + length])
    if not words_of(term):
        return
    found = spans(text, [term])
    assert all(0 <= first < last <= len(text) for first, last in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    assert re.sub(r"</?mark>", "", marked(text, [term])) == marked(text, [])
