"""The form of an update round as a Word file: written for one project, and read when it comes back.

Each answer has a row whose first cell is its number; the code at the end says which request it answers.
"""

import io
import re
import zipfile
from xml.etree.ElementTree import ParseError

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from lxml.etree import XMLSyntaxError

from documents.answers import attachment
from documents.blocks import printable
from projects.models import UpdateRequest
from projects.rounds.answering import AnswerForm, Told
from projects.rounds.notices import notice, site_name
from publishing.workflow import Refused

MARK = "SCI-UPDATE"
CODE = re.compile(rf"{MARK}\s+([\w.=-]{{10,200}})")
TICKED = re.compile(r"^\s*(?:\[\s*[xX✓√]\s*\]|[☒☑✓✔√])\s*")
# Of the columns, in centimetres.
WIDTHS = (1, 6, 10)
BOX, LARGEST, UNPACKED = "☐", 2 * 1024 * 1024, 20 * 1024 * 1024
BROKEN = (zipfile.BadZipFile, PackageNotFoundError, XMLSyntaxError, ParseError, KeyError, ValueError, OSError)


def both(words) -> str:
    """Return what a function of no arguments says, in English and below it in Chinese."""
    found = []
    for language in ("en", "zh-hans"):
        with override(language):
            found.append(str(words()))
    return "\n".join(found)


def _set_fonts(document) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(10)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), "Microsoft YaHei")
    heading = document.styles["Heading 1"]
    heading.font.size, heading.font.color.rgb = Pt(15), RGBColor(0x1B, 0x26, 0x30)
    heading.paragraph_format.space_before = Pt(0)
    style.paragraph_format.space_after = Pt(4)
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(1.5)
        section.page_width, section.page_height = Cm(21), Cm(29.7)


def questions() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return (name, label in both languages, choices in both languages) of each question, in order."""
    found = []
    for name, field in AnswerForm().fields.items():
        label = both(lambda field=field: "\n".join(filter(None, [str(field.label), str(field.help_text)])))
        choices = [
            (value, both(lambda words=words: words).replace("\n", " "))
            for value, words in getattr(field, "choices", [])
            if value
        ]
        found.append((name, label, choices))
    return found


def answer(request: UpdateRequest) -> HttpResponse:
    """Return the form of one project as a download."""
    return attachment(write(request), "docx", f"{request.project.reference}-update")


def write(request: UpdateRequest) -> bytes:
    """Return the form of one project as a Word file, in both languages."""
    document = Document()
    _set_fonts(document)
    project = request.project
    document.core_properties.title = f"{project.reference}"
    document.core_properties.author = ""
    document.add_heading(both(lambda: _("Progress of a project")).replace("\n", " · "), level=1)
    titles = [text for text in (project.title_en, project.title_zh) if text]
    document.add_paragraph(printable("\n".join([*titles, project.reference]))).runs[0].bold = True
    document.add_paragraph(both(lambda: asked(request)))
    table = document.add_table(rows=0, cols=3)
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    for number, (_name, label, choices) in enumerate(questions(), 1):
        cells = table.add_row().cells
        boxes = "\n".join(f"{BOX} {words}" for _value, words in choices)
        for cell, text, width in zip(cells, (str(number), label, boxes or "\n\n"), WIDTHS, strict=True):
            cell.text, cell.width = text, Cm(width)
    document.add_paragraph()
    document.add_paragraph(both(notice))
    document.add_paragraph(both(lambda: _("Leave this line as it is: it says which project answers.")))
    document.add_paragraph(f"{MARK} {request.code}")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def asked(request: UpdateRequest) -> str:
    """Return what the form asks for, by when, in the language of now."""
    words = _(
        "Please say how the project stands, for the coming meeting of the %(initiative)s. Fill in the right "
        "column, tick a box by putting an x in its place as [x], and send the file back by %(day)s."
    )
    return words % {"initiative": site_name(), "day": date_format(request.round.closes_on, "DATE_FORMAT")}


def _refuse():
    raise Refused(
        [_("This is not the form of an update round. Upload the Word file that came back, as it is.")]
    )


def _opened(file):
    if file.size > LARGEST:
        raise Refused([_("The file is too large for this form: at most %(size)s MB.") % {"size": 2}])
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED:
                _refuse()
        file.seek(0)
        return Document(file)
    except BROKEN:
        _refuse()


def _ticked(text: str, choices, number: int) -> str:
    lines = [line for line in text.splitlines() if TICKED.match(line)]
    said = [TICKED.sub("", line).strip() for line in lines]
    values = [value for value, words in choices if words in said]
    if len(values) > 1:
        raise Refused([_("Question %(number)s has more than one tick. Leave one.") % {"number": number}])
    return values[0] if values else ""


def read(file) -> tuple[UpdateRequest, Told]:
    """Return the request that an uploaded Word form answers, and what it says. Raises Refused, in words."""
    document = _opened(file)
    lines = "\n".join(paragraph.text for paragraph in document.paragraphs)
    code = CODE.search(lines)
    request = UpdateRequest.of_code(code[1]) if code else None
    if request is None or not document.tables:
        _refuse()
    rows = {row.cells[0].text.strip(): row.cells[-1].text.strip() for row in document.tables[0].rows}
    given = {}
    for number, (name, _label, choices) in enumerate(questions(), 1):
        if str(number) not in rows:
            _refuse()
        text = rows[str(number)]
        given[name] = _ticked(text, choices, number) if choices else text
    form = AnswerForm(given)
    if not form.is_valid():
        raise Refused(
            [f"{form.fields[name].label}: {' '.join(problems)}" for name, problems in form.errors.items()]
        )
    return request, form.told
