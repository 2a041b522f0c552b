"""Statistics: every number equals the rows its link leads to; the figures hold what the tables say."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiative.models import Pillar
from publishing.authorship import acting
from reports.bridge import bridge
from reports.drawing import columns, lines
from reports.statistics import by_meeting, growth, meetings_of_counts, shares
from tests.crawling import text_of
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


@pytest.fixture
def record():
    """Two meetings; three counted projects, of which one names nobody; what is not counted beside them."""
    first = published(make_meeting(1, starts_on=date(2020, 6, 17)))
    second = published(make_meeting(2, starts_on=date(2021, 10, 18)))
    keppel, fooyo = published(make_organisation("Keppel")), published(make_organisation("Fooyo"))
    campus = published(make_organisation("The Campus"))
    talent = Pillar.objects.get(code="talent")
    launched = {"stage": "launched", "meeting": second}
    pumps = make_project(
        "Pumps", (keppel, "singapore"), (fooyo, "singapore"), (campus, "shenzhen"), pillar=talent, **launched
    )
    published(pumps)
    published(make_project("Alone", (keppel, "singapore"), **launched))
    published(make_project("Unnamed", stage="launched", meeting=first))
    published(make_project("Related", (fooyo, "singapore"), track="related"))
    make_project("Draft", (fooyo, "singapore"), **launched)
    published(make_mou(meeting=second, occasion="at"))
    with acting(person(SINGAPORE_OFFICER)):
        second.figures.create(measure="projects", value=5)
        second.figures.create(measure="projects", scope="cumulative", value=9)
    return first, second


def test_every_number_leads_to_as_many_rows(client, record):
    page = client.get("/en/statistics/").text
    links = re.findall(r'data-count="(\d+)" href="(/en/projects/\?[^"]+)"', page)
    assert len(links) >= 7
    for number, address in links:
        found = client.get(unescape(address)).text
        assert re.search(r'<h2 id="count"[^>]*><b>(\d+)</b> ', found)[1] == number, address


def test_shares_by_pillar(record):
    found = [(share.value, share.count, share.percent) for share in shares()["pillar"]]
    assert found == [("talent", 1, 33), ("none", 2, 67)]


def test_by_meeting_with_what_was_announced(record):
    found = [
        (row.meeting.number, row.recorded, row.announced, row.unrecorded)
        for row in by_meeting(meetings_of_counts())
    ]
    assert found == [(1, 1, None, 0), (2, 2, 5, 3)]


def test_growth_over_time(record):
    found = [
        (m.projects.value, m.projects_announced, m.mous.value, m.mous_announced)
        for m in growth(meetings_of_counts())
    ]
    assert found == [(1, None, 0, None), (3, 9, 1, None)]
    assert [line.announced[0][2] for line in lines(growth(meetings_of_counts())) if line.announced] == [9]


def test_columns_stack_strips_and_hatch_the_rest(record):
    first, second = columns(by_meeting(meetings_of_counts()))
    assert (len(first.strips), first.hatched) == (1, None)
    assert (second.strips, second.hatched) == ([(282, 3), (264, 0)], (210, 50))


def test_bridge_pairs_every_partner_with_every_other(record, client):
    page = client.get("/en/statistics/").text
    assert re.findall(r'<a class="[^"]*" href="[^"]+" aria-label="([^"]+)"', page) == [
        "Pumps",
        "Pumps",
        "Alone",
    ]
    rows = text_of(client.get("/en/statistics/bridge.csv")).splitlines()[1:]
    assert [row.split(",")[5::3] for row in rows] == [
        ["Keppel", "The Campus"],
        ["Fooyo", "The Campus"],
        ["Keppel", ""],
        ["", ""],
    ]
    assert "Counted projects that name no partner on either side are in the table only." in page


def test_bridge_orders_left_by_pillar_and_right_by_name_with_nobody_last(record, client):
    page = client.get("/en/statistics/").text
    left, right = re.findall(r'<ol class="s[gz] (?:left|right)".*?</ol>', page, re.DOTALL)
    assert re.findall(r">([^<]+)</a>", left) == ["Fooyo", "Keppel"]
    assert re.findall(r"<li[^>]*>(?:<a[^>]*>)?([^<]+)<", right) == ["The Campus", "No partner named"]


def test_bridge_of_nothing_is_empty():
    assert bridge([], ["singapore", "shenzhen"]).curves == []


def test_bridge_without_a_pillar_is_drawn_in_ink(record, client):
    drawing = client.get("/en/statistics/bridge.svg").text
    assert drawing.count('stroke="#8c2f7a"') == 2
    assert drawing.count('stroke-width="1.75" stroke="#16191e"') == 1


def test_bridge_turns_with_the_order_of_the_sides(record, client, settings):
    settings.SIDE_ORDER = {"en": ["shenzhen", "singapore"], "zh-hans": ["singapore", "shenzhen"]}
    assert '<ol class="sz left"' in client.get("/en/statistics/").text
    rows = text_of(client.get("/en/statistics/bridge.csv")).splitlines()
    assert rows[1].split(",")[4:6] == ["SCI-O-0001", "Keppel"]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("meetings", ["meeting,announced,recorded", "JIC1,,1", "JIC2,5,2"]),
        ("pillar", ["pillar,projects,of", "talent,1,3", "none,2,3"]),
        ("stage", ["stage,projects,of", "launched,3,3"]),
        (
            "growth",
            [
                "meeting,on,projects,projects_announced,mous,mous_announced",
                "JIC1,2020-06-17,1,,0,",
                "JIC2,2021-10-18,3,9,1,",
            ],
        ),
    ],
)
def test_figures_as_csv(client, record, name, rows):
    answer = client.get(f"/en/statistics/{name}.csv")
    assert text_of(answer).removeprefix("\ufeff").splitlines() == rows
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_unknown_figure_is_not_found(client):
    assert client.get("/en/statistics/secrets.csv").status_code == 404


def test_empty_portal_says_so(client):
    page = client.get("/en/statistics/").text
    assert "No counted project with a partner is on record here yet." in page
    assert "No meeting is on record here yet." in page


def test_page_asks_the_same_with_few_and_with_many(client, record):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/statistics/")
        counts.append(len(queries))
        for number in (11, 12):
            meeting = published(make_meeting(10 * len(counts) + number))
            body = published(make_organisation())
            published(make_project("More", (body, "shenzhen"), stage="launched", meeting=meeting))
    assert counts[0] == counts[1]
