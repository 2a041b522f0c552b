"""The deliverables list of a meeting as a person may see it: MOUs, projects, and the annexes they make."""

from dataclasses import dataclass
from functools import cached_property
from itertools import count

from meetings.deliverables import Line
from meetings.models import Meeting
from mous.deliverables import MOUDeliverable
from projects.deliverables import ProjectDeliverable
from publishing.models import Status

ANNEX_A, ANNEX_B = "A", "B"


def is_draft(record) -> bool:
    """Return whether the list may write to the record itself: what is or was published is left alone."""
    return record.status in (Status.DRAFT, Status.IN_REVIEW)


@dataclass
class DeliverablesList:
    """The lines of one meeting; `shared` says that the drafts of one side are left out."""

    meeting: Meeting
    mous: list[Line]
    projects: list[Line]
    shared: bool = False

    @classmethod
    def read(cls, meeting: Meeting, user, shared: bool = False) -> "DeliverablesList":
        """Return the list with as many queries for one line as for many."""
        kinds = (MOUDeliverable, ProjectDeliverable)
        lines = [
            [line for line in kind.lines_of(meeting, user) if not (shared and line.is_kept)] for kind in kinds
        ]
        return cls(meeting, *lines, shared)

    @property
    def lines(self) -> list[Line]:
        return [*self.mous, *self.projects]

    @property
    def cleared(self) -> list[Line]:
        return [line for line in self.lines if line.is_cleared]

    @property
    def has_kept(self) -> bool:
        return any(line.is_kept for line in self.lines)

    @cached_property
    def annex_a(self) -> list[tuple[int, Line]]:
        """Return the MOUs of Annex A in signing order, numbered."""
        return list(enumerate((line for line in self.mous if line.in_annex), 1))

    @cached_property
    def annex_b(self) -> list[tuple[int, Line]]:
        """Return the projects of Annex B, numbered; what was published under a number keeps it."""
        chosen = [line for line in self.projects if line.in_annex]
        kept = {line.key: line.record.annex_item for line in self.projects if _is_settled(line.record)}
        free = (number for number in count(1) if number not in kept.values())
        found = [(kept.get(line.key) or next(free), line) for line in chosen]
        return sorted(found, key=lambda one: one[0])

    @property
    def is_numbered(self) -> bool:
        """Return whether the numbers on record are those of the annexes as they now are."""
        planned = {line.key: number for number, line in [*self.annex_a, *self.annex_b]}
        return all(
            number_on_record(line) == planned.get(line.key) for line in self.lines if is_draft(line.record)
        )


def _is_settled(project) -> bool:
    return not is_draft(project) and project.annex_letter == ANNEX_B and project.annex_item is not None


def number_on_record(line: Line) -> int | None:
    """Return the number in its annex that a line was given."""
    if isinstance(line.row, MOUDeliverable):
        return line.row.annex_item
    return line.record.annex_item if line.record.annex_letter == ANNEX_B else None
