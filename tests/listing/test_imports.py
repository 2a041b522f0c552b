"""Import of sheets: strict, in words, all or nothing; and our own exports come back without a change."""

import datetime
import io

import openpyxl
import pytest

from initiative.imports import SourceImport
from initiative.models import Pillar, Sector, Source
from meetings.imports import AttendanceImport, FigureCitationImport, MeetingImport
from meetings.models import Meeting
from mous.models import MOU
from organisations.imports import OrganisationImport, PersonImport
from organisations.models import Organisation, Person
from projects.imports import PartnerImport, ProjectImport
from projects.models import Partner, Project
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.listing.pages import body, text_of
from tests.listing.uploads import confirm, history_rows, problems, sheet, upload
from tests.people import AUDITOR, MANAGER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
HOW_CREATED = "Tick “Create …” above to add it as a draft."


# Columns


def test_unknown_column_is_refused_with_what_is_near():
    text = sheet(ProjectImport, {"title_en": "Twin"}).replace("stage_as_of", "stage_asof")
    assert problems(ProjectImport, text) == [
        (None, "", "", "There is no column “stage_asof” here. Did you mean “stage_as_of”?"),
        (None, "", "", "These columns are not in the file: stage_as_of."),
    ]
    assert not Project.objects.exists()


def test_missing_columns_are_all_named():
    assert problems(PartnerImport, "project,organisation,side\r\nSCI-P-0001,Keppel,singapore\r\n") == [
        (
            None,
            "",
            "",
            "These columns are not in the file: role, position, name_as_announced, note_en, note_zh.",
        )
    ]


def test_column_there_twice_is_refused():
    text = "name_en,name_zh,suppressed,name_en\r\nTan,,no,Tan\r\n"
    assert problems(PersonImport, text) == [(None, "", "", "The column “name_en” is there twice.")]
    assert not Person.objects.exists()


@pytest.mark.parametrize("column", ["status", "published_at", "notes", "changed_by", "search_text", "id"])
def test_column_that_no_sheet_may_write_is_refused(column):
    lines = sheet(ProjectImport, {"title_en": "Twin"}).splitlines()
    found = problems(ProjectImport, f"{lines[0]},{column}\r\n{lines[1]},published\r\n")
    assert [reason.partition(" Did")[0] for *_, reason in found] == [f"There is no column “{column}” here."]
    assert not Project.objects.exists()


def test_columns_for_people_are_read_over():
    lines = sheet(ProjectImport, {"title_en": "Twin"}).splitlines()
    assert problems(ProjectImport, f"{lines[0]},partners_shenzhen_zh\r\n{lines[1]},anything\r\n") == []
    assert Project.objects.get().title_en == "Twin"


def test_column_without_a_heading_is_refused_in_words():
    lines = sheet(PersonImport, {"name_en": "Tan"}).splitlines()
    assert problems(PersonImport, f"{lines[0]},\r\n{lines[1]},x\r\n") == [
        (None, "", "", "There is no column “” here.")
    ]


# Rows


def test_reference_twice_in_a_file_is_refused():
    rows = [{"reference": "SCI-P-0007", "title_en": title} for title in ("One", "Two")]
    assert problems(ProjectImport, sheet(ProjectImport, *rows)) == [
        (3, "reference", "SCI-P-0007", "“SCI-P-0007” appears twice (rows 2 and 3).")
    ]


def test_rows_without_a_reference_are_each_a_new_record():
    assert problems(ProjectImport, sheet(ProjectImport, {"title_en": "One"}, {"title_en": "Two"})) == []
    assert list(Project.objects.values_list("reference", "title_en")) == [
        ("SCI-P-0001", "One"),
        ("SCI-P-0002", "Two"),
    ]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("Kepel", "Organisation “Kepel” is not known. Did you mean “Keppel”?"),
        ("SCI-O-0091", "Organisation “SCI-O-0091” is not known. Did you mean “SCI-O-0001”?"),
        ("深圳大学院", "Organisation “深圳大学院” is not known. Did you mean “深圳大学”?"),
        ("qqq", f"Organisation “qqq” is not known. {HOW_CREATED}"),
        (
            "Twins",
            "“Twins” names more than one organisation. Use the reference. "
            "Write one of: SCI-O-0002, SCI-O-0003.",
        ),
    ],
)
def test_unknown_organisation_is_refused_with_what_is_near(value, reason):
    make_organisation("Keppel", name_zh="深圳大学")
    make_organisation("Twins")
    make_organisation("Twins")
    project = make_project("Twin")
    text = sheet(PartnerImport, {"project": project.reference, "organisation": value})
    assert problems(PartnerImport, text) == [(2, "organisation", value, reason)]


