"""What a model needs to be searched and sorted in either language on either database."""

from django.db import models

from listing.folding import searchable, sort_key


class Searchable(models.Model):
    search_text = models.TextField(editable=False, default="", db_default="")
    sort_en = models.CharField(max_length=200, editable=False, default="", db_default="")
    sort_zh = models.CharField(max_length=200, editable=False, default="", db_default="")

    class Meta:
        abstract = True

    def search_texts(self) -> list[str]:
        """Return every text under which a reader may look for this."""
        raise NotImplementedError

    def sort_texts(self) -> tuple[str, str]:
        """Return the English and the Chinese text by which lists order this."""
        raise NotImplementedError

    def fill_search(self) -> None:
        self.search_text = searchable(self.search_texts())
        english, chinese = self.sort_texts()
        self.sort_en, self.sort_zh = sort_key(english or chinese), sort_key(chinese or english)

    def rebuild_search(self) -> bool:
        """Store the search text anew; return whether it changed. No version is kept: no fact changed."""
        before = (self.search_text, self.sort_en, self.sort_zh)
        self.fill_search()
        if before == (self.search_text, self.sort_en, self.sort_zh):
            return False
        type(self)._base_manager.filter(pk=self.pk).update(
            search_text=self.search_text, sort_en=self.sort_en, sort_zh=self.sort_zh
        )
        return True

    def save(self, *args, **kwargs):
        self.fill_search()
        super().save(*args, **kwargs)
