from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Side
from listing.views import ListingView
from organisations.columns import COLUMNS
from organisations.filters import OrganisationFilter
from organisations.models import Organisation
from publishing.views import RecordDetail


class OrganisationList(ListingView):
    name = "organisations"
    columns = COLUMNS
    filterset_class = OrganisationFilter
    facets = ("side", "kind", "place")
    title = _("Organisations")
    search_label = _("Search organisations")
    default_sort = "name"

    def get_queryset(self):
        wanted = {c.alias: c.annotation for c in COLUMNS if c.key in ("sides", "projects", "mous")}
        return Organisation.objects.published().annotate(**wanted)

    def counted(self, count):
        return ngettext("%(count)s organisation", "%(count)s organisations", count) % {"count": count}


class OrganisationDetail(RecordDetail):
    model = Organisation
    key_field = "slug"
    template_name = "organisations/detail.html"

    def get_queryset(self):
        return (
            Organisation.objects.published()
            .select_related("parent")
            .prefetch_related("names", "citations__source")
        )

    def context(self, record):
        projects = self._published("partnerships", "project", record).prefetch_related("partners__organisation")
        mous = self._published("signatures", "mou", record).prefetch_related("signatories__organisation")
        attendances = (
            record.attendances.filter(meeting__status="published")
            .select_related("meeting", "person")
            .order_by("-meeting__starts_on", "position", "pk")
        )
        sides = [
            side for side in Side if Organisation.objects.taking_part_on(side).filter(pk=record.pk).exists()
        ]
        return {
            "projects": projects,
            "mous": mous,
            "attendances": attendances,
            "part_of": record.children.published(),
            "sides_taken": sides,
        }

    @staticmethod
    def _published(rows: str, name: str, record):
        """Return the published records of one kind in which the organisation has a row, by related name."""
        model = getattr(Organisation, rows).rel.related_model._meta.get_field(name).related_model
        keys = getattr(record, rows).values(name)
        return model.objects.published().filter(pk__in=keys).select_related("pillar", "meeting")
