"""Two persons, or one with two clicks, at the same moment: what is done once is done once."""

import pytest
from django.test import Client

from projects.models import Project
from publishing.models import ProposedChange
from tests.desk.forms import change_address, open_form, send
from tests.desk.test_proposals import address_of, propose
from tests.factories import make_project, published
from tests.people import MANAGER, OTHER_MANAGER, SINGAPORE_OFFICER, person
from tests.publishing.test_writers_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(who: str) -> Client:
    client = Client()
    client.force_login(person(who))
    return client


def test_two_managers_accept_one_proposal_once(client):
    project = published(make_project("A project", summary_en="Old words"))
    proposal = propose(client, project, summary_en="New words")
    versions = project.history.count()
    clients = [signed_in(who) for who in (MANAGER, OTHER_MANAGER, MANAGER)]
    page = clients[0].get(address_of(proposal)).text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]

    def accept(one):
        return one.post(address_of(proposal), {"_decision": "accepted", "seen": seen}).status_code

    assert at_once(accept, clients) == [302, 302, 302]
    proposal.refresh_from_db()
    project.refresh_from_db()
    assert (proposal.state, project.summary_en) == ("accepted", "New words")
    # One version of the text, however many clicked.
    assert project.history.count() == versions + 1


def test_accepted_and_rejected_at_once_is_one_of_them(client):
    project = published(make_project("A project", summary_en="Old words"))
    proposal = propose(client, project, summary_en="New words")
    one, other = signed_in(MANAGER), signed_in(OTHER_MANAGER)
    page = one.get(address_of(proposal)).text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    choices = [
        (one, {"_decision": "accepted", "seen": seen}),
        (other, {"_decision": "rejected", "comment": "No."}),
    ]
    at_once(lambda choice: choice[0].post(address_of(proposal), choice[1]).status_code, choices)
    proposal.refresh_from_db()
    project.refresh_from_db()
    assert (proposal.state, project.summary_en) in (("accepted", "New words"), ("rejected", "Old words"))


def test_two_clicks_at_once_make_one_record():
    one = signed_in(SINGAPORE_OFFICER)
    data = open_form(one, "/admin/projects/project/add/")

    def click(client):
        return send(client, "/admin/projects/project/add/", data, title_en="Twice").status_code

    assert at_once(click, [signed_in(SINGAPORE_OFFICER) for _click in range(3)]) == [302, 302, 302]
    assert Project.objects.filter(title_en="Twice").count() == 1


def test_two_clicks_at_once_propose_once():
    project = published(make_project("A project"))
    data = open_form(signed_in(SINGAPORE_OFFICER), change_address(project))

    def click(client):
        return send(client, change_address(project), data, title_en="Another").status_code

    assert at_once(click, [signed_in(SINGAPORE_OFFICER) for _click in range(3)]) == [302, 302, 302]
    assert ProposedChange.objects.count() == 1


def test_two_bring_back_one_draft_once(client):
    project = make_project()
    client.force_login(person(SINGAPORE_OFFICER))
    client.post(change_address(project).replace("change", "delete"), {"post": "yes"})
    version = Project.history.filter(history_type="-").get()

    def bring_back(one):
        return one.post("/admin/projects/project/deleted/", {"version": version.pk}).status_code

    assert at_once(bring_back, [signed_in(SINGAPORE_OFFICER) for _click in range(3)]) == [302, 302, 302]
    assert (Project.objects.count(), project.citations.count()) == (1, 1)
    assert Project.history.filter(history_type="+", id=project.pk).count() == 2
