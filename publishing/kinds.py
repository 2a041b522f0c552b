"""Which kinds of record there are, found among the installed models."""

from functools import cache

from django.apps import apps

from publishing.models import Publishable


@cache
def kinds_of_record() -> list[type[Publishable]]:
    """Return the models of records, the kinds that others name first: apps are listed from the top down."""
    return [model for model in reversed(apps.get_models()) if issubclass(model, Publishable)]
