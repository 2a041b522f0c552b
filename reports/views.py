from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiative.counting import counted
from initiative.models import Pillar
from listing.exports import CONTENT_TYPES, file_name, table
from reports.bridge import Bridge, bridge
from reports.drawing import columns, lines
from reports.statistics import BY_FACET, by_meeting, growth, meetings_of_counts, shares


def _bridge() -> Bridge:
    projects = counted("projects").select_related("pillar", "meeting")
    projects = projects.prefetch_related("partners__organisation").order_by("reference_number")
    return bridge(list(projects), settings.SIDE_ORDER[get_language()])


def statistics(request):
    meetings = meetings_of_counts()
    rows, moments = by_meeting(meetings), growth(meetings)
    return render(
        request,
        "reports/statistics.html",
        {
            "title": _("Statistics"),
            "bridge": _bridge(),
            "pillars": Pillar.objects.all(),
            "rows": rows,
            "columns": columns(rows),
            "moments": moments,
            "lines": lines(moments),
            "figures": shares(),
        },
    )


# The columns of each figure's file.
FIGURES = {
    "bridge": [
        "project",
        "title_en",
        "title_zh",
        "pillar",
        "singapore",
        "singapore_name_en",
        "singapore_name_zh",
        "shenzhen",
        "shenzhen_name_en",
        "shenzhen_name_zh",
    ],
    "meetings": ["meeting", "announced", "recorded"],
    "growth": ["meeting", "on", "projects", "projects_announced", "mous", "mous_announced"],
    **{name: [name, "projects", "of"] for name in BY_FACET},
}


def _bridge_rows() -> list[list]:
    drawn = _bridge()
    pairs = [(curve.project, curve.left, curve.right) for curve in drawn.curves]
    rows = []
    for project, left, right in pairs + [(project, None, None) for project in drawn.unnamed]:
        sides = dict(zip(settings.SIDE_ORDER[get_language()], (left, right), strict=True))
        cells = [project.reference, project.title_en, project.title_zh, project.pillar and project.pillar.code]
        for side in ("singapore", "shenzhen"):
            body = sides[side]
            cells += [body.reference, body.name_en, body.name_zh] if body else ["", "", ""]
        rows.append(cells)
    return rows


def _meeting_rows() -> list[list]:
    return [[row.meeting.code, row.announced, row.recorded] for row in by_meeting(meetings_of_counts())]


def _growth_rows() -> list[list]:
    return [
        [
            moment.meeting.code,
            moment.on,
            moment.projects.value,
            moment.projects_announced,
            moment.mous.value,
            moment.mous_announced,
        ]
        for moment in growth(meetings_of_counts())
    ]


TABLES = {"bridge": _bridge_rows, "meetings": _meeting_rows, "growth": _growth_rows}


def figure_csv(request, name: str):
    """Give the numbers of one figure as CSV, from the functions that draw it."""
    if name in BY_FACET:
        rows = [[share.value, share.count, share.total] for share in shares()[name]]
    elif name in TABLES:
        rows = TABLES[name]()
    else:
        raise Http404
    response = HttpResponse(table(FIGURES[name], rows), content_type=CONTENT_TYPES["csv"])
    filename = file_name(f"statistics-{name}")
    response["Content-Disposition"] = f'attachment; filename="{filename}.csv"'
    return response


def bridge_svg(request):
    """Give the bridge as one self-contained drawing, for slides."""
    context = {"bridge": _bridge(), "middle": 560}
    response = render(request, "reports/bridge.svg.html", context, content_type="image/svg+xml")
    response["Content-Disposition"] = 'attachment; filename="sci-bridge.svg"'
    return response
