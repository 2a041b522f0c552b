"""Which addresses and templates the tests have visited: one that none visits fails the suite."""

from pathlib import Path

from django.test.signals import template_rendered
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parent.parent / "templates"
views: set[str] = set()
templates: set[str] = set()


def record_visits(get_response):
    """Middleware: note the name of every address that a test asked for."""

    def middleware(request):
        response = get_response(request)
        if request.resolver_match:
            views.add(request.resolver_match.view_name)
        return response

    return middleware


def _note_template(sender, template, **kwargs):
    templates.add(template.name)


template_rendered.connect(_note_template, dispatch_uid="tests.visits")


def _names(resolver, prefix: str = "") -> set[str]:
    found = set()
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace != "admin":
                found |= _names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif pattern.name:
            found.add(f"{prefix}{pattern.name}")
    return found


def unvisited() -> list[str]:
    """Return the addresses and templates of ours that no test has visited."""
    ours = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html")}
    return sorted(_names(get_resolver()) - views) + sorted(ours - templates)
