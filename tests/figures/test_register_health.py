"""Health of MOUs: what each finding says, what counts as activity, what a reader may not learn from it."""

import datetime

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiative.dates import Precision, settle
from mous.health import RULES, Health, health_of, in_health, needs_decision, with_health
from mous.models import MOU, MOULink
from mous.rules import holds
from mous.terms import current_end, notice_on, renews
from projects.models import Project
from publishing.authorship import acting
from publishing.sides import visible
from tests.factories import make_meeting, make_mou, make_project
from tests.people import AUDITOR, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 6, 1)
LONG_AGO = datetime.date(2020, 1, 1)


def read(day=DAY, who=AUDITOR):
    return with_health(MOU.objects.all(), day, lambda rows: visible(rows, person(who)))


def found(day=DAY, who=AUDITOR) -> list[str]:
    """Return the findings of the only MOU, by Python and by the database."""
    mou = read(day, who).get()
    told = health_of(mou, day)
    assert {one for one in Health if in_health(read(day, who), day, one).exists()} == set(told)
    return [one.value for one in told]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"signed_on": None}, []),
        ({"signed_on": datetime.date(2026, 1, 1)}, []),
        ({"signed_on": datetime.date(2024, 6, 1)}, ["dormant"]),
        ({"signed_on": datetime.date(2024, 6, 2)}, []),
        ({"signed_on": datetime.date(2024, 1, 1), "signed_on_precision": "year"}, []),
        ({"signed_on": DAY, "effective_on": DAY, "ends_on": DAY}, ["ending", "in_effect"]),
        ({"signed_on": DAY, "ends_on": DAY + datetime.timedelta(180)}, ["ending"]),
        ({"signed_on": DAY, "ends_on": DAY + datetime.timedelta(181)}, []),
        ({"ends_on": DAY - datetime.timedelta(1)}, ["lapsed"]),
        ({"signed_on": DAY, "ends_on": DAY, "renews_automatically": True}, ["renews"]),
        (
            {"signed_on": DAY, "ends_on": DAY + datetime.timedelta(300), "notice_days": 210},
            ["notice"],
        ),
        ({"signed_on": DAY, "ends_on": DAY + datetime.timedelta(300), "notice_days": 301}, []),
        (
            {"signed_on": DAY, "ends_on": DAY, "renews_automatically": True, "terminated_on": DAY},
            [],
        ),
        (
            {
                "signed_on": DAY,
                "ends_on": DAY,
                "renews_automatically": True,
                "terminated_on": DAY + datetime.timedelta(9),
            },
            ["ending"],
        ),
    ],
)
def test_findings(fields, expected):
    make_mou(**{"signed_on": LONG_AGO} | fields)
    assert found() == expected


def test_a_living_project_keeps_an_mou_awake():
    mou = make_mou(signed_on=LONG_AGO)
    project = make_project(stage="in_progress")
    project.mous.add(mou)
    assert found() == []
    project.stage = "completed"
    project.save()
    assert found() == ["dormant"]


def test_a_withdrawn_project_says_nothing():
    mou = make_mou(signed_on=LONG_AGO)
    project = make_project(stage="in_progress")
    project.mous.add(mou)
    Project.objects.filter(pk=project.pk).update(status="withdrawn", withdrawn_at=None)
    assert found() == ["dormant"]


@pytest.mark.parametrize("what", ["report", "milestone", "stage", "start", "renewal", "implementation"])
def test_evidence_of_activity(what):
    mou, recent = make_mou(signed_on=LONG_AGO), datetime.date(2025, 1, 1)
    project = make_project(stage="completed")
    project.mous.add(mou)
    with acting(person(SINGAPORE_OFFICER)):
        if what == "report":
            project.progress_reports.create(meeting=make_meeting(5, starts_on=recent))
        elif what == "milestone":
            project.milestones.create(title_en="Opened", reached_on=recent)
        elif what in ("stage", "start"):
            setattr(project, {"stage": "stage_as_of", "start": "started_on"}[what], recent)
            project.save()
        else:
            later = make_mou(signed_on=recent, superseded_on=recent)
            kind = "amends" if what == "renewal" else "implements"
            later.links.create(to_mou=mou, kind=kind)
    one = read().get(pk=mou.pk)
    assert (one.last_active_on, health_of(one, DAY)) == (recent, [])
    assert Health.DORMANT in health_of(
        read(datetime.date(2027, 1, 1)).get(pk=mou.pk), datetime.date(2027, 1, 1)
    )
    before = datetime.date(2024, 12, 31)
    assert Health.DORMANT in health_of(read(before).get(pk=mou.pk), before)


def test_a_renewed_mou_has_not_lapsed():
    mou = make_mou(signed_on=LONG_AGO, ends_on=datetime.date(2025, 1, 1))
    assert found() == ["lapsed"]
    make_mou(signed_on=datetime.date(2025, 2, 1)).links.create(to_mou=mou, kind="renews")
    assert health_of(read().get(pk=mou.pk), DAY) == []


