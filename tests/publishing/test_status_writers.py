"""Every other way to write a status is tried here, and fails."""

import ast
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models.deletion import ProtectedError

from organisations.models import Organisation
from projects.models import Project
from publishing.models import Status
from tests.factories import make_organisation, make_project, published
from tests.people import MANAGER, SINGAPORE_OFFICER, person

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = [path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]

# Writes that skip the history, each of a column that is no fact of a record.
ALLOWED = {
    ("publishing/models.py", "touch"),  # the version
    ("publishing/models.py", "stamp"),  # who changed a row of the record
    ("publishing/models.py", "void_approval"),  # that a manager approved it for release
    ("publishing/models.py", "still_right"),  # which texts are behind their other language
    ("publishing/rehearsing.py", "_as_if_public"),  # undone: what the page would look like
    ("publishing/as_recorded.py", "as_recorded"),  # undone: what is hidden today in what was recorded once
    ("listing/models.py", "rebuild_search"),  # the search text
    ("initiative/departures.py", "keep"),  # where texts depart from agreed words
}


def form_of(project, **changes) -> dict:
    """Return the POST of the project's admin form, without rows."""
    data = {
        "title_en": project.title_en,
        "title_basis_en": "supplied",
        "title_basis_zh": "supplied",
        "classified_by": "site",
        "track": "jic",
    }
    data |= {"stage": "proposed", "parties_known": "none"}
    data |= {f"{name}_precision": "day" for name in ("started_on", "targeted_on", "ended_on")}
    for prefix in ("partners", "milestones", "progress_reports", "citations"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data | changes


@pytest.mark.django_db
def test_saving_a_changed_status_keeps_the_old_one():
    project = make_project()
    project.status = Status.PUBLISHED
    project.save()
    assert Project.objects.get(pk=project.pk).status == Status.DRAFT


@pytest.mark.django_db
def test_saving_a_stale_copy_does_not_unpublish():
    project = make_project()
    stale = Project.objects.get(pk=project.pk)
    published(project)
    stale.title_en = "Another title"
    stale.save()
    assert Project.objects.get(pk=project.pk).is_published


@pytest.mark.django_db
def test_creating_as_published_gives_a_draft():
    project = Project.objects.create(title_en="Sudden", status=Status.PUBLISHED)
    assert Project.objects.get(pk=project.pk).status == Status.DRAFT


@pytest.mark.django_db
def test_admin_form_ignores_a_status(client):
    project = make_project()
    client.force_login(person(SINGAPORE_OFFICER))
    url = f"/admin/projects/project/{project.pk}/change/"
    answer = client.post(url, form_of(project, status="published", title_en="New title"))
    project.refresh_from_db()
    assert (answer.status_code, project.title_en, project.status) == (302, "New title", "draft")


@pytest.mark.django_db
def test_revert_form_of_the_history_is_off(client):
    project = published(make_project())
    old = project.history.last()
    client.force_login(person(MANAGER))
    url = f"/admin/projects/project/{project.pk}/history/{old.history_id}/"
    client.post(url, form_of(project))
    project.refresh_from_db()
    assert project.is_published


@pytest.mark.django_db
def test_officer_cannot_move_by_a_forged_button(client):
    project = make_project()
    client.force_login(person(SINGAPORE_OFFICER))
    url = f"/admin/projects/project/{project.pk}/change/"
    client.post(url, form_of(project, _move="published"))
    project.refresh_from_db()
    assert project.status == Status.DRAFT


@pytest.mark.django_db
def test_officer_has_no_publish_action(client):
    project = make_project()
    client.force_login(person(SINGAPORE_OFFICER))
    data = {"action": "publish", "_selected_action": [project.pk]}
    client.post("/admin/projects/project/", data)
    project.refresh_from_db()
    assert project.status == Status.DRAFT


@pytest.mark.django_db
def test_officer_cannot_change_a_published_record(client):
    project = published(make_project())
    client.force_login(person(SINGAPORE_OFFICER))
    url = f"/admin/projects/project/{project.pk}/change/"
    answer = client.post(url, form_of(project, title_en="Sudden"))
    project.refresh_from_db()
    assert (answer.status_code, project.title_en) == (302, "A project")


@pytest.mark.django_db
def test_once_published_is_never_deleted(client):
    organisation = published(make_organisation())
    client.force_login(person(MANAGER))
    client.post(f"/admin/organisations/organisation/{organisation.pk}/delete/", {"post": "yes"})
    with pytest.raises(ProtectedError), transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).delete()
    assert Organisation.objects.filter(pk=organisation.pk).exists()


@pytest.mark.django_db
def test_stock_bulk_delete_refuses_what_was_published(client):
    project, draft = published(make_project()), make_project("Draft")
    client.force_login(person(MANAGER))
    data = {"action": "delete_selected", "_selected_action": [project.pk, draft.pk], "post": "yes"}
    client.post("/admin/projects/project/", data)
    assert Project.objects.count() == 2


def test_no_code_writes_around_the_history():
    """`update`, `bulk_create` and `bulk_update` skip history, search text and version."""
    found = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for function in ast.walk(ast.parse(path.read_text())):
                if not isinstance(function, ast.FunctionDef):
                    continue
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                        name, call = node.func.attr, ast.unparse(node.func.value)
                        around = name in ("bulk_create", "bulk_update") or (
                            name == "update" and ("objects" in call or "_base_manager" in call)
                        )
                        if around:
                            found.add((str(path.relative_to(ROOT)), function.name))
    assert found == ALLOWED
