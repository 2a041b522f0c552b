"""Admin mixins: search that folds, and strict import of sheets."""

import uuid
from pathlib import Path

from django.conf import settings
from django.contrib import admin, messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportMixin
from import_export.tmp_storages import TempFolderStorage

from listing.filters import matching, words_of
from listing.imports import StrictCSV, StrictXLSX
from listing.sheets import SheetError, decode

LARGEST = 20 * 1024 * 1024  # bytes


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


class PrivateFolder(TempFolderStorage):
    """Sheets between preview and confirmation: in a folder of their own, apart from everybody's files."""

    def get_full_path(self):
        folder = Path(settings.MEDIA_ROOT) / "imports"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / Path(self.name).name

    def save(self, data):
        self.name = uuid.uuid4().hex
        self.get_full_path().write_bytes(data)


class ImportRefused(Exception):
    """Rows were refused after the preview had shown none."""

    def __init__(self, problems: list[tuple]):
        super().__init__(str(problems))
        self.problems = problems


class SheetImportMixin(ImportMixin):
    """Import of CSV (UTF-8, or GB18030 and it says so) and Excel, with a dry run before anything is written."""

    import_formats = [StrictCSV, StrictXLSX]
    tmp_storage_class = PrivateFolder
    import_template_name = "admin/listing/import.html"

    def get_import_resource_classes(self, request):
        return self.resource_classes

    def import_action(self, request, **kwargs):
        uploaded = request.FILES.get("import_file")
        if uploaded is not None and uploaded.name.lower().endswith(".csv"):
            self._as_utf8(request, uploaded)
        return super().import_action(request, **kwargs)

    def process_dataset(self, dataset, form, request, **kwargs):
        """Write the sheet: all of it, or nothing where a row is refused since the preview."""
        result = super().process_dataset(dataset, form, request, rollback_on_validation_errors=True, **kwargs)
        if result.problems:
            raise ImportRefused(result.problems)
        return result

    def process_import(self, request, **kwargs):
        try:
            return super().process_import(request, **kwargs)
        except ImportRefused as refused:
            words = _("Row %(row)s, column “%(column)s”, value “%(value)s”: %(reason)s")
            for row, column, value, reason in refused.problems:
                told = {"row": row or "–", "column": column or "–", "value": value, "reason": reason}
                self.message_user(request, words % told, messages.ERROR)
            self.message_user(request, _("Nothing was written."), messages.ERROR)
        except (FileNotFoundError, SheetError):
            self.message_user(
                request,
                _("This import was confirmed already, or its file is gone. Upload it again."),
                messages.ERROR,
            )
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))

    def _as_utf8(self, request, uploaded) -> None:
        if uploaded.size > LARGEST:
            self.message_user(request, _("The file is larger than 20 MB. Split it."), messages.ERROR)
            request.FILES.pop("import_file")
            return
        try:
            text, encoding = decode(uploaded.read())
        except SheetError as error:
            self.message_user(request, str(error), messages.ERROR)
            request.FILES.pop("import_file")
            return
        if encoding == "gb18030":
            self.message_user(request, _("The file was read as GB18030."), messages.INFO)
        request.FILES["import_file"] = SimpleUploadedFile(uploaded.name, text.encode(), uploaded.content_type)

    def add_data_read_fail_error_to_form(self, form, e):
        if isinstance(e, SheetError):
            form.add_error("import_file", str(e))
        else:
            form.add_error(
                "import_file",
                _("This file cannot be read. Choose the format that it was saved in, CSV or Excel."),
            )
