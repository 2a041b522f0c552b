"""Standing pages: what they say, the records beside them, and that managers change them without code."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from initiative.models import Page
from initiative.templatetags.prose import opening, sections
from organisations.models import Person
from publishing.authorship import acting
from publishing.workflow import move
from sci_portal import environment
from tests.factories import make_meeting, make_mou, make_project, published
from tests.listing.pages import text_of
from tests.people import MANAGER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]

SLUGS = ["about", "zone", "data", "accessibility", "privacy", "contact"]
CELL = '<td role="cell" class="num" data-label="{}">'
ANNOUNCED = re.compile(
    CELL.format("Announced")
    + r'<a href="([^"]+)">(\d+)</a></td>'
    + CELL.format("Recorded")
    + r'<a class="n" data-count="\d+" href="([^"]+)">(\d+)</a></td>'
)


def make_page(slug: str, **fields) -> Page:
    texts = {"title_en": slug.title(), "title_zh": "标题", "body_en": "A text.", "body_zh": "正文。"}
    with acting(person(MANAGER)):
        return Page.objects.create(slug=slug, **(texts | fields))


def plain(html: str) -> str:
    """Return what a page's main part says, on one line."""
    main = html.partition('<main id="main">')[2].partition("</main>")[0]
    return text_of(main)


# The text


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
    ("slug", "questions"), [("about", 3), ("zone", 15), ("data", 11), ("privacy", 2), ("contact", 2)]
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
