from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from initiative.counting import definition_of
from listing.views import ListingView
from projects.columns import COLUMNS
from projects.filters import ProjectFilter
from projects.models import ProgressReport, Project
from publishing.sides import Visibility
from publishing.views import RecordDetail, neighbours

# Reported to a meeting that the public knows of, or still a matter of both sides.
PUBLIC_REPORTS = ProgressReport.objects.filter(visibility=Visibility.PUBLIC).select_related("meeting")


class ProjectList(ListingView):
    name = "projects"
    columns = COLUMNS
    filterset_class = ProjectFilter
    facets = ("pillar", "stage", "meeting", "tier", "track", "counted", "sector", "organisation")
    prefetch = ("partners__organisation", "sectors")
    title = _("Projects")
    search_label = _("Search projects")

    def get_queryset(self):
        return Project.objects.published().select_related("pillar", "meeting")

    def definition(self):
        return definition_of(self.name, self.filterset.chosen())

    def counted(self, count):
        return ngettext("%(count)s project", "%(count)s projects", count) % {"count": count}


class ProjectDetail(RecordDetail):
    model = Project
    template_name = "projects/detail.html"

    def get_queryset(self):
        return (
            Project.objects.published()
            .select_related("pillar", "meeting", "lead_singapore", "lead_shenzhen")
            .prefetch_related(
                "sectors",
                "partners__organisation",
                "milestones",
                Prefetch("progress_reports", PUBLIC_REPORTS),
                "citations__source",
            )
        )

    def context(self, record):
        return neighbours(record, Project.objects.published()) | {
            "is_zone": record.reference == settings.ZONE_PROJECT,
            "files": record.files.filter(visibility=Visibility.PUBLIC),
            "mous": record.mous.published()
            .select_related("meeting")
            .prefetch_related("signatories__organisation"),
        }
