"""What happened when, across the kinds of records: one timeline for the page and for its feed."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from initiative.dates import show, show_iso
from meetings.models import Meeting
from mous.models import MOU
from projects.models import Milestone
from publishing.bilingual import LocalText
from publishing.models import Publishable, Status


class Kind(models.TextChoices):
    MEETING = "meeting", pgettext_lazy("in the chronology", "Meeting")
    SIGNING = "signing", pgettext_lazy("in the chronology", "MOU signed")
    MILESTONE = "milestone", pgettext_lazy("in the chronology", "Milestone reached")


@dataclass(frozen=True)
class Entry:
    """Something dated: `date` stands for a day, month or year by `precision`; `record` is where it leads."""

    kind: Kind
    date: datetime.date
    precision: str
    title: LocalText
    record: Publishable
    # Beside the record's reference this names the entry for good.
    key: str
    note: str = ""

    @property
    def when(self) -> str:
        """Return the date in words, no more precise than its source."""
        return show(self.date, self.precision)

    @property
    def iso(self) -> str:
        return show_iso(self.date, self.precision)

    @property
    def year(self) -> int:
        return self.date.year


def _meetings() -> Iterator[Entry]:
    for meeting in Meeting.objects.published().filter(starts_on__isnull=False):
        held = meeting.phase == Meeting.Phase.HELD
        yield Entry(
            Kind.MEETING,
            meeting.starts_on,
            meeting.starts_on_precision,
            meeting.title,
            meeting,
            "meeting",
            "" if held else meeting.get_phase_display(),
        )


def _signings() -> Iterator[Entry]:
    for mou in MOU.objects.published().filter(signed_on__isnull=False):
        yield Entry(Kind.SIGNING, mou.signed_on, mou.signed_on_precision, mou.title, mou, "signed")


def _milestones() -> Iterator[Entry]:
    reached = Milestone.objects.filter(project__status=Status.PUBLISHED, reached_on__isnull=False)
    for milestone in reached.select_related("project"):
        yield Entry(
            Kind.MILESTONE,
            milestone.reached_on,
            milestone.reached_on_precision,
            milestone.title,
            milestone.project,
            f"milestone-{milestone.pk}",
        )


def chronology() -> list[Entry]:
    """Return every entry, newest first, in three queries however many there are.

    What has no date on record has no place here. On one day the meeting comes first.
    """
    kinds = list(Kind)
    found = [*_meetings(), *_signings(), *_milestones()]
    found.sort(key=lambda one: (kinds.index(one.kind), one.record.reference_number, one.key))
    return sorted(found, key=lambda one: one.date, reverse=True)


def by_year(entries: list[Entry]) -> list[tuple[int, list[Entry]]]:
    """Return (year, its entries) in the order given."""
    return [(year, list(those)) for year, those in groupby(entries, key=lambda one: one.year)]


def years(entries: list[Entry]) -> list[int]:
    """Return the years that have entries, in the order given."""
    return list(dict.fromkeys(one.year for one in entries))


# Title of the page and of its feed.
TITLE = _("Chronology")
