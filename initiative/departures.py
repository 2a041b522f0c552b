"""Keeping account of where texts depart from the agreed words, as texts and words change."""

from collections import defaultdict
from collections.abc import Iterable

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from initiative.models import Departure, Term, forms_of
from initiative.terms import Glossary, glossary
from publishing.bilingual import LANGUAGE_TAGS, bilingual_texts
from publishing.models import Publishable, Tracked
from publishing.naming import rows_of
from publishing.sides import visible

# Above so many words every text is read: a condition on each would be slower, or too deep for SQLite.
MOST_CONDITIONS = 20


def own_words(model: type[Tracked]) -> list[str]:
    """Return the stems of the texts that are in our own words, and so follow the agreed ones."""
    return [stem for stem in bilingual_texts(model) if stem not in model.AS_PRINTED]


def _is_printed(row: Tracked, stem: str, suffix: str) -> bool:
    """Return whether a source prints this text: a quotation follows its source (glossary, first lines)."""
    return getattr(row, f"{stem}_basis_{suffix}", "") == "printed"


def _found(row: Tracked, stem: str, words: Glossary) -> set[tuple]:
    texts = [getattr(row, f"{stem}_{suffix}") for suffix in LANGUAGE_TAGS]
    return {
        (stem, one.suffix, one.term, one.word)
        for one in words.departures(*texts)
        if not _is_printed(row, stem, one.suffix)
    }


def _new(row: Tracked, kind: ContentType, found: Iterable[tuple]) -> list[Departure]:
    return [
        Departure(kind=kind, row_id=row.pk, text=stem, suffix=suffix, term_id=term, word=word)
        for stem, suffix, term, word in sorted(found)
    ]


def keep(departures: list[Departure]) -> None:
    """Store what was worked out; it is no fact, and has no history."""
    Departure.objects.bulk_create(departures, batch_size=500)


# When a text changes ------------------------------------------------------------------------------


def _changed(row: Tracked, stem: str) -> bool:
    columns = [f"{stem}{what}_{suffix}" for what in ("", "_basis") for suffix in LANGUAGE_TAGS]
    return any(row.stored.get(name, "") != getattr(row, name, "") for name in columns)


def row_saved(sender, instance, raw=False, **kwargs) -> None:
    if raw or not isinstance(instance, Tracked):
        return
    stems = [stem for stem in own_words(sender) if _changed(instance, stem)]
    if not stems:
        return
    kind = ContentType.objects.get_for_model(sender)
    if instance.stored:
        Departure.objects.filter(kind=kind, row_id=instance.pk, text__in=stems).delete()
    words = glossary()
    keep([one for stem in stems for one in _new(instance, kind, _found(instance, stem, words))])


def row_deleted(sender, instance, **kwargs) -> None:
    if isinstance(instance, Tracked) and own_words(sender):
        kind = ContentType.objects.get_for_model(sender)
        Departure.objects.filter(kind=kind, row_id=instance.pk).delete()


# When a word changes ------------------------------------------------------------------------------


def _holding(model: type[Tracked], words: set[str]):
    """Return the rows of `model` with a text that may hold one of `words`."""
    condition = Q()
    if len(words) <= MOST_CONDITIONS:
        for stem in own_words(model):
            for suffix in LANGUAGE_TAGS:
                for word in words:
                    condition |= Q(**{f"{stem}_{suffix}__icontains": word})
    return model._base_manager.filter(condition).order_by("pk")


def rebuild(words: set[str]) -> None:
    """Work out anew where texts that may hold one of `words` depart; what was left as intended stays so."""
    now = glossary()
    for model in apps.get_models():
        if not (issubclass(model, Tracked) and own_words(model)):
            continue
        kind = ContentType.objects.get_for_model(model)
        before = defaultdict(dict)
        for one in Departure.objects.filter(kind=kind):
            before[one.row_id][(one.text, one.suffix, one.term_id, one.word)] = one.pk
        new, gone = [], []
        for row in _holding(model, words).iterator(1000):
            found = set().union(*(_found(row, stem, now) for stem in own_words(model)))
            gone += [pk for key, pk in before[row.pk].items() if key not in found]
            new += _new(row, kind, found - before[row.pk].keys())
        keep(new)
        for at in range(0, len(gone), 500):
            Departure.objects.filter(pk__in=gone[at : at + 500]).delete()


def words_of(term: Term) -> set[str]:
    """Return the words by which texts that a term concerns are found, as it is and as it was."""
    stored = getattr(term, "stored", {})
    cells = [term.english, term.avoid, stored.get("english", ""), stored.get("avoid", "")]
    return {word for cell in cells for word in forms_of(cell)}


def term_saved(sender, instance, raw=False, **kwargs) -> None:
    # A sheet of words is worked out once, at its end.
    if not (raw or getattr(instance, "of_a_sheet", False)):
        rebuild(words_of(instance))


def term_deleted(sender, instance, **kwargs) -> None:
    rebuild(words_of(instance))


def connect() -> None:
    for signal, receiver, sender in (
        (post_save, row_saved, None),
        (post_delete, row_deleted, None),
        (post_save, term_saved, Term),
        (post_delete, term_deleted, Term),
    ):
        signal.connect(receiver, sender=sender, dispatch_uid=f"initiative.{receiver.__name__}")


# What is said of a record -------------------------------------------------------------------------


def remarks(record: Publishable, user) -> list[str]:
    """Return, in words, where the texts of a record and of its rows depart, of what `user` may see."""
    rows = Q(kind=ContentType.objects.get_for_model(type(record)), row_id=record.pk)
    for model, lookup in rows_of(type(record)):
        if own_words(model):
            seen = visible(model._base_manager.filter(**{lookup: record}), user)
            rows |= Q(kind=ContentType.objects.get_for_model(model), row_id__in=seen.values("pk"))
    found = Departure.objects.filter(rows, intended=False).select_related("term", "kind").order_by("pk")
    lines = [
        _("%(field)s: %(departure)s") % {"field": capfirst(field_label(one)), "departure": one} for one in found
    ]
    if lines:
        address = reverse("admin:languages", query={"matter": "departure", "reference": record.reference})
        lines.append(format_html('<a href="{}">{}</a>', address, _("See these under “Two languages”.")))
    return lines


def field_label(departure: Departure) -> str:
    """Return the label of the column at fault: "summary (Chinese)"."""
    model = departure.kind.model_class()
    return str(model._meta.get_field(f"{departure.text}_{departure.suffix}").verbose_name)
