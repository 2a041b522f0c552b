"""MOUs that end soon: the filter of the officers' list by state on a day, and the section of the index."""

from django.db.models import Prefetch
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext

from initiative.dates import show
from mous.models import MOU, MOULink, Signatory
from mous.states import SOON, State
from organisations.models import Organisation
from publishing.list_filters import ChoiceFilter
from publishing.models import Status
from publishing.sides import visible
from publishing.todo import MOST, Cell, Line, Number, Section, list_address, page_address, record_cell

# An MOU that was withdrawn is no work; the list takes this as it stands.
LIVE = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)


class StateFilter(ChoiceFilter):
    title = gettext_lazy("state today")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.with_state(localdate()).filter(state=self.value()) if self.value() else queryset


def parties_and_renewals(user) -> list[Prefetch]:
    """Return what names the parties of MOUs and what renews them, as far as `user` may see them."""
    bodies = visible(Organisation._base_manager.all(), user).values("pk")
    signatories = Signatory.objects.filter(organisation__in=bodies).select_related("organisation")
    renewing = visible(MOU._base_manager.all(), user).values("pk")
    links = MOULink.objects.filter(kind=MOULink.Kind.RENEWS, from_mou__in=renewing).select_related("from_mou")
    return [Prefetch("signatories", visible(signatories, user)), Prefetch("linked_from", visible(links, user))]


def ending(queryset, user):
    """Return the MOUs of `queryset` that end soon, the next first, with what the index shows of them."""
    return (
        queryset.with_state(localdate())
        .filter(state=State.ENDING_SOON, status__in=LIVE)
        .order_by("ends_on", "pk")
        .prefetch_related(*parties_and_renewals(user))
    )


def _ends(mou: MOU) -> Cell:
    days = (mou.ends_on - localdate()).days
    told = (
        ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
        if days
        else pgettext("due", "today")
    )
    return Cell(show(mou.ends_on, mou.ends_on_precision), note=told, tone="soon", iso=mou.ends_on.isoformat())


def _renewal(mou: MOU) -> Cell:
    renewals = [link.from_mou for link in mou.linked_from.all()]
    if not renewals:
        return Cell(_("Not on record here"))
    return Cell(renewals[0].reference, page_address(renewals[0]))


def ending_section(admin, request) -> Section:
    """Return the section of the index that lists the MOUs ending soon, as far as the person may see them."""
    section = Section(
        "ending",
        _("MOUs ending within %(days)s days") % {"days": SOON},
        [_("MOU"), _("Parties"), pgettext("of an MOU", "Renewal"), pgettext("of an MOU", "Ends")],
        _("No MOU on record here ends within %(days)s days.") % {"days": SOON},
        40,
        ngettext_lazy("MOU ending soon", "MOUs ending soon", "count"),
        tone="warn",
    )
    found = ending(admin.get_queryset(request), request.user)
    address = list_address(MOU, state=State.ENDING_SOON, status__in=",".join(LIVE))
    section.numbers.append(Number(found.count(), _("MOUs"), address))
    for place, mou in enumerate(found[:MOST]):
        parties = tuple(one.organisation.listed_name for one in mou.signatories.all())
        cells = [
            record_cell(mou),
            Cell(items=parties) if parties else Cell(_("Not on record here")),
            _renewal(mou),
            _ends(mou),
        ]
        section.lines.append(Line(cells, (place,)))
    return section
