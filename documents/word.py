"""Documents as Word files, by python-docx: styles, headings and tables that Word knows, set for Chinese too."""

import io

from django.utils import timezone
from docx import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

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

INK, GREY = RGBColor(0x1B, 0x26, 0x30), RGBColor(0x5A, 0x66, 0x72)
SHADE, HAIR = "EEF2F5", "C9D1D8"
# Faces that Word brings along on every system it runs on.
LATIN, CHINESE = "Arial", "Microsoft YaHei"
# What the format wants behind the lines around a paragraph or a table: Word refuses another order.
AFTER_BORDERS = (
    *("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl"),
    *("w:tblLayout", "w:tblCellMar", "w:tblLook"),
)
SIZES = {"Title": 20, "Heading 1": 15, "Heading 2": 12, "Heading 3": 10.5, "Normal": 10}


def to_docx(document: Document) -> bytes:
    """Return the document as a Word file on A4."""
    word = WordDocument()
    _set_styles(word, language_tag(document))
    _set_page(word, document)
    _set_properties(word, document)
    if document.label:
        _quiet(word.add_paragraph(), document.label, document)
    _write(word.add_paragraph(style="Title"), document.title, document)
    if document.subtitle:
        _quiet(word.add_paragraph(), document.subtitle, document)
    headings = [block for block in document.blocks if isinstance(block, Heading) and block.level < 3]
    places = {id(heading): f"place{at}" for at, heading in enumerate(headings)}
    breaks = False
    for block in document.blocks:
        if breaks and not isinstance(block, NewPage):
            _begin_page(word)
        breaks = isinstance(block, NewPage)
        _add(word, block, document, places)
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def _set_styles(word, tag: str) -> None:
    for name, size in SIZES.items():
        style = word.styles[name]
        style.font.name, style.font.size, style.font.bold = LATIN, Pt(size), False
        style.font.color.rgb = INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [key for key in fonts.attrib if key.lower().endswith("theme")]:
            del fonts.attrib[theme]
        for script, face in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", CHINESE), ("cs", LATIN)):
            fonts.set(qn(f"w:{script}"), face)
    normal = word.styles["Normal"]
    normal.element.rPr.append(_language(tag, "zh-CN"))
    normal.paragraph_format.space_after = Pt(5)
    small = word.styles.add_style("Small", WD_STYLE_TYPE.PARAGRAPH)
    small.base_style, small.font.size, small.font.color.rgb = normal, Pt(9), GREY
    _take_off(word.styles["Title"].element.rPr, "w:spacing")  # Chinese is never letter-spaced
    title = word.styles["Title"].paragraph_format
    title.space_before, title.space_after = Pt(2), Pt(6)
    _borders(word.styles["Title"].element.get_or_add_pPr(), "w:pBdr", {"bottom": None})


def _take_off(properties, name: str) -> None:
    for old in properties.findall(qn(name)):
        properties.remove(old)


def _borders(properties, name: str, lines: dict[str, str | None]) -> None:
    """Set the lines around a paragraph or a table: "top" and so on to a colour, or None for no line."""
    _take_off(properties, name)
    around = OxmlElement(name)
    for place, colour in lines.items():
        line = OxmlElement(f"w:{place}")
        line.set(qn("w:val"), "single" if colour else "nil")
        if colour:
            line.set(qn("w:sz"), "4")
            line.set(qn("w:color"), colour)
        around.append(line)
    properties.insert_element_before(around, *AFTER_BORDERS)


def _indent(properties) -> None:
    """Let a table begin at the margin: Word puts it outside by the space within its cells."""
    indent = OxmlElement("w:tblInd")
    indent.set(qn("w:w"), "108")
    indent.set(qn("w:type"), "dxa")
    properties.insert_element_before(indent, "w:tblBorders", *AFTER_BORDERS)


def _language(latin: str, chinese: str):
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), latin)
    element.set(qn("w:eastAsia"), chinese)
    return element


def _set_page(word, document: Document) -> None:
    section = word.sections[0]
    width, height = (Mm(297), Mm(210)) if document.landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    section.left_margin = section.right_margin = section.top_margin = Mm(20)
    section.bottom_margin = Mm(22)
    foot = section.footer.paragraphs[0]
    foot.style = word.styles["Small"]
    foot.paragraph_format.tab_stops.add_tab_stop(width - Mm(40), WD_TAB_ALIGNMENT.RIGHT)
    *others, last = footer_lines(document)
    for line in others:
        foot.add_run(line).add_break()
    before, between, after = page_words(document)
    foot.add_run(f"{last}\t{before}")
    _field(foot, "PAGE")
    foot.add_run(between)
    _field(foot, "NUMPAGES")
    foot.add_run(after)


