"""The page of a meeting's desk on what came since the last meeting: the choice, the answer, the files."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from documents.answers import attachment, document_response
from listing.exports import SHEETS, about_sheet, file_name, rows_file
from meetings.desk import DeskPage, page, register
from meetings.models import Meeting
from meetings.since import LIVE, Interval, interval, interval_problem, meeting_before
from projects.since import since
from publishing.sides import own_side_label, visible
from publishing.todo import page_address
from reports.since import COLUMNS, interval_words, sheet_rows, since_document


class Between(forms.Form):
    """Two meetings that the person may see; the later one may be none: until today."""

    earlier = forms.ModelChoiceField(
        Meeting.objects.none(),
        label=gettext_lazy("Since"),
        error_messages={"invalid_choice": gettext_lazy("No such meeting: choose one of the list.")},
    )
    later = forms.ModelChoiceField(
        Meeting.objects.none(),
        required=False,
        label=gettext_lazy("Until"),
        empty_label=gettext_lazy("today"),
        error_messages={"invalid_choice": gettext_lazy("No such meeting: choose one of the list.")},
    )

    def __init__(self, data, user):
        super().__init__(data)
        self.user = user
        meetings = visible(Meeting.objects.filter(status__in=LIVE), user).order_by("-starts_on", "-pk")
        for field in self.fields.values():
            field.queryset = meetings
            field.label_from_instance = lambda one: f"{one.title} · {one.starts_on or _('no date')}"

    def clean(self):
        data = super().clean()
        if not self.errors and (problem := interval_problem(data["earlier"], data["later"])):
            self.add_error("earlier", problem)
        return data

    def interval(self) -> Interval:
        """Return the chosen time; of a valid form."""
        return interval(self.cleaned_data["earlier"], self.cleaned_data["later"], self.user)


def _asked(request, meeting: Meeting) -> Between:
    """Return the form as asked, or filled with the meeting and the one of its kind held before it."""
    if {"earlier", "later"} & request.GET.keys():
        return Between(request.GET, request.user)
    before = meeting_before(meeting, request.user)
    return Between({"earlier": before.pk, "later": meeting.pk} if before else None, request.user)


def _linked(section) -> tuple:
    """Return a section with the addresses of its rows; a row without a page leads to its meeting's."""
    addresses = [
        page_address(getattr(row.record, "meeting", row.record) if section.key == "decisions" else row.record)
        for row in section.rows
    ]
    return section, list(zip(section.rows, addresses, strict=True))


def _files(meeting: Meeting, chosen: Interval) -> list[tuple[str, str, str]]:
    """Return (language or "", format, address) of each file of the answer."""
    query = {"earlier": chosen.earlier.pk, "later": chosen.later.pk if chosen.later else ""}

    def address(kind: str, **more) -> str:
        return f"{reverse('admin:desk_since_file', args=[meeting.pk, kind])}?{urlencode(query | more)}"

    documents = [
        (code, kind, address(ending, language=code))
        for code, _label in settings.LANGUAGES
        for ending, kind in (("docx", "Word"), ("pdf", "PDF"))
    ]
    return [*documents, ("", "CSV", address("csv")), ("", "Excel", address("xlsx"))]


def show_since(request, meeting: Meeting):
    """Show what came between the two chosen meetings, by default since the one before this."""
    form = _asked(request, meeting)
    context = {"form": form, "sections": [], "files": []}
    if form.is_valid():
        chosen = form.interval()
        context |= {
            "sections": [_linked(section) for section in since(chosen, request.user)],
            "files": _files(meeting, chosen),
            "interval_words": interval_words(chosen),
        }
    return page(request, meeting, "since", "admin/meetings/desk/since.html", **context)


def download_since(request, meeting: Meeting, kind: str) -> HttpResponse:
    """Give the answer as CSV or Excel in both languages, or as Word or PDF in the language asked for."""
    form = _asked(request, meeting)
    if not form.is_valid():
        words = [str(error) for errors in form.errors.values() for error in errors]
        return HttpResponseBadRequest(" ".join(words) or _("Choose two meetings."), content_type="text/plain")
    chosen, name = form.interval(), f"since-{form.cleaned_data['earlier'].code}"
    if kind in SHEETS:
        label = (_("For whom"), own_side_label(request.user.side))
        about = about_sheet(interval_words(chosen), label)
        file = rows_file(kind, COLUMNS, sheet_rows(chosen, request.user), about)
        until = {"until": [chosen.later.code]} if chosen.later else {}
        return attachment(file, kind, file_name(name, until))
    language = request.GET.get("language", "en")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with override(language):
        return document_response(since_document(chosen, request.user), kind, f"{name}-{language[:2]}")


def _note(request, meeting: Meeting) -> str:
    before = meeting_before(meeting, request.user)
    if before is None:
        return _("No earlier meeting of its kind is on record here.")
    days = (meeting.starts_on - before.starts_on).days if meeting.starts_on else None
    if days is None:
        return _("Since %(meeting)s") % {"meeting": before.code}
    return ngettext("%(count)s day after %(meeting)s", "%(count)s days after %(meeting)s", days) % {
        "count": days,
        "meeting": before.code,
    }


register(
    DeskPage(
        key="since",
        label=gettext_lazy("Since the last meeting"),
        group="always",
        position=70,
        views={"": show_since, "since.<str:kind>": ("file", download_since)},
        note=_note,
        about=gettext_lazy("What is new, started, stalled, finished, signed, renewed and ended."),
    )
)
