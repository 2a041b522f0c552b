"""The one counting function: tracks, chains, days, and the list that holds the same rows."""

import datetime

import pytest

from initiative.counting import Counting, address, counted, figure, tally
from mous.models import MOULink
from tests.factories import make_meeting, make_mou, make_project, published

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def meeting():
    return published(make_meeting(1, starts_on=DAY(2020, 6, 17)))


def signed(meeting, **fields):
    return published(make_mou(meeting=meeting, **{"occasion": "at", "signed_on": DAY(2020, 6, 17)} | fields))


def test_a_chain_is_counted_once_at_any_distance(meeting):
    first, elsewhere, last = signed(meeting), signed(meeting, occasion="elsewhere"), signed(meeting)
    MOULink.objects.create(from_mou=elsewhere, to_mou=first, kind="replaces")
    MOULink.objects.create(from_mou=last, to_mou=elsewhere, kind="amends")
    assert list(counted("mous")) == [first]
    assert counted("mous", Counting(distinct=False)).count() == 2


def test_what_follows_an_mou_signed_elsewhere_is_counted(meeting):
    elsewhere, renewal = signed(meeting, occasion="elsewhere"), signed(meeting)
    MOULink.objects.create(from_mou=renewal, to_mou=elsewhere, kind="renews")
    assert list(counted("mous")) == [renewal]


def test_implementing_is_a_signing_of_its_own(meeting):
    MOULink.objects.create(from_mou=signed(meeting), to_mou=signed(meeting), kind="implements")
    assert figure("mous").value == 2


def test_a_day_counts_what_is_surely_past(meeting):
    signed(meeting, signed_on=DAY(2021, 1, 1), signed_on_precision="year")
    signed(meeting, signed_on=DAY(2021, 3, 1), signed_on_precision="month")
    on = {day: counted("mous", Counting(on=day)).count() for day in (DAY(2021, 3, 30), DAY(2021, 3, 31))}
    assert on == {DAY(2021, 3, 30): 0, DAY(2021, 3, 31): 1}
    assert counted("mous", Counting(on=DAY(2021, 12, 31))).count() == 2


def test_projects_until_a_day_go_by_their_launch_meeting(meeting):
    published(make_project(meeting=meeting, stage="launched"))
    assert counted("projects", Counting(on=DAY(2020, 6, 16))).count() == 0
    assert counted("projects", Counting(on=DAY(2020, 6, 17))).count() == 1


def test_organisations_until_a_day_are_those_that_had_taken_part(meeting):
    from tests.factories import make_organisation

    body = published(make_organisation())
    signed(meeting).signatories.create(organisation=body, side="singapore")
    assert figure("organisations").value == 1
    assert counted("organisations", Counting(on=DAY(2020, 6, 16))).count() == 0
    assert counted("organisations", Counting(on=DAY(2020, 6, 17))).count() == 1


def test_drafts_are_counted_when_asked_for(meeting):
    make_project("A draft", meeting=meeting)
    assert counted("projects").count() == 0
    assert counted("projects", Counting(published=False)).count() == 1


def test_filters_are_those_of_the_list_and_the_address_says_them(meeting):
    published(make_project(meeting=meeting, stage="launched", tier="key"))
    found = figure("projects", meeting=["1"], tier=["key"])
    assert (found.value, found.address) == (
        1,
        "/en/projects/?counted=yes&track=jic&meeting=1&tier=key",
    )
    assert figure("projects", tier=["flagship"]).value == 0
    assert address("projects", Counting(published=False)) == ""


def test_tally_is_one_query(meeting, django_assert_num_queries):
    signed(meeting)
    with django_assert_num_queries(1):
        assert tally("mous", Counting(), "track") == [{"track": "jic", "n": 1}]
