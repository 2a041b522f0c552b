from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from initiative.imports import CITED, CITED_KEY
from listing.imports import StrictResource
from organisations.columns import COLUMNS
from organisations.models import Organisation, OrganisationCitation, OrganisationName, Person
from publishing.imports import GuardedImport


class OrganisationImport(GuardedImport, StrictResource):
    people_columns = StrictResource.people_columns_of(COLUMNS)

    class Meta(StrictResource.Meta):
        model = Organisation
        import_id_fields = ("reference",)
        fields = tuple(column.key for column in COLUMNS if column.imported)

    def before_save_instance(self, instance, row, user=None, **kwargs):
        super().before_save_instance(instance, row, user=user, **kwargs)
        if instance.merged_into_id:
            raise ValidationError(
                _("%(reference)s was merged into “%(other)s” (%(its)s). Use that one, or leave the row out.")
                % {
                    "reference": instance.reference,
                    "other": instance.merged_into,
                    "its": instance.merged_into.reference,
                }
            )


class OrganisationNameImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = OrganisationName
        import_id_fields = ("organisation", "name", "kind")
        fields = (
            "organisation",
            "name",
            "language",
            "kind",
            "used_from",
            "used_from_precision",
            "used_to",
            "used_to_precision",
        )


class OrganisationCitationImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = OrganisationCitation
        import_id_fields = ("organisation", *CITED_KEY)
        fields = ("organisation", *CITED)


class PersonImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = Person
        import_id_fields = ("name_en", "name_zh")
        fields = ("name_en", "name_zh", "suppressed")
