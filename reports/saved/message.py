"""The e-mail of a saved report: what it holds, a short table, the file, the links."""

from dataclasses import dataclass

from django.conf import settings
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeData
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from listing import exports
from outbox.files import largest
from publishing.sides import own_side_label
from reports.managers.frame import Cell, report
from reports.managers.pages import file_of, file_stem, shown
from reports.models import Audience
from reports.saved.reading import View, view_of
from reports.saved.recipients import Recipient

# Rows that the text shows; the file and the page hold all.
MOST_ROWS = 10


@dataclass(frozen=True)
class Message:
    """What is sent to one person. `is_faulty`: it only says that the report cannot be made."""

    subject: str
    body: str
    file: tuple[str, bytes] | None = None
    is_faulty: bool = False


def message(recipient: Recipient) -> Message:
    """Return the e-mail, computed now, in the person's language, with what the person may see."""
    with override(recipient.user.language):
        view = view_of(recipient.saved, recipient.user)
        parts, file = ([_cannot(view)], None) if view.problem else _report(recipient, view)
        name = name_told(recipient.saved)
        heading = _("“%(name)s” on %(moment)s (UTC+8)") % {"name": name, "moment": _moment()}
        day = date_format(localdate(), "DATE_FORMAT")
        subject = _("Report: %(name)s, %(day)s") % {"name": name, "day": day}
        body = "\n\n".join([heading, *filter(None, parts), *_closing(recipient)]) + "\n"
    return Message(subject, body, file, bool(view.problem))


def name_told(saved) -> str:
    """Return the name; of what somebody keeps to themselves the report's, as others see the list of e-mails."""
    if saved.audience != Audience.ME or saved.owner is None:
        return saved.name
    one = report(saved.report)
    return str(one.title) if one else saved.report


def _moment() -> str:
    return date_format(localtime(), "DATETIME_FORMAT")


def _cannot(view: View) -> str:
    words = _("This report cannot be made, and nothing is attached:")
    return f"{words}\n{view.problem}\n" + _("Who saved it can put that right: save the view anew.")


def _report(recipient: Recipient, view: View) -> tuple[list[str], tuple[str, bytes] | None]:
    """Return the paragraphs on the report and its file, None where the text says why there is none."""
    one, user, chosen = view.report, recipient.user, view.form.cleaned_data
    rows = one.rows(chosen, user)
    parts = []
    if one.holds_unpublished(chosen):
        words = _("Holds drafts and records in review: not for publication.")
        parts.append(f"{words}\n{own_side_label(user.side)}")
    if one.title != name_told(recipient.saved):
        parts.append(_("Report: %(title)s") % {"title": one.title})
    parts.append(str(one.about))
    if words := view.form.in_words():
        parts.append(_("Filters: %(filters)s") % {"filters": words})
    if not rows:
        return [*parts, str(one.empty)], None
    parts += [_table(one, chosen, rows), *map(str, one.notes(chosen, rows))]
    file, told = _file(recipient, view, rows)
    return [*parts, told], file


def _table(one, chosen: dict, rows: list[list[Cell]]) -> str:
    """Return the first rows as lines, after a line of headings and before the total."""
    columns = one.columns(chosen)
    total = one.total(chosen, rows)
    lines = [shown(columns, [row])[0] for row in [*rows[:MOST_ROWS], *([total] if total else [])]]
    table = [" | ".join(str(column.page) for column, _cell in lines[0])]
    table += [" | ".join(_words(cell) for _column, cell in line) for line in lines]
    more = len(rows) - MOST_ROWS
    if more > 0:
        told = ngettext("%(count)s more row", "%(count)s more rows", more) % {"count": more}
        table.insert(MOST_ROWS + 1, f"… {told}")
    return "\n".join(table)


def _words(cell: Cell) -> str:
    """Return a cell in words: an e-mail holds no markup."""
    shown = "" if isinstance(cell.shown, SafeData) else cell.shown
    value = cell.told or shown or ("–" if cell.value in (None, "") else cell.value)
    return " ".join(str(value).split())


def _file(recipient: Recipient, view: View, rows) -> tuple[tuple[str, bytes] | None, str]:
    """Return the file, None where it is too large, and what the text says of it."""
    saved, suffix = recipient.saved, recipient.saved.format
    content = file_of(view.report, view.form, recipient.user, suffix, rows)
    if len(content) > largest():
        sizes = {"size": filesizeformat(len(content)), "largest": filesizeformat(largest())}
        told = _("No file: it has %(size)s, and at most %(largest)s go with an e-mail. Open the report for it.")
        return None, told % sizes
    name = exports.file_name(file_stem(view.report, view.form), QueryDict(saved.query))
    return (f"{name}.{suffix}", content), _("Attached: %(name)s") % {"name": f"{name}.{suffix}"}


def _closing(recipient: Recipient) -> list[str]:
    """Return the links, why the person gets this, and who speaks."""
    saved, parts = recipient.saved, []
    if settings.SITE_URL:
        parts.append(_("Open the report: %(address)s") % {"address": _link("saved_report", saved)})
        leave = _("You get this because you were chosen to. To get it no longer: %(address)s")
        parts.append(leave % {"address": _link("saved_report_mine", saved)})
    else:
        parts.append(
            _("You get this because you were chosen to. To get it no longer, open “Reports” in these pages.")
        )
    notice = [] if settings.OFFICIAL else [exports.about("")["notice"][1]]
    return [*parts, "\n".join(["-- ", settings.SITE_NAMES[get_language()], *notice])]


def _link(page: str, saved) -> str:
    return settings.SITE_URL + reverse(f"admin:{page}", args=[saved.pk])
