"""Partners by activity: what each organisation takes part in, when it last did, and their lists."""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from heapq import nlargest
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Side
from initiative.dates import Precision, show
from listing.columns import Column, Kind
from meetings.models import Attendance, Meeting
from mous.models import MOU, Signatory
from mous.states import State
from organisations.models import Organisation
from projects.courses import RUNNING
from projects.models import Milestone, Partner, ProgressReport, Project
from publishing.bilingual import page_suffix
from publishing.sides import Visibility, visible
from publishing.todo import page_address
from reports.managers.cells import NONE, Lines, count, pair, pair_columns
from reports.managers.choosing import Choosing, choice, standing
from reports.managers.frame import Bar, Cell, Picture, Report, number, register

IN_EFFECT = (State.IN_EFFECT, State.ENDING_SOON)
# What an organisation took part in: one list for each number of its row.
PROJECTS, ALIVE, MOUS, EFFECTIVE, MEETINGS = "projects", "alive", "mous", "in_effect", "meetings"
SORTS = {
    "alive": _("projects alive"),
    "projects": _("all projects"),
    "in_effect": _("MOUs in effect"),
    "mous": _("all MOUs"),
    "last": _("last activity, the newest first"),
    "first": _("last activity, the oldest first"),
    "name": _("name"),
}
OF = {
    ALIVE: _("Projects alive"),
    PROJECTS: _("All projects"),
    EFFECTIVE: _("MOUs in effect"),
    MOUS: _("All MOUs"),
    MEETINGS: _("Meetings attended"),
}
ROWS = {
    ALIVE: _("projects alive of one organisation"),
    PROJECTS: _("all projects of one organisation"),
    EFFECTIVE: _("MOUs in effect of one organisation"),
    MOUS: _("all MOUs of one organisation"),
    MEETINGS: _("meetings that one organisation attended"),
}
# Cells of a row before its numbers; and how many organisations the figure holds.
FIXED, DRAWN = 5, 12
# What counts as activity, in the order in which one of the same day is named.
LAUNCH, SIGNING, REPORT, MILESTONE = "launch", "signing", "report", "milestone"
ACTIVITIES = {
    LAUNCH: pgettext_lazy("activity", "launch of a project"),
    SIGNING: pgettext_lazy("activity", "signing of an MOU"),
    REPORT: pgettext_lazy("activity", "progress report"),
    MILESTONE: pgettext_lazy("activity", "milestone reached"),
}


def day_field(label) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Write the date as 2023-12-14.")},
    )


class PartnersForm(Choosing):
    side = choice(_("Side"), Side.choices)
    kind = choice(_("Kind"), Organisation.Kind.choices)
    since = day_field(_("Active since"))
    quiet_since = day_field(_("No activity since"))
    sort = forms.ChoiceField(
        label=pgettext_lazy("sequence", "Order by"), choices=list(SORTS.items()), required=False
    )
    rows = forms.ChoiceField(
        label=pgettext_lazy("report", "Rows"), choices=[("", _("organisations")), *ROWS.items()], required=False
    )
    organisation = forms.CharField(label=_("Organisation (reference)"), required=False, max_length=16)
    field_order = ["side", "kind", "since", "quiet_since", "sort", "rows", "organisation", "unpublished"]

    def clean(self):
        found = super().clean()
        if bool(found.get("organisation")) != bool(found.get("rows")):
            told = _("For the records of one organisation, choose the rows and give its reference: SCI-O-0012.")
            self.add_error("organisation", told)
        return found


@dataclass
class Taken:
    """What one organisation takes part in, summed up: on which sides, how often, and when it last did."""

    sides: set[str] = field(default_factory=set)
    numbers: Counter = field(default_factory=Counter)
    days: dict[str, datetime.date] = field(default_factory=dict)

    @property
    def last(self) -> tuple[datetime.date | None, str]:
        """Return the day of the last activity and which it was, (None, "") where none is dated."""
        days = [(self.days[name], name) for name in ACTIVITIES if self.days.get(name)]
        return max(days, key=lambda one: one[0], default=(None, ""))


def partners_of(chosen: dict, user) -> QuerySet:
    return Partner.objects.filter(project__in=standing(Project.objects, chosen, user).values("pk")).order_by()


def signatories_of(chosen: dict, user) -> QuerySet:
    return Signatory.objects.filter(mou__in=standing(MOU.objects, chosen, user).values("pk")).order_by()


def attendances_of(chosen: dict, user) -> QuerySet:
    """Return the rows of bodies at meetings that were held."""
    held = standing(Meeting.objects.filter(phase=Meeting.Phase.HELD), chosen, user)
    return visible(Attendance.objects.filter(meeting__in=held.values("pk")), user).order_by()


def in_effect(day: datetime.date) -> QuerySet:
    return MOU.objects.with_state(day).filter(state__in=IN_EFFECT).order_by().values("pk")


