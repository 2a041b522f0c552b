"""The translator's sheet and its answers: what goes out, what comes back, what is refused in words."""

import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from initiative.models import Source, Term
from listing.sheets import MOST_ROWS
from projects.models import Project
from publishing.authorship import acting
from sci_portal.language_sheets import COLUMNS, first_lines
from sci_portal.language_work import Wanted
from tests.factories import make_meeting, make_mou, make_organisation, make_project, make_source, published
from tests.listing.uploads import history_rows
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
PAGE = "/admin/languages/"


def exported(client, who: str = SINGAPORE_OFFICER, query: str = "") -> list[dict]:
    """Return the rows of the CSV sheet that a person gets."""
    client.force_login(person(who))
    answer = client.get(f"{PAGE}sheet.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def as_csv(rows: list[dict], encoding: str = "utf-8-sig") -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode(encoding)


def upload(client, rows, who: str = SINGAPORE_OFFICER, name: str = "back.csv"):
    client.force_login(person(who))
    data = rows if isinstance(rows, bytes) else as_csv(rows)
    return client.post(f"{PAGE}answers/", {"sheet": SimpleUploadedFile(name, data)})


def confirm(client, preview, **changes):
    data = {"confirm": preview.context["token"], "sum": preview.context["answers"].sum}
    return client.post(f"{PAGE}answers/", data | changes, follow=True)


def problems(preview) -> list[tuple]:
    return preview.context["answers"].problems


# Out --------------------------------------------------------------------------------------------


def test_sheet_holds_what_is_asked_for(client):
    Term.objects.create(english="port", chinese_singapore="港口; 码头", chinese_shenzhen="港口")
    project = make_project("Two ports")
    project.milestones.create(title_zh="启动")
    milestone = project.milestones.get()
    make_organisation("Keppel")
    assert exported(client) == [
        {
            "key": f"projects.project:{project.reference}:title",
            "record": f"{project.reference} Two ports",
            "field": "Title (Chinese) / 标题（中文）",
            "language": "zh",
            "source_text": "Two ports",
            "present_text": "",
            "your_text": "",
            "terms": "port = 港口 / 码头",
        },
        {
            "key": f"projects.milestone:{milestone.pk}:title",
            "record": f"{project.reference} Two ports › Milestone: 启动",
            "field": "Title (English) / 标题（英文）",
            "language": "en",
            "source_text": "启动",
            "present_text": "",
            "your_text": "",
            "terms": "",
        },
    ]
    assert [row["language"] for row in exported(client, query="?matter=no_en")] == ["en"]


@pytest.mark.parametrize("matter", ["names", "intended"])
def test_names_are_in_no_sheet(client, matter):
    make_organisation("Keppel")
    assert exported(client, query=f"?matter={matter}") == []


def test_what_one_side_keeps_is_not_in_the_others_sheet(client):
    make_project("Kept", kept_by="singapore")
    meeting = make_meeting()
    meeting.agenda_items.create(title_en="Kept", visibility="own_side", owner_side="singapore")
    counts = {who: len(exported(client, who)) for who in ROLES}
    assert counts == {SINGAPORE_OFFICER: 2, MANAGER: 2, AUDITOR: 2, SHENZHEN_OFFICER: 0, OTHER_MANAGER: 0}


def test_excel_holds_the_same_and_runs_nothing(client):
    make_project("=1+1", summary_en="'-5\nand more")
    client.force_login(person(SINGAPORE_OFFICER))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}sheet.xlsx").content))
    data = book["data"]
    cells = [[cell.value or "" for cell in row] for row in data.iter_rows()]
    assert cells[0] == list(COLUMNS)
    assert [row[4] for row in cells[1:]] == ["'=1+1", "''-5\nand more"]
    assert {cell.data_type for row in data.iter_rows() for cell in row} <= {"s", "n"}
    assert (data.freeze_panes, book.sheetnames) == ("B2", ["data", "about"])
    assert "Write in the column your_text only" in str(
        [c.value for row in book["about"].iter_rows() for c in row]
    )


