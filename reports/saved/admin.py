"""The admin of saved reports: saving a view, changing and deleting what was saved, what is to do about it."""

from django.contrib import admin, messages
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy

from accounts.models import User
from publishing.todo import MOST, Cell, Line, Number, Section, list_address, page_address
from reports.managers.frame import report
from reports.models import Audience, SavedReport
from reports.saved.forms import SavedReportForm
from reports.saved.reading import view_of
from reports.saved.recipients import Recipient
from reports.saved.sending import stopped_for


def may_change(user, saved: SavedReport) -> bool:
    """Return whether it is theirs to change: what a side shares stays with the side when its owner moves."""
    return saved.owner_id == user.pk and saved.is_seen_by(user)


def may_delete(user, saved: SavedReport) -> bool:
    """Return whether a person deletes it: who saved it, and managers what their side shares."""
    if may_change(user, saved):
        return True
    is_of_side = saved.audience != Audience.ME and user.side in (saved.side, User.BOTH)
    return is_of_side and user.has_perm("projects.publish_project")


class StoppedFilter(admin.SimpleListFilter):
    """One's own reports that no longer reach somebody."""

    title = gettext_lazy("no longer sent to somebody")
    parameter_name = "stopped"

    def lookups(self, request, model_admin):
        return [("1", gettext_lazy("mine, no longer sent to somebody"))]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=stopped_for(request.user)) if self.value() == "1" else queryset


@admin.register(SavedReport)
class SavedReportAdmin(admin.ModelAdmin):
    """Everybody sees what is shared with them, and changes their own."""

    form = SavedReportForm
    list_display = ["opened", "report_shown", "audience", "owner", "schedule_shown", "stopped_shown"]
    list_display_links = None
    list_filter = [StoppedFilter, "audience", "every"]
    list_select_related = ["owner"]
    search_fields = ["name"]
    actions = None
    show_full_result_count = False
    change_form_template = "admin/reports/saved_form.html"
    fieldsets = [
        (None, {"fields": ["name", "audience"]}),
        (
            gettext_lazy("By e-mail"),
            {"fields": ["every", "weekday", "day_of_month", "format", "recipients"]},
        ),
    ]

    # What is seen, and by whom ------------------------------------------------------------------

    def get_queryset(self, request):
        mine = Recipient.objects.stopped().filter(saved__owner=request.user).select_related("user")
        seen = super().get_queryset(request).seen_by(request.user)
        return seen.prefetch_related(Prefetch("recipients", mine, to_attr="stopped"))

    def has_view_permission(self, request, obj=None):
        if obj is not None:
            return self.has_change_permission(request, obj)
        return super().has_view_permission(request)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request) and (obj is None or may_change(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request) and (obj is None or may_delete(request.user, obj))

    @admin.display(description=pgettext_lazy("saved report", "name"), ordering="name")
    def opened(self, saved):
        return format_html('<a href="{}">{}</a>', reverse("admin:saved_report", args=[saved.pk]), saved.name)

    @admin.display(description=pgettext_lazy("saved report", "report"), ordering="report")
    def report_shown(self, saved):
        one = report(saved.report)
        return one.title if one else _("There is no report “%(key)s” any more.") % {"key": saved.report}

    @admin.display(description=pgettext_lazy("saved report", "sent by e-mail"))
    def schedule_shown(self, saved):
        return saved.schedule

    @admin.display(description=gettext_lazy("no longer sent to"))
    def stopped_shown(self, saved):
        return ", ".join(map(str, saved.stopped)) or "–"

    # Forms --------------------------------------------------------------------------------------

    def get_fieldsets(self, request, obj=None):
        first, mails = (dict(rest) for _title, rest in self.fieldsets)
        if obj is None:
            first["fields"] = [*first["fields"], "report", "query"]
        elif obj.recipients.stopped().exists():
            mails["fields"] = [*mails["fields"], "again"]
        return [(title, rest) for (title, _rest), rest in zip(self.fieldsets, (first, mails), strict=True)]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.owner = request.user
        return form

    def add_view(self, request, form_url="", extra_context=None):
        if report((request.POST or request.GET).get("report", "")) is None:
            words = _("Open a report, choose its filters, and press “Save this view” there.")
            self.message_user(request, words, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:reports"))
        return super().add_view(request, form_url, extra_context)

    def render_change_form(self, request, context, *args, **kwargs):
        form = context["adminform"].form
        saved = form.instance
        if saved.pk is None:
            asked = [str(form["report"].value() or ""), str(form["query"].value() or "")]
            saved = SavedReport(report=asked[0], query=asked[1])
        context |= {
            "view": view_of(saved, request.user),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.save_people()

    def response_post_save_add(self, request, obj):
        return HttpResponseRedirect(reverse("admin:reports"))

    response_post_save_change = response_post_save_add

    # To do --------------------------------------------------------------------------------------

    def todo(self, request) -> list[Section]:
        """Return the section of reports that one saved and that no longer reach somebody, if there are any."""
        stopped = stopped_for(request.user) if self.has_view_permission(request) else SavedReport.objects.none()
        if not (count := stopped.count()):
            return []
        headings = [_("Saved report"), _("No longer sent to")]
        tally = ngettext_lazy(
            "saved report no longer sent to somebody", "saved reports no longer sent to somebody", "count"
        )
        title = _("Saved reports that did not arrive")
        section = Section("reports", title, headings, "", 16, tally, tone="warn")
        words = capfirst(self.opts.verbose_name_plural)
        section.numbers.append(Number(count, words, list_address(SavedReport, stopped=1)))
        for place, saved in enumerate(self.get_queryset(request).filter(pk__in=stopped)[:MOST]):
            cells = [Cell(saved.name, page_address(saved)), Cell(self.stopped_shown(saved), tone="warn")]
            section.lines.append(Line(cells, (place,)))
        return [section]
