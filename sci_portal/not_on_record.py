"""The report of what is not on record: gaps of records, texts in one language, figures that differ."""

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiative.models import PartiesKnown
from meetings.figures import compare
from meetings.models import AnnouncedFigure, Meeting
from meetings.todo import public
from mous.models import MOU
from organisations.models import Organisation
from projects.models import Project
from publishing import gaps
from publishing.bilingual import page_suffix
from publishing.models import Status
from publishing.sides import visible
from publishing.todo import list_address
from reports.managers.cells import NONE, count, pair_columns, words
from reports.managers.frame import Bar, Cell, Picture, Report, WithUnpublished, number, register, text
from sci_portal.language_work import Wanted, Work
from sci_portal.languages import MATTERS
from sci_portal.loading import RECORDS

LIVE = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)
# Facts that no source has to state, so that no record lacks them: (key, label, column, what stands for none).
FACTS: dict[type, tuple] = {
    Organisation: (
        ("no_kind", gettext_lazy("Kind not on record"), "kind__exact", ""),
        ("no_place", gettext_lazy("Place not on record"), "place__exact", ""),
    ),
    Meeting: (("no_host", gettext_lazy("Host side not on record"), "host_side__exact", ""),),
    MOU: (
        ("no_end", gettext_lazy("End date not on record"), "ends_on__isnull", "True"),
        ("no_signing", gettext_lazy("Date of signing not on record"), "signed_on__isnull", "True"),
        ("no_pillar", gettext_lazy("No pillar"), "pillar__isnull", "True"),
        ("no_parties", gettext_lazy("No source names the parties"), "parties_known__exact", PartiesKnown.NONE),
    ),
    Project: (
        ("no_target", gettext_lazy("Target date not on record"), "targeted_on__isnull", "True"),
        ("no_pillar", gettext_lazy("No pillar"), "pillar__isnull", "True"),
        ("no_parties", gettext_lazy("No source names the parties"), "parties_known__exact", PartiesKnown.NONE),
    ),
}
# What the work list of two languages counts, of texts that lack something.
TEXTS = ("no_en", "no_zh", "older")


def _records(model, chosen: dict, user) -> QuerySet:
    found = visible(model._base_manager.all(), user)
    return found if chosen["unpublished"] else found.filter(status=Status.PUBLISHED)


def _row(kind: str, kind_words, key: str, label, blocks: bool, found: Cell) -> list[Cell]:
    holds = Cell("yes", shown=_("yes")) if blocks else Cell("", shown=NONE)
    return [Cell(kind), *words(kind_words), Cell(key), *words(label), holds, found]


def _of_records(model, chosen: dict, user) -> list[list[Cell]]:
    """Return a row for each gap of a kind and each fact not on record that some record has; two queries."""
    records, meta = _records(model, chosen, user), model._meta
    kind, plural = meta.model_name, meta.verbose_name_plural
    status = {} if chosen["unpublished"] else {"status__exact": Status.PUBLISHED}
    found, rows = gaps.counts(records), []
    for gap in model.gaps():
        cell = count(found[gap.key], list_address(model, gap=gap.key, **status))
        rows.append(_row(kind, plural, gap.key, gap.name, gap.blocks, cell))
    facts = FACTS[model]
    conditions = {key: Q((column, value == "True" or value)) for key, _label, column, value in facts}
    numbers = (
        gaps.in_work(records)
        .order_by()
        .aggregate(**{key: Count("pk", filter=condition) for key, condition in conditions.items()})
    )
    every = status or {"status__in": ",".join(LIVE)}
    for key, label, column, value in facts:
        cell = count(numbers[key], list_address(model, **{column: value}, **every))
        rows.append(_row(kind, plural, key, label, False, cell))
    return [row for row in rows if row[-1].value]


def _of_texts(chosen: dict, user) -> list[list[Cell]]:
    """Return a row for each thing that is the matter with texts; as many queries as there are kinds of text."""
    status = {} if chosen["unpublished"] else {"status": Status.PUBLISHED}
    found, rows = Work(Wanted(user, **status)).texts, []
    for matter in TEXTS:
        query = "&".join(f"{name}={value}" for name, value in {"matter": matter, **status}.items())
        cell = count(found[matter], f"{reverse('admin:languages')}?{query}")
        rows.append(_row("text", gettext_lazy("texts"), matter, MATTERS[matter], False, cell))
    return [row for row in rows if row[-1].value]


def _of_figures(user) -> list[list[Cell]]:
    """Return the row of announced figures that differ from what is on record; four queries."""
    figures = visible(AnnouncedFigure.objects.all(), user)
    differing = sum(bool(one.gap) for one in compare(list(public(figures))))
    kind, label = AnnouncedFigure._meta.verbose_name_plural, gettext_lazy("Announced and recorded differ")
    cell = count(differing, list_address(AnnouncedFigure, differs=1))
    return [_row("figure", kind, "differs", label, False, cell)] if differing else []


class NotOnRecord(Report):
    key = "not-on-record"
    title = gettext_lazy("What is not on record")
    about = gettext_lazy(
        "What is not on record here, by kind of record. A record stands in as many rows as there are things not"
        " on record of it, so the rows are not added up. What no source states, such as an end date, is a fact"
        " not on record: there is nothing to do about it until a source is found."
    )
    empty = gettext_lazy("No record lacks anything.")
    position = 50
    form_class = WithUnpublished

    def columns(self, chosen):
        return (
            text("kind", gettext_lazy("Kind of record")),
            *pair_columns(
                "kind",
                gettext_lazy("Kind of record (English)"),
                gettext_lazy("Kind of record (Chinese)"),
                gettext_lazy("Kind of record"),
            ),
            text("what", gettext_lazy("Not on record")),
            *pair_columns(
                "what",
                gettext_lazy("Not on record (English)"),
                gettext_lazy("Not on record (Chinese)"),
                gettext_lazy("Not on record"),
            ),
            text(
                "blocks",
                gettext_lazy("Keeps it from being published"),
                gettext_lazy("Keeps it from being published"),
            ),
            number("records", gettext_lazy("Number")),
        )

    def rows(self, chosen, user):
        found = [row for model in RECORDS for row in _of_records(model, chosen, user)]
        return [*found, *_of_texts(chosen, user), *_of_figures(user)]

    def picture(self, chosen, rows):
        at = 1 if page_suffix() == "en" else 2
        told = _("%(label)s: %(values)s")
        bars = [
            Bar(told % {"label": row[at].shown, "values": row[at + 3].shown}, [row[-1].value], row[-1].address)
            for row in rows
        ]
        return Picture(bars, [("s1", _("not on record"))], _("How many records, texts or figures."))


report = NotOnRecord()
register(report)