def taken(chosen: dict, user, day: datetime.date) -> dict[int, Taken]:
    """Return what each organisation takes part in, by key, with what is dated up to `day`; five queries."""
    found: dict[int, Taken] = defaultdict(Taken)

    def add(rows: QuerySet, numbers: dict, days: dict, body: str = "organisation", sided: bool = True) -> None:
        sides = {f"on_{side}": Count("pk", filter=Q(side=side)) for side in Side.values} if sided else {}
        for row in rows.order_by().values(body).annotate(**numbers, **days, **sides):
            one = found[row[body]]
            one.numbers.update({name: row[name] for name in numbers})
            one.days.update({name: row[name] for name in days})
            one.sides |= {side for side in Side.values if row.get(f"on_{side}")}

    launched = Q(project__meeting__phase=Meeting.Phase.HELD, project__meeting__starts_on__lte=day)
    add(
        partners_of(chosen, user),
        {PROJECTS: Count("pk"), ALIVE: Count("pk", filter=Q(project__stage__in=RUNNING))},
        {LAUNCH: Max("project__meeting__starts_on", filter=launched)},
    )
    add(
        signatories_of(chosen, user),
        {MOUS: Count("pk"), EFFECTIVE: Count("pk", filter=Q(mou__in=in_effect(day)))},
        {SIGNING: Max("mou__signed_on", filter=Q(mou__signed_on__lte=day))},
    )
    add(attendances_of(chosen, user), {MEETINGS: Count("meeting", distinct=True)}, {})
    body, known = "project__partners__organisation", standing(Project.objects, chosen, user).values("pk")
    reports = visible(ProgressReport.objects.filter(project__in=known, meeting__starts_on__lte=day), user)
    if not chosen["unpublished"]:
        reports = reports.filter(visibility=Visibility.PUBLIC)
    add(reports, {}, {REPORT: Max("meeting__starts_on")}, body, sided=False)
    reached = visible(Milestone.objects.filter(project__in=known, reached_on__lte=day), user)
    add(reached, {}, {MILESTONE: Max("reached_on")}, body, sided=False)
    return found


def _kept(chosen: dict, one: Taken) -> bool:
    """Return whether an organisation with these activities is one that the form asks for."""
    last, _which = one.last
    if chosen["side"] and chosen["side"] not in one.sides:
        return False
    if chosen["since"] and (last is None or last < chosen["since"]):
        return False
    return not (chosen["quiet_since"] and last and last >= chosen["quiet_since"])


def _order(sort: str):
    """Return the key by which lines of (organisation, Taken) are ordered."""

    def by(line: tuple) -> tuple:
        organisation, one = line
        name = (organisation.sort_zh if page_suffix() == "zh" else organisation.sort_en, organisation.pk)
        if sort == "name":
            return name
        if sort in ("last", "first"):
            day = one.last[0]
            ordinal = day.toordinal() if day else 0
            return (day is None, -ordinal if sort == "last" else ordinal, *name)
        return (-one.numbers[sort or ALIVE], *name)

    return by


def address(chosen: dict, reference: str, of: str) -> str:
    """Return the list that a number counts: the public one, or the report's own where that has no such rows."""
    if chosen["unpublished"] or of == MEETINGS:
        query = {"organisation": reference, "rows": of} | (
            {"unpublished": "on"} if chosen["unpublished"] else {}
        )
        return f"{report.address}?{urlencode(query)}"
    query = {"organisation": [reference]}
    query |= {ALIVE: {"stage": list(RUNNING)}, EFFECTIVE: {"state": list(IN_EFFECT)}}.get(of, {})
    kind = "projects" if of in (PROJECTS, ALIVE) else "mous"
    return f"{reverse(f'{kind}:list')}?{urlencode(query, doseq=True)}"


def _line(organisation: Organisation, one: Taken, chosen: dict) -> list[Cell]:
    here, (day, which) = organisation, one.last
    page = here.get_absolute_url() if here.is_published else page_address(here)
    sides = [side for side in Side.values if side in one.sides]
    return [
        Cell(here.reference, page),
        *pair(here.name_en, here.name_zh, page),
        Cell("; ".join(sides), shown=", ".join(str(Side(side).label) for side in sides) or NONE),
        Cell(here.kind, shown=capfirst(here.get_kind_display()) if here.kind else NONE),
        *(count(one.numbers[of], address(chosen, here.reference, of)) for of in OF),
        Cell(day, shown=show(day, Precision.DAY) if day else NONE),
        Cell(which, shown=str(ACTIVITIES[which]) if which else NONE),
    ]


def rows_by_activity(chosen: dict, user) -> Lines:
    """Return a row for each organisation that the form asks for; six queries."""
    found = taken(chosen, user, localdate())
    known = standing(Organisation.objects.filter(merged_into=None), chosen, user)
    if chosen["kind"]:
        known = known.filter(kind=chosen["kind"])
    lines = [(one, found.get(one.pk, Taken())) for one in known]
    kept = [line for line in lines if _kept(chosen, line[1])]
    kept.sort(key=_order(chosen["sort"]))
    return Lines(kept, lambda part: [_line(*line, chosen) for line in part])


