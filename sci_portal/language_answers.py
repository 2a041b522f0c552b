"""The translator's answers: read from a sheet, compared with what is there, and written all at once."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from diff_match_patch import diff_match_patch
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from listing.cells import cell_text
from listing.folding import has_chinese
from listing.guard import unguard
from listing.sheets import Sheet, SheetError, decode, read_csv
from listing.suggestions import did_you_mean, sentences
from listing.uploads import XLSX, format_of
from listing.workbooks import read_xlsx
from publishing.models import Tracked
from publishing.naming import record_of
from publishing.workflow import disclosures, publication_problems
from sci_portal.language_keys import find, refusal
from sci_portal.language_sheets import COLUMNS
from sci_portal.language_work import Line
from sci_portal.languages import OTHER

NEEDED = ("key", "language", "source_text", "your_text")
REASON = gettext_noop("From the translator's sheet")


@dataclass
class Answer:
    """One filled-in row of the sheet, and what is wrong with it."""

    number: int
    cells: dict[str, str]
    line: Line | None = None
    # Column and reason of what keeps it from being written; what the officer should look at twice.
    problems: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.cells["your_text"]

    @property
    def present(self) -> str:
        return self.line.present

    @property
    def column(self) -> str:
        return f"{self.line.stem}_{self.line.suffix}"

    @property
    def says_the_same(self) -> bool:
        return self.text == self.present.strip()

    @property
    def compared(self) -> tuple[str, str]:
        return compared(self.present, self.text)

    def refuse(self, column: str, reason: str) -> None:
        self.problems.append((column, reason))


@dataclass
class Answers:
    """A sheet as it was read: what may be written, what may not, and what there is nothing to do for."""

    ready: list[Answer] = field(default_factory=list)
    refused: list[Answer] = field(default_factory=list)
    # Rows without an answer, and answers that say what is there already.
    empty: int = 0
    same: list[Answer] = field(default_factory=list)

    @property
    def problems(self) -> list[tuple[int, str, str, str]]:
        """Return every problem as (row, column, value, reason), as imports tell them."""
        return [
            (one.number, column, one.cells.get(column, one.text), reason)
            for one in self.refused
            for column, reason in one.problems
        ]

    @property
    def catching_up(self) -> list[Answer]:
        """Return the answers by which an older text is still right."""
        return [one for one in self.same if one.column in one.line.row.outdated.split()]

    @property
    def sum(self) -> str:
        """Return a sum over what would be written: after a preview nothing else is."""
        told = [
            (one.line.key, one.line.suffix, one.line.seen, one.text) for one in [*self.ready, *self.catching_up]
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()


class Refused(Exception):
    """What was to be written is not fit to be public, or not as it was in the preview; nothing is written."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


# Reading ------------------------------------------------------------------------------------------


def dataset_of(name: str, data: bytes) -> Sheet:
    """Return the rows of an uploaded file, CSV or Excel. Raises SheetError in words."""
    is_excel = format_of(name, data[:8]) == XLSX
    dataset = read_xlsx(data) if is_excel else read_csv(decode(data)[0])
    _check_columns(dataset.headers or [])
    return dataset


def _check_columns(headers: list[str]) -> None:
    problems = []
    for name in dict.fromkeys(headers):
        if name not in COLUMNS:
            unknown = _("There is no column “%(name)s” here.") % {"name": name}
            problems.append(sentences(unknown, did_you_mean(name, list(COLUMNS))))
        elif headers.count(name) > 1:
            problems.append(_("The column “%(name)s” is there twice.") % {"name": name})
    if missing := [name for name in NEEDED if name not in headers]:
        words = _("These columns are not in the file: %(names)s.")
        problems.append(words % {"names": ", ".join(missing)})
    if problems:
        raise SheetError(sentences(*problems))


def _cells(dataset: Sheet) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in zip(dataset.lines, dataset.dict, strict=True):
        yield (
            number,
            {
                name: unguard(cell_text(value)).replace("\r\n", "\n").replace("_x000D_", "").strip()
                for name, value in row.items()
            },
        )


def read(dataset: Sheet, user) -> Answers:
    """Compare a sheet with what is there now and what `user` may see and change; nothing is written."""
    answers, filled = Answers(), []
    for number, cells in _cells(dataset):
        if cells["your_text"]:
            filled.append(Answer(number, cells))
        else:
            answers.empty += 1
    found = find([one.cells["key"] for one in filled], user)
    seen: dict[tuple, int] = {}
    for one in filled:
        _place(one, found, seen)
        if not one.problems:
            _check(one, user)
    fitting = [one for one in filled if not one.problems and not one.says_the_same]
    _check_rows(fitting)
    answers.same = [one for one in filled if not one.problems and one.says_the_same]
    answers.ready = [one for one in fitting if not one.problems]
    answers.refused = [one for one in filled if one.problems]
    return answers


