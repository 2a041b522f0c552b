"""Who takes sheets away and who brings them in, and what one side keeps to itself."""

import pytest
from django.utils.timezone import localdate

from listing.sheets import decode, read_csv
from listing.workbooks import read_xlsx
from meetings.imports import ActionImport, DecisionImport
from meetings.models import Action, Decision
from organisations.imports import OrganisationImport
from organisations.models import Organisation
from projects.imports import PartnerImport, ProjectImport
from projects.models import Project
from tests.desk.sheets import every_sheet, offer, take
from tests.factories import make_meeting, make_organisation, make_project
from tests.listing.uploads import confirm, problems, sheet
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db
SHEETS = every_sheet()


# Who may


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER, AUDITOR])
@pytest.mark.parametrize("content", ["template", "record"])
def test_all_staff_may_take_sheets_away(client, who, content):
    client.force_login(person(who))
    answer = take(client, "projects/project", ProjectImport, content, "csv")
    assert answer.status_code == 200
    name = f"project-{content}.csv" if content == "template" else f"sci-project-{content}-{localdate()}.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_stranger_takes_nothing(client):
    make_project("Secret")
    for suffix in ("csv", "xlsx"):
        answer = take(client, "projects/project", ProjectImport, "record", suffix)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/admin/login/")
    for page in ("import", "sheets"):
        assert client.get(f"/admin/projects/project/{page}/").status_code == 302


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER])
def test_those_who_enter_records_see_the_form(client, who):
    client.force_login(person(who))
    page = client.get("/admin/projects/project/import/")
    assert "form" in page.context
    assert b'type="file"' in page.content


def test_auditor_sees_sheets_and_no_form(client):
    client.force_login(person(AUDITOR))
    page = client.get("/admin/projects/project/sheets/").content
    assert b'type="file"' not in page
    assert b"/admin/projects/project/sheets/project-record.csv" in page
    assert b"/admin/projects/project/sheets/" in client.get("/admin/projects/project/").content
    assert offer(client, "projects/project", ProjectImport, b"x").status_code == 403
    assert client.post("/admin/projects/project/process_import/").status_code == 403


def test_officers_take_pillars_and_do_not_bring_them(client):
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.get("/admin/initiative/pillar/sheets/").status_code == 200
    assert client.get("/admin/initiative/pillar/import/").status_code == 403
    client.force_login(person(MANAGER))
    assert b'type="file"' in client.get("/admin/initiative/pillar/import/").content


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER, AUDITOR])
@pytest.mark.parametrize("kind", sorted({kind for kind, _resource in SHEETS}))
def test_page_of_sheets_is_open_to_all_staff(client, who, kind):
    client.force_login(person(who))
    assert client.get(f"/admin/{kind}/sheets/").status_code == 200


def test_staff_without_a_role_take_nothing(client, django_user_model):
    client.force_login(django_user_model.objects.create(username="nobody", is_staff=True))
    assert take(client, "projects/project", ProjectImport, "record", "csv").status_code == 403
    assert client.get("/admin/projects/project/import/").status_code == 403
    assert client.get("/admin/projects/project/sheets/").status_code == 403


@pytest.mark.parametrize("name", ["user-record.csv", "project-all.csv", "project-record.pdf", "mou-record.csv"])
def test_sheet_that_is_not_there_is_not_found(client, name):
    client.force_login(person(MANAGER))
    assert client.get(f"/admin/projects/project/sheets/{name}").status_code == 404


# What one side keeps to itself


@pytest.fixture
def kept():
    """A shared meeting with a decision of Shenzhen's alone, on an agenda item of Shenzhen's alone."""
    meeting = make_meeting(4)
    own = {"visibility": "own_side", "owner_side": "shenzhen"}
    item = meeting.agenda_items.create(position=1, title_en="Hidden item", **own)
    meeting.decisions.create(number=1, text_en="Hidden decision", **own)
    meeting.decisions.create(number=2, text_en="Shared decision", agenda_item=item)
    make_project("Hidden project", kept_by="shenzhen")
    return meeting


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_export_never_holds_what_the_other_side_keeps(client, kept, suffix):
    client.force_login(person(SINGAPORE_OFFICER))
    read = read_xlsx if suffix == "xlsx" else lambda data: read_csv(decode(data)[0])
    for kind, resource in SHEETS:
        rows = read(take(client, kind, resource, "record", suffix).content)
        assert "Hidden" not in "".join("".join(row) for row in rows)
    client.force_login(person(SHENZHEN_OFFICER))
    rows = read(take(client, "meetings/meeting", DecisionImport, "record", suffix).content)
    assert [row[2] for row in rows] == ["", "1. Hidden item"]


