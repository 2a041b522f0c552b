"""Filters: each one, several at once, and whatever else people and machines put into an address."""

import datetime
from urllib.parse import quote

import pytest

from initiative.models import Pillar, Sector
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.listing.pages import FORMATS, LISTINGS, body, element, errors, names, table


@pytest.fixture
def record(written, db):
    """What `written` wrote; a test may add to it."""


@pytest.fixture(scope="module")
def written(shared_records):
    """Three published projects, three MOUs, three meetings, and what they name; and a draft organisation."""
    meeting = published(make_meeting(4, format="in_person"))
    published(make_meeting(5, phase="planned", starts_on=None))
    visit = published(make_meeting(kind="other", title_en="A visit", format="virtual"))
    keppel = published(make_organisation("Keppel", kind="company", place="singapore"))
    university = published(make_organisation("Peking University", kind="university", place="china"))
    published(make_organisation("Nobody's partner"))
    both = Sector.objects.filter(code__in=["trade", "energy"])
    twin = make_project(
        "Digital twin",
        (keppel, "singapore"),
        (university, "shenzhen"),
        pillar=Pillar.objects.get(code="innovation"),
        stage="launched",
        meeting=meeting,
        tier="flagship",
    )
    twin.sectors.set(both)
    hub = make_project("Trade hub", (keppel, "singapore"), stage="launched", meeting=meeting, tier="key")
    hub.sectors.set(Sector.objects.filter(code="trade"))
    for project in (twin, hub, make_project("Old pilot", track="related", stage="completed")):
        published(project)
    first = make_mou(
        "First MOU",
        (keppel, "singapore"),
        (university, "shenzhen"),
        meeting=meeting,
        pillar=Pillar.objects.get(code="talent"),
    )
    first.sectors.set(both)
    other = make_mou("Second MOU", (keppel, "singapore"), track="zone", terminated_on=datetime.date(2024, 1, 1))
    for mou in (first, other, make_mou("Third MOU", meeting=visit, signed_on=None)):
        published(mou)
    make_organisation("Secret partner")


