"""What came between two meetings: each question with an answer inside the time and one outside it."""

import datetime

import pytest
from django.utils.timezone import localdate

from meetings.models import Meeting
from meetings.since import interval, meeting_before
from mous.models import MOULink
from projects.since import since
from publishing.authorship import acting
from tests.factories import make_meeting, make_mou, make_organisation, make_project
from tests.people import AUDITOR, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db
HELD = datetime.date(2023, 12, 14)
INSIDE, BEFORE = datetime.date(2024, 6, 1), datetime.date(2023, 6, 1)
NEXT = datetime.date(2024, 12, 12)


@pytest.fixture
def two():
    """Two meetings that were held, and one before them."""
    make_meeting(3, starts_on=datetime.date(2022, 11, 25))
    return make_meeting(4, starts_on=HELD), make_meeting(5, starts_on=NEXT)


def found(earlier, later, who=SINGAPORE_OFFICER) -> dict:
    """Return the lines of each section by its key: (code, note)."""
    user = person(who)
    return {
        section.key: [(row.code, row.note) for row in section.rows]
        for section in since(interval(earlier, later, user), user)
    }


def codes(earlier, later, key: str, who=SINGAPORE_OFFICER) -> list[str]:
    return [code for code, _note in found(earlier, later, who)[key]]


def days_ago(days: int) -> datetime.date:
    return localdate() - datetime.timedelta(days=days)


def backdate(row, days: int) -> None:
    """Give the versions of a row a moment in the past."""
    moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
    row.history.update(history_date=moment)
    if hasattr(row, "created_at"):
        type(row)._base_manager.filter(pk=row.pk).update(created_at=moment)


def test_new_are_the_projects_of_the_meetings_since(two):
    earlier, later = two
    make_project("Old", meeting=earlier, stage="launched")
    new = make_project("New", meeting=later, stage="launched")
    proposed = make_project("Proposed", meeting=later)
    assert found(*two)["projects_new"] == [
        (new.reference, "Launched at JIC5"),
        (proposed.reference, "For JIC5: Proposed"),
    ]


def test_a_meeting_without_a_date_is_until_today(two):
    earlier, _later = two
    coming = make_meeting(6, starts_on=None, phase="planned")
    proposed = make_project("Proposed", meeting=coming)
    assert codes(earlier, coming, "projects_new") == [proposed.reference]
    assert interval(earlier, coming, person(AUDITOR)).until == localdate()


def test_a_meeting_that_is_still_to_come_is_told_as_of_today(two):
    coming = make_meeting(6, starts_on=localdate() + datetime.timedelta(days=30), phase="planned")
    mou = make_mou("Ends in ten days", ends_on=localdate() + datetime.timedelta(days=10))
    over = make_mou("Ended yesterday", ends_on=days_ago(1))
    assert codes(two[1], coming, "mous_ended") == [over.reference]
    assert mou.reference not in str(found(two[1], coming))


def test_started_and_finished_by_their_days(two):
    started = make_project(started_on=INSIDE, stage="in_progress")
    since_when = make_project(stage="in_progress", stage_as_of=INSIDE)
    done = make_project(stage="completed", stage_as_of=INSIDE, ended_on=datetime.date(2023, 1, 1))
    dropped = make_project(stage="discontinued", ended_on=NEXT)
    make_project(started_on=BEFORE, stage="completed", ended_on=BEFORE)
    make_project(started_on=NEXT + datetime.timedelta(days=1))
    assert codes(*two, "projects_started") == [started.reference, since_when.reference]
    assert found(*two)["projects_finished"] == [
        (done.reference, "Completed"),
        (dropped.reference, "Discontinued"),
    ]


def stalled_project(earlier, **fields):
    return make_project(meeting=earlier, **{"stage": "launched", "stage_as_of": HELD} | fields)


def test_stalled_is_a_running_project_of_which_nothing_was_heard(two):
    earlier, _later = two
    silent = stalled_project(earlier)
    assert found(*two)["projects_stalled"] == [(silent.reference, "No milestone reached")]
    late = stalled_project(earlier, targeted_on=INSIDE)
    late.milestones.create(title_en="Trial", reached_on=INSIDE)
    assert (late.reference, "Target date passed") in found(*two)["projects_stalled"]


@pytest.mark.parametrize("moved", ["report", "milestone", "stage", "over", "new"])
def test_what_moved_is_not_stalled(two, moved):
    earlier, later = two
    project = stalled_project(earlier)
    if moved == "report":
        project.progress_reports.create(meeting=later, text_en="Well under way")
    if moved == "milestone":
        project.milestones.create(title_en="Trial", reached_on=INSIDE)
    if moved == "stage":
        project.stage, project.stage_as_of = "in_progress", INSIDE
    if moved == "over":
        project.stage, project.stage_as_of = "completed", BEFORE
    if moved == "new":
        project.meeting = later
    project.save()
    assert codes(*two, "projects_stalled") == []


