"""Taking in what a project answers, and what an officer makes of it: the questions, drafts, decisions."""

from dataclasses import asdict, dataclass, fields

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from listing.folding import has_chinese
from projects.models import ProgressReport, Project, UpdateAnswer, UpdateRequest
from projects.rounds.asking import refuse_kept
from publishing.models import Publication
from publishing.sides import Visibility
from publishing.workflow import Refused, may

State = UpdateAnswer.State
# Stages that a running project may say it is in.
STAGES = Project.LAUNCHED_STAGES
# Longest text of one question, and how often one link may be answered.
LONGEST, MOST = 4000, 40


@dataclass
class Told:
    """What one answer says, by question; the columns of UpdateAnswer."""

    text_en: str = ""
    text_zh: str = ""
    stage: str = ""
    next_steps: str = ""
    partners_changed: str = ""
    contact_right: str = ""
    contact_note: str = ""


class AnswerForm(forms.Form):
    """The questions, in the order of the page and of the Word form."""

    text_en = forms.CharField(label=gettext_lazy("What happened since the last meeting, in English"))
    text_zh = forms.CharField(label=gettext_lazy("What happened since the last meeting, in Chinese"))
    stage = forms.ChoiceField(label=gettext_lazy("Stage now"))
    next_steps = forms.CharField(
        label=gettext_lazy("Next steps and when"), help_text=gettext_lazy("In either language.")
    )
    partners_changed = forms.CharField(
        label=gettext_lazy("Partners who joined or left"),
        help_text=gettext_lazy("In either language. Empty: no change."),
    )
    contact_right = forms.ChoiceField(
        label=gettext_lazy("Are you still the contact for this project?"), widget=forms.RadioSelect
    )
    contact_note = forms.CharField(
        label=gettext_lazy("If not: who is"),
        help_text=gettext_lazy("Name, organisation and e-mail address; only with that person’s agreement."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = False
            if isinstance(field, forms.ChoiceField):
                continue
            field.max_length = 500 if name == "contact_note" else LONGEST
            field.widget = forms.Textarea(attrs={"rows": 2 if name == "contact_note" else 4})
            field.widget.attrs["maxlength"] = field.max_length
            field.validators.append(forms.CharField(max_length=field.max_length).validators[0])
        unsaid = ("", pgettext_lazy("stage", "not said"))
        self.fields["stage"].choices = [unsaid, *((stage.value, stage.label) for stage in STAGES)]
        self.fields["contact_right"].choices = UpdateAnswer.Right.choices
        self.fields["text_en"].widget.attrs["lang"] = "en"
        self.fields["text_zh"].widget.attrs["lang"] = "zh-Hans"

    def clean(self):
        found = super().clean()
        if not self.errors and not (found["text_en"] or found["text_zh"]):
            words = _("Write what happened, in English or in Chinese. If nothing did, write that.")
            self.add_error("text_en", words)
        return found

    @property
    def told(self) -> Told:
        return Told(**{field.name: self.cleaned_data[field.name] for field in fields(Told)})


def submit(request: UpdateRequest, told: Told, way: str) -> UpdateAnswer:
    """Keep an answer as a draft; it replaces the one that waits. The same one sent twice is kept once.

    Raises Refused where the round takes no answers, or the link sent too many.
    """
    with transaction.atomic():
        Publication.lock()
        opened = request.nonce
        request.refresh_from_db()
        if way == UpdateAnswer.Way.LINK and request.nonce != opened:
            raise Refused([_("This link was replaced by another one. Use the new link.")])
        if request.fault and not (way == UpdateAnswer.Way.FILE and request.fault == request.Fault.REVOKED):
            raise Refused([_("This round takes no answers for the project any longer.")])
        last = request.answers.last()
        if last and last.state == State.WAITING and told_by(last) == told:
            return last
        if request.answers.count() >= MOST:
            raise Refused([_("This form was sent too often. Write to the secretariat instead.")])
        for waiting in request.answers.filter(state=State.WAITING):
            waiting.state = State.REPLACED
            waiting.save(update_fields=["state"])
        request.answered_at = timezone.now()
        request.save(update_fields=["answered_at"])
        return request.answers.create(way=way, submitted_at=request.answered_at, **asdict(told))


def told_by(answer: UpdateAnswer) -> Told:
    """Return what an answer says."""
    return Told(**{field.name: getattr(answer, field.name) for field in fields(Told)})


# What an officer makes of it ---------------------------------------------------------------------


def proposed_texts(answer: UpdateAnswer) -> dict[str, str]:
    """Return the texts of a progress report as the answer gives them, next steps below in their language."""
    texts = {"text_en": answer.text_en, "text_zh": answer.text_zh}
    if answer.next_steps:
        suffix = "zh" if has_chinese(answer.next_steps) else "en"
        with override("zh-hans" if suffix == "zh" else "en"):
            steps = _("Next steps: %(steps)s") % {"steps": answer.next_steps}
        texts[f"text_{suffix}"] = "\n".join(filter(None, [texts[f"text_{suffix}"], steps]))
    return texts


class AcceptForm(forms.ModelForm):
    """The progress report as an officer words it, and their rating, which stays with staff."""

    class Meta:
        model = ProgressReport
        fields = ("text_en", "text_zh", "rating")
        widgets = {
            name: forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField", "lang": lang})
            for name, lang in (("text_en", "en"), ("text_zh", "zh-Hans"))
        }

    def clean(self):
        found = super().clean()
        if not (found.get("text_en") or found.get("text_zh")):
            raise forms.ValidationError(_("Write the report in at least one language."))
        return found


def report_of(answer: UpdateAnswer) -> ProgressReport:
    """Return the progress report that an answer goes into: the one on record, or a new one of both sides."""
    place = {"project": answer.request.project, "meeting": answer.request.round.meeting}
    known = ProgressReport.objects.filter(**place).first()
    return known or ProgressReport(**place, visibility=Visibility.BOTH_SIDES)


def refuse_decision(answer: UpdateAnswer, user) -> None:
    """Raise Refused, in words, where `user` may not decide on an answer."""
    project = answer.request.project
    if answer.state != State.WAITING:
        raise Refused([_("This answer is “%(state)s” already.") % {"state": answer.get_state_display()}])
    if not project.is_published:
        raise Refused([_("The project is not published any longer: put the report into its form.")])
    refuse_kept(answer.request.round.meeting)
    report = report_of(answer)
    if report.pk and report.visibility == Visibility.PUBLIC and not may(project, "publish", user):
        raise Refused([_("The progress report is public already: only a manager changes it.")])


def accept(answer: UpdateAnswer, form_data, user) -> AcceptForm:
    """Write the progress report in `user`'s words. Returns the form, with its errors if nothing was done.

    Raises Refused.
    """
    with transaction.atomic():
        Publication.lock()
        answer.refresh_from_db()
        refuse_decision(answer, user)
        form = AcceptForm(form_data, instance=report_of(answer))
        if form.is_valid():
            form.save()
            _decide(answer, State.ACCEPTED, user)
    return form


def put_aside(answer: UpdateAnswer, reason: str, user) -> None:
    """Leave an answer out of the record, and keep it with the reason. Raises Refused."""
    with transaction.atomic():
        Publication.lock()
        answer.refresh_from_db()
        if answer.state != State.WAITING:
            raise Refused([_("This answer is “%(state)s” already.") % {"state": answer.get_state_display()}])
        if not reason:
            raise Refused([_("Say why it is put aside: the other side's officers read it too.")])
        _decide(answer, State.ASIDE, user, reason)


def _decide(answer: UpdateAnswer, state: str, user, reason: str = "") -> None:
    answer.state, answer.decided_by, answer.decided_at, answer.reason = state, user, timezone.now(), reason
    answer.save()


def make_reports_public(meeting) -> int:
    """Show the meeting's progress reports of published projects to the public; return how many.

    Raises Refused where the meeting is not published: a report names it.
    """
    with transaction.atomic():
        Publication.lock()
        meeting.refresh_from_db()
        if not meeting.is_published:
            raise Refused([_("Publish the meeting first: its progress reports name it.")])
        waiting = meeting.progress_reports.filter(visibility=Visibility.BOTH_SIDES).select_related("project")
        reports = [report for report in waiting if report.project.is_published]
        for report in reports:
            report.visibility = Visibility.PUBLIC
            report.save()
    return len(reports)


def release_reports(release, records) -> None:
    """Make the progress reports of the meetings among `records` public, as a release does."""
    for record in records:
        if record._meta.model_name == "meeting":
            make_reports_public(record)
