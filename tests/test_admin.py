"""The officers' pages: each asked by each person, and what they refuse in words."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from accounts.models import User
from organisations.models import Organisation, Person
from projects.models import Project
from tests.factories import make_meeting, make_mou, make_organisation, make_project, make_source, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.publishing.test_status_writers import form_of
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]

RECORDS = ["organisations/organisation", "meetings/meeting", "mous/mou", "projects/project"]
VOCABULARY = ["initiative/pillar", "initiative/sector", "initiative/page"]
OTHERS = ["initiative/source", "organisations/person", "meetings/announcedfigure"]


def codes(client, address, people=ROLES) -> dict[str, int]:
    found = {}
    for who in people:
        client.force_login(person(who))
        found[who] = client.get(address).status_code
    return found


@pytest.mark.parametrize("path", RECORDS + OTHERS)
def test_who_may_list_and_add(client, path):
    assert set(codes(client, f"/admin/{path}/").values()) == {200}
    adding = {SINGAPORE_OFFICER: 200, SHENZHEN_OFFICER: 200, MANAGER: 200, OTHER_MANAGER: 200, AUDITOR: 403}
    assert codes(client, f"/admin/{path}/add/") == adding


@pytest.mark.parametrize("path", VOCABULARY)
def test_vocabulary_is_kept_by_managers(client, path):
    adding = {SINGAPORE_OFFICER: 403, SHENZHEN_OFFICER: 403, MANAGER: 200, OTHER_MANAGER: 200, AUDITOR: 403}
    assert codes(client, f"/admin/{path}/add/") == adding


@pytest.mark.parametrize("path", [*RECORDS, "initiative/source"])
def test_stranger_is_asked_to_sign_in(client, path):
    answer = client.get(f"/admin/{path}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next=/admin/{path}/")


@pytest.mark.parametrize("path", [*RECORDS, "initiative/source", "organisations/person"])
def test_who_may_import(client, path):
    importing = {SINGAPORE_OFFICER: 200, SHENZHEN_OFFICER: 200, MANAGER: 200, OTHER_MANAGER: 200, AUDITOR: 403}
    assert codes(client, f"/admin/{path}/import/") == importing


def test_every_record_page_and_its_history_open_for_everybody(client):
    for record in (make_organisation(), make_meeting(), make_mou(), make_project()):
        path = f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}"
        assert set(codes(client, f"{path}/change/").values()) == {200}
        assert set(codes(client, f"{path}/history/").values()) == {200}


def test_auditor_changes_nothing(client):
    project = make_project()
    client.force_login(person(AUDITOR))
    assert client.post(f"/admin/projects/project/{project.pk}/change/", form_of(project)).status_code == 403


def test_accounts_are_the_operators(client):
    assert codes(client, "/admin/accounts/user/") == {
        SINGAPORE_OFFICER: 403,
        SHENZHEN_OFFICER: 403,
        MANAGER: 403,
        OTHER_MANAGER: 403,
        AUDITOR: 200,
    }
    client.force_login(User.objects.create_superuser("operator"))
    assert client.get("/admin/accounts/user/add/").status_code == 200
    assert "historical" not in client.get("/admin/auth/group/add/").text


def test_officer_submits_with_the_form_and_manager_publishes(client):
    project = make_project()
    address = f"/admin/projects/project/{project.pk}/change/"
    client.force_login(person(SINGAPORE_OFFICER))
    client.post(address, form_of(project, _move="in_review"))
    client.force_login(person(MANAGER))
    answer = client.post(address, form_of(project, _move="published"), follow=True)
    project.refresh_from_db()
    assert project.is_published
    assert f"{project.reference} “A project” is now “Published”." in answer.text


def test_refused_publication_says_every_reason(client):
    project = make_project(parties_known="")
    client.force_login(person(MANAGER))
    address = f"/admin/projects/project/{project.pk}/change/"
    answer = client.post(address, form_of(project, parties_known="", _move="published"), follow=True)
    assert "Say whether all, some or none of the parties are known." in answer.text
    project.refresh_from_db()
    assert project.status == "draft"


def test_published_record_is_not_made_unfit(client):
    project = published(make_project())
    client.force_login(person(MANAGER))
    address = f"/admin/projects/project/{project.pk}/change/"
    unfit = form_of(project, parties_known="", summary_en="Typed just now")
    answer = client.post(address, unfit)
    assert (answer.status_code, "Say whether all, some or none" in answer.text) == (200, True)
    assert "Typed just now" in answer.text
    project.refresh_from_db()
    assert (project.parties_known, project.summary_en) == ("none", "")


def test_saving_without_a_change_keeps_the_author(client):
    organisation = make_organisation("Keppel")
    client.force_login(person(MANAGER))
    data = {"name_en": "Keppel", "slug": organisation.slug}
    citation = organisation.citations.get()
    data |= {
        "names-TOTAL_FORMS": 0,
        "names-INITIAL_FORMS": 0,
        "citations-TOTAL_FORMS": 1,
        "citations-INITIAL_FORMS": 1,
    }
    data |= {"citations-0-id": citation.pk, "citations-0-organisation": organisation.pk}
    data |= {"citations-0-source": citation.source_id, "citations-0-stance": "supports"}
    client.post(f"/admin/organisations/organisation/{organisation.pk}/change/", data)
    organisation.refresh_from_db()
    assert (organisation.changed_by, organisation.history.count()) == (person(SINGAPORE_OFFICER), 1)


def test_actions_move_several_and_say_which_were_refused(client):
    good, bad = make_project("Good"), make_project("Bad", parties_known="")
    client.force_login(person(MANAGER))
    data = {"action": "publish", "_selected_action": [good.pk, bad.pk]}
    answer = client.post("/admin/projects/project/", data, follow=True)
    assert "1 of 2 records moved." in answer.text
    assert list(Project.objects.published()) == [good]


def test_wrong_uen_is_refused_in_words(client):
    client.force_login(person(SINGAPORE_OFFICER))
    data = {"name_en": "A body", "uen": "200312345A"}
    data |= {f"{p}-{n}_FORMS": "0" for p in ("names", "citations") for n in ("TOTAL", "INITIAL")}
    answer = client.post("/admin/organisations/organisation/add/", data)
    assert "This UEN has a wrong check letter." in answer.text
    assert not Organisation.objects.exists()


HOSTILE = ["-", "x" * 10_000, "%", "😀"]


@pytest.mark.parametrize("term", ["keppel", "ＫＥＰＰＥＬ", "jibao", "吉宝", *HOSTILE])
def test_autocomplete_finds_either_language_and_survives_anything(client, term):
    make_organisation("Keppel", name_zh="吉宝")
    client.force_login(person(SINGAPORE_OFFICER))
    where = {"app_label": "projects", "model_name": "partner", "field_name": "organisation"}
    answer = client.get("/admin/autocomplete/", where | {"term": term})
    found = [row["text"] for row in answer.json()["results"] if "create" not in row]
    assert found == ([] if term in HOSTILE else ["Keppel · 吉宝"])


def test_language_of_the_admin_is_the_persons_choice(client):
    client.force_login(person(SHENZHEN_OFFICER))
    assert '<html lang="zh-hans"' in client.get("/admin/").text
    answer = client.post("/admin/language/", {"language": "en", "next": "/admin/projects/project/"})
    assert answer["Location"] == "/admin/projects/project/"
    assert '<html lang="en' in client.get("/admin/").text


def test_language_switch_leads_nowhere_else(client):
    client.force_login(person(SHENZHEN_OFFICER))
    answer = client.post("/admin/language/", {"language": "xx", "next": "https://example.org/"})
    assert answer["Location"] == "/admin/"


def test_link_to_the_public_page_only_of_published_records(client):
    project = make_project()
    client.force_login(person(MANAGER))
    address = f"/admin/projects/project/{project.pk}/change/"
    assert "viewsitelink" not in client.get(address).text
    published(project)
    assert "viewsitelink" in client.get(address).text


def test_source_in_use_is_not_deleted(client):
    source = make_source()
    make_project().citations.create(source=source)
    client.force_login(person(MANAGER))
    answer = client.post(f"/admin/initiative/source/{source.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 200
    source.refresh_from_db()


def test_papers_are_given_to_those_who_may_see_them(client):
    meeting = make_meeting()
    paper = meeting.papers.create(
        title="Brief", owner_side="singapore", visibility="own_side", file=ContentFile(b"text", "brief.txt")
    )
    address = f"/admin/meetings/paper/{paper.pk}/file/"
    assert codes(client, address) == {
        SINGAPORE_OFFICER: 200,
        SHENZHEN_OFFICER: 404,
        MANAGER: 200,
        OTHER_MANAGER: 404,
        AUDITOR: 200,
    }
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.get(address)["Content-Disposition"] == 'attachment; filename="brief.txt"'
    assert paper.sha256 == "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"
    client.logout()
    assert client.get(address).status_code == 302


def test_the_other_side_does_not_see_own_side_rows(client):
    meeting = make_meeting()
    meeting.decisions.create(number=1, text_en="Kept apart", visibility="own_side", owner_side="singapore")
    address = f"/admin/meetings/meeting/{meeting.pk}/change/"
    client.force_login(person(SHENZHEN_OFFICER))
    assert "Kept apart" not in client.get(address).text
    client.force_login(person(SINGAPORE_OFFICER))
    assert "Kept apart" in client.get(address).text


FIGURE = {"measure": "projects", "track": "jic", "scope": "cumulative", "value": "999"}
NO_CITATIONS = {"citations-TOTAL_FORMS": "0", "citations-INITIAL_FORMS": "0"}


def test_officer_announces_no_figure_of_a_published_meeting(client):
    meeting = published(make_meeting(4))
    client.force_login(person(SINGAPORE_OFFICER))
    data = FIGURE | NO_CITATIONS | {"meeting": meeting.pk, "explanation_published": "on"}
    answer = client.post("/admin/meetings/announcedfigure/add/", data)
    assert (answer.status_code, meeting.figures.count()) == (200, 0)
    assert "The record is published: only a manager changes it." in answer.text


def test_officer_moves_no_figure_onto_a_published_meeting(client):
    meeting, draft = published(make_meeting(4)), make_meeting(5)
    figure = draft.figures.create(measure="projects", value=7)
    client.force_login(person(SINGAPORE_OFFICER))
    address = f"/admin/meetings/announcedfigure/{figure.pk}/change/"
    assert client.post(address, FIGURE | NO_CITATIONS | {"meeting": meeting.pk}).status_code == 200
    assert meeting.figures.count() == 0


def test_figure_of_a_published_meeting_cites_a_source(client):
    meeting = published(make_meeting(4))
    client.force_login(person(MANAGER))
    answer = client.post(
        "/admin/meetings/announcedfigure/add/", FIGURE | NO_CITATIONS | {"meeting": meeting.pk}
    )
    assert "cites no source." in answer.text
    cited = {
        "citations-TOTAL_FORMS": "1",
        "citations-0-source": make_source().pk,
        "citations-0-stance": "supports",
    }
    data = FIGURE | NO_CITATIONS | cited | {"meeting": meeting.pk}
    assert client.post("/admin/meetings/announcedfigure/add/", data).status_code == 302


def test_own_side_agenda_items_are_nowhere_open_to_the_other_side(client):
    meeting = make_meeting()
    side = {"visibility": "own_side", "owner_side": "singapore"}
    item = meeting.agenda_items.create(title_en="Kept apart", **side)
    client.force_login(person(SHENZHEN_OFFICER))
    where = {"app_label": "meetings", "model_name": "paper", "field_name": "agenda_item", "term": "Kept"}
    assert client.get("/admin/autocomplete/", where).json()["results"] == []
    base = "/admin/meetings/agendaitem/"
    assert "Kept apart" not in client.get(base).text
    assert client.get(f"{base}{item.pk}/history/").status_code == 404
    assert client.get(f"{base}{item.pk}/change/", follow=True).text.count("Kept apart") == 0


def test_the_other_side_deletes_no_rows_that_it_cannot_see(client):
    meeting = make_meeting()
    meeting.actions.create(number=1, text_en="Kept apart", owner_side="singapore", visibility="own_side")
    address = f"/admin/meetings/meeting/{meeting.pk}/delete/"
    client.force_login(person(SHENZHEN_OFFICER))
    page = client.get(address).text
    assert f"{meeting.code}-A1" not in page
    client.post(address, {"post": "yes"})
    assert meeting.actions.count() == 1
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.post(address, {"post": "yes"}).status_code == 302


def test_draft_meeting_with_an_agenda_is_deleted_by_its_officer(client):
    meeting = make_meeting()
    meeting.agenda_items.create(title_en="Opening")
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.post(f"/admin/meetings/meeting/{meeting.pk}/delete/", {"post": "yes"}).status_code == 302


def test_row_kept_by_one_side_says_by_which():
    item = make_meeting().agenda_items.model(meeting=make_meeting(), visibility="own_side")
    with pytest.raises(ValidationError, match="Say which side keeps it to itself"):
        item.full_clean()


def test_source_and_person_of_a_published_record_are_changed_by_managers_only(client):
    project = published(make_project())
    source = project.citations.get().source
    minister = Person.objects.create(name_en="A minister")
    meeting = make_meeting(4)
    meeting.attendances.create(person=minister, side="singapore")
    published(meeting)
    pages = [
        f"/admin/initiative/source/{source.pk}/change/",
        f"/admin/organisations/person/{minister.pk}/change/",
    ]
    for address in pages:
        client.force_login(person(SINGAPORE_OFFICER))
        assert client.post(address, {"code": "x"}).status_code == 403
        client.force_login(person(MANAGER))
        assert client.post(address, {"code": "x"}).status_code == 200


def test_withdrawing_asks_for_a_reason(client):
    project = published(make_project())
    client.force_login(person(MANAGER))
    address = f"/admin/projects/project/{project.pk}/change/"
    answer = client.post(address, form_of(project, _move="withdrawn"), follow=True)
    assert "Give the reason for withdrawing it" in answer.text
    client.post(address, form_of(project, _move="withdrawn", _withdrawal_reason="Entered twice."))
    project.refresh_from_db()
    assert (project.status, project.withdrawal_reason) == ("withdrawn", "Entered twice.")


@pytest.mark.parametrize("version", ["abc", "999999"])
def test_unknown_version_is_not_found(client, version):
    project = make_project()
    client.force_login(person(MANAGER))
    assert client.get(f"/admin/projects/project/{project.pk}/history/{version}/").status_code == 404


def test_null_character_in_a_link_is_refused(client):
    client.force_login(person(SINGAPORE_OFFICER))
    data = {"name_en": "A body", "parent": "1\0"}
    assert client.post("/admin/organisations/organisation/add/", data).status_code == 400


def test_project_without_any_title_is_refused(client):
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.post("/admin/projects/project/add/", form_of(Project()))
    assert "Enter a title in at least one language." in answer.text
    assert not Project.objects.exists()


def test_owner_side_begins_as_the_persons_own(client):
    client.force_login(person(SHENZHEN_OFFICER))
    page = client.get("/admin/meetings/meeting/add/").text
    assert page.count('<option value="shenzhen" selected>') >= 3
