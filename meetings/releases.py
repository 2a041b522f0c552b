"""What goes public with a meeting: the records that belong to it, what each still lacks, and releases to do."""

from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, pgettext, pgettext_lazy

from meetings.models import Meeting
from publishing import gaps
from publishing.list_filters import ChoiceFilter
from publishing.models import Publishable, Status
from publishing.naming import kinds_of_record, unpublished_names_of
from publishing.releases import Release
from publishing.sides import BOTH, visible
from publishing.snapshots import as_number
from publishing.todo import Cell, Line, Number, Section, list_address, page_address, record_cell

Keys = dict[type[Publishable], set[int]]
# What a release may still publish.
BEFORE = (Status.DRAFT, Status.IN_REVIEW)


@dataclass
class Going:
    """A record that may go public with a meeting: what it lacks, and what else must go with it."""

    record: Publishable
    lacks: list[str]
    names: set[Publishable]
    is_in: bool = False
    needs: list[Publishable] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.record._meta.model_name}-{self.record.pk}"

    @property
    def address(self) -> str:
        return page_address(self.record)

    @property
    def seen(self) -> str:
        """Return the version that the page shows, for who approves it."""
        return f"{self.key}:{as_number(self.record.changed_at)}"

    @property
    def is_approved(self) -> bool:
        return self.is_in and self.record.release_approved_by_id is not None

    @property
    def is_ready(self) -> bool:
        in_review = self.record.status == Status.IN_REVIEW
        return self.is_approved and in_review and not self.lacks and not self.needs


@dataclass
class Plan:
    """All that may go public with a meeting, as one person sees it."""

    meeting: Meeting
    release: Release | None
    going: list[Going]

    @cached_property
    def inside(self) -> list[Going]:
        return [one for one in self.going if one.is_in]

    @property
    def unready(self) -> list[Going]:
        return [one for one in self.inside if not one.is_ready]


def _kinds_of_meeting() -> list[type[Publishable]]:
    """Return the kinds of record that are entered for a meeting."""
    return [
        relation.related_model
        for relation in Meeting._meta.related_objects
        if issubclass(relation.related_model, Publishable) and relation.field.name == "meeting"
    ]


def _belonging(meeting: Meeting, release: Release | None) -> Keys:
    """Return the keys of the records, not public yet, that are entered for a meeting or in its release."""
    found: Keys = {}
    entered = _kinds_of_meeting()
    for kind in kinds_of_record():
        wanted = models.Q(pk=meeting.pk) if kind is Meeting else models.Q(pk__in=[])
        wanted |= models.Q(meeting=meeting) if kind in entered else models.Q(pk__in=[])
        wanted |= models.Q(release=release) if release else models.Q(pk__in=[])
        records = kind._base_manager.filter(wanted, status__in=BEFORE).order_by()
        found[kind] = set(records.values_list("pk", flat=True))
    return found


def _with_what_they_name(keys: Keys) -> dict[tuple, set[Publishable]]:
    """Add to `keys` what the records name that is not public, and what that names; return it by record."""
    names, new = {}, keys
    while any(new.values()):
        further: Keys = {}
        for kind, found in new.items():
            for key, named in unpublished_names_of(kind, found).items():
                names[(kind, key)] = named
                for one in named:
                    if one.status in BEFORE and one.pk not in keys.get(type(one), set()):
                        further.setdefault(type(one), set()).add(one.pk)
        for kind, found in further.items():
            keys.setdefault(kind, set()).update(found)
        new = further
    return names


def plan_of(meeting: Meeting, release: Release | None, user) -> Plan:
    """Return what may go public with a meeting, as `user` sees it; queries do not grow with the records."""
    keys = _belonging(meeting, release)
    names = _with_what_they_name(keys)
    going = []
    for kind in kinds_of_record():
        records = visible(gaps.with_gaps(kind._base_manager.filter(pk__in=keys.get(kind, ()))), user)
        for record in records.select_related("changed_by", "release_approved_by").order_by("pk"):
            lacks = [str(gap.name) for gap in gaps.annotated_gaps(record) if gap.blocks]
            is_in = release is not None and record.release_id == release.pk
            going.append(Going(record, lacks, names[(kind, record.pk)], is_in))
    there = {(type(one.record), one.record.pk): one for one in going}
    for one in going:
        for other in sorted(one.names, key=lambda record: record.reference):
            found = there.get((type(other), other.pk))
            if other.kept_by and user.side not in (BOTH, other.kept_by):
                one.lacks.append(_("It names a record that is not published"))
            elif found is None:
                one.lacks.append(_("“%(name)s” is not published") % {"name": other})
            elif not found.is_approved:
                one.needs.append(other)
    return Plan(meeting, release, going)


class ReleaseFilter(ChoiceFilter):
    title = pgettext_lazy("of records", "release")
    parameter_name = "going"

    def lookups(self, request, model_admin):
        return [(state.value, state.label) for state in Release.OPEN]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        kind = ContentType.objects.get_for_model(Meeting)
        releases = Release.objects.filter(kind=kind, state=self.value())
        return queryset.filter(pk__in=releases.order_by().values("record_id"))


def release_sections(admin, request) -> list[Section]:
    """Return the section of the index with the releases that wait or failed; none where there is none."""
    kind = ContentType.objects.get_for_model(Meeting)
    meetings = admin.get_queryset(request).order_by()
    found = Release.objects.filter(kind=kind, state__in=Release.OPEN, record_id__in=meetings.values("pk"))
    releases = list(found)
    if not releases:
        return []
    numbers = {state: sum(one.state == state for one in releases) for state in Release.OPEN}
    failed, waiting = Release.State.FAILED, Release.State.WAITING
    section = Section(
        "releases",
        _("Release at one hour"),
        [_("Meeting"), pgettext("of a release", "Hour"), _("State"), _("Why nothing went public")],
        "",
        5,
        ngettext_lazy("failed release", "failed releases", "count") if numbers[failed] else None,
        tone="late",
    )
    section.numbers = [
        Number(numbers[failed], failed.label, list_address(Meeting, going=failed)),
        Number(numbers[waiting], waiting.label, list_address(Meeting, going=waiting), tallied=False),
    ]
    known = meetings.in_bulk([one.record_id for one in releases])
    for one in sorted(releases, key=lambda release: (release.state != failed, release.at, release.pk)):
        has_failed = one.state == failed
        cells = [
            _meeting_cell(known[one.record_id]),
            Cell(str(one)),
            Cell(one.get_state_display(), tone="late" if has_failed else ""),
            Cell(items=tuple(one.problems.splitlines()[:3])) if has_failed else Cell("–"),
        ]
        section.lines.append(Line(cells, (not has_failed, one.at)))
    return [section]


def _meeting_cell(meeting: Meeting) -> Cell:
    cell = record_cell(meeting)
    return Cell(cell.text, reverse("admin:desk_release", args=[meeting.pk]), lead=cell.lead, lang=cell.lang)
