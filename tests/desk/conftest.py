"""What the tests of the officers' desk share: a record with something of everything to do."""

import datetime

import pytest
from django.utils.timezone import localdate

from meetings.models import Meeting
from organisations.models import Organisation
from projects.models import Project
from publishing.authorship import acting
from publishing.workflow import move
from tests.factories import make_meeting, make_mou, make_organisation, make_project, make_source, published
from tests.people import MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person


def ends_in(days: int, **fields) -> dict:
    return {
        "effective_on": datetime.date(2024, 1, 1),
        "ends_on": localdate() + datetime.timedelta(days=days),
    } | fields


def due_in(meeting, days: int, **fields):
    number = meeting.actions.count() + 1
    due = localdate() + datetime.timedelta(days=days)
    return meeting.actions.create(
        **{"number": number, "text_en": "Write", "owner_side": "singapore", "due_on": due} | fields
    )


def in_review(record):
    move(record, "in_review", by=person(SINGAPORE_OFFICER))
    return record


@pytest.fixture
def busy():
    """Something of everything, some of it kept by one side."""
    meeting = published(make_meeting(4))
    own = {"visibility": "own_side"}
    for days in (-12, -1, 0, 9, 31):
        due_in(meeting, days)
    due_in(meeting, -3, owner_side="shenzhen", text_en="Kept by Shenzhen", **own)
    due_in(meeting, -3, state="done")
    figure = meeting.figures.create(measure="projects", value=2)
    meeting.figures.create(measure="projects", track="zone", value=0)
    figure.citations.create(source=make_source())
    published(make_project(meeting=meeting, stage="launched"))
    body = published(make_organisation("Keppel"))
    for days in (0, 47, 138, 181):
        make_mou("Ending", (body, "singapore"), **ends_in(days))
    make_mou("Kept", kept_by="singapore", **ends_in(5))
    gone = published(make_mou("Gone", **ends_in(5)))
    move(gone, "withdrawn", by=person(MANAGER), reason="Entered twice.")
    in_review(make_project("In review"))
    in_review(make_organisation("In review too"))
    with acting(person(SHENZHEN_OFFICER)):
        Project.objects.create(title_zh="深圳", kept_by="shenzhen")
        Organisation.objects.create(name_zh="草稿")
    with acting(person(MANAGER)):
        Meeting.objects.create(number=5)
        by_manager = Project.objects.create(title_en="By the manager")
    in_review(by_manager)
