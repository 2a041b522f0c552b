"""What an import may not do: see what the other side keeps, change a public record without the right, or make
it unfit to be public."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing.models import Publication, Publishable, Status
from publishing.naming import published_naming, record_of
from publishing.sides import BOTH, Visibility, visible
from publishing.workflow import disclosures, may, publication_problems


class GuardedImport:
    """Mixed into the resource of a record or of its rows.

    `user` is the person who imports or exports: what the other side keeps to itself is not there for them.
    `owner` is given by the loader of the public record: it leaves alone what somebody else has changed,
    and notes it in `left_alone`.
    """

    def __init__(self, owner=None, user=None, **kwargs):
        super().__init__(**kwargs)
        self.owner, self.user = owner, user
        self.left_alone: list[str] = []
        self.written: dict[tuple, Publishable] = {}
        self.counters: dict[str, int] = {}

    # What the person sees and may do.

    def seen(self, queryset):
        return visible(queryset, self.user)

    def may_create(self, model) -> bool:
        right = f"{model._meta.app_label}.add_{model._meta.model_name}"
        return super().may_create(model) and self.user.has_perm(right)

    def before_import(self, dataset, user=None, **kwargs):
        self.user = self.user or user
        # Before anything is read that is written later: writers wait for each other here.
        self.counters = dict(Publication.lock().counters)
        super().before_import(dataset, **kwargs)

    def before_save_instance(self, instance, row, user=None, **kwargs):
        super().before_save_instance(instance, row, user=user, **kwargs)
        self._refuse_to_hide(instance)
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

    def _refuse_to_hide(self, instance) -> None:
        """Refuse a row that the person who writes it would not see."""
        kept = getattr(instance, "visibility", "") == Visibility.OWN_SIDE
        if kept and self.user.side not in (BOTH, instance.owner_side):
            told = _("A row kept by one side is entered by that side. Choose your own side, or both sides.")
            raise ValidationError({"owner_side": told})

    def _refuse_what_is_public(self, instance, user) -> None:
        """Refuse to change a source or a person that published records name, without the right to publish."""
        for record in published_naming(instance) if instance.pk else ():
            if not may(record, "publish", user):
                raise ValidationError(
                    _("%(reference)s is published and names “%(name)s”: only a manager changes it.")
                    % {"reference": record.reference, "name": instance}
                )

    # A reference that is not on record for the person.

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        errors = dict(import_validation_errors or {})
        if self._was_given(instance):
            told = _(
                "No record here has this reference, and it was given before. Leave it empty for a new record."
            )
            errors["reference"] = ValidationError(told)
        super().validate_instance(instance, errors, validate_unique)

    def _was_given(self, instance) -> bool:
        """Return whether a new record claims a number given to one that is deleted, or kept from the person."""
        if not isinstance(instance, Publishable) or instance.pk or self.user.side == BOTH:
            return False
        match = instance.reference_pattern().fullmatch(instance.reference)
        return bool(match) and int(match[1]) <= self.counters.get(instance.KIND, 0)

    # What is created because a row names it.

    def _record_in(self, row) -> Publishable | None:
        """Return the record on record that a row of the sheet is, or belongs to."""
        model = self._meta.model
        column = "reference" if issubclass(model, Publishable) else getattr(model, "RECORD", "")
        if not row.get(column):
            return None
        kind = model if issubclass(model, Publishable) else model._meta.get_field(column).related_model
        try:
            return self.names(kind).find(row[column])
        except ValueError:
            return None

    def _kept_by(self, row) -> str:
        """Return the side that alone sees a row of the sheet, or ""."""
        if row.get("visibility") == Visibility.OWN_SIDE:
            return row.get("owner_side", "")
        record = self._record_in(row)
        return record.kept_by if record is not None else ""

    def prepare_created(self, made, row) -> None:
        super().prepare_created(made, row)
        if isinstance(made, Publishable):
            made.kept_by = self._kept_by(row)

    def find(self, model, value, row=None):
        found = super().find(model, value, row)
        created = getattr(found, "kept_by", "") and any(found is one.row for one in self.created)
        if created and not self._kept_by(row):
            # Another row of the sheet, which both sides see, names it too.
            found.kept_by = ""
            found.save()
        return found

    # What somebody else has changed.

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
        record = record_of(instance)
        if record is None:
            return str(instance)
        kept = type(record)._base_manager.filter(pk=record.pk).first()
        return f"{record.reference} {kept or record}".strip()

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if super().skip_row(instance, original, row, import_validation_errors):
            return True
        if self.owner and not import_validation_errors and self._changed_by_others(instance):
            self.left_alone.append(self._name(instance))
            return True
        return False

    # The sheet as a whole.

    def after_import(self, dataset, result, **kwargs):
        super().after_import(dataset, result, **kwargs)
        problems = []
        for record in self.written.values():
            record.refresh_from_db()
            found = publication_problems(record) if record.is_published else []
            problems += [f"{record.reference}: {problem}" for problem in found + disclosures(record)]
        if problems:
            raise ValidationError(problems)
