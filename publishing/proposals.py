"""Proposed changes: the filled-in form of a published record, kept until a manager accepts it.

What the public reads stays as it is. Accepting replays the form in the manager's rights and the author's
name; until then a replay in a transaction that is rolled back shows what it would change.
"""

import copy

from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from publishing.authorship import acting
from publishing.models import ProposedChange, Publication, Publishable
from publishing.posted import merge, posted
from publishing.rehearsing import rehearse
from publishing.saving import OPENED, TOKEN, CarefulSaving, Refusal, as_post
from publishing.sides import STAFF_COLUMNS, Visibility, visible
from publishing.snapshots import Difference, as_moment, as_number, differences, snapshot, version_of
from publishing.workflow import Refused, may

State = ProposedChange.State
ACCEPTED = gettext_noop("A proposed change that a manager accepted.")
# Which proposal is worked on again, and what its author says of it.
PROPOSAL, NOTE = "_proposal", "_note"
NOT_OF_THE_FORM = {
    "csrfmiddlewaretoken",
    OPENED,
    TOKEN,
    PROPOSAL,
    NOTE,
    "_save",
    "_continue",
    "_addanother",
    "_move",
    "_confirm",
    "_withdrawal_reason",
}


class Proposed(Exception):
    """The change would be seen by the public: it is kept as a proposal, and undone."""


def public_part(state: dict) -> dict:
    """Return what the public reads of a snapshot: not the columns for staff, nor rows that are not public."""

    def without_staff(values: dict) -> dict:
        return {name: value for name, value in values.items() if name not in STAFF_COLUMNS}

    rows = {}
    for row, found in state["rows"].items():
        if any(state["fields"].get(name) != value for name, value in row.PUBLIC_WHILE.items()):
            continue
        public = {k: v for k, v in found.items() if v.get("visibility", "public") == Visibility.PUBLIC}
        rows[row] = {key: without_staff(values) for key, values in public.items()}
    return {"fields": without_staff(state["fields"]), "rows": rows}


def names_of(form, formsets) -> dict[str, list[str]]:
    """Return the names of the fields of a form and, by prefix, of its rows."""
    names = {formset.prefix: sorted(formset.empty_form.fields) for formset in formsets}
    return {"": sorted(form.fields)} | names


