"""Announced figures beside the record, beside each other, and totals beside the sum of the meetings."""

import datetime

import pytest

from meetings.figure_words import (
    announced_words,
    contradiction_words,
    difference_words,
    sum_difference_words,
    sum_words,
)
from meetings.figures import compare, latest_total, warned
from meetings.models import AnnouncedFigure
from publishing.workflow import move
from tests.factories import make_meeting, make_mou, make_project, make_source, published
from tests.people import MANAGER, person

pytestmark = pytest.mark.django_db
TOTAL = {"scope": "cumulative"}


def held(number: int, **fields):
    day = datetime.date(2019 + number, 6, 17)
    return published(make_meeting(number, **({"starts_on": day} | fields)))


@pytest.fixture
def meetings():
    return held(1), held(2), held(3)


def only(figure):
    [one] = compare([AnnouncedFigure.objects.select_related("meeting").get(pk=figure.pk)])
    return one


def test_total_stands_beside_the_sum_of_the_meetings(meetings):
    for meeting, value in zip(meetings, (8, 4, 8), strict=True):
        meeting.figures.create(measure="mous", value=value)
    one = only(meetings[2].figures.create(measure="mous", value=21, **TOTAL))
    assert (one.summed.value, one.sum_gap) == (20, 1)
    assert sum_words(one.summed) == "Worked out here: 8 + 4 + 8, announced at 3 meetings"
    assert sum_difference_words(one) == "1 more than by the sum"


def test_sum_ends_with_the_meeting_of_the_total(meetings):
    for meeting in meetings:
        meeting.figures.create(measure="mous", value=4)
    one = only(meetings[1].figures.create(measure="mous", value=8, **TOTAL))
    assert (one.summed.value, one.sum_gap, sum_difference_words(one)) == (8, 0, "No difference")


def test_meeting_without_a_figure_is_never_taken_for_nought(meetings):
    meetings[2].figures.create(measure="projects", value=14)
    one = only(meetings[2].figures.create(measure="projects", value=29, **TOTAL))
    assert (one.summed.value, one.sum_gap, sum_difference_words(one)) == (None, None, "")
    words = "No sum: not announced for every meeting. None is on record here for JIC1, JIC2."
    assert sum_words(one.summed) == words


def test_nought_announced_is_a_figure(meetings):
    for meeting, value in zip(meetings, (0, 4, 0), strict=True):
        meeting.figures.create(measure="mous", value=value)
    assert only(meetings[2].figures.create(measure="mous", value=4, **TOTAL)).summed.value == 4


def test_figures_of_other_tracks_tiers_and_measures_are_never_added(meetings):
    first = meetings[0]
    first.figures.create(measure="projects", value=5)
    for fields in ({"track": "zone"}, {"tier": "key"}, {"measure": "mous"}, {"measure": "agreements"}):
        first.figures.create(**({"measure": "projects", "value": 3} | fields))
    assert only(first.figures.create(measure="projects", value=6, **TOTAL)).summed.value == 5
    zone = only(first.figures.create(measure="projects", track="zone", value=6, **TOTAL))
    assert (zone.summed.value, zone.sum_gap) == (3, 3)


def test_figure_of_a_single_meeting_has_no_sum(meetings):
    one = only(meetings[0].figures.create(measure="mous", value=8))
    assert (one.summed, one.sum_gap, one.rivals) == (None, None, [])


def test_two_figures_for_the_same_stand_as_equals_and_are_not_added_up(meetings):
    first = meetings[0]
    pair = [first.figures.create(measure="mous", value=value) for value in (9, 8)]
    compared = [only(figure) for figure in pair]
    assert [one.rivals for one in compared] == [[8], [9]]
    assert {announced_words(one) for one in compared} == {"8 or 9"}
    assert contradiction_words(compared[0]) == "Another figure is announced for the same: 8"
    assert all(one.is_contradicted for one in compared)
    total = only(first.figures.create(measure="mous", value=8, **TOTAL))
    assert total.summed.value is None
    assert sum_words(total.summed) == "No sum: more than one figure is announced for JIC1."


