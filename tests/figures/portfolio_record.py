"""The record on which the tests of the managers' reports stand."""

import datetime

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate

from initiative.models import Pillar
from mous.models import MOULink
from projects.models import Project
from publishing.authorship import acting
from publishing.workflow import move
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

KEYS = ("portfolio", "partners", "mou-states", "no-news", "not-on-record", "work-waiting")


def day(number: int) -> datetime.date:
    """Return the day so many days from now."""
    return localdate() + datetime.timedelta(days=number)


def in_review(record):
    move(record, "in_review", by=person(SINGAPORE_OFFICER))
    return record


def ends_in(days: int, **fields) -> dict:
    return {"effective_on": datetime.date(2024, 1, 1), "ends_on": day(days)} | fields


@pytest.fixture(scope="module")
def record(django_db_setup, django_db_blocker):
    """Two meetings held and one planned; projects and MOUs of every kind, some not public, some kept.

    Made once for the tests of one file; a test that uses it needs `db` too, which undoes what the test does.
    """
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        yield made()
        transaction.set_rollback(True)


def made() -> dict:
    first = published(make_meeting(1, starts_on=datetime.date(2020, 6, 17)))
    second = published(make_meeting(2, starts_on=datetime.date(2021, 10, 18)))
    coming = published(make_meeting(3, starts_on=day(40), phase="planned"))
    keppel, fooyo = (
        published(make_organisation("Keppel", kind="company")),
        published(make_organisation("Fooyo")),
    )
    campus = published(make_organisation(name_zh="校园"))
    talent = Pillar.objects.get(code="talent")
    both = [(keppel, "singapore"), (campus, "shenzhen")]
    pumps = published(
        make_project(
            "Pumps", *both, pillar=talent, stage="launched", meeting=first, tier="key", title_zh="水泵"
        )
    )
    alone = published(make_project("Alone", (fooyo, "singapore"), stage="in_progress", meeting=second))
    published(make_project("Unnamed", stage="completed", meeting=second, pillar=talent))
    published(make_project("Zone", (keppel, "singapore"), track="zone", stage="launched", meeting=second))
    published(make_project("To come", (keppel, "singapore"), stage="endorsed", meeting=coming))
    make_project("Draft", (fooyo, "singapore"), stage="launched", meeting=second)
    in_review(make_project("Review", (campus, "shenzhen"), stage="launched", meeting=first))
    make_project(
        "Kept by Singapore", (keppel, "singapore"), kept_by="singapore", stage="launched", meeting=first
    )
    with acting(person(SHENZHEN_OFFICER)):
        kept = Project.objects.create(
            title_en="Kept by Shenzhen", kept_by="shenzhen", stage="launched", meeting=first
        )
        kept.partners.create(organisation=campus, side="shenzhen")
    term = {"meeting": second, "occasion": "at"}
    published(make_mou("Open", *both, **term))
    soon = published(make_mou("Soon", *both, **ends_in(60), **term))
    published(make_mou("Later", (fooyo, "singapore"), **ends_in(150), **term))
    published(make_mou("Running", **ends_in(400), track="related"))
    published(make_mou("Over", **ends_in(-5), **term))
    make_mou("Draft MOU", (fooyo, "singapore"), **ends_in(30))
    make_mou("Kept MOU", kept_by="shenzhen", **ends_in(30))
    renewal = make_mou("Renewal", signed_on=None)
    with acting(person(SINGAPORE_OFFICER)):
        MOULink.objects.create(from_mou=renewal, kind="renews", to_mou=soon)
        second.attendances.create(words_en="Directors", side="singapore", organisation=keppel)
        first.attendances.create(words_en="Others", side="singapore", organisation=keppel)
        first.attendances.create(words_en="Two of them", side="singapore", organisation=keppel, role="member")
        coming.attendances.create(words_en="To come", side="singapore", organisation=keppel)
    return {
        "pumps": pumps,
        "alone": alone,
        "first": first,
        "second": second,
        "coming": coming,
        "keppel": keppel,
    }


def enlarge() -> None:
    """Add one of everything that a report has a row for."""
    meeting = published(make_meeting())
    body = published(make_organisation())
    party = (body, "shenzhen")
    running = published(make_project("More", party, stage="launched", meeting=meeting))
    in_review(make_project("More in review", party, stage="launched", meeting=meeting))
    published(make_mou("More", party, **ends_in(40)))
    published(make_mou("More that is over", party, **ends_in(-40)))
    planned = make_meeting(phase="planned", starts_on=day(10))
    make_mou("More to clear", party, meeting=planned, signed_on=None)
    with acting(person(SINGAPORE_OFFICER)):
        meeting.actions.create(number=1, text_en="Late", owner_side="singapore", due_on=day(-3))
        meeting.attendances.create(words_en="More", side="shenzhen", organisation=body)
        running.milestones.create(title_en="Reached", reached_on=datetime.date(2020, 1, 1))
        running.progress_reports.create(meeting=meeting, text_en="Told")
