"""Choices that the filters of several listings share; each ends in what stands for an empty column."""

from django.utils.translation import gettext_lazy as _

from initiative.models import Pillar, Sector
from listing.filters import NOT_STATED

NOT_CLASSIFIED = (NOT_STATED, _("Not classified"))


def pillar_choices() -> list[tuple[str, str]]:
    return [*((pillar.code, pillar.short_name) for pillar in Pillar.objects.all()), NOT_CLASSIFIED]


def sector_choices() -> list[tuple[str, str]]:
    return [*((sector.code, sector.name) for sector in Sector.objects.all()), NOT_CLASSIFIED]
