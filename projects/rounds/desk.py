"""The page "updates" of a meeting's desk: the round, who has answered, each project's link, its answers."""

from functools import wraps

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from meetings.desk import DeskPage, page, register
from outbox.admin import tell
from outbox.models import Mail
from outbox.sending import Tally
from projects.models import Contact, UpdateAnswer, UpdateRequest, UpdateRound
from projects.rounds import answering, asking
from projects.rounds import files as update_files
from projects.rounds import rows as round_rows
from publishing.sides import Visibility, visible
from publishing.workflow import Refused

KEY = "updates"
CHANGE = "projects.change_updateround"


class RoundForm(forms.ModelForm):
    """The last day of a round and what its forms and mails say besides."""

    class Meta:
        model = UpdateRound
        fields = ("closes_on", "note_en", "note_zh")
        widgets = {
            "closes_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note_en": forms.Textarea(attrs={"rows": 2, "lang": "en"}),
            "note_zh": forms.Textarea(attrs={"rows": 2, "lang": "zh-Hans"}),
        }
        help_texts = {
            "closes_on": gettext_lazy("Answers are taken to the end of this day, UTC+8."),
            "note_en": gettext_lazy("Whoever is asked reads it in the form and the e-mail. May stay empty."),
        }

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        if day < localdate():
            raise forms.ValidationError(_("This day is past. Choose today or a later day."))
        return day


def working(view):
    """Let a view change something: sent by a form, by who may run a round; a refusal is told in words."""

    @wraps(view)
    def allowed(request, meeting, **kwargs):
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        try:
            return view(request, meeting, **kwargs) or _back(meeting)
        except Refused as refused:
            for problem in refused.problems:
                messages.error(request, problem)
            return _back(meeting, kwargs.get("pk"))

    return require_POST(allowed)


def _back(meeting, pk: int | None = None):
    """Lead to the page of the round, or to that of one request."""
    found = UpdateRequest.objects.filter(pk=pk, round__meeting=meeting).exists() if pk else False
    return (
        redirect("admin:desk_updates_request", meeting.pk, pk)
        if found
        else redirect("admin:desk_updates", meeting.pk)
    )


def _tell(request, tally: Tally) -> None:
    if tally.sent or tally.failed or tally.waiting:
        tell(admin.site.get_model_admin(Mail), request, tally)
    else:
        messages.warning(request, _("Nobody is left to write to today."))


def _round(meeting) -> UpdateRound | None:
    return UpdateRound.objects.filter(meeting=meeting).select_related("meeting", "opened_by").first()


def _the_round(meeting) -> UpdateRound:
    return get_object_or_404(UpdateRound.objects.select_related("meeting"), meeting=meeting)


def show(request, meeting, form: RoundForm | None = None):
    """Show the round, or offer to open one."""
    round = _round(meeting)
    may_work = request.user.has_perm(CHANGE)
    context = {"round": round, "may_work": may_work, "form": form or RoundForm(instance=round)}
    if round is None:
        projects = round_rows.to_ask(request.user)
        context |= {"projects": projects, "without": sum(not contact for _project, contact in projects)}
        return page(request, meeting, KEY, "admin/projects/round_open.html", **context)
    rows = round_rows.rows_of(round, request.user)
    known = {row.request.project_id for row in rows}
    context |= {
        "rows": rows,
        "answered": sum(bool(row.request.answered_at) for row in rows),
        "to_mail": sum(row.can_be_mailed for row in rows) if may_work else 0,
        "not_asked": asking.running_projects().exclude(pk__in=known).order_by("reference_number"),
        "may_publish": request.user.has_perm("projects.publish_project"),
        "held_back": meeting.progress_reports.filter(visibility=Visibility.BOTH_SIDES).count(),
    }
    return page(request, meeting, KEY, "admin/projects/round.html", **context)


