"""What managers' reports count, by the rules that they print; asked of the rows, on both databases."""

import datetime

import pytest

from projects.models import Project
from publishing.authorship import acting
from reports.managers import frame
from tests.factories import make_meeting, published
from tests.figures.portfolio_record import day, record
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SINGAPORE_OFFICER, person

__all__ = ["record"]
pytestmark = pytest.mark.django_db


def table(key: str, who: str = AUDITOR, **asked) -> list[dict]:
    """Return the rows of a report as a person gets them in a file: values by column."""
    report = frame.report(key)
    form = report.form_class(asked, person(who))
    assert form.is_valid(), form.errors
    chosen = form.cleaned_data
    keys = [column.key for column in report.columns(chosen)]
    rows = report.rows(chosen, form.user)
    return [dict(zip(keys, (cell.value for cell in row), strict=True)) for row in rows]


def total(key: str, who: str = AUDITOR, **asked) -> list[int]:
    report = frame.report(key)
    form = report.form_class(asked, person(who))
    assert form.is_valid(), form.errors
    rows = report.rows(form.cleaned_data, form.user)
    found = report.total(form.cleaned_data, rows)
    return [cell.value for cell in found if isinstance(cell.value, int)]


def references(key: str, who: str = AUDITOR, **asked) -> list[str]:
    return [row["title_en"] for row in table(key, who, **asked)]


# Portfolio ------------------------------------------------------------------------------------


def test_portfolio_by_meeting_pillar_stage_and_side(record):
    found = [(row["meeting"], row["pillar"], row["all"], row["side_both"]) for row in table("portfolio")]
    assert found == [("1", "talent", 1, 1), ("2", "talent", 1, 0), ("2", "none", 1, 0)]


def test_totals_add_up_and_a_project_with_both_sides_counts_once(record):
    # Seven stages, all; then Singapore, Shenzhen, both, nobody.
    assert total("portfolio") == [0, 0, 0, 1, 1, 1, 0, 3, 2, 1, 1, 1]


def test_portfolio_narrowed(record):
    assert references("portfolio", rows="projects", track="all") == ["Pumps", "Alone", "Unnamed", "Zone"]
    assert references("portfolio", rows="projects", side="both") == ["Pumps"]
    assert references("portfolio", rows="projects", side="none") == ["Unnamed"]
    assert references("portfolio", rows="projects", tier="none") == ["Alone", "Unnamed"]
    assert references("portfolio", rows="projects", uncounted="on") == ["Pumps", "Alone", "Unnamed", "To come"]
    assert references("portfolio", rows="projects", pillar="none", meeting="2") == ["Alone"]


@pytest.mark.parametrize(
    ("who", "more"),
    [
        (AUDITOR, ["Draft", "Review", "Kept by Singapore", "Kept by Shenzhen"]),
        (MANAGER, ["Draft", "Review", "Kept by Singapore"]),
        (OTHER_MANAGER, ["Draft", "Review", "Kept by Shenzhen"]),
    ],
)
def test_drafts_stand_there_when_asked_for_as_far_as_the_person_may_see_them(record, who, more):
    public = ["Pumps", "Alone", "Unnamed"]
    assert references("portfolio", who, rows="projects", unpublished="on") == public + more
    assert total("portfolio", who, unpublished="on")[7] == len(public + more)


# Partners -------------------------------------------------------------------------------------


def partners(**asked) -> dict[str, dict]:
    return {row["name_en"] or row["name_zh"]: row for row in table("partners", **asked)}


def test_partners_by_activity(record):
    keppel = partners()["Keppel"]
    numbers = [keppel[name] for name in ("alive", "projects", "in_effect", "mous", "meetings")]
    assert numbers == [2, 3, 1, 2, 2]
    assert (keppel["sides"], keppel["kind"]) == ("singapore", "company")
    assert (keppel["last_on"], keppel["last"]) == (datetime.date(2023, 12, 14), "signing")


def test_the_last_activity_is_the_newest_and_none_that_is_to_come(record):
    with acting(person(SINGAPORE_OFFICER)):
        record["pumps"].milestones.create(title_en="Reached", reached_on=day(-3))
        record["pumps"].milestones.create(title_en="Planned", reached_on=day(3))
    assert (partners()["校园"]["last_on"], partners()["校园"]["last"]) == (day(-3), "milestone")
    with acting(person(SINGAPORE_OFFICER)):
        held = published(make_meeting(7, starts_on=day(-1)))
        report = record["pumps"].progress_reports.create(meeting=held, text_en="Told", visibility="both_sides")
    assert partners()["校园"]["last"] == "milestone"
    assert partners(unpublished="on")["校园"]["last"] == "report"
    with acting(person(SINGAPORE_OFFICER)):
        report.visibility = "public"
        report.save()
    assert (partners()["校园"]["last_on"], partners()["校园"]["last"]) == (day(-1), "report")


def test_partners_filtered_and_ordered(record):
    assert list(partners(side="shenzhen")) == ["校园"]
    assert list(partners(kind="company")) == ["Keppel"]
    assert list(partners(sort="name")) == ["Fooyo", "Keppel", "校园"]
    assert list(partners(sort="projects")) == ["Keppel", "Fooyo", "校园"]
    assert list(partners(since="2024-01-01")) == []
    assert list(partners(quiet_since="2024-01-01", sort="name")) == ["Fooyo", "Keppel", "校园"]