@pytest.mark.parametrize("value", ["SCI-O-0001", "Keppel", "吉宝", "  Keppel "])
def test_organisation_is_found_by_reference_and_by_either_name(value):
    make_organisation("Keppel", name_zh="吉宝")
    project = make_project("Twin")
    text = sheet(PartnerImport, {"project": project.reference, "organisation": value})
    assert problems(PartnerImport, text) == []
    assert [str(partner) for partner in project.partners.all()] == ["Keppel"]


def test_unknown_sector_is_refused_not_dropped():
    text = sheet(ProjectImport, {"title_en": "Twin", "sectors": "energy; helth"})
    assert problems(ProjectImport, text) == [
        (2, "sectors", "energy; helth", "Sector “helth” is not known. Did you mean “health”?")
    ]
    assert not Project.objects.exists()


def test_end_before_start_is_refused():
    text = sheet(ProjectImport, {"title_en": "Twin", "started_on": "2024-02-01", "ended_on": "2024-01-31"})
    assert problems(ProjectImport, text) == [(2, "", "", "The end date is before the start date.")]
    assert not Project.objects.exists()


def test_end_in_the_year_of_the_start_is_no_contradiction():
    dates = {"started_on": "2024-05-09", "ended_on": "2024-01-01", "ended_on_precision": "year"}
    assert problems(ProjectImport, sheet(ProjectImport, {"title_en": "Twin"} | dates)) == []
    assert Project.objects.get().ended_on == datetime.date(2024, 12, 31)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("uen", "196800351Z", "This UEN has a wrong check letter."),
        ("uen", "12", "This is not a UEN, such as 200312345A."),
        ("uscc", "91110000600037341M", "This USCC has a wrong check character."),
        ("uscc", "12", "This is not a USCC: it has 18 characters."),
        ("website", "keppel", "Enter a valid URL."),
        ("kind", "firm", None),
        ("slug", "a b", None),
        ("reference", "SCI-P-0001", "Write the reference as SCI-O-0031."),
        ("reference", "sci-o-0001", "Write the reference as SCI-O-0031."),
    ],
)
def test_cell_of_an_organisation_is_refused(column, value, reason):
    kind = {"kind": ""}
    ((row, name, cell, told),) = problems(
        OrganisationImport, sheet(OrganisationImport, {"name_en": "Keppel"} | kind | {column: value})
    )
    assert (row, name, cell) == (2, column, value)
    assert told == (reason or told)
    assert not Organisation.objects.exists()


def test_right_uen_is_taken():
    text = sheet(OrganisationImport, {"name_en": "Keppel", "kind": "", "uen": "196800351N"})
    assert problems(OrganisationImport, text) == []
    assert Organisation.objects.get().uen == "196800351N"


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        (
            "started_on",
            "14.12.2023",
            "Write the date as 2023-12-14, not “14.12.2023”. Did you mean “2023-12-14”?",
        ),
        ("started_on", "2023-02-30", "Write the date as 2023-12-14, not “2023-02-30”."),
        ("started_on", "2023", "Write the date as 2023-12-14, not “2023”."),
        ("annex_item", "five", "“five” is not a whole number."),
        ("annex_item", "1.5", "“1.5” is not a whole number."),
        ("annex_item", "-1", "“-1” is not a whole number."),
        ("annex_item", "٣", "“٣” is not a whole number."),
        ("started_on_precision", "week", "“week” is not one of: day, month, year."),
        ("tier", "gold", "“gold” is not one of: flagship, key."),
        ("track", "", "“” is not one of: jic, zone, related."),
        ("pillar", "talents", "Pillar “talents” is not known. Did you mean “talent”?"),
        ("meeting", "SCI-C-0009", "Meeting “SCI-C-0009” is not known."),
        ("mous", "SCI-M-0009", "MOU “SCI-M-0009” is not known."),
        ("lead_singapore", "Keppel", f"Organisation “Keppel” is not known. {HOW_CREATED}"),
        ("title_en", "x" * 301, "Ensure this value has at most 300 characters (it has 301)."),
    ],
)
def test_cell_of_a_project_is_refused(column, value, reason):
    text = sheet(ProjectImport, {"title_en": "Twin", column: value})
    assert problems(ProjectImport, text) == [(2, column, value, reason)]
    assert not Project.objects.exists()


