"""A report on the projects with filters of each kind, saved reports of it, and the persons with addresses."""

import datetime
import io

from django import forms
from django.core.management import call_command
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from initiative.models import Pillar
from projects.models import Project
from publishing.models import Status
from publishing.sides import visible
from reports.managers import frame
from reports.managers.frame import Cell, Report, WithUnpublished, number, text
from reports.models import SavedReport
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

YEARS_AGO = datetime.date(2020, 1, 1)


class ProjectFilters(WithUnpublished):
    stage = forms.MultipleChoiceField(label=_("Stage"), choices=Project.Stage.choices, required=False)
    pillar = forms.ModelChoiceField(
        Pillar.objects.all(), label=_("Pillar"), required=False, to_field_name="code"
    )
    after = forms.IntegerField(label=_("Year"), required=False)


class ProjectsReport(Report):
    """The projects themselves: any text of a record stands in the file."""

    key, title = "listed", _("Projects")
    about = _("Every project.")
    form_class = ProjectFilters

    def columns(self, chosen):
        return (
            text("reference", _("Reference"), _("Reference")),
            text("title_en", _("Title in English"), _("Title"), language="en"),
            text("title_zh", _("Title in Chinese"), _("Title"), language="zh"),
            number("number", _("Number")),
        )

    def rows(self, chosen, user):
        found = visible(Project.objects.order_by("reference_number"), user)
        if not chosen["unpublished"]:
            found = found.filter(status=Status.PUBLISHED)
        if chosen["stage"]:
            found = found.filter(stage__in=chosen["stage"])
        names = ("reference", "title_en", "title_zh", "reference_number")
        return [[Cell(value) for value in row] for row in found.values_list(*names)]


def register(monkeypatch) -> Report:
    """Make the report known for one test."""
    report = ProjectsReport()
    monkeypatch.setitem(frame._reports, report.key, report)
    return report


def people() -> dict:
    """Return the persons of both sides, each with an address."""
    found = {}
    for name in (SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER, AUDITOR):
        found[name] = person(name)
        found[name].email = f"{name}@example.org"
        found[name].save()
    return found


def save(owner, *recipients, **columns) -> SavedReport:
    """Return a saved report, by default sent every day since long ago to `recipients`."""
    side = "" if owner.side == "both" else owner.side
    given = {"name": "All of it", "report": "listed", "query": "", "every": "day", "format": "csv"}
    given |= {"owner": owner, "side": side, "audience": "both", "since": YEARS_AGO} | columns
    saved = SavedReport.objects.create(**given)
    for user in recipients:
        saved.recipients.create(user=user, since=YEARS_AGO)
    return saved


def run(*arguments) -> str:
    out = io.StringIO()
    call_command("send_reports", *arguments, stdout=out)
    return out.getvalue()


def days(number: int) -> datetime.date:
    return localdate() + datetime.timedelta(days=number)
