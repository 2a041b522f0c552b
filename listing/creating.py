"""What a sheet names and is not on record: on request it is made, as a draft, in the language of its name."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from listing.folding import has_chinese
from listing.names import NotKnown
from listing.problems import Created
from listing.suggestions import CellError

_LIKE_A_REFERENCE = re.compile(r"SCI-?[A-Z]-?\d+", re.IGNORECASE)


class CreatingMixin:
    """Of a resource: finds what a cell names, and makes it where that was asked for.

    Models with MADE_BY_NAME have a `name_en` and a `name_zh` and need nothing else.
    """

    creating = False

    def find(self, model: type[models.Model], value: str, row=None) -> models.Model:
        """Return the row of `model` that `value` names. Raises CellError in words."""
        try:
            return self.names(model).find(value)
        except NotKnown as unknown:
            free = self.may_create(model) and not _LIKE_A_REFERENCE.fullmatch(value)
            if free and not self.creating:
                unknown.suggestion = unknown.suggestion or _("Tick “Create …” above to add it as a draft.")
            if not free or not self.creating:
                raise
        return self._create(model, value, row)

    def may_create(self, model: type[models.Model]) -> bool:
        return getattr(model, "MADE_BY_NAME", False)

    def prepare_created(self, made: models.Model, row) -> None:
        """Settle what a created row takes from the row that names it."""

    def _create(self, model: type[models.Model], value: str, row) -> models.Model:
        made = model(**{"name_zh" if has_chinese(value) else "name_en": value})
        self.prepare_created(made, row)
        try:
            made.full_clean()
        except ValidationError as error:
            raise CellError(" ".join(error.messages)) from error
        like = self.names(model).like(value)
        made.save()
        self.names(model).add(made)
        kind = capfirst(str(model._meta.verbose_name))
        self.created.append(Created(kind, value, made, like))
        return made
