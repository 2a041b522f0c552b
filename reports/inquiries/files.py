"""A frozen answer as files, all made from what is stored: CSV, Excel, Word and PDF."""

import datetime
import io
from collections.abc import Iterator

import xlsxwriter
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from documents.blocks import Bullets, Document, Fields, Heading, Table, Text
from listing.excel import CELL_LIMIT, FIRST_DAY, cut, units
from listing.exports import table
from listing.guard import guard
from publishing.addresses import notice
from publishing.bilingual import LocalText
from reports.inquiries.models import Inquiry
from reports.inquiries.reading import NOT_STATED, Shown, dates, for_whom, not_recorded_words, shown
from reports.inquiries.words import LANGUAGES, read

# The values that decide, in the order of the columns; a kind fills those that it has.
TRAITS = (
    *("meeting", "track", "tier", "stage", "state", "pillar", "sector", "side", "organisation"),
    *("kind", "phase", "format", "place", "year", "status"),
)
COLUMNS = (
    *(
        "answer",
        "as_at",
        "as_then_recorded",
        "frozen_at",
        "counted",
        "reference",
        "title_en",
        "title_zh",
        "date",
    ),
    *TRAITS,
)
# A document lists so many records of a kind; the sheets hold all of them.
MOST_IN_DOCUMENT = 500


def record_rows(answer: dict) -> Iterator[list[str]]:
    """Yield a line for each record behind the answer, with codes that never change for the values."""
    asked = answer["asked"]
    head = [answer["reference"], asked["as_at"], asked["recorded"] or answer["frozen_at"], answer["frozen_at"]]
    for count in answer["counts"]:
        for record in count["records"]:
            values = ["; ".join(record["values"].get(key, ())) for key in TRAITS]
            titles = [record["title"]["en"], record["title"]["zh"]]
            yield [*head, count["kind"], record["reference"], *titles, record["date"], *values]


def to_csv(inquiry: Inquiry) -> bytes:
    return table(list(COLUMNS), record_rows(inquiry.data))


def _answer_rows(inquiry: Inquiry) -> Iterator[list]:
    """Yield the lines of the sheet "answer" in the active language: what is asked, each count and its parts."""
    answer = inquiry.data
    yield [_("Reference"), inquiry.reference]
    yield [_("Question"), str(read(answer["question"]))]
    yield from map(list, dates(answer))
    yield [pgettext("inquiry", "For"), for_whom(answer)]
    yield from ([_("Notice"), line] for line in [notice()] if line)
    yield from ([_("How it is counted"), str(read(one))] for one in answer["conditions"])
    yield [_("Checksum (SHA-256)"), inquiry.sha256]
    for one in map(shown, answer["counts"]):
        yield []
        yield [str(one.label), one.value]
        yield from ([_("Filter"), words] for words in one.filters)
        yield from ([f"{one.by_label} · {label}", number] for label, number in one.by)
        yield from ([_("Note"), words] for words in (one.by_note, one.undated_note) if words)


def _definition_rows(answer: dict) -> Iterator[list]:
    yield ["counted", "definition_en", "definition_zh"]
    for count in answer["counts"]:
        yield [count["kind"], count["definition"]["en"], count["definition"]["zh"]]
    yield []
    yield ["column", "label_en", "label_zh"]
    for count in answer["counts"]:
        yield [f"{count['kind']}: date", count["date_label"]["en"], count["date_label"]["zh"]]
        for trait in count["traits"]:
            yield [f"{count['kind']}: {trait['key']}", trait["label"]["en"], trait["label"]["zh"]]
            for value in trait["words"]:
                yield [f"{count['kind']}: {trait['key']}: {value['code']}", value["en"], value["zh"]]


