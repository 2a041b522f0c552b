from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from listing.views import ListingView
from meetings.columns import COLUMNS
from meetings.figures import compare
from meetings.filters import MeetingFilter
from meetings.models import Attendance, Meeting
from publishing.models import Visibility
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


class MeetingDetail(RecordDetail):
    model = Meeting
    key_field = "slug"
    template_name = "meetings/detail.html"

    def get_queryset(self):
        return Meeting.objects.published().prefetch_related("citations__source")

    def context(self, record):
        attendances = list(record.attendances.select_related("person", "organisation"))
        figures = record.figures.select_related("meeting").prefetch_related("citations__source")
        public = {"visibility": Visibility.PUBLIC}
        others = Meeting.objects.published().filter(kind=record.kind, starts_on__isnull=False)
        return {
            "chairs": [a for a in attendances if a.role == Attendance.Role.CO_CHAIR],
            "others_present": [a for a in attendances if a.role != Attendance.Role.CO_CHAIR],
            "comparisons": compare(list(figures)),
            "agenda": record.agenda_items.filter(**public),
            "decisions": record.decisions.filter(**public),
            "actions": record.actions.filter(**public).select_related("organisation"),
            "mous": record.mous.published().prefetch_related("signatories__organisation"),
            "projects": record.projects.published()
            .select_related("pillar")
            .prefetch_related("partners__organisation", "sectors")
            .order_by("annex_letter", "annex_item", "reference_number"),
            "previous": others.filter(starts_on__lt=record.starts_on).order_by("-starts_on").first()
            if record.starts_on
            else None,
            "next": others.filter(starts_on__gt=record.starts_on).order_by("starts_on").first()
            if record.starts_on
            else None,
        }
