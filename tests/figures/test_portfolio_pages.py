"""Managers' reports as pages and files: each number is that of its list, for every person; the same queries."""

import io
import re
from html import unescape

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.managers import pages
from tests.figures.portfolio_record import KEYS, enlarge, record
from tests.listing.pages import element
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

__all__ = ["record"]
pytestmark = [once_there, pytest.mark.django_db]
COUNT = re.compile(r'<a href="([^"]+)" data-count="(\d+)"')


def links(answer) -> dict[str, int]:
    """Return every number of a report that leads somewhere, by its address, those of the figure too."""
    found = {unescape(address): int(number) for address, number in COUNT.findall(answer.text)}
    picture = answer.context["picture"]
    bars = [
        bar for bar in picture.bars if bar.address.startswith(("/en/projects/", "/en/mous/", "/admin/reports/"))
    ]
    one = len(picture.series) == 1
    return found | {
        bar.address: bar.total for bar in bars if one or answer.context["report"].key == "portfolio"
    }


def rows_behind(client, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address
    if "/admin/reports/" in address:
        return answer.context["part"].paginator.count
    if "/admin/languages/" in address:
        matter = re.search(r"matter=(\w+)", address)[1]
        return next(
            count for _label, count, query, _now in answer.context["tabs"] if f"matter={matter}" in query
        )
    if address.startswith("/admin/"):
        return answer.context["cl"].result_count
    return int(re.match(r"\d+|No", element(answer, '<h2 id="count"'))[0].replace("No", "0"))


ASKED = [
    (MANAGER, ""),
    (MANAGER, "unpublished=on&uncounted=on"),
    (OTHER_MANAGER, "unpublished=on&side=shenzhen"),
    (AUDITOR, "unpublished=on"),
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("who", "query"), ASKED)
def test_every_number_is_that_of_its_list(client, record, who, query, key):
    client.force_login(person(who))
    found = links(client.get(f"/admin/reports/{key}/?{query}"))
    assert found or key == "no-news"
    assert {address: rows_behind(client, address) for address in found} == found


@pytest.mark.parametrize("key", KEYS)
def test_a_stranger_is_asked_to_sign_in(client, key):
    assert client.get(f"/admin/reports/{key}/").url.startswith("/admin/login/")
    assert client.get(f"/admin/reports/{key}.csv").url.startswith("/admin/login/")


HIDDEN = {
    SINGAPORE_OFFICER: ("Kept by Shenzhen", "Kept MOU"),
    MANAGER: ("Kept by Shenzhen", "Kept MOU"),
    SHENZHEN_OFFICER: ("Kept by Singapore",),
    OTHER_MANAGER: ("Kept by Singapore",),
    AUDITOR: (),
}
LISTS = (
    "portfolio.csv?rows=projects&unpublished=on",
    "mou-states.csv?rows=mous&unpublished=on",
    "no-news.csv?unpublished=on",
    "work-waiting.csv?rows=review",
)


@pytest.mark.parametrize("who", ROLES)
def test_each_person_sees_what_the_other_side_does_not_keep(client, record, who):
    client.force_login(person(who))
    told = "".join(client.get(f"/admin/reports/{one}").content.decode() for one in LISTS)
    for words in ("Kept by Shenzhen", "Kept by Singapore", "Kept MOU"):
        assert (words in told) == (words not in HIDDEN[who])


@pytest.mark.parametrize("one", ["portfolio?rows=projects", "mou-states?rows=mous", "no-news", "partners"])
def test_only_what_is_published_stands_there_unless_more_is_asked_for(client, record, one):
    client.force_login(person(AUDITOR))
    key, _mark, query = one.partition("?")
    plain, more = (client.get(f"/admin/reports/{key}.csv?{query}{also}") for also in ("", "&unpublished=on"))
    unpublished = {"portfolio": "Draft", "mou-states": "Draft MOU", "no-news": "Review", "partners": "Kept"}[
        key
    ]
    if key != "partners":
        assert (unpublished in plain.content.decode(), unpublished in more.content.decode()) == (False, True)
    assert ("-staff" in plain["Content-Disposition"], "-staff" in more["Content-Disposition"]) == (False, True)
    page = client.get(f"/admin/reports/{key}/?{query}&unpublished=on").text
    assert "Holds drafts and records in review" in page


BAD = {
    "portfolio": ("pillar=nothing", "meeting=9", "rows=all", "side=left"),
    "partners": ("since=yesterday", "rows=mous", "organisation=SCI-O-0001", "kind=club"),
    "mou-states": ("state=binding", "within=91"),
    "no-news": ("track=other",),
    "work-waiting": ("rows=translations", "side=nobody"),
}


@pytest.mark.parametrize("key", BAD)
def test_a_filter_that_is_none_is_refused_in_words(client, record, key):
    client.force_login(person(MANAGER))
    for query in BAD[key]:
        page = client.get(f"/admin/reports/{key}/?{query}")
        assert "errorlist" in page.text, query
        assert "report-table" not in page.text
        assert client.get(f"/admin/reports/{key}.csv?{query}").status_code == 400


# Those of reports on texts ask each kind of text once; each page asks what the person saved of it.
QUERIES = {
    "portfolio/?unpublished=on": 12,
    "portfolio/?rows=projects": 12,
    "partners/?unpublished=on": 12,
    "mou-states/": 9,
    "mou-states/?rows=mous&unpublished=on": 11,
    "no-news/?unpublished=on": 14,
    "not-on-record/?unpublished=on": 39,
    "work-waiting/": 49,
    "work-waiting/?rows=review": 10,
}


def test_as_many_queries_for_three_as_for_one(client, record):
    client.force_login(person(MANAGER))

    def asked() -> dict[str, int]:
        found = {}
        for one in QUERIES:
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/admin/reports/{one}")
            found[one] = len(queries)
        return found

    enlarge()
    asked()
    assert asked() == QUERIES
    enlarge()
    enlarge()
    assert asked() == QUERIES


def test_the_file_is_the_page_in_both_languages(client, record):
    client.force_login(person(OTHER_MANAGER))
    told = client.get("/admin/reports/portfolio.csv").content.decode("utf-8-sig").splitlines()
    assert told == [
        "meeting,meeting_en,meeting_zh,pillar,pillar_en,pillar_zh,proposed,endorsed,announced,launched,"
        "in_progress,completed,discontinued,all,side_singapore,side_shenzhen,side_both,side_none",
        "1,First JIC meeting,联合执委会第一次会议,talent,Talent,人才,0,0,0,1,0,0,0,1,1,1,1,0",
        "2,Second JIC meeting,联合执委会第二次会议,talent,Talent,人才,0,0,0,0,0,1,0,1,0,0,0,1",
        "2,Second JIC meeting,联合执委会第二次会议,none,Not classified,未归类,0,0,0,0,1,0,0,1,1,0,0,0",
    ]


@pytest.mark.parametrize("one", KEYS)
def test_excel_holds_the_rows_of_the_page_and_the_definition(client, record, one):
    client.force_login(person(AUDITOR))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/admin/reports/{one}.xlsx").content))
    page = client.get(f"/admin/reports/{one}/").context
    assert book["data"].max_row == page["part"].paginator.count + 1
    assert str(page["report"].about) in [row[1].value for row in book["about"]]


def test_a_long_table_is_shown_in_parts(client, record, monkeypatch):
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    client.force_login(person(MANAGER))
    first = client.get("/admin/reports/portfolio/?rows=projects").text
    assert ("Rows 1 to 2 of 3; files hold all." in first, "Alone" in first, "Unnamed" in first) == (
        True,
        True,
        False,
    )
    last = client.get("/admin/reports/portfolio/?rows=projects&page=2").text
    assert ("Unnamed" in last, "Earlier rows" in last, "Further rows" in last) == (True, True, False)
