"""Planning the next meeting from the last, and who attends before it is held."""

import datetime

import pytest

from meetings.models import Attendance, Meeting
from organisations.models import Organisation, Person
from publishing.authorship import acting
from tests.desk.forms import change_address, open_form, send
from tests.factories import make_meeting, make_organisation, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once
from tests.test_standing_pages import make_page

pytestmark = [once, pytest.mark.django_db]
ADD = "/admin/meetings/meeting/add/"
LIST = "/admin/meetings/meeting/"


@pytest.fixture
def last():
    """The fourth meeting, with people, an agenda and what came of it."""
    meeting = make_meeting(
        4,
        host_side="shenzhen",
        city_en="Shenzhen",
        format="in_person",
        outcome_en="Eight MOUs.",
        announced_on=datetime.date(2023, 12, 15),
        title_en="",
    )
    with acting(person(SINGAPORE_OFFICER)):
        lee, tan = Person.objects.create(name_en="Lee"), Person.objects.create(name_en="Tan", name_zh="陈")
        meeting.attendances.create(person=tan, side="singapore", position=2, post_en="Director", role="member")
        meeting.attendances.create(person=lee, side="singapore", position=1, post_en="Head", role="co_chair")
        meeting.attendances.create(words_en="Officials", side="shenzhen")
        item = {"noted_en": "All agreed.", "noted_zh": "同意。", "presenter": "Lee", "presenter_zh": "李"}
        meeting.agenda_items.create(position=1, kind="decision", title_en="Pumps", title_zh="水泵", **item)
        own = {"visibility": "own_side", "owner_side": "shenzhen"}
        meeting.agenda_items.create(position=2, title_en="Verschwiegen", **own)
        meeting.decisions.create(number=1, text_en="Go on.")
        meeting.actions.create(number=1, text_en="Write.", owner_side="singapore")
        meeting.figures.create(measure="mous", value=8)
    return meeting


def sign_in(client, who) -> None:
    client.force_login(person(who))


def planned(client, last) -> Meeting:
    address = f"{ADD}?copy={last.pk}"
    answer = send(client, address, open_form(client, address))
    assert answer.status_code == 302, answer.context["errors"]
    return Meeting.objects.exclude(pk=last.pk).latest("pk")


def test_next_meeting_has_the_people_and_the_agenda_of_the_last(client, last):
    sign_in(client, SINGAPORE_OFFICER)
    meeting = planned(client, last)
    assert (meeting.number, meeting.phase, meeting.host_side) == (5, "planned", "singapore")
    assert (meeting.format, meeting.status) == ("in_person", "draft")
    assert [str(row) for row in meeting.attendances.all()] == ["Lee", "Tan"]
    assert [row.post_en for row in meeting.attendances.all()] == ["Head", "Director"]
    (item,) = meeting.agenda_items.all()
    assert (item.title_zh, item.kind, item.presenter, item.presenter_zh) == ("水泵", "decision", "Lee", "李")


def test_next_meeting_has_nothing_of_what_was_said_or_done(client, last):
    sign_in(client, SINGAPORE_OFFICER)
    meeting = planned(client, last)
    empty = (meeting.starts_on, meeting.announced_on, meeting.outcome_en, meeting.city_en, meeting.slug)
    assert empty == (None, None, "", "", "5")
    assert {item.noted_en + item.noted_zh for item in meeting.agenda_items.all()} == {""}
    rows = ("decisions", "actions", "figures", "citations", "papers")
    assert not any(getattr(meeting, name).exists() for name in rows)


def test_nothing_is_on_record_until_the_form_is_saved(client, last):
    sign_in(client, SINGAPORE_OFFICER)
    page = client.get(f"{ADD}?copy={last.pk}").text
    assert "Nothing is on record until you save." in page
    assert Meeting.objects.count() == 1


def test_items_of_one_side_are_planned_by_that_side_alone(client, last):
    sign_in(client, SHENZHEN_OFFICER)
    own = planned(client, last).agenda_items.get(title_en="Verschwiegen")
    assert (own.visibility, own.owner_side) == ("own_side", "shenzhen")


