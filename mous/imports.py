from initiative.imports import CITED, CITED_KEY
from listing.imports import StrictResource
from mous.columns import COLUMNS
from mous.models import MOU, MOUCitation, MOULink, Signatory, Signing
from publishing.imports import GuardedImport


class MOUImport(GuardedImport, StrictResource):
    people_columns = StrictResource.people_columns_of(COLUMNS)

    class Meta(StrictResource.Meta):
        model = MOU
        import_id_fields = ("reference",)
        fields = tuple(column.key for column in COLUMNS if column.imported)


class MOUCitationImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = MOUCitation
        import_id_fields = ("mou", *CITED_KEY)
        fields = ("mou", *CITED)


class SignatoryImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = Signatory
        import_id_fields = ("mou", "organisation")
        fields = ("mou", "organisation", "side", "name_as_signed", "position")


class SigningImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = Signing
        import_id_fields = ("mou", "person", "role")
        fields = ("mou", "person", "role", "side", "organisation", "post_en", "post_zh", "position")


class MOULinkImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = MOULink
        import_id_fields = ("from_mou", "kind", "to_mou")
        fields = ("from_mou", "kind", "to_mou")
