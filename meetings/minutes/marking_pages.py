"""Uploading agreed minutes, and the page on which an officer says what each paragraph of them is."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import Side
from meetings.desk import page
from meetings.minutes.freezing import frozen_words, is_frozen
from meetings.minutes.marking import ACTION, DECISION, NOTED, Mark, guess, write_marks
from meetings.minutes.paragraphs import read_paragraphs
from meetings.models import Meeting, Paper
from publishing.files import Download
from publishing.filetypes import DOCX, PDF, recognise
from publishing.models import Publication
from publishing.sides import BOTH, Visibility, visible
from publishing.workflow import Refused, may

KINDS = [
    ("", pgettext_lazy("a paragraph", "nothing")),
    (NOTED, pgettext_lazy("a paragraph", "noted")),
    (DECISION, pgettext_lazy("a paragraph", "decision")),
    (ACTION, pgettext_lazy("a paragraph", "follow-up action")),
]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Agreed minutes"),
        help_text=gettext_lazy("A Word file (DOCX) or a PDF with text, not a scan."),
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Paper.Language)

    def clean_file(self):
        file = self.cleaned_data["file"]
        found = recognise(file, file.name)
        if found not in (DOCX, PDF):
            raise ValidationError(_("Only Word (DOCX) and PDF files are read. Save it as one of these."))
        read_paragraphs(file, found)
        file.seek(0)
        return file


def _may_upload(request, meeting: Meeting) -> None:
    """Refuse those who may not write the record of a meeting."""
    if not (may(meeting, "change", request.user) and request.user.has_perm("meetings.add_paper")):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, meeting: Meeting):
    """Take in a file of agreed minutes as a paper of both sides, and lead to its paragraphs."""
    _may_upload(request, meeting)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        paper = _keep(request, meeting, form.cleaned_data)
        return redirect("admin:desk_record_mark", meeting.pk, paper.pk)
    return page(
        request,
        meeting,
        "record",
        "admin/meetings/minutes/upload.html",
        title=_("Upload agreed minutes"),
        form=form,
        papers=_read_papers(request, meeting),
        is_frozen=is_frozen(meeting.pk),
    )


def _read_papers(request, meeting: Meeting):
    """Return the papers of the meeting whose paragraphs can be marked, those that both sides see."""
    papers = visible(meeting.papers.all(), request.user).exclude(visibility=Visibility.OWN_SIDE)
    return papers.filter(content_type__in=(DOCX, PDF))


def _keep(request, meeting: Meeting, cleaned: dict) -> Paper:
    title = pgettext("title of a paper", "Minutes as agreed")
    with transaction.atomic():
        Publication.lock()
        side = request.user.side if request.user.side != BOTH else meeting.host_side or Side.SINGAPORE
        same = Paper.objects.filter(meeting=meeting, title=title, language=cleaned["language"], owner_side=side)
        version = max(same.values_list("version", flat=True), default=0) + 1
        return Paper.objects.create(
            meeting=meeting,
            title=title,
            language=cleaned["language"],
            version=version,
            file=cleaned["file"],
            visibility=Visibility.BOTH_SIDES,
            owner_side=side,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request, meeting: Meeting, paper: int):
    """Show the paragraphs of a paper with a guess what each is, or write what was confirmed."""
    _may_upload(request, meeting)
    file = get_object_or_404(_read_papers(request, meeting), pk=paper)
    items = list(visible(meeting.agenda_items.exclude(visibility=Visibility.OWN_SIDE), request.user))
    try:
        with file.file.open("rb") as opened:
            reading = read_paragraphs(opened, file.content_type)
    except FileNotFoundError as gone:
        raise Http404 from gone
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("admin:desk_record_upload", meeting.pk)
    marks = guess(reading.paragraphs, meeting, items)
    problems = [frozen_words()] if is_frozen(meeting.pk) else []
    if request.method == "POST":
        _confirm(request.POST, marks)
        try:
            changed = write_marks(meeting, marks, request.user)
        except Refused as refused:
            problems = refused.problems
        else:
            words = _("Written into the record: %(count)s. Check it here, and complete what is missing.")
            messages.success(request, words % {"count": changed})
            return redirect("admin:desk_record", meeting.pk)
    elif not problems:
        Download.note(file, request.user)
    return page(
        request,
        meeting,
        "record",
        "admin/meetings/minutes/mark.html",
        title=_("What the agreed minutes say"),
        paper=file,
        marks=list(enumerate(marks)),
        is_cut=reading.is_cut,
        kinds=KINDS,
        items=list(enumerate(items, 1)),
        sides=Side.choices,
        problems=problems,
        record_address=reverse("admin:desk_record", args=[meeting.pk]),
    )


def _confirm(posted, marks: list[Mark]) -> None:
    """Write into the marks what the officer chose; what is no choice of the page is an error in words."""
    for number, one in enumerate(marks):
        chosen = {name: posted.get(f"{name}-{number}", "") for name in ("kind", "item", "owner_side", "due_on")}
        one.kind = chosen["kind"] if chosen["kind"] in dict(KINDS) else ""
        item = chosen["item"][:18]
        one.item = int(item) if item.isascii() and item.isdigit() else None
        one.owner_side = chosen["owner_side"] if chosen["owner_side"] in Side.values else ""
        one.due_on = _day(chosen["due_on"], one)


def _day(text: str, one: Mark):
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if text.strip() and day is None:
        one.errors.append(_("Write the date as 2027-06-30."))
    return day