def test_sheet_that_is_not_there(client):
    client.force_login(person(MANAGER))
    assert client.get(f"{PAGE}sheet.pdf").status_code == 400


def test_sheet_holds_no_more_than_comes_back(monkeypatch):
    for number in range(3):
        make_project(f"Port {number}")
    monkeypatch.setattr("sci_portal.language_sheets.MOST_ROWS", 2)
    assert len(first_lines(Wanted(person(MANAGER)))) == 2 < MOST_ROWS


# And back ---------------------------------------------------------------------------------------


def test_answers_are_shown_and_then_written(client):
    project = make_project("Two ports", summary_en="A summary.", summary_zh="简介")
    with acting(person(SINGAPORE_OFFICER)):
        project.summary_en = "A longer summary."
        project.save()
    rows = exported(client)
    assert [row["present_text"] for row in rows] == ["", "简介"]
    rows[0]["your_text"], rows[1]["your_text"] = "两个港口", "较长的简介"
    before = history_rows()
    preview = upload(client, rows)
    text = preview.content.decode()
    assert history_rows() == before
    assert '<p lang="zh-Hans"><span>简介</span></p>' in text
    assert '<p lang="zh-Hans"><ins>较长的</ins><span>简介</span></p>' in text
    answer = confirm(client, preview)
    project.refresh_from_db()
    assert "2 texts were written." in answer.content.decode()
    assert (project.title_zh, project.summary_zh, project.outdated) == ("两个港口", "较长的简介", "")
    last = project.history.first()
    assert (history_rows(), last.history_change_reason) == (before + 1, "From the translator's sheet")
    assert (last.history_user, project.changed_by) == (person(SINGAPORE_OFFICER),) * 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_csv_of_either_encoding_is_read(client, encoding):
    make_project("Two ports")
    rows = exported(client)
    rows[0]["your_text"] = "两个港口"
    confirm(client, upload(client, as_csv(rows, encoding)))
    assert Project.objects.get().title_zh == "两个港口"


def test_excel_goes_out_and_comes_back(client):
    make_project("=1+1", summary_en="Two\nlines.")
    client.force_login(person(SINGAPORE_OFFICER))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}sheet.xlsx").content))
    for row, text in ((2, "-5"), (3, "两行\n文字")):
        book["data"].cell(row, list(COLUMNS).index("your_text") + 1).value = text
    file = io.BytesIO()
    book.save(file)
    preview = upload(client, file.getvalue(), name="back.XLSX")
    assert problems(preview) == []
    assert "no Chinese character" in preview.content.decode()
    confirm(client, preview)
    project = Project.objects.get()
    assert (project.summary_zh, project.title_zh) == ("两行\n文字", "-5")


def test_rows_without_an_answer_are_counted_and_left(client):
    make_project("Two ports", summary_en="A summary.")
    preview = upload(client, exported(client))
    answers = preview.context["answers"]
    assert (answers.empty, answers.ready) == (2, [])
    assert "There is nothing to write." in preview.content.decode()


def test_same_text_for_an_older_one_is_noted_as_still_right(client):
    project = make_project("Ports", title_zh="港口")
    project.title_en = "The ports"
    project.save()
    rows = exported(client)
    rows[0]["your_text"] = "港口"
    before = history_rows()
    confirm(client, upload(client, rows))
    project.refresh_from_db()
    assert (project.outdated, history_rows()) == ("", before)


def test_source_notes_and_figures_citations_are_written_too(client):
    make_source(code="pr9", note_en="A note.")
    meeting = make_meeting()
    figure = meeting.figures.create(measure="mous", value=8)
    citation = figure.citations.create(source=make_source(), says_en="Eight.")
    rows = exported(client)
    for row in rows:
        row["your_text"] = "八份"
    assert len(rows) == 2
    confirm(client, upload(client, rows))
    citation.refresh_from_db()
    assert (citation.says_zh, Source.objects.get(code="pr9").note_zh) == ("八份", "八份")


