"""What a briefing pack says of the work: progress by project, MOUs to decide on, figures, what came since."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from annexes.briefing.records import Records
from documents.blocks import Table, Text
from initiative.dates import show
from meetings.figure_words import contradiction_words, difference_words, sum_difference_words, sum_words
from meetings.figures import Comparison, compare
from meetings.models import AnnouncedFigure
from meetings.since import Change, Section
from meetings.todo import figure_name, public
from mous.models import MOU
from mous.since import renewed_by
from mous.states import SOON, State, state_on
from projects.courses import RUNNING
from projects.models import ProgressReport, Project
from publishing.bilingual import LocalText
from publishing.sides import visible
from publishing.templatetags.bilingual import only

WORST_FIRST = (ProgressReport.Rating.DELAYED, ProgressReport.Rating.AT_RISK)


def last_report(project: Project) -> ProgressReport | None:
    """Return the progress report to the latest meeting, of a project read with its reports."""
    reports = list(project.progress_reports.all())
    return reports[-1] if reports else None


def _urgency(project: Project) -> tuple:
    report = last_report(project)
    rating = report.rating if report else ""
    return WORST_FIRST.index(rating) if rating in WORST_FIRST else len(WORST_FIRST), project.reference_number


def running(records: Records) -> list[Project]:
    """Return the running projects, delayed ones first, then those at risk."""
    return sorted((one for one in records.projects if one.stage in RUNNING), key=_urgency)


def stage_lines(project: Project, day) -> list[str]:
    """Return the stage of a project, and its target date if there is one."""
    lines = [project.get_stage_display()]
    if project.targeted_on:
        target = show(project.targeted_on, project.targeted_on_precision)
        passed = project.targeted_on < day
        words = _("Target %(date)s, passed") if passed else _("Target %(date)s")
        lines.append(words % {"date": target})
    return lines


def _progress(project: Project, day) -> list:
    report = last_report(project)
    told = [_("No progress report is on record here.")]
    if report:
        told = [report.meeting.code, report.text, only(report.text)]
    rating = capfirst(report.get_rating_display()) if report else ""
    return [[project.reference, project.title], stage_lines(project, day), told, rating]


def progress_blocks(found: list[Project], day) -> list:
    """Return the running projects with the latest report on each."""
    if not found:
        return [Text(_("No project is running."))]
    headings = [_("Project"), _("Stage"), _("Latest progress report"), _("Rating")]
    return [
        Text(_("Delayed projects first, then those at risk. Ratings are for staff only."), quiet=True),
        Table(headings, [_progress(one, day) for one in found], widths=[2.6, 1.5, 4, 1.1]),
    ]


@dataclass(frozen=True)
class Decision:
    """An MOU on which the meeting has to decide, and why."""

    mou: MOU
    why: str


def _why(mou: MOU, day) -> str:
    """Return why an MOU needs a decision on `day`, or ""; one that is renewed already needs none."""
    state, renewals = state_on(mou, day), renewed_by(mou)
    settled = any(state_on(one, day) != State.PREPARING for one in renewals)
    if state in (State.PREPARING, State.TERMINATED, State.REPLACED) or settled:
        return ""
    ends = mou.ends_on and show(mou.ends_on, mou.ends_on_precision)
    if state == State.ENDED:
        return _("Ended on %(date)s without a renewal") % {"date": ends}
    if mou.ends_on and not mou.renews_automatically and (mou.ends_on - day).days <= SOON:
        return _("Ends on %(date)s") % {"date": ends}
    if mou.review_on and mou.review_on <= day:
        review = show(mou.review_on, mou.review_on_precision)
        return _("Review was due on %(date)s") % {"date": review}
    return ""


def _prepared(mou: MOU) -> str:
    """Return that a renewal is being prepared, or ""."""
    codes = ", ".join(one.reference for one in renewed_by(mou))
    return _("Renewal in preparation: %(references)s") % {"references": codes} if codes else ""


def to_decide(records: Records) -> list[Decision]:
    """Return the MOUs that end within 180 days of the meeting, ended unrenewed, or are due for review."""
    found = [Decision(mou, why) for mou in records.mous if (why := _why(mou, records.day))]
    return sorted(found, key=lambda one: (one.mou.ends_on or one.mou.review_on, one.mou.pk))


def mou_blocks(found: list[Decision]) -> list:
    """Return the MOUs with the choice that each asks for."""
    if not found:
        return [Text(_("No MOU ends within 180 days, has ended without a renewal, or is due for review."))]
    headings = [_("MOU"), _("Parties"), _("Why"), _("To decide")]
    choice = _("Keep, renew, or let lapse")
    rows = [
        [
            [one.mou.reference, one.mou.title],
            [row.organisation.listed_name for row in one.mou.signatories.all()] or _("Not on record here"),
            [one.why, _prepared(one.mou)],
            choice,
        ]
        for one in found
    ]
    return [Table(headings, rows, widths=[3, 2.4, 2, 1.6])]


def figures(user) -> list[Comparison]:
    """Return what was announced beside what is on record, the newest meeting first."""
    compared = compare(list(public(visible(AnnouncedFigure.objects.all(), user))))
    return sorted(compared, key=_newest_first)


def _newest_first(one: Comparison) -> tuple:
    held = one.figure.meeting.starts_on
    return -held.toordinal() if held else 0, one.figure.pk


def _explanation(one: Comparison) -> list[str]:
    """Return the explanation of a difference, and whether everybody can read it."""
    if not one.figure.explanation:
        return []
    return [one.figure.explanation, "" if one.is_explained else _("This explanation is not published.")]


def _difference(one: Comparison) -> list[str]:
    return [difference_words(one), contradiction_words(one), *_explanation(one)]


def _beside(one: Comparison) -> list:
    """Return the sum of the single meetings beside a total, worked out here."""
    if one.summed is None:
        return []
    return [one.summed.value, sum_difference_words(one), sum_words(one.summed)]


def _figure(one: Comparison) -> list:
    return [figure_name(one.figure), one.figure.value, one.recorded, _difference(one), _beside(one)]


def figure_blocks(found: list[Comparison]) -> list:
    """Return the announced figures beside the record, with the explanation of each difference."""
    if not found:
        return [Text(_("No figure has been announced of a published meeting."))]
    headings = [
        pgettext("announced", "Figure"),
        pgettext("number", "Announced"),
        pgettext("number", "Recorded"),
        _("Difference"),
        _("Sum of the single meetings"),
    ]
    return [Table(headings, [_figure(one) for one in found], widths=[3, 1.2, 1.2, 2.6, 2.6])]


def since_blocks(before, sections: list[Section]) -> list:
    """Return the short form of what came since a meeting: what there was of each, and which."""
    words = _("Since %(meeting)s (%(day)s).") % {
        "meeting": before.title,
        "day": show(before.starts_on, before.starts_on_precision),
    }
    rows = [
        [section.title, len(section.rows), [_named(row) for row in section.rows]]
        for section in sections
        if section.rows
    ]
    if not rows:
        return [Text(words), Text(_("Nothing is on record here."))]
    headings = [_("What"), _("How many"), pgettext("of what came since", "Which")]
    return [Text(words), Table(headings, rows, widths=[2, 1, 5.5])]


def _named(row: Change) -> str:
    """Return "SCI-P-0031 Title" of a line, which still knows its language."""
    text = LocalText(f"{row.code} {row.title}".strip())
    text.lang = getattr(row.title, "lang", "")
    return text
