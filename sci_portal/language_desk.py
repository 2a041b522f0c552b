"""The officers' pages of two languages: what is to do, the translator's sheet, and its answers."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from documents.answers import attachment
from initiative.models import Departure
from listing.sheets import MOST_ROWS, SheetError
from listing.uploads import LARGEST, PrivateFolder
from publishing.models import Publication, Status
from publishing.sides import visible
from sci_portal.language_answers import Refused, dataset_of, read, write
from sci_portal.language_keys import find, refusal
from sci_portal.language_sheets import FORMATS
from sci_portal.language_work import Line, Wanted, Work
from sci_portal.languages import MATTERS, OTHER, WORK, kinds

PER_PAGE = 25
SHEET = "translators_sheet"


class WantedForm(forms.Form):
    """What the list is narrowed to; every choice is in the address."""

    matter = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of record"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Publication status"), required=False)
    reference = forms.CharField(
        label=pgettext_lazy("of a record", "Reference"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"size": 14, "placeholder": "SCI-P-0031"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        every = ("", pgettext_lazy("filter", "all"))
        tops = dict.fromkeys(kind.top for kind in kinds())
        self.fields["matter"].choices = [("", ""), *MATTERS.items()]
        self.fields["kind"].choices = [
            every,
            *((top._meta.label_lower, capfirst(top._meta.verbose_name_plural)) for top in tops),
        ]
        self.fields["status"].choices = [every, *Status.choices]


def wanted_of(request) -> tuple[WantedForm, Wanted | None]:
    """Return the form of the address, and what it asks for; None where it asks for what is not there."""
    form = WantedForm(request.GET)
    return form, Wanted(request.user, **form.cleaned_data) if form.is_valid() else None


def may_answer(user) -> bool:
    """Return whether `user` may change any text at all."""
    names = (kind.model._meta for kind in kinds())
    return any(user.has_perm(f"{opts.app_label}.change_{opts.model_name}") for opts in names)


def _with(request, **changes) -> str:
    """Return the query of the present address with some values in place of others."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query[name] = value
        if not value:
            query.pop(name)
    return f"?{query.urlencode()}"


