"""Downloads: whole files compared with what they must be, to the byte and alike on both databases."""

import datetime
import io
import json
import re

import openpyxl
import pytest
from django.utils.timezone import localdate
from openpyxl.utils import get_column_letter

from initiative.models import Pillar, Sector
from listing import exports
from listing.columns import Column, Kind, values
from meetings.columns import COLUMNS as MEETING_COLUMNS
from mous.columns import COLUMNS as MOU_COLUMNS
from organisations.columns import COLUMNS as ORGANISATION_COLUMNS
from projects.columns import COLUMNS as PROJECT_COLUMNS
from projects.models import Project
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.listing.pages import FORMATS, LISTINGS, body

COLUMNS = {
    "projects": PROJECT_COLUMNS,
    "mous": MOU_COLUMNS,
    "organisations": ORGANISATION_COLUMNS,
    "meetings": MEETING_COLUMNS,
}


@pytest.fixture
def small_record(written, db):
    """What `written` wrote; a test may add to it."""


@pytest.fixture(scope="module")
def written(shared_records):
    """Two published projects and one draft, with what they name."""
    zeta = published(make_organisation("Zeta; Ltd", name_zh="泽塔有限公司"))
    alpha = published(make_organisation('Alpha "A" Pte Ltd'))
    university = published(make_organisation(name_zh="深圳大学"))
    meeting = published(make_meeting(4))
    mou = published(make_mou("E-invoicing", meeting=meeting))
    first = make_project(
        "=SUM(A1:A9)",
        (zeta, "singapore"),
        (alpha, "singapore"),
        (university, "shenzhen"),
        title_zh="智慧“城市”，第一项",
        summary_en='Line one\nLine "two", and more',
        pillar=Pillar.objects.get(code="connectivity"),
        tier="key",
        stage="launched",
        stage_as_of=datetime.date(2023, 12, 15),
        meeting=meeting,
        annex_letter="B",
        annex_item=5,
        started_on=datetime.date(2024, 2, 9),
        started_on_precision="month",
        lead_shenzhen=university,
    )
    first.sectors.set(Sector.objects.filter(code__in=["trade", "energy"]))
    first.mous.add(mou)
    published(first)
    published(make_project("", title_zh="数字人", track="related", summary_zh="'=1 是一个公式"))
    make_project("A draft that no file may hold")


