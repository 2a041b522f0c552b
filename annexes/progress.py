"""The progress annex: what projects report to a meeting, as a page of its desk and as Word and PDF."""

from itertools import groupby

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Side
from documents.answers import document_response
from documents.blocks import Contents, Document, Fields, Heading, Text
from meetings.desk import DeskPage, page, register
from meetings.models import Meeting
from projects.models import Partner, ProgressReport, Project
from publishing.sides import visible

KEY = "progress"


def reports_of(meeting: Meeting, user) -> list[ProgressReport]:
    """Return the progress reports to a meeting that `user` may see, by sector and then by reference.

    Queries: the reports, partners and sectors, however many there are.
    """
    partners = Prefetch("project__partners", Partner.objects.select_related("organisation"))
    known = visible(meeting.progress_reports.select_related("project__meeting"), user)
    known = known.prefetch_related(partners, "project__sectors").order_by("project__reference_number")
    return sorted(known, key=lambda report: _sector_place(report.project))


def _sector_of(project: Project):
    return next(iter(project.sectors.all()), None)


def _sector_place(project: Project) -> tuple:
    sector = _sector_of(project)
    return (0, sector.position, sector.pk) if sector else (1, 0, 0)


def progress_annex(meeting: Meeting, reports: list[ProgressReport], language: str) -> Document:
    """Return the annex in a language ("en", "zh-hans"): no ratings, and nothing where nothing is known."""
    with override(language):
        blocks = [] if reports else [Text(_("No progress report has been accepted for this meeting yet."))]
        if len(reports) > 5:
            blocks.append(Contents())
        for sector, found in groupby(reports, key=lambda report: _sector_of(report.project)):
            blocks.append(Heading(sector.name if sector else _("Without a sector"), level=1))
            for report in found:
                blocks += _report(report, language)
        return Document(title=_("Progress annex"), subtitle=meeting.title, language=language, blocks=blocks)


def _report(report: ProgressReport, language: str) -> list:
    project = report.project
    launched = project.meeting.title if project.meeting and project.meeting_id != report.meeting_id else ""
    pairs = [(_("Reference"), project.reference), (_("Stage"), project.get_stage_display())]
    pairs += [(_("Launched at"), launched)] if project.stage in project.LAUNCHED_STAGES else []
    for side in settings.SIDE_ORDER[language]:
        names = [one.organisation.listed_name for one in project.partners.all() if one.side == side]
        pairs.append((_("Partners, %(side)s") % {"side": Side(side).label}, names))
    return [Heading(project.title, level=2), Fields(pairs), Text(report.text)]


def show(request, meeting: Meeting):
    """Show what the annex holds, and offer it."""
    context = {"reports": reports_of(meeting, request.user), "languages": settings.LANGUAGES}
    return page(request, meeting, KEY, "admin/annexes/progress.html", **context)


def download(request, meeting: Meeting, language: str, format: str):
    """Give the annex in a language as "docx" or "pdf"."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    document = progress_annex(meeting, reports_of(meeting, request.user), language)
    return document_response(document, format, f"{meeting.code}-progress-{language[:2]}")


def note(request, meeting: Meeting) -> str:
    """Return how many reports the annex holds, for the desk's overview."""
    count = visible(meeting.progress_reports.all(), request.user).count()
    return _("Progress reports: %(count)s") % {"count": count} if count else ""


register(
    DeskPage(
        key=KEY,
        label=gettext_lazy("Progress annex"),
        group="before",
        position=31,
        views={"": show, "<slug:language>.<slug:format>": ("file", download)},
        note=note,
        about=gettext_lazy("What projects report to the meeting, as Word and PDF."),
    )
)
