"""The list of e-mails: who was sent what, what failed, and sending that again."""

import re

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from outbox.models import Mail
from outbox.sending import Tally, send_waiting

LINK = re.compile(r"(?:https?://|(?<!\S)/)\S+")


class DecideFilter(admin.SimpleListFilter):
    """What waits for somebody to decide: what failed, and what broke off while it was being sent."""

    title = gettext_lazy("to decide")
    parameter_name = "decide"

    def lookups(self, request, model_admin):
        return [("1", gettext_lazy("failed, or not known whether it was sent"))]

    def queryset(self, request, queryset):
        return queryset.filter(Mail.failed_or_broken_off()) if self.value() == "1" else queryset


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    """Read by the staff of the side; officers and managers send again what failed."""

    list_display = ["subject", "state", "problem_shown", "to", "kind", "made_at"]
    list_filter = [DecideFilter, "state", "kind", "made_at"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["to", "subject", "user__username"]
    actions = ["send_again"]
    fields = ["to", "subject", "body", "kind", "made_at", "state", "attempts", "tried_at", "sent_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).seen_by(request.user)

    def get_fields(self, request, obj=None):
        shown = [*self.fields, "problem", "error"] if obj and obj.problem else self.fields
        if getattr(obj, "file", None):
            shown = [*shown, "file_shown"]
        if self.has_send_permission(request):
            return shown
        return ["body_without_links" if name == "body" else name for name in shown]

    def get_readonly_fields(self, request, obj=None):
        return ["body_without_links", "file_shown"]

    def lookup_allowed(self, lookup, value, request=None):
        # A filter by the text would tell a link letter by letter.
        return not lookup.startswith("body") and super().lookup_allowed(lookup, value, request)

    @admin.display(description=Mail._meta.get_field("body").verbose_name)
    def body_without_links(self, mail):
        """Return the text for who only reads: whoever has a link in it may act by it."""
        return LINK.sub("[…]", mail.body)

    @admin.display(description=pgettext_lazy("e-mail", "problem"))
    def problem_shown(self, mail):
        return " ".join(filter(None, [mail.get_problem_display(), mail.error])) or "–"

    @admin.display(description=gettext_lazy("file"))
    def file_shown(self, mail):
        """Return the name and size of the file, as a link while it is kept."""
        size = filesizeformat(mail.file.size)
        if mail.file.content is None:
            return _("%(name)s (%(size)s), no longer kept") % {"name": mail.file.name, "size": size}
        address = reverse("admin:outbox_mail_file", args=[mail.pk])
        return format_html('<a href="{}">{}</a> ({})', address, mail.file.name, size)

    def get_urls(self):
        page = path("<int:key>/file/", self.admin_site.admin_view(self.give_file), name="outbox_mail_file")
        return [page, *super().get_urls()]

    def give_file(self, request, key: int) -> HttpResponse:
        """Give the file of a mail to who sees the mail. Raises Http404 for others, and once it is emptied."""
        mail = self.get_object(request, str(key)) if self.has_view_permission(request) else None
        file = getattr(mail, "file", None)
        if file is None or file.content is None:
            raise Http404
        answer = HttpResponse(bytes(file.content), content_type=file.content_type)
        answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return answer

    # Rights ----------------------------------------------------------------------------------

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_send_permission(self, request) -> bool:
        return request.user.has_perm("outbox.change_mail")

    # Sending ---------------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Send again"), permissions=["send"])
    def send_again(self, request, queryset):
        keys = list(queryset.values_list("pk", flat=True))
        Mail.objects.filter(pk__in=keys).again()
        tell(self, request, send_waiting(keys=keys))


def tell(admin_of_page, request, tally: Tally) -> None:
    """Say in messages what became of mails."""
    if tally.sent:
        words = ngettext("%(count)s e-mail was sent.", "%(count)s e-mails were sent.", tally.sent)
        admin_of_page.message_user(request, words % {"count": tally.sent}, messages.SUCCESS)
    if tally.failed:
        words = ngettext(
            "%(count)s e-mail failed: the list of e-mails says why.",
            "%(count)s e-mails failed: the list of e-mails says why.",
            tally.failed,
        )
        admin_of_page.message_user(request, words % {"count": tally.failed}, messages.ERROR)
    if tally.waiting:
        words = _("The mail server could not be reached. What waits is sent by the next attempt.")
        admin_of_page.message_user(request, words, messages.ERROR)
    if not (tally.sent or tally.failed or tally.waiting):
        words = _("None of these is to be sent again: choose those that failed or still wait.")
        admin_of_page.message_user(request, words, messages.WARNING)
