"""The public record: what it holds once loaded, and that loading it again changes nothing."""

from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from listing.sheets import read_csv
from meetings.imports import MeetingImport
from meetings.models import AnnouncedFigure, Meeting
from mous.imports import MOUImport
from mous.models import MOU
from organisations.imports import OrganisationImport
from organisations.models import Organisation, Person
from projects.imports import ProjectImport
from projects.models import Project
from publishing.authorship import acting
from publishing.workflow import move
from sci_portal.loading import load
from tests.people import MANAGER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]

RECORDS = (Organisation, Meeting, MOU, Project)


def history_rows() -> int:
    """Return how many versions of anything the history holds."""
    models = [model for model in apps.get_models() if model.__name__.startswith("Historical")]
    assert len(models) > 25
    return sum(model.objects.count() for model in models)


def drafts(model) -> list[str]:
    return list(model.objects.exclude(status="published").values_list("reference", flat=True))


# What it holds


def test_loaded_without_a_problem(loaded):
    assert (loaded.problems, loaded.left_alone) == ([], [])
    assert (loaded.written, loaded.published) == (446, 79)


def test_loaded_meetings(loaded):
    meetings = Meeting.objects.published()
    assert Counter(meetings.values_list("kind", flat=True)) == {"jic": 4, "other": 2}
    assert list(meetings.filter(kind="jic").order_by("number").values_list("number", "starts_on__year")) == [
        (1, 2020),
        (2, 2021),
        (3, 2022),
        (4, 2023),
    ]


def test_loaded_projects(loaded):
    projects = Project.objects.published()
    assert Counter(projects.values_list("track", flat=True)) == {"jic": 22, "related": 4}
    assert Counter(Project.objects.counted().values_list("meeting__number", flat=True)) == {3: 8, 4: 14}
    assert drafts(Project) == ["SCI-P-0027", "SCI-P-0028", "SCI-P-0029"]


def test_loaded_projects_of_the_third_meeting_by_tier(loaded):
    third = Project.objects.counted().filter(meeting__number=3)
    assert Counter(third.values_list("tier", flat=True)) == {"flagship": 4, "key": 4}
    assert third.get(reference="SCI-P-0002").tier == "flagship"


def test_loaded_projects_of_the_fourth_meeting_are_the_items_of_its_annex(loaded):
    fourth = Project.objects.counted().filter(meeting__number=4).order_by("annex_item")
    assert list(fourth.values_list("annex_letter", "annex_item")) == [("B", item) for item in range(1, 15)]


def test_loaded_mous(loaded):
    assert MOU.objects.published().count() == 9
    assert Counter(MOU.objects.counted().values_list("meeting__number", flat=True)) == {1: 3, 2: 4, 3: 1}
    assert drafts(MOU) == ["SCI-M-0010"]


def test_loaded_organisations_are_all_public(loaded):
    assert Organisation.objects.published().count() == 38
    assert drafts(Organisation) == drafts(Meeting) == []


def test_loaded_announced_figures(loaded):
    columns = ("meeting__number", "measure", "track", "tier", "scope", "value")
    assert list(AnnouncedFigure.objects.order_by("pk").values_list(*columns)) == [
        (1, "mous", "jic", "", "meeting", 8),
        (2, "mous", "jic", "", "meeting", 4),
        (3, "mous", "jic", "", "meeting", 8),
        (3, "projects", "jic", "", "meeting", 14),
        (3, "projects", "jic", "flagship", "meeting", 7),
        (3, "projects", "jic", "key", "meeting", 7),
        (3, "projects", "jic", "", "cumulative", 29),
        (4, "mous", "jic", "", "meeting", 8),
        (4, "projects", "jic", "", "meeting", 14),
        (4, "mous", "jic", "", "cumulative", 29),
        (4, "projects", "jic", "", "cumulative", 43),
        (4, "projects", "zone", "", "meeting", 4),
        (4, "agreements", "zone", "", "meeting", 4),
    ]


def test_loaded_records_and_figures_all_cite_a_source(loaded):
    for model in (*RECORDS, AnnouncedFigure):
        assert not model.objects.filter(citations=None).exists()
    assert not AnnouncedFigure.objects.exclude(citations__stance="supports").exists()


def test_loaded_records_leave_the_counters_behind_them(loaded):
    assert Project.objects.create(title_en="Next").reference == "SCI-P-0030"
    assert MOU.objects.create(title_en="Next").reference == "SCI-M-0011"
    assert Organisation.objects.create(name_en="Next").reference == "SCI-O-0039"
    assert Meeting.objects.create(number=5).reference == "SCI-C-0007"


