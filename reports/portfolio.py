"""The portfolio: projects by pillar, meeting, side and stage, and the list of those behind each number."""

from collections import Counter, defaultdict
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
from listing.columns import Column, Kind
from listing.filters import NOT_STATED
from meetings.models import Meeting
from projects.columns import COLUMNS, PARTNERS
from projects.filters import ProjectFilter
from projects.models import Partner, Project
from publishing.bilingual import page_suffix
from publishing.models import Status
from publishing.sides import visible
from reports.cells import labelled, listed, number, pair, pair_columns, words
from reports.choosing import (
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
from reports.frame import Bar, Cell, Picture, Report, register

KEY = "portfolio"
PROJECTS = "projects"
# What stands in place of a meeting in a row of sums.
SUM = "total"
STAGES = Project.Stage.choices
# What is narrowed by the filters of the public list, under the same names.
FILTERS = ("pillar", "meeting", "stage", "tier")
LISTED = ("reference", "title_en", "title_zh", "pillar", "meeting", "stage", "stage_as_of", "track", "tier")


class PortfolioForm(Choosing):
    rows = forms.ChoiceField(
        label=pgettext_lazy("report", "Show"),
        choices=[("", _("numbers by pillar and meeting")), (PROJECTS, _("the projects, one by one"))],
        required=False,
    )
    track = track_field()
    tier = choice(_("Tier"), [*Project.Tier.choices, (NOT_STATED, pgettext_lazy("facet", "Not stated"))])
    pillar = pillar_field()
    meeting = meeting_field()
    stage = choice(_("Stage"), STAGES)
    side = choice(_("Side of a partner"), SIDES)
    uncounted = forms.BooleanField(
        label=_("Also what the totals do not count: no launch meeting, or one not held yet"), required=False
    )
    field_order = ["rows", "track", "tier", "pillar", "meeting", "stage", "side", "uncounted", "drafts"]


def projects(chosen: dict, user) -> QuerySet:
    """Return the projects that the report is of: as the Committee counts them unless more is asked for."""
    tracks = tracks_of(chosen)
    if chosen["uncounted"]:
        found = standing(Project.objects.filter(track__in=tracks), chosen, user)
    else:
        how = Counting(tracks=tracks, published=not chosen["drafts"])
        found = visible(counting.counted(PROJECTS, how), user)
    for name in FILTERS:
        if chosen[name]:
            found = ProjectFilter.base_filters[name].filter(found, [chosen[name]])
    return found.filter(on_side(Partner, "project", chosen["side"])) if chosen["side"] else found


def tallied(chosen: dict, user) -> list[dict]:
    """Return how many projects have each set of pillar, meeting, stage and sides of partners; one query."""
    found = projects(chosen, user).annotate(
        **{side: has_party(Partner, "project", side) for side in Side.values}
    )
    by = found.order_by().values("pillar__code", "meeting__slug", "stage", *Side.values)
    return list(by.annotate(n=Count("pk")))


def address(chosen: dict, **narrower: str) -> str:
    """Return where a number leads: to the public list of the same projects, else to the report's own list."""
    asked = {name: value for name, value in chosen.items() if value and name != "rows"} | narrower
    if asked.get("drafts") or asked.get("side"):
        query = {name: "on" if value is True else value for name, value in asked.items()}
        return f"{report.address}?{urlencode({'rows': PROJECTS} | query)}"
    filters = {name: [asked[name]] for name in FILTERS if asked.get(name)}
    tracks = tracks_of(chosen)
    if not chosen["uncounted"]:
        return counting.address(PROJECTS, Counting(tracks=tracks), **filters)
    return f"{reverse('projects:list')}?{urlencode({'track': tracks} | filters, doseq=True)}"


def _row(codes: list[str], label: list[Cell], found: list[dict], chosen: dict, **narrower: str) -> list[Cell]:
    """Return a row of numbers, one for each stage and their sum, each with its list."""
    by_stage = Counter()
    for one in found:
        by_stage[one["stage"]] += one["n"]
    cells = [number(by_stage[stage], address(chosen, **narrower, stage=stage)) for stage, _label in STAGES]
    total = number(by_stage.total(), address(chosen, **narrower))
    return [Cell(codes[0]), *label[:2], Cell(codes[1]), *label[2:], *cells, total]


def _meetings(found: list[dict], user) -> list[Meeting]:
    """Return the meetings of a tally in the order of their dates."""
    slugs = {one["meeting__slug"] for one in found}
    known = visible(Meeting.objects.filter(slug__in=slugs), user)
    return list(known.order_by(F("starts_on").asc(nulls_last=True), "pk"))


def numbers(chosen: dict, user) -> list[list[Cell]]:
    """Return the table: a row for each pillar at each meeting, then the sums, of all and by side; three queries."""
    found = tallied(chosen, user)
    if not found:
        return []
    here, rows = defaultdict(list), []
    for one in found:
        here[one["meeting__slug"] or NOT_STATED, one["pillar__code"] or NOT_STATED].append(one)
    meetings = [(one.slug, pair(one.title_in("en"), one.title_in("zh"))) for one in _meetings(found, user)]
    pillars = [(one.code, pair(one.short_name_en, one.short_name_zh)) for one in Pillar.objects.all()]
    for meeting, meeting_name in (*meetings, (NOT_STATED, words(_("No launch meeting")))):
        for pillar, pillar_name in (*pillars, (NOT_STATED, words(_("Not classified")))):
            if (meeting, pillar) in here:
                label, narrower = [*meeting_name, *pillar_name], {"meeting": meeting, "pillar": pillar}
                rows.append(_row([meeting, pillar], label, here[meeting, pillar], chosen, **narrower))
    return [*rows, *_sums(found, chosen)]


def _sums(found: list[dict], chosen: dict) -> list[list[Cell]]:
    """Return the rows of sums: of all, and of those with partners of each side, of both, of none on record."""
    rows = [_row([SUM, ""], [*words(_("Total")), *words("")], found, chosen)]
    if chosen["side"]:
        return rows
    labels = {
        Side.SINGAPORE.value: _("of these with a partner of the Singapore side"),
        Side.SHENZHEN.value: _("of these with a partner of the Shenzhen side"),
        BOTH: _("of these with partners of both sides"),
        NOBODY: _("of these with no partner on record here"),
    }
    for side, label in labels.items():
        here = [one for one in found if _fits(one, side)]
        rows.append(_row([f"{SUM}:{side}", ""], [*words(label), *words("")], here, chosen, side=side))
    return rows


def _fits(one: dict, side: str) -> bool:
    if side == BOTH:
        return all(one[name] for name in Side.values)
    return not any(one[name] for name in Side.values) if side == NOBODY else one[side]


class Portfolio(Report):
    key = KEY
    title = _("Portfolio of projects")
    about = _(
        "Projects as the Committee counts them: their launch meeting was held. A project counts once in every"
        " total; one with partners of both sides stands under each side, so the sides add up to more."
        " Pillars are as classified in each record."
    )
    position = 10
    form_class = PortfolioForm

    def columns(self, chosen):
        if chosen["rows"]:
            return list_columns()
        return [
            Column("meeting", _("Meeting (address)")),
            *pair_columns("meeting", _("Meeting (English)"), _("Meeting (Chinese)"), _("Meeting")),
            Column("pillar", _("Pillar")),
            *pair_columns("pillar", _("Pillar (English)"), _("Pillar (Chinese)"), _("Pillar")),
            *(Column(stage, label, kind=Kind.INTEGER, page=label) for stage, label in STAGES),
            Column("total", _("Total"), kind=Kind.INTEGER, page=_("Total")),
        ]

    def rows(self, chosen, user):
        return project_rows(projects(chosen, user), user) if chosen["rows"] else numbers(chosen, user)

    def picture(self, chosen, rows):
        return None if chosen["rows"] else drawn(chosen, rows)


def drawn(chosen: dict, rows: list[list[Cell]]) -> Picture | None:
    """Return the figure: a bar for each meeting, parted by pillar in the pillars' colours."""
    pillars = [(f"p{one.position}", one.code, one.short_name) for one in Pillar.objects.all()]
    pillars.append(("p0", NOT_STATED, _("Not classified")))
    bars = {}
    for row in rows:
        meeting, pillar, total = row[0].value, row[3].value, row[-1].value
        if pillar:
            shown = row[2 if page_suffix() == "zh" else 1].shown
            bar = bars.setdefault(meeting, Bar(shown, address(chosen, meeting=meeting), [0] * len(pillars)))
            bar.values[[code for _css, code, _name in pillars].index(pillar)] = total
    series = [(css, name) for css, _code, name in pillars]
    return Picture(list(bars.values()), series, _("projects")) if bars else None


def list_columns() -> list[Column]:
    """Return the columns of a list of projects for staff: those of the public list, and the status."""
    known = {column.key: column for column in (*COLUMNS, *PARTNERS)}
    keys = (*LISTED, *(column.key for column in PARTNERS))
    return [*(known[key] for key in keys), Column("status", _("Publication status"), page=_("Status"))]


def project_rows(found: QuerySet, user) -> list[list[Cell]]:
    """Return a list of projects by reference, each leading to its page; three queries."""
    meetings = {one.reference: str(one.title) for one in visible(Meeting.objects.all(), user)}
    shown = {
        "pillar": labelled(pillar_choices()),
        "meeting": labelled(meetings),
        "stage": labelled(STAGES),
        "status": labelled(Status.choices),
    }
    return listed(found.order_by("reference_number", "pk"), list_columns(), PROJECTS, shown)


report = Portfolio()
register(report)