def test_what_the_other_side_keeps_is_no_activity(record):
    assert partners(unpublished="on", who=OTHER_MANAGER)["校园"]["projects"] == 3
    assert partners(unpublished="on", who=MANAGER)["校园"]["projects"] == 2


# MOUs -----------------------------------------------------------------------------------------


def test_mous_by_state_and_how_soon_they_end(record):
    found = {row["state"]: (row["jic"], row["related"], row["all"]) for row in table("mou-states")}
    assert found == {
        "preparing": (0, 0, 0),
        "signed": (1, 0, 1),
        "in_effect": (0, 1, 1),
        "ending_soon": (2, 0, 2),
        "ending_soon:90": (1, 0, 1),
        "ending_soon:180": (2, 0, 2),
        "ended": (1, 0, 1),
        "terminated": (0, 0, 0),
        "replaced": (0, 0, 0),
    }
    assert total("mou-states") == [4, 0, 1, 5]


def test_mous_ending_first_come_first_and_drafts_when_asked_for(record):
    assert references("mou-states", rows="mous", within="180") == ["Soon", "Later"]
    assert references("mou-states", rows="mous", within="90", unpublished="on") == [
        "Draft MOU",
        "Kept MOU",
        "Soon",
    ]
    assert references("mou-states", MANAGER, rows="mous", within="90", unpublished="on") == [
        "Draft MOU",
        "Soon",
    ]
    assert references("mou-states", rows="mous", side="both") == ["Soon", "Open"]


# Without news ---------------------------------------------------------------------------------


def test_running_projects_of_which_nothing_was_heard(record):
    assert references("no-news") == ["Pumps", "Alone"]
    assert references("no-news", track="zone") == ["Zone"]
    assert references("no-news", side="both") == ["Pumps"]
    assert references("no-news", MANAGER, unpublished="on") == [
        "Pumps",
        "Alone",
        "Draft",
        "Review",
        "Kept by Singapore",
    ]


NEWS = {
    "a milestone": lambda found: found["pumps"].milestones.create(title_en="Reached", reached_on=day(-3)),
    "a report to the coming meeting": lambda found: found["pumps"].progress_reports.create(
        meeting=found["coming"], text_en="Told", visibility="both_sides"
    ),
}
NO_NEWS = {
    "a milestone before": lambda found: found["pumps"].milestones.create(
        title_en="Reached", reached_on=datetime.date(2021, 10, 18)
    ),
    "a milestone to come": lambda found: found["pumps"].milestones.create(title_en="Planned", due_on=day(-3)),
    "a report to the last meeting": lambda found: found["pumps"].progress_reports.create(
        meeting=found["second"], text_en="Told"
    ),
}


@pytest.mark.parametrize("what", [*NEWS, *NO_NEWS])
def test_what_is_news(record, what):
    with acting(person(SINGAPORE_OFFICER)):
        (NEWS | NO_NEWS)[what](record)
    assert references("no-news") == ([] if what in NEWS else ["Pumps"]) + ["Alone"]


@pytest.mark.parametrize(("stage", "quiet"), [("in_progress", False), ("completed", False), ("launched", True)])
def test_a_change_of_stage_is_news_and_what_is_over_does_not_run(record, stage, quiet):
    pumps = Project.objects.get(pk=record["pumps"].pk)
    with acting(person(MANAGER)):
        pumps.stage, pumps.stage_as_of = stage, day(-2)
        pumps.save()
    assert ("Pumps" in references("no-news")) == quiet


# Not on record, work waiting ------------------------------------------------------------------


def test_what_is_not_on_record_of_published_records_and_of_all(record):
    def found(**asked) -> dict:
        return {(row["kind"], row["what"]): row["records"] for row in table("not-on-record", **asked)}

    plain, more = found(), found(unpublished="on")
    assert (plain["mou", "no_end"], more["mou", "no_end"]) == (1, 2)
    assert (plain["project", "title_language"], more["project", "title_language"]) == (4, 8)
    assert ("project", "parties_not_said") not in plain
    assert more["project", "parties_not_said"] == 1
    assert found(unpublished="on", who=MANAGER)["project", "title_language"] == 7


def test_work_waits_by_side(record):
    with acting(person(SINGAPORE_OFFICER)):
        record["second"].actions.create(number=1, text_en="Late", owner_side="shenzhen", due_on=day(-3))
        record["second"].actions.create(number=2, text_en="Not late", owner_side="shenzhen", due_on=day(3))
    found = {row["work"]: (row["singapore"], row["shenzhen"], row["either"]) for row in table("work-waiting")}
    texts = found.pop("translations")
    assert found == {
        "review": (1, 0, 0),
        "proposals": (0, 0, 0),
        "approvals": (0, 0, 0),
        "actions": (0, 1, 0),
        "clearances": (1, 1, 0),
        "answers": (0, 0, 0),
    }
    assert texts[1] > 5
    assert [row["title_en"] for row in table("work-waiting", rows="review", side="singapore")] == ["Review"]
    assert [row["side"] for row in table("work-waiting", rows="clearances")] == ["singapore", "shenzhen"]
