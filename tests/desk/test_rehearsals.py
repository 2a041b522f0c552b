"""What a form would come to: previews in both languages, and what it still needs."""

import pytest

from projects.models import Project
from publishing.models import Publication
from tests.desk.forms import add_row, change_address, form_on, open_form, send
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db


def rehearsal(record, page: str) -> str:
    base = "/admin/projects/project/add/" if record is None else change_address(record)
    return base.replace("/change/", f"/{page}/") if record else f"{base}{page}/"


def test_a_draft_is_seen_as_the_public_would_in_both_languages(client):
    records = [make_organisation("Keppel", name_zh="吉宝"), make_meeting(4), make_mou("An MOU"), make_project()]
    client.force_login(person(SINGAPORE_OFFICER))
    for record in records:
        for language in ("en", "zh-hans"):
            answer = client.get(rehearsal(record, f"preview/{language}"))
            assert answer.status_code == 200
            assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in answer.text
            assert "preview-note" in answer.text
        record.refresh_from_db()
        assert (record.status, record.first_published_at) == ("draft", None)
        assert client.get(record.get_absolute_url()).status_code == 404


def test_the_preview_shows_what_is_typed_and_not_saved(client):
    project = make_project("Saved title")
    client.force_login(person(SINGAPORE_OFFICER))
    data = add_row(open_form(client, change_address(project)), "milestones", title_en="Typed milestone")
    versions = project.history.count()
    answer = send(client, rehearsal(project, "preview/en"), data, title_en="Typed title")
    assert "Typed title" in answer.text and "Typed milestone" in answer.text
    assert (project.history.count(), project.milestones.count()) == (versions, 0)


def test_a_new_record_is_previewed_before_it_is_saved(client):
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, "/admin/projects/project/add/")
    before = Publication.lock().counters
    assert "Typed title" in send(client, rehearsal(None, "preview/en"), data, title_en="Typed title").text
    assert (Project.objects.count(), Publication.lock().counters) == (0, before)
    refused = send(client, rehearsal(None, "preview/en"), data, title_en="")
    assert (refused.status_code, "Enter a title in at least one language." in refused.text) == (422, True)


def test_the_preview_of_a_proposal_is_not_refused(client):
    project = published(make_project("A project"))
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    assert "Typed title" in send(client, rehearsal(project, "preview/en"), data, title_en="Typed title").text


def test_who_previews(client):
    project, kept = make_project(), make_project("Kept draft", kept_by="singapore")
    for who in ROLES:
        client.force_login(person(who))
        assert client.get(rehearsal(project, "preview/en")).status_code == 200
        expected = 404 if who in (SHENZHEN_OFFICER, OTHER_MANAGER) else 200
        assert client.get(rehearsal(kept, "preview/en")).status_code == expected
        assert client.get(rehearsal(project, "preview/fr")).status_code == 404
        assert client.get(rehearsal(None, "preview/en")).status_code == 404
    client.force_login(person(AUDITOR))
    for page in ("preview/en", "needs"):
        assert client.post(rehearsal(project, page), {}).status_code == 403
        assert client.post(rehearsal(None, page), {}).status_code == 403
    client.logout()
    assert client.get(rehearsal(project, "preview/en")).status_code == 302


def test_what_is_typed_is_counted_against_publishing(client):
    project = make_project(parties_known="")
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    assert "Still to do: 1" in send(client, rehearsal(project, "needs"), data).text
    better = send(client, rehearsal(project, "needs"), data, parties_known="none").text
    assert "Still to do" not in better and "The title is in one language only." in better
    worse = send(client, rehearsal(project, "needs"), data, title_en="").text
    assert "Enter a title in at least one language." in worse
    assert client.get(rehearsal(project, "needs")).status_code == 404
    project.refresh_from_db()
    assert project.parties_known == ""


def test_a_project_entered_from_its_meeting_begins_with_what_is_known(client):
    meeting = make_meeting(4)
    client.force_login(person(SINGAPORE_OFFICER))
    page = client.get(change_address(meeting)).text
    add = f"/admin/projects/project/add/?meeting={meeting.pk}"
    assert add in page and f"/admin/mous/mou/add/?meeting={meeting.pk}" in page
    listed = client.get(f"/admin/projects/project/?meeting__id__exact={meeting.pk}")
    assert f"/admin/projects/project/?meeting__id__exact={meeting.pk}" in page
    assert (listed.status_code, listed.context["cl"].result_count) == (200, 0)
    first = open_form(client, add)
    assert (first["meeting"], first["stage"], first["stage_as_of"]) == (
        str(meeting.pk),
        "launched",
        "2023-12-14",
    )
    last = make_project("Last", meeting=meeting, annex_letter="B", annex_item=5)
    data = open_form(client, add)
    assert (data["annex_letter"], data["annex_item"]) == ("B", "6")
    assert data["citations-0-source"] == str(last.citations.get().source_id)
    assert (data["citations-0-locator_en"], data["citations-0-locator_zh"]) == ("Annex B, item 6", "附件B第6项")
    answer = send(client, add, data, title_en="Next", _addanother="1")
    assert answer["Location"] == add
    assert Project.objects.get(title_en="Next").citations.count() == 1
    mou = open_form(client, f"/admin/mous/mou/add/?meeting={meeting.pk}")
    assert mou["signed_on"] == "2023-12-14"


@pytest.mark.parametrize("given", ["abc", "999", ""])
def test_a_wrong_meeting_gives_an_empty_form(client, given):
    client.force_login(person(MANAGER))
    page = client.get("/admin/projects/project/add/", {"meeting": given})
    assert page.status_code == 200
    assert form_on(page.text)["stage"] == "proposed"
