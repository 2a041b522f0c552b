"""Documents as PDF, by typst: tagged, in one layout, in the packaged Noto Sans CJK."""

import json
import re
from pathlib import Path

import noto_cjk_sans_otc
import typst

from documents.blocks import (
    Bullets,
    Contents,
    Document,
    Fields,
    Heading,
    NewPage,
    Table,
    Text,
    lang_of,
    lines_of,
    printable,
)
from documents.footers import footer_lines, language_tag, page_words

LAYOUT = Path(__file__).with_name("document.typ")
FONTS = Path(str(noto_cjk_sans_otc.FONT_PATH)).parent
REGIONS = {"en": "SG", "zh": "CN"}


def to_pdf(document: Document) -> bytes:
    """Return the document as a tagged PDF (PDF/UA-1) on A4.

    A text with a character that the font lacks, such as an emoji, is no PDF/UA-1: then it is tagged alone.
    """
    data = json.dumps(_data(document), ensure_ascii=False)
    try:
        return _compiled(data, pdf_standards=["ua-1"])
    except typst.TypstError:
        return _compiled(data)


def _compiled(data: str, **options) -> bytes:
    return typst.compile(
        LAYOUT, sys_inputs={"document": data}, font_paths=[FONTS], ignore_system_fonts=True, **options
    )


def _said(text: str, document: Document) -> dict:
    """Return a text for the layout; its language only where that is not the document's."""
    lang = lang_of(text)[:2]
    other = lang if lang and lang != document.language[:2] else ""
    return {"t": printable(str(text)), "lang": other, "region": REGIONS.get(other)}


# A name without a space, longer than a narrow column: user.name@example.org
UNBROKEN = re.compile(r"[A-Za-z0-9._@/-]{14,}")


def _with_breaks(text: str) -> str:
    """Return a text whose long names may break after their marks, where a column is too narrow for them."""
    return UNBROKEN.sub(lambda found: re.sub(r"([._@/-])(?=\w)", "\\1\u200b", found[0]), text)


def _lines(cell, document: Document) -> list[dict]:
    said = [_said(line, document) for line in lines_of(cell)]
    return [one | {"t": _with_breaks(one["t"])} for one in said]


def _block(block, document: Document) -> dict:
    def said(text):
        return _said(text, document)

    def lines(cell):
        return _lines(cell, document)

    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": said(text), "level": level}
        case Text(text, quiet):
            return {"kind": "text", "text": said(text), "quiet": quiet}
        case Fields(pairs):
            told = [{"label": said(label), "lines": lines(cell)} for label, cell in pairs]
            return {"kind": "fields", "pairs": [pair for pair in told if pair["lines"]]}
        case Bullets(items, numbered):
            return {"kind": "bullets", "items": [said(item) for item in items], "numbered": numbered}
        case Table(headings, rows):
            return {
                "kind": "table",
                "headings": [said(heading) for heading in headings],
                "rows": [[lines(cell) for cell in row] for row in rows],
                "shares": block.shares,
            }
        case Contents():
            return {"kind": "contents"}
        case NewPage(number):
            return {"kind": "page", "number": number}
    raise TypeError(block)


def _data(document: Document) -> dict:
    lang, _minus, region = language_tag(document).partition("-")
    heads = {name: getattr(document, name) for name in ("title", "subtitle", "label")}
    return (
        {name: printable(str(text)) for name, text in heads.items()}
        | {f"{name}_text": _said(text, document) for name, text in heads.items()}
        | {
            "lang": lang,
            "region": region,
            "landscape": document.landscape,
            "pages": document.pages,
            "footer": footer_lines(document),
            "page": page_words(document),
            "blocks": [_block(block, document) for block in document.blocks if block != Text("")],
        }
    )
