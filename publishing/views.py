"""The page of one record: as it is, where it went, or that it is no longer published."""

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.generic import DetailView

from publishing.models import FormerAddress, Publishable


class RecordDetail(DetailView):
    """One published record. A kind of record gives `model`, `key_field` and what its page shows."""

    # The column that the address holds: a slug, or the reference in capitals.
    key_field = "reference"
    context_object_name = "record"

    def find(self) -> Publishable:
        """Return the record of this address, whatever its status. Raises Http404."""
        key = self.kwargs["key"]
        if self.key_field == "reference":
            key = key.upper()
        if record := self.model._base_manager.filter(**{self.key_field: key}).first():
            return record
        kind = ContentType.objects.get_for_model(self.model)
        former = FormerAddress.objects.filter(kind=kind, slug=key).first()
        if former is None:
            raise Http404
        return self.model._base_manager.get(pk=former.record_id)

    def get(self, request, *args, **kwargs):
        record = self.find()
        while getattr(record, "merged_into", None):
            record = record.merged_into
        if not record.is_published:
            if not record.was_ever_published:
                raise Http404
            return render(request, "410.html", {"record": record}, status=410)
        if getattr(record, self.key_field) != self.kwargs["key"]:
            return HttpResponsePermanentRedirect(self.address(record))
        self.object = self.get_queryset().get(pk=record.pk)
        return self.render_to_response(self.get_context_data(record=self.object, **self.context(self.object)))

    def address(self, record) -> str:
        """Return where this is found of `record`; another rendering than the page says its own address."""
        return record.get_absolute_url()

    def context(self, record) -> dict:
        """Return what the page shows beside the record itself."""
        return {}


def neighbours(record, queryset) -> dict:
    """Return the published records before and after `record` in the order of their references."""
    return {
        "previous": queryset.filter(reference_number__lt=record.reference_number)
        .order_by("-reference_number")
        .first(),
        "next": queryset.filter(reference_number__gt=record.reference_number)
        .order_by("reference_number")
        .first(),
    }
