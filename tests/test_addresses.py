"""Where an address leads: the page, another page (301), a tombstone (410), nothing (404)."""

import pytest
from django.test import Client
from django.views.defaults import server_error

from publishing.authorship import acting
from publishing.models import FormerAddress, Status
from publishing.workflow import move
from tests.factories import make_meeting, make_organisation, make_project, published
from tests.people import MANAGER, person

pytestmark = pytest.mark.django_db


def test_root_leads_to_the_language_of_the_browser(client):
    answer = client.get("/", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert (answer.status_code, answer["Location"]) == (302, "/zh-hans/")
    assert "Accept-Language" in answer["Vary"]


@pytest.mark.parametrize(
    "address", ["/en/projects/SCI-P-9999/", "/en/projects/x/", "/en/meetings/99/", "/en/organisations/nobody/"]
)
def test_unknown_record_is_not_found(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "This page does not connect." in answer.text


def test_not_found_in_chinese(client):
    answer = client.get("/zh-hans/projects/SCI-P-9999/")
    assert (answer.status_code, '<html lang="zh-Hans">' in answer.text) == (404, True)


def test_reference_in_small_letters_leads_on(client):
    project = published(make_project())
    answer = client.get(f"/en/projects/{project.reference.lower()}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/en/projects/{project.reference}/")


def test_renamed_address_leads_to_the_new_one(client):
    organisation = published(make_organisation("Crimson Logic"))
    with acting(person(MANAGER)):
        organisation.slug = "crimsonlogic"
        organisation.save()
    answer = client.get("/zh-hans/organisations/crimson-logic/")
    assert (answer.status_code, answer["Location"]) == (301, "/zh-hans/organisations/crimsonlogic/")


def test_merged_organisation_leads_to_the_one_it_went_into(client):
    kept, gone = published(make_organisation("Keppel")), published(make_organisation("Keppel Ltd"))
    move(gone, Status.WITHDRAWN, by=person(MANAGER))
    gone.merged_into = kept
    gone.save()
    answer = client.get("/en/organisations/keppel-ltd/")
    assert (answer.status_code, answer["Location"]) == (301, "/en/organisations/keppel/")


def test_withdrawn_record_answers_gone_with_its_reason(client):
    project = published(make_project("Secret title"))
    move(project, Status.WITHDRAWN, by=person(MANAGER), reason="Entered twice.")
    answer = client.get(f"/en/projects/{project.reference}/")
    assert (answer.status_code, "Entered twice." in answer.text) == (410, True)
    assert "Secret title" not in answer.text


def test_withdrawn_and_reworked_stays_gone(client):
    project = published(make_project())
    move(project, Status.WITHDRAWN, by=person(MANAGER))
    move(project, Status.DRAFT, by=person(MANAGER))
    assert client.get(f"/en/projects/{project.reference}/").status_code == 410


def test_new_name_avoids_a_former_address():
    first = make_organisation("Fooyo")
    first.slug = "fooyo-singapore"
    first.save()
    second = make_organisation("Fooyo")
    assert FormerAddress.objects.get().slug == "fooyo"
    assert second.slug == f"fooyo-{second.reference.lower()}"


def test_address_from_pinyin_or_reference():
    assert make_organisation(name_zh="深圳大学").slug == "shen-zhen-da-xue"
    assert make_meeting(21).slug == "21"


def test_language_switch_keeps_page_and_filter(client):
    published(make_project())
    page = client.get("/en/projects/?q=A+project&sort=-title").text
    assert 'href="/zh-hans/projects/?q=A+project&amp;sort=-title"' in page


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_operator_addresses_answer(client, address):
    assert client.get(address).status_code == 200


def test_page_of_an_error_speaks_both_languages(rf):
    answer = server_error(rf.get("/en/"))
    assert (answer.status_code, "系统出现问题" in answer.text) == (500, True)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_public_pages_only_give(method):
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, method)("/en/projects/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_null_character_in_an_address_is_refused(client):
    assert client.get("/en/projects/a%00b/").status_code == 400
