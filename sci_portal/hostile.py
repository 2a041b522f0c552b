"""What no page should have to think of: text that no database takes, methods that no page answers."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed, UnreadablePostError
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure


def sent(request):
    """Return what a form sent. Raises BadRequest where the connection broke off on the way."""
    try:
        return request.POST
    except UnreadablePostError as broken:
        raise BadRequest(str(broken)) from broken


class RefuseNullCharacters:
    """Answer 400 to a null character in an address or a staff form: PostgreSQL neither stores nor seeks one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        staff = request.path.startswith("/admin/")
        lists = [*request.GET.lists(), *(sent(request).lists() if staff else ())]
        if "\0" in request.path or (staff and any("\0" in text for _name, texts in lists for text in texts)):
            return HttpResponseBadRequest(_("Null characters are not allowed."), content_type="text/plain")
        return self.get_response(request)


def no_token(request, reason="") -> HttpResponse:
    """Answer a request without its token: public pages only give, so there the method is wrong."""
    if request.path.startswith("/admin/"):
        return csrf_failure(request, reason)
    return HttpResponseNotAllowed(["GET", "HEAD"])