def test_source_that_differs_is_a_contradiction(meetings):
    figure = meetings[0].figures.create(measure="mous", value=8)
    figure.citations.create(source=make_source())
    assert not only(figure).is_contradicted
    figure.citations.create(source=make_source(), stance="differs")
    assert only(figure).is_contradicted


def test_meetings_that_were_not_held_or_are_not_public_have_no_part(meetings):
    held(4, phase="cancelled")
    make_meeting(5).figures.create(measure="mous", value=90)
    for meeting in meetings:
        meeting.figures.create(measure="mous", value=1)
    last = held(6)
    last.figures.create(measure="mous", value=2)
    one = only(last.figures.create(measure="mous", value=9, **TOTAL))
    assert [meeting.number for meeting in one.meetings] == [1, 2, 3, 6]
    assert one.summed.value == 5


def test_withdrawn_meeting_takes_its_figure_out_of_the_sum(meetings):
    for meeting in meetings:
        meeting.figures.create(measure="mous", value=1)
    total = meetings[2].figures.create(measure="mous", value=9, **TOTAL)
    move(meetings[1], "withdrawn", by=person(MANAGER), reason="Entered twice.")
    assert only(total).summed.value == 2


def test_total_announced_on_another_occasion_counts_up_to_its_day(meetings):
    meetings[0].figures.create(measure="mous", value=8)
    day = datetime.date(2020, 12, 1)
    visit = published(make_meeting(kind="other", starts_on=day))
    one = only(visit.figures.create(measure="mous", value=9, **TOTAL))
    assert ([meeting.number for meeting in one.meetings], one.summed.value) == ([1], 8)
    undated = published(make_meeting(kind="other", starts_on=None))
    assert only(undated.figures.create(measure="mous", value=9, **TOTAL)).meetings == [undated]


def test_total_of_a_meeting_without_a_date_goes_by_its_number(meetings):
    last = held(4, starts_on=None)
    one = only(last.figures.create(measure="mous", value=9, **TOTAL))
    assert [meeting.number for meeting in one.meetings] == [1, 2, 3, 4]


def test_more_on_record_than_announced(meetings):
    for title in ("One", "Two"):
        published(make_project(title, meeting=meetings[0], stage="launched"))
    one = only(meetings[0].figures.create(measure="projects", value=1))
    assert (one.gap, difference_words(one)) == (-1, "1 more on record here")


def test_explanation_counts_once_it_is_published(meetings):
    figure = meetings[0].figures.create(measure="mous", value=8, explanation_en="Annex A is out.")
    assert [one.figure for one in warned([only(figure)], "unexplained")] == [figure]
    figure.explanation_published = True
    figure.save()
    assert warned([only(figure)], "unexplained") == []
    figure.explanation_en = ""
    figure.save()
    assert len(warned([only(figure)], "unexplained")) == 1


def test_difference_from_the_sum_alone_needs_an_explanation_too(meetings):
    first = meetings[0]
    published(make_mou("Signed", meeting=first, occasion="at"))
    first.figures.create(measure="mous", value=2)
    one = only(first.figures.create(measure="mous", value=1, **TOTAL))
    assert (one.gap, one.sum_gap, sum_difference_words(one)) == (0, -1, "1 fewer than by the sum")
    assert warned([one], "unexplained") == warned([one], "sum") == [one]
    with pytest.raises(KeyError):
        warned([one], "nonsense")


def test_newest_total_says_every_value_announced(meetings):
    for value in (43, 44):
        meetings[2].figures.create(measure="projects", value=value, **TOTAL)
    assert announced_words(latest_total("projects")) == "43 or 44"


@pytest.mark.parametrize("number", [1, 3])
def test_three_queries_however_many(meetings, django_assert_num_queries, number):
    for meeting in meetings[:number]:
        for scope in ("meeting", "cumulative"):
            meeting.figures.create(measure="mous", scope=scope, value=8)
    figures = list(AnnouncedFigure.objects.select_related("meeting"))
    with django_assert_num_queries(3):
        assert [one.gap for one in compare(figures)] == [8] * 2 * number


def test_nothing_announced_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert compare([]) == []
