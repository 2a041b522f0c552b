from django.utils.translation import gettext_lazy as _

from initiative.filters import COUNTED_ONCE, CountedFilter, pillar_choices, sector_choices
from initiative.models import Track
from listing.filters import NOT_STATED_CHOICE, ChoicesFilter, Listed, matching
from meetings.filters import meeting_choices
from organisations.filters import organisation_choices
from organisations.models import Organisation
from projects.models import Project


class ProjectFilter(Listed):
    pillar = ChoicesFilter(field_name="pillar__code", label=_("Pillar"), choices=pillar_choices)
    stage = ChoicesFilter(label=_("Stage"), choices=Project.Stage.choices)
    meeting = ChoicesFilter(field_name="meeting__slug", label=_("Meeting"), choices=meeting_choices)
    tier = ChoicesFilter(label=_("Tier"), choices=[*Project.Tier.choices, NOT_STATED_CHOICE])
    track = ChoicesFilter(label=_("Track"), choices=Track.choices)
    sector = ChoicesFilter(field_name="sectors__code", label=_("Sector"), choices=sector_choices)
    organisation = ChoicesFilter(
        field_name="partners__organisation__reference",
        label=_("Organisation"),
        choices=organisation_choices,
        offers_found_only=True,
    )
    counted = CountedFilter(choices=[COUNTED_ONCE])

    class Meta:
        model = Project
        fields: list[str] = []

    def search(self, queryset, term):
        return matching(queryset, term, ("partners__organisation", Organisation.objects.all()))
