"""Numbering Annex A and Annex B of a meeting from what both sides have cleared."""

from django.db import transaction

from annexes.deliverables.reading import ANNEX_B, DeliverablesList, is_draft, number_on_record
from meetings.deliverables import Line
from publishing.models import Publication


def number_annexes(meeting, user) -> tuple[int, list[Line]]:
    """Write the numbers of both annexes; return how many lines have one, and those left as they are.

    What is no longer in its annex loses its number. What is or was published is left, and returned where its
    number differs. No clearance lapses: a number is no part of what is cleared.
    """
    with transaction.atomic():
        Publication.lock()
        found = DeliverablesList.read(meeting, user)
        planned = {line.key: number for number, line in [*found.annex_a, *found.annex_b]}
        left = []
        for line in found.lines:
            number = planned.get(line.key)
            if number_on_record(line) == number:
                continue
            if line in found.mous:
                line.row.annex_item = number
                line.row.save()
            elif is_draft(line.record):
                line.record.annex_letter = ANNEX_B if number else ""
                line.record.annex_item = number
                line.record.save()
            elif number:
                left.append(line)
    return len(planned), left
