"""What an answer keeps of each kind of record: its titles, its date and the values that decide."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Side
from initiative.dates import show_iso
from initiative.models import Track
from meetings.models import Meeting
from mous.models import MOU, Signatory
from mous.states import State
from organisations.models import Organisation
from projects.models import Partner, Project
from publishing.models import Status
from reports.inquiries.asked import Asked
from reports.inquiries.organisations import with_parts, without_day


@dataclass(frozen=True)
class Value:
    """One value of a trait: its stable code, how the active language says it, and its place in an order."""

    code: str
    say: Callable[[], str]
    order: object = ""


@dataclass(frozen=True)
class Trait:
    """What decides whether a record is counted, or under which heading: its values, none where not stated."""

    key: str
    label: str
    read: Callable[[Model], list[Value]]


@dataclass(frozen=True)
class Kind:
    """One kind of record. `always` and `by` are keys of traits: those always listed, those to break down by.

    `prepare` takes the counted rows, what is asked and the traits wanted, and returns rows that can be read;
    `dated` returns the day of a row, an ISO date, or ""; `undated` the references of rows without one.
    """

    key: str
    date_label: str
    traits: tuple[Trait, ...]
    always: tuple[str, ...]
    by: tuple[str, ...]
    prepare: Callable[[QuerySet, Asked, set[str]], Iterable[Model]]
    titles: Callable[[Model], dict[str, str]]
    dated: Callable[[Model], str]
    undated: Callable[[QuerySet, Asked], list[str]]

    def wanted(self, asked: Asked) -> list[Trait]:
        """Return the traits that a list shows: those always shown, and those that decide in what is asked."""
        keys = {*self.always, *asked.filters.get(self.key, ())}
        if asked.by in self.by:
            keys.add(asked.by)
        if len(asked.tracks) > 1:
            keys.add("track")
        if not asked.published:
            keys.add("status")
        return [trait for trait in self.traits if trait.key in keys]


def _choice(key: str, label: str, choices) -> Trait:
    places = {code: place for place, code in enumerate(choices.values)}

    def read(record):
        code = getattr(record, key)
        return [Value(code, lambda: choices(code).label, places[code])] if code else []

    return Trait(key, label, read)


def _known_meeting(record) -> Meeting | None:
    """Return the meeting of a record, as it was recorded; not one that a side keeps to itself since."""
    return record.meeting if record.meeting and not record.meeting.kept_by else None


def _meeting(record) -> list[Value]:
    one = _known_meeting(record)
    return [Value(one.reference, lambda: one.title, str(one.starts_on or ""))] if one else []


def _pillar(record) -> list[Value]:
    one = record.pillar
    return [Value(one.code, lambda: one.name, one.position)] if one else []


def _sectors(record) -> list[Value]:
    return [Value(one.code, lambda one=one: one.name, one.position) for one in record.sectors.all()]


def _organisations(rows: str) -> Callable[[Model], list[Value]]:
    def read(record):
        bodies = [row.organisation for row in getattr(record, rows).all()]
        return [Value(one.reference, lambda one=one: one.name, one.reference) for one in bodies]

    return read


def _side_values(sides: Iterable[str]) -> list[Value]:
    known = set(sides)
    in_order = [(place, side) for place, side in enumerate(Side) if side in known]
    return [Value(side.value, lambda side=side: side.label, place) for place, side in in_order]


def _sides(rows: str) -> Callable[[Model], list[Value]]:
    return lambda record: _side_values(row.side for row in getattr(record, rows).all())


def _iso(record, name: str) -> str:
    day = getattr(record, name)
    return show_iso(day, getattr(record, f"{name}_precision")) if day else ""


def _year(dated: Callable[[Model], str]) -> Trait:
    def read(record):
        year = dated(record)[:4]
        return [Value(year, lambda: year, year)] if year else []

    return Trait("year", _("Year"), read)


def _related(model: type[Model], rows: str, wanted: set[str], also: tuple[str, ...]) -> QuerySet:
    """Return what reading the wanted traits needs of a kind's rows, for `QuerySet.prefetch_related`."""
    # Few pillars and meetings for many rows: each is read once.
    found = ["pillar", "meeting", *(["sectors"] if "sector" in wanted else [])]
    if wanted & {"side", "organisation"}:
        found.append(Prefetch(rows, model.objects.filter(organisation__kept_by="").select_related(*also)))
    return found