def test_other_meetings_are_planned_likewise_without_a_number(client):
    visit = make_meeting(kind="officials", title_en="Officials' meeting", host_side="singapore")
    sign_in(client, SINGAPORE_OFFICER)
    meeting = planned(client, visit)
    assert (meeting.kind, meeting.number, meeting.host_side) == ("officials", None, "shenzhen")
    assert (meeting.title_en, meeting.starts_on) == ("Officials' meeting", None)


def test_number_is_the_one_after_the_highest_also_from_an_older_meeting(client, last):
    make_meeting(6)
    sign_in(client, MANAGER)
    assert open_form(client, f"{ADD}?copy={last.pk}")["number"] == "7"


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, MANAGER])
def test_list_and_form_offer_to_plan_the_next_one(client, last, who):
    make_meeting(3)
    sign_in(client, who)
    for page in (LIST, change_address(last)):
        assert f'<a href="{ADD}?copy={last.pk}">Plan the next meeting</a>' in client.get(page).text


@pytest.mark.parametrize("who", [SHENZHEN_OFFICER, OTHER_MANAGER])
def test_a_meeting_kept_by_the_other_side_is_no_template(client, who):
    kept = make_meeting(4, kept_by="singapore")
    sign_in(client, who)
    assert "?copy=" not in client.get(LIST).text
    assert client.get(f"{ADD}?copy={kept.pk}").status_code == 404


def test_auditor_and_stranger_plan_nothing(client, last):
    assert client.get(f"{ADD}?copy={last.pk}").status_code == 302
    sign_in(client, AUDITOR)
    assert client.get(f"{ADD}?copy={last.pk}").status_code == 403
    assert "?copy=" not in client.get(LIST).text


# Who is to come is not public -------------------------------------------------------------------

PUBLIC = (
    "/en/meetings/5/",
    "/en/organisations/keppel/",
    "/en/organisations/",
    "/en/organisations/export.csv",
    "/en/organisations/export.json",
    "/en/about/",
    "/en/meetings/meetings.ics",
)


def coming(phase: str) -> Meeting:
    keppel = published(make_organisation("Keppel"))
    make_page("about")
    meeting = make_meeting(5, phase=phase)
    who = Person.objects.create(name_en="Verschwiegen")
    row = {"person": who, "organisation": keppel, "post_en": "Chair", "role": "co_chair"}
    meeting.attendances.create(side="singapore", **row)
    return published(meeting)


def told(client) -> list[str]:
    """Return the public pages that tell who comes, or that an organisation takes part by it."""
    found = []
    for address in PUBLIC:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = (b"".join(answer) if answer.streaming else answer.content).decode()
        if "Verschwiegen" in text:
            found.append(address)
    return found


@pytest.mark.parametrize("phase", ["planned", "postponed", "cancelled"])
def test_attendance_of_a_meeting_not_held_is_on_no_public_page(client, phase):
    coming(phase)
    assert told(client) == []
    assert not Organisation.objects.taking_part_on("singapore").exists()
    assert "Fifth JIC meeting" not in client.get("/en/organisations/keppel/").text
    assert 'href="/en/organisations/keppel/"' not in client.get("/en/meetings/5/").text
    assert "/en/meetings/5/" not in client.get("/en/search/?q=Verschwiegen").text


def test_attendance_of_a_meeting_held_is_public(client):
    coming("held")
    assert {"/en/meetings/5/", "/en/organisations/keppel/", "/en/about/"} <= set(told(client))
    assert Organisation.objects.taking_part_on("singapore").exists()


def test_officer_changes_the_delegation_of_a_published_planned_meeting_at_once(client):
    meeting = coming("planned")
    sign_in(client, SINGAPORE_OFFICER)
    address = change_address(meeting)
    data = open_form(client, address)
    send(client, address, data, **{"attendances-0-post_en": "Permanent Secretary"})
    assert Attendance.objects.get().post_en == "Permanent Secretary"


def test_officer_proposes_a_change_of_the_delegation_of_a_published_meeting_held(client):
    meeting = coming("held")
    sign_in(client, SINGAPORE_OFFICER)
    address = change_address(meeting)
    send(client, address, open_form(client, address), **{"attendances-0-post_en": "Permanent Secretary"})
    assert Attendance.objects.get().post_en == "Chair"
