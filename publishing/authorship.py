"""Who is acting: the person in whose name history rows and last changes are written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_acting = ContextVar("acting", default=None)


def acting_user(**_ignored):
    """Return the User acting now, or None (a shell, a migration). Takes what simple-history passes."""
    return _acting.get()


@contextmanager
def acting(user) -> Iterator[None]:
    """Write everything saved inside in the name of `user`."""
    token = _acting.set(user)
    try:
        yield
    finally:
        _acting.reset(token)


class ActingUserMiddleware:
    """Under /admin/ the signed-in person acts. Public pages never look at the user (DESIGN §5)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/admin/") and request.user.is_authenticated:
            with acting(request.user):
                return self.get_response(request)
        return self.get_response(request)
