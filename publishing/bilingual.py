"""One text in two languages: plain columns `x_en` and `x_zh`, read as `record.x` in the page's language."""

from functools import cache

from django.utils.translation import get_language

LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}


def page_suffix() -> str:
    """Return the column suffix of the active language: "zh" or "en"."""
    return "zh" if (get_language() or "en").startswith("zh") else "en"


class LocalText(str):
    """A text that knows its language, and whether it stands in for a text not on record."""

    lang = "en"
    is_fallback = False

    @classmethod
    def pick(cls, texts: dict[str, str], wanted: str) -> "LocalText":
        """Return the text in language `wanted`, else the other one marked as a fallback, else ""."""
        other = "en" if wanted == "zh" else "zh"
        suffix = wanted if texts[wanted] or not texts[other] else other
        text = cls(texts[suffix])
        text.lang = LANGUAGE_TAGS[suffix]
        text.is_fallback = suffix != wanted
        return text


class Bilingual:
    """Read-only descriptor over two columns: `title = Bilingual("title")` reads `title_en`, `title_zh`."""

    def __init__(self, name: str):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        texts = {suffix: getattr(instance, f"{self.name}_{suffix}") for suffix in LANGUAGE_TAGS}
        return LocalText.pick(texts, page_suffix())

    def __set__(self, instance, value):
        raise AttributeError(f"Set {self.name}_en or {self.name}_zh; {self.name} is for reading.")


@cache
def bilingual_texts(model) -> list[str]:
    """Return the stems of the texts that `model` holds in both languages: "title" of title_en, title_zh."""
    names = {field.name for field in model._meta.concrete_fields if field.editable and not field.choices}
    return sorted(name[:-3] for name in names if name.endswith("_en") and f"{name[:-3]}_zh" in names)
