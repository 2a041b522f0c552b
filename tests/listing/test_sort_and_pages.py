"""Order, pages, and the words and links around a list of results."""

import datetime
import html
import re
from itertools import chain

import pytest

from initiative.models import Pillar
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.listing.pages import LISTINGS, element, errors, names, table, text_of


@pytest.fixture
def record(written, db):
    """What `written` wrote; a test may add to it."""


@pytest.fixture(scope="module")
def written(shared_records):
    """Sixty projects of one title, then three whose order tells one sort from another."""
    fourth = published(make_meeting(4, starts_on=datetime.date(2023, 12, 14)))
    third = published(make_meeting(3, starts_on=datetime.date(2022, 11, 25)))
    published(make_meeting(kind="other", title_en="A visit", starts_on=None))
    zeta = published(make_organisation("Zeta", name_zh="中国银行"))
    published(make_organisation("the Alpha", name_zh="重庆大学"))
    published(make_organisation("iFlytek", name_zh="北京大学"))
    for number in range(60):
        published(make_project("Same", stage="launched", meeting=fourth if number % 2 else third))
    published(
        make_project("The Zebra", (zeta, "singapore"), title_zh="北京项目", stage="completed", meeting=third)
    )
    published(make_project("apple", title_zh="中国项目", stage="completed", meeting=fourth))
    published(make_project("", title_zh="东莞项目", track="related", pillar=Pillar.objects.get(code="talent")))
    published(make_mou("Late", signed_on=datetime.date(2023, 12, 14)))
    published(make_mou("Never", signed_on=None))
    published(make_mou("Early", signed_on=datetime.date(2019, 10, 15)))


def references(response) -> list[str]:
    """Return the reference in each row of the page's table, in order."""
    assert response.status_code == 200
    return re.findall(r"<small>(SCI-\w-\d{4})", response.content.decode())


def sorts_on_offer(page: str) -> list[str]:
    menu = page.partition('<select id="sort"')[2].partition("</select>")[0]
    return re.findall(r'<option value="([^"]+)"', menu)


def chips(response) -> dict[str, str]:
    """Return the conditions in use, in words, each with the address that drops it."""
    listed = response.content.decode().partition('<ul class="chips"')[2].partition("</ul>")[0]
    found = re.findall(r'<a href="([^"]*)"><span class="vh">Remove filter</span>(.*?)</a>', listed)
    return {text_of(words): html.unescape(address) for address, words in found}


def title_of(response) -> str:
    return element(response, "<title")


# Order


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/en/projects/?sort=title", ["apple", "东莞项目", "The Zebra"]),
        ("/en/projects/?sort=-title", ["The Zebra", "东莞项目", "apple"]),
        ("/zh-hans/projects/?sort=title", ["北京项目", "东莞项目", "中国项目"]),
        ("/zh-hans/projects/?sort=-title", ["中国项目", "东莞项目", "北京项目"]),
        ("/en/projects/?sort=reference", ["The Zebra", "apple", "东莞项目"]),
        ("/en/projects/?sort=-reference", ["东莞项目", "apple", "The Zebra"]),
        ("/en/projects/?sort=", ["The Zebra", "apple", "东莞项目"]),
        ("/en/projects/?sort=meeting_date", ["The Zebra", "apple", "东莞项目"]),
        ("/en/projects/?sort=-meeting_date", ["apple", "The Zebra", "东莞项目"]),
    ],
)
def test_projects_sort(client, record, address, found):
    one_of_each = "stage=completed&stage=proposed"
    assert names(client.get(f"{address}&{one_of_each}")) == found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/en/organisations/", ["the Alpha", "iFlytek", "Zeta"]),
        ("/zh-hans/organisations/", ["北京大学", "重庆大学", "中国银行"]),
        ("/en/organisations/?sort=-projects", ["Zeta", "the Alpha", "iFlytek"]),
        ("/en/organisations/?sort=reference", ["Zeta", "the Alpha", "iFlytek"]),
        ("/en/mous/?sort=signed_on", ["Early", "Late", "Never"]),
        ("/en/mous/?sort=-signed_on", ["Late", "Early", "Never"]),
        ("/en/meetings/", ["Fourth JIC meeting", "Third JIC meeting", "A visit"]),
        ("/en/meetings/?sort=starts_on", ["Third JIC meeting", "Fourth JIC meeting", "A visit"]),
        ("/zh-hans/meetings/?sort=title", ["A visit", "联合执委会第三次会议", "联合执委会第四次会议"]),
    ],
)
def test_other_lists_sort(client, record, address, found):
    assert names(client.get(address)) == found


