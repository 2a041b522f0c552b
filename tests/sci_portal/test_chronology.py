"""The chronology: what is in it, in which order, how precise, and how it is filtered."""

import datetime
import re

import pytest

from sci_portal.chronology import chronology
from tests.factories import make_meeting, make_mou, make_project, published

pytestmark = pytest.mark.django_db
DAY = datetime.date


def make_everything() -> None:
    """Make one entry of each kind on one day, two earlier ones, and what has no place in a chronology."""
    published(make_meeting(4))
    published(make_mou("Robots"))
    project = published(make_project("Pumps"))
    project.milestones.create(title_en="Opened", reached_on=DAY(2023, 12, 14))
    project.milestones.create(title_en="Built", reached_on=DAY(2022, 6, 1), reached_on_precision="month")
    project.milestones.create(title_en="Only planned", due_on=DAY(2030, 1, 1))
    published(make_meeting(kind="other", title_en="A visit", starts_on=DAY(2022, 1, 9)))
    published(make_meeting(7, starts_on=None))
    published(make_mou("Not signed", signed_on=None))
    make_meeting(8)
    make_mou("A draft")
    make_project("A draft").milestones.create(title_en="Hidden", reached_on=DAY(2023, 1, 1))


def test_entries_newest_first_the_meeting_before_what_came_of_it():
    make_everything()
    assert [(str(one.kind), one.when, one.iso, str(one.title)) for one in chronology()] == [
        ("meeting", "14 December 2023", "2023-12-14", "Fourth JIC meeting"),
        ("signing", "14 December 2023", "2023-12-14", "Robots"),
        ("milestone", "14 December 2023", "2023-12-14", "Opened"),
        ("milestone", "June 2022", "2022-06", "Built"),
        ("meeting", "9 January 2022", "2022-01-09", "A visit"),
    ]


def shown(page: str) -> list[str]:
    """Return the titles on the page, in order."""
    return re.findall(r"<h3><a [^>]+>([^<]+)</a></h3>", page)


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("", ["Fourth JIC meeting", "Robots", "Opened", "Built", "A visit"]),
        ("?kind=&year=2022", ["Built", "A visit"]),
        ("?kind=milestone", ["Opened", "Built"]),
        ("?kind=meeting&year=2022", ["A visit"]),
        ("?kind=signing&year=2022", []),
        ("?kind=speech", []),
        ("?year=1999", []),
    ],
)
def test_filter_by_kind_and_year(client, asked, titles):
    make_everything()
    page = client.get(f"/en/chronology/{asked}").text
    assert shown(page) == titles
    assert ("This list cannot be shown as asked." in page) == (asked in ("?kind=speech", "?year=1999"))
    assert ("Nothing matches all of these at once." in page) == (asked == "?kind=signing&year=2022")


def test_each_entry_links_to_its_record(client):
    meeting, project = published(make_meeting(4)), published(make_project("Pumps"))
    project.milestones.create(title_en="Opened", reached_on=DAY(2024, 1, 1), reached_on_precision="year")
    page = client.get("/en/chronology/").text
    assert f'<h3><a href="{meeting.get_absolute_url()}">Fourth JIC meeting</a></h3>' in page
    assert f'<h3><a href="/en/projects/{project.reference}/">Opened</a></h3>' in page
    assert '<time datetime="2024">2024</time>' in page


def test_planned_meeting_is_said_to_be_planned(client):
    published(make_meeting(9, phase="planned", starts_on=DAY(2030, 1, 9)))
    assert "Meeting (planned)" in client.get("/en/chronology/").text


def test_empty_chronology_says_so(client):
    assert "Nothing is on record here yet." in client.get("/en/chronology/").text


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_is_fixed(client, django_assert_num_queries, count):
    for _ in range(count):
        published(make_meeting())
        published(make_mou())
        published(make_project()).milestones.create(title_en="Reached", reached_on=DAY(2024, 1, 1))
    with django_assert_num_queries(4):
        client.get("/en/chronology/")
