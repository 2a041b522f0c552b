"""Choosing a body or a person by typing: slips forgiven, former names said, a new one offered."""

from django import forms
from django.contrib import admin
from django.db.models import Case, QuerySet, Value, When
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from listing.filters import words_of
from listing.folding import has_chinese, searchable
from organisations.likeness import most_alike
from organisations.models import Organisation
from organisations.names import in_use, looking_like, names_of, near, own_names

# With fewer found to the letter, what is near is offered too.
FEW = 5
MOST_NEAR = 10


class OnceRefusedForm(forms.ModelForm):
    """The form of a body or a person: a new name that looks like one on record is let through when ticked."""

    it_is_another = forms.BooleanField(required=False, label=gettext_lazy("It is another one"))
    # The person who fills it in; the admin says.
    user = None

    def clean(self):
        cleaned = super().clean()
        self.looks_like = []
        adding = self.instance._state.adding
        if adding and not self.cleaned_data.get("it_is_another"):
            names = own_names(self._meta.model(**self._names()))
            self.looks_like = looking_like(names, in_use(self._meta.model, self.user)) if names else []
        if self.looks_like:
            self.add_error(
                "it_is_another",
                _("This name looks like one on record. Use that one, or tick here if it is another."),
            )
        return cleaned

    def _names(self) -> dict[str, str]:
        columns = ("name_en", "name_zh", "short_name_en", "short_name_zh", "other_names")
        return {name: self.cleaned_data[name] for name in columns if self.cleaned_data.get(name)}


class SuggestingAdmin(admin.ModelAdmin):
    """Mixed into the admin of a body or a person."""

    form = OnceRefusedForm

    # What the choice by typing shows (sci_portal/autocomplete.py asks) ------------------------

    def suggested(self, request, rows: QuerySet, term: str) -> QuerySet:
        """Return the rows that `term` finds, and where these are few, those that it may mean."""
        rows = rows.filter(pk__in=in_use(self.model, request.user).values("pk"))
        exact = self.get_search_results(request, rows, term)[0]
        if not words_of(term):
            return self._with_names(exact)
        keys = list(exact.values_list("pk", flat=True)[:FEW])
        if len(keys) == FEW:
            return self._with_names(exact)
        keys += [key for key in near(rows, term, MOST_NEAR) if key not in keys]
        order = [When(pk=key, then=Value(place)) for place, key in enumerate(keys)]
        found = rows.filter(pk__in=keys)
        return self._with_names(found.order_by(Case(*order, default=Value(0)), "pk") if order else found)

    def _with_names(self, rows: QuerySet) -> QuerySet:
        return rows.prefetch_related("names") if self.model is Organisation else rows

    def suggestion(self, one, term: str) -> str:
        """Return how a choice reads: its names in both languages, and the other name by which it was found."""
        names = pgettext("between names", " · ").join(filter(None, [one.name_en, one.name_zh]))
        other = self._found_by(one, term)
        if not other:
            return names
        return _("%(names)s (%(what)s: %(name)s)") % {"names": names, "what": other[0], "name": other[1]}

    def _found_by(self, one, term: str) -> tuple[str, str] | None:
        """Return (kind, name) of the other name by which `term` found somebody, None where an own name did."""
        words = words_of(term)
        organisation = isinstance(one, Organisation)
        own = own_names(one) if organisation else [one.name_en, one.name_zh]
        if not words or all(word in searchable(own) for word in words):
            return None
        if organisation:
            others = [(row.get_kind_display(), row.name) for row in one.names.all()]
        else:
            others = [(_("other name"), name) for name in one.other_names.splitlines()]
        held = [other for other in others if all(word in searchable([other[1]]) for word in words)]
        if held:
            return held[0]
        own_like, other_like = (most_alike([term], names, 50) for names in (own, [name for _k, name in others]))
        if other_like is None or (own_like is not None and own_like.percent >= other_like.percent):
            return None
        return next(other for other in others if other[1] == other_like.other)

    def creation(self, request, term: str, found: list) -> dict | None:
        """Return the choice that makes a new one called `term`, and says whom of those found it looks like."""
        name = " ".join(term.split())
        column = "name_zh" if has_chinese(name) else "name_en"
        too_long = len(name) > self.model._meta.get_field(column).max_length
        if not words_of(name) or too_long or not self.has_add_permission(request):
            return None
        known = names_of(self.model._base_manager.filter(pk__in=[one.pk for one in found]))
        alike = most_alike([name], [other for names in known.values() for other in names])
        words = _("Create “%(name)s”")
        if alike:
            words = _("Create “%(name)s” (looks like “%(other)s”, %(percent)s%%)")
        told = {"name": name, "other": alike and alike.other, "percent": alike and alike.percent}
        return {"id": "+", "text": words % told, "create": {column: name}}

    # A new one whose name looks like one on record --------------------------------------------

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def render_change_form(self, request, context, *args, **kwargs):
        form = context["adminform"].form
        if add_asked(form):
            description = format_html("<ul>{}</ul>", self._links(getattr(form, "looks_like", [])))
            asked = {"fields": ["it_is_another"], "description": description, "classes": ["looks-like"]}
            context["adminform"].fieldsets = [
                (_("Is it on record already?"), asked),
                *context["adminform"].fieldsets,
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def _links(self, found: list) -> str:
        words = _("looks like “%(name)s”, %(percent)s%%")
        return format_html_join(
            "",
            '<li><a href="{}" target="_blank" rel="noopener">{}</a>: {}</li>',
            (
                (
                    reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[one.pk]),
                    self.suggestion(one, ""),
                    words % {"name": alike.other, "percent": alike.percent},
                )
                for one, alike in found
            ),
        )


def add_asked(form) -> bool:
    """Return whether a form asks, or was told, that its name is that of another one."""
    return (
        form.is_bound
        and form.instance._state.adding
        and bool(form.data.get("it_is_another") or getattr(form, "looks_like", []))
    )
