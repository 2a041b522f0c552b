"""What is typed finds what is on record; lists are in an order that people expect."""

import pytest

from listing.folding import fold, pinyin, searchable, sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ｅ－Ｉｎｖｏｉｃｉｎｇ　２０", "einvoicing20"),
        ("E-Invoicing", "einvoicing"),
        ("E‑invoicing", "einvoicing"),
        ("Singapore–Shenzhen — Qianhai", "singaporeshenzhenqianhai"),
        ("新加坡·深圳", "新加坡深圳"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("５Ｇ", "5g"),
        ("snake_case\ttab\nline", "snakecasetabline"),
        ("Rajah & Tann", "rajah&tann"),
        (" - ", ""),
    ],
)
def test_fold_width_case_hyphens_and_spaces_do_not_matter(text, folded):
    assert fold(text) == folded


def test_pinyin_takes_the_reading_of_the_whole_word():
    assert pinyin("深圳大学") == "shen zhen da xue"
    assert pinyin("重庆 NCS") == "chong qing  NCS"


def test_searchable_a_line_for_each_text_and_for_its_pinyin():
    assert searchable(["深圳大学", "", "E-Invoicing"]) == "深圳大学\neinvoicing\nshenzhendaxue"
    assert searchable(["NCS", "N.C.S.", "ncs"]) == "ncs\nn.c.s."


def test_searchable_nothing_to_search():
    assert searchable(["", ""]) == ""


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("The Straits Times", "straitstimes"),
        ("the  Edge", "edge"),
        ("Theatre", "theatre"),
        ("The", "the"),
        ("E-Invoicing", "einvoicing"),
        ("深圳大学", "shenzhendaxue"),
        ("", ""),
    ],
)
def test_sort_key_leaves_out_the_and_reads_chinese(text, key):
    assert sort_key(text) == key


def test_sort_key_chinese_stands_in_the_order_of_its_sound():
    names = ["中国", "东莞", "Zeta", "重庆", "北京", "iFlytek", "ant"]
    assert sorted(names) == ["Zeta", "ant", "iFlytek", "东莞", "中国", "北京", "重庆"]
    assert sorted(names, key=sort_key) == ["ant", "北京", "重庆", "东莞", "iFlytek", "Zeta", "中国"]


def test_sort_key_fits_its_column():
    assert sort_key("深" * 300) == ("shen" * 50)
