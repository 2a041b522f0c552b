"""The report of work that waits, by the side whose turn it is, and the list behind each number."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Side, User
from annexes.deliverables.reading import DeliverablesList
from initiative.dates import Precision, show
from listing.columns import Column, Kind
from meetings.actions.due import DUE, Due, due_condition
from meetings.models import Action, Meeting
from projects.models import UpdateAnswer
from publishing.bilingual import page_suffix
from publishing.gaps import in_work
from publishing.models import ProposedChange, Publishable, Status
from publishing.releases import Release
from publishing.sides import visible
from publishing.todo import list_address, page_address
from publishing.workflow import WRITES
from reports.managers.cells import NONE, Lines, count, pair, pair_columns, words
from reports.managers.frame import Bar, Cell, Filters, Picture, Report, number, register, text
from sci_portal.language_work import Wanted, Work
from sci_portal.loading import RECORDS

# Whose turn it is: that of one side, or of either, where no side is on record for it.
EITHER = "either"
TURNS = {**dict(Side.choices), EITHER: pgettext_lazy("whose turn", "Either side")}
BEFORE = (Status.DRAFT, Status.IN_REVIEW)


@dataclass(frozen=True)
class Item:
    """One thing that waits: whose turn it is, what it is, where it is done, and since when or until when."""

    turn: str
    code: str
    title: tuple[str, str]
    address: str
    day: object = None


def _turn(side: str | None) -> str:
    return side if side in Side.values else EITHER


def _titles(record: Publishable) -> tuple[str, str]:
    if isinstance(record, Meeting):
        return record.title_in("en"), record.title_in("zh")
    name = "title" if hasattr(record, "title_en") else "name"
    return getattr(record, f"{name}_en"), getattr(record, f"{name}_zh")


def _item(record: Publishable) -> Item:
    """Return the item of a record, which waits on the side of the author of its last change."""
    author = record.changed_by
    day = localtime(record.changed_at).date()
    return Item(_turn(author and author.side), record.reference, _titles(record), page_address(record), day)


def _records(user, condition: Callable[[type], Q]) -> Iterator[Item]:
    """Yield the items of the records of each kind that the person may see and that fit; a query a kind."""
    for model in RECORDS:
        found = in_work(visible(model._base_manager.filter(condition(model)), user))
        for record in found.select_related("changed_by").defer("search_text").order_by("changed_at", "pk"):
            yield _item(record)


def in_review(user) -> Iterator[Item]:
    return _records(user, lambda model: Q(status=Status.IN_REVIEW))


def proposals(user) -> Iterator[Item]:
    found = visible(ProposedChange.objects.filter(state=ProposedChange.State.OPEN), user)
    for one in found.select_related("author").prefetch_related("record").order_by("made_at", "pk"):
        record, side = one.record, one.author and one.author.side
        if record is not None:
            day = localtime(one.made_at).date()
            yield Item(_turn(side), record.reference, _titles(record), page_address(one), day)


def approvals(user) -> Iterator[Item]:
    """Yield the records of releases whose hour is set that nobody has approved as they stand."""
    releases = Release.objects.filter(state__in=Release.OPEN, kind__model=Meeting._meta.model_name)
    meetings = releases.order_by().values("record_id")

    def waiting(model) -> Q:
        wanted = Q(release__in=releases)
        if model is Meeting:
            wanted |= Q(pk__in=meetings)
        elif any(field.name == "meeting" for field in model._meta.concrete_fields):
            wanted |= Q(meeting__in=meetings)
        return wanted & Q(status__in=BEFORE, release_approved_by=None)

    return _records(user, waiting)


def late_actions(user) -> Iterator[Item]:
    found = visible(Action.objects.all(), user).annotate(due=DUE)
    found = found.filter(due_condition(Due.OVERDUE, localdate())).select_related("meeting")
    for one in found.order_by("due", "pk"):
        yield Item(one.owner_side, str(one), (one.text_en, one.text_zh), page_address(one), one.due)


def next_meeting(user) -> Meeting | None:
    """Return the next meeting that is planned, as far as `user` may see."""
    planned = visible(in_work(Meeting.objects.filter(phase=Meeting.Phase.PLANNED)), user)
    return planned.order_by(F("starts_on").asc(nulls_last=True), "pk").first()


def clearances(user) -> Iterator[Item]:
    """Yield the lines of the next meeting's deliverables list that a side has not cleared as they stand."""
    meeting = next_meeting(user)
    if meeting is None:
        return
    page = reverse("admin:desk_deliverables", args=[meeting.pk])
    for line in DeliverablesList.read(meeting, user).lines:
        for side in Side.values:
            if not line.is_kept and not line.clearance(side).holds:
                yield Item(side, line.record.reference, _titles(line.record), page, meeting.starts_on)


def answers(user) -> Iterator[Item]:
    """Yield what projects answered to an update round and no officer has accepted or put aside."""
    waiting = visible(UpdateAnswer.objects.filter(state=UpdateAnswer.State.WAITING), user)
    for one in waiting.select_related("request__project", "request__round"):
        project, day = one.request.project, localtime(one.submitted_at).date()
        page = reverse("admin:desk_updates_request", args=[one.request.round.meeting_id, one.request_id])
        yield Item(EITHER, project.reference, _titles(project), page, day)


@dataclass(frozen=True)
class Waits:
    """One kind of work: what it is called, its items, and what the day of an item is."""

    label: str
    items: Callable[[User], Iterator[Item]]
    day: str


