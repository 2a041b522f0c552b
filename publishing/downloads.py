"""Giving a stored file to who may have it, always as a download and never shown in place, and logging it."""

import logging

from django.http import FileResponse, Http404, HttpResponse, HttpResponsePermanentRedirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import condition
from django.views.generic import View

from publishing.files import Download, RecordFile
from publishing.models import Status
from publishing.sides import Visibility

logger = logging.getLogger("sci_portal.downloads")
POLICY = "default-src 'none'; sandbox"


def _etag(request, file: RecordFile, by):
    return f'"{file.sha256}"' if file.sha256 else None


def _last_modified(request, file: RecordFile, by):
    return file.uploaded_at


def _log(level: int, what: str, file: RecordFile, by) -> None:
    # No title: what one side keeps to itself stays out of the operator's log.
    who = by.get_username() if by else "public"
    told = (what, who, file._meta.label_lower, file.pk, file.record.reference, file.sha256)
    logger.log(level, "%s by=%s file=%s:%s record=%s sha256=%s", *told)


def give(request, file: RecordFile, by=None) -> HttpResponse:
    """Answer with a file that the User `by` (None: the public) may have; 404 in words where it is gone."""
    if not (file.file and file.file.storage.exists(file.file.name)):
        _log(logging.ERROR, "not stored", file, by)
        words = _("This file is not where it was stored. Tell whoever runs this site.")
        return HttpResponse(words, status=404, content_type="text/plain; charset=utf-8")
    return _answer(request, file, by)


@condition(etag_func=_etag, last_modified_func=_last_modified)
def _answer(request, file: RecordFile, by) -> HttpResponse:
    if request.method == "GET":
        if by:
            Download.note(file, by)
        _log(logging.INFO, "download", file, by)
    # Scans and Office files are compressed already; left as it is, a browser knows how long it takes.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    response = FileResponse(
        file.file.open("rb"),
        as_attachment=True,
        filename=file.file_name,
        content_type=file.content_type or "application/octet-stream",
    )
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


class PublicFile(View):
    """A public file of a published record; `model` is its kind."""

    model: type[RecordFile] | None = None
    http_method_names = ["get", "head"]

    def get(self, request, key, pk, name):
        public = {"visibility": Visibility.PUBLIC, f"{self.model.RECORD}__status": Status.PUBLISHED}
        file = self.model.objects.filter(pk=pk, **public).select_related(self.model.RECORD).first()
        if file is None:
            raise Http404
        if (key, name) != (getattr(file.record, file.RECORD_KEY), file.file_name):
            return HttpResponsePermanentRedirect(file.public_address())
        response = give(request, file)
        patch_cache_control(response, public=True, no_cache=True)
        return response