@pytest.mark.parametrize("sort", ["summary", "title_en", "--title", "pk", "meeting__notes", "-", "changed_by"])
@pytest.mark.parametrize("listing", LISTINGS)
def test_unknown_sort_is_refused(client, record, listing, sort):
    words = "This list cannot be sorted like that. Choose from “Sort by”."
    page = client.get(f"/en/{listing}/?sort={sort}")
    file = client.get(f"/en/{listing}/export.csv?sort={sort}")
    assert (names(page), errors(page)) == ([], [words])
    assert (file.status_code, file.content.decode()) == (400, words)


@pytest.mark.parametrize("code", ["en", "zh-hans"])
@pytest.mark.parametrize("listing", LISTINGS)
def test_every_sort_on_offer_is_answered(client, record, listing, code):
    page = client.get(f"/{code}/{listing}/").content.decode()
    offered = sorts_on_offer(page)
    assert len(offered) >= 6
    answers = {client.get(f"/{code}/{listing}/", {"sort": sort}).status_code for sort in offered}
    assert answers == {200}


@pytest.mark.parametrize("listing", LISTINGS)
def test_every_order_ends_in_the_key(client, record, listing):
    page = client.get(f"/en/{listing}/").content.decode()
    offered = ["", *sorts_on_offer(page)]
    orders = [client.get(f"/en/{listing}/", {"sort": sort}).context["rows"].query.order_by for sort in offered]
    assert {order[-1] for order in orders} == {"pk"}


@pytest.mark.parametrize("sort", ["title", "-title", "meeting_date", "-meeting_date"])
def test_rows_of_one_title_are_shown_once_each(client, record, sort):
    pages = [client.get(f"/en/projects/?stage=launched&sort={sort}&page={page}") for page in (1, 2, 3)]
    seen = [references(page) for page in pages]
    assert [len(page) for page in seen] == [25, 25, 10]
    assert sorted(chain(*seen)) == [f"SCI-P-{number:04}" for number in range(1, 61)]


def test_file_is_in_the_order_of_the_page(client, record):
    query = "stage=completed&stage=proposed&sort=-title"
    file = [row["reference"] for row in table(client.get(f"/en/projects/export.csv?{query}"))]
    assert file == ["SCI-P-0061", "SCI-P-0063", "SCI-P-0062"]
    assert references(client.get(f"/en/projects/?{query}")) == file


# Order, by the headings of the table


def headings(response) -> dict[str, tuple[str, str]]:
    """Return the headings that sort: words to address and present order."""
    head = response.content.decode().partition("<thead")[2].partition("</thead>")[0]
    found = re.findall(r'<th [^>]*?(?: aria-sort="(\w+)")?><a href="([^"]*)" id="by-\w+">(.*?)</a>', head)
    return {words: (html.unescape(address), order) for order, address, words in found}


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (
            "/en/projects/?stage=completed&page=1",
            {
                "Project": ("/en/projects/?stage=completed&sort=title", ""),
                "Pillar": ("/en/projects/?stage=completed&sort=pillar", ""),
            },
        ),
        (
            "/en/projects/?sort=title&per_page=10",
            {
                "Project": ("/en/projects/?per_page=10&sort=-title", "ascending"),
                "Pillar": ("/en/projects/?per_page=10&sort=pillar", ""),
            },
        ),
        (
            "/en/mous/?sort=-signed_on",
            {
                "MOU": ("/en/mous/?sort=title", ""),
                "Signed": ("/en/mous/?sort=signed_on", "descending"),
            },
        ),
        (
            "/zh-hans/organisations/",
            {
                "机构": ("/zh-hans/organisations/?sort=-name", "ascending"),
                "合作项目": ("/zh-hans/organisations/?sort=projects", ""),
                "谅解备忘录": ("/zh-hans/organisations/?sort=mous", ""),
            },
        ),
        (
            "/en/meetings/?sort=starts_on",
            {
                "Meeting": ("/en/meetings/?sort=title", ""),
                "Held on": ("/en/meetings/", "ascending"),
                "Projects": ("/en/meetings/?sort=projects", ""),
                "MOUs": ("/en/meetings/?sort=mous", ""),
            },
        ),
    ],
)
def test_headings_sort(client, record, address, found):
    assert headings(client.get(address)) == found


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("/en/projects/?sort=pillar", "东莞项目"),
        ("/en/meetings/?sort=-projects", "Fourth JIC meeting"),
        ("/en/meetings/?sort=projects", "A visit"),
    ],
)
def test_sorts_that_only_headings_suggest(client, record, address, first):
    assert names(client.get(address))[0] == first


