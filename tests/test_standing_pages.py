"""Standing pages: what they say, the records beside them, and that managers change them without code."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from initiative.models import Page
from initiative.templatetags.prose import opening, sections
from organisations.models import Person
from publishing.authorship import acting
from publishing.workflow import move
from sci_portal import environment
from tests.factories import make_meeting, make_mou, make_project, published
from tests.listing.pages import names, text_of
from tests.people import MANAGER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db

SLUGS = ["about", "zone", "data", "accessibility", "privacy", "contact"]
ANNOUNCED = re.compile(
    r'<td class="num"><a href="([^"]+)">(\d+)</a></td><td class="num"><a href="([^"]+)">(\d+)</a></td>'
)


@pytest.fixture
def record(db):
    call_command("load_record", verbosity=0)


def make_page(slug: str, **fields) -> Page:
    texts = {"title_en": slug.title(), "title_zh": "标题", "body_en": "A text.", "body_zh": "正文。"}
    with acting(person(MANAGER)):
        return Page.objects.create(slug=slug, **(texts | fields))


def plain(html: str) -> str:
    """Return what a page's main part says, on one line."""
    main = html.partition('<main id="main">')[2].partition("</main>")[0]
    return text_of(main)


# The text


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_shipped_page_is_there_with_its_title(client, record, slug, language):
    page = Page.objects.get(slug=slug)
    title = page.title_en if language == "en" else page.title_zh
    html = client.get(f"/{language}/{slug}/").text
    assert f"<h1>{title}</h1>" in html
    assert f'href="/{language}/{slug}/"' in client.get(f"/{language}/").text


def test_page_that_is_not_there_is_not_found(client):
    assert client.get("/en/zone/").status_code == client.get("/en/nothing-here/").status_code == 404


def test_page_under_a_new_word_needs_no_code(client):
    make_page("thanks", body_en="First.\n\n## Second part\nMore\nof it.")
    html = client.get("/en/thanks/").text
    assert '<p class="lede">First.</p>' in html
    assert '<h2 id="h-text-2">Second part</h2>' in html
    assert "<p>More<br>of it.</p>" in html


def test_text_is_escaped(client):
    make_page("thanks", body_en='<script>"</script>\n\n## <b>\n\n& [a](http://b)')
    html = client.get("/en/thanks/").text
    assert '<p class="lede">&lt;script&gt;&quot;&lt;/script&gt;</p>' in html
    assert ("<h2 id=" in html, "&lt;b&gt;</h2>" in html) == (True, True)
    assert "<p>&amp; [a](http://b)</p>" in html


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("One.\n\nTwo.", [("", ["One.", "Two."])]),
        ("## Head\nOne\ntwo\n\n\nThree", [("Head", ["One\ntwo", "Three"])]),
        ("Lead\n## A\n## B\n\nx", [("", ["Lead"]), ("A", []), ("B", ["x"])]),
        ("##Not a heading\r\n\r\n## Yes", [("", ["##Not a heading"]), ("Yes", [])]),
    ],
)
def test_sections(text, parts):
    assert sections(text) == parts


def test_opening_is_the_first_paragraph():
    assert (opening("## Head\n\nOne.\n\nTwo."), opening("")) == ("One.", "")


# Who changes it


def change(client, page, **fields):
    form = {name: getattr(page, name) for name in ("slug", "title_en", "title_zh", "body_en", "body_zh")}
    return client.post(f"/admin/initiative/page/{page.pk}/change/", form | fields)


def test_manager_changes_the_public_page_in_the_admin(client):
    page = make_page("privacy")
    client.force_login(person(MANAGER))
    assert change(client, page, body_zh="改过的正文。", title_en="What we keep").status_code == 302
    client.logout()
    assert "改过的正文。" in client.get("/zh-hans/privacy/").text
    assert "<h1>What we keep</h1>" in client.get("/en/privacy/").text


def test_officer_reads_pages_and_changes_none(client):
    page = make_page("privacy")
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.get(f"/admin/initiative/page/{page.pk}/change/").status_code == 200
    assert change(client, page, body_en="Mine.").status_code == 403
    page.refresh_from_db()
    assert page.body_en == "A text."


# About: co-chairs


def co_chairs(client) -> list[list[str]]:
    rows = re.findall(r'<tr role="row"><th role="rowheader".*?</tr>', client.get("/en/about/").text, re.DOTALL)
    return [[text_of(cell) for cell in re.findall(r"<t[hd] .*?</t[hd]>", row)] for row in rows]


