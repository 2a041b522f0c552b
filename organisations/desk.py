"""The officers' pages for likely duplicates: the list of pairs, choosing, confirming, and undoing a merge."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisations.duplicates import Two, how_often_named, likely_duplicates, said_to_be_two, side_by_side
from organisations.likeness import Pair, most_alike
from organisations.merging import PlanChanged, merge
from organisations.models import Merge, NotTheSame
from organisations.names import in_use, names_of
from organisations.plans import plan_of
from organisations.undoing import merges_of, undo, undoing_of
from publishing.models import Publication
from publishing.sides import visible
from publishing.workflow import Refused

PAIRS = 25  # on a page


class MergingAdmin(admin.ModelAdmin):
    """Mixed into the admin of what can be there twice: a body or a person."""

    change_list_template = "admin/organisations/change_list.html"
    actions = ["merge_chosen"]

    def get_urls(self):
        pages = {
            "duplicates/": (self.duplicates_view, "duplicates"),
            "merge/<int:one>/<int:two>/": (self.choose_view, "merge"),
            "merge/<int:kept>/<int:merged>/confirm/": (self.confirm_view, "merge_confirm"),
            "merges/": (self.merges_view, "merges"),
            "merges/<int:pk>/undo/": (self.undo_view, "merge_undo"),
        }
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(route, self.admin_site.admin_view(view), name=f"{name}_{page}")
            for route, (view, page) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def _address(self, page: str, *args) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def _merging_page(self, request, template: str, title: str, **context):
        context |= self.admin_site.each_context(request) | {"title": title, "opts": self.opts}
        context["may_change"] = super().has_change_permission(request)
        return TemplateResponse(request, f"admin/organisations/{template}.html", context)

    def _need(self, request, action: str) -> None:
        if not request.user.has_perm(f"{self.opts.app_label}.{action}_{self.opts.model_name}"):
            raise PermissionDenied

    def _tell(self, request, problems: list[str]) -> None:
        for problem in problems:
            self.message_user(request, problem, messages.ERROR)

    # The list of pairs -----------------------------------------------------------------------

    def duplicates_view(self, request):
        """List the pairs that look like one; a post says that two are not the same, or takes that back."""
        self._need(request, "view")
        if request.method == "POST":
            return self._decide(request)
        pages = Paginator(likely_duplicates(in_use(self.model, request.user)), PAIRS)
        page = pages.get_page(request.GET.get("p"))
        apart = Paginator(said_to_be_two(self.model, request.user), PAIRS).get_page(request.GET.get("apart"))
        return self._merging_page(
            request,
            "duplicates",
            _("Likely duplicates"),
            page=page,
            pairs=side_by_side(self.model, list(page), request.user),
            apart=apart,
            apart_pairs=side_by_side(self.model, [Pair(row.one, row.two, None) for row in apart], request.user),
        )

    def _decide(self, request):
        self._need(request, "change")
        keys = sorted(
            {*filter(str.isdigit, (request.POST.get("one", ""), request.POST.get("two", "")))}, key=int
        )
        if len(keys) != 2 or in_use(self.model, request.user).filter(pk__in=keys).count() != 2:
            raise Http404
        pair = {"kind": self.opts.model_name, "one": keys[0], "two": keys[1]}
        with transaction.atomic():
            Publication.lock()
            if "again" in request.POST:
                NotTheSame.objects.filter(**pair).delete()
                words = _("The pair is looked at again.")
            else:
                NotTheSame.objects.get_or_create(**pair, defaults={"by": request.user})
                words = _("Noted: these are two. The pair is not shown again.")
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(request.get_full_path())

    @admin.action(description=gettext_lazy("Merge two…"), permissions=["change"])
    def merge_chosen(self, request, queryset):
        chosen = list(queryset[:3])
        if len(chosen) != 2:
            self.message_user(request, _("Choose exactly two to merge."), messages.ERROR)
            return None
        return HttpResponseRedirect(self._address("merge", *(one.pk for one in chosen)))

    # Merging ---------------------------------------------------------------------------------

    def _two(self, request, *keys: int):
        """Return the two of an address; an answer in its place where one of them was merged already."""
        self._need(request, "change")
        rows = visible(self.model._base_manager.all(), request.user).in_bulk(keys)
        done = merges_of(self.model, request.user).filter(undone_at=None, merged__in=keys).first()
        if done is not None:
            kept = self.model._base_manager.filter(pk=done.kept).first()
            words = _("“%(name)s” was merged into “%(other)s” already.")
            self._tell(request, [words % {"name": done.merged_name, "other": kept}])
            return HttpResponseRedirect(self._address("merges"))
        if len(rows) != 2:
            raise Http404
        return [rows[key] for key in keys]

    def choose_view(self, request, one: int, two: int):
        """First step: which of the two is kept, with what each has."""
        found = self._two(request, one, two)
        if not isinstance(found, list):
            return found
        named = how_often_named(self.model, [one, two], request.user)
        names = names_of(self.model._base_manager.filter(pk__in=[one, two]))
        alike = most_alike(names[one], names[two], least=0)
        pair = Two(*found, alike, (named[one], named[two]))
        columns = [(found[0], found[1], named[one], names[one]), (found[1], found[0], named[two], names[two])]
        return self._merging_page(
            request, "merge_choose", _("Merge: which one is kept?"), pair=pair, columns=columns
        )

    def confirm_view(self, request, kept: int, merged: int):
        """Second step: everything that moves; a post merges."""
        if request.method == "POST":
            with transaction.atomic():
                # A second click waits here, and then reads what the first one did.
                Publication.lock()
                return self._merge(request, kept, merged)
        found = self._two(request, kept, merged)
        return found if not isinstance(found, list) else self._confirmation(request, *found)

    def _merge(self, request, *keys: int):
        found = self._two(request, *keys)
        if not isinstance(found, list):
            return found
        try:
            done = merge(*found, by=request.user, read=request.POST.get("read", ""))
        except Refused as refused:
            self._tell(request, refused.problems)
            return self._confirmation(request, *found)
        except PlanChanged:
            self._tell(request, [_("What would move has changed since you read it. Read it again.")])
            return self._confirmation(request, *found)
        words = _("“%(name)s” was merged into “%(other)s”. It can be undone under “Merges”.")
        self.message_user(request, words % {"name": done.merged_name, "other": found[0]}, messages.SUCCESS)
        return HttpResponseRedirect(self._address("change", done.kept))

    def _confirmation(self, request, kept, merged):
        plan = plan_of(kept, merged, request.user)
        problems = plan.problems()
        return self._merging_page(
            request, "merge_confirm", _("Merge: what will move"), plan=plan, problems=problems
        )

    # Undoing ---------------------------------------------------------------------------------

    def merges_view(self, request):
        """List what was merged, the latest first, to be undone."""
        self._need(request, "view")
        rows = merges_of(self.model, request.user).select_related("by", "undone_by")
        page = Paginator(rows, PAIRS).get_page(request.GET.get("p"))
        kept = self.model._base_manager.in_bulk({row.kept for row in page})
        merges = [(row, kept.get(row.kept)) for row in page]
        return self._merging_page(request, "merges", _("Merges"), page=page, merges=merges)

    def undo_view(self, request, pk: int):
        """What undoing a merge puts back; a post undoes it."""
        self._need(request, "change")
        row = get_object_or_404(merges_of(self.model, request.user), pk=pk)
        if request.method == "POST":
            return self._undo(request, row)
        undoing = undoing_of(row, request.user)
        return self._merging_page(
            request, "merge_undo", _("Undo a merge"), undoing=undoing, problems=undoing.problems()
        )

    def _undo(self, request, row: Merge):
        try:
            left = undo(row, by=request.user)
        except Refused as refused:
            self._tell(request, refused.problems)
            return HttpResponseRedirect(self._address("merges"))
        words = _("The merge of “%(name)s” was undone.") % {"name": row.merged_name}
        self.message_user(request, words, messages.SUCCESS)
        for words in left:
            self.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(self._address("change", row.merged))
