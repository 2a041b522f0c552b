"""The frame of managers' reports: what a report is made of, and the registry of all of them.

A report is a table of columns and rows of cells; page, picture, CSV and Excel are made from the same rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from listing.columns import Column, Kind

READ = "reports.view_savedreport"


@dataclass(frozen=True)
class Cell:
    """One value of a report: text, whole number, date or None, as files hold it.

    `address` leads to exactly the rows that a number counts, or to the record that a name names; `shown` is
    what stands on the page where that is not the value; `lang` marks a text that is not in the page's language;
    `told` is in words what `shown` says in markup, for e-mails.
    """

    value: object = None
    address: str = ""
    shown: str = ""
    lang: str = ""
    told: str = ""

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, int)


@dataclass(frozen=True)
class Bar:
    """One bar of a picture: its label, where it leads, and a number for each series."""

    label: str
    values: list[int]
    address: str = ""
    lang: str = ""

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True)
class Picture:
    """Stacked bars: `series` are (css class, label), `told` is a sentence on what the bars show."""

    bars: list[Bar]
    series: list[tuple[str, str]]
    told: str = ""

    @property
    def longest(self) -> int:
        return max((bar.total for bar in self.bars), default=0) or 1

    def drawn(self) -> Iterator[tuple[Bar, list[tuple[str, int, int]]]]:
        """Yield each bar with its parts: (css class, where it begins, how long it is), empty ones left out."""
        for bar in self.bars:
            at, parts = 0, []
            for (css, _label), value in zip(self.series, bar.values, strict=True):
                if value:
                    parts.append((css, at, value))
                at += value
            yield bar, parts


class Filters(forms.Form):
    """The filters of a report, bound to the address always; `user` is the person who asks."""

    def __init__(self, data, user):
        super().__init__(data)
        self.user = user

    def in_words(self) -> str:
        """Return the filters in use: "Side: Singapore; Stage: Launched", of a valid form."""
        told = []
        for name, value in self.cleaned_data.items():
            if not value:
                continue
            field, words = self.fields[name], str(value)
            if value is True:
                told.append(str(field.label))
                continue
            if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
                labels = dict(field.choices)
                chosen = value if isinstance(value, list) else [value]
                words = pgettext("list of alternatives", " or ").join(str(labels.get(v, v)) for v in chosen)
            told.append(_("%(label)s: %(values)s") % {"label": field.label, "values": words})
        return _("; ").join(told)

    def problems(self) -> str:
        """Return what is wrong with the filters, a line for each."""
        return "\n".join(
            f"{self.fields[name].label}: {error}" if name in self.fields else str(error)
            for name, errors in self.errors.items()
            for error in errors
        )


class WithUnpublished(Filters):
    """Filters of a report on records: the published ones unless more is asked for."""

    unpublished = forms.BooleanField(label=gettext_lazy("with drafts and records in review"), required=False)


class Report:
    """One report. `about` says in a sentence or two what it counts; rows go through `visible(…, user)`."""

    key = ""
    title = ""
    about = ""
    position = 100
    empty = gettext_lazy("Nothing on record answers to this.")
    form_class: type[Filters] = Filters

    def columns(self, chosen: dict) -> tuple[Column, ...]:
        """Return the columns: those without a heading (`page`) stand in files only."""
        raise NotImplementedError

    def rows(self, chosen: dict, user) -> list[list[Cell]]:
        """Return the rows, a cell for each column, as far as `user` may see them."""
        raise NotImplementedError

    def total(self, chosen: dict, rows: list[list[Cell]]) -> list[Cell] | None:
        """Return the row that stands below the others on the page."""
        return None

    def picture(self, chosen: dict, rows: list[list[Cell]]) -> Picture | None:
        return None

    def notes(self, chosen: dict, rows: list[list[Cell]]) -> list[str]:
        """Return what a reader must know beside the definition."""
        return []

    def holds_unpublished(self, chosen: dict) -> bool:
        return bool(chosen.get("unpublished"))

    @property
    def address(self) -> str:
        return reverse("admin:report", args=[self.key])


def text(key: str, label: str, page: str = "", **more) -> Column:
    """Return a column of text; `page` is its heading on the page, by default none."""
    return Column(key, label, page=page, **more)


def number(key: str, label: str, page: str = "") -> Column:
    return Column(key, label, kind=Kind.INTEGER, page=page or label)


_reports: dict[str, Report] = {}


def register(report: Report) -> None:
    """Add a report to the managers' pages; to be called while the admin's modules are loaded."""
    _reports[report.key] = report


def reports() -> list[Report]:
    return sorted(_reports.values(), key=lambda one: (one.position, one.key))


def report(key: str) -> Report | None:
    return _reports.get(key)


def may_read(user) -> bool:
    """Return whether a person reads managers' reports: staff who may view saved ones (sci_portal/roles.py)."""
    return user.is_active and user.is_staff and user.has_perm(READ)
