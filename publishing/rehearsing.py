"""Doing something to the record only to see what would come of it: a preview, what is still needed."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone, translation

from publishing.models import Publishable, Status


class _Undone(Exception):
    pass


def rehearse(work: Callable):
    """Return what `work` returns, with everything it wrote undone."""
    result = None
    try:
        with transaction.atomic():
            result = work()
            raise _Undone
    except _Undone:
        return result


def _as_if_public(record: Publishable) -> None:
    type(record)._base_manager.filter(pk=record.pk).update(
        status=Status.PUBLISHED, published_at=timezone.now(), kept_by=""
    )


def public_page(request, record: Publishable, language: str) -> HttpResponse:
    """Return the page of `record` as the public would read it in `language` if it were published now."""

    def render() -> HttpResponse:
        _as_if_public(record)
        path = record.get_absolute_url()
        view = resolve(path)
        public = RequestFactory().get(path, headers={"host": request.get_host()}, secure=request.is_secure())
        public.resolver_match, public.LANGUAGE_CODE, public.is_preview = view, language, True
        return view.func(public, *view.args, **view.kwargs).render()

    with translation.override(language):
        return rehearse(render)