def test_every_bad_cell_of_every_row_is_told():
    rows = [
        {"title_en": "One", "tier": "gold", "annex_item": "x"},
        {"title_en": "Two"},
        {"title_en": "Three", "sectors": "none"},
    ]
    found = problems(ProjectImport, sheet(ProjectImport, *rows))
    assert sorted(problem[:3] for problem in found) == [
        (2, "annex_item", "x"),
        (2, "tier", "gold"),
        (4, "sectors", "none"),
    ]


def test_bad_cell_is_told_whatever_the_order_of_the_columns():
    rows = [line.split(",") for line in sheet(ProjectImport, {"title_en": "Twin", "tier": "gold"}).splitlines()]
    text = "\r\n".join(
        ",".join([people, *reversed(row)]) for people, row in zip(["partners", "x"], rows, strict=True)
    )
    assert problems(ProjectImport, text) == [(2, "tier", "gold", "“gold” is not one of: flagship, key.")]
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("value", "meant"),
    [("", ""), ("maybe", ""), ("True", " Did you mean “yes”?"), ("0", " Did you mean “no”?")],
)
def test_yes_or_no_is_written_as_such(value, meant):
    text = sheet(PersonImport, {"name_en": "Tan", "suppressed": value})
    told = f"Write “yes” or “no”, not “{value}”.{meant}"
    assert problems(PersonImport, text) == [(2, "suppressed", value, told)]


def test_apostrophe_of_the_guard_is_taken_away():
    text = sheet(ProjectImport, {"title_en": "'=SUM(A1)", "title_zh": "''=1", "summary_en": "'quoted'"})
    assert problems(ProjectImport, text) == []
    project = Project.objects.get()
    assert (project.title_en, project.title_zh, project.summary_en) == ("=SUM(A1)", "'=1", "'quoted'")


def test_explicit_reference_raises_the_counter():
    assert problems(ProjectImport, sheet(ProjectImport, {"reference": "SCI-P-0031", "title_en": "Twin"})) == []
    assert Project.objects.get().reference_number == 31
    assert make_project("Next").reference == "SCI-P-0032"


def test_lower_reference_leaves_the_counter():
    for _ in range(3):
        make_organisation()
    row = {"reference": "SCI-O-0002", "name_en": "Renamed", "kind": ""}
    assert problems(OrganisationImport, sheet(OrganisationImport, row)) == []
    assert make_organisation().reference == "SCI-O-0004"


def test_two_spellings_of_one_number_are_not_two_references():
    make_project("First")
    text = sheet(ProjectImport, {"reference": "SCI-P-00001", "title_en": "Second"})
    assert len(problems(ProjectImport, text)) == 1
    assert list(Project.objects.values_list("reference_number", flat=True)) == [1]


# What is accepted: sources leave much unsaid


def test_source_without_title_or_date_is_accepted():
    text = sheet(SourceImport, {"code": "hkcd4", "publisher": "A mirror", "kind": "mirror"})
    assert problems(SourceImport, text) == []
    assert (Source.objects.get().title, Source.objects.get().dated_on) == ("", None)


def test_address_of_600_characters_is_accepted():
    url = "http://email.example.com/ls/click?upn=" + "x" * 562
    row = {"code": "pr3", "publisher": "PR Newswire", "kind": "official", "url": url}
    assert problems(SourceImport, sheet(SourceImport, row)) == []
    assert len(Source.objects.get().url) == 600


def test_meeting_without_a_city_or_a_date_is_accepted():
    assert problems(MeetingImport, sheet(MeetingImport, {"number": "2"})) == []
    assert (Meeting.objects.get().slug, Meeting.objects.get().city) == ("2", "")


def test_meeting_of_the_committee_needs_its_number():
    words = "A JIC meeting needs its number; other meetings have none."
    assert problems(MeetingImport, sheet(MeetingImport, {})) == [(2, "", "", words)]
    visit = {"kind": "other", "number": "3", "title_en": "A visit"}
    assert problems(MeetingImport, sheet(MeetingImport, visit)) == [(2, "", "", words)]


def test_person_without_a_latin_name_is_accepted():
    assert problems(PersonImport, sheet(PersonImport, {"name_zh": "艾学峰"})) == []
    assert Person.objects.get().name == "艾学峰"


