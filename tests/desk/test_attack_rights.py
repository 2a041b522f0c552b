"""What somebody tries who may not publish, or not sign in, and who wants the public page changed."""

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client

from meetings.models import Action, AnnouncedFigure, Paper
from publishing.authorship import acting
from publishing.models import ProposedChange
from tests.desk.forms import change_address, open_form, send
from tests.desk.records import everything
from tests.desk.samples import add_file
from tests.desk.test_attack_sides import page, sign_in
from tests.factories import make_meeting, make_organisation, make_project, make_source, published
from tests.people import AUDITOR, MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
PASSWORD = "a long password"


def published_meeting():
    """Return a published meeting with a public action, figure and paper."""
    meeting = make_meeting(4)
    with acting(person(SINGAPORE_OFFICER)):
        meeting.actions.create(number=1, text_en="Do it", owner_side="singapore", visibility="public")
        meeting.figures.create(measure="projects", value=14).citations.create(source=make_source())
    add_file(meeting, visibility="public")
    return published(meeting)


# Bringing back -----------------------------------------------------------------------------------


def bring_back(client, model):
    version = model.history.filter(history_type="-").latest("history_id")
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/deleted/"
    return client.post(address, {"version": version.pk}, follow=True)


@pytest.mark.parametrize("model", [Action, AnnouncedFigure, Paper])
def test_what_the_public_read_is_brought_back_by_who_publishes(client, model):
    published_meeting()
    with acting(person(MANAGER)):
        model.objects.get().delete()
    for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER):
        sign_in(client, who)
        assert "only a manager changes it" in bring_back(client, model).text
    client.force_login(person(AUDITOR))
    assert bring_back(client, model).status_code == 403
    assert not model.objects.exists()
    sign_in(client, MANAGER)
    assert "is on record again" in bring_back(client, model).text
    assert model.objects.count() == 1


def test_rows_of_a_deleted_meeting_are_listed_with_it_alone(client):
    meeting = make_meeting(4)
    meeting.actions.create(number=1, text_en="Do it", owner_side="singapore")
    sign_in(client, SINGAPORE_OFFICER)
    client.post(page(meeting, "delete"), {"post": "yes"})
    assert "Do it" not in client.get("/admin/meetings/action/deleted/").text
    assert meeting.reference in client.get("/admin/meetings/meeting/deleted/").text


# Pages that two parts of the program share ----------------------------------------------------------


@pytest.mark.parametrize("kind", ["organisation", "person"])
def test_bodies_and_persons_have_a_history_and_come_back(client, kind):
    from organisations.models import Organisation, Person

    with acting(person(SINGAPORE_OFFICER)):
        one = {"organisation": Organisation, "person": Person}[kind].objects.create(name_en="Keppel")
    for who in ROLES:
        sign_in(client, who)
        assert "Keppel" in client.get(page(one, "history")).text
        assert client.get(f"/admin/organisations/{kind}/deleted/").status_code == 200
        if who != AUDITOR:  # lists show such links to who may add
            listed = client.get(f"/admin/organisations/{kind}/").text
            assert f"/admin/organisations/{kind}/deleted/" in listed and "duplicates" in listed
    sign_in(client, SINGAPORE_OFFICER)
    client.post(page(one, "delete"), {"post": "yes"})
    assert "is on record again" in bring_back(client, type(one)).text


def test_no_part_of_an_admin_hides_one_of_another_part():
    """Methods of one name in two classes, neither of which extends the other nor calls it."""
    ours = {str(name).partition(".")[0] for name in settings.INSTALLED_APPS[:10]}
    hidden = set()
    for one in admin.site._registry.values():
        kinds = [kind for kind in type(one).__mro__ if kind.__module__.partition(".")[0] in ours]
        for at, kind in enumerate(kinds):
            for name, method in vars(kind).items():
                extends = not hasattr(method, "__code__") or "super" in method.__code__.co_names
                clash = [other for other in kinds[at + 1 :] if name in vars(other)]
                if not extends and any(not issubclass(kind, other) for other in clash):
                    hidden.add((name, kind.__name__))
    assert hidden == set()


def test_an_address_emptied_in_a_form_with_a_mistake_is_told_in_words(client):
    meeting = published_meeting()
    sign_in(client, MANAGER)
    data = open_form(client, change_address(meeting))
    answer = send(client, change_address(meeting), data, slug="", number="")
    assert (answer.status_code, meeting.get_absolute_url() in answer.text) == (200, True)


# Published records -------------------------------------------------------------------------------


