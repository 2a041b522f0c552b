"""Atom feeds: an entry as a whole, names that stay, both languages, and what leaves them again."""

import datetime
from xml.etree import ElementTree

import pytest

from publishing.authorship import acting
from publishing.models import Status
from publishing.workflow import move
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import MANAGER, person

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FIRST = datetime.datetime(2024, 1, 2, 3, 4, 5, 0, datetime.UTC)
LATER = datetime.datetime(2024, 2, 3, 4, 5, 6, 0, datetime.UTC)


def at_known_times(record):
    times = {"first_published_at": FIRST, "published_at": FIRST, "changed_at": LATER}
    type(record).objects.filter(pk=record.pk).update(**times)
    return record


def entries(client, address: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(client.get(address).content).findall(f"{ATOM}entry")


def said(client, address: str, name: str = "title") -> list[str]:
    return [entry.findtext(ATOM + name) for entry in entries(client, address)]


def test_feed_with_one_entry_as_a_whole(client, settings):
    settings.SITE_URL = "https://sci.example.org"
    keppel = published(make_organisation("Keppel & Co"))
    make = make_project("Pumps <smart>", (keppel, "singapore"), summary_en="Pumps & pipes.")
    project = at_known_times(published(make))
    answer = client.get("/en/feeds/projects.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.text == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xml:lang="en" xmlns="http://www.w3.org/2005/Atom">'
        "<title>New projects: Singapore-China (Shenzhen) Smart City Initiative</title>"
        '<link href="https://sci.example.org/en/projects/" rel="alternate"/>'
        '<link href="https://sci.example.org/en/feeds/projects.atom" rel="self"/>'
        "<id>tag:sci.example.org,2026:projects/en</id>"
        "<updated>2024-02-03T04:05:06+00:00</updated>"
        "<author><name>Singapore-China (Shenzhen) Smart City Initiative</name></author>"
        "<subtitle>Unofficial record made from public sources; not issued or endorsed by either side</subtitle>"
        "<entry>"
        "<title>Pumps &lt;smart&gt;</title>"
        f'<link href="https://sci.example.org/en/projects/{project.reference}/" rel="alternate"/>'
        "<published>2024-01-02T03:04:05+00:00</published>"
        "<updated>2024-02-03T04:05:06+00:00</updated>"
        f"<id>tag:sci.example.org,2026:{project.reference}/en</id>"
        '<summary type="html">&lt;p&gt;Singapore: Keppel &amp;amp; Co&lt;/p&gt;'
        "&lt;p&gt;Pumps &amp;amp; pipes.&lt;/p&gt;</summary>"
        "</entry>"
        "</feed>"
    )


def test_chinese_feed_marks_what_is_in_english(client):
    published(make_project("Pumps"))
    published(make_project("Pipes", title_zh="管道"))
    root = ElementTree.fromstring(client.get("/zh-hans/feeds/projects.atom").content)
    assert root.get(LANG) == "zh-Hans"
    assert root.findtext(f"{ATOM}subtitle") == "依公开资料整理的非官方记录，未经双方发布或认可"
    found = [(entry.findtext(f"{ATOM}title"), entry.get(LANG)) for entry in root.findall(f"{ATOM}entry")]
    assert found == [("管道", None), ("Pumps", "en")]


def test_official_feed_has_no_notice(client, settings):
    settings.OFFICIAL = True
    assert "<subtitle>" not in client.get("/en/feeds/mous.atom").text


def test_newest_first_and_each_kind_in_its_own(client):
    for title in ("One", "Two"):
        published(make_project(title))
    published(make_mou("An understanding"))
    assert said(client, "/en/feeds/projects.atom") == ["Two", "One"]
    assert said(client, "/en/feeds/mous.atom") == ["An understanding"]


def test_withdrawn_records_and_drafts_are_in_none(client):
    keppel = published(make_organisation("Keppel"))
    gone = published(make_project("Gone", (keppel, "singapore"), meeting=published(make_meeting())))
    gone.milestones.create(title_en="Reached", reached_on=datetime.date(2024, 1, 1))
    signed = published(make_mou("Signed", (keppel, "singapore")))
    make_project("A draft", (keppel, "singapore"))
    for record in (gone, signed):
        move(record, Status.WITHDRAWN, by=person(MANAGER))
    for name in ("projects", "mous", f"organisations/{keppel.reference}"):
        assert said(client, f"/en/feeds/{name}.atom") == []
    assert len(entries(client, "/en/feeds/chronology.atom")) == 1


def test_feed_of_an_organisation(client):
    keppel, other = published(make_organisation("Keppel")), published(make_organisation("Other"))
    published(make_project("Taking part", (keppel, "singapore")))
    published(make_mou("Signed", (keppel, "singapore")))
    published(make_project("Led", lead_singapore=keppel))
    published(make_project("Not theirs", (other, "shenzhen")))
    address = f"/en/feeds/organisations/{keppel.reference}.atom"
    assert said(client, address) == ["Led", "Signed", "Taking part"]
    root = ElementTree.fromstring(client.get(address).content)
    assert root.findtext(f"{ATOM}title") == "Keppel: Singapore-China (Shenzhen) Smart City Initiative"
    assert root.findtext(f"{ATOM}id") == f"tag:testserver,2026:organisations/{keppel.reference}/en"
    page = client.get("/en/organisations/keppel/").text
    assert page.count(f'href="{address}"') == 2


def test_feed_of_an_organisation_moves_and_goes_as_its_page_does(client):
    kept, gone = published(make_organisation("Keppel")), published(make_organisation("Keppel Ltd"))
    draft = make_organisation("Not yet")
    move(gone, Status.WITHDRAWN, by=person(MANAGER))
    answers = {
        record: client.get(f"/en/feeds/organisations/{record.reference}.atom") for record in (kept, gone, draft)
    }
    assert [answer.status_code for answer in answers.values()] == [200, 410, 404]
    with acting(person(MANAGER)):
        gone.merged_into = kept
        gone.save()
    answer = client.get(f"/zh-hans/feeds/organisations/{gone.reference}.atom")
    assert answer["Location"] == f"/zh-hans/feeds/organisations/{kept.reference}.atom"


def test_chronology_feed_says_no_more_than_the_source(client):
    project = published(make_project("Pumps"))
    milestone = project.milestones.create(
        title_en="Opened", reached_on=datetime.date(2024, 5, 1), reached_on_precision="year"
    )
    planned = published(make_meeting(5, phase="planned", starts_on=datetime.date(2026, 3, 2)))
    address = "/en/feeds/chronology.atom"
    assert said(client, address) == ["2 March 2026: Fifth JIC meeting", "2024: Opened"]
    assert said(client, address, "summary") == [
        "<p>Meeting: planned</p>",
        "<p>Milestone reached: Pumps</p>",
    ]
    assert said(client, address, "id") == [
        f"tag:testserver,2026:{planned.reference}/meeting/en",
        f"tag:testserver,2026:{project.reference}/milestone-{milestone.pk}/en",
    ]


def test_what_xml_cannot_hold_is_left_out(client):
    published(make_project("Pum\x0bps", summary_en="Pi\x01pes"))
    assert said(client, "/en/feeds/projects.atom") == ["Pumps"]
    assert said(client, "/en/feeds/projects.atom", "summary") == ["<p>Pipes</p>"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("projects", 4), ("mous", 4), ("chronology", 4)])
def test_number_of_queries_is_fixed(client, django_assert_num_queries, name, queries, count):
    for _ in range(count):
        organisation = published(make_organisation())
        published(make_mou("An MOU", (organisation, "singapore")))
        project = published(make_project("A project", (organisation, "singapore")))
        project.milestones.create(title_en="Reached", reached_on=datetime.date(2024, 1, 1))
    with django_assert_num_queries(queries):
        client.get(f"/en/feeds/{name}.atom")
