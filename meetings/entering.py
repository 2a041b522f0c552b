"""Entering what a meeting brought: a new project or MOU begins with what the meeting and its last one say."""

from django.forms import ModelForm
from django.http import HttpResponseRedirect
from django.urls import reverse

from initiative.models import Citation
from meetings.models import Meeting
from publishing.admin import PublishableAdmin, RowInline
from publishing.sides import side_choices, visible


class PartyForm(ModelForm):
    """A party; a new row that holds no more than the side it was offered for holds nothing."""

    def has_changed(self):
        return super().has_changed() and bool(self.instance.pk or set(self.changed_data) - {"side"})


class PartyInline(RowInline):
    """Organisations that take part, in a record's form: a row for each side is ready in a new record."""

    is_copied = True
    classes = []
    form = PartyForm
    autocomplete_fields = ["organisation"]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj is not None and obj.pk else len(side_choices())


class EnteredAtMeeting(PublishableAdmin):
    """Admin of a kind of record that is entered after a meeting, one after the other (?meeting=4)."""

    def meeting_of(self, request) -> Meeting | None:
        """Return the meeting that a form to add was opened for, if the person may see it."""
        given = request.GET.get("meeting", "")
        known = visible(Meeting.objects.all(), request.user)
        return known.filter(pk=given).first() if given.isascii() and given.isdigit() else None

    def last_at(self, request, meeting: Meeting):
        """Return the record of this kind entered last for a meeting."""
        return self.get_queryset(request).filter(meeting=meeting).order_by("reference_number").last()

    def defaults(self, meeting: Meeting, last) -> dict:
        """Return the first values of the form, by column; `last` may be None."""
        return {}

    def cited_place(self, values: dict) -> dict:
        """Return the first values of the place in the source that the last record cites."""
        return {}

    def get_changeform_initial_data(self, request):
        given = super().get_changeform_initial_data(request)
        meeting = self.meeting_of(request)
        return given if meeting is None else self.defaults(meeting, self.last_at(request, meeting)) | given

    def get_formset_kwargs(self, request, obj, inline, prefix):
        arguments = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, PartyInline) and not obj.pk and "data" not in arguments:
            arguments["initial"] = [{"side": side} for side, _label in side_choices()]
        if request.method != "GET" or obj.pk or "data" in arguments or not issubclass(inline.model, Citation):
            return arguments
        meeting = self.meeting_of(request)
        last = self.last_at(request, meeting) if meeting else None
        cited = last.citations.order_by("pk").first() if last else None
        if cited is None:
            return arguments
        # Typed, so to speak: rows that only repeat first values are not saved.
        row = {"source": cited.source_id, "stance": Citation.Stance.SUPPORTS}
        row |= self.cited_place(self.defaults(meeting, last))
        data = {f"{prefix}-0-{name}": value for name, value in row.items()}
        return arguments | {"data": data | {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}}

    def response_add(self, request, obj, post_url_continue=None):
        answer = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST and obj.meeting_id:
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_add"
            return HttpResponseRedirect(f"{reverse(name)}?meeting={obj.meeting_id}")
        return answer