def test_nothing_public_is_changed_by_forms_of_rows_sources_and_persons(client):
    meeting, draft = published_meeting(), make_meeting(6)
    with acting(person(SINGAPORE_OFFICER)):
        figure = draft.figures.create(measure="mous", value=5)
        action = draft.actions.create(number=1, text_en="Later", owner_side="singapore")
    for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER):
        sign_in(client, who)
        before = everything()
        for row in (figure, action):
            data = open_form(client, change_address(row))
            send(
                client, change_address(row), data, meeting=str(meeting.pk), number="9", visibility="both_sides"
            )
        for kind in ("announcedfigure", "action"):
            add = f"/admin/meetings/{kind}/add/?_popup=1"
            told = {"meeting": str(meeting.pk), "measure": "mous", "value": "9", "number": "8", "text_en": "x"}
            send(client, add, open_form(client, add), **told, owner_side="singapore", visibility="public")
        public = (Action.objects.get(meeting=meeting), meeting.figures.get(), Paper.objects.get())
        for row in (*public, meeting.citations.get().source):
            changed = {"title": "x", "title_en": "x", "value": "1", "code": "x", "publisher": "x", "version": 1}
            client.post(change_address(row), changed)
            client.post(page(row, "delete"), {"post": "yes"})
            chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
            client.post(page(row, "delete").rpartition(f"{row.pk}/")[0], chosen)
        data = open_form(client, change_address(draft))
        data["actions-0-id"], data["actions-0-text_en"] = str(public[0].pk), "Taken"
        send(client, change_address(draft), data)
        assert everything() == before, who


def test_a_proposal_moves_nothing_and_is_decided_by_nobody_else(client):
    project = published(make_project("A project"))
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, change_address(project))
    moving = {"_move": "withdrawn", "_withdrawal_reason": "No.", "_confirm": "en"}
    send(client, change_address(project), data, title_en="Mine", **moving)
    proposal = ProposedChange.objects.get()
    address = f"/admin/publishing/proposedchange/{proposal.pk}/change/"
    for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER, AUDITOR):
        sign_in(client, who)
        for decision in ("accepted", "rejected", "sent_back", "x", ""):
            client.post(address, {"_decision": decision, "comment": "No.", "seen": "1"})
        if who != SINGAPORE_OFFICER:
            client.post(address, {"_decision": "taken_back"})
            assert client.get(f"{change_address(project)}?proposal={proposal.pk}").status_code == 404
    sign_in(client, SHENZHEN_OFFICER)
    data = open_form(client, change_address(project))
    send(client, change_address(project), data, title_en="Theirs", _proposal=str(proposal.pk))
    proposal.refresh_from_db()
    project.refresh_from_db()
    assert (proposal.state, "Mine" in proposal.form, ProposedChange.objects.count()) == ("open", True, 2)
    assert (project.title_en, project.status) == ("A project", "published")


# Signing in --------------------------------------------------------------------------------------


def sign_in_with(client, **sent):
    user = person(SINGAPORE_OFFICER)
    user.set_password(PASSWORD)
    user.save()
    return client.post("/admin/login/", {"username": user.username, "password": PASSWORD} | sent)


@pytest.mark.parametrize(
    "address", ["//evil.example/", "https://evil.example/", "/\\evil.example", "http:[", "x:y"]
)
def test_a_login_leads_nowhere_else(client, address):
    assert sign_in_with(client, next=address, typed="title_en=x")["Location"] == "/admin/"


def test_what_was_typed_is_text_in_the_login_page(client):
    project, typed = make_project(), '"><script>alert(1)</script>'
    answers = [
        client.post(change_address(project), {"title_en": typed}),
        client.post("/admin/login/", {"username": "x", "password": "x", "next": typed, "typed": typed}),
    ]
    assert not any("<script>alert" in answer.text for answer in answers)
    assert len(client.post(change_address(project), {"title_en": "x" * 2_000_001}).content) < 100_000
    assert Client(enforce_csrf_checks=True).post(change_address(project), {"title_en": "x"}).status_code == 403


@pytest.mark.parametrize(
    "typed",
    [
        "a=b",
        "partners-TOTAL_FORMS=x&partners-0-id=x&lead_singapore=x&meeting=x",
        "mous=99999999999999999999999&meeting=99999999999999999999999&sectors=x",
        "partners-TOTAL_FORMS=3&partners-INITIAL_FORMS=3&partners-0-id=9999999999999999999&partners-0-project=5",
        "citations-TOTAL_FORMS=1000000&citations-INITIAL_FORMS=9",
        "%00=1&title_en=%00&lead_singapore=%00&mous=%00",
    ],
)
def test_what_no_form_sent_fills_a_form_without_harm(client, typed):
    project = make_project()
    sign_in_with(client, next=change_address(project), typed=typed)
    assert client.get(change_address(project)).status_code == 200
    assert client.get(change_address(project)).status_code == 200
    project.refresh_from_db()
    assert project.title_en == "A project"


def test_rows_announced_and_not_sent_are_not_built(client):
    address = change_address(make_project())
    typed = "citations-TOTAL_FORMS=1999&citations-1-locator_en=Page+5&milestones-TOTAL_FORMS=" + "9" * 5000
    sign_in_with(client, next=address, typed=typed)
    page = client.get(address).text
    assert ('name="citations-1-locator_en"' in page, 'name="citations-2-locator_en"' in page) == (True, False)
    assert 'name="milestones-0-title_en"' not in page


def test_who_may_not_change_a_record_gets_no_form_of_what_was_typed(client):
    project = published(make_project("A project", (published(make_organisation()), "singapore")))
    auditor = person(AUDITOR)
    auditor.set_password(PASSWORD)
    auditor.save()
    sent = {
        "username": AUDITOR,
        "password": PASSWORD,
        "next": change_address(project),
        "typed": "title_en=Typed",
    }
    client.post("/admin/login/", sent)
    assert "Typed" not in client.get(change_address(project)).text
