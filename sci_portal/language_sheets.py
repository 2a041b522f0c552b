"""The translator's sheet: the texts that are asked for, as Excel or CSV, with the agreed words beside them."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from initiative.terms import Glossary, glossary
from listing.excel import AS_TEXT, CELL_LIMIT, WRAPPED, Sheet, units, workbook
from listing.exports import table
from listing.sheets import MOST_ROWS
from sci_portal.language_work import Line, Wanted, Work
from sci_portal.languages import OTHER, WORK

# Never translated: they are what an answer is found by. Widths in characters.
COLUMNS = {
    "key": 24,
    "record": 30,
    "field": 22,
    "language": 10,
    "source_text": 56,
    "present_text": 40,
    "your_text": 56,
    "terms": 36,
}
CHUNK = 500


def about() -> list[tuple[str, str]]:
    """Return what the sheet is and how it is filled in: label and text."""
    return [
        (_("What this is"), _("Texts that lack one language, or whose other language was changed since.")),
        (
            _("How to fill it in"),
            _("Write in the column your_text only and keep the others. A row without an answer is left out."),
        ),
        ("key", _("By it the answer finds its place.")),
        ("record", _("Where the text stands, for people.")),
        ("field", _("Which text of it.")),
        ("language", _("The language that is wanted: en is English, zh is simplified Chinese.")),
        (
            "source_text",
            _("The text in the other language. If it is changed meanwhile, the answer is not taken."),
        ),
        ("present_text", _("What is there now, if anything.")),
        ("your_text", _("Your text. Names stay as a source prints them.")),
        ("terms", _("Agreed words that the text uses: use one of the forms given.")),
    ]


def lines_of(wanted: Wanted) -> Iterator[Line]:
    """Yield what a translator is asked for: of what is wanted, never names."""
    work = Work(wanted) if set(wanted.matters) <= set(WORK) else []
    for start in range(0, len(work), CHUNK):
        for item in work[start : start + CHUNK]:
            # Excel cuts what is longer, and the answer would not be taken.
            yield from (line for line in item.lines if units(line.source) < CELL_LIMIT)


def first_lines(wanted: Wanted) -> list[Line]:
    """Return as many lines as one sheet of answers may hold."""
    found = []
    for line in lines_of(wanted):
        if len(found) == MOST_ROWS:
            break
        found.append(line)
    return found


def _in_both(label) -> str:
    """Return a lazy label in English and in Chinese: both sides read the sheet."""
    said = []
    for language in ("en", "zh-hans"):
        with override(language):
            said.append(capfirst(str(label)))
    return " / ".join(dict.fromkeys(said))


def terms_in(line: Line, words: Glossary) -> str:
    """Return the agreed words that the source text uses, one on a line: "co-chair = 联合主席"."""
    found = words.words_in(line.source, OTHER[line.suffix])
    return "\n".join(f"{word.english} = {' / '.join(word.chinese)}" for word in found)


def rows_of_sheet(wanted: Wanted) -> Iterator[list[str]]:
    """Yield the cells of each line, in the order of COLUMNS."""
    words = glossary()
    for line in first_lines(wanted):
        yield [
            line.key,
            line.name,
            _in_both(line.field.verbose_name),
            line.suffix,
            line.source,
            line.present,
            "",
            terms_in(line, words),
        ]


def to_csv(wanted: Wanted) -> bytes:
    return table(list(COLUMNS), rows_of_sheet(wanted))


def to_xlsx(wanted: Wanted) -> bytes:
    """Return a workbook: the texts, and a sheet in both languages that says what to do with them."""
    lines = []
    for language in ("en", "zh-hans"):
        with override(language):
            lines += [*about(), ("", "")]
    # As text, so that a spreadsheet makes no date or formula of an answer.
    sheet = Sheet(
        list(COLUMNS),
        rows_of_sheet(wanted),
        look=AS_TEXT | WRAPPED,
        looks={"your_text": {"bg_color": "#FFF7DB", "border": 1}},
        widths=list(COLUMNS.values()),
    )
    return workbook(sheet, lines)


FORMATS = {"csv": to_csv, "xlsx": to_xlsx}
