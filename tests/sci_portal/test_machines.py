"""What search engines and other programs are told: head of the page, schema.org, sitemap, robots.txt."""

import datetime
import json
import re
from xml.etree import ElementTree

import pytest

from publishing.models import Status
from publishing.workflow import move
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import MANAGER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NOTICE = "Unofficial record made from public sources; not issued or endorsed by either side"


@pytest.fixture(autouse=True)
def site_url(settings):
    settings.SITE_URL = "https://sci.example.org"


def head(client, address: str) -> list[str]:
    """Return the links of the editions and the OpenGraph lines of a page."""
    return re.findall(
        r'<(?:link rel="(?:canonical|alternate)" h|meta property)[^>]+>', client.get(address).text
    )


def described(client, address: str) -> list[dict]:
    """Return what a page says of itself in schema.org's words."""
    (data,) = re.findall(r'<script type="application/ld\+json">(.+?)</script>', client.get(address).text)
    whole = json.loads(data)
    assert whole["@context"] == "https://schema.org"
    return whole["@graph"]


def test_head_of_a_record(client):
    project = published(make_project("Pumps & pipes", title_zh="水泵", summary_en="Of all kinds."))
    path = f"projects/{project.reference}/"
    assert head(client, f"/en/{path}?from=mail") == [
        f'<link rel="canonical" href="https://sci.example.org/en/{path}">',
        f'<link rel="alternate" hreflang="en" href="https://sci.example.org/en/{path}">',
        f'<link rel="alternate" hreflang="zh-Hans" href="https://sci.example.org/zh-hans/{path}">',
        '<link rel="alternate" hreflang="x-default" href="https://sci.example.org/">',
        '<meta property="og:title" content="Pumps &amp; pipes">',
        '<meta property="og:description" content="Of all kinds.">',
        f'<meta property="og:url" content="https://sci.example.org/en/{path}">',
        '<meta property="og:type" content="article">',
        '<meta property="og:locale" content="en_GB">',
        '<meta property="og:locale:alternate" content="zh_CN">',
        '<meta property="og:site_name" content="Singapore-China (Shenzhen) Smart City Initiative">',
    ]
    assert '<meta property="og:title" content="水泵">' in head(client, f"/zh-hans/{path}")
    assert '<meta property="og:locale" content="zh_CN">' in head(client, f"/zh-hans/{path}")


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("", ""),
        ("?stage=launched", ""),
        ("?page=2", "?page=2"),
        ("?page=2&stage=proposed", ""),
        ("?page=1", ""),
        ("?sort=-title", ""),
    ],
)
def test_a_list_without_its_filters_is_canonical(client, asked, canonical):
    for _ in range(26):
        published(make_project())
    expected = f'<link rel="canonical" href="https://sci.example.org/en/projects/{canonical}">'
    assert head(client, f"/en/projects/{asked}")[0] == expected


def test_addresses_follow_the_request_where_none_is_set(client, settings):
    settings.SITE_URL = ""
    assert head(client, "/en/")[0] == '<link rel="canonical" href="http://testserver/en/">'
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").text
    assert "<loc>http://testserver/en/</loc>" in client.get("/sitemap.xml").text


def test_errors_and_withdrawn_records_say_nothing(client):
    project = published(make_project("Secret title"))
    move(project, Status.WITHDRAWN, by=person(MANAGER))
    for address in (f"/en/projects/{project.reference}/", "/en/projects/SCI-P-9999/", "/en/nothing/"):
        page = client.get(address).text
        assert head(client, address) == []
        assert "ld+json" not in page
        assert "Secret title" not in page


def test_every_page_names_the_feeds(client):
    feeds = r'<link rel="alternate" type="application/atom\+xml" title="([^"]+)" href="([^"]+)">'
    assert re.findall(feeds, client.get("/en/").text) == [
        ("New projects", "/en/feeds/projects.atom"),
        ("New MOUs", "/en/feeds/mous.atom"),
        ("Chronology", "/en/feeds/chronology.atom"),
    ]


# schema.org ---------------------------------------------------------------------------------------


def crumbs(label: str, path: str, name: str, address: str) -> dict:
    site = "https://sci.example.org/en"
    steps = ((1, label, f"{site}/{path}/"), (2, name, f"{site}/{path}/{address}/"))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": item}
            for number, name, item in steps
        ],
    }


def test_home_can_be_searched(client):
    assert described(client, "/en/") == [
        {
            "@type": "WebSite",
            "name": "Singapore-China (Shenzhen) Smart City Initiative",
            "url": "https://sci.example.org/en/",
            "inLanguage": "en",
            "creditText": NOTICE,
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": "https://sci.example.org/en/search/?q={term}",
                },
                "query-input": "required name=term",
            },
        }
    ]


def test_list_is_a_dataset(client, settings):
    settings.OFFICIAL = True
    (found,) = described(client, "/en/mous/?q=x")
    files = found.pop("distribution")
    assert found == {
        "@type": "Dataset",
        "name": "MOUs",
        "description": "MOUs on record here, to filter and to download as CSV, Excel and JSON.",
        "url": "https://sci.example.org/en/mous/",
        "inLanguage": ["en", "zh-Hans"],
        "isAccessibleForFree": True,
    }
    assert [(one["@type"], one["encodingFormat"], one["contentUrl"]) for one in files] == [
        ("DataDownload", "text/csv", "https://sci.example.org/en/mous/export.csv"),
        (
            "DataDownload",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "https://sci.example.org/en/mous/export.xlsx",
        ),
        ("DataDownload", "application/json", "https://sci.example.org/en/mous/export.json"),
    ]


