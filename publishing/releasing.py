"""The hour of a release: what is approved for it goes public in one transaction, or none of it does."""

import datetime
import logging
from collections.abc import Callable

from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from publishing.approvals import note_next_release, records_in
from publishing.authorship import acting
from publishing.bilingual import LANGUAGE_TAGS
from publishing.models import Publication, Publishable, Status
from publishing.releases import Release
from publishing.workflow import Refused, move

logger = logging.getLogger(__name__)

RELEASED = gettext_noop("Published at the hour of its release, as approved beforehand.")
# What else goes public with a release: functions of it and of its records, called in the same transaction
# once these are public. One that raises Refused keeps all of it back.
ALSO_RELEASED: list[Callable[[Release, list[Publishable]], None]] = []
# Paths that ask the database for nothing, or only whether it is there.
ASKING_NOTHING = ("/static/", "/healthz", "/readyz")


def release_due(now: datetime.datetime | None = None) -> list[Release]:
    """Publish what is due at `now` (by default the present), each release whole or not at all.

    Return the releases settled: released, or failed with their problems. Safe to call at once from
    several places: who comes second finds nothing due. Raises DatabaseError where nothing can be written.
    """
    now = now or timezone.now()
    with transaction.atomic():
        publication = Publication.lock()
        due = list(Release.objects.filter(state=Release.State.WAITING, at__lte=now).order_by("at", "pk"))
        for release in due:
            _settle(release)
        note_next_release(publication)
    return due


def _settle(release: Release) -> None:
    """Release one, or note in both languages why not."""
    found = {}
    for suffix, tag in LANGUAGE_TAGS.items():
        with translation.override(tag.lower()):
            found[suffix] = _attempt(release)
        if not found[suffix]:
            release.state, release.released_at = Release.State.RELEASED, timezone.now()
            break
    else:
        release.state = Release.State.FAILED
        release.problems_en, release.problems_zh = found["en"], found["zh"]
        logger.error("Release %s of %s failed: %s", release.pk, release.at, release.problems_en)
    release.save()


def _attempt(release: Release) -> str:
    """Publish the records of a release; where one is refused undo all, and return why, a line each."""
    try:
        with transaction.atomic():
            _publish(release, records_in(release))
    except Refused as refused:
        return "\n".join(refused.problems)
    except OperationalError:
        raise  # the database is not to be written to now: the hour stays due
    except Exception:
        logger.exception("Release %s broke off", release.pk)
        return _("A fault of the program, written to its log. Ask the operator, then set another hour.")
    return ""


def _publish(release: Release, records: list[Publishable]) -> None:
    """Publish each record as soon as those that it names are public. Raises Refused."""
    if not records:
        raise Refused([_("No record was approved for it.")])
    if problems := [line for record in records for line in _unready(record)]:
        raise Refused(problems)
    approvers = {record.release_approved_by_id: record.release_approved_by for record in records}
    left = [(record, approvers[record.release_approved_by_id]) for record in records]
    while left:
        refused, problems = [], []
        for record, approver in left:
            try:
                move(record, Status.PUBLISHED, by=approver, reason=RELEASED)
            except Refused as one:
                refused.append((record, approver))
                problems += [_of(record, problem) for problem in one.problems]
        if len(refused) == len(left):
            raise Refused(problems)
        left = refused
    with acting(release.made_by):
        for also in ALSO_RELEASED:
            also(release, records)


def _of(record: Publishable, problem: str) -> str:
    return _("%(reference)s “%(name)s”: %(problem)s") % {
        "reference": record.reference,
        "name": record,
        "problem": problem,
    }


def _unready(record: Publishable) -> list[str]:
    """Return why a record is not what was approved: published by hand, it would have left the release."""
    if record.status != Status.IN_REVIEW:
        words = _("It is “%(status)s”, no longer in review.")
        return [_of(record, words % {"status": record.get_status_display()})]
    if record.release_approved_by is None:
        return [_of(record, _("It was changed after it was approved, and not approved again."))]
    return []


def release_if_due() -> None:
    """Publish what is due, at the price of one query where nothing is. Never fails: a fault is logged.

    A database that only reads, as a standby does, shows what is there until its primary has released it.
    """
    try:
        if Publication.objects.filter(pk=1, next_release_at__lte=timezone.now()).exists():
            release_due()
    except DatabaseError:
        logger.exception("What is due for release could not be published now")


class ReleaseMiddleware:
    """Before a page is made: the first request after the hour of a release publishes it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith(ASKING_NOTHING):
            release_if_due()
        return self.get_response(request)