def _projects(rows, _asked, wanted):
    rows = rows.defer("search_text")
    return rows.prefetch_related(*_related(Partner, "partners", wanted, ("organisation",)))


def _mous(rows, asked, wanted):
    rows = rows.with_state(asked.as_at).defer("search_text")
    return rows.prefetch_related(*_related(Signatory, "signatories", wanted, ("organisation",)))


def _text_pair(stem: str) -> Callable[[Model], dict[str, str]]:
    return lambda record: {suffix: getattr(record, f"{stem}_{suffix}") for suffix in ("en", "zh")}


def _launched(project: Project) -> str:
    meeting = _known_meeting(project)
    return _iso(meeting, "starts_on") if meeting else ""


def _signed(mou: MOU) -> str:
    return _iso(mou, "signed_on")


def _held(meeting: Meeting) -> str:
    return _iso(meeting, "starts_on")


def _took_part(organisation: Organisation) -> str:
    return organisation.first_part


def _without(day: str) -> Callable[[QuerySet, Asked], list[str]]:
    return lambda rows, _asked: list(rows.filter(**{day: None}).values_list("reference", flat=True))


TRACK = _choice("track", _("Track"), Track)
PILLAR = Trait("pillar", _("Pillar"), _pillar)
SECTOR = Trait("sector", _("Sector"), _sectors)
STATUS = _choice("status", _("Publication status"), Status)

KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "projects",
            _("Launch meeting held on"),
            (
                Trait("meeting", _("Launch meeting"), _meeting),
                TRACK,
                _choice("tier", _("Tier"), Project.Tier),
                _choice("stage", _("Stage"), Project.Stage),
                PILLAR,
                SECTOR,
                Trait("side", _("Sides of its partners"), _sides("partners")),
                Trait("organisation", _("Partners"), _organisations("partners")),
                _year(_launched),
                STATUS,
            ),
            ("meeting", "tier", "stage", "pillar"),
            ("meeting", "pillar", "side", "stage", "tier", "track", "year"),
            _projects,
            _text_pair("title"),
            _launched,
            _without("meeting__starts_on"),
        ),
        Kind(
            "mous",
            _("Signed on"),
            (
                Trait("meeting", _("Meeting"), _meeting),
                TRACK,
                _choice("state", _("State on the as-at day"), State),
                PILLAR,
                SECTOR,
                Trait("side", _("Sides of its signatories"), _sides("signatories")),
                Trait("organisation", _("Signatories"), _organisations("signatories")),
                _year(_signed),
                STATUS,
            ),
            ("meeting", "state", "pillar"),
            ("meeting", "pillar", "side", "state", "track", "year"),
            _mous,
            _text_pair("title"),
            _signed,
            _without("signed_on"),
        ),
        Kind(
            "meetings",
            _("Held on"),
            (
                _choice("kind", _("Kind"), Meeting.Kind),
                _choice("phase", _("Phase"), Meeting.Phase),
                _choice("format", pgettext_lazy("of a meeting", "Format"), Meeting.Format),
                Trait("side", _("Host side"), lambda record: _side_values([record.host_side])),
                _year(_held),
                STATUS,
            ),
            ("kind", "phase"),
            ("side", "year"),
            lambda rows, _asked, _wanted: rows.defer("search_text"),
            lambda record: {suffix: record.title_in(suffix) for suffix in ("en", "zh")},
            _held,
            _without("starts_on"),
        ),
        Kind(
            "organisations",
            _("First took part on"),
            (
                _choice("kind", _("Kind"), Organisation.Kind),
                _choice("place", _("Place"), Organisation.Place),
                Trait("side", _("Sides on which it takes part"), lambda one: _side_values(one.sides_taken)),
                _year(_took_part),
                STATUS,
            ),
            ("kind", "side"),
            ("side", "year"),
            with_parts,
            _text_pair("name"),
            _took_part,
            without_day,
        ),
    )
}