def test_publications_are_in_the_history_with_the_loader_and_its_reason(loaded):
    reason = "Loaded from the public record; the loader publishes without a second person."
    for model in RECORDS:
        records = model.objects.published()
        published = model.history.filter(status="published").values_list(
            "history_user__username", "history_change_reason"
        )
        assert Counter(published) == {("public-record", reason): records.count()}


def test_nobody_can_sign_in_as_the_loader(client, loaded):
    user = Project.objects.first().changed_by
    assert (user.username, user.is_active, user.has_usable_password()) == ("public-record", False, False)
    assert not client.login(username="public-record", password="")


# Once more


def test_second_load_changes_nothing(loaded):
    before = history_rows()
    report = load(settings.DATA_DIR)
    assert (report.problems, report.written, report.published, report.left_alone) == ([], 0, 0, [])
    assert history_rows() == before


def test_second_load_says_that_nothing_changes(loaded):
    said = StringIO()
    call_command("load_record", stdout=said)
    assert said.getvalue() == "Nothing to change: the record is as in the files.\n"


def test_load_where_something_is_on_record_can_be_left_out(loaded, tmp_path):
    said = StringIO()
    call_command("load_record", tmp_path, "--if-empty", stdout=said)
    assert said.getvalue() == ""


def correct(record, **fields) -> None:
    """Change a record as a manager does."""
    with acting(person(MANAGER)):
        for name, value in fields.items():
            setattr(record, name, value)
        record.save()


def test_record_changed_by_an_officer_is_left_alone_and_named(loaded):
    project = Project.objects.get(reference="SCI-P-0008")
    correct(project, title_en="Smart libraries", tier="")
    report = load(settings.DATA_DIR)
    project.refresh_from_db()
    assert (project.title_en, project.tier) == ("Smart libraries", "")
    assert (len(report.left_alone), report.problems, report.written) == (1, [], 0)


def test_record_changed_by_an_officer_is_named_once_by_the_command(loaded):
    project = Project.objects.get(reference="SCI-P-0009")
    correct(project, title_en="Logistics")
    with acting(person(MANAGER)):
        project.partners.update_or_create(position=1, defaults={"role": "lead"})
    said = StringIO()
    call_command("load_record", stdout=said)
    lines = said.getvalue().splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "Left alone, because somebody has changed it since",
        "Nothing to change",
    ]


def test_row_taken_away_by_an_officer_does_not_come_back(loaded):
    project = Project.objects.get(reference="SCI-P-0009")
    with acting(person(MANAGER)):
        project.partners.get(position=1).delete()
    report = load(settings.DATA_DIR)
    assert (report.written, report.left_alone) == (0, [f"SCI-P-0009 {project}"])
    assert project.partners.count() == 1


def test_person_renamed_by_an_officer_is_not_entered_again(loaded):
    mayor = Person.objects.get(name_en="Qin Weizhong")
    correct(mayor, name_en="Qin Wei Zhong")
    report = load(settings.DATA_DIR)
    assert (report.written, report.problems) == (0, [])
    assert Person.objects.filter(name_zh="覃伟中").count() == 1


def test_figure_corrected_by_an_officer_is_left_alone(loaded):
    figure = AnnouncedFigure.objects.get(meeting__number=4, measure="mous", scope="cumulative")
    correct(figure, value=28)
    report = load(settings.DATA_DIR)
    assert (report.problems, report.written) == ([], 0)
    assert AnnouncedFigure.objects.filter(meeting__number=4).count() == 6


def test_record_withdrawn_since_stays_withdrawn(loaded):
    project = Project.objects.get(reference="SCI-P-0025")
    move(project, "withdrawn", by=person(MANAGER))
    assert load(settings.DATA_DIR).published == 0
    project.refresh_from_db()
    assert project.status == "withdrawn"


def test_draft_published_by_a_manager_stays_published(loaded):
    project = Project.objects.get(reference="SCI-P-0027")
    move(project, "published", by=person(MANAGER))
    report = load(settings.DATA_DIR)
    project.refresh_from_db()
    assert (report.written, project.status) == (0, "published")


@pytest.mark.parametrize(
    ("listing", "resource", "rows"),
    [
        ("organisations", OrganisationImport, 38),
        ("meetings", MeetingImport, 6),
        ("mous", MOUImport, 9),
        ("projects", ProjectImport, 26),
    ],
)
def test_own_export_of_the_record_comes_back_without_a_change(client, loaded, listing, resource, rows):
    file = b"".join(client.get(f"/en/{listing}/export.csv").streaming_content)
    dataset = read_csv(file.decode("utf-8-sig"))
    before = history_rows()
    result = resource().import_data(dataset, user=person(MANAGER))
    assert (result.problems, result.totals["skip"], len(dataset)) == ([], rows, rows)
    assert history_rows() == before
