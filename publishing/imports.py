"""What an import may not do: change a public record without the right, or make it unfit to be public."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing.models import Publishable, Status
from publishing.naming import published_naming, record_of
from publishing.workflow import disclosures, may, publication_problems


class GuardedImport:
    """Mixed into the resource of a record or of its rows.

    `owner` is given by the loader of the public record: it leaves alone what somebody else has changed,
    and notes it in `left_alone`.
    """

    def __init__(self, owner=None, **kwargs):
        super().__init__(**kwargs)
        self.owner = owner
        self.left_alone: list[str] = []
        self.written: dict[tuple, Publishable] = {}

    def _changed_by_others(self, instance) -> bool:
        if instance.pk is None:
            return self._was_once_here(instance)
        record = record_of(instance)
        if record is not None:
            return record.changed_by_id != self.owner.pk
        return instance.history.first().history_user_id != self.owner.pk

    def _was_once_here(self, instance) -> bool:
        """Return whether a row with this key was on record once: somebody has changed or deleted it."""
        record = record_of(instance)
        if record is not None and record.pk and record.changed_by_id != self.owner.pk:
            return True
        key = {self.fields[name].attribute: None for name in self._meta.import_id_fields}
        key = {name: getattr(instance, name) for name in key}
        return type(instance).history.filter(**key).exists()

    def _name(self, instance) -> str:
        record = record_of(instance) or instance
        kept = type(record)._base_manager.filter(pk=record.pk).first()
        return str(kept or record)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if super().skip_row(instance, original, row, import_validation_errors):
            return True
        if self.owner and not import_validation_errors and self._changed_by_others(instance):
            self.left_alone.append(self._name(instance))
            return True
        return False

    def before_save_instance(self, instance, row, user=None, **kwargs):
        super().before_save_instance(instance, row, user=user, **kwargs)
        record = record_of(instance)
        if record is None:
            self._refuse_what_is_public(instance, user)
        if record is None or record.pk is None:
            return
        self.written[(type(record), record.pk)] = record
        if record.status in (Status.PUBLISHED, Status.WITHDRAWN) and not may(record, "publish", user):
            raise ValidationError(
                _("%(reference)s is “%(status)s”: only a manager changes it.")
                % {"reference": record.reference, "status": Status(record.status).label}
            )

    def _refuse_what_is_public(self, instance, user) -> None:
        """Refuse to change a source or a person that published records name, without the right to publish."""
        for record in published_naming(instance) if instance.pk else ():
            if not may(record, "publish", user):
                raise ValidationError(
                    _("%(reference)s is published and names “%(name)s”: only a manager changes it.")
                    % {"reference": record.reference, "name": instance}
                )

    def after_import(self, dataset, result, **kwargs):
        super().after_import(dataset, result, **kwargs)
        problems = []
        for record in self.written.values():
            record.refresh_from_db()
            found = publication_problems(record) if record.is_published else []
            problems += [f"{record.reference}: {problem}" for problem in found + disclosures(record)]
        if problems:
            raise ValidationError(problems)
