from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from initiative.counting import definition_of
from listing.views import ListingView
from mous.columns import COLUMNS
from mous.filters import MOUFilter
from mous.models import MOU
from publishing.sides import Visibility
from publishing.views import RecordDetail, neighbours

# The dates of an MOU in the order in which they come, and how the timeline draws each.
EVENTS = (
    ("signed_on", pgettext_lazy("date", "Signed"), "update"),
    ("effective_on", _("Comes into effect"), "update"),
    ("review_on", _("To be reviewed"), "planned"),
    ("superseded_on", _("Replaced"), "update"),
    ("terminated_on", _("Terminated"), "update"),
    ("ends_on", _("Ends on"), "planned"),
)


class MOUList(ListingView):
    name = "mous"
    columns = COLUMNS
    filterset_class = MOUFilter
    facets = ("meeting", "state", "pillar", "sector", "track", "counted", "organisation")
    prefetch = ("signatories__organisation", "sectors")
    title = _("MOUs")
    search_label = _("Search MOUs")

    def get_queryset(self):
        return MOU.objects.published().with_state(localdate()).select_related("meeting", "pillar")

    def definition(self):
        return definition_of(self.name, self.filterset.chosen())

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
        held = record.meeting_id and record.occasion in (MOU.Occasion.MEETING, MOU.Occasion.SIDELINES)
        return neighbours(record, MOU.objects.published()) | {
            "events": [
                (name, label, "meeting" if name == "signed_on" and held else state)
                for name, label, state in EVENTS
                if getattr(record, name)
            ],
            "files": record.files.filter(visibility=Visibility.PUBLIC),
            "signings": record.signings.select_related("person", "organisation"),
            "projects": record.projects.published()
            .select_related("pillar", "meeting")
            .prefetch_related("partners__organisation"),
            "later": record.linked_from.filter(from_mou__status="published").select_related("from_mou"),
        }
