"""Reports with faults, names that bend a mail: everybody else is served, and told in words."""

import datetime
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError
from django.db import connection, transaction
from django.utils.timezone import localdate

from organisations.merging import merge
from outbox.models import Mail
from reports.inquiries.differences import since
from reports.managers import frame
from reports.saved.forms import SavedReportForm
from reports.saved.sending import put_reports
from tests.factories import make_organisation, make_project, published
from tests.figures.inquiries import asked, frozen, on_record
from tests.figures.saved import ProjectsReport, people, register, run, save
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]


class Faulty(ProjectsReport):
    """A report whose very form breaks."""

    key = "faulty"

    @staticmethod
    def form_class(data, user):
        raise ZeroDivisionError


@pytest.fixture
def staff(monkeypatch):
    register(monkeypatch)
    monkeypatch.setitem(frame._reports, "faulty", Faulty())
    return people()


def test_a_form_with_a_fault_keeps_nobody_from_the_others(staff):
    save(staff[MANAGER], staff[MANAGER], report="faulty", audience="me", name="A faulty one")
    save(staff[AUDITOR], staff[AUDITOR], name="Another")
    assert "manager@example.org" in run("--dry-run")
    with pytest.raises(CommandError):
        run()
    assert [mail.user.username for mail in Mail.objects.all()] == [AUDITOR]


def test_a_name_over_several_lines_is_one_subject(staff):
    save(staff[MANAGER], staff[MANAGER], name="A\r\nBcc: x@example.org\n<b>=1+1</b>")
    run()
    mail = Mail.objects.get()
    assert "\n" not in mail.subject and "Bcc: x@example.org" in mail.subject and mail.state == "sent"


def test_a_merged_organisation_is_asked_for_by_what_it_was_merged_into(client):
    record = on_record()
    inquiry = frozen(asked(filters={"projects": {"organisation": [record.body.reference]}}))
    bodies = [published(make_organisation(name)) for name in ("Keppel Group", "Keppel Holdings")]
    for kept, merged in ((bodies[0], record.body), (bodies[1], bodies[0])):
        merge(kept, merged, by=person(OTHER_MANAGER))
    [difference] = since(inquiry.data)
    assert (difference.then, difference.now, difference.left) == (2, 2, [])
    assert {told for one in difference.changed for _label, _then, told in one.values if "Holdings" in told}
    client.force_login(person(MANAGER))
    assert "Keppel Holdings" in client.get(f"/admin/reports/inquiries/{inquiry.reference}/now/").text


def test_a_meeting_moved_and_a_draft_deleted_since_are_told(client):
    record = on_record()
    draft = make_project("Given up", meeting=record.fourth)
    inquiry = frozen(asked("projects", "meetings", published=False, filters={"projects": {"meeting": ["4"]}}))
    draft.delete()
    record.fourth.starts_on, record.fourth.phase = localdate() + datetime.timedelta(days=9), "planned"
    record.fourth.save()
    client.force_login(person(MANAGER))
    page = client.get(f"/admin/reports/inquiries/{inquiry.reference}/now/").text
    assert "Then 2, now 0." in page and "Then 2, now 1." in page and draft.reference in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="SQLite has one writer, who waits for nobody else")
def test_sending_does_not_wait_for_who_changes_their_saved_report(monkeypatch):
    register(monkeypatch)
    owner = people()[MANAGER]
    saved = save(owner, owner)

    def put() -> list:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        try:
            return list(put_reports(localdate()))
        finally:
            connection.close()

    monkeypatch.setattr(SavedReportForm, "owner", owner, raising=False)
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        form = SavedReportForm({"name": "Renamed", "audience": "me", "every": ""}, instance=saved)
        assert "name" not in form.errors
        [(_recipient, written)] = pool.submit(put).result()
    assert written
