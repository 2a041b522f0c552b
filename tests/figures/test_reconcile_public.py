"""What everybody reads of announced figures: sources as equals, sums labelled, published explanations alone."""

import re

import pytest

from initiative.models import Page
from publishing.authorship import acting
from tests.factories import make_meeting, make_source, published
from tests.listing.pages import text_of
from tests.people import MANAGER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
SECRET = "Verschwiegen"
PAGES = ("data/", "zone/", "meetings/4/", "", "chronology/", "feeds/chronology.atom", "statistics/")


@pytest.fixture
def meeting():
    with acting(person(MANAGER)):
        for slug in ("data", "zone"):
            texts = {"title_en": slug, "title_zh": "标题", "body_en": "A text.", "body_zh": "正文。"}
            Page.objects.create(slug=slug, **texts)
    return published(make_meeting(4))


def announce(meeting, **fields):
    figure = meeting.figures.create(**({"measure": "mous", "value": 8} | fields))
    figure.citations.create(source=make_source(publisher="The first paper"))
    figure.citations.create(
        source=make_source(publisher="The other paper"), stance="differs", says_en="Says nine."
    )
    return figure


def pages(client) -> dict[str, str]:
    return {
        f"/{language}/{path}": client.get(f"/{language}/{path}").text
        for language in ("en", "zh-hans")
        for path in PAGES
    }


def test_draft_explanation_is_on_no_page_and_a_published_one_is(client, meeting):
    texts = {"explanation_en": SECRET, "explanation_zh": SECRET}
    figures = [
        announce(meeting, track=track, scope=scope, **texts)
        for track in ("jic", "zone")
        for scope in ("meeting", "cumulative")
    ]
    assert [path for path, page in pages(client).items() if SECRET in page] == []
    for figure in figures:
        figure.explanation_published = True
        figure.save()
    shown = [path for path, page in pages(client).items() if SECRET in page]
    assert shown == [f"/{language}/{path}" for language in ("en", "zh-hans") for path in PAGES[:3]]


@pytest.mark.parametrize("path", ["/en/data/", "/en/zone/", "/en/meetings/4/"])
def test_sources_that_differ_stand_beside_the_others_alike(client, meeting, path):
    announce(meeting, track="zone")
    cell = re.search(r'data-label="Sources">((?:<small>.*?</small>){2})</td>', client.get(path).text)[1]
    first, other = re.findall(r"<small>(.*?)</small>", cell)
    assert text_of(first) == "The first paper (supports)"
    assert text_of(other) == "The other paper (differs): Says nine."
    tags = re.compile(r"<[^>]+>")
    assert tags.findall(first) == tags.findall(other)[:2]


def test_two_figures_for_the_same_stand_side_by_side(client, meeting):
    for value in (8, 9):
        announce(meeting, value=value)
        announce(meeting, value=value + 20, scope="cumulative")
    page = text_of(client.get("/en/data/").text)
    for value in (8, 9, 28, 29):
        assert f"Another figure is announced for the same: {value}" in page
    assert "No sum: more than one figure is announced for JIC4." in page
    assert "<strong>28 or 29</strong>" in client.get("/en/").text


def test_a_recorded_number_leads_to_what_is_counted(client, meeting):
    announce(meeting)
    assert 'href="/en/mous/?counted=yes&amp;track=jic&amp;meeting=4">0</a>' in client.get("/en/data/").text
