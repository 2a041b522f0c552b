"""The desk of a meeting: who reaches it, and of which meetings."""

import pytest
from django.urls import reverse

from meetings import desk
from publishing.authorship import acting
from tests.factories import make_meeting
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


def address(meeting) -> str:
    return reverse("admin:desk", args=[meeting.pk])


@pytest.mark.parametrize("name", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER, AUDITOR])
def test_everybody_on_the_staff_reaches_the_desk(client, name):
    client.force_login(person(name))
    response = client.get(address(make_meeting(5, phase="planned")))
    for page in desk.pages():
        assert page.address(response.context["meeting"]) in response.content.decode()


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get(address(make_meeting(5))).status_code == 302


def test_a_meeting_that_the_other_side_keeps_is_not_there(client):
    meeting = make_meeting(5, phase="planned")
    with acting(person(SINGAPORE_OFFICER)):
        meeting.kept_by = "singapore"
        meeting.save()
    client.force_login(person(SHENZHEN_OFFICER))
    assert client.get(address(meeting)).status_code == 404
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.get(address(meeting)).status_code == 200


def test_the_form_of_a_meeting_leads_to_its_desk(client):
    meeting = make_meeting(5, phase="planned")
    client.force_login(person(SINGAPORE_OFFICER))
    form = client.get(reverse("admin:meetings_meeting_change", args=[meeting.pk]))
    assert address(meeting) in form.content.decode()


def test_the_first_page_leads_to_the_desk_of_the_next_meeting(client):
    meeting = make_meeting(5, phase="planned", starts_on=None)
    client.force_login(person(SINGAPORE_OFFICER))
    assert address(meeting) in client.get("/admin/").content.decode()
