"""One document in both formats: the same texts, in their languages, whatever they hold."""

import io

import pypdf
import pytest
from django.http import Http404
from docx import Document as WordDocument
from docx.oxml.ns import qn

from documents.answers import document_response
from documents.blocks import (
    Bullets,
    Contents,
    Document,
    Fields,
    Heading,
    NewPage,
    Table,
    Text,
)
from documents.pdf import to_pdf
from documents.word import to_docx
from publishing.bilingual import LocalText

HOSTILE = '#panic("x") *bold* $x$ \\ <w:p> & "\x08"'


def english(text: str) -> LocalText:
    return LocalText.pick({"en": text, "zh": ""}, "zh")


def agenda(*blocks, language: str = "zh-hans") -> Document:
    return Document("第五次会议议程", language, blocks, subtitle="深圳", label="议程草案")


def pdf_text(document: Document) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(to_pdf(document))).pages)


def word(document: Document) -> WordDocument:
    return WordDocument(io.BytesIO(to_docx(document)))


def word_text(document: Document) -> str:
    return "\n".join(node.text or "" for node in word(document).element.body.iter(qn("w:t")))


EVERYTHING = (
    Contents(),
    Heading("议题"),
    Heading("附表", level=2),
    Text("请确认。"),
    Fields([("会场", "前海"), ("日期", "")]),
    Bullets(["其一"], numbered=True),
    Table(["编号", "名称"], [["SCI-P-0031", [english("Smart pumps"), 14]]], widths=[1, 3]),
    NewPage(),
    Text("完", quiet=True),
)


@pytest.mark.parametrize("text", [pdf_text, word_text])
def test_every_block_is_written(text):
    found = text(agenda(*EVERYTHING))
    for said in (
        "第五次会议议程",
        "深圳",
        "议程草案",
        "议题",
        "附表",
        "请确认。",
        "会场",
        "前海",
        "其一",
        "Smart pumps",
        "14",
        "完",
    ):
        assert said in found
    assert "日期" not in found


@pytest.mark.parametrize("text", [pdf_text, word_text])
def test_a_text_is_never_read_as_markup(text):
    found = text(agenda(Text(HOSTILE), Table([HOSTILE], [[HOSTILE]])))
    assert found.count('#panic("x")') == 3


def test_a_skipped_level_of_heading_is_closed_up():
    document = agenda(
        Heading("一", level=2), Heading("二", level=3), Heading("三", level=1), Heading("四", level=3)
    )
    assert [heading.level for heading in document.blocks] == [1, 2, 1, 2]
    assert to_pdf(document).startswith(b"%PDF")


def test_texts_are_marked_with_their_language():
    document = agenda(Text(english("Smart pumps")), Text("水泵"))
    runs = {run.text: run._r for paragraph in word(document).paragraphs for run in paragraph.runs}
    assert runs["Smart pumps"].find(f".//{qn('w:lang')}").get(qn("w:val")) == "en-SG"
    assert runs["水泵"].find(f".//{qn('w:lang')}") is None
    catalogue = pypdf.PdfReader(io.BytesIO(to_pdf(document))).trailer["/Root"]
    assert catalogue["/Lang"] == "zh-CN" and "/StructTreeRoot" in catalogue


def test_pdf_brings_its_own_chinese_face():
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(agenda(Text("水泵")))))
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    assert any("NotoSansCJK" in font.get_object()["/BaseFont"] for font in fonts)


def test_word_sets_chinese_in_a_chinese_face():
    fonts = word(agenda()).styles["Heading 1"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"


def test_the_heading_of_a_table_stands_on_every_page():
    document = agenda(Table(["编号"], [[str(row)] for row in range(90)]))
    pages = pypdf.PdfReader(io.BytesIO(to_pdf(document))).pages
    assert len(pages) > 2 and all("编号" in page.extract_text() for page in pages)
    assert word(document).tables[0].rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None


def test_a_long_name_breaks_in_a_narrow_column():
    narrow = Table(["A", "B"], [["somebody.of.the.secretariat@example.org", "next"]], widths=[1, 9])
    page = pypdf.PdfReader(io.BytesIO(to_pdf(agenda(narrow)))).pages[0]
    lines = [line for line in page.extract_text().splitlines() if "example" in line or "somebody" in line]
    assert len(lines) > 1


def test_every_page_says_that_the_record_is_unofficial(settings):
    notice = "Unofficial record made from public sources"
    assert notice in pdf_text(agenda(language="en"))
    footer = "".join(
        node.text for node in word(agenda(language="en")).sections[0].footer._element.iter(qn("w:t"))
    )
    assert notice in footer and "(UTC+8)" in footer
    settings.OFFICIAL = True
    assert notice not in pdf_text(agenda(language="en"))


def test_another_format_is_not_there():
    with pytest.raises(Http404):
        document_response(agenda(), "exe", "agenda")
    response = document_response(agenda(), "pdf", "agenda")
    assert response["Content-Disposition"] == 'attachment; filename="agenda.pdf"'