# Rows per page


@pytest.mark.parametrize(
    ("per_page", "sizes"), [("10", [10] * 6 + [3]), ("50", [50, 13]), ("100", [63]), ("", [25, 25, 13])]
)
def test_rows_per_page(client, record, per_page, sizes):
    pages = range(1, len(sizes) + 1)
    shown = [references(client.get(f"/en/projects/?per_page={per_page}&page={page}")) for page in pages]
    assert [len(page) for page in shown] == sizes
    assert list(chain(*shown)) == [f"SCI-P-{number:04}" for number in range(1, 64)]


@pytest.mark.parametrize("per_page", ["0", "11", "-10", "1000", "abc", " 10", "1０", "10.0", "\0"])
def test_other_rows_per_page_are_refused(client, record, per_page):
    words = "This list cannot show that many rows. Choose from “Rows per page”."
    page = client.get("/en/projects/", {"per_page": per_page})
    file = client.get("/en/projects/export.csv", {"per_page": per_page})
    assert (names(page), errors(page)) == ([], [words])
    assert (file.status_code, file.content.decode()) == (400, words)


def test_rows_per_page_are_kept_by_every_link(client, record):
    page = client.get("/en/projects/?stage=launched&per_page=10&sort=-title&page=2")
    text = html.unescape(page.content.decode())
    kept = "stage=launched&per_page=10&sort=-title"
    assert chips(page) == {"Stage: Launched": "/en/projects/?per_page=10&sort=-title"}
    assert f'<a rel="next" href="/en/projects/?{kept}&page=3">' in text
    assert f'href="/zh-hans/projects/?{kept}&page=2"' in text
    assert '<option value="10" selected>10</option>' in text


def test_file_holds_every_row_however_few_a_page_shows(client, record):
    page = client.get("/en/projects/?per_page=10&stage=launched").content.decode()
    (address,) = re.findall(r'<a href="([^"]*)" download>CSV</a>', page)
    assert address == "/en/projects/export.csv?stage=launched"
    assert len(table(client.get(address))) == 60


def test_short_result_keeps_order_and_rows_per_page_for_the_next_one(client, record):
    page = client.get("/en/projects/?q=zebra&sort=-title&per_page=50").content.decode()
    assert '<input type="hidden" name="sort" value="-title">' in page
    assert '<input type="hidden" name="per_page" value="50">' in page
    assert 'type="hidden"' not in client.get("/en/projects/?q=zebra").content.decode()
    assert 'type="hidden"' not in client.get("/en/projects/?sort=gone&per_page=7").content.decode()


# Pages


@pytest.mark.parametrize(
    "page", ["4", "0", "-1", "abc", "99999999999999999999", "0000000019", "1.5", "²", "", " 2", "00"]
)
def test_page_that_is_not_there_leads_to_the_first(client, record, page):
    response = client.get("/en/projects/", {"stage": "launched", "q": "sa me", "sort": "-title", "page": page})
    assert (response.status_code, response.url) == (
        302,
        "/en/projects/?stage=launched&q=sa+me&sort=-title",
    )
    assert len(names(client.get(response.url))) == 25


