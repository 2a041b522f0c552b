"""Admin mixins: search that folds, and strict import of sheets."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export.admin import ImportMixin

from listing.exports import file_name
from listing.filters import matching, words_of
from listing.imports import StrictCSV, StrictXLSX
from listing.problems import Problem
from listing.sheetfiles import CONTENT_TYPES, sheet_file
from listing.sheets import SheetError
from listing.uploads import PrivateFolder, SheetConfirmForm, SheetImportForm

# How many refused rows are told one by one after a confirmation.
MOST_TOLD = 20


class SearchableAdmin(admin.ModelAdmin):
    """Search by any name, either language, pinyin, width and hyphens folded; autocomplete uses it too."""

    search_fields = ["search_text"]

    @admin.display(description=gettext_lazy("name or title"), ordering="sort_en")
    def both_languages(self, record):
        english, chinese = record.sort_texts()
        return format_html_join(
            mark_safe("<br>"),
            '<span lang="{}">{}</span>',
            [(lang, text) for lang, text in (("en", english), ("zh-Hans", chinese)) if text],
        )

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        if "\0" in search_term or not words_of(search_term):
            return queryset.none(), False
        return matching(queryset, search_term[:200]), False


class ImportRefused(Exception):
    """Rows were refused after the preview had shown none."""

    def __init__(self, problems: list[Problem]):
        super().__init__(str(problems))
        self.problems = problems


def may(user, resource, *actions: str) -> bool:
    """Return whether a person has rights ("add", "view") on the rows of a sheet."""
    options = resource._meta.model._meta
    return all(user.has_perm(f"{options.app_label}.{action}_{options.model_name}") for action in actions)


class SheetImportMixin(ImportMixin):
    """Sheets of a record's tables: templates and what is on record to take away, CSV and Excel to bring in.

    Nothing is written before the person has seen what would be. Who may only view takes sheets away.
    """

    import_formats = [StrictCSV, StrictXLSX]
    tmp_storage_class = PrivateFolder
    import_form_class = SheetImportForm
    confirm_form_class = SheetConfirmForm
    import_template_name = "admin/listing/import.html"
    import_export_change_list_template = "admin/listing/change_list_sheets.html"

    def get_urls(self):
        address = "sheets/<slug:sheet>-<str:content>.<str:suffix>"
        name = f"{self.opts.app_label}_{self.opts.model_name}_sheet"
        own = [
            path(address, self.admin_site.admin_view(self.sheet), name=name),
            path("sheets/", self.admin_site.admin_view(self.sheets), name=f"{name}s"),
        ]
        return [*own, *super().get_urls()]

    # Rights ----------------------------------------------------------------------------------

    def get_import_resource_classes(self, request):
        return [one for one in self.resource_classes if may(request.user, one, "add", "change")]

    def sheets_to_take(self, request) -> list:
        return [one for one in self.resource_classes if may(request.user, one, "view")]

    def has_import_permission(self, request):
        return bool(self.get_import_resource_classes(request))

    def get_import_resource_kwargs(self, request, *args, form=None, **kwargs):
        creating = bool(form and getattr(form, "cleaned_data", {}).get("create_missing"))
        return {"user": request.user, "creating": creating}

    # To take away ----------------------------------------------------------------------------

    def changelist_view(self, request, extra_context=None):
        context = {"has_sheets": bool(self.sheets_to_take(request))} | (extra_context or {})
        return super().changelist_view(request, context)

    def sheet(self, request, sheet, content, suffix):
        """Give a sheet as a file: its template, or all its rows that the person may see."""
        known = {one._meta.model._meta.model_name: one for one in self.sheets_to_take(request)}
        if not known:
            raise PermissionDenied
        if sheet not in known or content not in ("template", "record") or suffix not in CONTENT_TYPES:
            raise Http404
        file = sheet_file(known[sheet](user=request.user), content, suffix)
        name = f"{sheet}-{content}" if content == "template" else file_name(f"{sheet}-{content}")
        headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
        return HttpResponse(file, content_type=CONTENT_TYPES[suffix], headers=headers)

    def sheets(self, request):
        """Show which sheets there are to take away: to those who may not import, on a page of its own."""
        if not self.sheets_to_take(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request)
        context |= {"title": _("Sheets"), "opts": self.opts, "sheets": self.sheets_offered(request)}
        return TemplateResponse(request, self.import_template_name, context)

    def sheets_offered(self, request) -> list[tuple]:
        """Return the sheets by name, each with its kind of row, for the page that offers them."""
        return [
            (one.get_display_name(), one._meta.model._meta.model_name) for one in self.sheets_to_take(request)
        ]

    # To bring in -----------------------------------------------------------------------------

    def import_action(self, request, **kwargs):
        answer = super().import_action(request, **kwargs)
        answer.context_data["sheets"] = self.sheets_offered(request)
        if "confirm_form" not in answer.context_data:
            self._forget(request)
        return answer

    def _forget(self, request) -> None:
        """Remove the file of an upload that cannot be confirmed."""
        name = getattr(request.FILES.get("import_file"), "tmp_storage_name", "")
        if name:
            PrivateFolder(name=name).get_full_path().unlink(missing_ok=True)

    def get_confirm_form_initial(self, request, import_form):
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form:
            initial["create_missing"] = import_form.cleaned_data.get("create_missing", False)
        return initial

    def process_dataset(self, dataset, form, request, **kwargs):
        """Write the sheet: all of it, or nothing where a row is refused since the preview."""
        result = super().process_dataset(dataset, form, request, rollback_on_validation_errors=True, **kwargs)
        if result.problems:
            raise ImportRefused(result.problems)
        result.sheet = self.choose_import_resource_class(form, request).get_display_name()
        return result

    def add_success_message(self, result, request):
        told = {"sheet": result.sheet, "added": result.totals["new"], "changed": result.totals["update"]}
        words = _("%(sheet)s written: %(added)s added, %(changed)s changed.")
        self.message_user(request, words % told, messages.SUCCESS)

    def process_import(self, request, **kwargs):
        """Write what the preview has shown, once: the second of two clicks finds the file taken."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        taken = None
        try:
            if request.POST.get("import_file_name"):
                taken = PrivateFolder.claim(request.POST["import_file_name"])
                request.POST = request.POST.copy()
                request.POST["import_file_name"] = taken
            return super().process_import(request, **kwargs)
        except ImportRefused as refused:
            self._tell(request, refused.problems)
        except (OSError, ValueError, SheetError):
            told = _(
                "This import was confirmed already, or its file is gone. Look whether its rows are on record."
            )
            self.message_user(request, told, messages.ERROR)
        finally:
            if taken:
                PrivateFolder(name=taken).get_full_path().unlink(missing_ok=True)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))

    def _tell(self, request, problems: list[Problem]) -> None:
        words = _("Row %(row)s, column “%(column)s”, value “%(value)s”: %(reason)s")
        for problem in problems[:MOST_TOLD]:
            value = problem.value[:120]
            told = {"row": problem.row or "–", "column": problem.column or "–", "value": value}
            self.message_user(request, words % (told | {"reason": problem.words}), messages.ERROR)
        if (more := len(problems) - MOST_TOLD) > 0:
            words = ngettext("And %(more)s more problem.", "And %(more)s more problems.", more)
            self.message_user(request, words % {"more": more}, messages.ERROR)
        self.message_user(request, _("Nothing was written."), messages.ERROR)

    def add_data_read_fail_error_to_form(self, form, e):
        told = str(e) if isinstance(e, SheetError) else _("This file cannot be read. Save it as “CSV UTF-8”.")
        form.add_error("import_file", told)
