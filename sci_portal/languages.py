"""Which models hold texts in two languages, and what may be the matter with one: found by walking, no list."""

from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from initiative.departures import own_words
from initiative.models import Departure
from publishing.bilingual import LANGUAGE_TAGS, bilingual_texts
from publishing.models import Publishable, Row, Tracked

OTHER = {"en": "zh", "zh": "en"}
# What may be the matter with a text, in the order of the page.
MATTERS = {
    "no_zh": _("No Chinese"),
    "no_en": _("No English"),
    "older": _("Older than the other language"),
    "departure": _("Departs from the glossary"),
    "intended": _("Left as intended"),
    "names": _("Names no source prints"),
}
# What a translator is asked for: names are only as a source prints them, never translated.
WORK = ("no_zh", "no_en", "older", "departure")
# What `initiative/departures.py` keeps account of: counted by the account, not by the rows.
DEPARTING = ("departure", "intended")
# Columns by which a row without a reference is known for good.
KEYS = ("reference", "code", "slug")


@dataclass(frozen=True)
class Kind:
    """One model with texts in two languages."""

    model: type[Tracked]

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @cached_property
    def path(self) -> list[str]:
        """Return the foreign keys that lead from a row to its record, one after the other."""
        steps, model = [], self.model
        while issubclass(model, Row):
            steps.append(model.RECORD)
            model = model._meta.get_field(model.RECORD).related_model
        return steps

    @cached_property
    def top(self) -> type[Tracked]:
        """Return the model of the record that a row belongs to; the model itself where there is none."""
        model = self.model
        for step in self.path:
            model = model._meta.get_field(step).related_model
        return model

    @cached_property
    def key(self) -> str:
        """Return the lookup of what identifies the record, or ""."""
        names = {one.name for one in self.top._meta.concrete_fields}
        name = next((name for name in KEYS if name in names), "")
        return "__".join([*self.path, name]) if name else ""

    @cached_property
    def has_status(self) -> bool:
        return issubclass(self.top, Publishable)

    def _place(self, stem: str) -> int:
        """Return the order of a text among the columns: a title comes before a summary."""
        return [one.name for one in self.model._meta.concrete_fields].index(f"{stem}_en")

    @cached_property
    def own(self) -> list[str]:
        return sorted(own_words(self.model), key=self._place)

    @cached_property
    def printed(self) -> list[str]:
        return [stem for stem in bilingual_texts(self.model) if stem in self.model.AS_PRINTED]

    @cached_property
    def links(self) -> list[str]:
        """Return the foreign keys to read with a row, so that it and its record can be named."""
        names = [
            one.name
            for one in self.model._meta.concrete_fields
            if isinstance(one, ForeignKey) and issubclass(one.related_model, Tracked)
        ]
        return [*names, "__".join(self.path)] if self.path else []

    def departures(self, *matters: str) -> QuerySet:
        """Return what departs from the glossary in texts of this kind, left as intended or not."""
        return Departure.objects.filter(
            kind=ContentType.objects.get_for_model(self.model),
            text__in=self.own,
            intended__in=[matter == "intended" for matter in matters],
        )

    def conditions(self, matter: str) -> list[Q]:
        """Return the condition for each text with which `matter` may be the matter; of departures, of rows."""
        sides = [OTHER[matter[3:]]] if matter.startswith("no_") else list(LANGUAGE_TAGS)
        stems = self.printed if matter == "names" else self.own
        if matter in DEPARTING:
            return [Q(pk__in=self.departures(matter).values("row_id"))]
        if matter == "older":
            return [behind(f"{stem}_{side}") for stem in stems for side in sides]
        return [
            ~Q(**{f"{stem}_{side}": ""}) & Q(**{f"{stem}_{OTHER[side]}": ""})
            for stem in stems
            for side in sides
        ]


def behind(name: str) -> Q:
    """Return the condition on which column `name` is among those that `outdated` lists."""
    return Q(outdated__regex=f"(^| ){name}( |$)")


def kinds() -> list[Kind]:
    """Return every model with texts in two languages, a record before its rows, records from the top down."""
    found = [
        Kind(model) for model in apps.get_models() if issubclass(model, Tracked) and bilingual_texts(model)
    ]
    tops = list(dict.fromkeys(kind.top for kind in found if kind.model is kind.top))
    return sorted(found, key=lambda kind: (tops.index(kind.top), len(kind.path), found.index(kind)))
