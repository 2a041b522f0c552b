"""What a refused cell may have been meant to say: a name that is near, a date in the form we read."""

import datetime
import re
import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from rapidfuzz import fuzz, process

from listing.folding import fold

# How alike, of 100, a name must be to be offered, and to be told of before another like it is made.
NEAR = 60
ALIKE = 85
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTHS = {name: number for number, name in enumerate(_MONTHS, 1)}
_YEAR_FIRST = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D?")
_YEAR_LAST = re.compile(r"(\d{1,2})[/.\- ]+(\d{1,2})[/.\- ]+(\d{4})")
_NAMED_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-/.]*([a-z]{3})[a-z]*[ \-/.,]*(\d{4})")
_MONTH_FIRST = re.compile(r"([a-z]{3})[a-z]*[ .\-]*(\d{1,2})(?:st|nd|rd|th)?[ ,.\-]+(\d{4})")
# Days are counted from here in Excel; the numbers are those of the years 1982 to 2064.
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_EXCEL_DAYS = range(30_000, 60_000)


class CellError(ValueError):
    """A cell is refused: the reason, and what may have been meant."""

    def __init__(self, reason: str, suggestion: str = ""):
        super().__init__(reason)
        self.suggestion = suggestion


def refusal(reason: str, suggestion: str = "") -> ValidationError:
    """Return an error of a row or a sheet that carries its suggestion."""
    error = ValidationError(reason)
    error.suggestion = suggestion
    return error


def sentences(*parts: str) -> str:
    """Join whole sentences; Chinese puts no space between them."""
    return pgettext("between sentences", " ").strip("\u200b").join(filter(None, parts))


def near(value: str, known: dict[str, str]) -> str:
    """Return what is nearest to `value` among `known` (by their folded form), or ""."""
    found = process.extractOne(fold(value), known.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
    return known[found[0]] if found else ""


def alike(value: str, known: dict[str, str]) -> list[tuple[str, int]]:
    """Return the three names most like `value`, folded, with how alike they are, of 100."""
    found = process.extract(fold(value), known.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=3)
    return [(folded, int(score)) for folded, score, _at in found]


def meant(text: str) -> str:
    return _("Did you mean “%(near)s”?") % {"near": text} if text else ""


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """Return "Did you mean “Keppel”?" with what is nearest to `value`, or ""."""
    return meant(near(value, {fold(name): name for name in known if name}))


def _day(year, month, day) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _days_meant(text: str) -> list[datetime.date]:
    if match := _YEAR_FIRST.fullmatch(text) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text):
        found = [_day(*match.groups())]
    elif match := _YEAR_LAST.fullmatch(text):
        first, second, year = match.groups()
        found = [_day(year, second, first), _day(year, first, second)]
    elif match := _NAMED_MONTH.fullmatch(text):
        found = [_day(match[3], MONTHS.get(match[2], 0), match[1])]
    elif match := _MONTH_FIRST.fullmatch(text):
        found = [_day(match[3], MONTHS.get(match[1], 0), match[2])]
    elif text.isdigit() and int(text) in _EXCEL_DAYS:
        found = [_EXCEL_EPOCH + datetime.timedelta(int(text))]
    else:
        found = []
    return list(dict.fromkeys(day for day in found if day))


def day_meant(value: str) -> str:
    """Return in words which day a cell may mean: 14/12/2023, 2023年12月14日, 14 Dec 2023; or ""."""
    days = _days_meant(unicodedata.normalize("NFKC", value).strip().lower())
    if len(days) == 2:
        first, second = (day.isoformat() for day in days)
        return _("Is it day/month or month/day? Write %(first)s or %(second)s.") % {
            "first": first,
            "second": second,
        }
    return meant(days[0].isoformat()) if days else ""