LAST_CHANGED = gettext_lazy("Last changed")
WORK = {
    "review": Waits(gettext_lazy("records in review, waiting for a manager"), in_review, LAST_CHANGED),
    "proposals": Waits(
        gettext_lazy("proposed changes, waiting for a manager"), proposals, pgettext_lazy("proposal", "made")
    ),
    "approvals": Waits(
        gettext_lazy("records of a release that are not approved for it"), approvals, LAST_CHANGED
    ),
    "actions": Waits(
        gettext_lazy("follow-up actions that are overdue"), late_actions, pgettext_lazy("of an action", "Due")
    ),
    "clearances": Waits(
        gettext_lazy("deliverables of the next meeting that the side has not cleared"),
        clearances,
        gettext_lazy("Meeting held on"),
    ),
    "answers": Waits(
        gettext_lazy("answers of projects that nobody has read"), answers, gettext_lazy("Received")
    ),
}
TEXTS = "translations"
TEXTS_LABEL = gettext_lazy("texts that lack the language of the side")


class WorkForm(Filters):
    rows = forms.ChoiceField(
        label=pgettext_lazy("report", "Rows"),
        choices=[("", gettext_lazy("numbers by side")), *((key, one.label) for key, one in WORK.items())],
        required=False,
    )
    side = forms.ChoiceField(
        label=pgettext_lazy("whose turn", "Side"),
        choices=[("", pgettext_lazy("filter", "all")), *TURNS.items()],
        required=False,
    )


def address(key: str, turn: str = "") -> str:
    """Return where a number leads: the ledger of actions, or the report's own list."""
    if key == "actions":
        return list_address(Action, due=Due.OVERDUE, **({"owner_side__exact": turn} if turn else {}))
    return f"{report.address}?{urlencode({'rows': key} | ({'side': turn} if turn else {}))}"


def _numbers(key: str, one: Waits, turns: list[str], user) -> list[Cell]:
    found = Counter(item.turn for item in one.items(user))
    cells = [count(found[turn], address(key, turn)) for turn in turns]
    every = address(key, turns[0] if len(turns) == 1 else "")
    return [Cell(key), *words(one.label), *cells, count(sum(found[turn] for turn in turns), every)]


def _texts(turns: list[str], user) -> list[Cell]:
    """Return the row of texts that lack a language, each the work of the side that writes it."""
    found = Work(Wanted(user)).texts
    cells, total = [], 0
    for turn in turns:
        matter = f"no_{WRITES[turn]}" if turn in WRITES else ""
        value = found.get(matter, 0)
        cells.append(count(value, f"{reverse('admin:languages')}?matter={matter}"))
        total += value
    return [Cell(TEXTS), *words(TEXTS_LABEL), *cells, Cell(total, shown=str(total))]


def _line(item: Item) -> list[Cell]:
    day = show(item.day, Precision.DAY) if item.day else NONE
    side = Cell(item.turn, shown=str(TURNS[item.turn]))
    return [Cell(item.code, item.address), *pair(*item.title, item.address), side, Cell(item.day, shown=day)]


class WorkWaiting(Report):
    key = "work-waiting"
    title = gettext_lazy("Work waiting, by side")
    about = gettext_lazy(
        "What waits, as far as you may see it. What a manager is to decide stands under the side of the author"
        " of the last change; an action under its owner side; a deliverable under each side that has not"
        " cleared it; a text under the side that writes the language it lacks; what either side may do, apart."
    )
    empty = gettext_lazy("Nothing waits.")
    position = 60
    form_class = WorkForm

    @staticmethod
    def turns(chosen) -> list[str]:
        return [chosen["side"]] if chosen["side"] else list(TURNS)

    def columns(self, chosen):
        if key := chosen["rows"]:
            return (
                text("reference", gettext_lazy("Reference"), gettext_lazy("Reference")),
                *pair_columns(
                    "title",
                    gettext_lazy("Title (English)"),
                    gettext_lazy("Title (Chinese)"),
                    gettext_lazy("Title"),
                ),
                text("side", gettext_lazy("Side"), gettext_lazy("Side")),
                Column("day", WORK[key].day, kind=Kind.DATE, page=WORK[key].day),
            )
        return (
            text("work", gettext_lazy("Work")),
            *pair_columns(
                "work", gettext_lazy("Work (English)"), gettext_lazy("Work (Chinese)"), gettext_lazy("Work")
            ),
            *(number(turn, TURNS[turn]) for turn in self.turns(chosen)),
            number("all", gettext_lazy("All")),
        )

    def rows(self, chosen, user):
        turns = self.turns(chosen)
        if key := chosen["rows"]:
            found = [item for item in WORK[key].items(user) if item.turn in turns]
            return Lines(found, lambda part: [_line(item) for item in part])
        found = [*(_numbers(key, one, turns, user) for key, one in WORK.items()), _texts(turns, user)]
        return found if any(row[-1].value for row in found) else []

    def picture(self, chosen, rows):
        if chosen["rows"]:
            return None
        turns, at = self.turns(chosen), 1 if page_suffix() == "en" else 2
        bars = [
            Bar(row[at].shown, [cell.value for cell in row[3:-1]], row[-1].address)
            for row in rows
            if row[-1].value
        ]
        series = [(f"s{place}", str(TURNS[turn])) for place, turn in enumerate(turns, 1)]
        return Picture(bars, series, _("What waits, by the side that is to do it."))

    def holds_unpublished(self, chosen):
        return True


report = WorkWaiting()
register(report)
