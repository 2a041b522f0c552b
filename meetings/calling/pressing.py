"""Buttons of the desk: what they do is done by a POST alone."""

from functools import wraps

from django.http import HttpResponseRedirect
from django.urls import reverse


def changes(key: str):
    """Return a decorator of a view that changes something: another method leads to the page `key` of the desk.

    That is where one comes from signing in again after a session has ended: nothing was done, the page says how
    the matter stands.
    """

    def decorator(view):
        @wraps(view)
        def posted(request, meeting, **kwargs):
            if request.method != "POST":
                return HttpResponseRedirect(reverse(f"admin:desk_{key}", args=[meeting.pk]))
            return view(request, meeting, **kwargs)

        return posted

    return decorator