def test_person_without_any_name_is_refused():
    found = problems(PersonImport, sheet(PersonImport, {}))
    assert found == [(2, "", "", "Enter the name in at least one language.")]


def test_project_without_a_partner_is_accepted_and_can_be_published():
    assert problems(ProjectImport, sheet(ProjectImport, {"title_zh": "数字人"})) == []
    project = Project.objects.get()
    assert project.publication_problems() == ["No source is cited. Add one under “Sources”."]


def test_somebody_without_a_name_is_accepted_by_what_is_printed():
    make_meeting(4)
    row = {"meeting": "SCI-C-0001", "words_en": "a representative", "role": "co_chair"}
    assert problems(AttendanceImport, sheet(AttendanceImport, row)) == []
    assert problems(AttendanceImport, sheet(AttendanceImport, row | {"words_en": ""})) == [
        (2, "", "", "Choose a person, or give the words as printed.")
    ]


def test_figure_of_a_citation_must_be_on_record():
    make_meeting(4).figures.create(measure="mous", value=8)
    source = Source.objects.get()
    row = {"meeting": "SCI-C-0001", "measure": "mous", "scope": "meeting", "value": "9", "source": source.code}
    assert problems(FigureCitationImport, sheet(FigureCitationImport, row)) == [
        (2, "value", "9", "No such figure is on record for this meeting.")
    ]


# Through the admin


def words(response) -> str:
    return text_of(response.content.decode().partition("<main")[2])


@pytest.fixture
def officer(client):
    client.force_login(person(SINGAPORE_OFFICER))
    return client


@pytest.fixture
def manager(client):
    client.force_login(person(MANAGER))
    return client


def test_admin_imports_after_a_preview(officer):
    preview = upload(
        officer, "projects/project", sheet(ProjectImport, {"title_en": "Twin", "sectors": "energy"})
    )
    assert not Project.objects.exists()
    assert "Projects written: 1 added" in words(confirm(officer, "projects/project", preview))
    project = Project.objects.get()
    assert (project.status, project.changed_by.username) == ("draft", SINGAPORE_OFFICER)
    assert {version.history_user for version in project.history.all()} == {project.changed_by}


def test_admin_reads_gb18030_and_says_so(officer):
    file = sheet(ProjectImport, {"title_zh": "数字人营销"}).encode("gb18030")
    preview = upload(officer, "projects/project", file)
    assert "The file was read as GB18030." in text_of(preview.content.decode())
    confirm(officer, "projects/project", preview)
    assert Project.objects.get().title_zh == "数字人营销"


def test_admin_reads_utf8_and_says_nothing(officer):
    file = b"\xef\xbb\xbf" + sheet(ProjectImport, {"title_zh": "数字人营销"}).encode()
    preview = upload(officer, "projects/project", file)
    assert "GB18030" not in text_of(preview.content.decode())
    confirm(officer, "projects/project", preview)
    assert Project.objects.get().title_zh == "数字人营销"