# Each filter


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Digital twin", "Trade hub", "Old pilot"]),
        ("pillar=innovation", ["Digital twin"]),
        ("pillar=none", ["Trade hub", "Old pilot"]),
        ("pillar=innovation&pillar=none", ["Digital twin", "Trade hub", "Old pilot"]),
        ("stage=completed", ["Old pilot"]),
        ("stage=completed&stage=launched", ["Digital twin", "Trade hub", "Old pilot"]),
        ("meeting=4", ["Digital twin", "Trade hub"]),
        ("meeting=none", ["Old pilot"]),
        ("tier=flagship", ["Digital twin"]),
        ("tier=none", ["Old pilot"]),
        ("track=related", ["Old pilot"]),
        ("sector=energy", ["Digital twin"]),
        ("sector=trade&sector=energy", ["Digital twin", "Trade hub"]),
        ("sector=none", ["Old pilot"]),
        ("sector=none&sector=energy", ["Digital twin", "Old pilot"]),
        ("organisation=SCI-O-0001", ["Digital twin", "Trade hub"]),
        ("organisation=SCI-O-0001&organisation=SCI-O-0002", ["Digital twin", "Trade hub"]),
        ("organisation=SCI-O-0002&sector=energy&q=twin", ["Digital twin"]),
        ("organisation=SCI-O-0002&tier=key", []),
        ("q=hub", ["Trade hub"]),
        ("q=&utm_source=mail&status=draft&page=1", ["Digital twin", "Trade hub", "Old pilot"]),
    ],
)
def test_projects_filter(client, record, query, found):
    assert names(client.get(f"/en/projects/?{query}")) == found
    assert [row["title_en"] for row in table(client.get(f"/en/projects/export.csv?{query}"))] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["First MOU", "Second MOU", "Third MOU"]),
        ("meeting=4", ["First MOU"]),
        ("meeting=none", ["Second MOU"]),
        ("state=signed", ["First MOU"]),
        ("state=terminated&state=preparing", ["Second MOU", "Third MOU"]),
        ("pillar=talent", ["First MOU"]),
        ("pillar=none", ["Second MOU", "Third MOU"]),
        ("sector=trade&sector=energy", ["First MOU"]),
        ("sector=none", ["Second MOU", "Third MOU"]),
        ("track=zone", ["Second MOU"]),
        ("organisation=SCI-O-0001&organisation=SCI-O-0002", ["First MOU", "Second MOU"]),
        ("q=third", ["Third MOU"]),
    ],
)
def test_mous_filter(client, record, query, found):
    assert names(client.get(f"/en/mous/?{query}")) == found
    assert [row["title_en"] for row in table(client.get(f"/en/mous/export.csv?{query}"))] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Keppel", "Nobody's partner", "Peking University"]),
        ("side=singapore", ["Keppel"]),
        ("side=shenzhen&side=singapore", ["Keppel", "Peking University"]),
        ("kind=university", ["Peking University"]),
        ("kind=none", ["Nobody's partner"]),
        ("place=china", ["Peking University"]),
        ("place=none&place=singapore", ["Keppel", "Nobody's partner"]),
        ("q=univ", ["Peking University"]),
    ],
)
def test_organisations_filter(client, record, query, found):
    assert names(client.get(f"/en/organisations/?{query}")) == found
    assert [row["name_en"] for row in table(client.get(f"/en/organisations/export.csv?{query}"))] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=jic", ["Fourth JIC meeting", "Fifth JIC meeting"]),
        ("kind=other", ["A visit"]),
        ("format=in_person", ["Fourth JIC meeting"]),
        ("format=none", ["Fifth JIC meeting"]),
        ("phase=planned", ["Fifth JIC meeting"]),
        ("q=visit", ["A visit"]),
    ],
)
def test_meetings_filter(client, record, query, found):
    assert names(client.get(f"/en/meetings/?{query}")) == found
    assert len(table(client.get(f"/en/meetings/export.csv?{query}"))) == len(found)


def test_side_is_that_of_a_published_record(client, record):
    make_project("A draft", (published(make_organisation("Waiting")), "shenzhen"))
    assert names(client.get("/en/organisations/?side=shenzhen")) == ["Peking University"]


def test_value_said_twice_is_one_condition(client, record):
    response = client.get("/en/projects/?stage=completed&stage=completed")
    assert names(response) == ["Old pilot"]
    assert element(response, '<h2 id="count"') == "1 project (Stage: Completed)"


@pytest.mark.parametrize("listing", ["projects", "mous"])
def test_value_said_a_thousand_times_is_answered(client, record, listing):
    client.raise_request_exception = False
    values = "&".join(["track=zone"] * 1100)
    assert client.get(f"/en/{listing}/?{values}").status_code == 200
    assert client.get(f"/en/{listing}/export.csv?{values}").status_code == 200


# Values that are refused

REFUSED = [
    ("projects", "stage=gone", "Stage: Select a valid choice. gone is not one of the available choices."),
    ("projects", "meeting=99", "Meeting: Select a valid choice. 99 is not one of the available choices."),
    ("projects", "sort=summary", "This list cannot be sorted like that. Choose from “Sort by”."),
    ("projects", "q=-", "Search term: Enter at least one letter, digit or character."),
    (
        "mous",
        "state=signed&state=lost",
        "State: Select a valid choice. lost is not one of the available choices.",
    ),
    ("organisations", "side=moon", "Side: Select a valid choice. moon is not one of the available choices."),
    ("meetings", "kind=none", "Kind: Select a valid choice. none is not one of the available choices."),
    # A draft's reference is no better known than one that was never given.
    (
        "projects",
        "organisation=SCI-O-0004",
        "Organisation: Select a valid choice. SCI-O-0004 is not one of the available choices.",
    ),
    (
        "projects",
        "organisation=SCI-O-9999",
        "Organisation: Select a valid choice. SCI-O-9999 is not one of the available choices.",
    ),
    (
        "mous",
        "organisation=SCI-O-0004",
        "Organisation: Select a valid choice. SCI-O-0004 is not one of the available choices.",
    ),
]


