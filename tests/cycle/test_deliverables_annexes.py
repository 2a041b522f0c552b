"""Numbering the annexes, and taking over what the meeting brought: what is written, and what is left."""

import datetime

import pytest
from django.urls import reverse

from annexes.deliverables.outcomes import take_over
from meetings.models import Meeting
from projects.models import Project
from publishing.authorship import acting
from publishing.workflow import move
from tests.cycle.deliverables import (  # noqa: F401  fixtures
    change,
    clear,
    coming_meeting,
    line_of,
    mou_on_pumps,
    page,
    press,
    project_on_meters,
)
from tests.desk.forms import open_form, send
from tests.factories import make_mou, make_organisation, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
DAY = datetime.date(2026, 12, 10)


def address(meeting, what: str) -> str:
    return reverse(f"admin:desk_deliverables_{what}", args=[meeting.pk])


def number(client, meeting, who=SINGAPORE_OFFICER) -> str:
    client.force_login(person(who))
    return client.post(address(meeting, "number"), follow=True).text


def hold(meeting) -> None:
    change(meeting, phase="held", starts_on=DAY, city_en="Shenzhen", city_zh="深圳")


def numbers(*records) -> list:
    for record in records:
        record.refresh_from_db()
    return [(one.annex_letter, one.annex_item) for one in records]


# Numbering -----------------------------------------------------------------------------------


def test_numbers_follow_the_order_and_no_clearance_lapses(client, mou, project, meeting):
    second = make_project("Second", meeting=meeting)
    waiting = make_project("Waiting", meeting=meeting)
    for record in (mou, project, second):
        clear(client, record)
    press(client, project, MANAGER, position="2")
    press(client, second, MANAGER, position="1")
    assert "3 lines are numbered" in number(client, meeting)
    assert numbers(project, second, waiting) == [("B", 2), ("B", 1), ("", None)]
    assert line_of(mou).row.annex_item == 1
    assert line_of(project).is_cleared and line_of(second).is_cleared


def test_what_is_no_longer_cleared_loses_its_number(client, mou, project, meeting):
    for record in (mou, project):
        clear(client, record)
    number(client, meeting)
    for record in (mou, project):
        change(record, title_en="Another")
    client.force_login(person(MANAGER))
    assert "The numbers on record are not those of the annexes" in client.get(page(meeting)).text
    number(client, meeting)
    assert numbers(project) == [("", None)] and line_of(mou).row.annex_item is None


def test_a_published_project_keeps_its_number_and_others_go_around_it(client, project, meeting):
    published(meeting)
    kept = published(make_project("Known", meeting=meeting, annex_letter="B", annex_item=1, stage="announced"))
    other = published(make_project("Unnumbered", meeting=meeting, stage="announced"))
    for record in (project, kept, other):
        clear(client, record)
    told = number(client, meeting, MANAGER)
    assert "“Unnumbered” is published" in told
    assert numbers(kept, project, other) == [("B", 1), ("B", 2), ("", None)]


@pytest.mark.parametrize("what", ["number", "outcome"])
def test_the_auditor_may_neither_number_nor_take_over(client, meeting, what):
    client.force_login(person(AUDITOR))
    assert client.post(address(meeting, what)).status_code == 403


@pytest.mark.parametrize("what", ["number", "outcome"])
def test_a_stranger_is_asked_to_sign_in(client, project, what):
    clear(client, project)
    hold(project.meeting)
    client.logout()
    assert client.get(address(project.meeting, what)).status_code == 302
    client.post(address(project.meeting, what))
    assert numbers(project) == [("", None)]


def test_an_address_that_is_only_looked_at_numbers_nothing(client, project, meeting):
    clear(client, project)
    assert client.get(address(meeting, "number")).status_code == 302
    assert numbers(project) == [("", None)]


# What the meeting brought --------------------------------------------------------------------


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER])
def test_cleared_drafts_take_over_what_the_meeting_brought(client, mou, project, meeting, who):
    waiting = make_project("Waiting", meeting=meeting)
    for record in (mou, project):
        clear(client, record)
    hold(meeting)
    client.force_login(person(who))
    form = open_form(client, address(meeting, "outcome"))
    project.refresh_from_db()
    assert project.stage == "proposed"
    send(client, address(meeting, "outcome"), form)
    for record in (mou, project, waiting):
        record.refresh_from_db()
    assert (project.stage, project.stage_as_of, waiting.stage) == ("launched", DAY, "proposed")
    assert (mou.signed_on, mou.occasion, mou.place_en, mou.place_zh) == (DAY, "at", "Shenzhen", "深圳")
    assert {mou.status, project.status} == {"draft"} and line_of(mou).is_cleared


def test_projects_may_be_announced_instead(client, project, meeting):
    clear(client, project)
    hold(meeting)
    form = open_form(client, f"{address(meeting, 'outcome')}?stage=announced")
    send(client, address(meeting, "outcome"), form)
    project.refresh_from_db()
    assert project.stage == "announced"


def test_what_is_published_or_entered_already_is_left_and_named(client, mou, meeting):
    published(meeting)
    body = published(make_organisation())
    known = published(make_mou("Known", (body, "singapore"), meeting=meeting, signed_on=None))
    change(mou, signed_on=datetime.date(2026, 1, 1))
    ended = make_mou("Ends before", meeting=meeting, signed_on=None, ends_on=datetime.date(2026, 1, 1))
    for record in (known, mou, ended):
        clear(client, record)
    with acting(person(MANAGER)):
        meeting.refresh_from_db()
        meeting.phase, meeting.starts_on = "held", DAY
        meeting.save()
    client.force_login(person(MANAGER))
    told = client.get(address(meeting, "outcome")).text
    assert "There is nothing to write" in told and "a manager changes it" in told
    assert "already says" in told and "before the date of signing" in told


def test_a_list_that_changed_after_the_look_is_not_taken_over(client, mou, project, meeting):
    clear(client, project)
    hold(meeting)
    client.force_login(person(MANAGER))
    form = open_form(client, address(meeting, "outcome"))
    clear(client, mou)
    client.force_login(person(MANAGER))
    told = send(client, address(meeting, "outcome"), form, follow=True).text
    project.refresh_from_db()
    assert "nothing was written" in told and project.stage == "proposed"


NOT_YET = [{"phase": "planned", "starts_on": DAY}, {"phase": "held", "starts_on": None}]


@pytest.mark.parametrize("fields", NOT_YET)
def test_a_meeting_not_held_or_without_a_date_brings_nothing(client, project, meeting, fields):
    clear(client, project)
    change(meeting, **fields)
    client.post(address(meeting, "outcome"), {"mark": "x"})
    project.refresh_from_db()
    assert project.stage == Project.Stage.PROPOSED


def test_a_stage_that_there_is_not_is_the_first_one(client, project, meeting):
    clear(client, project)
    hold(meeting)
    answer = client.get(f"{address(meeting, 'outcome')}?stage=completed")
    assert answer.context["stage"] == "launched"
    assert take_over(Meeting.objects.get(), person(MANAGER), "launched", "wrong") is None


def test_what_waits_for_review_keeps_its_status(client, project, meeting):
    move(project, "in_review", by=person(SINGAPORE_OFFICER))
    clear(client, project)
    number(client, meeting)
    project.refresh_from_db()
    assert (project.status, project.annex_item) == ("in_review", 1)
