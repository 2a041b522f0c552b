from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def without_histories(permissions):
    """Leave out the rights on history tables: they are the auditors', and would bury the others."""
    return permissions.exclude(codename__contains="_historical").select_related("content_type")


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "side", "language"]}),
        (
            _("Rights"),
            {
                "fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"],
                "description": _(
                    "Give a role by choosing a group; a person needs staff status to sign in here."
                ),
            },
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"], "classes": ["collapse"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": [
                    "username",
                    "usable_password",
                    "password1",
                    "password2",
                    "side",
                    "language",
                    "is_staff",
                ],
            },
        )
    ]
    list_display = ["username", "first_name", "last_name", "side", "language", "is_staff", "is_active"]
    list_filter = ["side", "groups", "is_staff", "is_active"]

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "user_permissions":
            field.queryset = without_histories(field.queryset)
        return field


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "permissions":
            field.queryset = without_histories(field.queryset)
        return field
