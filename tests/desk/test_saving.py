"""Nothing typed is lost: two at once, twice the same, a session that ended."""

import pytest
from django.contrib.sessions.models import Session

from organisations.models import Organisation
from projects.models import Project
from publishing.models import ProposedChange
from tests.desk.forms import add_row, change_address, open_form, send
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(client):
    """Two officers' browsers."""
    from django.test import Client

    client.force_login(person(SINGAPORE_OFFICER))
    other = Client()
    other.force_login(person(SHENZHEN_OFFICER))
    return client, other


def test_second_saver_is_shown_what_changed_and_keeps_their_words(two):
    first, second = two
    project = make_project("A project", summary_en="Old words")
    address = change_address(project)
    mine, theirs = open_form(second, address), open_form(first, address)
    assert send(first, address, theirs, summary_en="Words of the first", title_zh="项目").status_code == 302
    answer = send(second, address, mine, summary_en="Words of the second")
    project.refresh_from_db()
    assert (answer.status_code, project.summary_en) == (200, "Words of the first")
    assert "在您打开它期间" in answer.text or "您打开此页期间" in answer.text
    assert answer.text.count("Old words") == 1
    again = open_answer(answer)
    # Mine where both changed it, theirs where only they did.
    assert (again["summary_en"], again["title_zh"]) == ("Words of the second", "项目")
    assert send(second, address, again).status_code == 302
    project.refresh_from_db()
    assert (project.summary_en, project.title_zh) == ("Words of the second", "项目")


def open_answer(answer):
    from tests.desk.forms import form_on

    return form_on(answer.text)


def test_rows_changed_added_and_removed_meanwhile_are_merged(two):
    first, second = two
    keppel, strides, fooyo, olin = (make_organisation(name) for name in ("Keppel", "Strides", "Fooyo", "Olin"))
    project = make_project("A project", (keppel, "singapore"), (strides, "singapore"))
    address = change_address(project)
    theirs, mine = open_form(first, address), open_form(second, address)
    theirs["partners-0-role"] = "lead"
    theirs["partners-1-DELETE"] = "on"
    theirs = add_row(theirs, "partners", organisation=fooyo.pk, side="singapore")
    assert send(first, address, theirs).status_code == 302
    mine["partners-0-name_as_announced"] = "Keppel Ltd"
    mine = add_row(mine, "partners", organisation=olin.pk, side="shenzhen")
    answer = send(second, address, mine)
    assert answer.status_code == 200
    assert send(second, address, open_answer(answer)).status_code == 302
    rows = {row.organisation.name_en: (row.role, row.name_as_announced) for row in project.partners.all()}
    assert rows == {"Keppel": ("lead", "Keppel Ltd"), "Fooyo": ("partner", ""), "Olin": ("partner", "")}


def test_a_row_that_i_wrote_in_and_they_deleted_becomes_a_new_one(two):
    first, second = two
    project = make_project("A project", (make_organisation("Keppel"), "singapore"))
    address = change_address(project)
    theirs, mine = open_form(first, address), open_form(second, address)
    theirs["partners-0-DELETE"] = "on"
    send(first, address, theirs)
    mine["partners-0-note_en"] = "Provides the platform"
    answer = send(second, address, mine)
    assert send(second, address, open_answer(answer)).status_code == 302
    assert [row.note_en for row in project.partners.all()] == ["Provides the platform"]


def test_same_change_by_both_is_no_conflict(two):
    first, second = two
    project = make_project()
    address = change_address(project)
    theirs, mine = open_form(first, address), open_form(second, address)
    send(first, address, theirs, title_en="Another title")
    assert send(second, address, mine, title_en="Another title").status_code == 302


def test_a_move_meanwhile_is_no_conflict(two):
    first, second = two
    project = make_project()
    address = change_address(project)
    mine = open_form(second, address)
    send(first, address, open_form(first, address), _move="in_review")
    assert send(second, address, mine, title_zh="项目").status_code == 302


@pytest.mark.parametrize("opened", ["", "abc", "99999999999999999999999", "-1", "²"])
def test_a_wrong_moment_of_opening_hurts_nobody(client, opened):
    project = make_project()
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    assert send(client, change_address(project), data, title_zh="项目", _opened=opened).status_code == 302


