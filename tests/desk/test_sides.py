"""What one side keeps to itself the other never sees, on any page that staff have."""

import pytest
from django.core.exceptions import ValidationError

from mous.models import MOU
from projects.models import Project
from publishing.models import Status
from publishing.workflow import move
from tests.desk.forms import add_row, change_address, open_form, send
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
OTHERS = (SHENZHEN_OFFICER, OTHER_MANAGER)


def kept_records():
    return [
        make_organisation("Kept body", kept_by="singapore"),
        make_meeting(9, kept_by="singapore", venue_en="Kept venue"),
        make_mou("Kept MOU", kept_by="singapore"),
        make_project("Kept project", kept_by="singapore"),
    ]


def list_address(record) -> str:
    return change_address(record).removesuffix(f"{record.pk}/change/")


def test_a_kept_draft_is_on_no_page_of_the_other_side(client):
    records = kept_records()
    words = {word for record in records for word in (str(record), record.reference)}
    for who in OTHERS:
        client.force_login(person(who))
        for record in records:
            base = list_address(record)
            pages = [base, f"{base}?q=kept"]
            pages += [f"{base}{record.pk}/{page}/" for page in ("change", "history", "delete")]
            for page in pages:
                assert not [word for word in words if word in client.get(page).text], (page, who)
            assert client.post(f"{base}{record.pk}/delete/", {"post": "yes"}).status_code in (302, 404)
            client.post(base, {"action": "publish", "_selected_action": [record.pk]})
        # What was refused leads here, and all that was said of it.
        assert not [word for word in words if word in client.get("/admin/").text], who
    for record in records:
        record.refresh_from_db()
        assert record.status == Status.DRAFT
        for who in (SINGAPORE_OFFICER, MANAGER, AUDITOR):
            client.force_login(person(who))
            assert record.reference in client.get(list_address(record)).text


def test_a_kept_body_is_in_no_autocomplete_and_no_choice_of_the_other_side(client):
    body = make_organisation("Kept body", kept_by="singapore")
    project = make_project()
    where = {"app_label": "projects", "model_name": "partner", "field_name": "organisation", "term": "Kept"}
    client.force_login(person(SHENZHEN_OFFICER))
    found = client.get("/admin/autocomplete/", where).json()["results"]
    assert "Kept body" not in str(found)
    data = add_row(
        open_form(client, change_address(project)), "partners", organisation=body.pk, side="shenzhen"
    )
    answer = send(client, change_address(project), data)
    assert (answer.status_code, project.partners.count()) == (200, 0)
    assert "Kept body" not in answer.text


def test_a_shared_record_names_no_kept_one(client):
    body, project = make_organisation("Kept body", kept_by="singapore"), make_project()
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    data = add_row(data, "partners", organisation=body.pk, side="singapore")
    answer = send(client, change_address(project), data)
    assert "“Kept body” (SCI-O-0001) is kept by one side." in answer.text
    assert not project.partners.exists()
    assert send(client, change_address(project), data, kept_by="singapore").status_code == 302
    shared = send(client, change_address(project), open_form(client, change_address(project)), kept_by="")
    assert "is kept by one side." in shared.text
    project.refresh_from_db()
    assert project.kept_by == "singapore"


def test_what_a_shared_record_names_cannot_be_kept_any_longer(client):
    body = make_organisation("A body")
    make_project("Shared", (body, "singapore"))
    client.force_login(person(SINGAPORE_OFFICER))
    answer = send(client, change_address(body), open_form(client, change_address(body)), kept_by="singapore")
    assert "is kept by one side." in answer.text
    body.refresh_from_db()
    assert body.kept_by == ""


def test_publishing_shares_a_record():
    project = make_project("Kept project", kept_by="singapore")
    published(project)
    assert (project.kept_by, project.is_published) == ("", True)
    project.kept_by = "singapore"
    with pytest.raises(ValidationError, match="kept by neither side"):
        project.full_clean()


def test_nobody_keeps_a_draft_for_the_other_side(client):
    client.force_login(person(SHENZHEN_OFFICER))
    data = open_form(client, "/admin/projects/project/add/")
    assert (
        send(client, "/admin/projects/project/add/", data, title_en="x", kept_by="singapore").status_code == 200
    )
    assert (
        send(client, "/admin/projects/project/add/", data, title_en="x", kept_by="shenzhen").status_code == 302
    )
    assert Project.objects.get().kept_by == "shenzhen"


@pytest.mark.parametrize("who", OTHERS)
def test_notes_and_file_references_of_a_side_are_its_own(client, who):
    project = make_project(notes_singapore="Secret note", file_reference_singapore="SG/1", notes="Shared note")
    client.force_login(person(who))
    page = client.get(change_address(project)).text
    assert "Shared note" in page
    assert "Secret note" not in page and "SG/1" not in page and "notes_singapore" not in page
    data = open_form(client, change_address(project))
    send(client, change_address(project), data, notes_singapore="Overwritten", notes_shenzhen="深圳")
    project.refresh_from_db()
    assert (project.notes_singapore, project.notes_shenzhen) == ("Secret note", "深圳")
    client.force_login(person(AUDITOR))
    assert "Secret note" in client.get(change_address(project)).text


def test_a_copy_takes_no_notes_of_a_side_along(client):
    project = make_project(notes_singapore="Secret note", file_reference_singapore="SG/1")
    client.force_login(person(SHENZHEN_OFFICER))
    page = client.get(f"/admin/projects/project/add/?copy={project.pk}").text
    assert "Secret note" not in page and "SG/1" not in page


def test_a_conflict_tells_nothing_of_what_the_other_side_keeps(client):
    from django.test import Client

    meeting = make_meeting(4)
    client.force_login(person(SHENZHEN_OFFICER))
    mine = open_form(client, change_address(meeting))
    other = Client()
    other.force_login(person(SINGAPORE_OFFICER))
    data = open_form(other, change_address(meeting))
    data = add_row(
        data, "decisions", number=1, text_en="Kept apart", visibility="own_side", owner_side="singapore"
    )
    assert send(other, change_address(meeting), data, notes_singapore="Secret note").status_code == 302
    # Nothing that this person can see was changed: no conflict.
    assert send(client, change_address(meeting), mine, venue_en="Hall").status_code == 302
    meeting.refresh_from_db()
    assert (meeting.venue_en, meeting.notes_singapore, meeting.decisions.count()) == ("Hall", "Secret note", 1)


def test_nothing_kept_is_public(client):
    for record in kept_records():
        assert client.get(record.get_absolute_url()).status_code == 404
    project = published(make_project("Shown", notes_singapore="Secret note", file_reference_shenzhen="SZ/1"))
    for address in (project.get_absolute_url(), "/en/projects/export.csv", "/en/projects/export.json"):
        text = b"".join(client.get(address)).decode()
        assert "Secret note" not in text and "SZ/1" not in text


def test_a_manager_of_the_other_side_does_not_move_a_kept_draft_by_action(client):
    mou = make_mou("Kept MOU", kept_by="singapore")
    client.force_login(person(OTHER_MANAGER))
    answer = client.post("/admin/mous/mou/", {"action": "publish", "_selected_action": [mou.pk]}, follow=True)
    assert "Kept MOU" not in answer.text
    assert MOU.objects.get().status == Status.DRAFT
    move(mou, "published", by=person(MANAGER))
