"""Recent changes: who did what to shared records, and nothing that the other side keeps to itself."""

import pytest

from accounts.models import User
from organisations.models import Organisation
from projects.models import Project
from publishing.authorship import acting
from publishing.recent import MOST, recent_changes
from tests.factories import make_meeting, make_organisation, make_project, make_source, published
from tests.listing.pages import text_of
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db


def told(who: str) -> list[tuple]:
    return [
        (str(change.record), change.person.username, change.type, change.kinds)
        for change in recent_changes(person(who))
    ]


def test_one_person_and_record_is_one_entry_a_day_newest_first():
    keppel = make_organisation("Keppel")
    published(make_project("Delivery"))
    with acting(person(SHENZHEN_OFFICER)):
        keppel.names.create(name="吉宝")
    assert told(AUDITOR) == [
        ("Keppel", SHENZHEN_OFFICER, "~", ["Organisation name"]),
        ("Delivery", MANAGER, "~", ["Project"]),
        ("Delivery", SINGAPORE_OFFICER, "+", ["Project", "Citation"]),
        ("Keppel", SINGAPORE_OFFICER, "+", ["Organisation", "Citation"]),
    ]


def test_loader_and_shell_make_no_news():
    with acting(User.objects.public_record()):
        Project.objects.create(title_en="Loaded")
    Project.objects.create(title_en="By a shell")
    assert told(AUDITOR) == []


def test_draft_of_one_side_is_no_news():
    with acting(person(SINGAPORE_OFFICER)):
        project = Project.objects.create(title_en="Kept", kept_by="singapore")
        project.citations.create(source=make_source())
    assert {who: told(who) for who in ROLES} == {who: [] for who in ROLES}


def test_row_of_one_side_is_news_on_that_side_alone():
    meeting = make_meeting(4)
    with acting(person(OTHER_MANAGER)):
        meeting.actions.create(number=1, text_zh="内部", owner_side="shenzhen", visibility="own_side")
    others = {who: OTHER_MANAGER in [entry[1] for entry in told(who)] for who in ROLES}
    assert others == {
        SINGAPORE_OFFICER: False,
        SHENZHEN_OFFICER: True,
        MANAGER: False,
        OTHER_MANAGER: True,
        AUDITOR: True,
    }


def test_source_of_an_announced_figure_is_news_of_its_meeting():
    meeting = published(make_meeting(4))
    with acting(person(OTHER_MANAGER)):
        figure = meeting.figures.create(measure="projects", value=14)
        figure.citations.create(source=make_source())
    assert told(MANAGER)[0] == (
        "Fourth JIC meeting",
        OTHER_MANAGER,
        "~",
        ["Announced figure", "Citation"],
    )


def test_deleted_record_is_named_without_a_link(client):
    organisation = make_organisation("Gone")
    reference = organisation.reference
    with acting(person(SINGAPORE_OFFICER)):
        Organisation.objects.get().delete()
    make_organisation("Stays")
    client.force_login(person(MANAGER))
    page = client.get("/admin/").text
    entry = page.partition('<li class="deletelink">')[2].partition("</li>")[0]
    assert text_of(entry).startswith(f"Deleted: {reference} Gone Organisation · Citation")
    assert "href" not in entry


def test_each_entry_leads_to_the_history(client):
    project = make_project("Delivery")
    client.force_login(person(MANAGER))
    address = f"/admin/projects/project/{project.pk}/history/"
    assert f'<a href="{address}">{project.reference}' in client.get("/admin/").text
    assert client.get(address).status_code == 200


def test_no_more_than_ten():
    for _ in range(MOST + 1):
        make_organisation()
    assert len(told(AUDITOR)) == MOST
