"""Every public address: found, in its language, without a cookie, and without what is not public."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.core.management import call_command

from organisations.models import Person
from publishing.authorship import acting
from tests.crawling import crawl
from tests.desk.samples import add_file
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.figures.counts import counts_of, rows_at
from tests.people import SINGAPORE_OFFICER, person
from tests.serving import once_there

SECRET = "Verschwiegen"
LISTING_SCRIPTS = [
    '<script defer src="/static/django_htmx/htmx-2.min.js">',
    '<script defer src="/static/js/listing.js">',
]
STARTS = ("/en/", "/zh-hans/", "/sitemap.xml", "/robots.txt")
# What programs read; the feeds of organisations and the calendars of single meetings are linked on pages.
MACHINES = [
    f"/{language}/{name}"
    for language in ("en", "zh-hans")
    for name in ("feeds/projects.atom", "feeds/mous.atom", "feeds/chronology.atom", "meetings/meetings.ics")
]
# Data, which no browser runs.
JSON_LD = re.compile(r'<script type="application/ld\+json">([^<>&]+)</script>')


def plant_drafts() -> list[str]:
    """Make a draft of each kind whose every text is secret; return their would-be addresses."""
    organisation = make_organisation(f"{SECRET} Ltd", summary_en=SECRET)
    meeting = make_meeting(97, outcome_en=SECRET, city_en=SECRET)
    mou = make_mou(SECRET, (organisation, "singapore"), summary_en=SECRET, meeting=meeting)
    project = make_project(SECRET, (organisation, "shenzhen"), summary_en=SECRET, meeting=meeting)
    files = [plant_file(record, name="kept.txt", visibility="public") for record in (meeting, mou, project)]
    return [
        address.replace("/en/", f"/{language}/")
        for language in ("en", "zh-hans")
        for address in (
            f"/en/organisations/{organisation.slug}/",
            "/en/meetings/97/",
            f"/en/mous/{mou.reference}/",
            f"/en/projects/{project.reference}/",
            *(file.public_address() for file in files),
        )
    ]


def plant_file(record, name: str = f"{SECRET}.txt", **fields):
    """Give a record a file whose title and text are secret."""
    return add_file(record, SECRET, SECRET.encode(), name, **fields)


def plant_rows() -> None:
    """Give published records rows that are not public, staff notes and ratings, and a suppressed name."""
    meeting = published(make_meeting(98, notes=SECRET))
    project = published(make_project("A public project", notes=SECRET))
    mou = published(make_mou("A public MOU", notes=SECRET))
    for record in (meeting, mou, project):
        for visibility in ("own_side", "both_sides"):
            plant_file(record, visibility=visibility, version=1 + (visibility == "own_side"))
        add_file(record, "A public file", visibility="public")
    with acting(person(SINGAPORE_OFFICER)):
        side = {"owner_side": "singapore"}
        for visibility in ("own_side", "both_sides"):
            hidden = {"visibility": visibility}
            meeting.agenda_items.create(title_en=SECRET, **hidden, **side)
            number = meeting.decisions.count() + 1
            meeting.decisions.create(number=number, text_en=SECRET, **hidden, **side)
            meeting.actions.create(number=number, text_en=SECRET, **hidden, **side)
        meeting.figures.create(measure="mous", value=1, explanation_en=SECRET)
        hidden_person = Person.objects.create(name_en=SECRET, suppressed=True)
        meeting.attendances.create(person=hidden_person, side="shenzhen", post_en="A director")
        project.progress_reports.create(meeting=meeting, text_en="Under way.", rating="at_risk")


@once_there
@pytest.mark.django_db
def test_every_link_of_the_loaded_record_leads_somewhere_and_leaks_nothing(client):
    call_command("load_record", verbosity=0)
    drafts = plant_drafts()
    plant_rows()
    visited, counts = {}, {}
    for address, response, text in crawl(*STARTS, *MACHINES, "/en/meetings/98/", filtered="/en/"):
        visited[address] = response.status_code
        for number, listed, _words in counts_of(text):
            counts.setdefault(re.sub("^/[a-z-]+/", "/en/", listed), set()).add(number)
        assert SECRET not in text, address
        assert not [draft for draft in drafts if draft in text], address
        assert "at_risk" not in text and "at risk" not in text, address
        assert not response.cookies, address
        assert "Cookie" not in response.get("Vary", ""), address
        if response["Content-Type"].startswith("text/html"):
            language = "zh-Hans" if address.startswith("/zh") else "en"
            assert f'<html lang="{language}">' in text, address
            assert re.search(r"<title>[^<]+</title>", text), address
            assert re.search(r'<meta name="description" content="[^"]+">', text), address
            assert "style=" not in text, address
            for data in JSON_LD.findall(text):
                assert json.loads(data)["@context"] == "https://schema.org", address
            listed = bool(re.match(r"/[\w-]+/(projects|mous|organisations|meetings)/(\?|$)", address))
            scripts = re.findall(r"<script[^>]*>[^<]*", JSON_LD.sub("", text))
            assert scripts == (LISTING_SCRIPTS if listed else []), address
        elif response["Content-Type"].startswith(("application/atom+xml", "application/xml")):
            ElementTree.fromstring(text)
    assert {address.rpartition(".")[2] for address in visited} >= {"atom", "ics", "xml", "txt"}
    assert {address: code for address, code in visited.items() if code != 200} == {}
    assert len(visited) > 200
    assert sum("/files/" in address for address in visited) == 6
    assert not set(drafts) & set(visited)
    # Every number leads to exactly the records that it counts, the same in either language.
    assert len(counts) > 50
    assert {listed: numbers for listed, numbers in counts.items() if numbers != {rows_at(client, listed)}} == {}


@pytest.mark.django_db
def test_drafts_answer_404_in_their_language(client):
    answers = {address: client.get(address) for address in plant_drafts()}
    assert {answer.status_code for answer in answers.values()} == {404}
    for address, answer in answers.items():
        language = "zh-Hans" if address.startswith("/zh") else "en"
        assert f'<html lang="{language}">' in answer.text
        assert SECRET not in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["projects", "mous", "meetings", "organisations"])
def test_empty_lists_say_so(client, name):
    page = client.get(f"/en/{name}/").text
    assert "Nothing is on record here yet." in page
    assert client.get(f"/en/{name}/export.csv").status_code == 200


@pytest.mark.django_db
def test_home_of_an_empty_portal(client):
    assert "No source on record here announces the next meeting." in client.get("/en/").text


@pytest.mark.django_db
def test_official_site_shows_no_notice(client, settings):
    notice = "Unofficial record made from public sources"
    assert notice in client.get("/en/").text
    settings.OFFICIAL = True
    assert notice not in client.get("/en/").text


@pytest.mark.django_db
def test_order_of_the_sides_is_a_setting(client, settings):
    published(make_project())
    settings.SIDE_ORDER = {"en": ["shenzhen", "singapore"], "zh-hans": ["singapore", "shenzhen"]}
    page = client.get("/en/projects/").text
    assert page.index('data-label="Shenzhen"') < page.index('data-label="Singapore"')