def test_link_to_what_is_hidden_stays_through_a_round_trip(client, kept):
    client.force_login(person(SINGAPORE_OFFICER))
    file = take(client, "meetings/meeting", DecisionImport, "record", "csv").content
    assert "SCI-C-0001,2,,Shared decision" in file.decode()
    changed = file.replace(b"Shared decision", b"Shared, and changed")
    changed = changed.replace(b"Shared, and changed", b'"Shared, and changed"')
    preview = offer(client, "meetings/meeting", DecisionImport, changed)
    confirm(client, "meetings/meeting", preview)
    decision = kept.decisions.get(number=2)
    assert (decision.text_en, str(decision.agenda_item)) == ("Shared, and changed", "Hidden item")


def test_drafts_are_in_the_export_of_staff(client):
    make_project("A draft")
    make_project("Own draft", kept_by="singapore")
    client.force_login(person(SINGAPORE_OFFICER))
    rows = read_csv(decode(take(client, "projects/project", ProjectImport, "record", "csv").content)[0])
    assert [row[1] for row in rows] == ["A draft", "Own draft"]


TAKEN = "This is taken already. Choose another."


def test_reference_of_a_hidden_record_answers_as_a_number_given_before():
    told = "No record here has this reference, and it was given before. Leave it empty for a new record."
    hidden, deleted = make_project("Hidden", kept_by="shenzhen"), make_project("Deleted")
    deleted.delete()
    for reference in (hidden.reference, "SCI-P-0002"):
        text = sheet(ProjectImport, {"reference": reference, "title_en": "Mine"})
        assert problems(ProjectImport, text) == [(2, "reference", reference, told)]
    assert [project.title_en for project in Project.objects.all()] == ["Hidden"]


def test_hidden_record_is_not_known_and_never_near():
    hidden = make_project("Hidden", kept_by="shenzhen")
    make_organisation("Keppel")
    text = sheet(PartnerImport, {"project": hidden.reference, "organisation": "Keppel"})
    assert problems(PartnerImport, text) == [(2, "project", "SCI-P-0001", "Project “SCI-P-0001” is not known.")]
    assert problems(PartnerImport, text, by=SHENZHEN_OFFICER) == []


def test_hidden_organisation_is_not_offered_by_name():
    make_organisation("Keppel Secret", kept_by="shenzhen")
    project = make_project("Twin")
    text = sheet(PartnerImport, {"project": project.reference, "organisation": "Keppel Secrett"})
    ((_row, column, _value, words),) = problems(PartnerImport, text)
    assert (column, "Did you mean" in words) == ("organisation", False)
    assert words.startswith("Organisation “Keppel Secrett” is not known.")


def test_number_of_a_hidden_row_is_taken_in_words(kept):
    row = {"meeting": kept.reference, "number": "1", "text_en": "Mine", "visibility": "both_sides"}
    assert problems(DecisionImport, sheet(DecisionImport, row)) == [(2, "", "", TAKEN)]
    hidden = Decision.objects.get(number=1)
    assert (hidden.text_en, hidden.owner_side) == ("Hidden decision", "shenzhen")


def test_slug_of_a_hidden_organisation_is_taken_in_words():
    make_organisation("Secret", slug="secret", kept_by="shenzhen")
    text = sheet(OrganisationImport, {"name_en": "Mine", "kind": "", "slug": "secret"})
    assert problems(OrganisationImport, text) == [(2, "slug", "secret", TAKEN)]


def test_nobody_enters_a_row_that_only_the_other_side_would_see():
    meeting = make_meeting(4)
    row = {"meeting": meeting.reference, "number": "1", "owner_side": "shenzhen", "visibility": "own_side"}
    text = sheet(ActionImport, row | {"state": "open"})
    told = "A row kept by one side is entered by that side. Choose your own side, or both sides."
    assert problems(ActionImport, text) == [(2, "owner_side", "shenzhen", told)]
    assert not Action.objects.exists()
    assert problems(ActionImport, text, by=SHENZHEN_OFFICER) == []


def test_row_of_a_draft_kept_by_one_side_is_entered_by_that_side():
    mine, keppel = make_project("Mine", kept_by="singapore"), make_organisation("Keppel")
    text = sheet(PartnerImport, {"project": mine.reference, "organisation": keppel.reference})
    assert problems(PartnerImport, text) == []
    assert Organisation.objects.get().partnerships.get().project == mine
