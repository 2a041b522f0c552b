"""What a new officer meets on the form: rows that wait, what follows the last one, the next step."""

import datetime

import pytest

from projects.models import Project
from publishing.authorship import acting
from tests.desk.forms import change_address, open_form, send
from tests.factories import make_meeting, make_mou, make_organisation, make_project, make_source
from tests.people import AUDITOR, MANAGER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
ADD = "/admin/projects/project/add/"
WRITERS = [SINGAPORE_OFFICER, MANAGER]


@pytest.fixture
def officer(client):
    client.force_login(person(SINGAPORE_OFFICER))
    return client


# Parties


@pytest.mark.parametrize(("address", "rows"), [(ADD, "partners"), ("/admin/mous/mou/add/", "signatories")])
def test_a_new_record_begins_with_a_row_for_each_side(officer, address, rows):
    form = open_form(officer, address)
    assert [form[f"{rows}-{n}-side"] for n in range(int(form[f"{rows}-TOTAL_FORMS"]))] == [
        "singapore",
        "shenzhen",
    ]


def test_rows_that_hold_only_their_side_are_not_saved(officer):
    send(officer, ADD, open_form(officer, ADD), title_en="Alone")
    assert not Project.objects.get(title_en="Alone").partners.exists()


def test_one_row_may_be_used_and_the_other_left(officer):
    body = make_organisation("Keppel")
    form = open_form(officer, ADD)
    send(officer, ADD, form, title_en="Half", **{"partners-1-organisation": str(body.pk)})
    (partner,) = Project.objects.get(title_en="Half").partners.all()
    assert (partner.organisation, partner.side) == (body, "shenzhen")


def test_a_row_with_a_note_but_no_organisation_is_refused(officer):
    answer = send(officer, ADD, open_form(officer, ADD), title_en="Bad", **{"partners-0-note_en": "Lost?"})
    assert "This field is required." in answer.text
    assert not Project.objects.exists()


def test_a_record_on_record_gets_no_empty_rows_and_its_side_can_be_changed(officer):
    with acting(person(SINGAPORE_OFFICER)):
        project = make_project("A", (make_organisation("Keppel"), "singapore"))
    address = change_address(project)
    form = open_form(officer, address)
    assert form["partners-TOTAL_FORMS"] == "1"
    send(officer, address, form, **{"partners-0-side": "shenzhen"})
    assert project.partners.get().side == "shenzhen"


# What follows the last one


def test_the_day_of_the_stage_follows_the_last_project_of_the_meeting(officer):
    meeting = make_meeting(4, starts_on=datetime.date(2023, 12, 14))
    address = f"{ADD}?meeting={meeting.pk}"
    assert open_form(officer, address)["stage_as_of"] == "2023-12-14"
    make_project("A", meeting=meeting, stage="launched", stage_as_of=datetime.date(2023, 12, 15))
    assert open_form(officer, address)["stage_as_of"] == "2023-12-15"


def test_the_day_of_a_later_stage_does_not_follow(officer):
    meeting = make_meeting(4, starts_on=datetime.date(2023, 12, 14))
    make_project("A", meeting=meeting, stage="completed", stage_as_of=datetime.date(2025, 1, 1))
    assert open_form(officer, f"{ADD}?meeting={meeting.pk}")["stage_as_of"] == "2023-12-14"


# The next step


@pytest.mark.parametrize("who", WRITERS)
def test_a_new_record_is_submitted_in_one_step_and_never_published_in_one(client, who):
    client.force_login(person(who))
    page = client.get(ADD)
    assert "Save and submit for review" in page.text
    assert "Save and publish" not in page.text
    send(client, ADD, open_form(client, ADD), title_en="One step", _move="in_review")
    assert Project.objects.get(title_en="One step").status == "in_review"


def test_a_new_record_is_not_published_by_who_writes_it(client):
    client.force_login(person(MANAGER))
    answer = send(client, ADD, open_form(client, ADD), follow=True, title_en="Own", _move="published")
    assert "You wrote the last change; another person must publish." in answer.text
    assert Project.objects.get(title_en="Own").status == "draft"


def test_who_changes_nothing_and_strangers_get_no_form(client):
    assert client.get(ADD).status_code == 302
    client.force_login(person(AUDITOR))
    assert client.get(ADD).status_code == 403


# Nothing dangerous


def test_no_cross_beside_a_choice_deletes_what_is_chosen(client):
    client.force_login(person(MANAGER))
    record = make_mou("An MOU", (make_organisation("Keppel"), "singapore"))
    record.citations.create(source=make_source())
    page = client.get(change_address(record)).text
    assert "change-related" in page
    assert "delete-related" not in page


# Many at once


def act(client, action: str, address: str, records) -> str:
    data = {"action": action, "_selected_action": [record.pk for record in records]}
    return client.post(f"/admin/projects/project/{address}", data, follow=True).text


def entered(*titles: str) -> list[Project]:
    with acting(person(SINGAPORE_OFFICER)):
        return [make_project(title) for title in titles]


def test_the_total_is_told_although_what_was_moved_left_the_list(officer):
    page = act(officer, "submit_for_review", "?status__exact=draft", entered("A", "B", "C"))
    assert "3 of 3 records moved." in page
    assert "is now" not in page


def test_of_many_each_refusal_is_told_and_the_rest_counted(client):
    first, second = entered("A", "B")
    second.citations.all().delete()
    client.force_login(person(MANAGER))
    page = act(client, "publish", "?status__exact=draft", [first, second])
    assert "1 of 2 records moved." in page
    assert f"{second.reference} “B” stays “Draft”" in page
    assert f"{first.reference} “A”" not in page


def test_of_one_its_new_status_is_told(officer):
    (record,) = entered("A")
    assert "“A” is now “In review”." in act(officer, "submit_for_review", "?status__exact=draft", [record])
