"""The portfolio: projects by meeting, pillar, stage and side, and the list of those behind each number."""

from collections import Counter, defaultdict
from dataclasses import replace
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Side
from initiative import counting
from initiative.counting import Counting
from initiative.filters import pillar_choices
from initiative.models import Pillar
from listing.columns import Column
from listing.filters import NOT_STATED, NOT_STATED_CHOICE
from meetings.models import Meeting
from projects.columns import COLUMNS, PARTNERS
from projects.filters import ProjectFilter
from projects.models import Partner, Project
from publishing.bilingual import page_suffix
from publishing.models import Status
from publishing.sides import visible
from reports.managers.cells import Lines, added_up, count, labelled, listed, pair, pair_columns, words
from reports.managers.choosing import (
    BOTH,
    NOBODY,
    SIDES,
    Choosing,
    choice,
    has_party,
    meeting_field,
    on_side,
    pillar_field,
    standing,
    track_field,
    tracks_of,
)
from reports.managers.frame import Bar, Cell, Picture, Report, number, register, text

PROJECTS = "projects"
STAGES = Project.Stage.choices
# The filters that the public list has too, under the same names.
FILTERS = ("pillar", "meeting", "stage", "tier")
# Columns of the public list that the report's own list has.
LISTED = ("reference", "title_en", "title_zh", "stage", "stage_as_of", "meeting", "pillar", "track", "tier")
BY_SIDE = {
    Side.SINGAPORE.value: _("Partner of the Singapore side"),
    Side.SHENZHEN.value: _("Partner of the Shenzhen side"),
    BOTH: _("Partners of both sides"),
    NOBODY: _("No partner on record here"),
}

# The same as headings of the page, where there is little room.
SHORT = {
    Side.SINGAPORE.value: _("Singapore side"),
    Side.SHENZHEN.value: _("Shenzhen side"),
    BOTH: pgettext_lazy("parties", "Both sides"),
    NOBODY: pgettext_lazy("parties", "Nobody on record"),
}


class PortfolioForm(Choosing):
    rows = forms.ChoiceField(
        label=pgettext_lazy("report", "Rows"),
        choices=[("", _("numbers by meeting and pillar")), (PROJECTS, _("projects, one by one"))],
        required=False,
    )
    track = track_field()
    tier = choice(_("Tier"), [*Project.Tier.choices, NOT_STATED_CHOICE])
    pillar = pillar_field()
    meeting = meeting_field()
    stage = choice(_("Stage"), STAGES)
    side = choice(_("Side of a partner"), SIDES)
    uncounted = forms.BooleanField(
        label=_("also what totals do not count: without a meeting, or with one not held yet"), required=False
    )
    field_order = ["rows", "track", "tier", "pillar", "meeting", "stage", "side", "uncounted", "unpublished"]


def projects(chosen: dict, user) -> QuerySet:
    """Return the projects that the report is of: as the Committee counts them, unless more is asked for."""
    tracks = tracks_of(chosen)
    if chosen["uncounted"]:
        found = standing(Project.objects.filter(track__in=tracks), chosen, user)
    else:
        how = Counting(tracks=tracks, published=not chosen["unpublished"])
        found = visible(counting.counted(PROJECTS, how), user)
    for name in FILTERS:
        if chosen[name]:
            found = ProjectFilter.base_filters[name].filter(found, [chosen[name]])
    return found.filter(on_side(Partner, "project", chosen["side"])) if chosen["side"] else found


def tallied(chosen: dict, user) -> list[dict]:
    """Return how many projects have each set of meeting, pillar, stage and sides of partners; one query."""
    sides = {side: has_party(Partner, "project", side) for side in Side.values}
    by = projects(chosen, user).annotate(**sides).order_by()
    by = by.values("meeting__slug", "pillar__code", "stage", *Side.values)
    return list(by.annotate(n=Count("pk")))


def address(chosen: dict, **narrower: str) -> str:
    """Return where a number leads: to the public list of the same projects, else to the report's own list."""
    asked = {name: value for name, value in chosen.items() if value and name != "rows"} | narrower
    if asked.get("unpublished") or asked.get("side"):
        query = {name: "on" if value is True else value for name, value in asked.items()}
        return f"{report.address}?{urlencode({'rows': PROJECTS} | query)}"
    filters = {name: [asked[name]] for name in FILTERS if asked.get(name)}
    tracks = tracks_of(chosen)
    if not chosen["uncounted"]:
        return counting.address(PROJECTS, Counting(tracks=tracks), **filters)
    return f"{reverse('projects:list')}?{urlencode({'track': tracks} | filters, doseq=True)}"


def _fits(one: dict, side: str) -> bool:
    """Return whether a line of the tally is of projects that have partners as `side` says."""
    if side == BOTH:
        return all(one[name] for name in Side.values)
    return not any(one[name] for name in Side.values) if side == NOBODY else one[side]


def _addresses(chosen: dict, **narrower: str) -> list[str]:
    """Return where the numbers of a row lead: those of each stage, of all, and by side."""
    sides = [chosen["side"]] if chosen["side"] else BY_SIDE
    return [
        *(address(chosen, **narrower, stage=stage) for stage, _label in STAGES),
        address(chosen, **narrower),
        *(address(chosen, **narrower, side=side) for side in sides),
    ]


