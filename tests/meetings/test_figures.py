"""Announced figures beside the records that answer to them, by the definitions of docs/data.md."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from meetings.figures import compare, latest_total
from meetings.models import Meeting
from mous.models import MOU, MOULink
from projects.models import Project
from tests.factories import make_meeting, make_mou, make_project, published
from tests.listing.pages import element

pytestmark = pytest.mark.django_db


@pytest.fixture
def meetings():
    first = published(make_meeting(1, starts_on=datetime.date(2020, 6, 17)))
    second = published(make_meeting(2, starts_on=datetime.date(2021, 10, 18)))
    return first, second


def test_projects_counted_are_published_on_the_track_and_launched_at_a_held_meeting(meetings):
    first, _ = meetings
    counted = published(make_project(meeting=first, stage="launched"))
    published(make_project(meeting=first, track="related"))
    published(make_project(meeting=first, track="zone"))
    make_project("A draft", meeting=first)
    planned = published(make_meeting(3, phase="planned", starts_on=None))
    published(make_project(meeting=planned))
    assert list(Project.objects.counted()) == [counted]


def test_mous_counted_are_signed_at_jic_meetings_and_once(meetings):
    first, second = meetings
    counted = published(make_mou(meeting=first, occasion="at"))
    renewal = published(make_mou(meeting=second, occasion="sidelines"))
    MOULink.objects.create(from_mou=renewal, to_mou=counted, kind="renews")
    visit = published(make_meeting(kind="other"))
    published(make_mou(meeting=visit, occasion="at"))
    published(make_mou(meeting=first, occasion="elsewhere"))
    published(make_mou(meeting=first, occasion="at", signed_on=None))
    assert list(MOU.objects.counted()) == [counted]


def test_figure_of_one_meeting_links_to_what_it_counts(meetings, client):
    first, second = meetings
    published(make_project(meeting=first, stage="launched", tier="key"))
    published(make_project(meeting=second, stage="launched", tier="key"))
    figure = second.figures.create(measure="projects", tier="key", value=7)
    [compared] = compare([figure])
    assert (compared.recorded, compared.gap) == (1, 6)
    assert compared.address == "/en/projects/?counted=yes&track=jic&meeting=2&tier=key"
    assert element(client.get(compared.address), '<h2 id="count"').startswith("1 project ")


def test_cumulative_figure_counts_up_to_its_meeting(meetings):
    first, second = meetings
    for meeting in meetings:
        published(make_project(meeting=meeting, stage="launched"))
    assert compare([first.figures.create(measure="projects", scope="cumulative", value=9)])[0].recorded == 1
    assert compare([second.figures.create(measure="projects", scope="cumulative", value=9)])[0].recorded == 2


def test_latest_total_is_of_the_newest_published_meeting(meetings):
    first, second = meetings
    first.figures.create(measure="mous", scope="cumulative", value=8)
    second.figures.create(measure="mous", scope="cumulative", value=12)
    draft = make_meeting(3, starts_on=datetime.date(2022, 11, 25))
    draft.figures.create(measure="mous", scope="cumulative", value=20)
    assert latest_total("mous").figure.value == 12
    assert latest_total("projects") is None


def test_meeting_page_shows_gap_and_published_explanation_only(meetings, client):
    first, _ = meetings
    figure = first.figures.create(measure="mous", value=8, explanation_en="Annex A was not printed.")
    page = client.get("/en/meetings/1/").text
    assert "8 not on record here" in page
    assert "Annex A was not printed." not in page
    figure.explanation_published = True
    figure.save()
    assert "Annex A was not printed." in client.get("/en/meetings/1/").text


def test_meeting_of_the_committee_needs_its_number():
    meeting = Meeting(kind="jic")
    with pytest.raises(ValidationError, match="A JIC meeting needs its number"):
        meeting.full_clean()