def test_co_chairs_over_time(client, record):
    assert co_chairs(client) == [
        [
            "First JIC meeting 17 June 2020",
            "Yong Ying-I Permanent Secretary, Ministry of Communications and Information",
            "Chen Rugui Mayor of Shenzhen",
        ],
        [
            "Second JIC meeting 18 October 2021",
            "Yong Ying-I Permanent Secretary, Ministry of Communications and Information",
            "Qin Weizhong Mayor of Shenzhen",
        ],
        [
            "Third JIC meeting 25 November 2022",
            "Joseph Leong Permanent Secretary for Communications and Information",
            "Qin Weizhong Mayor, Shenzhen Municipal People's Government",
        ],
        [
            "Fourth JIC meeting 14 December 2023",
            "Joseph Leong Permanent Secretary for Communications and Information",
            "Qin Weizhong Mayor, Shenzhen Municipal People's Government",
        ],
    ]


def test_suppressed_co_chair_is_shown_as_the_post_and_draft_meetings_not_at_all(client):
    make_page("about")
    hidden = Person.objects.create(name_en="Verschwiegen", suppressed=True)
    for meeting in (published(make_meeting(1)), make_meeting(2)):
        meeting.attendances.create(person=hidden, side="shenzhen", role="co_chair", post_en="A director")
    assert co_chairs(client) == [["First JIC meeting 14 December 2023", "Not on record here", "A director"]]


def test_about_without_a_meeting(client):
    make_page("about")
    assert "No co-chair is on record here." in client.get("/en/about/").text


# The Demonstration Zone


def test_zone_says_what_is_announced_and_by_whom(client, record):
    said = plain(client.get("/en/zone/").text)
    assert "Singapore-Shenzhen Smart City Demonstration Zone" in said
    assert "new-generation information technology, digital economy, low carbon and biomedicine" in said
    assert "Start-up area unveiled 14 December 2023" in said
    assert "The Singapore release has four companies signing MOUs to operate in the Zone." in said
    assert "Prints four entry agreements (入园协议)." in said
    assert "No source on record here says that the four companies and the four projects are the same." in said


def test_zone_in_chinese(client, record):
    said = plain(client.get("/zh-hans/zone/").text)
    assert "新一代信息技术、数字经济、低碳和生物医药" in said
    assert "4家企业签署入驻示范园区的谅解备忘录；深圳方面的报道称签署4份入园协议" in said
    assert "均未说明这4家企业与4个项目相同" in said


def test_zone_shows_its_figures_and_the_project_it_comes_from(client, record):
    html = client.get("/en/zone/").text
    cells = re.findall(r'<th scope="row">([^<]+)</th>.*?<td class="num">(\d+)</td><td class="num">', html)
    assert cells == [
        ("Agreements of companies to operate in the Zone, Demonstration Zone", "4"),
        ("Projects launched, Demonstration Zone", "4"),
    ]
    assert 'href="/en/projects/SCI-P-0002/"' in html
    assert html.count("4 not on record here") == 2
    assert html.count("<h3><cite") == 4


@pytest.mark.parametrize("address", ["/en/projects/SCI-P-0002/", "/en/meetings/4/", "/en/about/"])
def test_zone_is_linked(client, record, address):
    links = client.get(address).text.count('href="/en/zone/"')
    assert links == (1 if address == "/en/about/" else 2)


def test_other_projects_and_meetings_do_not_lead_to_the_zone(client, record):
    for address in ("/en/projects/SCI-P-0003/", "/en/meetings/3/"):
        assert client.get(address).text.count('href="/en/zone/"') == 1


def test_zone_lists_published_projects_and_mous_of_its_track(client):
    make_page("zone")
    published(make_project("Pilot plant", track="zone"))
    published(make_mou("Entry of a company", track="zone"))
    make_project("Verschwiegen", track="zone")
    said = plain(client.get("/en/zone/").text)
    assert ("Pilot plant" in said, "Entry of a company" in said, "Verschwiegen" in said) == (True, True, False)


def test_zone_project_is_a_setting_and_may_be_unpublished(client, settings):
    make_page("zone")
    project = published(make_project("The park"))
    settings.ZONE_PROJECT = project.reference
    assert f'href="/en/projects/{project.reference}/"' in client.get("/en/zone/").text
    assert 'href="/en/zone/"' in client.get(f"/en/projects/{project.reference}/").text
    move(project, "withdrawn", by=person(MANAGER))
    assert f'href="/en/projects/{project.reference}/"' not in client.get("/en/zone/").text


# Definitions


