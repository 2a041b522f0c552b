"""Pages that span the apps: home, standing pages, and the way to a language."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.cache import never_cache

from initiative.models import Page, Pillar
from meetings.figures import latest_total
from meetings.models import AnnouncedFigure, Meeting
from mous.models import MOU
from organisations.models import Organisation
from projects.models import Project
from sci_portal.arches import arches
from sci_portal.pages import BLOCKS


@never_cache
def choose_language(request):
    """Lead from / to the edition in the language that the browser asks for."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


def home(request):
    held = Meeting.objects.published().filter(kind=Meeting.Kind.JIC, phase=Meeting.Phase.HELD)
    latest = held.order_by("-number").first()
    launched = Project.objects.counted().filter(meeting=latest).select_related("pillar", "meeting")
    launched = list(
        launched.prefetch_related("partners__organisation").order_by(
            "annex_letter", "annex_item", "reference_number"
        )
    )
    counted = Project.objects.counted()
    return render(
        request,
        "home.html",
        {
            "latest": latest,
            "planned": Meeting.objects.published()
            .filter(kind=Meeting.Kind.JIC, phase=Meeting.Phase.PLANNED)
            .order_by("number")
            .first(),
            "launched": launched,
            "arches": arches(launched),
            "projects": latest_total(AnnouncedFigure.Measure.PROJECTS),
            "mous": latest_total(AnnouncedFigure.Measure.MOUS),
            "projects_recorded": counted.count(),
            "mous_recorded": MOU.objects.counted().count(),
            "meetings_held": held.count(),
            "organisations": Organisation.objects.published().count(),
            "pillars": [(pillar, counted.filter(pillar=pillar).count()) for pillar in Pillar.objects.all()],
            "unclassified": counted.filter(pillar=None).count(),
        },
    )


def page(request, slug):
    """Show a standing page: its text, and below it what sci_portal/pages.py finds on record for it."""
    found = get_object_or_404(Page, slug=slug)
    context = {"page": found}
    if slug in BLOCKS:
        context |= BLOCKS[slug]() | {"beside": f"pages/_{slug}.html"}
    return render(request, "page.html", context)


def alive(request):
    """Answer that the process runs (/healthz)."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(request):
    """Answer that the database answers (/readyz)."""
    Pillar.objects.exists()
    return HttpResponse("ready\n", content_type="text/plain")
