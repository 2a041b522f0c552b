"""Planning a meeting: the form for the next one, filled from the last one of its kind."""

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Side
from meetings.models import AgendaItem, Attendance, Meeting
from publishing.saving import CarefulSaving
from publishing.sides import visible

# What belongs to the one meeting that a form is filled from, apart from its name and its dates.
OF_ONE_MEETING = ("city_en", "city_zh", "venue_en", "venue_zh", "outcome_en", "outcome_zh", "phase")
NOTED = ("noted_en", "noted_zh")
WORDS = ("words_en", "words_zh")


def other_side(side: str) -> str:
    """Return the side that is not `side`; "" where none is on record."""
    return next((other for other in Side.values if other != side), "") if side else ""


def next_number(user) -> int:
    """Return the number after the highest one of a JIC meeting that `user` may see."""
    known = visible(Meeting.objects.all(), user)
    return (known.aggregate(last=Max("number"))["last"] or 0) + 1


def last_committee_meeting(user) -> Meeting | None:
    """Return the JIC meeting with the highest number that `user` may see."""
    return visible(Meeting.objects.filter(number__isnull=False), user).order_by("number").last()


def without(rows: dict, emptied: tuple[str, ...]) -> dict:
    """Return the rows of a snapshot with some texts left empty."""
    return {key: values | dict.fromkeys(emptied, "") for key, values in rows.items()}


class PlannedFromLast(CarefulSaving):
    """A copy of a meeting is the next one: its people and agenda, with nothing that was said or done there."""

    copy_label = gettext_lazy("Plan the next meeting")

    def copied(self, request, record, state: dict) -> dict:
        wanted = super().copied(request, record, state)
        dates = [name for name in wanted["fields"] if name.endswith(("_on", "_on_precision"))]
        fresh = {name: self.opts.get_field(name).get_default() for name in (*OF_ONE_MEETING, *dates)}
        fields = wanted["fields"] | fresh | {"host_side": other_side(record.host_side)}
        if record.kind == Meeting.Kind.JIC:
            fields["number"] = next_number(request.user)
        # Whom a source describes without a name was there once; persons are asked again.
        named = {key: row for key, row in wanted["rows"][Attendance].items() if row["person"]}
        rows = {
            Attendance: without(named, WORDS),
            AgendaItem: without(wanted["rows"][AgendaItem], NOTED),
        }
        return {"fields": fields, "rows": rows}

    def copied_words(self, record) -> str:
        words = _(
            "The form holds the meeting after “%(name)s”: the delegations and the agenda, "
            "without dates, places or what was noted. Nothing is on record until you save."
        )
        return words % {"name": record}

    def changelist_view(self, request, extra_context=None):
        last = last_committee_meeting(request.user) if self.has_add_permission(request) else None
        tools = [(self.copy_label, f"{reverse('admin:meetings_meeting_add')}?copy={last.pk}")] if last else []
        return super().changelist_view(request, (extra_context or {}) | {"list_tools": tools})
