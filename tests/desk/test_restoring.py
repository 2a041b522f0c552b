"""Deleted drafts come back with everything that hung on them."""

import pytest

from meetings.models import Meeting
from projects.models import Project
from tests.factories import make_meeting, make_organisation, make_project
from tests.people import AUDITOR, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db


def delete(client, record):
    opts = record._meta
    address = f"/admin/{opts.app_label}/{opts.model_name}/{record.pk}/delete/"
    page = client.get(address).text
    client.post(address, {"post": "yes"})
    assert not type(record)._base_manager.filter(pk=record.pk).exists()
    return page


def bring_back(client, record, follow=True):
    version = type(record).history.filter(id=record.pk, history_type="-").latest("history_id")
    opts = record._meta
    return client.post(
        f"/admin/{opts.app_label}/{opts.model_name}/deleted/", {"version": version.pk}, follow=follow
    )


def test_a_deleted_draft_comes_back_with_its_rows_links_and_reference(client):
    from initiative.models import Sector

    project = make_project("A project", (make_organisation("Keppel"), "singapore"), summary_zh="摘要")
    project.sectors.set(Sector.objects.all()[:2])
    project.milestones.create(title_en="Opened")
    client.force_login(person(SINGAPORE_OFFICER))
    page = delete(client, project)
    for hanging in ("Keppel", "Opened", "A report"):
        assert hanging in page
    assert project.reference in client.get("/admin/projects/project/deleted/").text
    answer = bring_back(client, project)
    assert "is on record again" in answer.text
    back = Project.objects.get(reference=project.reference)
    assert (back.pk, back.summary_zh, back.status, back.sectors.count()) == (project.pk, "摘要", "draft", 2)
    assert [row.organisation.name_en for row in back.partners.all()] == ["Keppel"]
    assert (back.milestones.count(), back.citations.count()) == (1, 1)
    assert project.reference not in client.get("/admin/projects/project/deleted/").text


def test_rows_of_rows_come_back(client):
    meeting = make_meeting(4)
    figure = meeting.figures.create(measure="projects", value=14)
    figure.citations.create(source=meeting.citations.get().source)
    client.force_login(person(SINGAPORE_OFFICER))
    delete(client, meeting)
    bring_back(client, meeting)
    assert Meeting.objects.get(pk=meeting.pk).figures.get().citations.count() == 1


def test_what_it_needs_and_is_gone_is_said_in_words(client):
    meeting = make_meeting(4)
    client.force_login(person(SINGAPORE_OFFICER))
    delete(client, meeting)
    make_meeting(4)
    answer = bring_back(client, meeting)
    assert "already exists" in answer.text
    assert Meeting.objects.count() == 1


def test_bringing_back_twice_makes_one(client):
    project = make_project()
    client.force_login(person(SINGAPORE_OFFICER))
    delete(client, project)
    bring_back(client, project)
    assert "not there to be brought back" in bring_back(client, project).text
    assert Project.objects.count() == 1


def test_who_sees_and_brings_back(client):
    project, kept = make_project("A project"), make_project("Kept draft", kept_by="singapore")
    client.force_login(person(SINGAPORE_OFFICER))
    delete(client, project)
    delete(client, kept)
    for who in ROLES:
        client.force_login(person(who))
        page = client.get("/admin/projects/project/deleted/").text
        assert project.reference in page
        assert (kept.reference in page) == (who not in (SHENZHEN_OFFICER, "other.manager")), who
    client.force_login(person(SHENZHEN_OFFICER))
    bring_back(client, kept)
    assert not Project.objects.exists()
    client.force_login(person(AUDITOR))
    assert bring_back(client, project).status_code == 403
    client.logout()
    assert client.get("/admin/projects/project/deleted/").status_code == 302


@pytest.mark.parametrize("given", ["", "abc", "999999", "²"])
def test_a_wrong_version_is_told(client, given):
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.post("/admin/projects/project/deleted/", {"version": given}, follow=True)
    assert "not there to be brought back" in answer.text


def test_an_empty_list_says_so(client):
    client.force_login(person(SINGAPORE_OFFICER))
    assert "Nothing is deleted." in client.get("/admin/organisations/person/deleted/").text
