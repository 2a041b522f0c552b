"""Pages of files for staff: a file's own page, the list on its record's page, and the log of downloads."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from publishing.admin import TrackedAdmin
from publishing.downloads import give
from publishing.file_forms import RecordFileForm, is_settled
from publishing.files import Download, RecordFile
from publishing.sides import BOTH, visible


def page_of(kind, what: str, *arguments) -> str:
    """Return the address of a staff page ("add", "change", "file") of a kind of file or record."""
    return reverse(f"admin:{kind._meta.app_label}_{kind._meta.model_name}_{what}", args=arguments)


def chosen(queryset, asked: str | None):
    """Return the row that a parameter of the address asks for, None where there is none. Raises Http404."""
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        raise Http404
    return get_object_or_404(queryset, pk=asked)


class RecordFileAdmin(TrackedAdmin):
    """Base of the admin of each kind of file. `extra_fields` are what a kind has beside the others."""

    form = RecordFileForm
    may_be_copied = False
    extra_fields: list[str] = []
    change_form_template = "admin/publishing/file_form.html"
    list_display = [
        "title",
        "language",
        "version",
        "record_link",
        "visibility",
        "owner_side",
        "uploaded_at",
        "download",
    ]
    list_filter = ["visibility", "owner_side", "language"]
    date_hierarchy = "uploaded_at"
    stored_fields = ["download", "size_shown", "sha256_shown", "uploaded_at", "uploader"]

    def get_search_fields(self, request):
        return ["title", "file_name", f"{self.model.RECORD}__search_text"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(self.model.RECORD, "uploaded_by")

    # Rights: files are changed beside the record, also of a published one, as long as they are not public --

    def may_change_record(self, request, record) -> bool:
        return True

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and not (obj is not None and is_settled(obj, request.user))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        return request.user.side in (BOTH, obj.owner_side) and not is_settled(obj, request.user)

    # What is shown ---------------------------------------------------------------------------

    @admin.display(description=_("file"))
    def download(self, file):
        return format_html('<a href="{}">{}</a>', page_of(file, "file", file.pk), file.file_name or file.title)

    @admin.display(description=pgettext_lazy("of a file", "size"), ordering="size")
    def size_shown(self, file):
        return "–" if file.size is None else filesizeformat(file.size)

    @admin.display(description=_("checksum (SHA-256)"))
    def sha256_shown(self, file):
        return format_html('<code class="checksum">{}</code>', file.sha256 or "–")

    @admin.display(description=_("uploaded by"))
    def uploader(self, file):
        return (file.uploaded_by and file.uploaded_by.get_full_name()) or file.uploaded_by or "–"

    @admin.display(description=_("record"))
    def record_link(self, file):
        return format_html('<a href="{}">{}</a>', page_of(file.record, "change", file.record.pk), file.record)

    # The form --------------------------------------------------------------------------------

    def _records(self, request):
        """Return the records of this kind that the person may see."""
        model = self.model._meta.get_field(self.model.RECORD).related_model
        return visible(model._base_manager.all(), request.user)

    def _fixed_record(self, request, obj):
        return obj.record if obj else chosen(self._records(request), request.GET.get(self.model.RECORD))

    def get_autocomplete_fields(self, request):
        return [self.model.RECORD]

    def get_fieldsets(self, request, obj=None):
        main = [self.model.RECORD, "title", ("language", "version"), *self.extra_fields]
        # The file stands before what must be chosen: an upload that breaks off lacks that, and is refused.
        if obj is None:
            return [(None, {"fields": [*main, "file", ("visibility", "owner_side")]})]
        return [
            (None, {"fields": [*main, ("visibility", "owner_side")]}),
            (_("Stored file"), {"fields": self.stored_fields}),
        ]

    def get_readonly_fields(self, request, obj=None):
        return ["owner_side", *self.stored_fields] if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == self.model.RECORD:
            kwargs["queryset"] = self._records(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        own = {"user": request.user, "fixed_record": self._fixed_record(request, obj)}
        return type(form.__name__, (form,), own)

    def get_changeform_initial_data(self, request):
        """Return what a new file begins with: the record, and for a new version what the one before says."""
        record = self._fixed_record(request, None)
        initial = {self.model.RECORD: record.pk} if record else {}
        earlier = chosen(self.get_queryset(request), request.GET.get("after"))
        if earlier:
            version = self.model.next_version(earlier.record, earlier.title, earlier.language, request.user)
            kept = {name: getattr(earlier, name) for name in ("title", "language", "visibility")}
            initial |= kept | {"version": version}
        return initial

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["record_page"] = page_of(obj.record, "change", obj.record.pk)
            context["new_version"] = new_version(obj) if self.has_add_permission(request) else ""
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_post_save_add(self, request, obj):
        return HttpResponseRedirect(f"{page_of(obj.record, 'change', obj.record.pk)}#files")

    response_post_save_change = response_post_save_add

    # Downloads -------------------------------------------------------------------------------

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_file"
        view = self.admin_site.admin_view(require_safe(self.file_view))
        return [path("<int:pk>/file/", view, name=name), *super().get_urls()]

    def file_view(self, request, pk):
        """Give the stored file to those who may see its row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return give(request, get_object_or_404(self.get_queryset(request), pk=pk), by=request.user)


def new_version(file: RecordFile) -> str:
    """Return the address of the form for the version after `file`."""
    return f"{page_of(file, 'add')}?{file.RECORD}={file.record.pk}&after={file.pk}"


class WithFiles:
    """Mixed into the admin of a record that has files: its page lists them. `files` is their related name."""

    files = "files"

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["files"] = self._files(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _files(self, request, record) -> dict | None:
        """Return what the list of files of `record` shows to the person, or None."""
        manager = getattr(record, self.files)
        kind, right = manager.model, f"{manager.model._meta.app_label}.%s_{manager.model._meta.model_name}"
        if not request.user.has_perm(right % "view"):
            return None
        adds = request.user.has_perm(right % "add")
        return {
            "add": f"{page_of(kind, 'add')}?{kind.RECORD}={record.pk}" if adds else "",
            "rows": [
                {
                    "file": file,
                    "change": page_of(file, "change", file.pk),
                    "download": page_of(file, "file", file.pk),
                    "new_version": new_version(file) if adds else "",
                }
                for file in visible(manager.select_related("uploaded_by"), request.user)
            ],
        }


@admin.register(Download)
class DownloadAdmin(admin.ModelAdmin):
    """The log of downloads by staff: read by auditors, written by nobody."""

    list_display = ["at", "user", "reference", "title", "version", "kind", "visibility", "owner_side"]
    list_filter = [("user", admin.RelatedOnlyFieldListFilter), "at", "kind"]
    list_select_related = ["user", "kind"]
    list_per_page = 50
    date_hierarchy = "at"
    search_fields = ["reference", "title", "sha256", "user__username"]

    def get_queryset(self, request):
        return visible(super().get_queryset(request), request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
