"""Deletions and relation changes pass through the Publication row too, whichever way they come."""

from django.db.models.deletion import ProtectedError
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.utils.translation import gettext as _

from publishing.models import Publication, Publishable, Row, Tracked
from publishing.naming import naming
from publishing.releases import Release


def before_delete(sender, instance, origin=None, **kwargs):
    if not issubclass(sender, Tracked):
        return
    Publication.touch()
    instance.before_delete(origin)
    if isinstance(instance, Publishable) and instance.was_ever_published:
        raise ProtectedError(
            _("%(reference)s was published once: withdraw it instead.") % {"reference": instance.reference},
            {instance},
        )
    if isinstance(instance, Publishable) and is_awaited(instance):
        raise ProtectedError(release_waits(instance), {instance})


def is_awaited(record: Publishable) -> bool:
    """Return whether a release for the sake of `record` waits for its hour, or failed at it."""
    return Release.of(record).filter(state__in=Release.OPEN).exists()


def release_waits(record: Publishable) -> str:
    """Return what somebody is told who would delete a record for whose sake a release is open."""
    words = _("A release of %(reference)s waits for its hour, or failed at it: call it off first.")
    return words % {"reference": record.reference}


def after_save(sender, instance, **kwargs):
    """Void the approvals of what names a person, a source or the like that was changed."""
    if not issubclass(sender, Tracked) or issubclass(sender, (Row, Publishable)):
        return
    if Release.objects.filter(state__in=Release.OPEN).exists():
        for record in naming(instance):
            record.void_approval()


def after_delete(sender, instance, **kwargs):
    if issubclass(sender, Row):
        instance.after_delete()


def relation_changed(sender, instance, action, **kwargs):
    if not isinstance(instance, Tracked):
        return
    if action.startswith("pre_"):
        Publication.touch()
    elif isinstance(instance, Publishable):
        instance.stamp()


def connect() -> None:
    for signal, receiver in (
        (pre_delete, before_delete),
        (post_save, after_save),
        (post_delete, after_delete),
        (m2m_changed, relation_changed),
    ):
        signal.connect(receiver, dispatch_uid=f"publishing.{receiver.__name__}")
