"""What a meeting that was held makes of its cleared lines: projects launched or announced, MOUs signed."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from annexes.deliverables.reading import DeliverablesList, is_draft
from initiative.dates import Precision
from meetings.deliverables import Line, digest_of
from meetings.models import Meeting
from mous.models import MOU
from projects.models import Project
from publishing.models import Publication

STAGES = (Project.Stage.LAUNCHED, Project.Stage.ANNOUNCED)
# Stages that a project of the list still has before the meeting.
BEFORE = (Project.Stage.PROPOSED, Project.Stage.ENDORSED)


@dataclass
class Step:
    """What would be written to one record, by column; or why nothing is."""

    line: Line
    changes: dict = field(default_factory=dict)
    reason: str = ""

    def in_words(self) -> list[tuple[str, str]]:
        """Return (column, value) of what would be written, as the record's form names them."""
        record = self.line.record
        return [
            (capfirst(record._meta.get_field(name).verbose_name), _in_words(record, name, value))
            for name, value in self.changes.items()
            if not name.endswith("_precision")
        ]


def _in_words(record, name: str, value) -> str:
    choices = record._meta.get_field(name).choices
    if choices:
        return str(dict(choices)[value])
    return date_format(value, "DATE_FORMAT") if hasattr(value, "year") else value


def not_yet(meeting: Meeting) -> str:
    """Return in words why nothing can be taken over from the meeting yet, "" where it can."""
    if meeting.phase != Meeting.Phase.HELD:
        return _("The meeting is not marked as held. Change its phase once it has been.")
    return "" if meeting.starts_on else _("The meeting has no date on record. Enter it first.")


def plan(meeting: Meeting, user, stage: str) -> list[Step]:
    """Return what taking over would do to each cleared line; `stage` is one of STAGES."""
    found = DeliverablesList.read(meeting, user)
    return [_checked(_step(line, meeting, stage)) for line in found.cleared]


def _step(line: Line, meeting: Meeting, stage: str) -> Step:
    if not is_draft(line.record):
        return Step(line, reason=_("It is published, or once was: a manager changes it on its own page."))
    changes = (_signed if isinstance(line.record, MOU) else _launched)(line.record, meeting, stage)
    return Step(line, changes, "" if changes else _("It already says what came of it."))


def _signed(mou: MOU, meeting: Meeting, stage: str) -> dict:
    if mou.signed_on:
        return {}
    changes = {"signed_on": meeting.starts_on, "signed_on_precision": meeting.starts_on_precision}
    if mou.occasion == MOU.Occasion.NOT_STATED:
        changes["occasion"] = MOU.Occasion.MEETING
    if not (mou.place_en or mou.place_zh):
        places = {"place_en": meeting.city_en, "place_zh": meeting.city_zh}
        changes |= {name: place for name, place in places.items() if place}
    return changes


def _launched(project: Project, meeting: Meeting, stage: str) -> dict:
    if project.stage not in BEFORE:
        return {}
    is_day = meeting.starts_on_precision == Precision.DAY
    return {"stage": stage} | ({"stage_as_of": meeting.starts_on} if is_day else {})


def _checked(step: Step) -> Step:
    """Return the step, or one that does nothing and says what stands against it."""
    record = step.line.record
    before = {name: getattr(record, name) for name in step.changes}
    for name, value in step.changes.items():
        setattr(record, name, value)
    try:
        record.clean()
        record.validate_constraints()
    except ValidationError as error:
        step = Step(step.line, reason=" ".join(error.messages))
    for name, value in before.items():
        setattr(record, name, value)
    return step


def mark_of(steps: list[Step]) -> str:
    """Return what stands for a plan: taking over is refused where it is not the one that was confirmed."""
    told = [[step.line.key, {name: str(value) for name, value in step.changes.items()}] for step in steps]
    return digest_of(told)


def take_over(meeting: Meeting, user, stage: str, mark: str) -> list[Step] | None:
    """Write the plan that `mark` stands for and return its steps; None, with nothing written, if it changed."""
    with transaction.atomic():
        Publication.lock()
        steps = plan(meeting, user, stage)
        if mark_of(steps) != mark:
            return None
        for step in steps:
            for name, value in step.changes.items():
                setattr(step.line.record, name, value)
            if step.changes:
                step.line.record.save()
    return steps