@pytest.mark.parametrize("path", ["organisations/organisation", "projects/project"])
def test_double_click_on_save_makes_one_record(client, path):
    client.force_login(person(SINGAPORE_OFFICER))
    address = f"/admin/{path}/add/"
    name = "name_en" if "organisation" in path else "title_en"
    data = open_form(client, address)
    answers = [send(client, address, data, **{name: "Entered once"}) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    model = Organisation if "organisation" in path else Project
    assert model.objects.count() == 1


def test_double_click_adds_a_row_once(client):
    project = make_project()
    client.force_login(person(SINGAPORE_OFFICER))
    data = add_row(open_form(client, change_address(project)), "milestones", title_en="Opened")
    assert [send(client, change_address(project), data).status_code for _click in range(2)] == [302, 302]
    assert project.milestones.count() == 1


def test_back_button_after_saving_asks_before_making_a_second_record(client):
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, "/admin/projects/project/add/")
    send(client, "/admin/projects/project/add/", data, title_en="First")
    answer = send(client, "/admin/projects/project/add/", data, title_en="Second")
    assert (answer.status_code, Project.objects.count()) == (200, 1)
    assert "This form was saved before, as “First”." in answer.text
    assert send(client, "/admin/projects/project/add/", open_answer(answer)).status_code == 302
    assert Project.objects.count() == 2


def test_another_persons_form_name_is_not_theirs(two):
    first, second = two
    data = open_form(first, "/admin/projects/project/add/")
    send(first, "/admin/projects/project/add/", data, title_en="Entered once")
    assert send(second, "/admin/projects/project/add/", data, title_en="Entered once").status_code == 302
    assert Project.objects.count() == 2


def test_what_was_typed_survives_a_session_that_ended(client):
    project = make_project()
    officer = person(SINGAPORE_OFFICER)
    officer.set_password("a long enough word")
    officer.save()
    client.force_login(officer)
    address = change_address(project)
    data = add_row(open_form(client, address), "milestones", title_en="Typed row")
    Session.objects.all().delete()
    answer = send(client, address, data, summary_en="Typed <b>for</b> an hour")
    assert (answer.status_code, "Your session had ended." in answer.text) == (200, True)
    login = {"username": officer.username, "password": "wrong", "next": address}
    login["typed"] = answer.context["typed"]
    again = client.post("/admin/login/", login)
    assert again.context["typed"] == login["typed"]
    back = client.post("/admin/login/", login | {"password": "a long enough word"}, follow=True)
    typed = open_answer(back)
    assert (typed["summary_en"], typed["milestones-0-title_en"]) == ("Typed <b>for</b> an hour", "Typed row")
    assert not project.milestones.exists()
    assert send(client, address, typed).status_code == 302
    project.refresh_from_db()
    assert (project.summary_en, project.milestones.count()) == ("Typed <b>for</b> an hour", 1)
    # Once it was given back it is not offered again.
    assert open_form(client, address)["summary_en"] == "Typed <b>for</b> an hour"
    assert "Your session had ended" not in client.get(address).text


def test_a_copy_takes_the_record_over_but_not_what_is_its_own(client):
    keppel = make_organisation("Keppel", uen="196800351N", notes="For staff")
    project = make_project("A project", (keppel, "singapore"), notes="For staff")
    project.milestones.create(title_en="Opened")
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, f"/admin/projects/project/add/?copy={project.pk}")
    assert (data["title_en"], data["partners-0-organisation"], data["notes"]) == (
        "A project",
        str(keppel.pk),
        "",
    )
    assert data["milestones-TOTAL_FORMS"] == "0"
    assert send(client, "/admin/projects/project/add/", data).status_code == 302
    copy = Project.objects.exclude(pk=project.pk).get()
    assert (copy.partners.count(), copy.citations.count(), copy.status) == (1, 1, "draft")
    again = open_form(client, f"/admin/organisations/organisation/add/?copy={keppel.pk}")
    assert (again["name_en"], again["uen"], again["slug"]) == ("Keppel", "", "")


@pytest.mark.parametrize("given", ["abc", "999999", "", "1 OR 1"])
def test_a_copy_of_nothing_is_not_found(client, given):
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.get("/admin/projects/project/add/", {"copy": given}).status_code == 404


def test_rows_without_a_number_keep_their_order(client):
    names = ["Zeta", "Alpha", "Midas"]
    bodies = {name: make_organisation(name) for name in names}
    project = make_project("A project", (make_organisation("First"), "singapore"))
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    for name in names:
        data = add_row(data, "partners", organisation=bodies[name].pk, side="singapore", position="")
    assert send(client, change_address(project), data).status_code == 302
    assert [row.organisation.name_en for row in project.partners.all()] == ["First", *names]


def test_every_form_that_is_opened_and_saved_changes_nothing(client):
    records = [make_organisation(), make_meeting(4), make_mou(), make_project()]
    client.force_login(person(MANAGER))
    for record in records:
        published(record)
        before = record.history.count()
        answer = send(client, change_address(record), open_form(client, change_address(record)))
        assert (answer.status_code, record.history.count()) == (302, before)
    assert not ProposedChange.objects.exists()
