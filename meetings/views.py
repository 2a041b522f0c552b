from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from initiative.models import Track
from listing.views import ListingView
from meetings.columns import COLUMNS
from meetings.figures import compare
from meetings.filters import MeetingFilter
from meetings.models import Attendance, Meeting
from publishing.bilingual import page_suffix
from publishing.models import Status
from publishing.sides import Visibility
from publishing.views import RecordDetail


class MeetingList(ListingView):
    name = "meetings"
    columns = COLUMNS
    filterset_class = MeetingFilter
    facets = ("kind", "format", "phase")
    title = _("Meetings")
    search_label = _("Search meetings")
    default_sort = "-starts_on"

    def get_queryset(self):
        wanted = {c.alias: c.annotation for c in COLUMNS if c.key in ("projects", "mous")}
        return Meeting.objects.published().annotate(**wanted)

    def counted(self, count):
        return ngettext("%(count)s meeting", "%(count)s meetings", count) % {"count": count}


def taking_part(attendances, mous, projects) -> list:
    """Return one row for each organisation and side in a meeting, its MOUs and its projects, by name.

    A row is whichever joins the two first: an attendance, a signatory or a partner.
    """
    rows = [row for row in attendances if row.organisation]
    rows += [row for mou in mous for row in mou.signatories.all()]
    rows += [row for project in projects for row in project.partners.all()]
    found: dict = {}
    for row in rows:
        found.setdefault((row.side, row.organisation_id), row)
    return sorted(found.values(), key=lambda row: getattr(row.organisation, f"sort_{page_suffix()}"))


class MeetingDetail(RecordDetail):
    model = Meeting
    key_field = "slug"
    template_name = "meetings/detail.html"

    def get_queryset(self):
        return Meeting.objects.published().prefetch_related("citations__source")

    def context(self, record):
        attendances = list(
            record.attendances.filter(**Attendance.public_while()).select_related("person", "organisation")
        )
        figures = record.figures.select_related("meeting").prefetch_related("citations__source")
        comparisons = compare(list(figures))
        mous = record.mous.published().prefetch_related("signatories__organisation")
        projects = (
            record.projects.published()
            .select_related("pillar")
            .prefetch_related("partners__organisation", "sectors")
            .order_by("annex_letter", "annex_item", "reference_number")
        )
        public = {"visibility": Visibility.PUBLIC}
        return self.neighbours(record) | {
            "chairs": [a for a in attendances if a.role == Attendance.Role.CO_CHAIR],
            "others_present": [a for a in attendances if a.role != Attendance.Role.CO_CHAIR],
            "comparisons": comparisons,
            "names_zone": any(one.figure.track == Track.ZONE for one in comparisons),
            "agenda": record.agenda_items.filter(**public),
            "decisions": record.decisions.filter(**public),
            "actions": record.actions.filter(**public).select_related("organisation"),
            "files": record.papers.filter(**public),
            "mous": mous,
            "projects": projects,
            "reports": record.progress_reports.filter(project__status=Status.PUBLISHED, **public)
            .select_related("project")
            .order_by("project__reference_number"),
            "organisations": taking_part(attendances, mous, projects),
        }

    @staticmethod
    def neighbours(record) -> dict:
        """Return the published meetings of its kind before and after it, by date; one without date has none."""
        if not record.starts_on:
            return {"previous": None, "next": None}
        others = Meeting.objects.published().filter(kind=record.kind, starts_on__isnull=False)
        return {
            "previous": others.filter(starts_on__lt=record.starts_on).order_by("-starts_on").first(),
            "next": others.filter(starts_on__gt=record.starts_on).order_by("starts_on").first(),
        }