def test_page_that_is_not_there_keeps_every_value(client, record):
    response = client.get("/en/projects/?stage=launched&stage=completed&page=9&stage=proposed")
    assert response.url == "/en/projects/?stage=launched&stage=completed&stage=proposed"
    assert len(names(client.get(response.url))) == 25


def test_pager_leads_through_all_pages(client, record):
    page = client.get("/en/projects/?stage=launched&page=2").content.decode()
    pager = page.partition('<nav class="pager"')[2].partition("</nav>")[0]
    assert [html.unescape(address) for address in re.findall(r'href="([^"]*)"', pager)] == [
        "/en/projects/?stage=launched&page=1",
        "/en/projects/?stage=launched&page=1",
        "/en/projects/?stage=launched&page=2",
        "/en/projects/?stage=launched&page=3",
        "/en/projects/?stage=launched&page=3",
    ]
    assert 'aria-current="page">2</a>' in pager


def test_pager_is_left_out_of_a_single_page(client, record):
    page = client.get("/en/projects/?stage=completed")
    assert 'class="pager"' not in page.content.decode()
    assert element(page, "<caption") == "1 to 2 of 2, sorted by: Reference"


def test_every_row_is_on_one_page_without_any_filter(client, record):
    pages = [references(client.get(f"/en/projects/?page={page}")) for page in (1, 2, 3)]
    assert list(chain(*pages)) == [f"SCI-P-{number:04}" for number in range(1, 64)]


# Words


def test_sentence_says_the_filter_in_words(client, record):
    response = client.get("/en/projects/?stage=completed&stage=proposed&pillar=talent&q=xiang")
    sentence = "1 project (Search term: “xiang”; Pillar: Talent; Stage: Completed or Proposed)"
    site = "Singapore-China (Shenzhen) Smart City Initiative"
    assert element(response, '<h2 id="count"') == sentence
    assert title_of(response) == f"{sentence} · {site}"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/en/projects/", "63 projects"),
        ("/en/projects/?stage=completed", "2 projects (Stage: Completed)"),
        ("/en/projects/?meeting=4&tier=none", "31 projects (Meeting: Fourth JIC meeting; Tier: Not stated)"),
        ("/en/projects/?organisation=SCI-O-0001", "1 project (Organisation: Zeta)"),
        ("/en/mous/?state=preparing", "1 MOU (State: In preparation)"),
        ("/en/organisations/?side=singapore", "1 organisation (Side: Singapore)"),
        ("/en/meetings/?kind=jic", "2 meetings (Kind: JIC meeting)"),
    ],
)
def test_sentence_of_each_list(client, record, address, sentence):
    assert element(client.get(address), '<h2 id="count"') == sentence


def test_title_without_a_filter_is_that_of_the_list(client, record):
    response = client.get("/en/mous/?sort=title")
    assert title_of(response) == "MOUs · Singapore-China (Shenzhen) Smart City Initiative"
    assert chips(response) == {}


def test_chips_drop_one_condition_each(client, record):
    address = "/en/projects/?q=zebra&stage=completed&stage=proposed&meeting=3&sort=title&page=1"
    assert chips(client.get(address)) == {
        "Search term: “zebra”": "/en/projects/?stage=completed&stage=proposed&meeting=3&sort=title",
        "Meeting: Third JIC meeting": "/en/projects/?q=zebra&stage=completed&stage=proposed&sort=title",
        "Stage: Completed": "/en/projects/?q=zebra&meeting=3&sort=title&stage=proposed",
        "Stage: Proposed": "/en/projects/?q=zebra&meeting=3&sort=title&stage=completed",
    }


def test_nothing_found_says_what_each_condition_left_out_would_give(client, record):
    page = client.get("/en/projects/?q=zebra&stage=proposed&tier=key").content.decode()
    box = page.partition('<section class="nothing"')[2].partition("</section>")[0]
    assert re.findall(r"<b>(.*?)</b>", box) == ["63 projects"]
    page = client.get("/en/projects/?q=zebra&stage=proposed").content.decode()
    box = page.partition('<section class="nothing"')[2].partition("</section>")[0]
    assert re.findall(r"<b>(.*?)</b>", box) == ["1 project", "1 project", "63 projects"]
