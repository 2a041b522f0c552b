"""The pages of proposed changes: the list, and one with every difference side by side and its decision."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext

from publishing.history import title_of
from publishing.models import ProposedChange, Publishable
from publishing.proposals import State, decide, preview
from publishing.rehearsing import public_page
from publishing.saving import Refusal
from publishing.sides import visible
from publishing.snapshots import as_number, version_of
from publishing.todo import MOST, Cell, Line, Number, Section, list_address, moment_cell, page_address
from publishing.workflow import Refused, may

DECISIONS = {
    State.ACCEPTED: gettext_lazy("The change is on record and public."),
    State.SENT_BACK: gettext_lazy("The proposal went back to its author."),
    State.REJECTED: gettext_lazy("The proposal is rejected; nothing was changed."),
    State.TAKEN_BACK: gettext_lazy("You took the proposal back; nothing was changed."),
}


def _line(proposal: ProposedChange) -> Line:
    record = Cell(str(proposal), page_address(proposal))
    person = proposal.author
    author = Cell(person.get_full_name() or person.get_username(), side=person.side) if person else Cell("–")
    state = Cell(str(proposal.get_state_display()))
    cells = [record, state, author, moment_cell(proposal.made_at)]
    return Line(cells, (proposal.made_at.timestamp(), proposal.pk))


class WhoseFilter(admin.SimpleListFilter):
    title = gettext_lazy("author")
    parameter_name = "whose"

    def lookups(self, request, model_admin):
        return [("mine", gettext_lazy("me")), ("others", gettext_lazy("somebody else"))]

    def queryset(self, request, queryset):
        if self.value() == "mine":
            return queryset.filter(author=request.user)
        return queryset.exclude(author=request.user) if self.value() == "others" else queryset


@admin.register(ProposedChange)
class ProposedChangeAdmin(admin.ModelAdmin):
    list_display = ["record_shown", "author", "made_at", "state", "decided_by", "decided_at"]
    list_filter = ["state", WhoseFilter, "made_at"]
    list_select_related = ["kind", "author", "decided_by"]
    list_per_page = 50

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def _kinds(self, request, right: str = "view") -> list[int]:
        """Return the kinds of record on which the person has a right."""
        kinds = {model for model in self.admin_site._registry if issubclass(model, Publishable)}
        return [
            ContentType.objects.get_for_model(kind).pk
            for kind in kinds
            if request.user.has_perm(f"{kind._meta.app_label}.{right}_{kind._meta.model_name}")
        ]

    def has_view_permission(self, request, obj=None):
        return bool(self._kinds(request))

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_queryset(self, request):
        known = super().get_queryset(request).filter(kind__in=self._kinds(request)).prefetch_related("record")
        return visible(known, request.user)

    def todo(self, request) -> list[Section]:
        """Return the proposals that wait for the person: for a decision, or sent back to their author."""
        if not self._kinds(request, "change"):
            return []
        known = self.get_queryset(request).select_related("kind", "author")
        mine = known.filter(author=request.user, state=State.SENT_BACK)
        decides = known.filter(kind__in=self._kinds(request, "publish"))
        waiting = decides.filter(state=State.OPEN).exclude(author=request.user)
        section = Section(
            "proposals",
            _("Proposed changes"),
            [_("Record"), _("State"), capfirst(_("author")), pgettext("proposal", "made")],
            _("No proposed change waits for you."),
            35,
            ngettext_lazy("proposed change", "proposed changes", "count"),
        )
        for queryset, query in (
            (waiting, {"state__exact": State.OPEN, "whose": "others"}),
            (mine, {"state__exact": State.SENT_BACK, "whose": "mine"}),
        ):
            words = str(State(query["state__exact"]).label)
            section.numbers.append(Number(queryset.count(), words, list_address(ProposedChange, **query)))
            for proposal in queryset[:MOST]:
                section.lines.append(_line(proposal))
        return [section]

    @admin.display(description=gettext_lazy("record"))
    def record_shown(self, proposal):
        return title_of(proposal.record) if proposal.record else "–"

    def get_urls(self):
        page = path(
            "<int:object_id>/preview/<slug:language>/",
            self.admin_site.admin_view(self.preview_view),
            name="publishing_proposedchange_preview",
        )
        return [page, *super().get_urls()]

    def _found(self, request, object_id) -> tuple[ProposedChange, Publishable, admin.ModelAdmin]:
        given = str(object_id)
        known = self.get_queryset(request)
        proposal = known.filter(pk=given).first() if given.isascii() and given.isdigit() else None
        if proposal is None or proposal.record is None:
            raise Http404
        record = proposal.record
        return proposal, record, self.admin_site.get_model_admin(type(record))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        proposal, record, record_admin = self._found(request, unquote(object_id))
        if request.method == "POST":
            return self._decide(request, proposal, record_admin)
        waits = proposal.state in (State.OPEN, State.SENT_BACK)
        found, problems = [], []
        if waits:
            try:
                found, _nothing = preview(record_admin, request, record, proposal)
            except (Refused, Refusal) as refused:
                problems = refused.problems
        is_own = proposal.author_id == request.user.pk
        context = {
            **self.admin_site.each_context(request),
            "title": _("Proposed change of %(name)s") % {"name": title_of(record)},
            "opts": self.opts,
            "original": proposal,
            "proposal": proposal,
            "record": record,
            "record_address": reverse(
                f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk]
            ),
            "differences": found,
            "languages": settings.LANGUAGES,
            "problems": problems,
            "seen": as_number(version_of(record)),
            "is_stale": waits and version_of(record) > proposal.opened,
            "may_decide": proposal.state == State.OPEN and not is_own and may(record, "publish", request.user),
            "is_own": waits and is_own,
        }
        return TemplateResponse(request, "admin/publishing/proposal.html", context)

    def _decide(self, request, proposal, record_admin):
        to, comment = request.POST.get("_decision"), request.POST.get("comment", "").strip()[:2000]
        again = HttpResponseRedirect(reverse("admin:publishing_proposedchange_change", args=[proposal.pk]))
        if to not in DECISIONS:
            return again
        try:
            decide(record_admin, request, proposal, State(to), comment, request.POST.get("seen", ""))
        except (Refused, Refusal) as refused:
            for problem in refused.problems:
                self.message_user(request, problem, messages.ERROR)
            return again
        record = proposal.record
        link = format_html('<a href="{}">{}</a>', record.get_absolute_url(), title_of(record))
        self.message_user(request, format_html("{} {}", DECISIONS[State(to)], link), messages.SUCCESS)
        return again

    def preview_view(self, request, object_id, language):
        """Show the public page as the proposal would make it."""
        proposal, record, record_admin = self._found(request, object_id)
        if proposal.state not in (State.OPEN, State.SENT_BACK) or language not in dict(settings.LANGUAGES):
            raise Http404
        try:
            _found, page = preview(
                record_admin, request, record, proposal, lambda changed: public_page(request, changed, language)
            )
        except (Refused, Refusal) as refused:
            raise PermissionDenied(" ".join(refused.problems)) from refused
        return page
