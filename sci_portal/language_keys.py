"""A text found again by the key that its sheet gives, and why a person may not change it."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from publishing.models import Publishable, Status, Tracked
from publishing.naming import published_naming, record_of
from publishing.sides import visible
from publishing.workflow import may
from sci_portal.language_work import Wanted
from sci_portal.languages import Kind, kinds


def refusal(row: Tracked, user, thorough: bool = True) -> str:
    """Return in words why `user` may not change a row, or "".

    What the public sees is changed only by those who may publish. That a source or a person is named by
    published records is asked of the database: not where a list only decides on its buttons.
    """
    if not user.has_perm(f"{row._meta.app_label}.change_{row._meta.model_name}"):
        return _("Your role does not allow this. Ask a manager.")
    record = record_of(row)
    if record is not None:
        public = [record] if record.status in (Status.PUBLISHED, Status.WITHDRAWN) else []
    else:
        public = published_naming(row) if thorough and not _may_publish_all(user) else []
    for one in public:
        if not may(one, "publish", user):
            return _("%(reference)s is “%(status)s”: only a manager changes it.") % {
                "reference": one.reference,
                "status": one.get_status_display(),
            }
    return ""


def _may_publish_all(user) -> bool:
    return all(may(kind.model, "publish", user) for kind in kinds() if issubclass(kind.model, Publishable))


def find(keys: Iterable[str], user) -> dict[str, tuple[Kind, Tracked, str]]:
    """Return what keys of texts name and `user` may see: kind, row and stem; one query for each kind."""
    of_kind = {kind.label: kind for kind in Wanted(user).kinds()}
    asked: dict[Kind, dict[str, list[tuple[str, str]]]] = {}
    for key in keys:
        label, _colon, rest = key.partition(":")
        known, _colon, stem = rest.rpartition(":")
        kind = of_kind.get(label)
        if kind and stem in [*kind.own, *kind.printed]:
            asked.setdefault(kind, {}).setdefault(known, []).append((key, stem))
    found = {}
    for kind, texts in asked.items():
        lookup = "pk" if kind.path or not kind.key else kind.key
        values = [one for one in texts if lookup != "pk" or re.fullmatch("[0-9]{1,18}", one)]
        rows = visible(kind.model._base_manager.filter(**{f"{lookup}__in": values}), user)
        for row in rows.select_related(*kind.links) if kind.links else rows:
            for key, stem in texts[str(getattr(row, lookup))]:
                found[key] = (kind, row, stem)
    return found
