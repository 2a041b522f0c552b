"""The desk's page of the agenda: its items and papers, matters arising, draft or final, and its files."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext, override, pgettext
from django.views.decorators.http import require_safe

from accounts.models import User
from documents.answers import document_response
from meetings import desk
from meetings.calendars import is_on_a_day, staff_calendar
from meetings.calling.agenda import agenda_document, agenda_lines, arising_rows, changed_since_final, finality
from meetings.calling.handouts import check, file_name, handed_out, is_own, links
from meetings.calling.ordering import OrderRefused, put_in_order
from meetings.calling.pressing import changes
from meetings.models import AgendaItem, Meeting
from publishing.authorship import acting_user, writing_moment
from publishing.models import Publication
from publishing.sides import Visibility, visible
from publishing.workflow import may

MADE_FINAL = gettext_noop("The agenda was made final.")
MADE_DRAFT = gettext_noop("The agenda was made a draft again.")


class NewItem(forms.ModelForm):
    """A row for one more agenda item; what is public of it is settled in the meeting's form."""

    class Meta:
        model = AgendaItem
        fields = ["title_en", "title_zh", "kind", "presenter", "presenter_zh", "visibility"]

    def __init__(self, *args, meeting: Meeting, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.instance.meeting = meeting
        kept = [] if user.side == User.BOTH else [Visibility.OWN_SIDE]
        self.fields["visibility"].choices = [(one.value, one.label) for one in (Visibility.BOTH_SIDES, *kept)]

    def clean(self):
        cleaned = super().clean()
        titles = {name: cleaned.get(name, "").strip() for name in ("title_en", "title_zh")}
        if not any(titles.values()):
            raise forms.ValidationError(_("Enter the title in at least one language."))
        same = visible(self.instance.meeting.agenda_items.filter(**titles), self.user)
        if same.exists():
            raise forms.ValidationError(_("An item of this title is on the agenda already."))
        if cleaned.get("visibility") == Visibility.OWN_SIDE:
            self.instance.owner_side = self.user.side
        return cleaned


def may_change(request, meeting: Meeting) -> bool:
    return admin.site.get_model_admin(Meeting).has_change_permission(request, meeting)


def may_order(request, meeting: Meeting) -> bool:
    """Return whether the person may put the agenda in order: what is public of it only who may publish."""
    public = {"visibility": Visibility.PUBLIC}
    is_public = meeting.is_published and meeting.agenda_items.filter(**public).exists()
    return may_change(request, meeting) and (not is_public or may(meeting, "publish", request.user))


def back(meeting: Meeting) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:desk_agenda", args=[meeting.pk]))


@require_safe
def show(request, meeting: Meeting):
    """Show the agenda as the person sees it."""
    return _page(request, meeting)


def _page(request, meeting: Meeting, form: NewItem | None = None):
    is_changer = may_change(request, meeting)
    if form is None and is_changer:
        form = NewItem(meeting=meeting, user=request.user)
    return desk.page(
        request,
        meeting,
        "agenda",
        "admin/meetings/desk/agenda.html",
        lines=agenda_lines(meeting, request.user),
        arising=arising_rows(meeting, request.user, own=True),
        finality=finality(meeting),
        is_changed=changed_since_final(meeting),
        may_change=is_changer,
        may_order=may_order(request, meeting),
        may_add_papers=request.user.has_perm("meetings.add_paper"),
        handouts=handed_out("desk_agenda_file", meeting, request.user, ("docx", "pdf")),
        calendars=links("desk_agenda_calendar", meeting, ("ics",)) if is_on_a_day(meeting) else [],
        new_item=form,
    )


@changes("agenda")
def add(request, meeting: Meeting):
    """Add an item after the others."""
    if not may_change(request, meeting):
        raise PermissionDenied
    with transaction.atomic():
        Publication.lock()
        form = NewItem(request.POST, meeting=meeting, user=request.user)
        if form.is_valid():
            last = meeting.agenda_items.aggregate(last=Max("position"))["last"] or 0
            form.instance.position = last + 1
            form.save()
            words = _("“%(title)s” is on the agenda.") % {"title": form.instance.title}
            messages.success(request, words)
            return back(meeting)
    return _page(request, meeting, form)


@changes("agenda")
def order(request, meeting: Meeting):
    """Put the items that the person sees in the order asked for."""
    if not may_order(request, meeting):
        raise PermissionDenied
    try:
        changed = put_in_order([visible(meeting.agenda_items.all(), request.user)], request.POST)
    except OrderRefused as refused:
        messages.error(request, str(refused))
    except ValidationError as refused:
        # What agreed minutes hold keeps its place.
        messages.error(request, " ".join(refused.messages))
    else:
        words = (
            _("The order of the agenda is saved.") if changed else _("The order of the agenda is as it was.")
        )
        messages.success(request, words)
    return back(meeting)


def _mark(request, meeting: Meeting, final: bool) -> None:
    """Note that the agenda is final, or no longer. No text is changed, so its author stays."""
    if not may_change(request, meeting):
        raise PermissionDenied
    with transaction.atomic():
        Publication.lock()
        meeting.refresh_from_db()
        if final and not meeting.agenda_items.exclude(visibility=Visibility.OWN_SIDE).exists():
            messages.error(request, _("The agenda has no item that both sides see: add one first."))
            return
        meeting.agenda_final_at = writing_moment() if final else None
        meeting.agenda_final_by = acting_user() if final else None
        meeting.author_stays = True
        meeting._change_reason = MADE_FINAL if final else MADE_DRAFT
        meeting.save()
    done = _("The agenda is final.") if final else _("The agenda is a draft again.")
    messages.success(request, done)


@changes("agenda")
def make_final(request, meeting: Meeting):
    _mark(request, meeting, True)
    return back(meeting)


@changes("agenda")
def make_draft(request, meeting: Meeting):
    _mark(request, meeting, False)
    return back(meeting)


@require_safe
def download(request, meeting: Meeting, language: str, format: str):
    """Give the agenda as a Word file or a PDF."""
    check(language, format, "docx", "pdf")
    own = is_own(request)
    with override(language):
        document = agenda_document(meeting, request.user, language, own)
        return document_response(document, format, file_name(meeting, "agenda", language, own))


@require_safe
def calendar(request, meeting: Meeting, language: str):
    """Give the meeting as a calendar file, or say why there is none yet."""
    check(language, "ics", "ics")
    if not is_on_a_day(meeting):
        messages.warning(request, _("There is no calendar file yet: the meeting has no date to the day."))
        return back(meeting)
    with override(language):
        return staff_calendar(meeting, request, file_name(meeting, "calendar", language))


def note(request, meeting: Meeting) -> str:
    count = visible(meeting.agenda_items.all(), request.user).count()
    items = ngettext("%(count)s agenda item", "%(count)s agenda items", count) % {"count": count}
    state = pgettext("agenda", "final") if meeting.agenda_final_at else pgettext("agenda", "draft")
    return pgettext("list", ", ").join([items, state])


desk.register(
    desk.DeskPage(
        key="agenda",
        label=gettext_lazy("Agenda"),
        group="before",
        position=10,
        views={
            "": show,
            "add/": ("add", add),
            "order/": ("order", order),
            "final/": ("final", make_final),
            "draft/": ("draft", make_draft),
            "agenda-<str:language>.<str:format>": ("file", download),
            "meeting-<str:language>.ics": ("calendar", calendar),
        },
        note=note,
    )
)