class Proposing(CarefulSaving):
    """Who may change a published record only by proposing it does so with the same form."""

    def is_proposing(self, request, record) -> bool:
        """Return whether what `request`'s person changes in `record` is to be accepted by a manager."""
        return (
            isinstance(record, Publishable)
            and record.is_published
            and not may(record, "publish", request.user)
            and may(record, "change", request.user)
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Proposed:
            return self.propose(request, self.get_object(request, unquote(object_id)))

    def _fill(self, request, object_id) -> None:
        super()._fill(request, object_id)
        given = request.GET.get("proposal", "") if object_id else ""
        if getattr(request, "filled", None) is not None or not (given.isascii() and given.isdigit()):
            return
        record = self.get_object(request, unquote(object_id))
        mine = proposals_of(record, request.user).filter(author=request.user) if record else None
        proposal = mine and mine.filter(pk=given, state__in=[State.OPEN, State.SENT_BACK]).first()
        if not proposal:
            raise Http404
        try:
            request.filled = replayable(self, request, record, proposal)
        except Refused as refused:
            request.problems = refused.problems

    def note_before(self, request, record) -> None:
        """Remember a record before it is saved by somebody whose change would be a proposal."""
        if record.pk and self.is_proposing(request, record):
            request.public_before = snapshot(record)

    def propose_instead(self, request, record) -> None:
        """Undo a save that the public would see, and keep the form as a proposal. Raises Proposed, Refusal."""
        before = getattr(request, "public_before", None)
        if before is None or getattr(request, "is_rehearsal", False):
            return
        after = snapshot(record)
        if public_part(before) == public_part(after):
            return
        staff = set(STAFF_COLUMNS) & after["fields"].keys()
        if any(before["fields"][name] != after["fields"][name] for name in staff):
            raise Refusal([_("Notes for staff are not proposed: save them by themselves, then the rest.")])
        raise Proposed

    def propose(self, request, record: Publishable):
        """Keep what was sent as a proposal, once, and lead to it."""
        data = request.POST.copy()
        # Staff columns are not proposed, and both sides may look at a proposal.
        for name in (NOT_OF_THE_FORM | set(STAFF_COLUMNS)) & data.keys():
            del data[name]
        form, formsets = self.form_and_formsets(as_post(request, data), record)
        opened = as_moment(request.POST.get(OPENED, "")) or version_of(record)
        with transaction.atomic():
            Publication.lock()
            proposal = self._proposal_again(request, record, data.urlencode())
            proposal.form, proposal.field_names = data.urlencode(), names_of(form, formsets)
            proposal.opened, proposal.state = opened, State.OPEN
            proposal.note = request.POST.get(NOTE, "").strip()[:2000]
            keeps = any(
                key.endswith("-visibility") and Visibility.OWN_SIDE in data.getlist(key) for key in data
            )
            proposal.visibility = Visibility.OWN_SIDE if keeps else Visibility.BOTH_SIDES
            proposal.owner_side = request.user.side if keeps else ""
            proposal.save()
        words = _("Your change of “%(name)s” waits for a manager. The public page stays as it is.")
        self.message_user(request, words % {"name": record})
        return redirect("admin:publishing_proposedchange_change", proposal.pk)

    def _proposal_again(self, request, record, sent: str) -> ProposedChange:
        """Return the proposal that the form works on again or that its first click made, or a new one."""
        mine = proposals_of(record, request.user).filter(author=request.user)
        given = request.POST.get(PROPOSAL, "")
        if given.isascii() and given.isdigit():
            again = mine.filter(pk=given, state__in=[State.OPEN, State.SENT_BACK]).first()
        else:
            again = mine.filter(form=sent, state=State.OPEN).first()
        kind = ContentType.objects.get_for_model(record)
        return again or ProposedChange(kind=kind, record_id=record.pk, author=request.user)


def proposals_of(record: Publishable, user):
    """Return the proposed changes of a record that `user` may see."""
    kind = ContentType.objects.get_for_model(record)
    return visible(ProposedChange.objects.filter(kind=kind, record_id=record.pk), user)


def _may_replay(admin, request, record) -> None:
    """Refuse, unless the person may change every kind of row: others would be dropped in silence."""
    for inline in admin.get_inline_instances(request, record):
        rights = (inline.has_add_permission, inline.has_change_permission, inline.has_delete_permission)
        if not all(right(request, record) for right in rights):
            words = _("You have no right to change %(rows)s, which are part of this form.")
            raise Refused([words % {"rows": inline.verbose_name_plural}])


def replayable(admin, request, record, proposal: ProposedChange) -> QueryDict:
    """Return the form of a proposal with what was changed since and its author left alone. Raises Refused."""
    sent = QueryDict(proposal.form).copy()
    form, formsets = admin.form_and_formsets(as_post(request, sent), record)
    now = names_of(form, formsets)
    known = {prefix: set(names) | set(STAFF_COLUMNS) for prefix, names in proposal.field_names.items()}
    if any(not set(names) <= known.get(prefix, set()) for prefix, names in now.items()):
        raise Refused([_("The form has other fields since a newer release. Its author must propose it again.")])
    base = snapshot(record, proposal.opened, request.user)
    theirs = snapshot(record, user=request.user)
    data, _differ = merge(form, formsets, sent, base or theirs, theirs)
    for name in set(STAFF_COLUMNS) & form.fields.keys():
        data.setlist(name, posted(form.fields[name], theirs["fields"][name]))
    return data


def preview(admin, request, record, proposal: ProposedChange, then=lambda record: None):
    """Return what the proposal would change, as Differences, and what `then` makes of the changed record.

    Raises Refused or Refusal where it can no longer be replayed.
    """

    trial = copy.copy(request)
    # Whoever looks: an inline that they may not change would be dropped in silence.
    trial.user, trial.is_rehearsal = proposal.author or request.user, True

    def replay() -> tuple[list[Difference], object]:
        before = snapshot(record, user=request.user)
        data = replayable(admin, trial, record, proposal)
        with acting(trial.user):
            admin.replay(trial, type(record)._base_manager.get(pk=record.pk), data)
        after = snapshot(record, user=request.user)
        return differences(record, before, after, request.user), then(record)

    return rehearse(replay)


def decide(admin, request, proposal: ProposedChange, state: str, comment: str = "", seen: str = "") -> None:
    """Accept, send back or reject a proposal, or take one's own back; `seen` is the record's version looked at.

    Raises Refused or Refusal, with every reason, and changes nothing.
    """
    with transaction.atomic():
        Publication.lock()
        proposal.refresh_from_db()
        record = proposal.record
        _refuse_decision(request, proposal, record, state, comment)
        proposal.state, proposal.comment = state, comment
        proposal.decided_by, proposal.decided_at = request.user, timezone.now()
        proposal.save()
        if state != State.ACCEPTED:
            return
        if seen != str(as_number(version_of(record))):
            raise Refused([_("The record was changed while you looked at this. Look again, then decide.")])
        _may_replay(admin, request, record)
        data = replayable(admin, request, record, proposal)
        with acting(proposal.author or request.user, ACCEPTED):
            admin.replay(request, record, data)


def _refuse_decision(request, proposal, record, state: str, comment: str) -> None:
    is_own = proposal.author_id == request.user.pk
    if proposal.state not in (State.OPEN, State.SENT_BACK) or (
        proposal.state == State.SENT_BACK and state != State.TAKEN_BACK
    ):
        words = _("This proposal is “%(state)s” already.")
        raise Refused([words % {"state": proposal.get_state_display()}])
    if record is None or not record.is_published:
        raise Refused([_("The record is not published any longer: change it directly.")])
    if state == State.TAKEN_BACK:
        if not is_own:
            raise Refused([_("Only its author takes a proposal back.")])
        return
    if is_own:
        raise Refused([_("You wrote this proposal; another person must decide.")])
    if not may(record, "publish", request.user):
        raise Refused([_("Your role does not allow this. Ask a manager.")])
    if state in (State.SENT_BACK, State.REJECTED) and not comment:
        raise Refused([_("Say why: its author reads it.")])
