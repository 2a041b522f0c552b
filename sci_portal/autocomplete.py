"""Choosing a record by typing: a kind of record may find more, say more and offer to make a new one."""

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse


class SuggestingView(AutocompleteJsonView):
    """The admin's own view, with what the admin of a kind of record adds (organisations/suggesting.py)."""

    @property
    def suggests(self) -> bool:
        return hasattr(self.model_admin, "suggested")

    def get_queryset(self):
        if not self.suggests:
            return super().get_queryset()
        rows = self.model_admin.get_queryset(self.request)
        rows = rows.complex_filter(self.source_field.get_limit_choices_to())
        return self.model_admin.suggested(self.request, rows, self.term)

    def serialize_result(self, obj, to_field_name):
        result = super().serialize_result(obj, to_field_name)
        return result | {"text": self.model_admin.suggestion(obj, self.term)} if self.suggests else result

    def get(self, request, *args, **kwargs):
        self.term, self.model_admin, self.source_field, to_field_name = self.process_request(request)
        if not (self.source_field.concrete and self.has_perm(request)):
            raise PermissionDenied
        self.object_list = self.get_queryset()
        context = self.get_context_data()
        found, more = list(context["object_list"]), context["page_obj"].has_next()
        results = [self.serialize_result(one, to_field_name) for one in found]
        if self.suggests and not more and (creation := self.model_admin.creation(request, self.term, found)):
            results.append(creation)
        return JsonResponse({"results": results, "pagination": {"more": more}})
