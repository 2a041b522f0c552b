"""Which records a record names, and which name it: found by walking foreign keys, so no kind is forgotten."""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import models

from publishing.models import Publishable, Row, Status, Tracked
from publishing.sides import OWN_COLUMNS, Visibility, hidden_columns, kept_from, side_choices

# Links that lead from a record to where it went, not to what it is about.
NOT_NAMING = {"merged_into"}


def kinds_of_record() -> list[type[Publishable]]:
    """Return the models of records, those that others name first: the apps are listed from the top down."""
    return [model for model in reversed(list(apps.get_models())) if issubclass(model, Publishable)]


def record_of(instance: models.Model) -> Publishable | None:
    """Return the record that an instance is, or belongs to; None of a source, a person, a page."""
    if isinstance(instance, Publishable):
        return instance
    return instance.record if isinstance(instance, Row) else None


def _links(model: type[models.Model], aside=NOT_NAMING) -> list[models.Field]:
    """Return the fields of `model` that lead to records, but for those called as `aside` says."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [
        field
        for field in fields
        if field.is_relation and field.name not in aside and issubclass(field.related_model, Publishable)
    ]


def rows_of(model: type[Publishable]) -> Iterator[tuple[type[Row], str]]:
    """Yield the row models of a kind of record with the lookup that leads from a row to its record."""
    for relation in model._meta.related_objects:
        row = relation.related_model
        if issubclass(row, Row) and relation.field.name == row.RECORD:
            yield row, row.RECORD


def _public_rows(row: type[Row]) -> models.QuerySet:
    public = row._base_manager.filter(**row.public_while())
    if any(field.name == "visibility" for field in row._meta.fields):
        return public.filter(visibility=Visibility.PUBLIC)
    return public


def _all_rows(row: type[Row]) -> models.QuerySet:
    return row._base_manager.all()


def named_by(record: Publishable, rows=_public_rows, aside=NOT_NAMING) -> list[Publishable]:
    """Return every record that `record` or one of its rows (by default the public ones) names, each once."""
    found = {}
    holders = [(type(record)._base_manager.filter(pk=record.pk), _links(type(record), aside))]
    for row, lookup in rows_of(type(record)):
        links = [link for link in _links(row) if link.name != lookup]
        holders.append((rows(row).filter(**{lookup: record}), links))
    for queryset, links in holders:
        for link in links:
            named = queryset.exclude(**{link.name: None}).values(link.name)
            for other in link.related_model._base_manager.filter(pk__in=named):
                found[(type(other), other.pk)] = other
    found.pop((type(record), record.pk), None)
    return list(found.values())


def unpublished_names(record: Publishable) -> list[Publishable]:
    """Return the records that `record` names and the public cannot see."""
    return [other for other in named_by(record) if not other.is_published]


def unpublished_names_of(model: type[Publishable], keys: Iterable[int]) -> dict[int, set[Publishable]]:
    """Return what `unpublished_names` does of many records of a kind, by key; queries do not grow with them."""
    keys = list(keys)
    holders = [(model._base_manager.filter(pk__in=keys), "pk", _links(model))]
    for row, lookup in rows_of(model):
        links = [link for link in _links(row) if link.name != lookup]
        holders.append((_public_rows(row).filter(**{f"{lookup}__in": keys}), lookup, links))
    pairs: dict[type[Publishable], set[tuple[int, int]]] = {}
    for queryset, holder, links in holders if keys else ():
        for link in links:
            named = queryset.exclude(**{link.name: None}).order_by().values_list(holder, link.name)
            pairs.setdefault(link.related_model, set()).update(named)
    found: dict[int, set[Publishable]] = {key: set() for key in keys}
    for related, links in pairs.items():
        hidden = related._base_manager.filter(pk__in={named for _key, named in links})
        known = {one.pk: one for one in hidden.exclude(status=Status.PUBLISHED)}
        for key, named in links:
            if named in known and (related, named) != (model, key):
                found[key].add(known[named])
    return found


def _links_to(model: type[models.Model]) -> Iterator[tuple[type[models.Model], models.Field]]:
    """Yield every model with a field that leads to `model`, and the field."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and relation.is_relation:
            yield relation.related_model, relation.field


def naming(record: Publishable, rows=_all_rows, aside=NOT_NAMING) -> list[Publishable]:
    """Return the records that name `record`, themselves or in one of their rows, each once."""
    found = {}
    for model, field in _links_to(type(record)):
        if field.name in aside:
            continue
        if issubclass(model, Publishable):
            holders = model._base_manager.filter(**{field.name: record})
        elif issubclass(model, Row) and field.name != model.RECORD:
            holders = [row.record for row in rows(model).filter(**{field.name: record})]
        else:
            continue
        found |= {(type(holder), holder.pk): holder for holder in holders if holder != record}
    return list(found.values())


def published_naming(record: Publishable) -> list[Publishable]:
    """Return the published records that name `record`: the reason why it cannot be withdrawn."""
    return [other for other in naming(record, _public_rows) if other.status == Status.PUBLISHED]


def laid_open(record: Publishable) -> list[Publishable]:
    """Return the records of one side alone that the other side would read of because of `record`.

    They are those that it names and that another side keeps, or neither; and itself, where it is named so.
    What was merged leads to where it went, so that counts too.
    """
    named = named_by(record, _all_rows, aside=())
    found = [other for other in named if other.kept_by not in ("", record.kept_by)]
    if record.kept_by and any(other.kept_by != record.kept_by for other in naming(record, aside=())):
        found.append(record)
    return found


def shut_out(record: Publishable) -> bool:
    """Return whether a record of one side alone holds notes or rows that the other side keeps to itself."""
    if not record.kept_by:
        return False
    others = {side for side, _label in side_choices()} - {record.kept_by}
    if any(getattr(record, f"{column}_{side}") for column in OWN_COLUMNS for side in others):
        return True
    own = {"visibility": Visibility.OWN_SIDE, "owner_side__in": others}
    below = list(rows_of(type(record)))
    below += [(inner, f"{above}__{lookup}") for row, lookup in below for inner, above in rows_of(row)]
    return any(
        row._base_manager.filter(**{lookup: record}, **own).exists()
        for row, lookup in below
        if {"visibility", "owner_side"} <= {field.name for field in row._meta.fields}
    )


def kept_here(model: type[Tracked], keys: Iterable[int], user) -> bool:
    """Return whether the other side keeps something from `user` in rows of `model`, or in what names them.

    Its own notes in a shared row would be lost with the row.
    """
    holders = [(model, "pk")] + [
        (holder, field.name)
        for holder, field in _links_to(model)
        if issubclass(holder, Tracked) or hasattr(holder, "RECORD")
    ]
    return any(
        holder._base_manager.filter(_kept_in(holder, user), **{f"{name}__in": keys}).exists()
        for holder, name in holders
    )


def _kept_in(model: type[models.Model], user) -> models.Q:
    """Return the condition on which a row is kept from `user`, or something in it is."""
    kept = kept_from(model, user)
    for column in hidden_columns(model, user):
        kept |= ~models.Q(**{column: ""})
    return kept
