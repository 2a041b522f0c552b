"""MOUs by state and by how soon they end, and the list of those behind each number."""

import datetime
from collections import Counter
from dataclasses import replace
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from initiative.models import Track
from listing.columns import Column
from meetings.models import Meeting
from mous.columns import COLUMNS
from mous.filters import MOUFilter
from mous.models import MOU, Signatory
from mous.states import State
from publishing.bilingual import page_suffix
from publishing.models import Status
from publishing.sides import visible
from reports.managers.cells import Lines, added_up, count, labelled, listed, pair_columns, words
from reports.managers.choosing import (
    SIDES,
    Choosing,
    choice,
    meeting_field,
    on_side,
    pillar_field,
    standing,
)
from reports.managers.frame import Bar, Cell, Picture, Report, number, register, text

MOUS = "mous"
WITHIN = (90, 180)
ENDING = {
    90: _("of these ending within 90 days"),
    180: _("of these ending within 180 days"),
}
# In the order of an MOU's course.
STATES = (
    State.PREPARING,
    State.SIGNED,
    State.IN_EFFECT,
    State.ENDING_SOON,
    State.ENDED,
    State.TERMINATED,
    State.REPLACED,
)
FILTERS = ("track", "pillar", "meeting", "state")
LISTED = (
    "reference",
    "title_en",
    "title_zh",
    "state",
    "meeting",
    "signed_on",
    "effective_on",
    "ends_on",
    "term_en",
    "term_zh",
    "renews_automatically",
    "notice_days",
    "review_on",
)


class StatesForm(Choosing):
    rows = forms.ChoiceField(
        label=pgettext_lazy("report", "Rows"),
        choices=[("", _("numbers by state and track")), (MOUS, _("MOUs, one by one"))],
        required=False,
    )
    state = choice(_("State"), [(state.value, state.label) for state in STATES])
    within = choice(
        pgettext_lazy("of an MOU", "Ends"), [("90", _("within 90 days")), ("180", _("within 180 days"))]
    )
    track = choice(_("Track"), Track.choices)
    pillar = pillar_field()
    meeting = meeting_field()
    side = choice(_("Side of a signatory"), SIDES)
    field_order = ["rows", "state", "within", "track", "pillar", "meeting", "side", "unpublished"]


def ends_within(days: int, day: datetime.date) -> Q:
    """Return the condition on the annotation `state`: it ends within that many days."""
    return Q(state=State.ENDING_SOON, ends_on__lte=day + datetime.timedelta(days=days))


def mous(chosen: dict, user, day: datetime.date) -> QuerySet:
    """Return the MOUs that the report is of, with their state on `day`."""
    found = standing(MOU.objects.with_state(day), chosen, user)
    for name in FILTERS:
        if not chosen[name]:
            continue
        if name == "state":
            found = found.filter(state=chosen[name])
        else:
            found = MOUFilter.base_filters[name].filter(found, [chosen[name]])
    if chosen["within"]:
        found = found.filter(ends_within(int(chosen["within"]), day))
    return found.filter(on_side(Signatory, "mou", chosen["side"])) if chosen["side"] else found


def address(chosen: dict, **narrower: str) -> str:
    """Return where a number leads: to the public list of the same MOUs, else to the report's own list."""
    asked = {name: value for name, value in chosen.items() if value and name != "rows"} | narrower
    if asked.keys() & {"unpublished", "side", "within"}:
        query = {name: "on" if value is True else value for name, value in asked.items()}
        return f"{report.address}?{urlencode({'rows': MOUS} | query)}"
    path = reverse("mous:list")
    return f"{path}?{urlencode(asked)}" if asked else path


def numbers(chosen: dict, user) -> list[list[Cell]]:
    """Return a row for each state, and of those that end soon in how many days; one query."""
    day = localdate()
    by = mous(chosen, user, day).order_by().values("state", "track")
    soon = {f"within_{days}": Count("pk", filter=ends_within(days, day)) for days in WITHIN}
    found = list(by.annotate(n=Count("pk"), **soon))
    if not found:
        return []
    rows = []
    for state in STATES:
        here = [one for one in found if one["state"] == state]
        rows.append(_row(state.value, words(state.label), here, "n", chosen, state=state.value))
        if state == State.ENDING_SOON:
            rows += [
                _row(f"{state.value}:{days}", words(label), here, f"within_{days}", chosen, within=str(days))
                for days, label in ENDING.items()
            ]
    return rows


def _row(
    code: str, label: list[Cell], found: list[dict], name: str, chosen: dict, **narrower: str
) -> list[Cell]:
    by_track = Counter()
    for one in found:
        by_track[one["track"]] += one[name]
    cells = [count(by_track[track], address(chosen, **narrower, track=track)) for track in Track.values]
    return [Cell(code), *label, *cells, count(by_track.total(), address(chosen, **narrower))]


def list_columns() -> list[Column]:
    """Return the columns of a list of MOUs for staff, those of the public list and what they add up to.

    What else is told of an MOU here is one more Column with its expression.
    """
    known = {column.key: column for column in COLUMNS}
    signatories = [column for column in COLUMNS if column.key.startswith("signatories_")]
    headed = {
        "reference": _("Reference"),
        "ends_on": pgettext_lazy("of an MOU", "Ends"),
        "meeting": _("Meeting"),
    }
    return [
        *(replace(known[key], page=headed.get(key, known[key].page)) for key in LISTED),
        *signatories,
        text("status", _("Publication status"), _("Status")),
    ]


def mou_rows(found: QuerySet, user) -> Lines:
    """Return a list of MOUs, what ends next first, each leading to its page; two queries."""
    meetings = [(one.reference, one.title) for one in visible(Meeting.objects.all(), user)]
    shown = {
        "state": labelled(State.choices),
        "meeting": labelled(meetings),
        "status": labelled(Status.choices),
    }
    ordered = found.order_by(F("ends_on").asc(nulls_last=True), "reference_number", "pk")
    return listed(ordered, list_columns(), MOUS, shown)


class States(Report):
    key = "mou-states"
    title = _("MOUs by state")
    about = _(
        "Each MOU as it stands on record today, renewals and amendments each for itself. Ending: the end date"
        " on record is so many days ahead, and the MOU does not renew by itself. Without a term on record an"
        " MOU is “signed (term not stated)”."
    )
    position = 30
    form_class = StatesForm

    def columns(self, chosen):
        if chosen["rows"]:
            return list_columns()
        return [
            text("state", _("State")),
            *pair_columns("state", _("State (English)"), _("State (Chinese)"), _("State")),
            *(number(track, label) for track, label in Track.choices),
            number("all", _("All")),
        ]

    def rows(self, chosen, user):
        return mou_rows(mous(chosen, user, localdate()), user) if chosen["rows"] else numbers(chosen, user)

    def total(self, chosen, rows):
        if chosen["rows"] or not rows:
            return None
        whole = [row for row in rows if ":" not in row[0].value]
        addresses = [*(address(chosen, track=track) for track in Track.values), address(chosen)]
        return added_up(whole, [Cell("total"), *words(_("Total"))], addresses)

    def picture(self, chosen, rows):
        return None if chosen["rows"] else drawn(rows)


def drawn(rows: list[list[Cell]]) -> Picture:
    """Return the figure: a bar for each state, and for what ends in so many days."""
    at = 1 if page_suffix() == "en" else 2
    bars = [Bar(row[at].shown, [row[-1].value], row[-1].address) for row in rows]
    return Picture(bars, [("s1", _("MOUs"))], _("MOUs by state, and how many of them end soon."))


report = States()
register(report)
