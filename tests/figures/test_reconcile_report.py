"""The managers' report on announced and recorded: who reads it, what it leaves, what it says, its files."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_meeting, make_project, make_source, published
from tests.listing.pages import table, text_of
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
ADDRESS = "/admin/reports/reconciliation/"
CSV = "/admin/reports/reconciliation.csv"
KEYS = [
    *("meeting", "meeting_title_en", "meeting_title_zh", "measure", "track", "tier", "scope", "as_of"),
    *("announced", "also_announced", "recorded", "difference"),
    *("sum_of_meetings", "sum_parts", "sum_difference", "sources_en", "sources_zh"),
    *("explanation_en", "explanation_zh", "explanation_published"),
]


@pytest.fixture
def figure():
    """A figure of 2 projects with one on record, explained in a draft; one that agrees; a total."""
    meeting = published(make_meeting(4))
    published(make_project("Pumps", meeting=meeting, stage="launched"))
    make_meeting(5).figures.create(measure="mous", value=77)
    figure = meeting.figures.create(measure="projects", value=2, explanation_en="Annex A is out.")
    figure.citations.create(source=make_source(publisher="A paper"))
    figure.citations.create(source=make_source(publisher="Another"), stance="differs", says_zh="称为3个。")
    meeting.figures.create(measure="mous", track="zone", value=0)
    meeting.figures.create(measure="projects", scope="cumulative", value=3)
    return figure


def rows(client, query: str = "") -> list[dict]:
    return table(client.get(f"{CSV}?{query}"))


@pytest.mark.parametrize("who", ROLES)
def test_every_role_reads_page_and_files(client, figure, who):
    client.force_login(person(who))
    page = client.get(ADDRESS).text
    assert ("Annex A is out." in page, 'data-count="1">1</a>' in page) == (True, True)
    assert [row["announced"] for row in rows(client)] == ["2", "0", "3"]


def test_a_stranger_signs_in_and_who_has_no_role_is_refused(client, figure, django_user_model):
    for address in (ADDRESS, CSV):
        assert client.get(address).url.startswith("/admin/login/")
    client.force_login(django_user_model.objects.create(username="nobody", is_staff=True))
    assert {client.get(address).status_code for address in (ADDRESS, CSV)} == {403}


def test_columns_and_values_of_the_file(client, figure):
    client.force_login(person(MANAGER))
    first = rows(client)[0]
    assert list(first) == KEYS
    assert first | {"meeting_title_en": "", "meeting_title_zh": "", "sources_zh": ""} == {
        **dict.fromkeys(KEYS, ""),
        "meeting": "JIC4",
        "measure": "projects",
        "track": "jic",
        "scope": "meeting",
        "announced": "2",
        "recorded": "1",
        "difference": "1",
        "sources_en": "A paper (supports); Another (differs)",
        "explanation_en": "Annex A is out.",
        "explanation_published": "no",
    }
    assert first["sources_zh"].endswith("称为3个。")


def test_sum_stands_in_columns_of_its_own(client, figure):
    client.force_login(person(OTHER_MANAGER))
    total = rows(client)[2]
    keys = ("announced", "recorded", "sum_of_meetings", "sum_parts", "sum_difference")
    assert [total[key] for key in keys] == ["3", "1", "2", "JIC4: 2", "1"]


def test_workbook_defines_its_columns_and_holds_numbers(client, figure):
    client.force_login(person(AUDITOR))
    book = openpyxl.load_workbook(io.BytesIO(client.get("/admin/reports/reconciliation.xlsx").content))
    assert [cell.value for cell in book["data"][1]] == KEYS
    assert book["data"]["I2"].value == 2
    told = dict(row[:2] for row in book["about"].values)
    words = "Sum of the figures announced for the single meetings: worked out here, not announced"
    assert told["sum_of_meetings"] == words


@pytest.mark.parametrize(
    ("query", "announced"),
    [
        ("measure=projects", ["2", "3"]),
        ("track=zone", ["0"]),
        ("only=differs", ["2", "3"]),
        ("only=unexplained", ["2", "3"]),
        ("only=sum", ["3"]),
        ("only=sources", ["2"]),
        ("only=sources&track=zone", []),
    ],
)
def test_filters(client, figure, query, announced):
    client.force_login(person(MANAGER))
    assert [row["announced"] for row in rows(client, query)] == announced
    found = rows(client, f"{query}&meeting={figure.meeting.reference}")
    assert [row["announced"] for row in found] == announced


@pytest.mark.parametrize("query", ["measure=%27", "track=jik", "only=1", "meeting=SCI-C-9999", "meeting=4"])
def test_unknown_filter_is_said_in_words(client, figure, query):
    client.force_login(person(MANAGER))
    assert client.get(f"{CSV}?{query}").status_code == 400
    page = client.get(f"{ADDRESS}?{query}").text
    assert ("errorlist" in page, "report-table" in page) == (True, False)


def test_meeting_that_is_not_public_is_no_choice(client, figure):
    client.force_login(person(SHENZHEN_OFFICER))
    page = client.get(ADDRESS).text
    assert ("SCI-C-" in page, "77" in text_of(page)) == (True, False)
    assert page.count("<option value=\"SCI-C-") == 1  # fmt: skip


def explanation(client, who: str) -> str:
    client.force_login(person(who))
    return text_of(client.get(ADDRESS).text.rpartition("<thead ")[2].partition("</table>")[0])


def test_manager_finds_the_form_where_the_gap_is(client, figure):
    form = f"/admin/meetings/announcedfigure/{figure.pk}/change/#id_explanation_en"
    words = explanation(client, MANAGER)
    assert "Annex A is out. Not published: read by staff only Change the explanation" in words
    assert f'href="{form}"' in client.get(ADDRESS).text
    assert client.get(form.partition("#")[0]).text.count('id="id_explanation_en"') == 1
    # Once for the total; not for the figure that agrees.
    assert words.count("Write an explanation") == 1


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER])
def test_officer_proposes_an_explanation_in_the_form_of_the_meeting(client, figure, who):
    client.force_login(person(who))
    form = f"/admin/meetings/meeting/{figure.meeting_id}/change/"
    assert f'href="{form}#figures-group"' in client.get(ADDRESS).text
    assert 'id="figures-group"' in client.get(form).text


def test_auditor_reads_the_explanation_and_is_not_asked_for_one(client, figure):
    words = explanation(client, AUDITOR)
    assert ("Annex A is out." in words, "Write an explanation" in words, "None" in words) == (True, False, True)


def test_published_explanation_says_so(client, figure):
    figure.explanation_published = True
    figure.save()
    assert "Annex A is out. Published" in explanation(client, MANAGER)


def test_texts_are_escaped(client, figure):
    figure.explanation_en = "<script>"
    figure.save()
    figure.citations.create(source=make_source(publisher="<b>"), says_en="<i>")
    client.force_login(person(MANAGER))
    page = client.get(ADDRESS).text
    assert [page.count(f"&lt;{tag}&gt;") for tag in ("script", "b", "i")] == [1, 1, 1]


def test_as_many_queries_for_three_as_for_one(client, figure, django_assert_max_num_queries):
    client.force_login(person(MANAGER))
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as first:
        client.get(ADDRESS)
    for number in (6, 7):
        more = published(make_meeting(number)).figures.create(measure="projects", value=2)
        more.citations.create(source=make_source())
    with django_assert_max_num_queries(len(first)):
        client.get(ADDRESS)
