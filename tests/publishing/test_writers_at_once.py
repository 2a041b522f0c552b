"""Two officers saving at the same moment never break a reference, a uniqueness rule or each other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test import Client

from organisations.models import Organisation
from projects.models import Partner, Project
from publishing.models import Publication
from tests.cycle.releases import approved, prepared, statuses, the_hour_comes
from tests.factories import make_organisation, make_project
from tests.people import SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.publishing.test_status_writers import form_of

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6


def at_once(work, arguments) -> list:
    """Run `work` once for each argument, all starting together, each on its own connection."""
    arguments = list(arguments)
    together = Barrier(len(arguments))

    def run(argument):
        try:
            together.wait()
            return work(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


class Abandoned(Exception):
    pass


def test_references_are_distinct_though_some_are_rolled_back():
    def save(number):
        try:
            with transaction.atomic():
                project = Project.objects.create(title_en=f"Project {number}")
                if number % 5 == 0:
                    raise Abandoned
        except Abandoned:
            return None
        return project.reference

    given = [reference for reference in at_once(save, range(1, 21)) if reference]
    assert len(given) == 16
    assert len(set(given)) == 16


def test_projects_and_organisations_saved_crosswise_do_not_deadlock():
    def save(number):
        kinds = [Project, Organisation] if number % 2 else [Organisation, Project]
        with transaction.atomic():
            for kind in kinds:
                name = "title_en" if kind is Project else "name_en"
                kind.objects.create(**{name: f"Record {number}"})
        return True

    assert at_once(save, range(WRITERS)) == [True] * WRITERS
    assert Publication.objects.get(pk=1).counters["P"] == WRITERS


def test_the_same_partner_added_by_two_officers_is_refused_in_words_the_second_time():
    project, keppel = make_project(), make_organisation("Keppel")
    people = [person(SINGAPORE_OFFICER), person(SHENZHEN_OFFICER)]
    row = {
        "partners-TOTAL_FORMS": "1",
        "partners-0-organisation": keppel.pk,
        "partners-0-side": "singapore",
        "partners-0-role": "partner",
        "partners-0-position": "0",
        "partners-0-project": project.pk,
    }

    def save(user):
        client = Client()
        client.force_login(user)
        data = form_of(project, parties_known="all", **row)
        return client.post(f"/admin/projects/project/{project.pk}/change/", data).status_code

    # The second officer's page is shown again with the error; the first one's save led on.
    assert sorted(at_once(save, people)) == [200, 302]
    assert Partner.objects.filter(project=project).count() == 1


def test_the_same_uen_entered_by_two_officers_is_refused_in_words_the_second_time():
    people = [person(SINGAPORE_OFFICER), person(SHENZHEN_OFFICER)]

    def save(user):
        client = Client()
        client.force_login(user)
        data = {"name_en": f"Body of {user.username}", "uen": "200312345H"}
        data |= {f"{p}-{n}_FORMS": "0" for p in ("names", "citations") for n in ("TOTAL", "INITIAL")}
        return client.post("/admin/organisations/organisation/add/", data).status_code

    assert sorted(at_once(save, people)) == [200, 302]
    assert Organisation.objects.filter(uen="200312345H").count() == 1


def test_readers_who_come_at_once_after_the_hour_find_everything_released_once():
    found = prepared()
    the_hour_comes(approved(found))
    before = Publication.objects.get(pk=1).version
    versions = {record: record.history.count() for record in found.records}

    def read(_number):
        return [Client().get(f"/{language}/meetings/97/").status_code for language in ("en", "zh-hans")]

    assert at_once(read, range(WRITERS)) == [[200, 200]] * WRITERS
    assert statuses(found) == {"published"}
    assert [record.history.count() - versions[record] for record in found.records] == [1] * len(found.records)
    assert Publication.objects.get(pk=1).version == before + len(found.records)
