"""Before the hour of a release nothing of it is public anywhere; after it all of it is everywhere."""

import pytest

from tests.crawling import crawl
from tests.cycle.releases import approved, prepared, statuses, the_hour_comes
from tests.desk.samples import add_file
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.serving import once_there
from tests.test_every_page import MACHINES, STARTS

pytestmark = [once_there, pytest.mark.django_db]

# What nothing may tell of, and a word to search for, which pages of results repeat.
AWAITED, SOUGHT = "Angekuendigt", "Gesucht"
MARKS = (AWAITED, "97th", "第九十七", "/meetings/97/")
LISTS = ("projects", "mous", "organisations", "meetings")
ASKED = [
    *STARTS,
    *MACHINES,
    *(
        address
        for language in ("en", "zh-hans")
        for address in (
            f"/{language}/search/?q={SOUGHT}",
            *(f"/{language}/{name}/?q={SOUGHT}" for name in LISTS),
            *(f"/{language}/{name}/export.{kind}" for name in LISTS for kind in ("csv", "xlsx", "json")),
            f"/{language}/statistics/",
            f"/{language}/chronology/",
        )
    ),
]


@pytest.fixture
def planned():
    """Approve for tomorrow a meeting with an MOU, a project, a body and files; something else is public."""
    body = published(make_organisation("Keppel"))
    published(make_meeting(96))
    published(make_mou("Known MOU", (body, "singapore")))
    published(make_project("Known project", (body, "singapore")))
    found = prepared(f"{AWAITED} {SOUGHT}")
    found.files = [
        add_file(one, AWAITED, AWAITED.encode(), "file.txt", visibility="public") for one in found.records[:3]
    ]
    found.release = approved(found)
    found.addresses = [
        address.replace("/en/", f"/{language}/")
        for language in ("en", "zh-hans")
        for address in (
            *(record.get_absolute_url() for record in found.records),
            *(file.public_address() for file in found.files),
            f"/en/feeds/organisations/{found.body.reference}.atom",
            f"/en/meetings/{found.meeting.reference}.ics",
        )
    ]
    return found


def told(addresses) -> dict[str, bool]:
    """Return whether each page and file reachable tells of what is awaited, by address."""
    found = {}
    for address, _response, text in crawl(*addresses):
        found[address] = any(mark in text for mark in MARKS)
    assert len(found) > 80
    return found


def test_nothing_is_public_before_the_hour(client, planned):
    assert [address for address, tells in told(ASKED).items() if tells] == []
    assert {address: client.get(address).status_code for address in planned.addresses} == dict.fromkeys(
        planned.addresses, 404
    )


def test_all_of_it_is_public_everywhere_after_the_hour(client, planned):
    the_hour_comes(planned.release)
    tells = told([*ASKED, *planned.addresses])
    expected = [address for address in ASKED if address not in ("/robots.txt", "/en/", "/zh-hans/")]
    assert [one for one in [*expected, *planned.addresses] if not tells[one]] == []
    assert statuses(planned) == {"published"}


@pytest.mark.parametrize(
    "address",
    ["/robots.txt", "/zh-hans/feeds/mous.atom", "/en/mous/export.csv", "/admin/login/", "/en/no-such-page/"],
)
def test_whatever_is_asked_for_first_releases(client, planned, address):
    the_hour_comes(planned.release)
    client.get(address)
    assert statuses(planned) == {"published"}


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/static/css/none.css"])
def test_what_asks_the_database_for_nothing_releases_nothing(client, planned, address):
    the_hour_comes(planned.release)
    client.get(address)
    assert statuses(planned) == {"in_review"}
