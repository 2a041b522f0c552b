"""What documents are made of: a title and blocks of text, lists and tables, before they are Word or PDF.

A text is a `str`, or a `LocalText` whose language differs from the document's and is marked in the file. Empty
texts are left out. Build a document while its language is active, so that its labels are in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from unicodedata import category

# A cell is a text, a number, or several of them below each other.
Cell = str | int | Sequence


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3; those of levels 1 and 2 stand in the contents."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """A paragraph; a line end within it stays one. `quiet` is set smaller and in grey."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Fields:
    """Labels and what each says: (label, cell) pairs, those that say nothing left out."""

    pairs: Sequence[tuple[str, Cell]]


@dataclass(frozen=True)
class Bullets:
    items: Sequence[str]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose headings stand on every page; `widths` are shares of the line, equal by default."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float] = ()

    @property
    def shares(self) -> list[float]:
        """Return the width of each column as a share of the line; together they are 1."""
        widths = list(self.widths) or [1] * len(self.headings)
        return [width / sum(widths) for width in widths]


@dataclass(frozen=True)
class Contents:
    """The headings of levels 1 and 2 that follow, each leading to its place."""


@dataclass(frozen=True)
class NewPage:
    """What follows begins on a new page, in a PDF with the `number` that it has where the pages are put."""

    number: int = 0


@dataclass(frozen=True)
class Document:
    """A document in one language ("en" or "zh-hans"). `label` stands above the title: "Draft agenda".

    `pages` is how many pages the file has that this one becomes part of; 0: only its own.
    """

    title: str
    language: str
    blocks: Sequence = field(default_factory=list)
    subtitle: str = ""
    label: str = ""
    landscape: bool = False
    pages: int = 0

    def __post_init__(self):
        object.__setattr__(self, "blocks", _without_leaps(self.blocks))


def _without_leaps(blocks: Sequence) -> list:
    """Return the blocks with no level of heading left out: screen readers, and PDF/UA, follow the levels."""
    found, level = [], 0
    for block in blocks:
        if isinstance(block, Heading):
            level = min(block.level, level + 1)
            block = replace(block, level=level)
        found.append(block)
    return found


def lines_of(cell: Cell) -> list[str]:
    """Return the lines of a cell, each a text; nothing for an empty one."""
    if cell is None or cell == "":
        return []
    if isinstance(cell, str):
        return [cell]
    if isinstance(cell, Sequence):
        return [line for part in cell for line in lines_of(part)]
    return [str(cell)]


def printable(text: str) -> str:
    """Return a text without what no font shows and no XML takes: control characters, marks that turn its way.

    A mark that turns the direction of writing would turn what stands around the text too.
    """
    return "".join(sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or category(sign)[0] != "C")


def lang_of(text: str) -> str:
    """Return "zh-Hans" or "en" of a text that knows its language, else ""."""
    return getattr(text, "lang", "")
