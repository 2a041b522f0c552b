"""The admin of contacts: who may see one, no export, no history, one's own side as owner."""

from django.contrib import admin

from projects.models import Contact
from publishing.admin import SHORT_TEXTS, SeenBySide
from publishing.sides import BOTH


@admin.register(Contact)
class ContactAdmin(SeenBySide, admin.ModelAdmin):
    list_display = ["project", "name", "organisation_shown", "email", "delete_after", "visibility"]
    list_select_related = ["project", "organisation"]
    list_filter = ["visibility", "basis", "delete_after"]
    search_fields = ["name", "email", "project__reference", "project__search_text"]
    autocomplete_fields = ["project", "organisation"]
    formfield_overrides = SHORT_TEXTS
    list_per_page = 50
    fields = [
        "project",
        "name",
        ("organisation", "organisation_words"),
        ("email", "language"),
        ("basis", "basis_words"),
        ("basis_on", "delete_after"),
        ("visibility", "owner_side"),
    ]

    @admin.display(description=Contact._meta.get_field("organisation").verbose_name)
    def organisation_shown(self, contact):
        return contact.organisation_name

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "owner_side" and request.user.side != BOTH:
            # Kept for the other side, it would be gone from the page it was entered on.
            kwargs["choices"] = [one for one in db_field.get_choices() if one[0] in ("", request.user.side)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)