def open_(request, meeting):
    """Open the round, or set its last day and note anew."""
    if request.method != "POST":
        return _back(meeting)
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    round = _round(meeting)
    form = RoundForm(request.POST, instance=round)
    if not form.is_valid():
        return show(request, meeting, form)
    told = form.cleaned_data
    try:
        if round is None:
            asking.open_round(meeting, user=request.user, **told)
            messages.success(request, _("The round is open. Look at who is asked, then send the links."))
        else:
            asking.reopen(round, **told)
            messages.success(request, _("The round takes answers to the end of its last day."))
    except Refused as refused:
        messages.error(request, " ".join(refused.problems))
    return _back(meeting)


@working
def ask(request, meeting):
    """Ask the running projects that came after the round was opened."""
    count = asking.ask(_the_round(meeting), request.user)
    words = ngettext("%(count)s more project is asked.", "%(count)s more projects are asked.", count)
    messages.success(request, words % {"count": count})


@working
def close(request, meeting):
    """Take no more answers."""
    asking.close_round(_the_round(meeting))
    messages.success(request, _("The round is closed. A new last day opens it again."))


@working
def mail(request, meeting):
    """Send the link to everybody who has not answered and was not written to today."""
    _tell(request, asking.chase(asking.unanswered(_the_round(meeting)), request))


@working
def upload(request, meeting):
    """Take in a Word form that came back; its code says which project answers."""
    round = _the_round(meeting)
    file = request.FILES.get("file")
    if not file:
        raise Refused([_("Choose the Word file that came back.")])
    found, told = update_files.read(file)
    if found.round_id != round.pk:
        raise Refused([_("This form belongs to the round of another meeting. Upload it there.")])
    answering.submit(found, told, UpdateAnswer.Way.FILE)
    words = _("The answer of %(reference)s is kept as a draft.")
    messages.success(request, words % {"reference": found.project.reference})
    return _back(meeting, found.pk)


@working
def publish(request, meeting):
    """Make the meeting's progress reports public."""
    if not request.user.has_perm("projects.publish_project"):
        raise PermissionDenied
    count = answering.make_reports_public(meeting)
    words = ngettext("%(count)s progress report is public.", "%(count)s progress reports are public.", count)
    messages.success(request, words % {"count": count})


# One project --------------------------------------------------------------------------------------


def _asked(meeting, pk: int) -> UpdateRequest:
    known = UpdateRequest.objects.filter(round__meeting=meeting)
    return get_object_or_404(known.select_related("round__meeting", "project", "contact", "mail"), pk=pk)


def one(request, meeting, pk):
    """Show one project's link, contact and answers."""
    asked = _asked(meeting, pk)
    row = round_rows.row_of(asked, request.user)
    may_work = request.user.has_perm(CHANGE)
    links = []
    # Whoever has the link reads what its holder sent: that of a kept contact is its side's alone.
    if may_work and not asked.fault and not row.is_kept_from_here:
        links = [(code, asking.link_of(asked, request, code)) for code in ("en", "zh-hans")]
    context = {
        "title": _("Update of %(reference)s") % {"reference": asked.project.reference},
        "asked": asked,
        "row": row,
        "links": links,
        "may_work": may_work,
        "contacts": visible(Contact.objects.filter(project=asked.project), request.user),
        "answers": asked.answers.select_related("decided_by").order_by("-submitted_at", "-pk"),
    }
    return page(request, meeting, KEY, "admin/projects/round_request.html", **context)


