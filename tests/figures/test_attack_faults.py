"""Reports with faults, names that bend a mail: everybody else is served, and told in words."""

import pytest
from django.core.management import CommandError

from outbox.models import Mail
from reports import frame
from tests.figures.saved import ProjectsReport, people, register, run, save
from tests.people import AUDITOR, MANAGER

pytestmark = pytest.mark.django_db


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