def _field(paragraph, instruction: str) -> None:
    """Add what Word itself works out: the number of the page, or of all pages."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = "1"
    run.append(shown)
    field.append(run)
    paragraph._p.append(field)


def _set_properties(word, document: Document) -> None:
    properties = word.core_properties
    properties.title, properties.language = str(document.title)[:255], language_tag(document)
    properties.author = properties.comments = ""
    properties.created = properties.modified = timezone.now().replace(tzinfo=None)


def _write(paragraph, text: str, document: Document, colour=None) -> None:
    run = paragraph.add_run(printable(str(text)))
    if colour is not None:
        run.font.color.rgb = colour
    lang = lang_of(text)[:2]
    if lang and lang != document.language[:2]:
        tag = "zh-CN" if lang == "zh" else "en-SG"
        run._r.get_or_add_rPr().append(_language(tag, "zh-CN"))


def _quiet(paragraph, text: str, document: Document) -> None:
    paragraph.style = "Small"
    _write(paragraph, text, document)


def _add(word, block, document: Document, places: dict) -> None:
    match block:
        case Heading(text, level):
            paragraph = word.add_paragraph(style=f"Heading {level}")
            _write(paragraph, text, document)
            if id(block) in places:
                _mark_place(paragraph, places[id(block)], len(paragraph._p))
        case Text(text, quiet):
            if text:
                paragraph = word.add_paragraph()
                (_quiet if quiet else _write)(paragraph, text, document)
        case Fields(pairs):
            rows = [(label, lines) for label, cell in pairs if (lines := lines_of(cell))]
            _add_table(word, [], rows, [0.32, 0.68], document)
        case Bullets(items, numbered):
            for item in items:
                paragraph = word.add_paragraph(style="List Number" if numbered else "List Bullet")
                _write(paragraph, item, document)
        case Table(headings, rows):
            _add_table(word, headings, rows, block.shares, document)
        case Contents():
            for heading, place in ((one, places[id(one)]) for one in document.blocks if id(one) in places):
                paragraph = word.add_paragraph()
                paragraph.paragraph_format.left_indent = Mm(6 * (heading.level - 1))
                paragraph.paragraph_format.space_after = Pt(2)
                _link(paragraph, heading.text, place)


def _begin_page(word) -> None:
    """Let what follows begin on a new page: by a small paragraph that asks for it, as a table cannot."""
    paragraph = word.add_paragraph(style="Small")
    paragraph.paragraph_format.page_break_before = True
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(1)


def _mark_place(paragraph, name: str, number: int) -> None:
    """Put a bookmark around a heading, to which the contents lead."""
    for kind in ("Start", "End"):
        mark = OxmlElement(f"w:bookmark{kind}")
        mark.set(qn("w:id"), name.removeprefix("place"))
        if kind == "Start":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)


def _link(paragraph, text: str, place: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), place)
    link.append(paragraph.add_run(printable(str(text)))._r)
    paragraph._p.append(link)


def _add_table(word, headings, rows, shares: list[float], document: Document) -> None:
    section = word.sections[0]
    line = section.page_width - section.left_margin - section.right_margin
    table = word.add_table(rows=0, cols=len(shares))
    table.autofit = False
    if headings:
        _borders(table._tbl.tblPr, "w:tblBorders", {"top": HAIR, "bottom": HAIR, "insideH": HAIR})
        _indent(table._tbl.tblPr)
        cells = table.add_row().cells
        for cell, heading in zip(cells, headings, strict=True):
            _fill(cell, [heading], document, GREY)
            _shade(cell)
        _row_property(table.rows[0], "w:tblHeader")
    for row in rows:
        cells = table.add_row().cells
        _row_property(table.rows[-1], "w:cantSplit")
        for at, (cell, content) in enumerate(zip(cells, row, strict=True)):
            _fill(cell, lines_of(content), document, GREY if not headings and at == 0 else None)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(line * share)
        for cell in column.cells:
            cell.width = int(line * share)
    # Word joins two tables that follow each other.
    word.add_paragraph().paragraph_format.space_after = Pt(2)


def _fill(cell, lines: list[str], document: Document, colour) -> None:
    for at, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        _write(paragraph, line, document, colour)
        for run in paragraph.runs:
            run.font.size = Pt(9)


def _shade(cell) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), SHADE)
    cell._tc.get_or_add_tcPr().append(shade)


def _row_property(row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