PROJECTS_CSV = (
    "\ufeff"
    "reference,title_en,title_zh,title_basis_en,title_basis_zh,"
    "partners_singapore_en,partners_singapore_zh,partners_shenzhen_en,partners_shenzhen_zh,partners,"
    "summary_en,summary_zh,pillar,sectors,classified_by,track,tier,stage,stage_as_of,meeting,meeting_date,"
    "annex_letter,annex_item,started_on,started_on_precision,targeted_on,targeted_on_precision,"
    "ended_on,ended_on_precision,mous,lead_singapore,lead_shenzhen,parties_known\r\n"
    "SCI-P-0001,'=SUM(A1:A9),智慧“城市”，第一项,supplied,supplied,"
    '"Zeta; Ltd; Alpha ""A"" Pte Ltd","泽塔有限公司; Alpha ""A"" Pte Ltd",深圳大学,深圳大学,'
    "SCI-O-0001:partner; SCI-O-0002:partner; SCI-O-0003:partner,"
    '"Line one\nLine ""two"", and more",,connectivity,energy; trade,site,jic,key,launched,2023-12-15,'
    "SCI-C-0001,2023-12-14,B,5,2024-02-01,month,,day,,day,SCI-M-0001,,SCI-O-0003,all\r\n"
    "SCI-P-0002,,数字人,supplied,supplied,,,,,,,''=1 是一个公式,,,site,related,,proposed,"
    ",,,,,,day,,day,,day,,,,none\r\n"
)
ORGANISATIONS_CSV = (
    "\ufeff"
    "reference,name_en,name_zh,short_name_en,short_name_zh,sides,kind,place,website,uen,uscc,parent,"
    "summary_en,summary_zh,slug,projects,mous\r\n"
    'SCI-O-0002,"Alpha ""A"" Pte Ltd",,,,singapore,,,,,,,,,alpha-a-pte-ltd,1,0\r\n'
    "SCI-O-0003,,深圳大学,,,shenzhen,,,,,,,,,shen-zhen-da-xue,1,0\r\n"
    "SCI-O-0001,Zeta; Ltd,泽塔有限公司,,,singapore,,,,,,,,,zeta-ltd,1,0\r\n"
)
MEETINGS_CSV = (
    "\ufeff"
    "reference,kind,number,title_en,title_zh,slug,starts_on,starts_on_precision,ends_on,ends_on_precision,"
    "announced_on,announced_on_precision,format,host_side,city_en,city_zh,venue_en,venue_zh,phase,"
    "outcome_en,outcome_zh,projects,mous\r\n"
    "SCI-C-0001,jic,4,,,4,2023-12-14,day,,day,,day,,,,,,,held,,,1,1\r\n"
)
MOUS_CSV = (
    "\ufeff"
    "reference,title_en,title_zh,title_basis_en,title_basis_zh,instrument,"
    "signatories_singapore_en,signatories_singapore_zh,signatories_shenzhen_en,signatories_shenzhen_zh,"
    "summary_en,summary_zh,pillar,sectors,classified_by,meeting,occasion,track,batch,place_en,place_zh,"
    "text_languages,prevailing_text,signed_on,signed_on_precision,effective_on,effective_on_precision,"
    "ends_on,ends_on_precision,review_on,review_on_precision,term_en,term_zh,renews_automatically,"
    "renewal_months,notice_days,terminated_on,superseded_on,text_access,lead_singapore,lead_shenzhen,parties_known,state\r\n"
    "SCI-M-0001,E-invoicing,,supplied,supplied,mou,,,,,,,,,site,SCI-C-0001,not_stated,jic,,,,,,2023-12-14,day,"
    ",day,,day,,day,,,,,,,,,,,none,signed\r\n"
)
FILES = {
    "projects": PROJECTS_CSV,
    "mous": MOUS_CSV,
    "organisations": ORGANISATIONS_CSV,
    "meetings": MEETINGS_CSV,
}
PROJECTS_JSON = [
    {
        "reference": "SCI-P-0001",
        "title_en": "=SUM(A1:A9)",
        "title_zh": "智慧“城市”，第一项",
        "title_basis_en": "supplied",
        "title_basis_zh": "supplied",
        "partners_singapore_en": 'Zeta; Ltd; Alpha "A" Pte Ltd',
        "partners_singapore_zh": '泽塔有限公司; Alpha "A" Pte Ltd',
        "partners_shenzhen_en": "深圳大学",
        "partners_shenzhen_zh": "深圳大学",
        "partners": "SCI-O-0001:partner; SCI-O-0002:partner; SCI-O-0003:partner",
        "summary_en": 'Line one\nLine "two", and more',
        "summary_zh": None,
        "pillar": "connectivity",
        "sectors": "energy; trade",
        "classified_by": "site",
        "track": "jic",
        "tier": "key",
        "stage": "launched",
        "stage_as_of": "2023-12-15",
        "meeting": "SCI-C-0001",
        "meeting_date": "2023-12-14",
        "annex_letter": "B",
        "annex_item": 5,
        "started_on": "2024-02-01",
        "started_on_precision": "month",
        "targeted_on": None,
        "targeted_on_precision": "day",
        "ended_on": None,
        "ended_on_precision": "day",
        "mous": "SCI-M-0001",
        "lead_singapore": None,
        "lead_shenzhen": "SCI-O-0003",
        "parties_known": "all",
    },
    {
        "reference": "SCI-P-0002",
        "title_en": None,
        "title_zh": "数字人",
        "title_basis_en": "supplied",
        "title_basis_zh": "supplied",
        "partners_singapore_en": None,
        "partners_singapore_zh": None,
        "partners_shenzhen_en": None,
        "partners_shenzhen_zh": None,
        "partners": None,
        "summary_en": None,
        "summary_zh": "'=1 是一个公式",
        "pillar": None,
        "sectors": None,
        "classified_by": "site",
        "track": "related",
        "tier": None,
        "stage": "proposed",
        "stage_as_of": None,
        "meeting": None,
        "meeting_date": None,
        "annex_letter": None,
        "annex_item": None,
        "started_on": None,
        "started_on_precision": "day",
        "targeted_on": None,
        "targeted_on_precision": "day",
        "ended_on": None,
        "ended_on_precision": "day",
        "mous": None,
        "lead_singapore": None,
        "lead_shenzhen": None,
        "parties_known": "none",
    },
]
NOTICE = "Unofficial record made from public sources; not issued or endorsed by either side"


