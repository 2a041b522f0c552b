"""What the to-do index warns of in announced figures, and who may write and publish an explanation."""

import pytest

from meetings.models import AnnouncedFigure
from publishing.models import ProposedChange
from tests.desk.forms import change_address, open_form, send
from tests.desk.test_todo_index import SECTION, last_numbers, rows_behind
from tests.factories import make_meeting, make_project, make_source, published
from tests.listing.pages import text_of
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
LIST = "/admin/meetings/announcedfigure/"


def announce(meeting, **fields):
    figure = meeting.figures.create(**({"measure": "mous"} | fields))
    figure.citations.create(source=make_source())
    return figure


@pytest.fixture
def meeting():
    """A meeting with each kind of warning, a figure that has none, and figures of a draft meeting."""
    meeting = published(make_meeting(4))
    for title in ("One", "Two"):
        published(make_project(title, meeting=meeting, stage="launched"))
    make_meeting(5).figures.create(measure="mous", value=9)
    announce(meeting, measure="projects", value=2)
    announce(meeting, measure="projects", value=3, scope="cumulative")
    explained = announce(meeting, value=8, explanation_en="Out.", explanation_published=True)
    explained.citations.create(source=make_source(), stance="differs")
    for value in (4, 5):
        announce(meeting, measure="agreements", track="zone", value=value)
    return meeting


def section(client) -> str:
    return next(found[0] for found in SECTION.finditer(client.get("/admin/").text) if found[1] == "figures")


def warnings(client) -> dict[str, int]:
    """Return the numbers below the table of figures, by their addresses."""
    return {address: number for address, number in last_numbers(section(client)) if address.startswith(LIST)}


@pytest.mark.parametrize("who", ROLES)
def test_every_warning_leads_to_exactly_its_figures(client, meeting, who):
    client.force_login(person(who))
    found = warnings(client)
    assert found == {
        f"{LIST}?differs=1": 4,
        f"{LIST}?warning=unexplained": 3,
        f"{LIST}?warning=sum": 1,
        f"{LIST}?warning=sources": 3,
    }
    for address, number in found.items():
        assert (address, rows_behind(client, address)) == (address, number)


def test_a_warning_without_figures_is_not_shown(client):
    meeting = published(make_meeting(4))
    meeting.figures.create(measure="mous", value=1)
    client.force_login(person(MANAGER))
    assert set(warnings(client)) == {f"{LIST}?differs=1", f"{LIST}?warning=unexplained"}


def test_lines_say_what_differs(client, meeting):
    client.force_login(person(AUDITOR))
    words = text_of(section(client))
    assert "to date · JIC4 3 2 1 not on record here 1 more than by the sum" in words
    assert "Another figure is announced for the same: 5" in words
    assert "8 not on record here Sources contradict each other" in words


@pytest.mark.parametrize("query", ["warning=nonsense", "warning=%27", "warning="])
def test_unknown_warning_is_refused(client, meeting, query):
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.get(f"{LIST}?{query}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{LIST}?e=1")


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER])
def test_officers_explanation_of_a_public_figure_waits_for_a_manager(client, meeting, who):
    figure = AnnouncedFigure.objects.get(scope="cumulative")
    client.force_login(person(who))
    form = open_form(client, change_address(meeting))
    row = next(name.rpartition("-")[0] for name, value in form.items() if value == "cumulative")
    send(
        client,
        change_address(meeting),
        form,
        **{f"{row}-explanation_en": "Annex A is out.", f"{row}-explanation_published": "on"},
    )
    figure.refresh_from_db()
    assert (figure.explanation_en, figure.explanation_published) == ("", False)
    assert ProposedChange.objects.count() == 1
    # The figure's own form is for those who publish.
    assert client.post(change_address(figure), {"explanation_en": "Mine."}).status_code == 403


@pytest.mark.parametrize("who", [MANAGER, OTHER_MANAGER])
def test_manager_publishes_an_explanation_where_the_gap_is(client, meeting, who):
    figure = AnnouncedFigure.objects.get(scope="cumulative")
    client.force_login(person(who))
    form, told = open_form(client, change_address(figure)), {"explanation_en": "Annex A is out."}
    send(client, change_address(figure), form, explanation_published="on", **told)
    figure.refresh_from_db()
    assert figure.explanation_published
    client.logout()
    assert "Annex A is out." in client.get("/en/meetings/4/").text


def test_auditor_changes_nothing(client, meeting):
    figure = AnnouncedFigure.objects.get(scope="cumulative")
    client.force_login(person(AUDITOR))
    assert client.post(change_address(figure), {"explanation_en": "Mine."}).status_code == 403
