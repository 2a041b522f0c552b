"""Meetings as iCalendar files: byte for byte, read back, and without what is not public."""

import datetime

import pytest
from icalendar import Calendar

from meetings.models import Meeting
from publishing.authorship import acting
from publishing.models import Status
from publishing.workflow import move
from tests.factories import make_meeting, published
from tests.people import MANAGER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db
CHANGED = datetime.datetime(2024, 1, 2, 3, 4, 5, 678, datetime.UTC)


def at_a_known_time(meeting: Meeting) -> Meeting:
    Meeting.objects.filter(pk=meeting.pk).update(changed_at=CHANGED, published_at=CHANGED)
    return meeting


def events(client, address: str) -> list:
    return Calendar.from_ical(client.get(address).content).events


def test_one_meeting_as_a_whole_file(client, settings):
    settings.SITE_URL = "https://sci.example.org"
    meeting = at_a_known_time(
        published(
            make_meeting(4, city_en="Shenzhen", venue_en="Hall 2; north", outcome_en="Two lines,\nof text.")
        )
    )
    answer = client.get(f"/en/meetings/{meeting.reference}.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.content.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//SCI Portal//en",
        "X-WR-CALDESC:Unofficial record made from public sources\\; not issued or en",
        " dorsed by either side",
        "X-WR-CALNAME:Singapore-China (Shenzhen) Smart City Initiative",
        "BEGIN:VEVENT",
        "SUMMARY;LANGUAGE=en:Fourth JIC meeting",
        "DTSTART;VALUE=DATE:20231214",
        "DTEND;VALUE=DATE:20231215",
        "DTSTAMP:20240102T030405Z",
        f"UID:{meeting.reference}@sci.example.org",
        "SEQUENCE:1",
        "DESCRIPTION:Two lines\\,\\nof text.\\n\\nUnofficial record made from public so",
        " urces\\; not issued or endorsed by either side",
        "LAST-MODIFIED:20240102T030405Z",
        "LOCATION:Hall 2\\; north\\, Shenzhen",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "URL:https://sci.example.org/en/meetings/4/",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_in_chinese_and_official(client, settings):
    settings.OFFICIAL = True
    published(make_meeting(4, city_en="Shenzhen", city_zh="深圳", outcome_zh="两项合作项目。"))
    (event,) = events(client, "/zh-hans/meetings/meetings.ics")
    assert event["SUMMARY"] == "联合执委会第四次会议"
    assert (event["LOCATION"], event["DESCRIPTION"]) == ("深圳", "两项合作项目。")
    assert event["URL"] == "http://testserver/zh-hans/meetings/4/"
    assert b"X-WR-CALDESC" not in client.get("/zh-hans/meetings/meetings.ics").content


def test_name_in_the_other_language_says_so(client):
    published(make_meeting(kind="other", title_en="A visit"))
    (event,) = events(client, "/zh-hans/meetings/meetings.ics")
    assert (event["SUMMARY"], event["SUMMARY"].params["LANGUAGE"]) == ("A visit", "en")


def test_several_days_end_the_day_after(client):
    published(make_meeting(ends_on=datetime.date(2023, 12, 31)))
    (event,) = events(client, "/en/meetings/meetings.ics")
    first, after = datetime.date(2023, 12, 14), datetime.date(2024, 1, 1)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (first, after)


@pytest.mark.parametrize(
    ("phase", "status"),
    [
        ("planned", "TENTATIVE"),
        ("held", "CONFIRMED"),
        ("postponed", "TENTATIVE"),
        ("cancelled", "CANCELLED"),
    ],
)
def test_status_by_phase(client, phase, status):
    published(make_meeting(phase=phase))
    assert [event["STATUS"] for event in events(client, "/en/meetings/meetings.ics")] == [status]


def test_every_version_raises_the_sequence(client):
    meeting = published(make_meeting())
    (before,) = events(client, "/en/meetings/meetings.ics")
    with acting(person(SINGAPORE_OFFICER)):
        meeting.venue_en = "Another hall"
        meeting.save()
    (after,) = events(client, "/en/meetings/meetings.ics")
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
    assert after["LAST-MODIFIED"].dt == meeting.changed_at.replace(microsecond=0)
    assert str(after["LAST-MODIFIED"].dt.tzinfo) == "UTC"


@pytest.mark.parametrize("dates", [{"starts_on": None}, {"starts_on_precision": "month"}])
def test_without_a_day_there_is_no_event(client, dates):
    meeting = published(make_meeting(**dates))
    assert events(client, "/en/meetings/meetings.ics") == []
    assert client.get(f"/en/meetings/{meeting.reference}.ics").status_code == 404
    assert ".ics" not in client.get(meeting.get_absolute_url()).text.partition("<footer")[0]


def test_drafts_and_withdrawn_meetings_have_none(client):
    draft, gone = make_meeting(), published(make_meeting())
    move(gone, Status.WITHDRAWN, by=person(MANAGER))
    answers = [client.get(f"/en/meetings/{meeting.reference}.ics") for meeting in (draft, gone)]
    assert [answer.status_code for answer in answers] == [404, 410]
    assert events(client, "/en/meetings/meetings.ics") == []


def test_reference_in_small_letters_leads_on(client):
    meeting = published(make_meeting())
    answer = client.get(f"/en/meetings/{meeting.reference.lower()}.ics")
    assert (answer.status_code, answer["Location"]) == (301, f"/en/meetings/{meeting.reference}.ics")


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_is_fixed(client, django_assert_num_queries, count):
    for _ in range(count):
        published(make_meeting())
    with django_assert_num_queries(3):
        client.get("/en/meetings/meetings.ics")


def test_page_of_a_meeting_links_its_calendar(client):
    meeting = published(make_meeting(4))
    assert f'<a href="/en/meetings/{meeting.reference}.ics">' in client.get("/en/meetings/4/").text