# Refused ----------------------------------------------------------------------------------------


def one_row(client, **cells) -> list[dict]:
    rows = exported(client)
    return [rows[0] | {"your_text": "港口"} | cells]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"key": "projects.project:SCI-P-9999:title"}, "key", "No text that you can see has this key."),
        ({"key": "projects.project:title"}, "key", "No text that you can see has this key."),
        ({"key": "auth.user:1:password"}, "key", "No text that you can see has this key."),
        ({"key": "projects.milestone:" + "9" * 30 + ":title"}, "key", "No text that you can see"),
        ({"key": ""}, "key", "No text that you can see has this key."),
        ({"language": "fr"}, "language", "Write “en” or “zh”"),
        ({"source_text": "Other ports"}, "source_text", "The source text was changed since the export."),
        ({"your_text": "港" * 301}, "your_text", "at most 300 characters"),
    ],
)
def test_bad_row_is_refused_in_words(client, cells, column, reason):
    make_project("Ports")
    (row, where, value, said) = problems(upload(client, one_row(client, **cells)))[0]
    assert (row, where) == (2, column)
    assert value == (one_row(client, **cells)[0][column])
    assert reason in said


def test_bad_rows_are_left_out_and_the_others_written(client):
    make_project("Ports")
    make_project("Roads")
    rows = exported(client)
    for row in rows:
        row["your_text"] = "港口"
    rows[0]["source_text"] = "Changed"
    preview = upload(client, rows)
    assert len(problems(preview)) == 1
    confirm(client, preview)
    assert list(Project.objects.order_by("pk").values_list("title_zh", flat=True)) == ["", "港口"]


def test_same_key_twice_is_refused(client):
    make_project("Ports")
    rows = one_row(client) * 2
    assert "appears twice (rows 2 and 3)" in problems(upload(client, rows))[0][3]


def test_name_is_not_translated(client):
    organisation = make_organisation("Keppel")
    make_project("Ports")
    rows = one_row(
        client, key=f"organisations.organisation:{organisation.reference}:name", source_text="Keppel"
    )
    assert problems(upload(client, rows))[0][3].startswith("Names are only as a source prints them")


def test_english_wanted_and_chinese_given_is_a_warning(client):
    make_project("", title_zh="港口")
    preview = upload(client, one_row(client))
    assert [one.warnings for one in preview.context["answers"].same] == []
    preview = upload(client, one_row(client, your_text="口岸"))
    assert "no Latin letter" in preview.content.decode()


def test_text_written_since_the_export_is_pointed_at(client):
    project = make_project("Ports")
    rows = one_row(client)
    project.title_zh = "口岸"
    project.save()
    assert "look at what is replaced" in upload(client, rows).content.decode()


def test_hidden_draft_is_not_found_by_its_key(client):
    make_project("Ports", kept_by="singapore")
    rows = one_row(client)
    assert problems(upload(client, rows)) == []
    refused = problems(upload(client, rows, OTHER_MANAGER))
    unknown = problems(upload(client, [rows[0] | {"key": "projects.project:SCI-P-9999:title"}], OTHER_MANAGER))
    assert refused[0][3] == unknown[0][3]


def test_published_records_are_answered_by_managers(client):
    project = published(make_project("Ports"))
    rows = one_row(client)
    said = problems(upload(client, rows, SINGAPORE_OFFICER))
    assert said[0][3] == f"{project.reference} is “Published”: only a manager changes it."
    assert problems(upload(client, rows, SHENZHEN_OFFICER)) != []
    assert problems(upload(client, rows, OTHER_MANAGER)) == []
    confirm(client, upload(client, rows, MANAGER))
    project.refresh_from_db()
    assert (project.title_zh, project.status) == ("港口", "published")


