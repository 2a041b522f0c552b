"""Search across everything: what is found, how often, where the words stand, and what is never shown."""

import html
import re
from urllib.parse import quote

import pytest

from publishing.authorship import acting
from publishing.models import Status
from publishing.workflow import move
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.listing.pages import element, errors, text_of
from tests.people import MANAGER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db
SITE = "Singapore-China (Shenzhen) Smart City Initiative"


@pytest.fixture
def record():
    strides = make_organisation("Strides Digital", short_name_en="Strides")
    with acting(person(SINGAPORE_OFFICER)):
        strides.names.create(name="SMRT Services Pte Ltd", kind="former")
    published(strides)
    university = published(make_organisation("Shenzhen University", name_zh="深圳大学"))
    published(make_meeting(4, city_en="Chongqing", city_zh="重庆"))
    for project in (
        make_project("E-Invoicing network", (strides, "singapore"), title_zh="电子发票网络"),
        make_project("Digital humans", (university, "shenzhen"), title_zh="数字人", summary_en="Marketing."),
        make_project("5G & the Internet", title_zh="5G与物联网"),
    ):
        published(project)
    published(make_mou("Trade data", (strides, "singapore"), title_zh="贸易数据"))
    make_project("Digital draft", (strides, "singapore"), title_zh="数字草稿")
    make_organisation("Digital body in waiting")


def hits(response) -> dict[str, list[tuple[str, ...]]]:
    """Return what the page shows of each kind: title, the lines under it, reference."""
    assert response.status_code == 200
    found = {}
    for section in re.sub("</?mark>", "", response.text).split('<section class="band" id="')[1:]:
        rows = re.findall(r"<li>\s*<h3>.*?</li>", section, re.DOTALL)
        found[section.partition('"')[0]] = [
            tuple(text_of(line) for line in re.findall(r"<(?:h3|p)\b.*?</(?:h3|p)>", row, re.DOTALL))
            for row in rows
        ]
    return found


def marks(response) -> list[str]:
    return [html.unescape(found) for found in re.findall(r"<mark>(.*?)</mark>", response.text)]


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (
            "digital",
            {
                "projects": [
                    ("E-Invoicing network", "Partner Strides Digital", "SCI-P-0001"),
                    ("Digital humans", "SCI-P-0002"),
                ],
                "mous": [("Trade data", "Signatory Strides Digital", "SCI-M-0001")],
                "organisations": [("Strides Digital", "SCI-O-0001")],
            },
        ),
        (
            "smrt services",
            {
                "projects": [
                    (
                        "E-Invoicing network",
                        "Partner Strides Former name SMRT Services Pte Ltd",
                        "SCI-P-0001",
                    )
                ],
                "mous": [("Trade data", "Signatory Strides Former name SMRT Services Pte Ltd", "SCI-M-0001")],
                "organisations": [("Strides Digital", "Former name SMRT Services Pte Ltd", "SCI-O-0001")],
            },
        ),
        ("数字", {"projects": [("Digital humans", "数字人", "SCI-P-0002")]}),
        ("shuziren", {"projects": [("Digital humans", "数字人", "SCI-P-0002")]}),
        ("ＥＩＮＶＯＩＣＩＮＧ", {"projects": [("E-Invoicing network", "SCI-P-0001")]}),
        ("marketing", {"projects": [("Digital humans", "Marketing.", "SCI-P-0002")]}),
        ("第四次", {"meetings": [("Fourth JIC meeting", "联合执委会第四次会议", "JIC4")]}),
        ("chongqing", {"meetings": [("Fourth JIC meeting", "Chongqing", "重庆", "JIC4")]}),
        ("P0003", {"projects": [("5G & the Internet", "SCI-P-0003")]}),
        ("zebra", {}),
    ],
)
def test_what_is_found(client, record, term, found):
    assert hits(client.get("/en/search/", {"q": term})) == found


@pytest.mark.parametrize(
    ("term", "marked"),
    [
        ("einvoicing", ["E-Invoicing"]),
        ("E‑INVOICING", ["E-Invoicing"]),
        ("５Ｇ", ["5G", "5G"]),
        ("数字", ["数字"]),
        ("shu zi", ["数字"]),
        ("&", []),
        ("5g&the", ["5G & the"]),
        ("sci-p-0003", ["SCI-P-0003"]),
    ],
)
def test_matched_words_are_marked(client, record, term, marked):
    assert marks(client.get("/en/search/", {"q": term})) == marked


def test_result_is_said_in_heading_and_title(client, record):
    page = client.get("/en/search/?q=+digital+")
    said = "“digital” found: 2 projects, 1 MOU, 1 organisation"
    assert element(page, '<h2 id="count"') == said
    assert element(page, "<title") == f"{said} · {SITE}"
    assert 'name="q" value="digital"' in page.text


