"""Each side confirms that the text in its own language is right; changing that text clears it."""

import pytest

from publishing.authorship import acting
from publishing.workflow import Refused, confirm
from tests.desk.forms import add_row, change_address, open_form, send
from tests.factories import make_organisation, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _both_sides_confirm(settings):
    settings.BOTH_SIDES_CONFIRM = True


def test_each_side_confirms_its_own_language(client):
    project = published(make_project("A project", title_zh="项目"))
    for who, suffix in ((SINGAPORE_OFFICER, "en"), (OTHER_MANAGER, "zh")):
        client.force_login(person(who))
        page = client.get(change_address(project)).text
        assert f'name="_confirm" value="{suffix}"' in page
        assert page.count('name="_confirm"') == 1
        send(client, change_address(project), open_form(client, change_address(project)), _confirm=suffix)
    project.refresh_from_db()
    assert (project.confirmed_en_by, project.confirmed_zh_by) == (
        person(SINGAPORE_OFFICER),
        person(OTHER_MANAGER),
    )
    page = client.get(f"/en/projects/{project.reference}/").text
    assert "English text confirmed by the Singapore side" in page
    assert "Chinese text confirmed by the Shenzhen side" in page


@pytest.mark.parametrize("who, suffix", [(SINGAPORE_OFFICER, "zh"), (SHENZHEN_OFFICER, "en"), (AUDITOR, "en")])
def test_nobody_confirms_for_another(who, suffix):
    project = make_project()
    with pytest.raises(Refused):
        confirm(project, suffix, by=person(who))


def test_changing_a_text_clears_its_confirmation_only():
    project = make_project("A project", title_zh="项目", summary_en="Words")
    confirm(project, "en", by=person(SINGAPORE_OFFICER))
    confirm(project, "zh", by=person(SHENZHEN_OFFICER))
    with acting(person(MANAGER)):
        project.stage = "launched"
        project.save()
    assert project.confirmed_en_at and project.confirmed_zh_at
    with acting(person(MANAGER)):
        project.summary_en = "Other words"
        project.save()
    project.refresh_from_db()
    assert (project.confirmed_en_at, project.confirmed_en_by) == (None, None)
    assert project.confirmed_zh_by == person(SHENZHEN_OFFICER)


def test_a_rows_text_counts_as_the_records():
    project = make_project("A project", (make_organisation(), "singapore"), title_zh="项目")
    confirm(project, "en", by=person(SINGAPORE_OFFICER))
    confirm(project, "zh", by=person(SHENZHEN_OFFICER))
    row = project.partners.get()
    row.note_zh = "备注"
    row.save()
    project.refresh_from_db()
    assert (project.confirmed_en_by, project.confirmed_zh_at) == (person(SINGAPORE_OFFICER), None)


def test_a_confirmation_comes_by_no_form_and_no_import(client):
    project = make_project()
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    send(
        client,
        change_address(project),
        data,
        confirmed_en_at="2026-01-01",
        confirmed_en_by="1",
        title_zh="项目",
    )
    project.refresh_from_db()
    assert project.confirmed_en_at is None


def test_off_it_is_nowhere(client, settings):
    settings.BOTH_SIDES_CONFIRM = False
    project = make_project()
    client.force_login(person(SINGAPORE_OFFICER))
    assert "_confirm" not in client.get(change_address(project)).text
    with pytest.raises(Refused):
        confirm(project, "en", by=person(SINGAPORE_OFFICER))


def test_outdated_texts_are_noted_by_field():
    project = make_project("A project", title_zh="项目", summary_en="Words", summary_zh="文字")
    project.title_en = "Another title"
    project.save()
    assert project.outdated == "title_zh"
    project.summary_zh = "别的文字"
    project.save()
    assert project.outdated == "summary_en title_zh"
    project.title_zh = "另一个项目"
    project.save()
    project.refresh_from_db()
    assert project.outdated == "summary_en"
    project.still_right("summary_en")
    project.refresh_from_db()
    assert project.outdated == ""


def test_both_languages_at_once_leave_none_behind(client):
    project = make_project("A project", title_zh="项目")
    client.force_login(person(SINGAPORE_OFFICER))
    data = add_row(open_form(client, change_address(project)), "milestones", title_en="Opened")
    send(client, change_address(project), data, title_en="Another", title_zh="另一个")
    project.refresh_from_db()
    assert (project.outdated, project.milestones.get().outdated) == ("", "")
