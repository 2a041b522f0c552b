from django.utils.translation import gettext_lazy as _

from initiative.filters import COUNTED_EACH, COUNTED_ONCE, CountedFilter, pillar_choices, sector_choices
from initiative.models import Track
from listing.filters import ChoicesFilter, Listed, matching
from meetings.filters import meeting_choices
from mous.models import MOU
from mous.states import State
from organisations.filters import organisation_choices
from organisations.models import Organisation


class MOUFilter(Listed):
    meeting = ChoicesFilter(field_name="meeting__slug", label=_("Meeting"), choices=meeting_choices)
    state = ChoicesFilter(label=_("State"), choices=State.choices)
    pillar = ChoicesFilter(field_name="pillar__code", label=_("Pillar"), choices=pillar_choices)
    sector = ChoicesFilter(field_name="sectors__code", label=_("Sector"), choices=sector_choices)
    track = ChoicesFilter(label=_("Track"), choices=Track.choices)
    organisation = ChoicesFilter(
        field_name="signatories__organisation__reference",
        label=_("Organisation"),
        choices=organisation_choices,
        offers_found_only=True,
    )
    counted = CountedFilter(choices=[COUNTED_ONCE, COUNTED_EACH])

    class Meta:
        model = MOU
        fields: list[str] = []

    def search(self, queryset, term):
        return matching(queryset, term, ("signatories__organisation", Organisation.objects.all()))
