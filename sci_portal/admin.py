"""The admin site: its name, and the way to work in the other language."""

from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpResponseRedirect
from django.urls import include, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from sci_portal import lapsed
from sci_portal.autocomplete import SuggestingView
from sci_portal.changes import changes_export, changes_view
from sci_portal.todo import index_context


class SCIPortalAdminSite(admin.AdminSite):
    site_header = _("SCI Portal administration")
    site_title = _("SCI Portal administration")
    index_title = _("Records")

    def get_urls(self):
        # The models are not loaded yet when the site is made.
        from mous.register_page import register_urls
        from reports.inquiries.pages import inquiry_urls
        from reports.pages import report_urls
        from reports.saved.pages import saved_urls
        from sci_portal.language_desk import LanguageDesk

        return [
            path("language/", self.admin_view(require_POST(self.language)), name="language"),
            path("changes/", self.admin_view(changes_view), {"site": self}, name="changes"),
            path("changes/export.<slug:format>", self.admin_view(changes_export), name="changes_export"),
            *LanguageDesk(self).urls(),
            path("r/<int:kind>/<int:key>/", self.admin_view(self.on_site), name="view_on_site"),
            path("r/<path:anything>", self.admin_view(self.on_site)),
            path("reports/inquiries/", include(inquiry_urls(self))),
            path("mous/", include(register_urls(self))),
            path("reports/", include(saved_urls(self))),
            path("reports/", include(report_urls(self))),
            *super().get_urls(),
        ]

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def through_login(request, *args, **kwargs):
            if request.method == "POST" and not request.user.is_authenticated:
                return lapsed.login_keeping(self, request)
            return inner(request, *args, **kwargs)

        return through_login

    def login(self, request, extra_context=None):
        typed = request.POST.get("typed", "") if request.method == "POST" else ""
        if typed:
            extra_context = {"typed": typed, "is_lapsed": True} | (extra_context or {})
        answer = super().login(request, extra_context)
        lapsed.keep_typed(request, answer)
        return answer

    def autocomplete_view(self, request):
        return SuggestingView.as_view(admin_site=self)(request)

    def index(self, request, extra_context=None):
        return super().index(request, index_context(self, request) | (extra_context or {}))

    def on_site(self, request, kind=None, key=None, anything=""):
        """Lead to the public page of something that the person may see; Django's own view asks nobody."""
        model = ContentType.objects.filter(pk=kind).first() if kind else None
        found = self._registry.get(model and model.model_class())
        one = found.get_object(request, str(key)) if found and found.has_view_permission(request) else None
        if one is None or not hasattr(one, "get_absolute_url"):
            raise Http404
        return HttpResponseRedirect(one.get_absolute_url())

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