def workbook(response) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(body(response)))


def header(response, suffix: str) -> list[str]:
    """Return the column headings of a file in any of the formats."""
    if suffix == "csv":
        return body(response).decode("utf-8-sig").splitlines()[0].split(",")
    if suffix == "json":
        return list(json.loads(body(response))["results"][0])
    return [cell.value for cell in workbook(response)["data"][1]]


# CSV


@pytest.mark.parametrize("listing", LISTINGS)
def test_csv_whole_file(client, small_record, listing):
    response = client.get(f"/en/{listing}/export.csv")
    assert body(response).decode() == FILES[listing]
    assert response.status_code == 200


@pytest.mark.parametrize("listing", ["projects", "mous", "meetings"])
def test_csv_is_the_same_file_in_both_languages(client, small_record, listing):
    english, chinese = (client.get(f"/{code}/{listing}/export.csv") for code in ("en", "zh-hans"))
    assert body(english) == body(chinese)


def test_csv_organisations_stand_in_the_order_of_the_page(client, small_record):
    file = body(client.get("/zh-hans/organisations/export.csv")).decode()
    assert [line[:10] for line in file.splitlines()[1:]] == ["SCI-O-0002", "SCI-O-0003", "SCI-O-0001"]


def test_csv_holds_what_the_filters_leave(client, small_record):
    file = body(client.get("/en/projects/export.csv?track=related&page=7")).decode()
    lines = PROJECTS_CSV.splitlines(keepends=True)
    assert file == lines[0] + lines[-1]


def test_csv_of_no_rows_is_its_header(client, small_record):
    file = body(client.get("/en/projects/export.csv?stage=completed")).decode()
    assert file == PROJECTS_CSV.splitlines(keepends=True)[0]


def test_csv_comes_in_blocks(db, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 3)
    columns = (Column("code", "Code"), Column("position", "Order", kind=Kind.INTEGER))
    assert list(exports.to_csv(Sector.objects.all(), columns)) == [
        b"\xef\xbb\xbfcode,position\r\ntrade,1\r\nenergy,2\r\nhealth,3\r\n",
        b"urban,4\r\ntourism,5\r\nmedia,6\r\n",
        b"services,7\r\neducation,8\r\n",
    ]


def test_text_that_is_empty_is_nothing_on_either_database(small_record):
    columns = [
        column for column in PROJECT_COLUMNS if column.key in ("title_en", "tier", "partners", "annex_item")
    ]
    assert list(values(Project.objects.published(), columns)) == [
        ("=SUM(A1:A9)", "SCI-O-0001:partner; SCI-O-0002:partner; SCI-O-0003:partner", "key", 5),
        (None, None, None, None),
    ]


# Excel


