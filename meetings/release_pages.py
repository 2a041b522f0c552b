"""The page of the desk on which a meeting's records are approved to go public together at one hour."""

import datetime

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from meetings import desk
from meetings.releases import Going, Plan, plan_of
from publishing.admin import as_list
from publishing.approvals import approve_for_release, call_off, open_release, plan_release, take_out_of_release
from publishing.releases import Release
from publishing.snapshots import as_moment
from publishing.workflow import Refused, may

ALL = "all"


class HourForm(forms.Form):
    """The hour of a release, in the time of Singapore and Shenzhen."""

    day = forms.DateField(
        label=pgettext_lazy("of a release", "Day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    time = forms.TimeField(
        label=gettext_lazy("Time in Singapore and Shenzhen (UTC+8)"),
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )

    @property
    def moment(self) -> datetime.datetime:
        """Return the hour entered, aware: TIME_ZONE is UTC+8."""
        return timezone.make_aware(
            datetime.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        )


def _initial(release: Release | None) -> dict:
    if release is None:
        return {}
    at = localtime(release.at)
    return {"day": at.date(), "time": at.time()}


def show(request, meeting):
    """Show what may go public with the meeting; a post sets the hour, approves, or takes something out."""
    release = open_release(meeting)
    form = HourForm(request.POST if "set_hour" in request.POST else None, initial=_initial(release))
    if request.method == "POST" and _done(request, meeting, release, form):
        return redirect(request.path)
    plan = plan_of(meeting, release, request.user)
    return desk.page(
        request,
        meeting,
        "release",
        "admin/meetings/desk/release.html",
        plan=plan,
        form=form,
        last=Release.of(meeting).exclude(state__in=Release.OPEN).first(),
        may_act=may(meeting, "publish", request.user),
    )


def _done(request, meeting, release, form: HourForm) -> bool:
    """Do what a button asks for and tell the person; False where the form is to be shown again."""
    try:
        if "set_hour" in request.POST:
            if not form.is_valid():
                return False
            planned = plan_release(meeting, form.moment, by=request.user)
            messages.success(request, _("The release is set for %(hour)s.") % {"hour": planned})
        elif release is None:
            raise Refused([_("No release waits for its hour. Set an hour first.")])
        elif "call_off" in request.POST:
            call_off(release, by=request.user)
            messages.success(request, _("The release is called off. Nothing goes public at that hour."))
        else:
            _decide(request, plan_of(meeting, release, request.user))
    except Refused as refused:
        messages.error(request, as_list(refused.problems))
        return "set_hour" not in request.POST
    return True


def _decide(request, plan: Plan) -> None:
    """Approve one record or all, or take one out."""
    asked = request.POST.get("approve") or request.POST.get("take_out")
    chosen = [one for one in plan.going if one.key == asked]
    if asked == ALL and "approve" in request.POST:
        chosen = [one for one in plan.going if not one.is_approved]
    if not chosen:
        raise Refused([_("What you chose is not among these records any longer. Look again.")])
    if "approve" in request.POST:
        _approve(request, plan, chosen)
    else:
        take_out_of_release(chosen[0].record, by=request.user)
        words = _("%(reference)s “%(name)s” is no longer in the release.")
        messages.success(request, words % _named(chosen[0]))


def _approve(request, plan: Plan, chosen: list[Going]) -> None:
    """Approve each as it was when the page was made; tell what was refused, one by one."""
    pairs = (text.partition(":") for text in request.POST.getlist("seen"))
    seen = {key: as_moment(number) for key, _colon, number in pairs}
    done = 0
    for one in chosen:
        try:
            version = seen.get(one.key) or datetime.datetime.min.replace(tzinfo=datetime.UTC)
            approve_for_release(one.record, plan.release, by=request.user, seen=version)
            done += 1
        except Refused as refused:
            words = _("%(reference)s “%(name)s” is not approved:") % _named(one)
            messages.error(request, format_html("{} {}", words, as_list(refused.problems)))
    if done:
        words = ngettext("%(count)s record approved.", "%(count)s records approved.", done)
        messages.success(request, words % {"count": done})


def _named(one: Going) -> dict:
    return {"reference": one.record.reference, "name": one.record}


def note(request, meeting) -> str:
    """Return how the release of a meeting stands, for the overview of the desk."""
    release = open_release(meeting)
    if release is None:
        return ""
    return _("%(label)s: %(values)s") % {"label": release.get_state_display(), "values": release}


desk.register(
    desk.DeskPage(
        key="release",
        label=pgettext_lazy("of a meeting", "Release"),
        group="after",
        position=80,
        views={"": show},
        note=note,
        about=gettext_lazy("What is approved beforehand goes public together, at an hour that you set."),
    )
)
