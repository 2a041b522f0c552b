"""What a form would come to if it were saved: the public page in either language, and what it still needs."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path

from publishing.models import Publication, Publishable
from publishing.rehearsing import public_page, rehearse
from publishing.saving import CarefulSaving, Refusal
from publishing.workflow import publication_problems


class RehearsalPages(CarefulSaving):
    """Previews and live counts: the form is saved, looked at, and undone."""

    def get_urls(self):
        info = self.opts.app_label, self.opts.model_name
        view = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/preview/<slug:language>/",
                view(self.preview_view),
                name="{}_{}_preview".format(*info),
            ),
            path("<path:object_id>/needs/", view(self.needs_view), name="{}_{}_needs".format(*info)),
            *super().get_urls(),
        ]

    def _asked_record(self, request, object_id: str) -> Publishable | None:
        """Return the record of a form, None of a new one. Raises Http404, PermissionDenied."""
        if object_id == "add":
            if request.method != "POST":
                raise Http404
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        may_write = request.method == "POST" and self.has_change_permission(request, record)
        if not may_write and (request.method == "POST" or not self.has_view_permission(request, record)):
            raise PermissionDenied
        return record

    def _rehearsed(self, request, record, look):
        """Return what `look` makes of the record once the form that was sent is saved. Raises Refusal."""
        request.is_rehearsal = True

        def work():
            Publication.lock()
            return look(self.replay(request, record, request.POST))

        return rehearse(work)

    def preview_view(self, request, object_id, language):
        """Show the public page of a record, or of the form as it is typed now, in one language."""
        if language not in dict(settings.LANGUAGES):
            raise Http404
        record = self._asked_record(request, object_id)
        if request.method != "POST":
            return public_page(request, record, language)
        try:
            return self._rehearsed(request, record, lambda saved: public_page(request, saved, language))
        except Refusal as refusal:
            context = {**self.admin_site.each_context(request), "opts": self.opts, "problems": refusal.problems}
            return render(request, "admin/publishing/no_preview.html", context, status=422)

    def needs_view(self, request, object_id):
        """Tell what the form as it is typed now still needs before it can be published."""
        if request.method != "POST":
            raise Http404
        record = self._asked_record(request, object_id)

        def look(saved: Publishable) -> dict:
            saved.refresh_from_db()
            return {"problems": publication_problems(saved), "warnings": saved.publication_warnings()}

        try:
            found = self._rehearsed(request, record, look)
        except Refusal as refusal:
            found = {"problems": refusal.problems, "warnings": []}
        return render(request, "admin/publishing/_needs.html", {"publication": found})
