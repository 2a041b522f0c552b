"""How alike two names are: what is folded away, what is not, and that no text breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.likeness import LEAST, keys, likely_pairs, most_alike, percent

TEXT = st.text(max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Keppel", "Keppel Pte. Ltd."),
        ("Keppel", "THE KEPPEL PRIVATE LIMITED"),
        ("Rajah & Tann Singapore LLP", "Rajah and Tann Singapore"),
        ("华为", "华为（集团）股份有限公司"),
        ("华为", "华为有限责任公司"),
        ("立杰", "立杰私人有限公司"),
        ("中山大学·深圳", "中山大学深圳"),
        ("Tan Kian Heong", "Kian Heong Tan"),
        ("Qin Wei Zhong", "Qin Weizhong"),
        ("Shenzhen Municipal People’s Government", "Shenzhen Municipal People's Government"),
        ("École", "ecole"),
    ],
)
def test_forms_signs_and_order_do_not_matter(one, other):
    assert percent(one, other) == 100


@pytest.mark.parametrize(
    ("one", "other"), [("Keppel", "Kepel"), ("Tencent", "Tencnet"), ("Crimson Logic", "CrimsomLogic")]
)
def test_a_slip_leaves_two_names_alike(one, other):
    assert LEAST <= percent(one, other) < 100


@pytest.mark.parametrize(
    ("one", "other"),
    [("Keppel", "Temasek"), ("Phase 1", "Phase 2"), ("MCI", "MDDI"), ("吉宝", "华为"), ("", "Keppel")],
)
def test_two_names_are_not_alike(one, other):
    assert percent(one, other) < LEAST


def test_a_name_of_forms_alone_keeps_them():
    assert keys("The Company Ltd") == ("thecompanyltd", "companyltdthe")
    assert keys("有限公司") == ("有限公司",)
    assert keys("…") == ()


@given(TEXT, TEXT)
def test_percent_is_symmetric_and_never_fails(one, other):
    assert percent(one, other) == percent(other, one)
    assert 0 <= percent(one, other) <= 100


@given(TEXT)
def test_a_name_is_like_itself(text):
    assert percent(text, text) == (100 if keys(text) else 0)


@given(st.dictionaries(st.integers(1, 20), st.lists(st.text("Kepl123 ", max_size=8), max_size=3), max_size=8))
def test_pairs_are_alike_by_their_names_and_each_there_once(names):
    pairs = likely_pairs(names)
    assert len({(pair.one, pair.two) for pair in pairs}) == len(pairs)
    for one, two, alike in pairs:
        assert one < two
        assert (alike.name in names[one], alike.other in names[two]) == (True, True)
        assert percent(alike.name, alike.other) >= alike.percent >= LEAST


@given(st.dictionaries(st.integers(1, 20), st.sampled_from(["Keppel", "吉宝", "Kian Heong"]), max_size=10))
def test_the_same_name_is_always_found(names):
    found = {(pair.one, pair.two) for pair in likely_pairs({key: [name] for key, name in names.items()})}
    assert found == {(a, b) for a in names for b in names if a < b and names[a] == names[b]}


def test_best_pairs_come_first_with_the_names_that_are_alike():
    names = {1: ["Keppel", "吉宝"], 2: ["Kepel Ltd"], 3: ["Another", "吉宝有限公司"], 4: ["Nobody"]}
    told = [(pair.one, pair.two, *pair.alike) for pair in likely_pairs(names)]
    assert told == [(1, 3, 100, "吉宝", "吉宝有限公司"), (1, 2, 90, "Keppel", "Kepel Ltd")]


def test_a_name_that_very_many_share_is_not_paired_without_end():
    assert len(likely_pairs({key: ["Ministry"] for key in range(1000)})) < 1000


def test_most_alike_says_which_two():
    assert most_alike(["Kepel Ltd"], ["Temasek", "Keppel"]) == (90, "Kepel Ltd", "Keppel")
    assert most_alike(["Kepel Ltd"], ["Temasek"]) is None
    assert most_alike([], ["Keppel"]) is None
