"""The admin site: its name, and the way to work in the other language."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from sci_portal.todo import index_context


class SCIPortalAdminSite(admin.AdminSite):
    site_header = _("SCI Portal administration")
    site_title = _("SCI Portal administration")
    index_title = _("Records")

    def get_urls(self):
        return [
            path("language/", self.admin_view(require_POST(self.language)), name="language"),
            *super().get_urls(),
        ]

    def index(self, request, extra_context=None):
        return super().index(request, index_context(self, request) | (extra_context or {}))

    def language(self, request):
        """Remember the language in which the signed-in person works."""
        chosen = request.POST.get("language")
        if chosen in dict(settings.LANGUAGES):
            request.user.language = chosen
            request.user.save(update_fields=["language"])
        after = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}):
            after = reverse("admin:index")
        return HttpResponseRedirect(after)