def test_a_milestone_reached_before_the_earlier_meeting_does_not_help(two):
    project = stalled_project(two[0])
    project.milestones.create(title_en="Trial", reached_on=BEFORE)
    assert codes(*two, "projects_stalled") == [project.reference]


def test_a_stage_that_the_history_shows_to_have_changed_is_a_change():
    earlier = make_meeting(4, starts_on=days_ago(60))
    project = make_project(meeting=earlier, stage="launched")
    backdate(project, 90)
    assert codes(earlier, None, "projects_stalled") == [project.reference]
    project.stage = "completed"
    project.save()
    answer = found(earlier, None)
    assert (answer["projects_stalled"], answer["projects_finished"]) == ([], [(project.reference, "Completed")])


def test_mous_signed_renewed_and_ended(two):
    earlier, later = two
    old = make_mou("Old", meeting=earlier, signed_on=HELD, ends_on=INSIDE)
    plain = make_mou("Plain", meeting=later, signed_on=NEXT)
    between = make_mou("Between", signed_on=INSIDE, terminated_on=NEXT)
    renewal = make_mou("Renewal", signed_on=INSIDE)
    renewal.links.create(kind=MOULink.Kind.RENEWS, to_mou=old)
    make_mou("To sign", meeting=later, signed_on=None)
    make_mou("Ended before", signed_on=BEFORE, ends_on=BEFORE)
    answer = found(*two)
    assert [code for code, _note in answer["mous_signed"]] == [between.reference, plain.reference]
    assert answer["mous_renewed"] == [(renewal.reference, f"renews {old.reference}")]
    assert answer["mous_ended"] == [
        (old.reference, f"Ended; renewed by {renewal.reference}"),
        (between.reference, "Terminated; no renewal on record here"),
    ]


def test_who_was_in_none_before_joined(two):
    earlier, later = two
    known, new, signer = (make_organisation(name) for name in ("Known", "New", "Signer"))
    make_project("Old", (known, "singapore"), meeting=earlier, stage="launched")
    project = make_project("New", (known, "singapore"), (new, "shenzhen"), meeting=later, stage="launched")
    mou = make_mou("Signed", (signer, "shenzhen"), signed_on=INSIDE)
    assert found(*two)["partners_joined"] == [
        (new.reference, f"In {project.reference}"),
        (signer.reference, f"In {mou.reference}"),
    ]


def test_a_partner_entered_in_an_older_project_joined():
    earlier = make_meeting(4, starts_on=days_ago(60))
    project = make_project("Old", (make_organisation("First"), "singapore"), meeting=earlier, stage="launched")
    backdate(project, 90)
    backdate(project.partners.get(), 90)
    later = make_organisation("Later")
    project.partners.create(organisation=later, side="shenzhen")
    assert codes(earlier, None, "partners_joined") == [later.reference]


def test_who_was_taken_out_or_whose_work_is_all_over_left():
    earlier = make_meeting(4, starts_on=days_ago(60))
    taken, over, stays, slip = (make_organisation(name) for name in ("Taken", "Over", "Stays", "Slip"))
    first = make_project("A", (taken, "singapore"), (stays, "shenzhen"), meeting=earlier, stage="launched")
    second = make_project(
        "B", (over, "singapore"), (stays, "shenzhen"), stage="completed", meeting=earlier,
        stage_as_of=days_ago(5),
    )  # fmt: skip
    row = first.partners.get(organisation=taken)
    backdate(row, 90)
    row.delete()
    # Entered and taken out in this time: a slip, not a partner that left.
    first.partners.create(organisation=slip, side="singapore").delete()
    assert found(earlier, None)["partners_left"] == [
        (taken.reference, f"Taken out of {first.reference}"),
        (over.reference, f"Was in {second.reference}, now over"),
    ]


def test_what_the_meetings_brought(two):
    earlier, later = two
    earlier.decisions.create(number=1, text_en="Old")
    later.decisions.create(number=1, text_en="New")
    later.figures.create(measure="projects", value=9, scope="cumulative")
    later.actions.create(number=1, text_en="Write", owner_side="shenzhen")
    answer = found(*two)
    assert answer["decisions"] == [("JIC5-D1", "")]
    assert answer["figures"] == [("JIC5", "to date")]
    assert answer["actions_opened"] == [("JIC5-A1", "Owner: Shenzhen · open")]


