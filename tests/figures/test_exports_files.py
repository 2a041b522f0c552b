"""Files of rows with hostile cells: read back equal, cell for cell, as CSV and as Excel; names and limits."""

import csv
import datetime
import io

import openpyxl
import pytest
from django.http import QueryDict
from django.utils.timezone import localdate
from openpyxl.utils.escape import unescape

from listing import excel, exports
from listing.columns import Column, Kind
from listing.excel import CELL_LIMIT, Sheet, TooManyRows, units, workbook
from listing.exports import file_name
from listing.guard import unguard
from listing.sheets import SheetError
from listing.workbooks import read_xlsx
from tests.figures.hostile import TEXTS
from tests.people import MANAGER, OTHER_MANAGER, person
from tests.serving import once

pytestmark = once
COLUMNS = (
    Column("text", "A text"),
    Column("number", "A number", kind=Kind.INTEGER),
    Column("day", "A day", kind=Kind.DATE),
)
DAY = datetime.date(2023, 12, 14)
ROWS = [[text, number, DAY] for number, text in enumerate(TEXTS * 10)]


def xlsx(columns, rows) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(exports.rows_xlsx(columns, rows, [("Contents", "=1")])))


def test_csv_reads_back_equal():
    file = b"".join(exports.rows_csv(COLUMNS, ROWS))
    assert file.startswith(b"\xef\xbb\xbftext,number,day\r\n")
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))[1:]
    assert [[unguard(row[0]), int(row[1]), row[2]] for row in rows] == [
        [text, number, "2023-12-14"] for text, number, _day in ROWS
    ]
    assert not [row for row in rows if row[0][:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_excel_reads_back_equal_and_runs_nothing():
    sheet = xlsx(COLUMNS, ROWS)["data"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [[unguard(unescape(text)), number, day.date()] for text, number, day in rows] == [
        [text.replace("\r\n", "\n"), number, day] for text, number, day in ROWS
    ]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]


def test_what_an_import_reads_of_excel_is_what_was_written():
    texts = [text for text in TEXTS if "\0" not in text]
    sheet = read_xlsx(workbook(Sheet(["text"], [[text] for text in texts])))
    assert [unguard(row[0]) for row in sheet] == [text.replace("\r\n", "\n") for text in texts]


def test_the_about_sheet_is_text_and_gives_each_column_its_meaning():
    about = xlsx(COLUMNS, ROWS[:1])["about"]
    assert [[cell.value for cell in row] for row in about.iter_rows()] == [
        ["Contents", "'=1"],
        ["text", "A text"],
        ["number", "A number"],
        ["day", "A day"],
    ]


def test_heading_and_first_column_stay_and_columns_are_as_wide_as_they_need():
    rows = [["智慧城市" * 5, 1, DAY], ["x" * 500, 2, DAY]]
    sheet = xlsx(COLUMNS, rows)["data"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:C3")
    assert [round(sheet.column_dimensions[at].width) for at in "ABC"] == [61, 11, 13]
    chinese = xlsx(COLUMNS, rows[:1])["data"]
    assert round(chinese.column_dimensions["A"].width) == 43


def test_days_and_times_are_such_and_days_that_excel_has_not_are_texts():
    moment = datetime.datetime(2026, 1, 2, 20, 30, tzinfo=datetime.UTC)
    columns = [Column(str(at), "") for at in range(4)]
    (row,) = xlsx(columns, [[DAY, moment, datetime.date(1898, 5, 6), True]])["data"].iter_rows(min_row=2)
    assert [cell.value for cell in row] == [
        datetime.datetime(2023, 12, 14),
        datetime.datetime(2026, 1, 3, 4, 30),
        "1898-05-06",
        "True",
    ]
    file = b"".join(exports.rows_csv(columns, [[DAY, moment, None, 5]])).decode()
    assert file.splitlines()[1] == "2023-12-14,2026-01-03T04:30:00+08:00,,5"


# Limits -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["字" * (CELL_LIMIT + 1), "𠮷" * CELL_LIMIT, "a" + "𠮷" * CELL_LIMIT])
def test_a_text_that_is_too_long_says_that_it_is_cut(text):
    book = xlsx(COLUMNS, [[text, 1, DAY], ["𠮷" * (CELL_LIMIT // 2), 2, DAY]])
    first, second = (row[0].value for row in book["data"].iter_rows(min_row=2))
    assert (units(first), text.startswith(first[:1000])) == (CELL_LIMIT, True)
    assert first.endswith("[cut here: a cell of Excel holds no more; the CSV file has the whole text]")
    assert second == "𠮷" * (CELL_LIMIT // 2)
    assert book["about"]["A1"].value == "Cut texts"
    assert book["about"]["B1"].value.startswith("1 text is longer than a cell of Excel can hold")
    with pytest.raises(SheetError, match="as long as Excel can hold"):
        read_xlsx(exports.rows_xlsx(COLUMNS, [[text, 1, DAY]], []))


def test_more_rows_than_excel_holds_are_refused(monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", 3)
    assert exports.rows_xlsx(COLUMNS, ROWS[:3], [])
    with pytest.raises(TooManyRows, match="Download the CSV file"):
        exports.rows_xlsx(COLUMNS, ROWS[:4], [])


def test_no_rows_are_a_heading():
    sheet = xlsx(COLUMNS, [])["data"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["text", "number", "day"]]


@pytest.mark.django_db
def test_a_public_list_too_long_for_excel_is_refused_in_words(client, monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", -1)
    answer = client.get("/zh-hans/projects/export.xlsx")
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert client.get("/en/projects/export.csv").status_code == 200


# Names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", ""),
        ("stage=launched&stage=in_progress&tier=key", "_stage-launched-in-progress_tier-key"),
        ("sort=-stage&page=3&per_page=50", ""),
        ("q=智慧城市", "_q-zhi-hui-cheng-shi"),
        ("q=École", "_q-Ecole"),
        ('q=../../etc/"passwd\r\nSet-Cookie: a', "_q-etc-passwd-Set-Cookie-a"),
        ("q=;;;", ""),
        ("organisation=SCI-O-0012", "_organisation-SCI-O-0012"),
        (f"q={'a' * 500}", "_filtered"),
        ("&".join(f"meeting={number}" for number in range(60)), "_filtered"),
    ],
)
def test_the_name_tells_filters_by_their_codes_in_plain_ascii(query, told):
    assert file_name("projects", QueryDict(query)) == f"sci-projects{told}-{localdate()}"


@pytest.mark.django_db
def test_a_public_file_names_its_filters_and_no_made_up_ones(client):
    answer = client.get("/en/projects/export.csv?track=related&evil=x&sort=title&q=a%0d%0aX:y")
    name = f"sci-projects_q-a-X-y_track-related-{localdate()}.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "address", "name"),
    [
        (
            MANAGER,
            "/admin/changes/export.xlsx?side=singapore&since=2026-01-02",
            "changes_side-singapore_since-2026-01-02",
        ),
        (MANAGER, "/admin/meetings/action/ledger.csv?state__exact=open&x", None),
        (MANAGER, "/admin/meetings/action/ledger.csv?state__exact=open", "follow-up-actions_state-open"),
        (OTHER_MANAGER, "/admin/projects/project/sheets/partner-record.xlsx", "partner-record"),
        (MANAGER, "/admin/reports/holdings.xlsx?made=up", "report-holdings-staff"),
    ],
)
def test_a_staff_file_names_what_it_holds(client, who, address, name):
    client.force_login(person(who))
    answer = client.get(address)
    if name is None:
        assert answer.status_code == 400
    else:
        assert answer["Content-Disposition"].startswith(f'attachment; filename="sci-{name}-{localdate()}.')
