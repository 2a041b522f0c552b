"""Pages ask the database the same number of questions, however much they show."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from initiative.models import Sector
from meetings.models import Meeting
from organisations.models import Person
from publishing.authorship import acting
from tests.desk.samples import add_file
from tests.factories import make_meeting, make_mou, make_organisation, make_project, make_source, published
from tests.listing.pages import LISTINGS, names
from tests.people import SINGAPORE_OFFICER, person

PUBLIC = {"visibility": "public", "owner_side": "singapore"}
DAY = datetime.date(2023, 12, 14)
QUESTIONS = {
    "/en/projects/": 18,
    "/en/mous/": 17,
    "/en/organisations/": 6,
    "/en/meetings/": 6,
    "/en/projects/SCI-P-0001/": 16,
    "/en/mous/SCI-M-0001/": 18,
    "/en/organisations/keppel/": 22,
    "/en/meetings/1/": 21,
}
# Rows of the page, where there is one of each and where there are three.
SHOWN = {
    "projects": {1: 1, 3: 3},
    "mous": {1: 3, 3: 21},
    "organisations": {1: 2, 3: 6},
    "meetings": {1: 1, 3: 3},
}


def fill_meeting(meeting, number: int, persons: list[Person], organisations: list) -> None:
    for at, one in enumerate(persons):
        meeting.attendances.create(person=one, side="singapore", organisation=organisations[at], post_en="Head")
        meeting.attendances.create(words_en=f"An official {at}", side="shenzhen", role="co_chair")
        meeting.agenda_items.create(title_en="Item", position=at, **PUBLIC)
        meeting.decisions.create(number=at, text_en="Agreed", **PUBLIC)
        meeting.actions.create(number=at, text_en="Report", organisation=organisations[at], **PUBLIC)


def fill_mou(mou, number: int, persons: list[Person], organisations: list) -> None:
    for at in range(number):
        mou.signings.create(person=persons[at], organisation=organisations[at], side="singapore")
        earlier, later = (published(make_mou(f"{when} {at}")) for when in ("Earlier", "Later"))
        mou.links.create(kind="amends", to_mou=earlier)
        later.links.create(kind="renews", to_mou=mou)
    mou.sectors.set(Sector.objects.all()[:number])


def fill_project(project, number: int, meetings: list[Meeting], mous: list) -> None:
    for meeting in meetings:
        project.milestones.create(title_en="Opened", reached_on=DAY)
        project.progress_reports.create(meeting=meeting, text_en="Under way")
    project.sectors.set(Sector.objects.all()[:number])
    project.mous.set(mous)


def fill(number: int) -> None:
    """Publish `number` of each kind, each with as many of every row that its page shows."""
    meetings = [published(make_meeting(at + 1, city_zh="深圳")) for at in range(number)]
    organisations = [make_organisation("Keppel" if not at else f"Body {at}") for at in range(number)]
    for at, organisation in enumerate(organisations):
        published(organisation)
        published(make_organisation(f"Part {at}", parent=organisations[0]))
    sides = [
        (organisation, "shenzhen" if at % 2 else "singapore") for at, organisation in enumerate(organisations)
    ]
    persons = [Person.objects.create(name_en=f"Person {at}") for at in range(number)]
    with acting(person(SINGAPORE_OFFICER)):
        shared = {"meeting": meetings[0], "lead_shenzhen": organisations[0]}
        mous = [make_mou(f"MOU {at}", *sides, occasion="at", **shared) for at in range(number)]
        projects = [make_project(f"Project {at}", *sides, **shared) for at in range(number)]
        for records, fill_one, others in (
            (meetings, fill_meeting, (persons, organisations)),
            (mous, fill_mou, (persons, organisations)),
            (projects, fill_project, (meetings, mous)),
        ):
            for record in records:
                fill_one(record, number, *others)
                for at in range(number):
                    add_file(record, f"File {at}", visibility="public")
        for record in (*meetings, *organisations, *mous, *projects):
            for at in range(number - 1):
                record.citations.create(source=make_source(), locator_en=f"Item {at}")
        for organisation in organisations:
            for at in range(number):
                organisation.names.create(name=f"Former {at}", kind="former")
    for record in (*mous, *projects):
        published(record)


@pytest.fixture(scope="module", params=[1, 3])
def items(request, shared_records):
    with transaction.atomic():
        fill(request.param)
        yield request.param
        transaction.set_rollback(True)


@pytest.mark.parametrize("address", QUESTIONS)
def test_page_asks_the_same_with_one_item_and_with_three(client, items, db, address, django_assert_num_queries):
    with django_assert_num_queries(QUESTIONS[address]):
        response = client.get(address)
    assert response.status_code == 200


@pytest.mark.parametrize("listing", LISTINGS)
def test_list_shows_every_item(client, items, db, listing):
    assert len(names(client.get(f"/en/{listing}/"))) == SHOWN[listing][items]


def test_meeting_page_asks_the_same_with_one_announced_figure_and_with_three(client, db):
    meeting, asked = published(make_meeting(9)), []
    for values in ((14,), (7, 43)):
        for value in values:
            meeting.figures.create(measure="projects", value=value)
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/meetings/9/")
        asked.append(len(queries))
    assert asked[0] == asked[1]