def test_organisation(client):
    parent = published(make_organisation("Holding"))
    organisation = published(
        make_organisation("Keppel", name_zh="吉宝", kind="company", website="https://k.example", parent=parent)
    )
    organisation.names.create(name="Keppel Ltd", kind="former")
    assert described(client, "/en/organisations/keppel/") == [
        {
            "@type": "Organization",
            "name": "Keppel",
            "alternateName": ["吉宝", "Keppel Ltd"],
            "identifier": organisation.reference,
            "url": "https://sci.example.org/en/organisations/keppel/",
            "sameAs": "https://k.example",
            "parentOrganization": {
                "@type": "Organization",
                "name": "Holding",
                "url": "https://sci.example.org/en/organisations/holding/",
            },
        },
        crumbs("Organisations", "organisations", "Keppel", "keppel"),
    ]


def test_meeting_is_an_event(client):
    meeting = published(
        make_meeting(
            4,
            starts_on_precision="month",
            phase="cancelled",
            format="virtual",
            city_en="Shenzhen",
            outcome_en="None.",
        )
    )
    assert described(client, "/en/meetings/4/") == [
        {
            "@type": "Event",
            "name": "Fourth JIC meeting",
            "alternateName": ["联合执委会第四次会议"],
            "identifier": meeting.reference,
            "url": "https://sci.example.org/en/meetings/4/",
            "startDate": "2023-12",
            "eventStatus": "https://schema.org/EventCancelled",
            "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
            "location": {"@type": "Place", "name": "Shenzhen", "address": "Shenzhen"},
            "description": "None.",
        },
        crumbs("Meetings", "meetings", "Fourth JIC meeting", "4"),
    ]


def test_mou_is_a_work_and_project_a_project(client):
    keppel = published(make_organisation("Keppel"))
    mou = published(make_mou("Robots", (keppel, "singapore")))
    project = published(make_project("Pumps", (keppel, "singapore"), started_on=datetime.date(2024, 1, 1)))
    joined = [
        {
            "@type": "Organization",
            "name": "Keppel",
            "url": "https://sci.example.org/en/organisations/keppel/",
        }
    ]
    assert described(client, f"/en/mous/{mou.reference}/") == [
        {
            "@type": "CreativeWork",
            "name": "Robots",
            "identifier": mou.reference,
            "url": f"https://sci.example.org/en/mous/{mou.reference}/",
            "genre": "memorandum of understanding",
            "dateCreated": "2023-12-14",
            "contributor": joined,
        },
        crumbs("MOUs", "mous", "Robots", mou.reference),
    ]
    assert described(client, f"/en/projects/{project.reference}/") == [
        {
            "@type": "Project",
            "name": "Pumps",
            "identifier": project.reference,
            "url": f"https://sci.example.org/en/projects/{project.reference}/",
            "foundingDate": "2024-01-01",
            "member": joined,
        },
        crumbs("Projects", "projects", "Pumps", project.reference),
    ]


def test_a_title_cannot_end_the_script(client):
    title = "</script><script>alert('&')</script>"
    project = published(make_project(title))
    page = client.get(f"/en/projects/{project.reference}/").text
    assert page.count("<script") == 1
    assert described(client, f"/en/projects/{project.reference}/")[0]["name"] == title


def test_the_policy_lets_the_data_be(live_server, browser_page):
    published(make_organisation("Keppel"))
    for address in ("/en/", "/en/organisations/keppel/", "/zh-hans/chronology/"):
        browser_page.goto(live_server.url + address)
    assert browser_page.console_errors == []


# Sitemap and robots.txt ---------------------------------------------------------------------------


def test_sitemap_lists_what_is_public_in_both_languages(client):
    project = published(make_project())
    gone, _draft = published(make_project()), make_project()
    move(gone, Status.WITHDRAWN, by=person(MANAGER))
    changed = datetime.datetime(2024, 2, 3, tzinfo=datetime.UTC)
    type(project).objects.filter(pk=project.pk).update(
        changed_at=changed - datetime.timedelta(1), published_at=changed
    )
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    urls = ElementTree.fromstring(answer.content)
    pages = ("", "projects/", "mous/", "meetings/", "organisations/", "chronology/")
    found = [*pages, f"projects/{project.reference}/"]
    assert [url.findtext(f"{SITEMAP}loc") for url in urls] == [
        f"https://sci.example.org/{language}/{path}" for path in found for language in ("en", "zh-hans")
    ]
    assert [url.findtext(f"{SITEMAP}lastmod") for url in urls] == [None] * 12 + ["2024-02-03"] * 2
    alternates = [(link.get("hreflang"), link.get("href")) for link in urls[-1] if link.get("hreflang")]
    assert alternates == [
        (language, f"https://sci.example.org/{language}/projects/{project.reference}/")
        for language in ("en", "zh-hans")
    ]


def test_sitemap_asks_once_for_each_kind(client, django_assert_num_queries):
    for _ in range(3):
        published(make_project())
    with django_assert_num_queries(6):
        client.get("/sitemap.xml")


def test_robots(client):
    assert client.get("/robots.txt").text == (
        "User-agent: *\n"
        "Disallow: /admin/\n"
        "Disallow: /en/search/\n"
        "Disallow: /zh-hans/search/\n"
        "\n"
        "Sitemap: https://sci.example.org/sitemap.xml\n"
    )
