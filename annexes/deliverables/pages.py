"""The page of the deliverables list on a meeting's desk, its files, and what it writes to records."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from annexes.deliverables.cells import both_titles, clearance_in_words, parties, sides, signed_by, witnessed_by
from annexes.deliverables.files import FILES, file_of
from annexes.deliverables.forms import LineForm
from annexes.deliverables.numbering import number_annexes
from annexes.deliverables.outcomes import STAGES, mark_of, not_yet, plan, take_over
from annexes.deliverables.reading import DeliverablesList, number_on_record
from annexes.deliverables.saving import forms_of, may_clear, save_list
from meetings import desk
from meetings.deliverables import AGREEABLE

KEY = "deliverables"
RECORDS = ("mous.change_mou", "projects.change_project")


def _back(meeting) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"admin:desk_{KEY}", args=[meeting.pk]))


def _may_change(request) -> bool:
    return request.user.has_perms(RECORDS)


def _refuse_without_right(request) -> None:
    if not _may_change(request):
        raise PermissionDenied


# The page ------------------------------------------------------------------------------------


def show(request, meeting):
    """Show the list; a POST saves what was changed on it, and clears or takes back."""
    forms = None
    if request.method == "POST":
        if not any(request.user.has_perm(right) for right in RECORDS):
            raise PermissionDenied
        saved = save_list(meeting, request.user, request.POST)
        if not saved.has_errors:
            _tell(request, saved)
            return _back(meeting)
        messages.error(request, _("Nothing was saved. Correct what is marked below."))
        forms = saved.forms
    found = DeliverablesList.read(meeting, request.user)
    forms = forms or forms_of(found.lines, request.user)
    rows = [_row(form, request.user) for form in forms]
    kinds = [
        ("mou", _("MOUs"), rows[: len(found.mous)], _add(request, meeting, "mous", "mou")),
        ("project", _("Projects"), rows[len(found.mous) :], _add(request, meeting, "projects", "project")),
    ]
    return desk.page(
        request,
        meeting,
        KEY,
        "admin/annexes/deliverables.html",
        title=_("Deliverables list"),
        kinds=kinds,
        found=found,
        files=_files(found),
        may_clear=may_clear(request.user),
        may_change=any(form.may_change for form in forms),
        may_number=_may_change(request),
        not_yet=not_yet(meeting),
    )


def _tell(request, saved) -> None:
    for words in saved.done:
        messages.success(request, words)
    if saved.refused:
        lines = format_html_join("", "<li>{}</li>", ((words,) for words in saved.refused))
        messages.error(request, format_html("{}<ul>{}</ul>", _("Not written:"), lines))


def _add(request, meeting, app: str, model: str) -> str:
    """Return the address of the form that adds a record for the meeting, "" for who may not."""
    if not request.user.has_perm(f"{app}.add_{model}"):
        return ""
    return f"{reverse(f'admin:{app}_{model}_add')}?meeting={meeting.pk}"


def _row(form: LineForm, user) -> dict:
    """Return what the template shows of one line."""
    line, record = form.line, form.line.record
    opts = record._meta
    return {
        "form": form,
        "line": line,
        "record": record,
        "titles": both_titles(record),
        "address": reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk]),
        "number": number_on_record(line),
        "sides": [
            (side, parties(record, side), signed_by(record, side), witnessed_by(record, side))
            for side in sides()
        ],
        "agreements": [(form[kind], line.agreement(kind)) for kind in AGREEABLE],
        "clearances": [_clearance(form, side, user) for side in sides()],
    }


def _clearance(form: LineForm, side, user) -> dict:
    """Return how far the clearance of one side is, and what `user` may do about it."""
    clearance = form.line.clearance(side)
    own = user.side == side and form.may_change
    return {
        "side": side,
        "told": clearance_in_words(clearance),
        "state": clearance.state,
        "may_clear": own and not clearance.holds and not form.line.is_kept,
        "may_take_back": own and clearance.at is not None,
    }


def _files(found: DeliverablesList) -> list[tuple[str, list]]:
    """Return (title, [(language, [(format, address)])]) of the files that the page offers."""
    offered = [key for key in FILES if key != "list-for-both" or found.has_kept]
    words = {"list": _("Deliverables list, with drafts of one side")} if found.has_kept else {}
    words |= {"list-for-both": _("Deliverables list, for both sides")}
    languages = (("en", "English"), ("zh-hans", "简体中文"))
    formats = (("docx", _("Word")), ("pdf", "PDF"), ("xlsx", _("Excel")))

    def address(*parts):
        return reverse(f"admin:desk_{KEY}_file", args=[found.meeting.pk, *parts])

    return [
        (
            words.get(key, FILES[key].title),
            [
                (label, tag, [(name, address(key, tag, form)) for form, name in formats])
                for tag, label in languages
            ],
        )
        for key in offered
    ]


def download(request, meeting, document, language, form):
    return file_of(meeting, request.user, document, language, form)


# What writes to records ----------------------------------------------------------------------


def number(request, meeting):
    """Number Annex A and Annex B."""
    _refuse_without_right(request)
    if request.method == "POST":
        count, left = number_annexes(meeting, request.user)
        words = ngettext("%(count)s line is numbered.", "%(count)s lines are numbered.", count)
        messages.success(request, words % {"count": count})
        for line in left:
            words = _("“%(name)s” is published, so its number is left: a manager changes it on its own page.")
            messages.warning(request, words % {"name": line.record})
    return _back(meeting)


def outcome(request, meeting):
    """Show what taking over what the meeting brought would write; a POST writes it."""
    _refuse_without_right(request)
    if problem := not_yet(meeting):
        messages.error(request, problem)
        return _back(meeting)
    asked = request.POST if request.method == "POST" else request.GET
    stage = asked.get("stage") if asked.get("stage") in STAGES else STAGES[0]
    if request.method == "POST":
        steps = take_over(meeting, request.user, stage, request.POST.get("mark", ""))
        if steps is not None:
            _tell_taken(request, steps)
            return _back(meeting)
        messages.error(request, _("The list was changed meanwhile, and nothing was written. Look at it again."))
    steps = plan(meeting, request.user, stage)
    return desk.page(
        request,
        meeting,
        KEY,
        "admin/annexes/outcome.html",
        title=_("Take over what the meeting brought"),
        steps=[step for step in steps if step.changes],
        left=[step for step in steps if not step.changes],
        mark=mark_of(steps),
        stage=stage,
        stages=[(one, one.label) for one in STAGES],
    )


def _tell_taken(request, steps) -> None:
    count = sum(1 for step in steps if step.changes)
    words = ngettext(
        "Taken over into %(count)s draft. Look at it, then submit it for review.",
        "Taken over into %(count)s drafts. Look at them, then submit them for review.",
        count,
    )
    messages.success(request, words % {"count": count})


# The desk ------------------------------------------------------------------------------------


def note(request, meeting) -> str:
    """Return how far the list is: "5 of 8 cleared"."""
    found = DeliverablesList.read(meeting, request.user)
    if not found.lines:
        return _("nothing proposed yet")
    return _("%(cleared)s of %(count)s cleared") % {"cleared": len(found.cleared), "count": len(found.lines)}


desk.register(
    desk.DeskPage(
        key=KEY,
        label=gettext_lazy("Deliverables list"),
        group="before",
        position=40,
        views={
            "": show,
            "number/": ("number", number),
            "outcome/": ("outcome", outcome),
            "<slug:document>/<slug:language>.<slug:form>": ("file", download),
        },
        note=note,
        about=gettext_lazy("What the meeting is to sign and launch, and what both sides have cleared."),
    )
)