def to_xlsx(inquiry: Inquiry) -> bytes:
    """Return a workbook: the answer in both languages, its records, and the definitions."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": inquiry.frozen_at.replace(tzinfo=None)})
        for suffix, name in (("en", "answer"), ("zh", "答复")):
            with override(LANGUAGES[suffix]):
                _write(book, name, _answer_rows(inquiry), (34, 90))
        _write(book, "records", [list(COLUMNS), *_with_days(inquiry.data)], (14,) * len(COLUMNS), frozen=1)
        _write(book, "definitions", _definition_rows(inquiry.data), (34, 60, 60))
    return stream.getvalue()


def _with_days(answer: dict) -> Iterator[list]:
    """Yield the lines of the records with what is a date to the day as a date."""
    days = [COLUMNS.index("as_at"), COLUMNS.index("date")]
    for row in record_rows(answer):
        for at in days:
            if len(row[at]) == len("2023-12-14") and (day := datetime.date.fromisoformat(row[at])) >= FIRST_DAY:
                row[at] = day
        yield row


def _write(book, name: str, rows, widths: tuple[int, ...], frozen: int = 0) -> None:
    bold = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": not frozen, "valign": "top", "align": "left"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
    sheet = book.add_worksheet(name)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    if frozen:
        sheet.freeze_panes(frozen, 0)
    for line, row in enumerate(rows):
        for at, cell in enumerate(row):
            style = bold if (line == 0 and frozen) or (at == 0 and not frozen) else wrap
            if isinstance(cell, datetime.date):
                sheet.write_datetime(line, at, cell, day)
            elif isinstance(cell, int):
                sheet.write_number(line, at, cell, style)
            else:
                text = guard(cell)
                sheet.write_string(line, at, cut(text) if units(text) > CELL_LIMIT else text, style)


# Word and PDF --------------------------------------------------------------------------------------


def to_document(inquiry: Inquiry, language: str) -> Document:
    """Return the answer as a document in a language."""
    answer = inquiry.data
    with override(language):
        return Document(
            title=_("Inquiry answer %(reference)s") % {"reference": inquiry.reference},
            subtitle=read(answer["question"]),
            label=for_whom(answer),
            language=get_language(),
            blocks=[
                Fields(_heads(inquiry, answer)),
                Bullets([read(one) for one in answer["conditions"]]),
                Text(not_recorded_words(answer)),
                *(block for count in answer["counts"] for block in _count_blocks(shown(count))),
            ],
        )


def _heads(inquiry: Inquiry, answer: dict) -> list[tuple[str, str]]:
    pairs = [(_("Reference"), inquiry.reference), *dates(answer)]
    if inquiry.withdrawn_at:
        pairs.append((_("Withdrawn: do not use it any longer"), inquiry.withdrawal_note))
        pairs.append((_("Replaced by"), inquiry.replaced_by.reference if inquiry.replaced_by else ""))
    # In two lines: no line of a page holds it.
    halves = [inquiry.sha256[:32], inquiry.sha256[32:]]
    return [*pairs, (_("Checksum (SHA-256)"), halves)]


def _count_blocks(one: Shown) -> list:
    counted = _("%(label)s: %(values)s") % {"label": one.label, "values": one.value}
    blocks = [Heading(counted), Text(one.definition)]
    if one.filters:
        blocks.append(Bullets(one.filters))
    if one.by:
        blocks.append(Table([one.by_label, pgettext("of records", "Number")], one.by, [4, 1]))
    blocks += [Text(words, quiet=True) for words in (one.by_note, one.undated_note) if words]
    if one.lines:
        blocks += [Heading(_("Records behind it"), 2), _records(one)]
    if len(one.lines) > MOST_IN_DOCUMENT:
        more = _("The first %(shown)s of %(count)s records; the CSV and Excel files hold all of them.")
        blocks.append(Text(more % {"shown": MOST_IN_DOCUMENT, "count": len(one.lines)}))
    return blocks


def _title(titles: dict[str, str]) -> list:
    """Return both titles of a record, each in its language."""
    return [
        LocalText.pick(dict.fromkeys(titles, "") | {suffix: text}, suffix) for suffix, text in titles.items()
    ]


def _records(one: Shown) -> Table:
    rows = []
    for line in one.lines[:MOST_IN_DOCUMENT]:
        values = [
            _("%(label)s: %(values)s") % {"label": heading, "values": pgettext("list", ", ").join(cell)}
            for heading, cell in zip(one.headings[1:], line.cells, strict=True)
            if cell != [NOT_STATED]
        ]
        rows.append([line.reference, _title(line.titles), line.date, values])
    return Table(
        [_("Reference"), _("What"), one.headings[0], _("Values that decide")], rows, [1.4, 3.2, 1.9, 2.9]
    )
