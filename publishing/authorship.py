"""Who is acting, and when: the person in whose name history rows and last changes are written."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone


@dataclass
class Act:
    """What one person writes at once: all of it has one moment, so that history shows it as one change."""

    user: object
    reason: str | None = None
    moment: datetime.datetime | None = None


_acting: ContextVar[Act | None] = ContextVar("acting", default=None)


def acting_user(**_ignored):
    """Return the User acting now, or None (a shell, a migration). Takes what simple-history passes."""
    act = _acting.get()
    return act.user if act else None


def acting_reason() -> str | None:
    """Return why what is being written is written, where the act has a reason of its own."""
    act = _acting.get()
    return act.reason if act else None


def writing_moment() -> datetime.datetime:
    """Return the moment of the change being written; ask under the lock, so that moments follow commits."""
    act = _acting.get()
    if act is None:
        return timezone.now()
    if act.moment is None:
        act.moment = timezone.now()
        transaction.on_commit(lambda: setattr(act, "moment", None))
    return act.moment


@contextmanager
def acting(user, reason: str | None = None) -> Iterator[None]:
    """Write everything saved inside in the name of `user`; `reason` is noted in the history."""
    token = _acting.set(Act(user, reason))
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
