"""Facets: the values of a filter, each with the number of rows that choosing it gives."""

import re
from urllib.parse import urlencode

import pytest

from initiative.models import Pillar, Sector
from listing.facets import MOST_SHOWN
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.listing.pages import names, text_of


@pytest.fixture
def record(written, db):
    """What `written` wrote; a test may add to it."""


@pytest.fixture(scope="module")
def written(shared_records):
    meeting = published(make_meeting(4, format="in_person"))
    published(make_meeting(kind="other", title_en="A visit"))
    keppel = published(make_organisation("Keppel", kind="company", place="singapore"))
    university = published(make_organisation("Peking University", kind="university", place="china"))
    published(make_organisation("Nobody's partner"))
    twin = make_project(
        "Digital twin",
        (keppel, "singapore"),
        (university, "shenzhen"),
        pillar=Pillar.objects.get(code="innovation"),
        stage="launched",
        meeting=meeting,
        tier="flagship",
    )
    twin.sectors.set(Sector.objects.filter(code__in=["trade", "energy"]))
    hub = make_project("Trade hub", (keppel, "singapore"), stage="launched", meeting=meeting, tier="key")
    hub.sectors.set(Sector.objects.filter(code="trade"))
    # The university takes part on both sides, in two projects.
    pilot = make_project("Old pilot", (university, "singapore"), track="related", stage="completed")
    for project in (twin, hub, pilot, make_project("Plain", track="related", stage="completed")):
        published(project)
    for mou in (
        make_mou("First MOU", (keppel, "singapore"), (university, "shenzhen"), meeting=meeting),
        make_mou("Second MOU", (keppel, "singapore"), track="zone"),
    ):
        published(mou)
    make_project("A draft", (keppel, "singapore"), stage="proposed")


def facet(response, name: str) -> dict[str, int]:
    """Return the values of one facet on the page, with their counts."""
    found = re.findall(
        rf'<input type="checkbox" name="{name}" value="([^"]*)"[^>]*>.*?<data value="(\d+)">',
        response.content.decode(),
    )
    return {value: int(count) for value, count in found}


def fieldset(response, legend: str) -> str:
    page = response.content.decode()
    (found,) = (part for part in page.split("<fieldset>")[1:] if f"<legend>{legend}</legend>" in part)
    return found.partition("</fieldset>")[0]


def test_facet_ignores_its_own_choice(client, record):
    response = client.get("/en/projects/?stage=completed")
    assert {k: n for k, n in facet(response, "stage").items() if n} == {"launched": 2, "completed": 2}
    assert facet(response, "track") == {"jic": 0, "zone": 0, "related": 2}


def test_facet_counts_under_every_other_choice(client, record):
    response = client.get("/en/projects/?organisation=SCI-O-0001&sector=energy&q=twin")
    assert {k: n for k, n in facet(response, "sector").items() if n} == {"trade": 1, "energy": 1}
    assert facet(response, "organisation") == {"SCI-O-0001": 1, "SCI-O-0002": 1}
    assert {k: n for k, n in facet(response, "pillar").items() if n} == {"innovation": 1}


def test_facet_not_stated_is_a_value(client, record):
    response = client.get("/en/projects/")
    assert facet(response, "tier") == {"flagship": 1, "key": 1, "none": 2}
    assert facet(response, "meeting") == {"4": 2, "2023-12-14": 0, "none": 2}
    assert text_of(fieldset(response, "Sector")).endswith("Not classified 2")


def test_facet_of_organisations_counts_a_body_on_each_of_its_sides(client, record):
    response = client.get("/en/organisations/")
    assert facet(response, "side") == {"singapore": 2, "shenzhen": 1}
    assert facet(client.get("/en/organisations/?side=shenzhen"), "kind")["university"] == 1


def test_facet_of_meetings(client, record):
    response = client.get("/en/meetings/?format=in_person")
    assert facet(response, "format") == {"in_person": 1, "virtual": 0, "hybrid": 0, "none": 1}
    assert facet(response, "kind") == {"jic": 1, "officials": 0, "other": 0}


FILTERS = {
    "projects": ("pillar", "stage", "meeting", "tier", "track", "counted", "sector", "organisation"),
    "mous": ("meeting", "state", "pillar", "sector", "track", "counted", "organisation"),
    "organisations": ("side", "kind", "place"),
    "meetings": ("kind", "format", "phase"),
}