def excel(*rows: list) -> bytes:
    """Return a workbook as a spreadsheet program saves it."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def excel_of(text: str, **cells) -> bytes:
    """Return a workbook of a CSV sheet with one row; `cells` are typed values in the place of texts."""
    header, row = (line.split(",") for line in text.splitlines())
    values = dict(zip(header, (value or None for value in row), strict=True)) | cells
    return excel(header, list(values.values()))


def test_admin_reads_excel_with_typed_cells(officer):
    text = sheet(ProjectImport, {"title_zh": "数字人"})
    file = excel_of(text, annex_letter="B", annex_item=5, started_on=datetime.datetime(2024, 2, 1))
    preview = upload(officer, "projects/project", file, "sheet.xlsx")
    confirm(officer, "projects/project", preview)
    project = Project.objects.get()
    assert (project.title_zh, project.annex_item) == ("数字人", 5)
    assert project.started_on == datetime.date(2024, 2, 1)


def test_admin_reads_over_empty_rows_of_excel(officer):
    header, row = (line.split(",") for line in sheet(PersonImport, {"name_zh": "艾学峰"}).splitlines())
    file = excel(header, row, [None] * len(header))
    preview = upload(officer, "organisations/person", file, "sheet.xlsx")
    confirm(officer, "organisations/person", preview)
    assert [person.name_zh for person in Person.objects.all()] == ["艾学峰"]


def test_admin_tells_of_an_excel_column_without_a_heading(officer):
    header, row = (line.split(",") for line in sheet(PersonImport, {"name_en": "Tan"}).splitlines())
    preview = upload(officer, "organisations/person", excel([*header, None], [*row, "x"]), "sheet.xlsx")
    assert "Cell D2 stands in a column without a heading." in words(preview)
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("name", "file", "told"),
    [
        ("a.csv", b"\xff\xfe\x00a", "The file is neither UTF-8 nor GB18030 text."),
        ("a.csv", b"name_en,name_zh,suppressed\r\nTan,\r\n", "Line 2 has 2 cells, the header has 3."),
        ("a.csv", b"", "The submitted file is empty."),
        ("a.xlsx", b"name_en,name_zh,suppressed\r\n", "This is not an Excel file."),
    ],
)
def test_admin_tells_why_a_file_cannot_be_read(officer, name, file, told):
    response = upload(officer, "organisations/person", file, name)
    assert response.status_code == 200
    assert told in text_of(response.content.decode())
    assert "confirm_form" not in response.context


def test_admin_writes_nothing_where_one_row_is_refused(officer):
    file = sheet(ProjectImport, {"title_en": "Good"}, {"title_en": "Bad", "tier": "gold"})
    preview = upload(officer, "projects/project", file)
    assert "“gold” is not one of: flagship, key." in words(preview)
    assert "confirm_form" not in preview.context
    assert not Project.objects.exists()


def test_admin_writes_nothing_where_a_row_is_refused_after_the_preview(officer):
    waiting = make_project("Waiting")
    rows = [{"title_en": "Good"}, {"reference": waiting.reference, "title_en": "Changed"}]
    preview = upload(officer, "projects/project", sheet(ProjectImport, *rows))
    published(waiting)
    answer = confirm(officer, "projects/project", preview)
    assert [project.title_en for project in Project.objects.all()] == ["Waiting"]
    assert "only a manager changes it" in words(answer)
    assert "written:" not in words(answer)


def test_admin_import_confirmed_twice_is_answered_in_words(officer):
    preview = upload(officer, "organisations/person", sheet(PersonImport, {"name_en": "Tan"}))
    officer.raise_request_exception = False
    answers = [confirm(officer, "organisations/person", preview).status_code for _ in range(2)]
    assert answers == [200, 200]
    assert Person.objects.count() == 1


def test_admin_refuses_a_sheet_without_a_stack_trace(officer):
    lines = sheet(PersonImport, {"name_en": "Tan"}).splitlines()
    told = words(upload(officer, "organisations/person", f"{lines[0]},post\r\n{lines[1]},Head\r\n"))
    assert "Row Column Value Reason Suggestion – – – There is no column “post” here." in told
    assert "Traceback" not in told


def test_admin_refuses_the_status_column(officer):
    text = sheet(ProjectImport, {"title_en": "Twin"})
    file = text.replace("\r\n", ",status\r\n", 1).replace("none\r\n", "none,published\r\n")
    assert "There is no column “status” here." in words(upload(officer, "projects/project", file))
    assert not Project.objects.exists()


def test_auditor_has_no_import(client):
    client.force_login(person(AUDITOR))
    assert upload(client, "projects/project", sheet(ProjectImport, {"title_en": "Twin"})).status_code == 403
    assert not Project.objects.exists()


# Published records


def test_officer_import_cannot_change_a_published_record(officer):
    project = published(make_project("Twin"))
    preview = upload(
        officer, "projects/project", sheet(ProjectImport, {"reference": project.reference, "title_en": "Other"})
    )
    assert "SCI-P-0001 is “Published”: only a manager changes it." in words(preview)
    project.refresh_from_db()
    assert project.title_en == "Twin"


@pytest.mark.parametrize("sectors", ["", "energy"])
def test_officer_import_cannot_change_the_sectors_of_a_published_record(officer, sectors):
    project = make_project("Twin")
    project.sectors.set(Sector.objects.filter(code="trade"))
    published(project)
    row = {"reference": project.reference, "title_en": "Twin", "sectors": sectors}
    preview = upload(officer, "projects/project", sheet(ProjectImport, row))
    assert "SCI-P-0001 is “Published”: only a manager changes it." in words(preview)
    assert [sector.code for sector in project.sectors.all()] == ["trade"]


def test_officer_import_cannot_add_a_row_to_a_published_record(officer):
    project, keppel = published(make_project("Twin", parties_known="some")), make_organisation("Keppel")
    file = sheet(PartnerImport, {"project": project.reference, "organisation": keppel.reference})
    preview = upload(officer, "projects/project", file, resource=1)
    assert "SCI-P-0001 is “Published”: only a manager changes it." in words(preview)
    assert not Partner.objects.exists()


def test_manager_import_changes_a_published_record(manager):
    project = published(make_project("Twin"))
    file = sheet(ProjectImport, {"reference": project.reference, "title_en": "Digital twin"})
    confirm(manager, "projects/project", upload(manager, "projects/project", file))
    project.refresh_from_db()
    assert (project.title_en, project.status) == ("Digital twin", "published")


def test_manager_import_cannot_make_a_published_record_unfit(manager):
    project, keppel = published(make_project("Twin", parties_known="some")), make_organisation("Keppel")
    file = sheet(PartnerImport, {"project": project.reference, "organisation": keppel.reference})
    preview = upload(manager, "projects/project", file, resource=1)
    assert "SCI-P-0001: Organisation “Keppel” is not published. Publish it first." in words(preview)
    assert not Partner.objects.exists()


# Our own exports

ADMINS = {
    "projects": "projects/project",
    "mous": "mous/mou",
    "organisations": "organisations/organisation",
    "meetings": "meetings/meeting",
}


@pytest.fixture
def rich_record():
    """A published record of each kind, with whatever is hard to bring back."""
    keppel = make_organisation(
        "=Keppel; Ltd",
        name_zh="吉宝",
        uen="196800351N",
        website="https://example.com/?a=1&b=“2”",
        kind="company",
    )
    part = make_organisation("@Part", parent=keppel, summary_en='Says "no", twice\n\nand ends')
    meeting = make_meeting(4, starts_on=datetime.date(2023, 12, 1), starts_on_precision="month", city_zh="深圳")
    visit = make_meeting(kind="other", title_en="-A visit", title_zh="访问", outcome_en="One\nTwo")
    mou = make_mou(
        "+E-invoicing",
        (keppel, "singapore"),
        meeting=meeting,
        batch=2,
        effective_on=datetime.date(2024, 1, 1),
        ends_on=datetime.date(2026, 12, 31),
        ends_on_precision="year",
        renews_automatically=True,
        renewal_months=24,
        pillar=Pillar.objects.get(code="talent"),
    )
    project = make_project(
        "'=Twin",
        (keppel, "singapore"),
        (part, "shenzhen"),
        title_zh="“孪生”",
        summary_en="Tab\there, comma; semicolon",
        meeting=meeting,
        annex_item=0,
        lead_singapore=part,
    )
    project.sectors.set(Sector.objects.all())
    project.mous.set([mou])
    for record in (keppel, part, meeting, visit, mou, project):
        published(record)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("listing", ADMINS)
def test_own_export_comes_back_without_a_change(manager, rich_record, listing, suffix):
    before = history_rows()
    file = body(manager.get(f"/zh-hans/{listing}/export.{suffix}"))
    preview = upload(manager, ADMINS[listing], file, f"sheet.{suffix}")
    assert {row.import_type for row in preview.context["result"]} == {"skip"}
    assert "written: 0 added, 0 changed" in words(confirm(manager, ADMINS[listing], preview))
    assert history_rows() == before


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_lines_as_a_browser_sends_them_come_back_without_a_change(manager, suffix):
    published(make_project("Twin", summary_en="One line\r\nand another"))
    file = body(manager.get(f"/en/projects/export.{suffix}"))
    preview = upload(manager, "projects/project", file, f"sheet.{suffix}")
    assert [row.import_type for row in preview.context["result"]] == ["skip"]


DERIVED = {"changed_at", "changed_by", "search_text", "sort_en", "sort_zh"}


def test_own_export_changed_in_one_cell_changes_that_cell(manager, rich_record):
    file = body(manager.get("/en/mous/export.csv")).decode().replace("'+E-invoicing", "E-invoicing")
    confirm(manager, "mous/mou", upload(manager, "mous/mou", file))
    after, before = MOU.objects.get().history.all()[:2]
    assert {change.field for change in after.diff_against(before).changes} - DERIVED == {"title_en"}
    assert (before.title_en, after.title_en) == ("+E-invoicing", "E-invoicing")
