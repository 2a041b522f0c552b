"""Pillars, sectors, sources, pages, agreed words, and what every kind of citation reads from a sheet."""

from initiative.departures import rebuild, words_of
from initiative.models import Page, Pillar, Sector, Source, Term
from listing.imports import StrictResource
from publishing.imports import GuardedImport

CITED_KEY = ("source", "locator_en", "locator_zh", "about_en", "about_zh", "stance")
CITED = (*CITED_KEY, "says_en", "says_zh", "as_printed")


class SourceImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = Source
        import_id_fields = ("code",)
        fields = (
            "code",
            "title",
            "publisher",
            "kind",
            "language",
            "dated_on",
            "dated_on_precision",
            "url",
            "link_public",
            "note_en",
            "note_zh",
        )


class PageImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = Page
        import_id_fields = ("slug",)
        fields = ("slug", "title_en", "title_zh", "body_en", "body_zh")


class PillarImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = Pillar
        import_id_fields = ("code",)
        fields = (
            "code",
            "numeral",
            "name_en",
            "name_zh",
            "short_name_en",
            "short_name_zh",
            "description_en",
            "description_zh",
            "position",
        )


class SectorImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = Sector
        import_id_fields = ("code",)
        fields = ("code", "name_en", "name_zh", "position")


class TermImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = Term
        import_id_fields = ("english",)
        fields = ("english", "chinese_singapore", "chinese_shenzhen", "note", "avoid")

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        self.words: set[str] = set()

    def before_save_instance(self, instance, row, **kwargs):
        super().before_save_instance(instance, row, **kwargs)
        # Where texts depart is worked out once, at the end of the sheet.
        instance.of_a_sheet = True

    def after_save_instance(self, instance, row, **kwargs):
        super().after_save_instance(instance, row, **kwargs)
        self.words |= words_of(instance)

    def after_import(self, dataset, result, **kwargs):
        super().after_import(dataset, result, **kwargs)
        if self.words:
            rebuild(self.words)