def test_what_the_other_side_keeps_is_no_evidence():
    mou = make_mou(signed_on=LONG_AGO)
    make_project(stage="in_progress", kept_by="singapore").mous.add(mou)
    make_mou(signed_on=DAY, kept_by="singapore").links.create(to_mou=mou, kind="amends")
    seen = {who: health_of(read(who=who).get(pk=mou.pk), DAY) for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER)}
    assert seen == {SINGAPORE_OFFICER: [], SHENZHEN_OFFICER: [Health.DORMANT]}


def test_what_the_jic_settled_needs_no_decision():
    mou = make_mou(signed_on=LONG_AGO)
    assert list(needs_decision(read(), DAY)) == [mou]
    mou.course = "lapse"
    mou.save()
    assert not needs_decision(read(), DAY)


def test_what_is_renewed_needs_no_decision():
    mou = make_mou(signed_on=LONG_AGO, ends_on=DAY)
    assert list(needs_decision(read(), DAY)) == [mou]
    make_mou(signed_on=DAY).links.create(to_mou=mou, kind="renews")
    assert Health.ENDING in health_of(read().get(pk=mou.pk), DAY)
    assert not needs_decision(read(), DAY)


def test_queries_do_not_grow(django_assert_num_queries):
    for _number in range(3):
        make_project().mous.add(make_mou(signed_on=LONG_AGO))
    person(AUDITOR)
    rows = read()
    with django_assert_num_queries(1):
        assert [health_of(mou, DAY) for mou in rows]


# The same as a plain walk -------------------------------------------------------------------------

some_day = st.none() | st.dates(datetime.date(2022, 1, 1), datetime.date(2027, 12, 31))
precision = st.sampled_from(Precision.values)
mou_fields = st.fixed_dictionaries(
    dict.fromkeys(("signed_on", "effective_on", "ends_on", "terminated_on"), some_day)
    | {
        "signed_on_precision": precision,
        "renews_automatically": st.sampled_from([None, True, False]),
        "renewal_months": st.none() | st.integers(1, 30),
        "notice_days": st.none() | st.integers(0, 300),
    }
)
project_fields = st.fixed_dictionaries(
    {
        "stage": st.sampled_from(["completed", "discontinued", "launched"]),
        "stage_as_of": some_day,
        "started_on": some_day,
        "started_on_precision": precision,
    }
)
step_fields = st.fixed_dictionaries({"reached_on": some_day, "reached_on_precision": precision})


def last(row, name: str, day):
    """Return the last day that a date on or before `day` can mean, but for days to come."""
    value = getattr(row, name)
    if value is None or value > day:
        return None
    return min(settle(value, getattr(row, f"{name}_precision", "day"), last=True), day)


class Walk:
    """The facts of an MOU, read row by row."""

    def __init__(self, mou: MOU, day):
        self.state, self.renewing = mou.state_on(day), renews(mou)
        self.effective_on = mou.effective_on
        self.current_end, self.notice_on = current_end(mou, day), notice_on(mou, day)
        later = [link for link in mou.linked_from.all() if last(link.from_mou, "signed_on", day)]
        self.is_followed = any(link.kind in MOULink.SUPERSEDES for link in later)
        projects = mou.projects.all()
        self.is_worked_on = any(one.stage == "launched" for one in projects)
        evidence = [last(mou, "signed_on", day), *(last(link.from_mou, "signed_on", day) for link in later)]
        for project in projects:
            evidence += [last(project, "stage_as_of", day), last(project, "started_on", day)]
            evidence += [last(one, "reached_on", day) for one in project.milestones.all()]
            evidence += [last(one.meeting, "starts_on", day) for one in project.progress_reports.all()]
        self.last_active_on = max(filter(None, evidence), default=None)


@override_settings(SIMPLE_HISTORY_ENABLED=False)  # of these records no version is read
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(mou_fields, min_size=1, max_size=3),
    st.lists(st.tuples(project_fields, st.integers(0, 2), step_fields), max_size=3),
    st.sampled_from(list(MOULink.Kind)),
    st.dates(datetime.date(2024, 1, 1), datetime.date(2027, 1, 1)),
)
def test_the_database_and_a_walk_agree(mous, projects, kind, day):
    for model in (Project, MOULink, MOU):
        model.objects.all().delete()
    made = []
    for fields in mous:
        mou = MOU(title_en="x", **fields)
        begun = [one for one in (mou.signed_on, mou.effective_on) if one]
        if mou.ends_on and begun:
            mou.ends_on = max([mou.ends_on, *begun])
        mou.save()
        made.append(mou)
    for mou in made[1:]:
        mou.links.create(to_mou=made[0], kind=kind)
    for fields, place, step in projects:
        project = Project.objects.create(title_en="x", **fields)
        project.mous.add(made[place % len(made)])
        project.milestones.create(title_en="x", **step)
    expected = {}
    for mou in MOU.objects.all():
        walked = Walk(mou, day)
        expected[mou.pk] = {health for health, tests in RULES.items() if holds(walked, tests, day)}
        one = read(day).get(pk=mou.pk)
        assert {name: getattr(one, name) for name in vars(walked)} == vars(walked)
        assert set(health_of(one, day)) == expected[mou.pk]
    for health in Health:
        keys = set(in_health(read(day), day, health).values_list("pk", flat=True))
        assert keys == {key for key, told in expected.items() if health in told}
