"""The only way a record's publication status changes."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from publishing.authorship import acting
from publishing.models import Publication, Publishable, Status
from publishing.naming import laid_open, published_naming, shut_out, unpublished_names

# From a status: the statuses it may move to, and the right that each step needs.
STEPS = {
    Status.DRAFT: {Status.IN_REVIEW: "change", Status.PUBLISHED: "publish"},
    Status.IN_REVIEW: {Status.DRAFT: "change", Status.PUBLISHED: "publish"},
    Status.PUBLISHED: {Status.WITHDRAWN: "publish"},
    Status.WITHDRAWN: {Status.DRAFT: "publish", Status.PUBLISHED: "publish"},
}
# Which side writes the text in which language, and so confirms it (glossary §1.6).
WRITES = {"singapore": "en", "shenzhen": "zh"}
CONFIRMED = gettext_noop("The text in one language was confirmed.")
LOADED = gettext_noop("Loaded from the public record; the loader publishes without a second person.")


class Refused(Exception):
    """A move was refused; `problems` says why, one sentence each."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


def may(record: Publishable, action: str, by) -> bool:
    """Return whether `by` has a right ("change", "publish") on this kind of record."""
    return by.is_public_record or by.has_perm(f"{record._meta.app_label}.{action}_{record._meta.model_name}")


def possible_moves(record: Publishable, by) -> list[Status]:
    """Return the statuses that `by` may try to move `record` to."""
    return [to for to, right in STEPS[Status(record.status)].items() if may(record, right, by)]


def publication_problems(record: Publishable) -> list[str]:
    """Return, in words, why `record` cannot be public: what it names, then what it lacks."""
    unpublished = [
        _("%(kind)s “%(name)s” is not published. Publish it first.")
        % {"kind": capfirst(named._meta.verbose_name), "name": named}
        for named in unpublished_names(record)
    ]
    return unpublished + record.publication_problems()


def disclosures(record: Publishable) -> list[str]:
    """Return, in words, what of one side alone the other would read of, or no longer, because of `record`."""
    lost = [_("The other side keeps notes or rows of its own here: both sides go on seeing the record.")]
    return (lost if shut_out(record) else []) + [
        _("“%(name)s” (%(reference)s) is kept by one side. Share it first, or keep this record too.")
        % {"name": other, "reference": other.reference}
        for other in laid_open(record)
    ]


def _refusals(record: Publishable, to: Status, by) -> list[str]:
    right = STEPS[Status(record.status)].get(to)
    if right is None:
        return [
            _("A record that is “%(now)s” cannot become “%(to)s”.")
            % {"now": Status(record.status).label, "to": Status(to).label}
        ]
    if not may(record, right, by):
        return [_("Your role does not allow this. Ask a manager.")]
    if to == Status.WITHDRAWN:
        return [
            _("“%(name)s” (%(reference)s) is published and names this record. Change or withdraw it first.")
            % {"name": other, "reference": other.reference}
            for other in published_naming(record)
        ]
    if to != Status.PUBLISHED:
        return []
    problems = publication_problems(record)
    if record.changed_by_id == by.pk and not by.is_public_record:
        problems.append(_("You wrote the last change; another person must publish."))
    return problems


def move(record: Publishable, to: str, *, by, reason: str = "") -> None:
    """Move `record` to status `to` in the name of the User `by`, and write it in the history.

    The author of the last change does not publish it: four eyes. The system user of the public record
    is the one exemption, and the history says so. `reason` is what the public reads on the page of a
    withdrawn record. Raises Refused, with every reason, and changes nothing.
    """
    to = Status(to)
    with transaction.atomic():
        Publication.lock()
        record.refresh_from_db()
        if problems := _refusals(record, to, by):
            raise Refused(problems)
        now = timezone.now()
        record.status = to
        if to == Status.PUBLISHED:
            record.published_at = now
            record.first_published_at = record.first_published_at or now
            record.kept_by = ""
        if to == Status.WITHDRAWN:
            record.withdrawn_at, record.withdrawal_reason = now, reason
        # Sent back, it keeps its place in the release, which waits for it; published early, it has left it.
        record.release_approved_at = record.release_approved_by = None
        if to == Status.PUBLISHED:
            record.release = None
        record._change_reason = LOADED if by.is_public_record else reason
        save_unwritten(record, by)


def save_unwritten(record: Publishable, by) -> None:
    """Save what is about a record, not in it: no text is changed, so its author stays."""
    record._moving = True
    try:
        with acting(by):
            record.save()
    finally:
        del record._moving


def may_confirm(record: Publishable, suffix: str, by) -> bool:
    """Return whether `by` may confirm the text in a language: a person of the side that writes it."""
    return settings.BOTH_SIDES_CONFIRM and WRITES.get(by.side) == suffix and may(record, "change", by)


def confirm(record: Publishable, suffix: str, *, by) -> None:
    """Note that `by`'s side finds the record's text in its own language right. Raises Refused.

    A later change of that text clears it (Publishable.before_save, Publishable.stamp).
    """
    with transaction.atomic():
        Publication.lock()
        record.refresh_from_db()
        if not may_confirm(record, suffix, by):
            raise Refused([_("A text is confirmed by a person of the side that writes it.")])
        setattr(record, f"confirmed_{suffix}_at", timezone.now())
        setattr(record, f"confirmed_{suffix}_by", by)
        record._change_reason = CONFIRMED
        save_unwritten(record, by)
