"""The steps of the minutes: circulated, cleared by each side in its own language, frozen, reopened."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from documents.pdf import to_pdf
from documents.word import to_docx
from meetings.minutes.content import content, digest
from meetings.minutes.document import LANGUAGES, minutes_document
from meetings.minutes.models import Minutes
from meetings.models import Meeting, Paper
from publishing.models import Publication
from publishing.sides import Visibility
from publishing.workflow import WRITES, Refused, may

WRITERS = {"docx": to_docx, "pdf": to_pdf}
# The side whose text is in a language.
SIDES = {suffix: side for side, suffix in WRITES.items()}


def minutes_of(meeting: Meeting) -> Minutes:
    """Return the minutes of a meeting, unsaved where nobody has done anything with them."""
    return Minutes.objects.filter(meeting=meeting).first() or Minutes(meeting=meeting)


def may_clear(meeting: Meeting, suffix: str, by) -> bool:
    """Return whether `by` clears the minutes in a language: a person of the side that writes it."""
    return WRITES.get(by.side) == suffix and may(meeting, "change", by)


def may_reopen(meeting: Meeting, by) -> bool:
    return may(meeting, "publish", by)


def _under_lock(meeting: Meeting) -> Minutes:
    Publication.lock()
    meeting.refresh_from_db()
    return minutes_of(meeting)


def circulate(meeting: Meeting, by) -> None:
    """Note that the draft is with both sides. Raises Refused."""
    with transaction.atomic():
        minutes = _under_lock(meeting)
        if not may(meeting, "change", by):
            raise Refused([_("Your role does not allow this. Ask an officer.")])
        _refuse_frozen(minutes)
        _refuse_kept(meeting)
        minutes.circulated_at, minutes.circulated_by = timezone.now(), by
        minutes.save()


def clear(meeting: Meeting, suffix: str, seen: str, by) -> Minutes:
    """Note that `by`'s side finds the minutes right in its language; `seen` is the digest of what was read.

    Where the other side has cleared the same content, the files are compiled and the minutes frozen.
    Raises Refused, with the reason, and changes nothing.
    """
    with transaction.atomic():
        minutes = _under_lock(meeting)
        if not may_clear(meeting, suffix, by):
            raise Refused([_("The minutes in a language are cleared by a person of the side that writes it.")])
        _refuse_frozen(minutes)
        _refuse_kept(meeting)
        found = content(meeting)
        if digest(found) != seen:
            raise Refused([_("The record was changed while you looked at this. Read it again, then clear it.")])
        for name, value in {"at": timezone.now(), "by": by, "digest": seen, "content": found}.items():
            setattr(minutes, f"cleared_{suffix}_{name}", value)
        if minutes.cleared_en_digest == minutes.cleared_zh_digest:
            _freeze(minutes, found, by)
        minutes.save()
    return minutes


def reopen(meeting: Meeting, reason: str, by) -> None:
    """Let the texts be changed again; the agreed files stay as they are. Raises Refused."""
    with transaction.atomic():
        minutes = _under_lock(meeting)
        if not may_reopen(meeting, by):
            raise Refused([_("Only a manager reopens minutes. Ask one.")])
        if not minutes.is_frozen:
            raise Refused([_("The minutes are not frozen: there is nothing to reopen.")])
        if not reason.strip():
            raise Refused([_("Say why the minutes are reopened: both sides read it.")])
        for suffix in LANGUAGES:
            for name, value in {"at": None, "by": None, "digest": "", "content": None}.items():
                setattr(minutes, f"cleared_{suffix}_{name}", value)
        minutes.frozen_at = None
        minutes.reopened_at, minutes.reopened_by = timezone.now(), by
        minutes.reopening_reason = minutes._change_reason = reason.strip()
        minutes.save()


def _refuse_frozen(minutes: Minutes) -> None:
    if minutes.is_frozen:
        raise Refused([_("The minutes are agreed and frozen. A manager can reopen them, with a reason.")])


def _refuse_kept(meeting: Meeting) -> None:
    if meeting.kept_by:
        raise Refused([_("The other side does not see this meeting yet. Share it first.")])


# Freezing ---------------------------------------------------------------------------------------


def cleared_words(minutes: Minutes, suffix: str) -> str:
    """Return who cleared the minutes in a language and when; "" where nobody did."""
    at, by = getattr(minutes, f"cleared_{suffix}_at"), getattr(minutes, f"cleared_{suffix}_by")
    if at is None:
        return ""
    name = (by and (by.get_full_name() or by.username)) or "–"
    return _("%(person)s, %(day)s") % {"person": name, "day": date_format(localtime(at), "DATE_FORMAT")}


def file_title(found: dict, suffix: str, ending: str) -> str:
    """Return the title of an agreed file among the meeting's papers, in the active language."""
    told = {"meeting": found["meeting"][f"title_{suffix}"], "format": ending.upper()}
    return _("Agreed minutes, %(meeting)s (%(format)s)") % told


def compiled(found: dict, minutes: Minutes, suffix: str):
    """Return the agreed minutes as a Document; call it while their language is active."""
    clearings = [
        (_("English text cleared by"), cleared_words(minutes, "en")),
        (_("Chinese text cleared by"), cleared_words(minutes, "zh")),
    ]
    return minutes_document(found, LANGUAGES[suffix], pgettext("minutes", "Agreed minutes"), clearings)


def _freeze(minutes: Minutes, found: dict, by) -> None:
    """Compile the four files once, keep them as papers of both sides, and note their checksums."""
    meeting = minutes.meeting
    minutes.frozen_at = timezone.now()
    minutes.version = _next_version(minutes, found)
    made = []
    for suffix, language in LANGUAGES.items():
        with override(language):
            document = compiled(found, minutes, suffix)
            titles = {ending: file_title(found, suffix, ending) for ending in WRITERS}
        for ending, write in WRITERS.items():
            name = f"{meeting.code}-minutes-{suffix}-{minutes.version}.{ending}"
            paper = Paper.objects.create(
                meeting=meeting,
                title=titles[ending],
                language=language,
                version=minutes.version,
                file=ContentFile(write(document), name),
                visibility=Visibility.BOTH_SIDES,
                owner_side=by.side,
            )
            made.append(_entry(paper, minutes.version, ending))
    minutes.files = [*minutes.files, *made]


def _entry(paper: Paper, version: int, ending: str) -> dict:
    return {
        "version": version,
        "language": paper.language,
        "format": ending,
        "paper": paper.pk,
        "name": paper.file_name,
        "sha256": paper.sha256,
    }


def _next_version(minutes: Minutes, found: dict) -> int:
    """Return the version of the new files, above that of every paper that happens to have their titles."""
    titles = []
    for suffix, language in LANGUAGES.items():
        with override(language):
            titles += [file_title(found, suffix, ending) for ending in WRITERS]
    same = Paper.objects.filter(meeting=minutes.meeting, title__in=titles)
    return max(minutes.version, same.aggregate(last=Max("version"))["last"] or 0) + 1
