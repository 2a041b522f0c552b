"""Merging one body, or one person, into another: all of it or nothing, and so that it can be undone."""

from django.core import serializers
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from listing.folding import has_chinese
from organisations.models import Merge, Organisation, OrganisationName, Person
from organisations.plans import Plan, plan_of
from publishing.models import Publication, Status, Tracked
from publishing.workflow import Refused, disclosures, move, publication_problems

MERGED = gettext_noop("Two entries were merged.")
# No two organisations have the same of these.
NUMBERS = ("uen", "uscc")


class PlanChanged(Exception):
    """What would be done is not what the person read."""


@transaction.atomic
def merge(kept, merged, *, by, read: str | None = None) -> Merge:
    """Merge the body or person `merged` into `kept` in the name of `by`; return what can undo it.

    `read` is the fingerprint of the plan that the person confirmed. Raises Refused with every reason,
    PlanChanged where something else would be done than was read, and the model's DoesNotExist where one of
    the two is gone; nothing is changed then.
    """
    Publication.lock()
    kept, merged = (type(one)._base_manager.get(pk=one.pk) for one in (kept, merged))
    plan = plan_of(kept, merged, by)
    if problems := plan.problems():
        raise Refused(problems)
    if read is not None and read != plan.fingerprint:
        raise PlanChanged
    row = Merge(
        kind=kept._meta.model_name, kept=kept.pk, merged=merged.pk, merged_name=str(merged)[:300], by=by
    )
    row.moved = {"before": as_data(merged)["fields"], "rows": [], "folded": [], "filled": {}, "aliases": []}
    _move_rows(plan, row.moved)
    if isinstance(kept, Organisation):
        _retire(kept, merged, row.moved, by)
    else:
        write(merged, delete=True)
    _enrich(plan, row.moved)
    refuse_what_is_unfit(kept)
    row.save()
    return row


def as_data(row: Tracked) -> dict:
    """Return all columns of a row, as serializers.deserialize("python", …) reads them."""
    return serializers.serialize("python", [row])[0]


def write(row: Tracked, reason: str = MERGED, delete: bool = False) -> None:
    """Save or delete a row, with the reason in its history."""
    row._change_reason = reason
    row.delete() if delete else row.save()


def _move_rows(plan: Plan, moved: dict) -> None:
    # A record may name the body twice, as lead of both sides: written from one instance.
    rows: dict[tuple, Tracked] = {}
    for line in plan.lines:
        row = rows.setdefault((type(line.row), line.row.pk), line.row)
        if line.stays is not None:
            moved["folded"].append(as_data(row))
            write(row, delete=True)
            continue
        moved["rows"].append([row._meta.label_lower, row.pk, line.link.name])
        setattr(row, line.link.name, plan.kept)
        write(row)


def _retire(kept: Organisation, merged: Organisation, moved: dict, by) -> None:
    """Note where an organisation went; the public no longer sees it, and its address leads to the one kept."""
    moved["published"] = merged.is_published
    moved["changed"] = [merged.changed_at.isoformat(), merged.changed_by_id]
    for name in NUMBERS:
        setattr(merged, name, "")
    merged.merged_into = kept
    write(merged)
    if moved["published"]:
        reason = _("Merged into “%(name)s” (%(reference)s).") % {"name": kept, "reference": kept.reference}
        move(merged, Status.WITHDRAWN, by=by, reason=reason)


def _enrich(plan: Plan, moved: dict) -> None:
    """Give the one kept what it lacks, and the names of the one merged."""
    kept, aliases = plan.kept, plan.aliases
    moved["filled"] = {name: [getattr(kept, name), value] for name, value in plan.fills.items()}
    for name, value in plan.fills.items():
        setattr(kept, name, value)
    if isinstance(kept, Person):
        kept.other_names = "\n".join(filter(None, [kept.other_names, *aliases]))
        moved["aliases"] = aliases
    if plan.fills or moved["aliases"]:
        write(kept)
    for name in aliases if isinstance(kept, Organisation) else ():
        language = "zh-hans" if has_chinese(name) else "en"
        alias = OrganisationName(organisation=kept, name=name, language=language)
        write(alias)
        moved["aliases"].append([alias.pk, name])


def refuse_what_is_unfit(organisation) -> None:
    """Raise Refused where an organisation is not fit to be public, or would show what one side keeps."""
    if not isinstance(organisation, Organisation):
        return
    problems = publication_problems(organisation) if organisation.is_published else []
    if problems := [*problems, *disclosures(organisation)]:
        raise Refused(problems)
