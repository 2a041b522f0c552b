"""What comes in through the import page: the two forms, and the file between preview and confirmation."""

import time
import uuid
from pathlib import Path

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from import_export.forms import ConfirmImportForm, ImportForm
from import_export.tmp_storages import TempFolderStorage

from listing.workbooks import OLE_SIGNATURE, ZIP_SIGNATURE

LARGEST = 20 * 1024 * 1024  # bytes
# How long a file waits to be confirmed.
WAITS = 24 * 60 * 60  # seconds
# The formats by their place in `SheetImportMixin.import_formats`.
CSV, XLSX = "0", "1"


class PrivateFolder(TempFolderStorage):
    """Sheets between preview and confirmation: in a folder of their own, apart from everybody's files."""

    def get_full_path(self):
        return self.folder() / Path(self.name).name

    @staticmethod
    def folder() -> Path:
        folder = Path(settings.MEDIA_ROOT) / "imports"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def save(self, data):
        self._sweep()
        self.name = uuid.uuid4().hex
        self.get_full_path().write_bytes(data)

    def _sweep(self) -> None:
        """Remove what nobody has confirmed in time."""
        for path in self.folder().iterdir():
            if path.stat().st_mtime < time.time() - WAITS:
                path.unlink(missing_ok=True)

    @classmethod
    def claim(cls, name: str) -> str:
        """Take a waiting file for one import and return its new name. Raises FileNotFoundError of a second."""
        taken = f"{uuid.uuid4().hex}.taken"
        cls(name=name).get_full_path().rename(cls.folder() / taken)
        return taken


def format_of(name: str, head: bytes) -> str:
    """Return the format of an upload, by how it begins and what it is called."""
    named_excel = name.lower().endswith((".xlsx", ".xlsm", ".xls"))
    return XLSX if named_excel or head.startswith((ZIP_SIGNATURE, OLE_SIGNATURE)) else CSV


class SheetImportForm(ImportForm):
    create_missing = forms.BooleanField(
        label=_("Create organisations that are not on record, as drafts"),
        required=False,
        help_text=_(
            "Where a row names a person who is not on record, the person is created too. "
            "The preview lists everything that would be created, and what on record is much like it."
        ),
    )

    def __init__(self, formats, resources, **kwargs):
        super().__init__(formats, resources, **kwargs)
        self.fields["format"].required = False
        self.fields["format"].widget = forms.HiddenInput()
        self.fields["resource"].label = _("What the rows are")
        self.fields["import_file"].help_text = _("CSV (UTF-8 or GB18030) or Excel (.xlsx), up to 20 MB.")
        self.fields["import_file"].widget.attrs = {"accept": ".csv,.xlsx"}
        if not any(resource.may_name_what_is_created() for resource in resources):
            del self.fields["create_missing"]

    @property
    def media(self):
        return forms.Media()

    def clean_import_file(self):
        uploaded = self.cleaned_data["import_file"]
        if uploaded.size > LARGEST:
            raise ValidationError(_("The file is larger than 20 MB. Split it."))
        return uploaded

    def clean(self):
        uploaded = self.cleaned_data.get("import_file")
        if uploaded is not None:
            self.cleaned_data["format"] = format_of(uploaded.name, uploaded.read(8))
            uploaded.seek(0)
        return self.cleaned_data


class SheetConfirmForm(ConfirmImportForm):
    format = forms.ChoiceField(choices=[(CSV, "CSV"), (XLSX, "Excel")], widget=forms.HiddenInput())
    create_missing = forms.BooleanField(required=False, widget=forms.HiddenInput())
