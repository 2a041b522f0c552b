"""A coming meeting with an MOU and a project on its list, and what people do on the page."""

import pytest
from django.urls import reverse

from annexes.deliverables.reading import DeliverablesList
from organisations.models import Person
from publishing.authorship import acting
from tests.desk.forms import open_form, send
from tests.factories import make_meeting, make_mou, make_organisation, make_project
from tests.people import MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

SIDES = [SINGAPORE_OFFICER, SHENZHEN_OFFICER]


@pytest.fixture(name="meeting")
def coming_meeting():
    return make_meeting(5, phase="planned", starts_on=None)


@pytest.fixture(name="mou")
def mou_on_pumps(meeting):
    return make_mou("Pumps", (make_organisation("Keppel"), "singapore"), meeting=meeting, signed_on=None)


@pytest.fixture(name="project")
def project_on_meters(meeting):
    return make_project("Meters", (make_organisation("Longgang"), "shenzhen"), meeting=meeting)


def page(meeting) -> str:
    return reverse("admin:desk_deliverables", args=[meeting.pk])


def key(record) -> str:
    return f"{record._meta.model_name}-{record.pk}"


def line_of(record, who=MANAGER):
    lines = DeliverablesList.read(record.meeting, person(who)).lines
    return next(line for line in lines if line.record == record)


def change(record, **fields) -> None:
    with acting(person(SINGAPORE_OFFICER)):
        record.refresh_from_db()
        for name, value in fields.items():
            setattr(record, name, value)
        record.save()


def press(client, record, who, **changes) -> str:
    """Open the page in the name of somebody, change its form and send it; return the page that follows."""
    client.force_login(person(who))
    data = open_form(client, page(record.meeting))
    named = {
        name if name in ("clear", "take_back") else f"{key(record)}-{name}": v for name, v in changes.items()
    }
    return send(client, page(record.meeting), data, follow=True, **named).text


def clear(client, record, *people) -> None:
    for who in people or SIDES:
        press(client, record, who, clear=key(record))


def sign(mou, **post):
    with acting(person(SINGAPORE_OFFICER)):
        mou.signings.create(person=Person.objects.create(name_en="Tan"), side="singapore", **post)
