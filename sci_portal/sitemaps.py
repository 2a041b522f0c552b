"""What search engines are to read: every public page in both languages, and what to leave alone."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.http import HttpResponse
from django.urls import reverse

from initiative.models import Page
from meetings.models import Meeting
from mous.models import MOU
from organisations.models import Organisation
from projects.models import Project
from publishing.addresses import absolute, updated_at

LISTS = ("projects:list", "mous:list", "meetings:list", "organisations:list")


class BothLanguages(Sitemap):
    """Addresses in each language, each naming the other; under SITE_URL where it is set."""

    i18n = alternates = True

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme or super().get_protocol(protocol)

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc or super().get_domain(site)


class PageSitemap(BothLanguages):
    def items(self):
        standing = ["about"] if Page.objects.filter(slug="about").exists() else []
        return ["home", *LISTS, "chronology", *standing]

    def location(self, item: str) -> str:
        return reverse(item)


class RecordSitemap(BothLanguages):
    """The published records of one kind."""

    def __init__(self, model):
        self.model = model

    def items(self):
        return self.model.objects.published().order_by("reference_number")

    def lastmod(self, item):
        return updated_at(item)


def sitemap(request):
    """/sitemap.xml"""
    kinds = (Meeting, Organisation, MOU, Project)
    maps = {"pages": PageSitemap()} | {kind.__name__: RecordSitemap(kind) for kind in kinds}
    return sitemap_views.sitemap(request, maps)


def robots(request):
    """/robots.txt: everything but the staff's pages and the endless results of the search."""
    hidden = [reverse("admin:index"), *(f"/{language}/search/" for language, _name in settings.LANGUAGES)]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in hidden)]
    lines += ["", f"Sitemap: {absolute(request, reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