class LanguageDesk:
    """The pages under /admin/languages/, of one admin site."""

    def __init__(self, site):
        self.site = site

    def urls(self) -> list:
        def page(route, view, name):
            return path(f"languages/{route}", self.site.admin_view(view), name=name)

        return [
            page("", self.work, "languages"),
            page("sheet.<str:form>", self.sheet, "languages_sheet"),
            page("still-right/", require_POST(self.still_right), "languages_still_right"),
            page("intended/", require_POST(self.intended), "languages_intended"),
            page("answers/", self.answers, "languages_answers"),
        ]

    def _page(self, request, template: str, title: str, **context) -> TemplateResponse:
        context = self.site.each_context(request) | {"title": title} | context
        return TemplateResponse(request, f"admin/languages/{template}.html", context)

    # The list --------------------------------------------------------------------------------

    def work(self, request):
        form, wanted = wanted_of(request)
        work = Work(wanted) if wanted else None
        page = Paginator(work if wanted else [], PER_PAGE).get_page(request.GET.get("page"))
        items = list(page.object_list)
        for item in items:
            item.may_change = not refusal(item.row, request.user, thorough=False)
        texts = work.texts if work else dict.fromkeys(MATTERS, 0)
        matter = wanted.matter if wanted else ""
        tabs = [("", _("All that is to do"), None)]
        tabs += [(name, label, texts[name]) for name, label in MATTERS.items()]
        return self._page(
            request,
            "work",
            _("Two languages"),
            form=form,
            page=page,
            items=items,
            tabs=[(label, count, _with(request, matter=name), name == matter) for name, label, count in tabs],
            matter=matter,
            narrowed=any(form.data.get(name) for name in ("kind", "status", "reference")),
            sheets=[(name, _with(request)) for name in ("xlsx", "csv")] if not matter or matter in WORK else [],
            most=MOST_ROWS,
            may_answer=may_answer(request.user),
            earlier=_with(request, page=str(page.number - 1)) if page.has_previous() else "",
            later=_with(request, page=str(page.number + 1)) if page.has_next() else "",
        )

    def _back(self, request) -> HttpResponseRedirect:
        after = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}):
            after = reverse("admin:languages")
        return HttpResponseRedirect(after)

    def _changed_meanwhile(self, request) -> HttpResponseRedirect:
        messages.error(request, _("The text was changed meanwhile. Look at it again."))
        return self._back(request)

    def still_right(self, request):
        """Note that an older text fits what the other language says now."""
        key, suffix = request.POST.get("key", ""), request.POST.get("language", "")
        with transaction.atomic():
            Publication.lock()
            found = find([key], request.user).get(key)
            line = Line(*found, suffix, [], []) if found and suffix in OTHER else None
            if line is None or line.seen != request.POST.get("seen"):
                return self._changed_meanwhile(request)
            if reason := refusal(line.row, request.user):
                messages.error(request, reason)
                return self._back(request)
            line.row.still_right(f"{line.stem}_{suffix}")
        messages.success(
            request,
            _("Noted as still right: %(name)s, %(field)s.") % {"name": line.name, "field": line.label},
        )
        return self._back(request)

    def intended(self, request):
        """Leave a departure as intended until its text changes, or flag it again."""
        number, leave = request.POST.get("departure", ""), request.POST.get("leave") == "yes"
        with transaction.atomic():
            Publication.lock()
            one = Departure.objects.filter(pk=int(number)).first() if _is_key(number) else None
            model = one.kind.model_class() if one else None
            row = (
                visible(model._base_manager.all(), request.user).filter(pk=one.row_id).first() if one else None
            )
            if row is None:
                return self._changed_meanwhile(request)
            if reason := refusal(row, request.user):
                messages.error(request, reason)
                return self._back(request)
            one.intended, one.intended_by = leave, request.user if leave else None
            one.save(update_fields=["intended", "intended_by"])
        said = _("Left as intended until the text changes.") if leave else _("Flagged again.")
        messages.success(request, said)
        return self._back(request)

    # The translator's sheet ------------------------------------------------------------------

    def sheet(self, request, form: str):
        """Give what the address asks for as a file for the translator."""
        _form, wanted = wanted_of(request)
        if form not in FORMATS or wanted is None:
            return HttpResponse(_("There is no such file."), status=400, content_type="text/plain")
        return attachment(FORMATS[form](wanted), form, f"two-languages-{localdate().isoformat()}")

    # The answers -----------------------------------------------------------------------------

    def answers(self, request):
        """Read a sheet, show what it would change, and write it once that is confirmed."""
        if not may_answer(request.user):
            raise PermissionDenied
        if request.method == "POST" and "confirm" in request.POST:
            return self._confirm(request)
        if request.method == "POST":
            return self._upload(request)
        return self._answers_page(request)

    def _answers_page(self, request, **context) -> TemplateResponse:
        return self._page(request, "answers", _("Answers of the translator"), **context)

    def _upload(self, request):
        file = request.FILES.get("sheet")
        if file is None:
            return self._answers_page(request, refused=_("Choose the file that came back."))
        if file.size > LARGEST:
            return self._answers_page(request, refused=_("The file is larger than 20 MB. Split it."))
        data = file.read()
        try:
            answers = read(dataset_of(file.name, data), request.user)
        except SheetError as error:
            return self._answers_page(request, refused=str(error))
        self._forget(request)
        folder = PrivateFolder()
        folder.save(data)
        # Only the session that uploaded a sheet finds it again.
        request.session[SHEET] = {"file": folder.name, "name": file.name[-20:]}
        return self._answers_page(request, answers=answers, token=folder.name)

    def _forget(self, request) -> None:
        kept = request.session.pop(SHEET, None)
        if kept:
            PrivateFolder(name=kept["file"]).get_full_path().unlink(missing_ok=True)

    def _confirm(self, request):
        kept = request.session.get(SHEET)
        try:
            with transaction.atomic():
                Publication.lock()
                if not kept or kept["file"] != request.POST["confirm"]:
                    raise FileNotFoundError
                data = PrivateFolder(name=kept["file"], read_mode="rb").read()
                answers = read(dataset_of(kept["name"], data), request.user)
                if answers.sum != request.POST.get("sum"):
                    again = _(
                        "Something was changed since this preview, and nothing was written. Look at it again."
                    )
                    return self._answers_page(request, answers=answers, token=kept["file"], refused=again)
                written = write(answers)
        except (FileNotFoundError, SheetError):
            messages.error(
                request, _("This import was confirmed already, or its file is gone. Upload it again.")
            )
            return HttpResponseRedirect(reverse("admin:languages_answers"))
        except Refused as refused:
            for problem in [*refused.problems, _("Nothing was written.")]:
                messages.error(request, problem)
            return HttpResponseRedirect(reverse("admin:languages_answers"))
        self._forget(request)
        words = ngettext("%(count)s text was written.", "%(count)s texts were written.", written)
        messages.success(request, words % {"count": written})
        return HttpResponseRedirect(reverse("admin:languages"))


def _is_key(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 19