@pytest.mark.parametrize(
    ("listing", "query"),
    [
        ("projects", {}),
        ("projects", {"track": "related"}),
        ("projects", {"counted": "yes"}),
        ("projects", {"sector": "trade", "tier": "key"}),
        ("mous", {}),
        ("mous", {"organisation": "SCI-O-0002"}),
        ("organisations", {}),
        ("organisations", {"side": "singapore"}),
        ("meetings", {}),
        ("meetings", {"kind": "jic"}),
    ],
)
def test_facet_counts_are_the_rows_that_choosing_gives(client, record, listing, query):
    page = client.get(f"/en/{listing}/?{urlencode(query)}")
    told = {(name, value): n for name in FILTERS[listing] for value, n in facet(page, name).items()}
    assert len(told) > 8
    given = {
        (name, value): len(names(client.get(f"/en/{listing}/?{urlencode(query | {name: value})}")))
        for name, value in told
    }
    assert told == given


def test_facet_chosen_values_are_ticked_and_empty_ones_cannot_be(client, record):
    page = client.get("/en/projects/?stage=launched&stage=proposed").content.decode()
    assert '<input type="checkbox" name="stage" value="launched" checked id="stage-launched">' in page
    assert '<input type="checkbox" name="stage" value="proposed" checked id="stage-proposed">' in page
    assert '<input type="checkbox" name="stage" value="endorsed" disabled id="stage-endorsed">' in page


def test_facet_says_in_which_language_a_name_stands(client, record):
    university = published(make_organisation(name_zh="深圳大学"))
    published(make_project("With a university", (university, "shenzhen")))
    english = fieldset(client.get("/en/projects/"), "Organisation")
    assert '<span lang="zh-Hans">深圳大学</span>' in english
    assert "<span>Keppel</span>" in english


@pytest.fixture
def more_partners(record):
    """One project each for thirteen more organisations; the last has two more."""
    partners = [published(make_organisation(f"Partner {number:02}")) for number in range(1, 14)]
    for partner in [*partners, partners[-1], partners[-1]]:
        published(make_project("A project", (partner, "singapore")))
    return partners


def test_long_facet_is_folded_up_with_the_most_frequent_first(client, more_partners):
    found = facet(client.get("/en/projects/"), "organisation")
    shown = fieldset(client.get("/en/projects/"), "Organisation")
    assert list(found.items())[:4] == [
        ("SCI-O-0016", 3),
        ("SCI-O-0001", 2),
        ("SCI-O-0002", 2),
        ("SCI-O-0004", 1),
    ]
    in_sight, _, folded_up = shown.partition('<details class="more" id="more-organisation">')
    assert (in_sight.count("<label>"), folded_up.count("<label>")) == (6, 9)
    assert "Show all 15" in folded_up


def test_long_facet_leaves_out_what_gives_no_rows(client, more_partners):
    published(make_project("Another", (more_partners[0], "singapore"), tier="key"))
    response = client.get("/en/projects/?tier=key&organisation=SCI-O-0005")
    assert facet(response, "organisation") == {"SCI-O-0001": 1, "SCI-O-0004": 1, "SCI-O-0005": 0}
    assert "<details" not in fieldset(response, "Organisation")


def test_long_facet_has_what_is_chosen_first(client, more_partners):
    response = client.get("/en/projects/?organisation=SCI-O-0015&organisation=SCI-O-0004")
    assert list(facet(response, "organisation"))[:4] == ["SCI-O-0004", "SCI-O-0015", "SCI-O-0016", "SCI-O-0001"]


def test_long_facet_folds_up_nothing_that_is_chosen(client, more_partners):
    query = "&".join(f"organisation={partner.reference}" for partner in more_partners[:8])
    in_sight = fieldset(client.get(f"/en/projects/?{query}"), "Organisation").partition("<details")[0]
    assert (in_sight.count("<label>"), in_sight.count(" checked")) == (8, 8)


def test_short_facet_is_not_folded_up(client, record):
    shown = fieldset(client.get("/en/projects/"), "Organisation")
    assert "<details" not in shown
    assert MOST_SHOWN == 200
