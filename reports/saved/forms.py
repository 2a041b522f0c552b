"""The form of a saved report: its name, who sees it, when it is sent and to whom."""

from django import forms
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from reports.managers.frame import report
from reports.models import Audience, SavedReport
from reports.saved.reading import known_filters, unshared, view_of
from reports.saved.recipients import Recipient, may_be_sent, readers
from reports.schedules import day_of_month_choices

SCHEDULE = ("every", "weekday", "day_of_month")


class People(forms.ModelMultipleChoiceField):
    """Persons to tick, each with their side."""

    widget = forms.CheckboxSelectMultiple(attrs={"class": "saved-people"})

    def label_from_instance(self, user):
        return f"{user.get_full_name() or user.username} · {user.get_side_display()}"


class SavedReportForm(forms.ModelForm):
    """What the owner decides; the view itself stands in hidden fields of a new one."""

    # The person who saves: set on the class that the admin makes for a request.
    owner: User

    day_of_month = forms.TypedChoiceField(
        label=pgettext_lazy("saved report", "Day, if sent every month"),
        coerce=int,
        choices=day_of_month_choices,
        initial=1,
    )
    recipients = People(
        User.objects.none(),
        required=False,
        label=gettext_lazy("Recipients"),
        help_text=gettext_lazy("Each gets what they may see, in their own language, while they may see it."),
    )
    again = People(
        User.objects.none(),
        required=False,
        label=gettext_lazy("Send again to"),
        help_text=gettext_lazy(
            "Five e-mails in a row did not arrive or could not be made, so no more are sent to these persons."
        ),
    )

    class Meta:
        model = SavedReport
        fields = ["name", "audience", "every", "weekday", "day_of_month", "format", "report", "query"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.held = {one.user_id: one for one in self.instance.recipients.all()} if self.instance.pk else {}
        if self.owner.side == User.BOTH:
            field = self.fields["audience"]
            field.choices = [one for one in field.choices if one[0] != Audience.SIDE]
        for name in {"report", "query"} & set(self.fields):
            self.fields[name].widget = forms.HiddenInput()
        self._offer_people()

    def _offer_people(self) -> None:
        left = [key for key, one in self.held.items() if one.left_on]
        field = self.fields["recipients"]
        field.queryset = readers().exclude(pk__in=left)
        field.initial = [key for key in self.held if key not in left]
        if not self.instance.pk:
            field.initial = [self.owner.pk]
        if left:
            told = _("Took themselves off: %(people)s.")
            field.help_text = f"{field.help_text} {told % {'people': self._names(left)}}"
        if not self.owner.email:
            told = _("You have no e-mail address here: ask who keeps the accounts to enter it.")
            field.help_text = f"{field.help_text} {told}"
        if "again" in self.fields and self.instance.pk:
            stopped = self.instance.recipients.stopped().values("user")
            self.fields["again"].queryset = User.objects.filter(pk__in=stopped).order_by("username")

    def _names(self, keys) -> str:
        people = User.objects.filter(pk__in=keys).order_by("username")
        return ", ".join(one.get_full_name() or one.username for one in people)

    # What is refused --------------------------------------------------------------------------

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        # Whoever saves twice at once waits here for the first, until it is written; who only names the person,
        # as an e-mail that is put does, does not wait.
        User.objects.select_for_update(no_key=True).get(pk=self.owner.pk)
        others = SavedReport.objects.filter(owner=self.owner, name__iexact=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("You have saved a report under this name: choose another name."))
        return name

    def clean_query(self) -> str:
        one, query = report(self.cleaned_data.get("report", "")), self.cleaned_data["query"]
        if one is None:
            return query
        asked = QueryDict(query)
        return known_filters(one.form_class(asked, self.owner), asked)

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        if not self.instance.pk:
            told = view_of(SavedReport(report=data["report"], query=data["query"]), self.owner).problem
            if told:
                raise forms.ValidationError(_("This view cannot be saved. %(problem)s") % {"problem": told})
        if told := self._unshared(data):
            self.add_error("audience", told)
        else:
            self._check_people(data)
        return data

    def _unshared(self, data) -> str:
        """Return why what is newly shared with both sides may not be, "" if it may."""
        if data["audience"] != Audience.BOTH or not {"audience", "query"} & set(self.changed_data):
            return ""
        new = SavedReport(report=data.get("report", ""), query=data.get("query", ""))
        return unshared(self.instance if self.instance.pk else new)

    def _check_people(self, data) -> None:
        if data["every"] and not data["recipients"]:
            return self.add_error("recipients", _("Choose who gets it, or no e-mails."))
        seen = SavedReport(audience=data["audience"], owner=self.owner, side=self._side())
        if left_out := [one for one in data["recipients"] if not may_be_sent(one, seen)]:
            told = _("They would not see it: %(people)s. Share it with them, or do not send it to them.")
            self.add_error("recipients", told % {"people": self._names([one.pk for one in left_out])})
        return None

    def _side(self) -> str:
        return "" if self.owner.side == User.BOTH else self.owner.side

    # What is written --------------------------------------------------------------------------

    def save(self, commit=True):
        self.instance.owner, self.instance.side = self.owner, self._side()
        if set(SCHEDULE) & set(self.changed_data) or not self.instance.since:
            self.instance.since = localdate()
        return super().save(commit)

    def save_people(self) -> None:
        """Write who gets it, once the report itself is saved; who took themselves off stays so."""
        today, chosen = localdate(), {one.pk: one for one in self.cleaned_data["recipients"]}
        for key, recipient in self.held.items():
            if key not in chosen and not recipient.left_on:
                recipient.delete()
        for key, user in chosen.items():
            if key not in self.held:
                Recipient.objects.get_or_create(saved=self.instance, user=user, defaults={"since": today})
        for user in self.cleaned_data.get("again", ()):
            self.held[user.pk].take_up(today)