def _numbers(found: list[dict], chosen: dict) -> list[int]:
    by_stage, by_side = Counter(), Counter()
    sides = [chosen["side"]] if chosen["side"] else BY_SIDE
    for one in found:
        by_stage[one["stage"]] += one["n"]
        by_side.update({side: one["n"] for side in sides if _fits(one, side)})
    return [*(by_stage[stage] for stage, _label in STAGES), by_stage.total(), *(by_side[one] for one in sides)]


def _meetings(found: list[dict], user) -> list[tuple[str, list[Cell]]]:
    """Return the meetings of a tally in the order of their dates, what has none last."""
    known = visible(Meeting.objects.filter(slug__in={one["meeting__slug"] for one in found}), user)
    ordered = known.order_by(F("starts_on").asc(nulls_last=True), "pk")
    named = [(one.slug, pair(one.title_in("en"), one.title_in("zh"))) for one in ordered]
    return [*named, (NOT_STATED, words(_("No launch meeting")))]


def _pillars() -> list[tuple[str, list[Cell]]]:
    named = [(one.code, pair(one.short_name_en, one.short_name_zh)) for one in Pillar.objects.all()]
    return [*named, (NOT_STATED, words(_("Not classified")))]


def numbers(chosen: dict, user) -> list[list[Cell]]:
    """Return a row of numbers for each pillar at each meeting; three queries."""
    found = tallied(chosen, user)
    if not found:
        return []
    here = defaultdict(list)
    for one in found:
        here[one["meeting__slug"] or NOT_STATED, one["pillar__code"] or NOT_STATED].append(one)
    rows, pillars = [], _pillars()
    for meeting, meeting_name in _meetings(found, user):
        for pillar, pillar_name in pillars:
            if lines := here[meeting, pillar]:
                addresses = _addresses(chosen, meeting=meeting, pillar=pillar)
                cells = [count(*one) for one in zip(_numbers(lines, chosen), addresses, strict=True)]
                rows.append([Cell(meeting), *meeting_name, Cell(pillar), *pillar_name, *cells])
    return rows


def drawn(chosen: dict, rows: list[list[Cell]]) -> Picture:
    """Return the figure: a bar for each meeting, parted by pillar."""
    series = [(f"s{at}", code, name) for at, (code, name) in enumerate(_pillars(), 1)]
    place = 1 if page_suffix() == "en" else 2
    bars: dict[str, Bar] = {}
    for row in rows:
        meeting, pillar, total = row[0].value, row[3].value, row[ALL_AT].value
        bar = Bar(row[place].shown, [0] * len(series), address(chosen, meeting=meeting), row[place].lang)
        bars.setdefault(meeting, bar).values[[code for _css, code, _name in series].index(pillar)] = total
    named = [(css, name[place - 1].shown) for css, _code, name in series]
    return Picture(list(bars.values()), named, _("Projects by launch meeting; the colours are the pillars."))


# Where the sum of the stages stands in a row.
ALL_AT = 6 + len(STAGES)


class Portfolio(Report):
    key = "portfolio"
    title = _("Portfolio of projects")
    about = _(
        "Projects as the Committee counts them: their launch meeting was held. A project counts once in every"
        " total; one with partners of both sides stands under each side and under both. The pillar is the one"
        " given in the record."
    )
    position = 10
    form_class = PortfolioForm

    def columns(self, chosen):
        if chosen["rows"]:
            return list_columns()
        sides = [chosen["side"]] if chosen["side"] else BY_SIDE
        return (
            text("meeting", _("Meeting (address)")),
            *pair_columns("meeting", _("Meeting (English)"), _("Meeting (Chinese)"), _("Meeting")),
            text("pillar", _("Pillar")),
            *pair_columns("pillar", _("Pillar (English)"), _("Pillar (Chinese)"), _("Pillar")),
            *(number(stage, label) for stage, label in STAGES),
            number("all", _("All")),
            *(number(f"side_{side}", BY_SIDE[side], SHORT[side]) for side in sides),
        )

    def rows(self, chosen, user):
        return project_rows(projects(chosen, user), user) if chosen["rows"] else numbers(chosen, user)

    def total(self, chosen, rows):
        if chosen["rows"] or not rows:
            return None
        label = [Cell("total"), *words(_("Total")), Cell(""), *words("")]
        return added_up(rows, label, _addresses(chosen))

    def picture(self, chosen, rows):
        return None if chosen["rows"] else drawn(chosen, rows)

    def notes(self, chosen, rows):
        if chosen["rows"]:
            return []
        return [_("The columns by side do not add up: a project with partners of both sides stands in three.")]


def list_columns() -> list[Column]:
    """Return the columns of a list of projects for staff: those of the public list, and the status."""
    known = {column.key: column for column in COLUMNS}
    keys = (*LISTED, *(column.key for column in PARTNERS))
    headed = {"reference": _("Reference"), "meeting": _("Meeting")}
    columns = [replace(known[key], page=headed.get(key, known[key].page)) for key in keys]
    return [*columns, text("status", _("Publication status"), _("Status"))]


def project_rows(found: QuerySet, user) -> Lines:
    """Return a list of projects by reference, each leading to its page; four queries."""
    meetings = [(one.reference, one.title) for one in visible(Meeting.objects.all(), user)]
    shown = {
        "pillar": labelled(pillar_choices()),
        "meeting": labelled(meetings),
        "stage": labelled(STAGES),
        "status": labelled(Status.choices),
    }
    return listed(found.order_by("reference_number", "pk"), list_columns(), PROJECTS, shown)


report = Portfolio()
register(report)
