"""Preparing a release: its hour, what is approved to go with it, and calling it off. Each refusal in words."""

import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from publishing.models import Publication, Publishable, Status
from publishing.naming import kinds_of_record
from publishing.releases import Release
from publishing.workflow import Refused, may, save_unwritten

APPROVED = gettext_noop("Approved for release at the hour set.")
TAKEN_OUT = gettext_noop("Taken out of the release.")


def note_next_release(publication: Publication) -> None:
    """Note on the locked Publication row the hour of the next release that waits."""
    waiting = Release.objects.filter(state=Release.State.WAITING)
    publication.next_release_at = waiting.aggregate(next=Min("at"))["next"]
    publication.save(update_fields=["next_release_at"])


def records_in(release: Release) -> list[Publishable]:
    """Return the records of a release, the kinds that others name first; one query for each kind."""
    return [
        record
        for kind in kinds_of_record()
        for record in kind._base_manager.filter(release=release)
        .select_related("release_approved_by")
        .order_by("pk")
    ]


def open_release(about: models.Model) -> Release | None:
    """Return the release that waits for its hour, or failed at it, for the sake of `about`."""
    return Release.of(about).filter(state__in=Release.OPEN).first()


def _refuse_without_right(record: Publishable, by) -> None:
    if not may(record, "publish", by):
        raise Refused([_("Your role does not allow this. Ask a manager.")])


def plan_release(about: Publishable, at: datetime.datetime, *, by) -> Release:
    """Set the hour of the release for the sake of `about`, or another hour; what is approved stays so.

    Raises Refused, with every reason, and changes nothing.
    """
    with transaction.atomic():
        publication = Publication.lock()
        _refuse_without_right(about, by)
        about.refresh_from_db()
        problems = []
        if at <= timezone.now():
            problems.append(_("This hour is past. Choose a later one; to publish now, use “Publish”."))
        if about.kept_by:
            problems.append(_("It is kept by one side. Share it first."))
        if problems:
            raise Refused(problems)
        kind = ContentType.objects.get_for_model(about)
        release = open_release(about) or Release(kind=kind, record_id=about.pk)
        release.at, release.state = at, Release.State.WAITING
        release.made_by, release.made_at = by, timezone.now()
        release.problems_en = release.problems_zh = ""
        release.save()
        note_next_release(publication)
    return release


def call_off(release: Release, *, by) -> None:
    """Release nothing at that hour: every approval of it is void. Raises Refused."""
    with transaction.atomic():
        publication = Publication.lock()
        _refuse_without_right(release.about, by)
        release.refresh_from_db()
        if release.state not in Release.OPEN:
            raise Refused([_already(release)])
        for record in records_in(release):
            _leave(record, by)
        release.state = Release.State.CALLED_OFF
        release.save()
        note_next_release(publication)


def _already(release: Release) -> str:
    words = _("This release is “%(state)s” already. Set another hour.")
    return words % {"state": release.get_state_display()}


def _leave(record: Publishable, by) -> None:
    record.release = record.release_approved_at = record.release_approved_by = None
    record._change_reason = TAKEN_OUT
    save_unwritten(record, by)


def _approval_problems(record: Publishable, release: Release, by, seen) -> list[str]:
    """Return, in words, why `by` cannot approve `record` as it stands."""
    problems = []
    if not release.is_waiting or release.at <= timezone.now():
        problems.append(_("No release waits for its hour. Set an hour first."))
    if record.release_id not in (None, release.pk):
        problems.append(_("It is in the release of another meeting. Take it out there first."))
    if record.status != Status.IN_REVIEW:
        words = _("It is “%(status)s”; only what is in review can be approved for release.")
        problems.append(words % {"status": record.get_status_display()})
    if record.kept_by:
        problems.append(_("It is kept by one side. Share it first."))
    if record.changed_by_id == by.pk:
        problems.append(_("You wrote the last change; another person must approve."))
    if seen is not None and seen != record.changed_at:
        problems.append(_("It was changed while you looked at this. Look again, then approve."))
    return problems + record.publication_problems()


def approve_for_release(
    record: Publishable, release: Release, *, by, seen: datetime.datetime | None = None
) -> None:
    """Note that `record`, as it stands, goes public with `release`; its status stays. Four eyes, as publishing.

    `seen` is the moment of the version that `by` looked at. A later change of the record or one of its rows
    voids it (Publishable.before_save, Publishable.stamp). Raises Refused, with every reason.
    """
    with transaction.atomic():
        Publication.lock()
        _refuse_without_right(record, by)
        record.refresh_from_db()
        release.refresh_from_db()
        if problems := _approval_problems(record, release, by, seen):
            raise Refused(problems)
        record.release, record.release_approved_at, record.release_approved_by = release, timezone.now(), by
        record._change_reason = APPROVED
        save_unwritten(record, by)


def take_out_of_release(record: Publishable, *, by) -> None:
    """Take a record out of the release that it is in, approved or not. Raises Refused."""
    with transaction.atomic():
        Publication.lock()
        _refuse_without_right(record, by)
        record.refresh_from_db()
        if record.release_id is None:
            raise Refused([_("It is in no release.")])
        _leave(record, by)