def test_source_that_published_records_name_is_answered_by_managers(client):
    project = make_project("", title_zh="港口", summary_en="S", summary_zh="S")
    source = project.citations.get().source
    source.note_en = "A note."
    source.save()
    published(project)
    rows = [row for row in exported(client) if row["key"].startswith("initiative")]
    rows[0]["your_text"] = "说明"
    assert "only a manager changes it" in problems(upload(client, rows))[0][3]
    assert problems(upload(client, rows, MANAGER)) == []


@pytest.mark.parametrize(
    ("who", "code"), [(SINGAPORE_OFFICER, 200), (SHENZHEN_OFFICER, 200), (MANAGER, 200), (AUDITOR, 403)]
)
def test_who_may_take_in_answers(client, who, code):
    client.force_login(person(who))
    assert client.get(f"{PAGE}answers/").status_code == code
    assert client.post(f"{PAGE}answers/", {"confirm": "x"}).status_code == (302 if code == 200 else 403)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("back.csv", b"", "These columns are not in the file"),
        ("back.csv", b"key,language,source_text,your_text,note\n", "There is no column “note” here."),
        ("back.csv", b"key,key,language,source_text,your_text\n", "The column “key” is there twice."),
        ("back.csv", b"key,language\n", "source_text, your_text"),
        ("back.csv", b"\xff\xfe\x00", "neither UTF-8 nor GB18030"),
        ("back.csv", b"key,language,source_text,your_text\na,b\n", "Line 2 has 2 cells"),
        ("back.xlsx", b"not a workbook", "This is not an Excel file."),
        ("back.xlsx", b"PK\x03\x04broken", "This is not an Excel file."),
        ("back.pdf", b"%PDF", "There is no column “%PDF” here."),
        ("back.csv", b"key,language,source_text,your_text\n" + b"k,zh,s,t\n" * 2001, "more than 2000 rows"),
    ],
)
def test_bad_file_is_refused_in_words(client, name, data, said):
    assert said in upload(client, data, name=name).content.decode()


def test_no_file_at_all(client):
    client.force_login(person(SINGAPORE_OFFICER))
    assert "Choose the file that came back." in client.post(f"{PAGE}answers/").content.decode()


# Confirmed once ---------------------------------------------------------------------------------


def test_confirming_twice_writes_once(client):
    project = make_project("Ports")
    preview = upload(client, one_row(client))
    confirm(client, preview)
    versions = project.history.count()
    again = confirm(client, preview)
    assert "confirmed already, or its file is gone" in again.content.decode()
    assert project.history.count() == versions == 2


def test_sheet_of_another_person_is_not_found(client):
    make_project("Ports")
    preview = upload(client, one_row(client))
    client.force_login(person(SHENZHEN_OFFICER))
    confirm(client, preview)
    assert Project.objects.get().title_zh == ""


def test_what_changed_since_the_preview_is_shown_again(client):
    project = make_project("Ports")
    preview = upload(client, one_row(client))
    project.title_zh = "口岸"
    project.save()
    again = confirm(client, preview)
    assert "Something was changed since this preview" in again.content.decode()
    project.refresh_from_db()
    assert project.title_zh == "口岸"
    confirm(client, again)
    project.refresh_from_db()
    assert project.title_zh == "港口"


def test_one_bad_end_writes_nothing(client, monkeypatch):
    """A published record that would be unfit takes the whole sheet back."""
    first, second = make_project("Ports"), published(make_mou("Roads"))
    rows = exported(client, MANAGER)
    for row in rows:
        row["your_text"] = "港口"
    preview = upload(client, rows, MANAGER)
    # Unfit already, by a way that skips every rule.
    type(second)._base_manager.filter(pk=second.pk).update(parties_known="")
    answer = confirm(client, preview)
    assert "Say whether all, some or none of the parties are known." in answer.content.decode()
    first.refresh_from_db()
    assert first.title_zh == ""


def test_files_do_not_pile_up(client, settings):
    make_project("Ports")
    for _time in range(3):
        preview = upload(client, one_row(client))
    folder = settings.MEDIA_ROOT / "imports"
    assert len(list(folder.iterdir())) == 1
    confirm(client, preview)
    assert list(folder.iterdir()) == []
