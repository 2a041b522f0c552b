"""A line of the deliverables list: what the two sides agree of a project or an MOU, and who cleared it."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Side
from publishing.authorship import writing_moment
from publishing.models import Publishable, Row, person_link
from publishing.sides import Visibility, visible

# What is agreed apart, and the column that keeps the digest of what was agreed.
AGREEABLE = {"titles": "titles_agreed", "parties": "parties_agreed", "text": "text_final"}
# What a clearance stands for, in the order of its digests.
CLEARED = ("titles", "parties", "signers", "text")
NOT_AGREED, AGREED, CHANGED = "", "agreed", "changed"


def digest_of(part) -> str:
    """Return sixteen characters that stand for one part of what is agreed."""
    return hashlib.sha256(json.dumps(part, ensure_ascii=False).encode()).hexdigest()[:16]


def agreed_column(verbose_name) -> models.CharField:
    return models.CharField(verbose_name, max_length=16, blank=True, default="", editable=False)


def clearance_moment(verbose_name) -> models.DateTimeField:
    return models.DateTimeField(verbose_name, null=True, blank=True)


def clearance_digests() -> models.CharField:
    return models.CharField(max_length=80, blank=True, default="", editable=False)


class Deliverable(Row):
    """What the list adds to a record; never public.

    An agreement is kept as a digest of what was agreed: it lapses by itself where the record changes.
    """

    proposed_by = models.CharField(_("proposed by"), max_length=9, choices=Side, blank=True)
    announce = models.BooleanField(_("to be announced"), default=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), null=True, blank=True)
    titles_agreed = agreed_column(_("titles agreed"))
    parties_agreed = agreed_column(_("parties and names agreed"))
    text_final = agreed_column(_("text final"))
    cleared_singapore_at = clearance_moment(_("cleared by Singapore"))
    cleared_singapore_by = person_link(_("cleared for Singapore by"))
    cleared_singapore_digest = clearance_digests()
    cleared_shenzhen_at = clearance_moment(_("cleared by Shenzhen"))
    cleared_shenzhen_by = person_link(_("cleared for Shenzhen by"))
    cleared_shenzhen_digest = clearance_digests()

    class Meta:
        abstract = True
        ordering = ["pk"]
        verbose_name = _("line of the deliverables list")
        verbose_name_plural = _("lines of the deliverables list")

    def __str__(self):
        return str(self.record)

    @classmethod
    def agreed_text(cls, record: Publishable) -> dict[str, list]:
        """Return what can be agreed of a record, by part (`CLEARED`), from rows that are in memory."""
        raise NotImplementedError

    @classmethod
    def records_of(cls, meeting) -> models.QuerySet:
        """Return the records of this kind whose meeting is `meeting`, with all that their lines show."""
        raise NotImplementedError

    @classmethod
    def lines_of(cls, meeting, user) -> list["Line"]:
        """Return the lines of a meeting that `user` may see, in the order of the list."""
        people = [f"deliverable__cleared_{side}_by" for side in Side.values]
        queryset = visible(cls.records_of(meeting), user).select_related("deliverable", *people)
        records = list(queryset)
        proposers = _creators_side([one for one in records if not hasattr(one, "deliverable")])
        lines = []
        for record in records:
            row = getattr(record, "deliverable", None) or cls(
                **{cls.RECORD: record, "proposed_by": record.kept_by or proposers.get(record.pk, "")}
            )
            lines.append(Line(record, row))
        return sorted(lines, key=lambda line: line.order)

    # What follows a change: nothing. The record itself says what it said, and its author stays.

    def after_save(self) -> None:
        pass

    def after_delete(self) -> None:
        pass

    def agree(self, kind: str, digest: str) -> None:
        """Note that a part is agreed as `digest` has it; "" takes it back."""
        setattr(self, AGREEABLE[kind], digest)

    def clear(self, user, digests: dict[str, str]) -> None:
        """Note that `user` clears the line for the side that they work for, as `digests` have it."""
        self._write_clearance(user.side, writing_moment(), user, " ".join(digests[kind] for kind in CLEARED))

    def take_back(self, side: str) -> None:
        """Take the clearance of a side back."""
        self._write_clearance(side, None, None, "")

    def _write_clearance(self, side: str, moment, user, digests: str) -> None:
        setattr(self, f"cleared_{side}_at", moment)
        setattr(self, f"cleared_{side}_by", user)
        setattr(self, f"cleared_{side}_digest", digests)


def _creators_side(records: list[Publishable]) -> dict[int, str]:
    """Return the side of the person who entered each record, by key; none for whoever works for both."""
    if not records:
        return {}
    first = type(records[0]).history.filter(id__in=[one.pk for one in records], history_type="+")
    sides = first.filter(history_user__side__in=Side.values).order_by("history_date", "history_id")
    return dict(sides.values_list("id", "history_user__side"))


@dataclass
class Clearance:
    """The clearance of one side: when, by whom, and the parts that changed since."""

    side: str
    at: object
    by: object
    changed: list[str]

    @property
    def holds(self) -> bool:
        return self.at is not None and not self.changed

    @property
    def state(self) -> str:
        return NOT_AGREED if self.at is None else CHANGED if self.changed else AGREED


@dataclass
class Line:
    """A record on the list, with the row that says how far it is."""

    record: Publishable
    row: Deliverable

    @cached_property
    def text(self) -> dict[str, list]:
        return self.row.agreed_text(self.record)

    @cached_property
    def digests(self) -> dict[str, str]:
        return {kind: digest_of(self.text[kind]) for kind in CLEARED}

    @property
    def seen(self) -> str:
        """Return all digests as one text: what somebody saw who ticks or clears."""
        return " ".join(self.digests[kind] for kind in CLEARED)

    @property
    def key(self) -> str:
        return f"{self.record._meta.model_name}-{self.record.pk}"

    @property
    def order(self) -> tuple:
        """Return where the line stands: by batch and order, what has none after the others."""
        given = (getattr(self.record, "batch", None), self.row.position)
        return (*((one is None, one or 0) for one in given), self.record.reference_number)

    @property
    def is_kept(self) -> bool:
        """Return whether one side keeps it to itself: then there is nothing to agree yet."""
        return bool(self.record.kept_by)

    def agreement(self, kind: str) -> str:
        """Return NOT_AGREED, AGREED, or CHANGED where the record has changed since."""
        agreed = getattr(self.row, AGREEABLE[kind])
        return NOT_AGREED if not agreed else AGREED if agreed == self.digests[kind] else CHANGED

    def clearance(self, side: str) -> Clearance:
        then = getattr(self.row, f"cleared_{side}_digest").split()
        at, by = getattr(self.row, f"cleared_{side}_at"), getattr(self.row, f"cleared_{side}_by")
        return Clearance(side, at, by, self.changed_since(then) if at else [])

    def changed_since(self, digests: list[str]) -> list[str]:
        """Return the parts that are not as `digests`, in the order of CLEARED, have them."""
        if len(digests) != len(CLEARED):
            return list(CLEARED)
        return [kind for kind, then in zip(CLEARED, digests, strict=True) if then != self.digests[kind]]

    @property
    def is_cleared(self) -> bool:
        return not self.is_kept and all(self.clearance(side).holds for side in Side.values)

    @property
    def in_annex(self) -> bool:
        """Return whether the line belongs in the annex: cleared by both sides, and to be announced."""
        return self.is_cleared and self.row.announce


def shared_files(record: Publishable) -> list:
    """Return the files of a record that both sides see; what one side keeps is no part of what is agreed."""
    return [file for file in record.files.all() if file.visibility != Visibility.OWN_SIDE]


def text_of_files(record: Publishable) -> list:
    """Return what can be agreed of a record's files: each with its version and checksum."""
    return sorted([file.title, file.language, file.version, file.sha256] for file in shared_files(record))


def both_names(organisation) -> list[str]:
    """Return the names of a body in both languages, empty for none."""
    return [organisation.name_en, organisation.name_zh] if organisation else ["", ""]