def rows_of_one(chosen: dict, user) -> list[list[Cell]]:
    """Return what one number of the report counts: the projects, MOUs or meetings of one organisation."""
    bodies = standing(Organisation.objects.filter(reference=chosen["organisation"]), chosen, user).values("pk")
    of = chosen["rows"]
    if of == MEETINGS:
        keys = attendances_of(chosen, user).filter(organisation__in=bodies).values("meeting")
        found = Meeting.objects.filter(pk__in=keys).order_by("starts_on", "pk")
        return [_record(one, one, pair(one.title_in("en"), one.title_in("zh"))) for one in found]
    if of in (PROJECTS, ALIVE):
        keys = partners_of(chosen, user).filter(organisation__in=bodies).values("project")
        found = Project.objects.filter(pk__in=keys).select_related("meeting").order_by("reference_number")
        found = found.filter(stage__in=RUNNING) if of == ALIVE else found
        days = [(one, one.meeting) for one in found]
    else:
        keys = signatories_of(chosen, user).filter(organisation__in=bodies).values("mou")
        found = MOU.objects.filter(pk__in=keys).order_by("reference_number")
        found = found.filter(pk__in=in_effect(localdate())) if of == EFFECTIVE else found
        days = [(one, one) for one in found]
    return [_record(one, dated, pair(one.title_en, one.title_zh)) for one, dated in days]


def _record(record, dated, title: list[Cell]) -> list[Cell]:
    """Return the row of a project, MOU or meeting: `dated` is what gives the date, the meeting or the MOU."""
    name = "signed_on" if isinstance(dated, MOU) else "starts_on"
    day, precision = (getattr(dated, name), getattr(dated, f"{name}_precision")) if dated else (None, "")
    page = record.get_absolute_url() if record.is_published else page_address(record)
    title = [replace(cell, address=page) for cell in title]
    shown = show(day, precision) if day else NONE
    return [
        Cell(record.reference, page),
        *title,
        Cell(day, shown=shown),
        Cell(record.status, shown=record.get_status_display()),
    ]


class Partners(Report):
    key = "partners"
    title = _("Partners by activity")
    about = _(
        "Alive: launched or in progress. In effect: by the state of an MOU today; where no term is on record an"
        " MOU is not known to be in effect. Last activity: the launch meeting of a project, the signing of an"
        " MOU, a progress report to a meeting or a milestone reached, of the projects and MOUs in which the"
        " organisation takes part. Attendance at meetings stands apart."
    )
    position = 20
    form_class = PartnersForm

    def columns(self, chosen):
        titled = pair_columns("title", _("Title (English)"), _("Title (Chinese)"), _("Title"))
        named = pair_columns("name", _("Name (English)"), _("Name (Chinese)"), _("Organisation"))
        reference = Column("reference", _("Reference"), page=_("Reference"))
        if chosen["rows"]:
            day = Column("day", _("Launched, signed or held on"), kind=Kind.DATE, page=_("Date"))
            return [reference, *titled, day, Column("status", _("Publication status"), page=_("Status"))]
        return [
            reference,
            *named,
            Column("sides", _("Sides on which it takes part"), page=_("Side")),
            Column("kind", _("Kind"), page=_("Kind")),
            *(number(of, label) for of, label in OF.items()),
            Column("last_on", _("Last activity"), kind=Kind.DATE, page=_("Last activity")),
            Column("last", _("Kind of last activity"), page=_("Kind of last activity")),
        ]

    def rows(self, chosen, user):
        return rows_of_one(chosen, user) if chosen["rows"] else rows_by_activity(chosen, user)

    def picture(self, chosen, rows):
        return None if chosen["rows"] else drawn(rows)


def drawn(rows: Lines) -> Picture | None:
    """Return the figure: projects alive and MOUs in effect of those of the table that have most of both.

    Those with one or none are left to the table: many bars of one length tell nothing.
    """
    at = {of: place for place, of in enumerate(OF, FIXED)}
    name = 1 if page_suffix() == "en" else 2
    most = nlargest(DRAWN, rows.found, key=_drawn_of)
    bars = [
        Bar(row[name].shown, [row[at[ALIVE]].value, row[at[EFFECTIVE]].value], row[0].address, row[name].lang)
        for row in rows.make([line for line in most if _drawn_of(line) > 1])
    ]
    told = _("The organisations with most projects alive and MOUs in effect, from two; at most %(count)s.")
    return Picture(bars, [("s1", OF[ALIVE]), ("s2", OF[EFFECTIVE])], told % {"count": DRAWN}) if bars else None


def _drawn_of(line: tuple) -> int:
    """Return how long the bar of a line of (organisation, Taken) is."""
    return line[1].numbers[ALIVE] + line[1].numbers[EFFECTIVE]


report = Partners()
register(report)