def _place(one: Answer, found: dict, seen: dict) -> None:
    """Find the text that an answer is for."""
    key, language = one.cells["key"], one.cells["language"]
    first = seen.setdefault((key, language), one.number)
    if language not in OTHER:
        one.refuse("language", _("Write “en” or “zh”, as the sheet had it."))
    elif key not in found:
        one.refuse("key", _("No text that you can see has this key. Export the sheet again."))
    elif first != one.number:
        words = _("“%(key)s” appears twice (rows %(first)s and %(second)s).")
        one.refuse("key", words % {"key": key, "first": first, "second": one.number})
    else:
        one.line = Line(*found[key], language, [], [])


def _check(one: Answer, user) -> None:
    line, text = one.line, one.text
    if line.stem in line.kind.printed:
        one.refuse("key", _("Names are only as a source prints them: enter this one in its record."))
    if one.cells["source_text"] != line.source.strip():
        one.refuse("source_text", _("The source text was changed since the export. Export the sheet again."))
    if "\0" in text:
        one.refuse("your_text", _("Null characters are not allowed."))
    if reason := refusal(line.row, user):
        one.refuse("key", reason)
    if line.suffix == "zh" and not has_chinese(text):
        one.warnings.append(_("Chinese is wanted, and this has no Chinese character."))
    if line.suffix == "en" and not re.search("[A-Za-z]", text):
        one.warnings.append(_("English is wanted, and this has no Latin letter."))
    if one.cells.get("present_text", line.present.strip()) != line.present.strip():
        one.warnings.append(_("The text was changed since the export: look at what is replaced."))


def _by_row(answers: list[Answer]) -> list[list[Answer]]:
    """Return the answers for one row of the database together: it is read and written once."""
    rows: dict[tuple, list[Answer]] = {}
    for one in answers:
        rows.setdefault((one.line.kind.label, one.line.row.pk), []).append(one)
    return list(rows.values())


def _check_rows(answers: list[Answer]) -> None:
    """Ask the model's own rules about each row as it would be; the row is then as it was."""
    for together in _by_row(answers):
        row = together[0].line.row
        before = {one.column: one.present for one in together}
        try:
            _fill(row, together)
            row.full_clean()
        except ValidationError as error:
            for name, reasons in error.message_dict.items():
                owner = next((one for one in together if one.column == name), together[0])
                known = name in (NON_FIELD_ERRORS, owner.column)
                label = "" if known else capfirst(row._meta.get_field(name).verbose_name)
                for reason in reasons:
                    said = _("%(field)s: %(reason)s") % {"field": label, "reason": reason} if label else reason
                    owner.refuse("your_text", said)
        finally:
            for name, text in before.items():
                setattr(row, name, text)


def _fill(row: Tracked, together: list[Answer]) -> None:
    for one in together:
        setattr(row, one.column, one.text)


def compared(before: str, after: str) -> tuple[str, str]:
    """Return both texts as HTML: what goes is marked in the first, what comes in the second."""
    differ = diff_match_patch()
    differ.Diff_Timeout = 0.1
    parts = differ.diff_main(before, after)
    differ.diff_cleanupSemantic(parts)
    tags = {differ.DIFF_EQUAL: "span", differ.DIFF_DELETE: "del", differ.DIFF_INSERT: "ins"}
    old = [(tags[what], text, tags[what]) for what, text in parts if what != differ.DIFF_INSERT]
    new = [(tags[what], text, tags[what]) for what, text in parts if what != differ.DIFF_DELETE]
    return format_html_join("", "<{}>{}</{}>", old), format_html_join("", "<{}>{}</{}>", new)


# Writing ------------------------------------------------------------------------------------------


def write(answers: Answers) -> int:
    """Write what is ready, and note which older texts are still right; return how many texts were written.

    Call inside a transaction with the Publication row locked. Raises Refused where a published record
    would not be fit to be public any longer.
    """
    records = {}
    for together in _by_row(answers.ready):
        row = together[0].line.row
        _fill(row, together)
        try:
            row.full_clean()
        except ValidationError as error:
            raise Refused([f"{together[0].line.name}: {reason}" for reason in error.messages]) from error
        row._change_reason = REASON
        row.save()
        record = record_of(row)
        if record is not None:
            records[(type(record), record.pk)] = record
    for one in answers.catching_up:
        one.line.row.still_right(one.column)
    problems = []
    for record in records.values():
        record.refresh_from_db()
        found = publication_problems(record) if record.is_published else []
        problems += [f"{record.reference}: {problem}" for problem in found + disclosures(record)]
    if problems:
        raise Refused(problems)
    return len(answers.ready)