def test_actions_are_closed_on_the_day_of_their_last_closing():
    earlier = make_meeting(4, starts_on=days_ago(60))
    first, again, _still_open = (
        earlier.actions.create(number=number, text_en="Do", owner_side="singapore") for number in (1, 2, 3)
    )
    for state in ("done", "open"):
        again.state = state
        again.save()
    for action in (first, again):
        action.state = "done"
        action.save()
    long_ago = {"state": "dropped", "closed_on": days_ago(70)}
    earlier.actions.create(number=4, text_en="Done long ago", owner_side="singapore", **long_ago)
    assert codes(earlier, None, "actions_closed") == ["JIC4-A1", "JIC4-A2"]
    first.closed_on = days_ago(61)
    first.save()
    assert codes(earlier, None, "actions_closed") == ["JIC4-A2"]


def test_the_meeting_before_is_the_last_one_held_of_its_kind(two):
    user = person(SINGAPORE_OFFICER)
    visit = make_meeting(kind="officials", title_en="Officials", starts_on=INSIDE)
    make_meeting(6, starts_on=localdate(), phase="cancelled")
    coming = make_meeting(7, starts_on=None, phase="planned")
    assert meeting_before(coming, user) == two[1]
    assert meeting_before(two[1], user) == two[0]
    assert meeting_before(visit, user) is None


@pytest.mark.parametrize(
    ("earlier", "later", "words"),
    [
        ({"number": 4}, {"number": 4}, "Choose two different meetings."),
        ({"number": 5}, {"number": 4}, "JIC4 was held before JIC5"),
        ({"number": 6}, {"number": 5}, "No date of JIC6 is on record here"),
        ({"number": 7}, None, "JIC7 is still to come"),
    ],
)
def test_what_makes_no_interval_is_refused_in_words(two, earlier, later, words):
    make_meeting(6, starts_on=None)
    make_meeting(7, starts_on=localdate() + datetime.timedelta(days=9), phase="planned")
    ends = later and Meeting.objects.get(**later)
    with pytest.raises(ValueError, match=words):
        interval(Meeting.objects.get(**earlier), ends, person(SINGAPORE_OFFICER))


def kept_by_singapore(earlier, later) -> list:
    """Write, for each question, an answer that Singapore keeps to itself; return the words of each."""
    kept = {"kept_by": "singapore"}
    own = {"visibility": "own_side", "owner_side": "singapore"}
    body = make_organisation("Kept body", **kept)
    records = [
        body,
        make_project("Kept new", (body, "singapore"), meeting=later, stage="launched", **kept),
        make_project("Kept stalled", meeting=earlier, stage="launched", **kept),
        make_project("Kept finished", stage="completed", stage_as_of=INSIDE, started_on=INSIDE, **kept),
        make_mou("Kept signed", signed_on=INSIDE, terminated_on=NEXT, **kept),
        make_meeting(kind="other", title_en="Kept meeting", starts_on=INSIDE, **kept),
    ]
    with acting(person(SINGAPORE_OFFICER)):
        records[-1].decisions.create(number=7, text_en="Kept decision of a kept meeting")
        later.decisions.create(number=8, text_en="Kept decision", **own)
        later.actions.create(number=8, text_en="Kept action", **own)
        earlier.actions.create(number=9, text_en="Kept done", state="done", closed_on=INSIDE, **own)
    return [*(record.reference for record in records), "JIC5-D8", "JIC5-A8", "JIC4-A9"]


def test_the_other_side_is_told_of_nothing_that_is_kept(two):
    words = kept_by_singapore(*two)
    kept = set(words)
    mine = {code for rows in found(*two).values() for code, _note in rows}
    assert kept - mine == {words[5]}  # a meeting is no answer itself
    for answer in (found(*two, SHENZHEN_OFFICER), found(two[0], None, SHENZHEN_OFFICER)):
        assert not kept & {code for rows in answer.values() for code, _note in rows}
        assert not [word for word in words if word in str(answer)]


def test_as_many_queries_for_three_of_each_as_for_one(two, django_assert_num_queries):
    earlier, later = two
    counts = []
    for number in (1, 2, 3):
        body = make_organisation()
        make_project("New", (body, "singapore"), meeting=later, stage="launched")
        stalled_project(earlier)
        old = make_mou("Old", (body, "shenzhen"), signed_on=BEFORE, ends_on=INSIDE)
        make_mou("New", signed_on=INSIDE).links.create(kind="renews", to_mou=old)
        later.decisions.create(number=number, text_en="Agreed")
        later.figures.create(measure="projects", value=number)
        later.actions.create(number=number, text_en="Do", owner_side="singapore", state="done")
        counts.append(number)
        user = person(SHENZHEN_OFFICER)
        if number in (1, 3):
            with django_assert_num_queries(13):
                since(interval(earlier, later, user), user)