def test_every_recorded_number_equals_the_rows_of_its_link(client, record):
    found = ANNOUNCED.findall(client.get("/en/data/").text)
    assert [(int(announced), int(recorded)) for _m, announced, _l, recorded in found] == [
        (43, 22),
        (29, 8),
        (29, 8),
        (8, 3),
        (4, 4),
        (8, 1),
        (14, 8),
        (7, 4),
        (7, 4),
        (8, 0),
        (14, 14),
        (4, 0),
        (4, 0),
    ]
    for meeting, announced, listing, recorded in found:
        assert len(names(client.get(unescape(listing)))) == int(recorded)
        page = client.get(meeting).text
        assert ('id="reconciliation"' in page, f">{announced}</td>" in page) == (True, True)


def test_cause_of_a_gap_is_offered_only_once_published(client):
    make_page("data")
    figure = published(make_meeting(4)).figures.create(
        measure="mous", value=8, explanation_en="Annex A is out."
    )
    assert "Annex A is out." not in client.get("/en/data/").text
    figure.explanation_published = True
    figure.save()
    assert "Annex A is out." in client.get("/en/data/").text


def test_figures_of_draft_meetings_are_on_no_page(client):
    make_page("data")
    make_meeting(4).figures.create(measure="mous", value=8)
    assert "No announced figure is on record here." in client.get("/en/data/").text


@pytest.mark.parametrize("listing", ["projects", "mous", "organisations", "meetings"])
def test_columns_are_those_of_the_file(client, listing):
    make_page("data")
    html = client.get("/en/data/").text
    table = html.partition(f'aria-labelledby="columns-{listing}"')[2].partition("</table>")[0]
    header = client.get(f"/en/{listing}/export.csv").getvalue().decode("utf-8-sig").splitlines()[0]
    assert re.findall(r"<code>(\w+)</code>", table) == header.split(",")
    for kind in ("csv", "xlsx", "json"):
        assert f'href="/en/{listing}/export.{kind}"' in html


# Where to write


def test_without_an_address_the_page_says_so(client, record):
    assert settings.CONTACT_EMAIL == ""
    html = client.get("/en/contact/").text
    assert ("No address has been set up for this site." in html, "mailto:" in html) == (True, False)
    assert "本网站收录" not in html


def test_address_of_the_operator_is_shown(client, record, settings):
    settings.CONTACT_EMAIL = "record@example.org"
    html = client.get("/en/contact/").text
    assert '<a href="mailto:record@example.org">record@example.org</a>' in html
    assert "No address has been set up" not in html


@pytest.mark.parametrize("value", ["nobody", "a@b c", "@", "a@"])
def test_wrong_address_stops_the_program(monkeypatch, value):
    monkeypatch.setenv("CONTACT_EMAIL", value)
    with pytest.raises(ImproperlyConfigured, match="is not an e-mail address"):
        environment.email("CONTACT_EMAIL")


def test_address_from_the_environment(monkeypatch):
    monkeypatch.setenv("CONTACT_EMAIL", " record@example.org ")
    assert environment.email("CONTACT_EMAIL") == "record@example.org"


# How much they ask


def fill(number: int) -> None:
    """Make what each page shows `number` times."""
    for at in range(number):
        meeting = published(make_meeting(at + 1))
        for side in ("singapore", "shenzhen"):
            who = Person.objects.create(name_en=f"Person {at} {side}")
            meeting.attendances.create(person=who, side=side, role="co_chair", post_en="Head")
        for track in ("jic", "zone"):
            for scope in ("meeting", "cumulative"):
                meeting.figures.create(measure="projects", track=track, scope=scope, value=at)
        published(make_project(f"Project {at}", track="zone"))
        published(make_mou(f"MOU {at}", track="zone"))


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("slug", "questions"), [("about", 2), ("zone", 14), ("data", 6), ("privacy", 1), ("contact", 1)]
)
def test_page_asks_the_same_with_one_item_and_with_three(
    client, settings, django_assert_num_queries, slug, questions, number
):
    make_page(slug)
    fill(number)
    own = published(make_project("The park"))
    own.milestones.create(title_en="Opened")
    settings.ZONE_PROJECT = own.reference
    with django_assert_num_queries(questions):
        assert client.get(f"/en/{slug}/").status_code == 200


def test_pages_set_no_cookie_and_vary_on_none(client, record):
    for slug in SLUGS:
        answer = client.get(f"/en/{slug}/")
        assert (len(answer.cookies), "Cookie" in answer.get("Vary", "")) == (0, False)
