"""Pages that span the apps: home, standing pages, search, the chronology, and the way to a language."""

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from initiative.counting import COMMITTEE, MEASURES, Figure, address, counted, figure, tally
from initiative.models import Page, Pillar
from listing.filters import NOT_STATED
from meetings.figures import latest_total
from meetings.models import AnnouncedFigure, Meeting
from sci_portal import chronology
from sci_portal.arches import arches
from sci_portal.pages import BLOCKS
from sci_portal.search import answer


@never_cache
def choose_language(request):
    """Lead from / to the edition in the language that the browser asks for."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _latest_projects(latest: Meeting | None) -> dict:
    """Return the counted projects of the latest meeting, in the order of its annex, with their figure."""
    if latest is None:
        return {"launched": []}
    at = {"meeting": [latest.slug]}
    rows = counted("projects", **at).select_related("pillar", "meeting")
    rows = rows.prefetch_related("partners__organisation")
    launched = list(rows.order_by("annex_letter", "annex_item", "reference_number"))
    return {
        "launched": launched,
        "launched_address": address("projects", **at),
        "arches": arches(launched),
    }


def _by_pillar() -> dict:
    """Return the counted projects of each pillar as (pillar, number, address), and of none as a figure."""
    numbers = {row["pillar"]: row["n"] for row in tally("projects", COMMITTEE, "pillar")}
    return {
        "pillars": [
            (pillar, numbers.get(pillar.pk, 0), address("projects", pillar=[pillar.code]))
            for pillar in Pillar.objects.all()
        ],
        "unclassified": Figure(
            numbers.get(None, 0), MEASURES["projects"], address("projects", pillar=[NOT_STATED])
        ),
    }


def home(request):
    planned = Meeting.objects.published().filter(kind=Meeting.Kind.JIC, phase=Meeting.Phase.PLANNED)
    latest = counted("meetings").order_by("-number").first()
    return render(
        request,
        "home.html",
        {
            "latest": latest,
            "planned": planned.order_by("number").first(),
            "projects": latest_total(AnnouncedFigure.Measure.PROJECTS),
            "mous": latest_total(AnnouncedFigure.Measure.MOUS),
            "projects_recorded": figure("projects"),
            "mous_recorded": figure("mous"),
            "meetings": figure("meetings"),
            "organisations": figure("organisations"),
        }
        | _latest_projects(latest)
        | _by_pillar(),
    )


def page(request, slug):
    """Show a standing page: its text, and below it what sci_portal/pages.py finds on record for it."""
    found = get_object_or_404(Page, slug=slug)
    context = {"page": found}
    if slug in BLOCKS:
        context |= BLOCKS[slug]() | {"beside": f"pages/_{slug}.html"}
    return render(request, "page.html", context)


def search(request):
    return render(request, "search.html", answer(request.GET.get("q", "")))


class ChronologyFilter(forms.Form):
    """The choices of the chronology's page; what is none of them shows nothing."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    year = forms.ChoiceField(label=gettext_lazy("Year"), required=False)

    def __init__(self, data, years: list[int]):
        super().__init__(data)
        everything = [("", gettext_lazy("All"))]
        self.fields["kind"].choices = everything + chronology.Kind.choices
        self.fields["year"].choices = everything + [(str(year), str(year)) for year in years]

    def keep(self, entries: list[chronology.Entry]) -> list[chronology.Entry]:
        """Return the entries that were asked for."""
        if not self.is_valid():
            return []
        kind, year = self.cleaned_data["kind"], self.cleaned_data["year"]
        return [one for one in entries if kind in ("", one.kind) and year in ("", str(one.year))]


class Chronology(TemplateView):
    """What happened when, newest first (/en/chronology/)."""

    template_name = "chronology.html"

    def get_context_data(self, **kwargs):
        everything = chronology.chronology()
        form = ChronologyFilter(self.request.GET, chronology.years(everything))
        entries = form.keep(everything)
        return super().get_context_data(
            title=chronology.TITLE,
            form=form,
            entries=entries,
            years=chronology.by_year(entries),
            count=ngettext("%(count)s entry", "%(count)s entries", len(entries)) % {"count": len(entries)},
        )


def alive(request):
    """Answer that the process runs (/healthz)."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(request):
    """Answer that the database answers (/readyz)."""
    Pillar.objects.exists()
    return HttpResponse("ready\n", content_type="text/plain")
