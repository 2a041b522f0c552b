"""Files that are not as they must be: each ends in words on the page, and nothing is written."""

import datetime
import io
import struct
import zipfile

import openpyxl
import pytest

from listing.sheets import MOST_ROWS
from listing.uploads import PrivateFolder
from organisations.imports import OrganisationImport, PersonImport
from organisations.models import Organisation, Person
from projects.imports import ProjectImport
from projects.models import Project
from tests.desk.sheets import offer
from tests.listing.pages import text_of
from tests.listing.uploads import confirm, problems, sheet
from tests.people import SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
PERSONS = ["name_en", "name_zh", "suppressed"]


@pytest.fixture
def officer(client):
    client.force_login(person(SINGAPORE_OFFICER))
    return client


def workbook(*rows: list, change=None) -> bytes:
    """Return an Excel file as a spreadsheet program saves it; `change` takes the workbook before."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    book.save(file)
    return file.getvalue()


def told(officer, file: bytes, name: str = "sheet.xlsx") -> str:
    """Return what the page says of a sheet of persons that it refuses."""
    page = offer(officer, "organisations/person", PersonImport, file, name)
    assert page.status_code == 200
    assert "confirm_form" not in page.context
    assert not list(PrivateFolder.folder().iterdir())
    assert not Person.objects.exists()
    return text_of(page.content.decode().partition("<main")[2])


def test_file_of_100_mb_is_refused_unread(officer):
    words = told(officer, b"name_en,name_zh,suppressed\r\n" + b"x" * 100 * 1024 * 1024, "sheet.csv")
    assert "The file is larger than 20 MB. Split it." in words


@pytest.mark.parametrize("name", ["sheet.xlsx", "sheet.csv"])
def test_large_file_is_refused_whatever_its_name(officer, name):
    assert "larger than 20 MB" in told(officer, b"PK\x03\x04" + b"x" * 20 * 1024 * 1024, name)


def bomb(size: int) -> bytes:
    """Return a workbook whose sheet unpacks to `size` bytes."""
    plain, file = io.BytesIO(workbook(PERSONS)), io.BytesIO()
    with zipfile.ZipFile(plain) as whole, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in whole.infolist():
            content = whole.read(part)
            room = b" " * (size - len(content)) if "sheet1" in part.filename else b""
            archive.writestr(part.filename, content + room)
    return file.getvalue()


@pytest.mark.parametrize("size", [30 * 1024 * 1024, 150 * 1024 * 1024])
def test_zip_bomb_is_refused(officer, size):
    assert "Unpacked, the file is far larger than a sheet of ours." in told(officer, bomb(size=size))


def test_zip_bomb_that_lies_about_its_size_is_refused(officer):
    true, claimed = (struct.pack("<I", size) for size in (50 * 1024 * 1024, 100))
    file = bomb(50 * 1024 * 1024)
    assert file.count(true) == 2
    assert "The Excel file is damaged" in told(officer, file.replace(true, claimed))


@pytest.mark.parametrize(
    ("name", "file", "words"),
    [
        ("a.xlsx", b"name_en,name_zh\r\n", "This is not an Excel file. Save it as .xlsx, or as “CSV UTF-8”."),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 100, "This is not an Excel file."),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
            "is of the old kind (.xls) or has a password",
        ),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
            "is of the old kind (.xls) or has a password",
        ),
        (
            "a.csv",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
            "is of the old kind (.xls) or has a password",
        ),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "The file holds null characters."),
        ("a.csv", b'name_en,name_zh,suppressed\r\n"Tan', "Line 2 has 1 cells, the header has 3."),
    ],
)
def test_file_of_another_kind_is_refused(officer, name, file, words):
    assert words in told(officer, file, name)


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_archive_that_is_no_workbook_is_refused(officer):
    assert "The Excel file is damaged" in told(officer, zipped(hello=b"x"))


def test_part_behind_a_password_is_refused(officer):
    data = bytearray(zipped(hello=b"x"))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "The file has a password. Save it without one." in told(officer, bytes(data))


def test_damaged_sheet_is_refused(officer):
    file, damaged = io.BytesIO(workbook(PERSONS, ["Tan", None, "no"])), io.BytesIO()
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(damaged, "w") as archive:
        for part in whole.infolist():
            content = whole.read(part)
            archive.writestr(part.filename, content[:-40] if "sheet1" in part.filename else content)
    assert "The Excel file is damaged" in told(officer, damaged.getvalue())


def test_formula_is_refused_with_its_cell(officer):
    words = told(officer, workbook(PERSONS, ['=CONCATENATE("Tan"," Wei")', None, "no"]))
    assert "Cell A2 holds a formula. Replace formulas by their values" in words


def test_text_that_looks_like_a_formula_is_read(officer):
    def as_text(book):
        book.active["A2"].value = "=Keppel"
        book.active["A2"].data_type = "s"

    file = workbook(PERSONS, ["x", None, "no"], change=as_text)
    confirm(
        officer, "organisations/person", offer(officer, "organisations/person", PersonImport, file, "a.xlsx")
    )
    assert Person.objects.get().name_en == "=Keppel"


def test_merged_cells_are_refused_with_their_range(officer):
    file = workbook(
        PERSONS, ["Tan", None, "no"], ["Lee", None, "no"], change=lambda book: book.active.merge_cells("A2:A3")
    )
    assert "The cells A2:A3 are merged. Unmerge them, and fill in each cell." in told(officer, file)


def test_error_value_is_refused_with_its_cell(officer):
    assert "Cell B2 holds the error #N/A." in told(officer, workbook(PERSONS, ["Tan", "#N/A", "no"]))


def test_text_as_long_as_excel_can_hold_is_refused(officer):
    file = workbook(PERSONS, ["x" * 32_767, None, "no"])
    assert "The text in cell A2 is as long as Excel can hold" in told(officer, file)


def test_cell_beside_the_columns_is_refused(officer):
    assert "Cell E3 stands in a column without a heading." in told(
        officer, workbook(PERSONS, ["Tan", None, "no"], ["Lee", None, "no", None, "x"])
    )


def test_empty_first_row_is_refused(officer):
    assert "The first row is empty." in told(officer, workbook([], PERSONS, ["Tan", None, "no"]))


def test_sheet_of_many_columns_is_refused(officer):
    assert "The sheet has more than 200 columns." in told(officer, workbook([f"c{at}" for at in range(300)]))


def test_workbook_without_rows_is_refused(officer):
    assert "No valid data to import" in told(officer, workbook())


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_sheet_of_30_000_rows_is_refused_soon(officer, suffix):
    rows = [[f"Person {at}", None, "no"] for at in range(30_000)]
    if suffix == "xlsx":
        file = workbook(PERSONS, *rows)
    else:
        file = "\r\n".join(",".join(cell or "" for cell in row) for row in [PERSONS, *rows]).encode()
    began = datetime.datetime.now()
    words = told(officer, file, f"sheet.{suffix}")
    assert f"The sheet has more than {MOST_ROWS} rows. Split it." in words
    assert (datetime.datetime.now() - began).total_seconds() < 10


def test_name_of_5000_characters_is_refused(officer):
    text = sheet(OrganisationImport, {"name_en": "x" * 5000, "kind": ""})
    assert problems(OrganisationImport, text) == [
        (2, "name_en", "x" * 5000, "Ensure this value has at most 300 characters (it has 5000).")
    ]
    page = offer(officer, "organisations/organisation", OrganisationImport, text).content.decode()
    assert "Ensure this value has at most 300 characters (it has 5000)." in page
    assert "x" * 200 not in page
    assert not Organisation.objects.exists()


# Dates


def test_date_typed_by_excel_is_read(officer):
    text = sheet(ProjectImport, {"title_en": "Twin"})
    header, row = (line.split(",") for line in text.splitlines())
    cells = [
        datetime.date(2023, 12, 14) if name == "started_on" else cell
        for name, cell in zip(header, row, strict=True)
    ]
    preview = offer(officer, "projects/project", ProjectImport, workbook(header, cells), "a.xlsx")
    confirm(officer, "projects/project", preview)
    assert Project.objects.get().started_on == datetime.date(2023, 12, 14)


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [
        ("14/12/2023", "Did you mean “2023-12-14”?"),
        ("12/14/2023", "Did you mean “2023-12-14”?"),
        ("5/5/2023", "Did you mean “2023-05-05”?"),
        ("2023年12月14日", "Did you mean “2023-12-14”?"),
        ("２０２３年１２月１４日", "Did you mean “2023-12-14”?"),
        ("14 Dec 2023", "Did you mean “2023-12-14”?"),
        ("14 December 2023", "Did you mean “2023-12-14”?"),
        ("14-Dec-2023", "Did you mean “2023-12-14”?"),
        ("Dec 14, 2023", "Did you mean “2023-12-14”?"),
        ("2023/12/14", "Did you mean “2023-12-14”?"),
        ("2023.1.2", "Did you mean “2023-01-02”?"),
        ("20231214", "Did you mean “2023-12-14”?"),
        ("45274", "Did you mean “2023-12-14”?"),
        ("3/4/2024", "Is it day/month or month/day? Write 2024-04-03 or 2024-03-04."),
        ("31/31/2024", ""),
        ("14 Foo 2023", ""),
        ("last week", ""),
    ],
)
def test_date_as_text_is_refused_with_what_it_may_mean(value, suggestion):
    ((row, column, cell, words),) = problems(
        ProjectImport, sheet(ProjectImport, {"title_en": "T", "started_on": value})
    )
    assert (row, column, cell) == (2, "started_on", value)
    assert words == " ".join(filter(None, [f"Write the date as 2023-12-14, not “{value}”.", suggestion]))


# Where the rows are


def test_row_is_counted_as_the_reader_of_the_csv_file_counts(officer):
    lines = sheet(ProjectImport, {"title_en": "A", "summary_en": "one\ntwo"}, {"title_en": "B", "tier": "gold"})
    assert [problem[:3] for problem in problems(ProjectImport, lines)] == [(4, "tier", "gold")]


def test_row_is_counted_as_excel_counts(officer):
    words = told(officer, workbook(PERSONS, [], [], ["Tan", None, "maybe"]))
    assert "4 suppressed maybe Write “yes” or “no”, not “maybe”." in words


def test_further_sheets_are_said_to_be_left_out(officer):
    def hide(book):
        book.create_sheet("more").sheet_state = "hidden"

    file = workbook(PERSONS, ["Tan", None, "no"], change=hide)
    page = offer(officer, "organisations/person", PersonImport, file, "a.xlsx").content.decode()
    assert "Only the first sheet, “Sheet”, was read; 1 other was not." in page


def test_choice_written_as_its_label_is_understood_in_the_suggestion():
    text = sheet(ProjectImport, {"title_en": "T", "stage": "In progress"})
    ((*_, words),) = problems(ProjectImport, text)
    assert words.endswith("Did you mean “in_progress”?")
