"""What managers' reports can be narrowed to: fields of their forms, and the records they then stand on."""

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Side
from initiative.filters import pillar_choices
from initiative.models import Track
from listing.filters import NOT_STATED_CHOICE
from meetings.models import Meeting
from publishing.models import PublishableQuerySet
from publishing.sides import visible
from reports.managers.frame import WithUnpublished

ALL = "all"
EVERY = ("", pgettext_lazy("filter", "all"))
# On which side a record has parties: on one, on both, or nobody on record.
BOTH, NOBODY = "both", "none"
SIDES = [
    *Side.choices,
    (BOTH, pgettext_lazy("parties", "both sides")),
    (NOBODY, pgettext_lazy("parties", "nobody on record here")),
]
TRACKS = [*Track.choices, (ALL, pgettext_lazy("tracks", "all tracks"))]


def choice(label, choices, **kwargs) -> forms.ChoiceField:
    """Return a field that may stay empty; `choices` may be a callable."""

    def offered():
        return [EVERY, *(choices() if callable(choices) else choices)]

    return forms.ChoiceField(label=label, choices=offered, required=False, **kwargs)


def track_field() -> forms.ChoiceField:
    """Return the field of the track: the Committee's unless another is asked for."""
    return forms.ChoiceField(label=_("Track"), choices=TRACKS, required=False)


def pillar_field() -> forms.ChoiceField:
    return choice(_("Pillar"), pillar_choices)


def meeting_field() -> forms.ChoiceField:
    """Return the field of a meeting; `Choosing` fills it with those that the person may see."""
    return choice(_("Meeting"), [])


def tracks_of(chosen: dict) -> tuple[str, ...]:
    """Return the tracks that a form asks for, the Committee's by default."""
    track = chosen.get("track") or Track.JIC
    return tuple(Track) if track == ALL else (track,)


class Choosing(WithUnpublished):
    """The filters of a report on records; every choice is asked of the database once."""

    def __init__(self, data, user):
        super().__init__(data, user)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.choices = list(field.choices)
        if "meeting" in self.fields:
            chosen = {"unpublished": data.get("unpublished")}
            known = standing(Meeting.objects.order_by("-starts_on", "-pk"), chosen, user)
            meetings = [(one.slug, str(one.title)) for one in known]
            self.fields["meeting"].choices = [EVERY, *meetings, NOT_STATED_CHOICE]


def standing(queryset: PublishableQuerySet, chosen: dict, user) -> QuerySet:
    """Return the records of a kind that a report stands on, as `user` may see them; none that was withdrawn."""
    return visible(queryset.standing(published=not chosen["unpublished"]), user)


def has_party(parties, record: str, side: str) -> Exists:
    """Return the condition that a record has a row of the model `parties` on `side`."""
    return Exists(parties.objects.order_by().filter(**{record: OuterRef("pk")}, side=side))


def on_side(parties, record: str, side: str) -> Q:
    """Return the condition that a record has parties as `side`, one of SIDES, says."""
    singapore, shenzhen = (Q(has_party(parties, record, one)) for one in (Side.SINGAPORE, Side.SHENZHEN))
    return {
        Side.SINGAPORE.value: singapore,
        Side.SHENZHEN.value: shenzhen,
        BOTH: singapore & shenzhen,
        NOBODY: ~singapore & ~shenzhen,
    }[side]
