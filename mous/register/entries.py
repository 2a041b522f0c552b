"""The MOU register: which MOUs it holds, under which filters, and what it says of each, for staff only."""

import datetime
from dataclasses import dataclass

from django import forms
from django.db.models import F, Prefetch, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from meetings.models import Meeting
from meetings.since import LIVE
from mous.courses import is_shared
from mous.health import Health, Seen, health_of, in_health, needs_decision, with_health
from mous.models import MOU, MOULink, Signatory
from mous.states import State
from organisations.models import Organisation
from publishing.sides import side_choices, visible

ANY = ("", pgettext_lazy("filter", "any"))
# Days within which the filter shows what ends.
WITHIN = (30, 90, 180)
NOT_SETTLED = "none"


class RegisterFilter(forms.Form):
    """The filters of the register, bound to the address; `user` is the person who asks."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=[ANY, *State.choices], required=False)
    health = forms.ChoiceField(label=gettext_lazy("Health"), choices=[ANY, *Health.choices], required=False)
    ends = forms.ChoiceField(label=gettext_lazy("Ends or renews within"), required=False)
    side = forms.ChoiceField(label=gettext_lazy("With a party on the side of"), required=False)
    meeting = forms.ModelChoiceField(
        None, label=gettext_lazy("Meeting"), required=False, to_field_name="slug", empty_label=ANY[1]
    )
    course = forms.ChoiceField(
        label=gettext_lazy("For the JIC"),
        choices=[ANY, (NOT_SETTLED, gettext_lazy("not decided")), *MOU.Course.choices],
        required=False,
    )
    decision = forms.BooleanField(label=gettext_lazy("needs a decision"), required=False)

    def __init__(self, data, user):
        super().__init__(data, label_suffix="")
        self.fields["side"].choices = [ANY, *side_choices()]
        within = [(str(days), ngettext("%(count)s day", "%(count)s days", days)) for days in WITHIN]
        self.fields["ends"].choices = [ANY, *((days, words % {"count": days}) for days, words in within)]
        meetings = visible(MOU.objects.filter(status__in=LIVE), user).values("meeting")
        known = visible(Meeting.objects.filter(pk__in=meetings), user)
        self.fields["meeting"].queryset = known.order_by("-starts_on", "pk")

    def in_words(self) -> str:
        """Return the filters in use, of a valid form: "State: Ended; needs a decision"."""
        told = []
        for name, value in self.cleaned_data.items():
            field = self.fields[name]
            if value is True:
                told.append(str(field.label))
            elif value:
                shown = dict(field.choices)[value] if isinstance(value, str) else value
                told.append(_("%(label)s: %(values)s") % {"label": field.label, "values": shown})
        return _("; ").join(told)


def as_seen_by(user) -> Seen:
    return lambda rows: visible(rows, user)


def in_common(rows: QuerySet) -> QuerySet:
    """Return the records that both sides see, whoever asks: for what goes to the JIC."""
    return rows.filter(kept_by="")


def registered(chosen: dict, day: datetime.date, seen: Seen) -> QuerySet:
    """Return the MOUs that the filters leave, with their health on `day`: the next to end first."""
    mous = with_health(seen(MOU.objects.filter(status__in=LIVE)), day, seen)
    if chosen.get("state"):
        mous = mous.filter(state=chosen["state"])
    if chosen.get("health"):
        mous = in_health(mous, day, chosen["health"])
    if chosen.get("ends"):
        until = day + datetime.timedelta(days=int(chosen["ends"]))
        mous = mous.filter(current_end__gte=day, current_end__lte=until)
    if chosen.get("side"):
        mous = mous.filter(pk__in=_signatories(seen).filter(side=chosen["side"]).values("mou"))
    if chosen.get("meeting"):
        mous = mous.filter(meeting=chosen["meeting"])
    if chosen.get("course"):
        mous = mous.filter(course="" if chosen["course"] == NOT_SETTLED else chosen["course"])
    if chosen.get("decision"):
        mous = needs_decision(mous, day)
    return mous.order_by(F("current_end").asc(nulls_last=True), "reference_number", "pk")


def _signatories(seen: Seen) -> QuerySet:
    return Signatory.objects.filter(organisation__in=seen(Organisation._base_manager.all()).values("pk"))


def with_rows(mous: QuerySet, seen: Seen) -> QuerySet:
    """Fetch what `Entry` tells of each MOU: parties, chain, meeting and decision; six queries in all."""
    known = seen(MOU._base_manager.filter(status__in=LIVE)).values("pk")
    links = MOULink.objects.filter(from_mou__in=known, to_mou__in=known)
    # Few bodies sign many MOUs: each is read once.
    signatories = _signatories(seen).prefetch_related("organisation__merged_into")
    return (
        mous.defer("search_text")
        .select_related("meeting", "course_decision__meeting")
        .prefetch_related(
            Prefetch("signatories", signatories),
            Prefetch("links", links.select_related("to_mou")),
            Prefetch("linked_from", links.select_related("from_mou")),
        )
    )


@dataclass(frozen=True)
class Party:
    """A signatory: today's body, and the name as signed where it is another ("")."""

    side: str
    body: Organisation
    as_signed: str
    lang: str


@dataclass
class Entry:
    """One MOU of the register on a day, read `with_rows` and with its health."""

    mou: MOU
    day: datetime.date

    @cached_property
    def health(self) -> list[Health]:
        return health_of(self.mou, self.day)

    @property
    def state(self) -> State:
        return State(self.mou.state)

    @property
    def days_left(self) -> int | None:
        end = self.mou.current_end
        return None if end is None else (end - self.day).days

    @cached_property
    def parties(self) -> list[Party]:
        return [party_of(one) for one in self.mou.signatories.all()]

    def parties_on(self, side: str) -> list[Party]:
        return [one for one in self.parties if one.side == side]

    @property
    def chain(self) -> list[tuple[str, str, MOU]]:
        """Return what it follows and what follows it: (kind of link, in words, the other MOU)."""
        before = [(link.kind, link.get_kind_display(), link.to_mou) for link in self.mou.links.all()]
        after = [(f"{link.kind}_by", link.reversed_label, link.from_mou) for link in self.mou.linked_from.all()]
        return before + after

    @property
    def decision(self) -> str:
        """Return the number of the decision: of one that a side keeps to itself since, nothing."""
        decision = self.mou.course_decision
        return str(decision) if decision and is_shared(decision) else ""

    @property
    def course(self) -> str:
        return self.mou.get_course_display() if self.mou.course else ""


def party_of(signatory: Signatory) -> Party:
    """Return who signed: as the register names them today, and as signed where that is none of their names."""
    body = signatory.organisation.merged_into or signatory.organisation
    signed = signatory.name_as_signed
    differs = signed not in (body.name_en, body.name_zh)
    return Party(signatory.side, body, signed if differs else "", signatory.name_lang)


def entries(mous: QuerySet, day: datetime.date, seen: Seen) -> list[Entry]:
    return [Entry(mou, day) for mou in with_rows(mous, seen)]
