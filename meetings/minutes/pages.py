"""The page of the minutes at the meeting's desk: how far they are, what they say, and the agreed files."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, override, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Side
from documents.answers import document_response
from meetings.desk import DeskPage, page, register
from meetings.minutes.agreeing import (
    SIDES,
    circulate,
    clear,
    cleared_words,
    compiled,
    may_clear,
    may_reopen,
    minutes_of,
    reopen,
)
from meetings.minutes.content import changes, content, digest
from meetings.minutes.document import LANGUAGES, minutes_document
from meetings.minutes.models import Minutes
from meetings.models import Meeting, Paper
from publishing.sides import visible
from publishing.workflow import Refused, may

NAMES = {"en": gettext_lazy("English"), "zh": gettext_lazy("Chinese")}


def state_words(minutes: Minutes, now: str) -> str:
    """Return how far the minutes are, in a few words; `now` is the digest of what they say now."""
    if minutes.is_frozen:
        return _("agreed by both sides and frozen (version %(version)s)") % {"version": minutes.version}
    cleared = [suffix for suffix in LANGUAGES if getattr(minutes, f"cleared_{suffix}_at")]
    valid = [suffix for suffix in cleared if getattr(minutes, f"cleared_{suffix}_digest") == now]
    if valid:
        return _("cleared by one side: %(side)s") % {"side": Side(SIDES[valid[0]]).label}
    if cleared:
        return _("cleared, and changed since")
    if minutes.reopened_at and (not minutes.circulated_at or minutes.circulated_at < minutes.reopened_at):
        return pgettext("minutes", "reopened")
    return pgettext("minutes", "circulated") if minutes.circulated_at else pgettext("minutes", "in preparation")


def note(request, meeting: Meeting) -> str:
    """Return what the overview of the desk says of the minutes."""
    return state_words(minutes_of(meeting), digest(content(meeting)))


@require_http_methods(["GET", "HEAD", "POST"])
def show(request, meeting: Meeting):
    """Show the minutes and how far they are, or take the next step."""
    if request.method == "POST":
        try:
            _step(request, meeting)
        except Refused as refused:
            for problem in refused.problems:
                messages.error(request, problem)
        return redirect(request.path)
    minutes, found = minutes_of(meeting), content(meeting)
    now = digest(found)
    return page(
        request,
        meeting,
        "minutes",
        "admin/meetings/minutes/minutes.html",
        minutes=minutes,
        state=state_words(minutes, now),
        digest=now,
        clearings=[_clearing(request, minutes, suffix, found, now) for suffix in LANGUAGES],
        may_circulate=not minutes.is_frozen and not meeting.kept_by and may(meeting, "change", request.user),
        circulated=_who(minutes.circulated_by, minutes.circulated_at),
        reopened=_who(minutes.reopened_by, minutes.reopened_at),
        may_reopen=minutes.is_frozen and may_reopen(meeting, request.user),
        files=_files(request, minutes),
        drafts=_drafts(meeting),
        blocks=[(type(block).__name__, block) for block in minutes_document(found, get_language(), "").blocks],
        gaps=_gaps(found),
        changed_since=changes(minutes.cleared_en_content, found) if _has_departed(minutes, now) else [],
    )


def _step(request, meeting: Meeting) -> None:
    """Do what the pressed button says. Raises Refused."""
    step, user = request.POST.get("step", ""), request.user
    if step == "circulate":
        circulate(meeting, user)
        messages.success(request, _("Noted: the draft is circulated."))
    elif step in ("clear-en", "clear-zh"):
        minutes = clear(meeting, step[-2:], request.POST.get("seen", ""), user)
        done = _("Both sides have cleared the same text: the minutes are agreed and frozen.")
        messages.success(
            request, done if minutes.is_frozen else _("Cleared. The other side clears its own text.")
        )
    elif step == "reopen":
        reopen(meeting, request.POST.get("reason", ""), user)
        messages.success(request, _("The minutes are open again. The agreed files stay as they are."))
    else:
        raise Refused([_("Press one of the buttons of the page.")])


def _who(by, at) -> str:
    if at is None:
        return ""
    name = (by and (by.get_full_name() or by.username)) or "–"
    return _("%(person)s, %(moment)s") % {
        "person": name,
        "moment": date_format(localtime(at), "DATETIME_FORMAT"),
    }


def _clearing(request, minutes: Minutes, suffix: str, found: dict, now: str) -> dict:
    """Return how it stands with the text in one language: who cleared it, what changed since, the button."""
    has_lapsed = bool(getattr(minutes, f"cleared_{suffix}_at")) and not minutes.is_frozen
    has_lapsed = has_lapsed and getattr(minutes, f"cleared_{suffix}_digest") != now
    cleared = cleared_words(minutes, suffix)
    open_here = not minutes.is_frozen and not minutes.meeting.kept_by and (has_lapsed or not cleared)
    return {
        "suffix": suffix,
        "language": NAMES[suffix],
        "side": Side(SIDES[suffix]).label,
        "cleared": cleared,
        "has_lapsed": has_lapsed,
        "changes": changes(getattr(minutes, f"cleared_{suffix}_content"), found) if has_lapsed else [],
        "may_clear": open_here and may_clear(minutes.meeting, suffix, request.user),
    }


def _has_departed(minutes: Minutes, now: str) -> bool:
    """Return whether something of the record differs from what was frozen."""
    return minutes.is_frozen and minutes.cleared_en_digest != now


def _drafts(meeting: Meeting) -> list[tuple]:
    """Return (language, kind of file, address) of the minutes as they stand, to download."""
    return [
        (
            suffix,
            kind,
            reverse("admin:desk_minutes_draft", args=[meeting.pk, language, ending]),
        )
        for suffix, language in LANGUAGES.items()
        for ending, kind in (("docx", "Word"), ("pdf", "PDF"))
    ]


def _files(request, minutes: Minutes) -> list[dict]:
    """Return the agreed files, the last version first; those that the person may see have an address."""
    keys = [one["paper"] for one in minutes.files]
    papers = visible(Paper.objects.filter(pk__in=keys), request.user).in_bulk() if keys else {}
    languages = {language: NAMES[suffix] for suffix, language in LANGUAGES.items()}
    found = [
        one
        | {
            "language": languages[one["language"]],
            "format": one["format"].upper(),
            "address": reverse("admin:meetings_paper_file", args=[one["paper"]])
            if one["paper"] in papers
            else "",
            "is_current": minutes.is_frozen and one["version"] == minutes.version,
        }
        for one in minutes.files
    ]
    return sorted(found, key=lambda one: -one["version"])


def _gaps(found: dict) -> list[str]:
    """Return in words which texts are in one language only: the minutes would show them in the other."""
    texts = []
    for place, item in enumerate(found["items"], 1):
        texts.append((_("Item %(place)s: %(what)s") % {"place": place, "what": _("title")}, item, "title"))
        texts.append(
            (
                _("Item %(place)s: %(what)s") % {"place": place, "what": pgettext("minutes", "noted")},
                item,
                "noted",
            )
        )
    for part in [*found["items"], found["rest"]]:
        texts += [(row["code"], row, "text") for row in [*part["decisions"], *part["actions"]]]
    one_only = {"en": _("%(what)s: English only"), "zh": _("%(what)s: Chinese only")}
    return [
        one_only[suffix] % {"what": label}
        for label, row, name in texts
        for suffix, other in (("en", "zh"), ("zh", "en"))
        if row[f"{name}_{suffix}"] and not row[f"{name}_{other}"]
    ]


@require_safe
def draft(request, meeting: Meeting, language: str, format: str):
    """Give the minutes as the record has them now, as a file that says it is a draft."""
    suffix = {known: suffix for suffix, known in LANGUAGES.items()}.get(language)
    if suffix is None:
        raise Http404
    found, minutes = content(meeting), minutes_of(meeting)
    with override(language):
        if minutes.is_frozen and digest(found) == minutes.cleared_en_digest:
            document = compiled(found, minutes, suffix)
        else:
            document = minutes_document(found, language, pgettext("minutes", "Draft minutes"))
        return document_response(document, format, f"{meeting.code}-minutes-{suffix}")


register(
    DeskPage(
        key="minutes",
        label=gettext_lazy("Minutes"),
        group="after",
        position=20,
        views={"": show, "draft/<str:language>.<str:format>": ("draft", draft)},
        note=note,
    )
)
