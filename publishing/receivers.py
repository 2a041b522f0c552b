"""Deletions and relation changes pass through the Publication row too, whichever way they come."""

from django.db.models.deletion import ProtectedError
from django.db.models.signals import m2m_changed, post_delete, pre_delete
from django.utils.translation import gettext as _

from publishing.models import Publication, Publishable, Row, Tracked


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
        (post_delete, after_delete),
        (m2m_changed, relation_changed),
    ):
        signal.connect(receiver, dispatch_uid=f"publishing.{receiver.__name__}")
