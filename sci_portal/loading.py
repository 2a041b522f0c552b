"""Loading the public record: the CSV files of a folder, through the resources that the admin imports with."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from import_export.results import RowResult

from accounts.models import User
from initiative.imports import PageImport, SourceImport, TermImport
from listing.imports import StrictResource, changed
from listing.sheets import SheetError, decode, read_csv
from listing.suggestions import did_you_mean
from meetings.imports import (
    AnnouncedFigureImport,
    AttendanceImport,
    FigureCitationImport,
    MeetingCitationImport,
    MeetingImport,
)
from meetings.models import Meeting
from mous.imports import MOUCitationImport, MOUImport, SignatoryImport, SigningImport
from mous.models import MOU
from organisations.imports import (
    OrganisationCitationImport,
    OrganisationImport,
    OrganisationNameImport,
    PersonImport,
)
from organisations.models import Organisation
from projects.imports import MilestoneImport, PartnerImport, ProjectCitationImport, ProjectImport
from projects.models import Project
from publishing.authorship import acting
from publishing.models import Publishable, Status
from publishing.workflow import Refused, move

# In the order of the layers: what is named comes before what names it.
FILES: tuple[tuple[str, type[StrictResource]], ...] = (
    ("terms.csv", TermImport),
    ("sources.csv", SourceImport),
    ("pages.csv", PageImport),
    ("persons.csv", PersonImport),
    ("organisations.csv", OrganisationImport),
    ("organisation_names.csv", OrganisationNameImport),
    ("organisation_citations.csv", OrganisationCitationImport),
    ("meetings.csv", MeetingImport),
    ("meeting_citations.csv", MeetingCitationImport),
    ("attendances.csv", AttendanceImport),
    ("figures.csv", AnnouncedFigureImport),
    ("figure_citations.csv", FigureCitationImport),
    ("mous.csv", MOUImport),
    ("mou_citations.csv", MOUCitationImport),
    ("signatories.csv", SignatoryImport),
    ("signings.csv", SigningImport),
    ("projects.csv", ProjectImport),
    ("project_citations.csv", ProjectCitationImport),
    ("partners.csv", PartnerImport),
    ("milestones.csv", MilestoneImport),
)
DRAFTS = "drafts.csv"
RECORDS: tuple[type[Publishable], ...] = (Organisation, Meeting, MOU, Project)


@dataclass
class Report:
    """What a load did, file by file, or every reason why it did nothing."""

    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    written: int = 0
    published: int = 0


class Abandoned(Exception):
    """Rolls the transaction back; the report says why."""


def _read(path: Path, report: Report):
    try:
        text, encoding = decode(path.read_bytes())
        if encoding == "gb18030":
            report.lines.append(_("%(file)s was read as GB18030.") % {"file": path.name})
        return read_csv(text)
    except FileNotFoundError:
        report.problems.append(_("%(file)s is not in %(folder)s.") % {"file": path.name, "folder": path.parent})
    except SheetError as error:
        report.problems.append(f"{path.name}: {error}")
    return None


def _import(path: Path, resource: StrictResource, user: User, report: Report) -> None:
    sheet = _read(path, report)
    if sheet is None:
        return
    result = resource.import_data(sheet, user=user)
    for problem in result.problems:
        told = problem._asdict() | {"reason": problem.words}
        told["where"] = f"{path.name}:{problem.row}" if problem.row else path.name
        words = _("%(where)s: %(reason)s")
        if problem.column:
            words = _("%(where)s, column “%(column)s”, value “%(value)s”: %(reason)s")
        report.problems.append(words % told)
    totals = result.totals
    report.lines.append(
        _("%(file)s: %(new)s new, %(updated)s updated, %(same)s unchanged")
        % {
            "file": path.name,
            "new": totals[RowResult.IMPORT_TYPE_NEW],
            "updated": totals[RowResult.IMPORT_TYPE_UPDATE],
            "same": totals[RowResult.IMPORT_TYPE_SKIP],
        }
    )
    report.left_alone += resource.left_alone
    report.written += changed(result)


def _kept_as_drafts(folder: Path, report: Report) -> set[str]:
    """Return the references that stay drafts, each with a reason in the file."""
    sheet = _read(folder / DRAFTS, report)
    if sheet is None:
        return set()
    if sheet.headers != ["reference", "reason"]:
        report.problems.append(_("%(file)s: the columns are reference, reason.") % {"file": DRAFTS})
        return set()
    known = [r for model in RECORDS for r in model.objects.values_list("reference", flat=True)]
    for (reference, _reason), line in zip(sheet, sheet.lines, strict=True):
        if reference not in known:
            near = did_you_mean(reference, [other for other in known if other[:5] == reference[:5]])
            unknown = _("the reference “%(value)s” is not known. %(near)s") % {
                "value": reference,
                "near": near,
            }
            report.problems.append(f"{DRAFTS}:{line}: {unknown}")
    return {row[0] for row in sheet}


def _publish(drafts: set[str], user: User, report: Report) -> None:
    for model in RECORDS:
        waiting = model.objects.filter(status=Status.DRAFT, first_published_at=None, changed_by=user)
        if model is Organisation:
            waiting = waiting.order_by(F("parent").asc(nulls_first=True), "pk")
        for record in waiting.exclude(reference__in=drafts):
            try:
                move(record, Status.PUBLISHED, by=user)
                report.published += 1
            except Refused as refused:
                report.problems += [f"{record.reference}: {problem}" for problem in refused.problems]


def load(folder: Path) -> Report:
    """Load every file of `folder` and publish what it holds, in one transaction: all of it or nothing.

    What officers have changed since an earlier load is left alone and named in the report. The loader
    publishes what it has written itself: the one exemption from four eyes, written in the history.
    """
    report, user = Report(), User.objects.public_record()
    try:
        with transaction.atomic(), acting(user):
            for name, resource in FILES:
                _import(folder / name, resource(owner=user), user, report)
            drafts = _kept_as_drafts(folder, report)
            if not report.problems:
                _publish(drafts, user, report)
            if report.problems:
                raise Abandoned
    except Abandoned:
        report.written = report.published = 0
    return report
