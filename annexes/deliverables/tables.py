"""The tables of the deliverables list, the signing run sheet and the two annexes, for Word, PDF and Excel."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from annexes.deliverables.cells import (
    agreements,
    both_titles,
    clearance_in_words,
    parties,
    sides,
    signed_by,
    witnessed_by,
    yes_no,
)
from annexes.deliverables.reading import DeliverablesList, number_on_record
from documents.blocks import Table
from meetings.deliverables import Line
from mous.models import MOU


@dataclass(frozen=True)
class Part:
    """A column: its heading, what it says of a line, and its share of the page."""

    heading: str
    cell: Callable[[Line], object]
    width: float = 2


def _table(parts: list[Part], lines: list[Line]) -> Table:
    rows = [[part.cell(line) for part in parts] for line in lines]
    return Table([part.heading for part in parts], rows, [part.width for part in parts])


def _by_side(heading: str, cell: Callable, width: float = 2.6) -> list[Part]:
    """Return a column for each side; `cell` is a function of the record and the side."""
    return [
        Part(heading % {"side": side.label}, lambda line, side=side: cell(line.record, side), width)
        for side in sides()
    ]


def _signing_by_side() -> list[Part]:
    signing = [_by_side(_("Signers, %(side)s"), signed_by), _by_side(_("Witnesses, %(side)s"), witnessed_by)]
    return [*signing[0], *signing[1]]


def _batch() -> Part:
    return Part(pgettext("in the signing", "Batch"), lambda line: getattr(line.record, "batch", None), 1.4)


def _order() -> Part:
    return Part(pgettext("sequence", "Order"), lambda line: line.row.position, 1.4)


def _kept(line: Line) -> list[str]:
    words = _("Draft of one side: %(side)s")
    return [words % {"side": line.record.get_kept_by_display()}] if line.is_kept else []


def _named(heading: str) -> Part:
    return Part(heading, lambda line: [*both_titles(line.record), line.record.reference, *_kept(line)], 4.5)


def agreed_lines(line: Line) -> list[str]:
    labels = {"titles": _("Titles"), "parties": _("Parties and names"), "text": pgettext("of an MOU", "Text")}
    words = pgettext("label and value", "%(label)s: %(value)s")
    return [words % {"label": labels[kind], "value": state} for kind, state in agreements(line)]


def _how_far() -> list[Part]:
    """Return the columns that say how far a line is."""
    cleared = [
        Part(
            _("Cleared by %(side)s") % {"side": side.label},
            lambda line, side=side: clearance_in_words(line.clearance(side)),
        )
        for side in sides()
    ]
    return [
        Part(_("Proposed by"), lambda line: line.row.get_proposed_by_display(), 1.8),
        Part(_("Agreed"), agreed_lines, 2.6),
        *cleared,
        Part(_("To be announced"), lambda line: yes_no(line.row.announce), 1.8),
    ]


def mou_table(found: DeliverablesList) -> Table:
    """Return the MOUs of the list; who signs stands on the run sheet."""
    bodies = _by_side(_("Signatories, %(side)s"), parties)
    return _table([_batch(), _order(), _named(_("MOU")), *bodies, *_how_far()], found.mous)


def project_table(found: DeliverablesList) -> Table:
    bodies = _by_side(_("Partners, %(side)s"), parties)
    tier = Part(pgettext("of a project", "Tier"), lambda line: line.record.get_tier_display(), 1.4)
    return _table([_order(), _named(_("Project")), tier, *bodies, *_how_far()], found.projects)


def run_sheet(found: DeliverablesList) -> Table:
    """Return who signs what, in the order in which the copies lie on the table."""
    order = Part(_("Order at the table"), lambda line: line.row.position, 1.8)
    title = Part(_("MOU"), lambda line: line.record.title, 4)
    return _table([_batch(), order, title, *_signing_by_side()], found.mous)


def sheet(found: DeliverablesList) -> Table:
    """Return the whole list as one table, for Excel: MOUs first."""
    kinds = [
        Part(_("Kind"), lambda line: _("MOU") if isinstance(line.record, MOU) else _("Project")),
        Part(_("Item of the annex"), number_on_record),
    ]
    bodies = [*_by_side(_("Parties, %(side)s"), parties), *_signing_by_side()]
    parts = [*kinds, _batch(), _order(), _named(_("Title and reference")), *bodies, *_how_far()]
    return _table(parts, found.lines)


def _annex(numbered: list[tuple[int, Line]], heading: str, bodies: str) -> Table:
    numbers = {line.key: number for number, line in numbered}
    parts = [
        Part(_("No."), lambda line: numbers[line.key], 0.7),
        Part(heading, lambda line: line.record.title, 4.5),
        *_by_side(bodies, parties, 3),
    ]
    return _table(parts, [line for _number, line in numbered])


def annex_a(found: DeliverablesList) -> Table:
    return _annex(found.annex_a, _("MOU"), _("Signatories, %(side)s"))


def annex_b(found: DeliverablesList) -> Table:
    return _annex(found.annex_b, _("Project"), _("Partners, %(side)s"))
