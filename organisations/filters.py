from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Side
from listing.filters import NOT_STATED_CHOICE, ChoicesFilter, Listed
from organisations.models import Organisation


class SideFilter(ChoicesFilter):
    """The side on which an organisation takes part; one may take part on both."""

    facet_by_condition = True

    def condition(self, values, model):
        found = Q()
        for side in values:
            found |= Q(pk__in=model.objects.taking_part_on(side).values("pk"))
        return found


class OrganisationFilter(Listed):
    side = SideFilter(label=_("Side"), choices=Side.choices)
    kind = ChoicesFilter(label=_("Kind"), choices=[*Organisation.Kind.choices, NOT_STATED_CHOICE])
    place = ChoicesFilter(label=_("Place"), choices=[*Organisation.Place.choices, NOT_STATED_CHOICE])

    class Meta:
        model = Organisation
        fields: list[str] = []


def organisation_choices() -> list[tuple[str, str]]:
    """Return the choices of a filter by organisation: reference and listed name, in the page's order."""
    organisations = Organisation.objects.published()
    return [(organisation.reference, organisation.listed_name) for organisation in organisations]
