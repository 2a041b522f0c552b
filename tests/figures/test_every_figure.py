"""Every number that counts records leads to exactly those records: on every page, in both languages."""

import datetime

import pytest

from initiative.models import Pillar, Sector
from mous.models import MOULink
from publishing.authorship import acting
from publishing.workflow import move
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.figures.counts import check_all_counts, counts_of, unmarked_numbers
from tests.people import MANAGER, SINGAPORE_OFFICER, person
from tests.serving import once
from tests.test_standing_pages import make_page

pytestmark = once
STARTS = ("/en/", "/zh-hans/", "/en/search/?q=pump", "/zh-hans/search/?q=keppel")
# Numbers that somebody announced; none of them can be mistaken for a count.
ANNOUNCED = {"9001", "9002", "9003", "9004"}
DAY = datetime.date


def withdrawn(record):
    move(published(record), "withdrawn", by=person(MANAGER), reason="Entered twice.")


def plant_projects(meetings: dict, bodies: dict) -> None:
    """Make projects that a total holds, and one for each reason why it does not."""
    keppel, olin = (bodies["keppel"], "singapore"), (bodies["olin"], "shenzhen")
    launched = {"stage": "launched", "meeting": meetings["second"]}
    talent = Pillar.objects.get(code="talent")
    pumps = make_project("Pumps", keppel, olin, pillar=talent, tier="key", **launched)
    pumps.sectors.set(Sector.objects.all()[:2])
    published(pumps)
    published(make_project("Pumps of the first meeting", keppel, stage="launched", meeting=meetings["first"]))
    published(make_project("Launched on a visit", stage="launched", meeting=meetings["visit"]))
    published(make_project("No day", olin, stage="completed", meeting=meetings["undated"]))
    published(make_project("Not yet launched", keppel, stage="announced", meeting=meetings["planned"]))
    published(make_project("Without a meeting", keppel))
    for track in ("zone", "related"):
        published(make_project(f"Of track {track}", keppel, olin, track=track, **launched))
    make_project("A draft", keppel, **launched)
    withdrawn(make_project("Withdrawn", olin, **launched))
    make_project("Kept", keppel, kept_by="singapore", **launched)


def plant_mous(meetings: dict, bodies: dict) -> None:
    """Make MOUs that a total holds, and one for each reason why it does not."""
    keppel, olin = (bodies["keppel"], "singapore"), (bodies["olin"], "shenzhen")
    first, second = meetings["first"], meetings["second"]
    kept = {"occasion": "at", "meeting": second}
    old = published(make_mou("Old", keppel, olin, occasion="at", meeting=first))
    renewal = published(make_mou("Renewal", keppel, **kept))
    replacement = published(make_mou("Replacement", olin, occasion="sidelines", meeting=second))
    with acting(person(SINGAPORE_OFFICER)):
        MOULink.objects.create(from_mou=renewal, to_mou=old, kind="renews")
        MOULink.objects.create(from_mou=replacement, to_mou=renewal, kind="replaces")
    published(make_mou("Sidelines", keppel, occasion="sidelines", meeting=second))
    published(make_mou("Elsewhere", keppel, occasion="elsewhere", meeting=second))
    published(make_mou("Occasion not stated", keppel, occasion="not_stated", meeting=second))
    published(make_mou("No day of signing", signed_on=None, **kept))
    published(make_mou("On a visit", occasion="at", meeting=meetings["visit"]))
    published(make_mou("Founding", olin))
    published(make_mou("Of the Zone", keppel, track="zone", **kept))
    make_mou("A draft", olin, **kept)
    make_mou("Kept", olin, kept_by="shenzhen", **kept)
    withdrawn(make_mou("Withdrawn", olin, **kept))


def plant_meetings() -> dict:
    meetings = {
        "first": make_meeting(1, starts_on=DAY(2020, 6, 17)),
        "second": make_meeting(2, starts_on=DAY(2021, 10, 18)),
        "undated": make_meeting(3, starts_on=None),
        "planned": make_meeting(5, starts_on=None, phase="planned"),
        "visit": make_meeting(kind="other", starts_on=DAY(2021, 3, 1)),
    }
    for meeting in meetings.values():
        published(meeting)
    make_meeting(97)
    withdrawn(make_meeting(98))
    with acting(person(SINGAPORE_OFFICER)):
        second = meetings["second"].figures
        second.create(measure="projects", value=9001)
        second.create(measure="projects", scope="cumulative", value=9002)
        second.create(measure="mous", scope="cumulative", value=9003)
        second.create(measure="projects", track="zone", value=9004)
    return meetings


@pytest.fixture(scope="module")
def written(shared_records):
    """Write a record with what is counted and, for every rule, what is not."""
    meetings = plant_meetings()
    bodies = {name: published(make_organisation(name.title())) for name in ("keppel", "olin")}
    published(make_organisation("Takes part in nothing"))
    make_organisation("A draft")
    withdrawn(make_organisation("Withdrawn"))
    plant_projects(meetings, bodies)
    plant_mous(meetings, bodies)
    for slug in ("data", "about", "zone"):
        make_page(slug)


@pytest.fixture
def record(written, db):
    """What `written` wrote; what a test does to it is undone."""


def test_every_count_on_every_page_is_that_of_the_list_and_of_the_file_it_leads_to(record):
    found = check_all_counts(*STARTS)
    pages = {page for numbers in found.values() for _number, page in numbers}
    for language in ("en", "zh-hans"):
        for page in ("", "statistics/", "meetings/", "meetings/2/", "organisations/", "data/", "zone/"):
            assert f"/{language}/{page}" in pages
    assert len(found) > 80


COUNTING_PAGES = ["", "statistics/", "meetings/", "meetings/2/", "organisations/", "organisations/keppel/"]


@pytest.mark.parametrize("page", COUNTING_PAGES)
def test_no_count_stands_unmarked(client, record, page):
    text = client.get(f"/en/{page}").text
    assert set(unmarked_numbers(text)) - ANNOUNCED == set()
    assert counts_of(text)


def test_a_count_without_its_mark_is_seen(client, record):
    text = client.get("/en/organisations/").text
    bare = text.replace(' data-count="', ' data-was="')
    assert set(unmarked_numbers(bare)) >= {"0", "3", "4", "6"}


def test_all_bodies_of_a_figure_add_up(client, record):
    """The bars of a figure of which each project has one value add up to the total on the home page."""
    total = {
        n
        for n, address, _ in counts_of(client.get("/en/").text)
        if address == "/en/projects/?counted=yes&track=jic"
    }
    page = client.get("/en/statistics/").text
    for name in ("pillar", "tier", "stage"):
        band = page.partition(f'id="{name}"')[2].partition("</ol>")[0]
        assert {sum(n for n, _address, _words in counts_of(band))} == total == {4}
    table = page.partition('id="meetings"')[2].partition("</table>")[0]
    assert sum(n for n, _address, _words in counts_of(table)) == 4