@pytest.mark.parametrize(("listing", "query", "words"), REFUSED)
def test_bad_value_page_says_so_and_shows_no_rows(client, record, listing, query, words):
    response = client.get(f"/en/{listing}/?{query}")
    assert errors(response) == [words]
    assert names(response) == []


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(("listing", "query", "words"), REFUSED)
def test_bad_value_file_answers_400_in_the_same_words(client, record, listing, query, words, suffix):
    response = client.get(f"/en/{listing}/export.{suffix}?{query}")
    assert (response.status_code, response.content.decode()) == (400, words)
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_bad_values_are_all_told(client, record):
    query = "stage=gone&tier=gold&sort=summary"
    told = [
        "Stage: Select a valid choice. gone is not one of the available choices.",
        "Tier: Select a valid choice. gold is not one of the available choices.",
        "This list cannot be sorted like that. Choose from “Sort by”.",
    ]
    assert client.get(f"/en/projects/export.csv?{query}").content.decode().splitlines() == told[:2]
    assert errors(client.get(f"/en/projects/?{query}")) == told[:2]


def test_bad_value_is_shown_as_text(client, record):
    response = client.get("/en/projects/?stage=<script>alert(1)</script>")
    words = "Stage: Select a valid choice. <script>alert(1)</script> is not one of the available choices."
    assert "<script>alert" not in response.content.decode()
    assert errors(response) == [words]


# Odd search terms: an answer, never a failure

LONG = "Search term: Ensure this value has at most 200 characters (it has 10000)."
EMPTY = "Search term: Enter at least one letter, digit or character."
NUL = "Search term: Null characters are not allowed."


@pytest.mark.parametrize("listing", LISTINGS)
@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("\0", [NUL]),
        ("key\0word", [NUL]),
        ("x" * 10_000, [LONG]),
        ("%", [EMPTY]),
        ("_", [EMPTY]),
        ("-", [EMPTY]),
        ("\u202e", [EMPTY]),
        ("🙂", [EMPTY]),
        ("' OR 1=1 --", []),
        ("مدينة ذكية", []),
        ("100%", []),
        ("snake_case", []),
        ("keppel 🙂", []),
        ("智慧", []),
        ("\\", [EMPTY]),
        ("ﷺ", []),
    ],
    ids=lambda value: repr(value)[:20] if isinstance(value, str) else "",
)
def test_odd_term_is_answered_in_words(client, record, listing, term, words):
    page = client.get(f"/en/{listing}/?q={quote(term)}")
    files = [client.get(f"/en/{listing}/export.{suffix}?q={quote(term)}") for suffix in FORMATS]
    assert (page.status_code, errors(page)) == (200, words)
    assert [file.status_code for file in files] == [400 if words else 200] * 3
    assert {body(file).decode().replace("\n", "|") for file in files if words} <= {"|".join(words)}


@pytest.mark.parametrize("listing", LISTINGS)
def test_odd_values_of_every_parameter_are_answered(client, record, listing):
    odd = ["\0", "x" * 10_000, "%", "🙂", "\u202e", "-", "' OR 1=1"]
    parameters = ("kind", "stage", "meeting", "organisation", "side", "sort", "page", "format", "unknown")
    for name in parameters:
        answers = {
            client.get(f"/en/{listing}/?{name}={quote(value)}", follow=True).status_code for value in odd
        }
        assert (name, answers) == (name, {200})


def test_percent_and_underscore_stand_for_themselves(client, record):
    published(make_project("Growth of 100% by 2030"))
    published(make_project("Growth of 1000 firms"))
    assert names(client.get("/en/projects/?q=100%25")) == ["Growth of 100% by 2030"]
    assert names(client.get("/en/projects/?q=f_100")) == ["Growth of 100% by 2030", "Growth of 1000 firms"]