def test_each_kind_leads_to_its_list(client, record):
    page = client.get("/en/search/", {"q": "strides & co"})
    assert hits(page) == {}
    page = client.get("/en/search/", {"q": "digital 发票"})
    assert re.findall(r'<p><a class="n" data-count="1" href="([^"]*)">(.*?)</a></p>', page.text) == [
        (f"/en/projects/?q=digital+{quote('发票')}", "1 project, as a list")
    ]


def test_ten_of_many_are_shown(client):
    for number in range(12):
        published(make_project(f"Pump {number:02}"))
    page = client.get("/zh-hans/search/?q=pump")
    assert [row[0] for row in hits(page)["projects"]] == [f"Pump {number:02}" for number in range(10)]
    page = client.get("/en/search/?q=pump")
    assert 'href="/en/projects/?q=pump">All 12 projects</a>' in page.text
    assert len(re.findall("Pump", client.get("/en/projects/?q=pump").text)) == 12


def test_what_is_not_public_is_not_found(client, record):
    withdrawn = published(make_project("Digital once"))
    move(withdrawn, Status.WITHDRAWN, by=person(MANAGER), reason="Entered twice.")
    page = client.get("/en/search/?q=digital")
    assert [row[0] for row in hits(page)["projects"]] == ["E-Invoicing network", "Digital humans"]
    assert [row[0] for row in hits(page)["organisations"]] == ["Strides Digital"]
    assert hits(client.get("/en/search/?q=草稿")) == {}


def test_nothing_found_leads_on(client, record):
    page = client.get("/en/search/", {"q": "digital zebra"})
    box = page.text.partition('<section class="nothing"')[2].partition("</section>")[0]
    assert element(page, '<h2 id="count"') == "Nothing on record here matches “digital zebra”."
    assert re.findall(r'<a href="([^"]*)"', box) == [
        "/en/search/?q=digital",
        "/en/search/?q=zebra",
        "/en/projects/",
        "/en/mous/",
        "/en/organisations/",
        "/en/meetings/",
    ]


@pytest.mark.parametrize("query", ["", "?q=", "?q=+", "?page=2"])
def test_without_a_term_there_is_the_box_alone(client, record, query, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = client.get(f"/en/search/{query}")
    assert hits(page) == {}
    assert element(page, "<title") == f"Search · {SITE}"
    assert "noindex" not in page.text


@pytest.mark.parametrize("term", ["-", "\0", "x" * 201, "🙂"])
def test_term_is_refused_in_the_words_of_the_lists(client, record, term):
    page = client.get("/en/search/", {"q": term})
    assert errors(page) == errors(client.get("/en/projects/", {"q": term})) != []
    assert hits(page) == {}


def test_term_is_shown_as_text(client, record):
    page = client.get("/en/search/", {"q": '"><script>5g'}).text
    assert "<script>5g" not in page
    assert '<meta name="robots" content="noindex">' in page


def test_names_are_marked_with_their_language(client, record):
    english = client.get("/en/search/", {"q": "数字人"}).text
    assert '<span lang="zh-Hans"><mark>数字人</mark></span>' in english
    chinese = client.get("/zh-hans/search/", {"q": "digital humans"}).text
    assert '<span lang="en"><mark>Digital</mark> <mark>humans</mark></span>' in chinese


def test_long_summary_is_cut_around_the_words(client):
    published(make_project("A project", summary_en=f"{'before ' * 60}pumps {'after ' * 60}"))
    ((_title, line, _reference),) = hits(client.get("/en/search/?q=pumps"))["projects"]
    assert line.startswith("…before") and line.endswith("after …")
    published(make_mou("An MOU", summary_en=f"{'before ' * 20}pipes."))
    ((_title, short, _reference),) = hits(client.get("/en/search/?q=pipes"))["mous"]
    assert short == f"{'before ' * 20}pipes."
    assert (" pumps " in line, len(line) < 240) == (True, True)


@pytest.mark.parametrize("number", [1, 3])
def test_search_asks_the_same_with_one_hit_of_each_kind_and_with_three(
    client, number, django_assert_num_queries
):
    for at in range(number):
        organisation = make_organisation(f"Pump maker {at}")
        with acting(person(SINGAPORE_OFFICER)):
            organisation.names.create(name=f"Pump works {at}", kind="former")
        published(organisation)
        published(make_meeting(at + 1, city_en="Pump city"))
        published(make_project("Pump", (organisation, "singapore")))
        published(make_mou("Pump", (organisation, "singapore")))
    with django_assert_num_queries(16):
        page = client.get("/en/search/?q=pump")
    assert {kind: len(rows) for kind, rows in hits(page).items()} == dict.fromkeys(
        ("projects", "mous", "organisations", "meetings"), number
    )


def test_lost_readers_are_led_to_the_search(client):
    page = client.get("/en/projects/SCI-P-9999/").text
    assert '<form class="search" method="get" action="/en/search/" role="search">' in page
    assert '<a class="find" href="/en/search/">' in page
