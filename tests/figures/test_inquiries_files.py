"""A frozen answer as files: from what is stored alone, in both languages, with both dates in each."""

import csv
import datetime
import io
import re

import openpyxl
import pytest
from django.conf import settings
from django.utils.timezone import localdate, localtime
from docx import Document
from pypdf import PdfReader

from publishing.authorship import acting
from reports.inquiries.files import COLUMNS, to_csv, to_document, to_xlsx
from tests.figures.inquiries import THIRD, asked, frozen, moment, on_record
from tests.people import MANAGER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
KINDS = ("projects", "mous", "meetings", "organisations")


def place(inquiry, ending: str) -> str:
    return f"/admin/reports/inquiries/{inquiry.reference}/answer.{ending}"


def lines_of(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_csv_has_a_line_for_each_record_with_both_dates():
    record = on_record()
    then = moment()
    inquiry = frozen(asked(*KINDS, as_at=THIRD, recorded=then))
    content = to_csv(inquiry)
    lines = lines_of(content)
    assert content.startswith(b"\xef\xbb\xbf") and tuple(lines[0]) == COLUMNS
    assert [(line["counted"], line["reference"]) for line in lines] == [
        ("projects", record.alone.reference),
        ("meetings", record.third.reference),
        ("organisations", record.body.reference),
    ]
    assert {(line["as_at"], line["as_then_recorded"]) for line in lines} == {
        ("2022-11-25", localtime(then).isoformat())
    }
    assert (lines[0]["meeting"], lines[0]["stage"]) == (record.third.reference, "launched")


def test_files_stay_as_they_were():
    record = on_record()
    inquiry = frozen(asked(*KINDS))
    before = to_csv(inquiry)
    with acting(person(SINGAPORE_OFFICER)):
        record.both.refresh_from_db()
        record.both.title_en = "=Harbours"
        record.both.save()
    assert to_csv(inquiry) == before and "'=Harbours" in to_csv(frozen(asked())).decode()


def test_excel_has_the_answer_the_records_and_the_definitions():
    on_record()
    inquiry = frozen(asked(*KINDS, by="year"))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(inquiry)))
    assert book.sheetnames == ["answer", "答复", "records", "definitions"]
    told = {row[0].value: row[1].value for row in book["answer"].iter_rows() if row[0].value}
    assert told["Reference"] == inquiry.reference and told["Projects"] == 2 and "Unofficial" in told["Notice"]
    records = book["records"]
    assert [cell.value for cell in records[1]] == list(COLUMNS) and records.freeze_panes == "A2"
    dates = [records.cell(2, COLUMNS.index(name) + 1).value for name in ("as_at", "date")]
    assert [day.date() for day in dates] == [localdate(), THIRD]
    assert all(isinstance(day, datetime.datetime) for day in dates)
    assert book["definitions"]["A2"].value == "projects"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_documents_are_in_both_languages(client, language):
    on_record()
    inquiry = frozen(asked(*KINDS, by="side"))
    client.force_login(person(MANAGER))
    word = client.get(place(inquiry, "docx"), {"language": language})
    texts = [p.text for p in Document(io.BytesIO(word.content)).paragraphs]
    pdf = client.get(place(inquiry, "pdf"), {"language": language})
    pages = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert f"sci-q-0001-as-at-{localdate()}-{language}.pdf" in pdf["Content-Disposition"]
    assert any(inquiry.reference in text for text in texts) and inquiry.reference in pages
    assert inquiry.sha256[:20] in pages.replace("\n", "") and "港口" in pages
    if language == "en":
        assert "Unofficial record" in pages and "As then recorded" in pages


def test_a_withdrawn_answer_says_so_in_its_documents():
    inquiry = frozen(asked())
    inquiry.withdraw("Asked with the wrong day.")
    [fields] = [block for block in to_document(inquiry, "en").blocks if hasattr(block, "pairs")]
    assert ("Withdrawn: do not use it any longer", "Asked with the wrong day.") in fields.pairs


def test_an_answer_names_for_whom_it_is():
    assert "may be passed on" in to_document(frozen(asked()), "en").label
    assert "Do not pass it on" in to_document(frozen(asked(published=False)), "en").label


def test_without_records_the_sheet_has_its_headings():
    assert lines_of(to_csv(frozen(asked()))) == []


def test_every_column_is_documented():
    page = (settings.BASE_DIR / "docs" / "data.md").read_text()
    section = page.partition("\n## Inquiry answers\n")[2].partition("\n## ")[0]
    heads = re.findall(r"^\| (`.+?`) \|", section, re.MULTILINE)
    assert {name for head in heads for name in re.findall(r"`(\w+)`", head)} == set(COLUMNS)