def test_xlsx_holds_no_formula_and_real_dates(client, small_record):
    sheet = workbook(client.get("/en/projects/export.xlsx"))["data"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {
        "s",
        "n",
        "d",
    }
    row = dict(zip((cell.value for cell in sheet[1]), (cell.value for cell in sheet[2]), strict=True))
    assert (row["title_en"], row["annex_item"]) == ("'=SUM(A1:A9)", 5)
    assert row["meeting_date"] == datetime.datetime(2023, 12, 14)


def test_xlsx_says_the_same_as_the_csv_file(client, small_record):
    sheet = workbook(client.get("/en/projects/export.xlsx"))["data"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    as_text = [["" if v is None else str(v).removesuffix(" 00:00:00") for v in row] for row in rows]
    guarded = [["" if v is None else exports.guard(str(v)) for v in one.values()] for one in PROJECTS_JSON]
    assert as_text == guarded


def test_xlsx_header_stays_in_sight(client, small_record):
    sheet = workbook(client.get("/en/mous/export.xlsx"))["data"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", f"A1:{get_column_letter(sheet.max_column)}2")
    assert all(cell.font.bold for cell in sheet[1])


def test_xlsx_about_sheet_says_whose_record_it_is(client, small_record):
    sheet = workbook(client.get("/en/projects/export.xlsx?track=related"))["about"]
    lines = [(row[0].value, row[1].value) for row in sheet.iter_rows()]
    assert lines[:2] == [
        ("Site", "Singapore-China (Shenzhen) Smart City Initiative"),
        ("Contents", "1 project (Track: Related)"),
    ]
    assert re.fullmatch(rf"{localdate()} \d\d:\d\d \(UTC\+8\)", dict(lines)["Made at"])
    assert dict(lines)["Notice"] == NOTICE
    assert lines[-len(PROJECT_COLUMNS) :] == [(one.key, str(one.label)) for one in PROJECT_COLUMNS]


def test_xlsx_about_sheet_of_an_official_record_has_no_notice(client, small_record, settings):
    settings.OFFICIAL = True
    sheet = workbook(client.get("/en/projects/export.xlsx"))["about"]
    assert [row[0].value for row in sheet.iter_rows(max_row=4)][:3] == ["Site", "Contents", "Made at"]
    assert NOTICE not in [row[1].value for row in sheet.iter_rows()]


# JSON


def test_json_whole_file(client, small_record):
    response = client.get("/en/projects/export.json")
    head = {
        "site": "Singapore-China (Shenzhen) Smart City Initiative",
        "contents": "2 projects",
        "date": localdate().isoformat(),
        "notice": NOTICE,
    }
    whole = json.dumps(head | {"results": PROJECTS_JSON}, ensure_ascii=False) + "\n"
    assert body(response).decode() == whole


def test_json_keys_are_not_translated(client, small_record):
    english, chinese = (json.loads(body(client.get(f"/{code}/mous/export.json"))) for code in ("en", "zh-hans"))
    assert list(english) == list(chinese)
    assert english["results"] == chinese["results"]


def test_json_of_no_rows_can_be_read(client, small_record):
    file = json.loads(body(client.get("/en/projects/export.json?stage=completed")))
    assert file["results"] == []
    assert file["contents"] == "0 projects (Stage: Completed)"


# All formats


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("listing", LISTINGS)
def test_header_is_the_keys_of_the_columns(client, small_record, listing, suffix):
    response = client.get(f"/zh-hans/{listing}/export.{suffix}")
    assert header(response, suffix) == [column.key for column in COLUMNS[listing]]


@pytest.mark.parametrize(
    ("suffix", "content_type", "streamed"),
    [
        ("csv", "text/csv; charset=utf-8", True),
        ("json", "application/json", True),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
    ],
)
def test_file_has_a_name_and_a_type(client, small_record, suffix, content_type, streamed):
    response = client.get(f"/en/projects/export.{suffix}")
    name = f"sci-projects-{localdate().isoformat()}.{suffix}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert (response["Content-Type"], response.streaming) == (content_type, streamed)


@pytest.mark.parametrize("listing", LISTINGS)
def test_page_offers_the_files_of_what_it_shows(client, small_record, listing):
    page = client.get(f"/en/{listing}/?q=o&page=1").content.decode()
    offered = [f'<a href="/en/{listing}/export.{suffix}?q=o" download>' for suffix in FORMATS]
    assert [link for link in offered if link in page] == offered


def test_file_of_an_unknown_kind_is_not_found(client, db):
    response = client.get("/en/projects/export.pdf", follow=True)
    assert response.status_code == 404