@working
def change(request, meeting, pk):
    """Revoke or renew the link, choose the contact, or mail the link, as the button says."""
    asked = _asked(meeting, pk)
    what = request.POST.get("what")
    if what == "mail":
        if asked not in asking.unanswered(asked.round):
            raise Refused([_("This link cannot be mailed: it has an answer, no contact, or is dead.")])
        _tell(request, asking.chase([asked], request))
    elif what == "revoke":
        asking.revoke(asked)
        messages.success(request, _("The link is dead. Make a new one if it is needed again."))
    elif what in ("renew", "contact"):
        row = round_rows.row_of(asked, request.user)
        contact = asked.contact
        if what == "contact":
            if row.is_kept_from_here:
                raise Refused([_("The contact is kept by the other side, which alone chooses another.")])
            known = visible(Contact.objects.filter(project=asked.project), request.user)
            given = request.POST.get("contact", "")[:18]
            contact = known.filter(pk=given).first() if given.isascii() and given.isdigit() else None
            if contact is None:
                raise Refused([_("This contact is not on record any longer. Choose another.")])
        asking.renew(asked, contact)
        messages.success(request, _("There is a new link; the old one is dead."))
    return _back(meeting, pk)


def word(request, meeting, pk):
    """Give the form of one project as a Word file."""
    asked = _asked(meeting, pk)
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    return update_files.answer(asked)


def answer(request, meeting, pk):
    """Show an answer beside what is on record; take an officer's decision on it."""
    known = UpdateAnswer.objects.filter(request__round__meeting=meeting)
    known = known.select_related("request__project__meeting", "request__round__meeting", "request__contact")
    found = get_object_or_404(known.select_related("decided_by"), pk=pk)
    may_work = request.user.has_perm(CHANGE) and request.user.has_perm("projects.change_progressreport")
    form = None
    if request.method == "POST":
        if not may_work:
            raise PermissionDenied
        form, problems = _decided(request, found)
        for problem in problems:
            messages.error(request, problem)
        if form is None or (form.is_valid() and not problems):
            return redirect("admin:desk_updates_request", meeting.pk, found.request_id)
    report = answering.report_of(found)
    waits = found.state == answering.State.WAITING
    initial = answering.proposed_texts(found) if waits else None
    context = {
        "title": _("Answer of %(reference)s") % {"reference": found.request.project.reference},
        "answer": found,
        "asked": found.request,
        "lines": round_rows.lines_of(found, request.user),
        "report": report if report.pk else None,
        "earlier": round_rows.earlier_report(found.request),
        "form": form or (answering.AcceptForm(instance=report, initial=initial) if waits else None),
        "may_work": may_work,
    }
    return page(request, meeting, KEY, "admin/projects/round_answer.html", **context)


def _decided(request, found: UpdateAnswer) -> tuple:
    """Do what the button says; return the form where it was refused, and the problems in words."""
    form = None
    try:
        if "_aside" in request.POST:
            answering.put_aside(found, request.POST.get("reason", "").strip()[:1000], request.user)
            messages.success(request, _("The answer is put aside; nothing was written to the record."))
        else:
            form = answering.accept(found, request.POST, request.user)
            if form.is_valid():
                words = _("The progress report is written. Both sides see it, the public does not yet.")
                messages.success(request, words)
    except Refused as refused:
        return form, refused.problems
    return form, []


def note(request, meeting) -> str:
    """Return how many have answered, for the desk's overview."""
    asked = UpdateRequest.objects.filter(round__meeting=meeting)
    total, answered = asked.count(), asked.exclude(answered_at=None).count()
    if not total:
        return ""
    return _("%(answered)s of %(total)s answered") % {"answered": answered, "total": total}


register(
    DeskPage(
        key=KEY,
        label=gettext_lazy("Progress updates"),
        group="before",
        position=30,
        views={
            "": show,
            "open/": ("open", open_),
            "ask/": ("ask", ask),
            "close/": ("close", close),
            "mail/": ("mail", mail),
            "upload/": ("upload", upload),
            "publish/": ("publish", publish),
            "project/<int:pk>/": ("request", one),
            "project/<int:pk>/change/": ("change", change),
            "project/<int:pk>/form.docx": ("word", word),
            "answer/<int:pk>/": ("answer", answer),
        },
        note=note,
        about=gettext_lazy("Ask every running project how it stands."),
    )
)
