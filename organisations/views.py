import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Side
from listing.views import ListingView
from organisations.columns import COLUMNS
from organisations.filters import OrganisationFilter
from organisations.models import Organisation
from publishing.models import Status
from publishing.sides import Visibility
from publishing.views import RecordDetail, neighbours


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
        sides = [
            side for side in Side if Organisation.objects.taking_part_on(side).filter(pk=record.pk).exists()
        ]
        signings = record.signings.filter(mou__status=Status.PUBLISHED).select_related("mou", "person")
        return neighbours(record, Organisation.objects.published()) | {
            "projects": projects,
            "mous": mous,
            "led": [*self._led("mous", record), *self._led("projects", record)],
            "signings": signings.order_by("mou__reference_number", "position", "pk"),
            "meetings": self._meetings(record, [*projects, *mous]),
            "actions": record.actions.filter(meeting__status=Status.PUBLISHED, visibility=Visibility.PUBLIC)
            .select_related("meeting")
            .order_by("meeting__starts_on", "number"),
            "part_of": record.children.published(),
            "sides_taken": sides,
        }

    @staticmethod
    def _published(rows: str, name: str, record):
        """Return the published records of one kind in which the organisation has a row, by related name."""
        model = getattr(Organisation, rows).rel.related_model._meta.get_field(name).related_model
        keys = getattr(record, rows).values(name)
        return model.objects.published().filter(pk__in=keys).select_related("pillar", "meeting")

    @staticmethod
    def _led(name: str, record):
        """Return the published records of one kind ("mous") of which the organisation is a lead body."""
        model = getattr(Organisation, f"{name}_led_for_singapore").rel.related_model
        return model.objects.published().filter(Q(lead_singapore=record) | Q(lead_shenzhen=record))

    @staticmethod
    def _meetings(record, named: list) -> list[tuple]:
        """Return (meeting, attendances for the organisation), newest first.

        A meeting counts where somebody attended for it, and where one of its `named` MOUs or projects is of it.
        """
        model = record.attendances.model
        attended = record.attendances.filter(meeting__status=Status.PUBLISHED, **model.public_while())
        found: dict = {}
        for row in attended.select_related("meeting", "person").order_by("position", "pk"):
            found.setdefault(row.meeting, []).append(row)
        for one in named:
            if one.meeting:
                found.setdefault(one.meeting, [])
        first = datetime.date.min
        return sorted(found.items(), key=lambda item: (item[0].starts_on or first, item[0].pk), reverse=True)
