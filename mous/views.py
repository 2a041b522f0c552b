from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from listing.views import ListingView
from mous.columns import COLUMNS
from mous.filters import MOUFilter
from mous.models import MOU
from publishing.views import RecordDetail, neighbours


class MOUList(ListingView):
    name = "mous"
    columns = COLUMNS
    filterset_class = MOUFilter
    facets = ("meeting", "state", "pillar", "sector", "track", "organisation")
    prefetch = ("signatories__organisation", "sectors")
    title = _("MOUs")
    search_label = _("Search MOUs")

    def get_queryset(self):
        return MOU.objects.published().with_state(localdate()).select_related("meeting", "pillar")

    def counted(self, count):
        return ngettext("%(count)s MOU", "%(count)s MOUs", count) % {"count": count}


class MOUDetail(RecordDetail):
    model = MOU
    template_name = "mous/detail.html"

    def get_queryset(self):
        return (
            MOU.objects.published()
            .with_state(localdate())
            .select_related("meeting", "pillar", "lead_singapore", "lead_shenzhen")
            .prefetch_related("sectors", "signatories__organisation", "citations__source", "links__to_mou")
        )

    def context(self, record):
        return neighbours(record, MOU.objects.published()) | {
            "signings": record.signings.select_related("person", "organisation"),
            "projects": record.projects.published()
            .select_related("pillar", "meeting")
            .prefetch_related("partners__organisation"),
            "later": record.linked_from.filter(from_mou__status="published").select_related("from_mou"),
        }
