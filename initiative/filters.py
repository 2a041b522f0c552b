"""Choices that the filters of several listings share; each ends in what stands for an empty column."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from initiative.counting import EACH, ONCE
from initiative.models import Pillar, Sector, Track
from listing.filters import NOT_STATED, ChoicesFilter

NOT_CLASSIFIED = (NOT_STATED, _("Not classified"))


class CountedFilter(ChoicesFilter):
    """What the totals count (initiative/counting.py): each chain of MOUs once, or every signing."""

    facet_by_condition = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label=_("Counted"), **kwargs)

    def condition(self, values, model):
        found = Q()
        for value in values:
            once = {} if value == ONCE else {"distinct": False}
            found |= Q(pk__in=model.objects.counted(*Track, **once).values("pk"))
        return found


COUNTED_ONCE = (ONCE, _("as in the totals"))
COUNTED_EACH = (EACH, _("every signing at a JIC meeting"))


def pillar_choices() -> list[tuple[str, str]]:
    return [*((pillar.code, pillar.short_name) for pillar in Pillar.objects.all()), NOT_CLASSIFIED]


def sector_choices() -> list[tuple[str, str]]:
    return [*((sector.code, sector.name) for sector in Sector.objects.all()), NOT_CLASSIFIED]
