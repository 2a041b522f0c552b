"""Reminders: to whom, at which steps, once; run twice, at once, late, and against a server that refuses."""

import datetime
import io

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.timezone import localdate

from meetings.actions.reminders import ActionReminders, months_after, step_on
from meetings.models import Action, ReminderSent
from outbox.models import Mail, State
from outbox.reminding import put_reminders
from sci_portal import environment, roles
from tests.desk.test_attack_sides import OWN
from tests.factories import make_meeting, make_organisation
from tests.mailserver import mail_server
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.publishing.test_writers_at_once import at_once

STEPS = [60, 14, 0]
TODAY = datetime.date(2026, 11, 23)


def days(number: int, since=TODAY) -> datetime.date:
    return since + datetime.timedelta(days=number)


def add(number=1, due_on=None, meeting=None, **fields) -> Action:
    meeting = meeting or make_meeting(4)
    fields = {"text_en": f"Act {number}", "text_zh": f"事项{number}", "owner_side": "singapore"} | fields
    return meeting.actions.create(number=number, due_on=due_on, **fields)


def people() -> dict:
    """Return the persons of both sides, each with an address."""
    found = {}
    for name in (SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER, AUDITOR):
        found[name] = person(name)
        found[name].email = f"{name}@example.org"
        found[name].save()
    return found


def run(*arguments) -> str:
    out = io.StringIO()
    call_command("send_reminders", *arguments, stdout=out)
    return out.getvalue()


def put(day) -> list[tuple[str, list[tuple[str, int]]]]:
    """Put the reminders of a day; return who gets which steps of which actions."""
    return [
        (user.username, [(str(one.record), one.step) for _source, found in by_source for one in found])
        for user, by_source in put_reminders(day)
    ]


# Steps ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "step"),
    [(61, None), (60, 60), (15, 60), (14, 14), (1, 14), (0, 0), (-1, 0), (-29, 0), (-30, -1), (-61, -2)],
)
def test_the_latest_step_passed(before, step):
    assert step_on(days(-before), TODAY, STEPS) == step


def test_months_after_the_last_of_a_month():
    due = datetime.date(2027, 1, 31)
    assert months_after(due, 1) == datetime.date(2027, 2, 28)
    assert step_on(datetime.date(2027, 2, 28), due, STEPS) == -1
    assert step_on(datetime.date(2027, 3, 30), due, STEPS) == -1
    assert step_on(datetime.date(2027, 3, 31), due, STEPS) == -2
    assert step_on(datetime.date(2028, 1, 31), due, STEPS) == -12


def test_steps_other_than_the_usual_ones():
    assert step_on(days(3), TODAY, [7]) == 7
    assert step_on(days(3), TODAY, []) is None
    assert step_on(days(31), TODAY, []) == -1


@pytest.mark.parametrize("value", ["60;14", "60,-1", "soon", "60,1001"])
def test_steps_that_are_none_are_refused_in_words(monkeypatch, value):
    monkeypatch.setenv("REMINDER_DAYS", value)
    with pytest.raises(ImproperlyConfigured, match="is not a list of whole numbers from 0 to 1000"):
        environment.numbers("REMINDER_DAYS", "60,14,0", smallest=0, largest=1000)


def test_steps_in_any_order(monkeypatch):
    monkeypatch.setenv("REMINDER_DAYS", "0, 30,7,30")
    assert environment.numbers("REMINDER_DAYS", "60,14,0", smallest=0, largest=1000) == [30, 7, 0]
    monkeypatch.setenv("REMINDER_DAYS", "")
    assert environment.numbers("REMINDER_DAYS", "60,14,0", smallest=0, largest=1000) == STEPS


# To whom -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_officers_and_managers_of_the_owner_side_are_reminded():
    people()
    meeting = make_meeting(4)
    add(1, days(14), meeting)
    add(2, days(14), meeting, owner_side="shenzhen", **{"visibility": "own_side"})
    told = dict(put(TODAY))
    assert told == {
        MANAGER: [("JIC4-A1", 14)],
        SINGAPORE_OFFICER: [("JIC4-A1", 14)],
        OTHER_MANAGER: [("JIC4-A2", 14)],
        SHENZHEN_OFFICER: [("JIC4-A2", 14)],
    }
    assert set(Mail.objects.values_list("user__username", "side")) == {
        (MANAGER, "singapore"),
        (SINGAPORE_OFFICER, "singapore"),
        (OTHER_MANAGER, "shenzhen"),
        (SHENZHEN_OFFICER, "shenzhen"),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"email": ""}, {"side": "both"}, {"side": "shenzhen"}, {"is_staff": False}]
)
def test_who_is_not_reminded(change):
    user = people()[SINGAPORE_OFFICER]
    for name, value in change.items():
        setattr(user, name, value)
    user.save()
    add(1, days(14))
    assert [name for name, _found in put(TODAY)] == [MANAGER]


@pytest.mark.django_db
def test_an_auditor_of_one_side_is_not_reminded():
    user = people()[SINGAPORE_OFFICER]
    user.groups.set([Group.objects.get(name=roles.AUDITOR)])
    add(1, days(14))
    assert [name for name, _found in put(TODAY)] == [MANAGER]


@pytest.mark.django_db
def test_an_action_of_a_meeting_that_the_other_side_keeps_reminds_nobody():
    people()
    add(1, days(14), make_meeting(4, kept_by="shenzhen"))
    assert put(TODAY) == []


@pytest.mark.django_db
def test_closed_actions_and_those_without_a_day_remind_nobody():
    people()
    meeting = make_meeting(4)
    add(1, days(14), meeting, state="done")
    add(2, days(14), meeting, state="dropped")
    add(3, None, meeting)
    add(4, None, meeting, due_meeting=make_meeting(6, starts_on=None, phase="planned"))
    add(5, days(61), meeting)
    assert put(TODAY) == []


# Once ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_step_is_sent_once_and_days_missed_give_the_latest_alone():
    people()
    add(1, days(60))
    given = {number: len(put(days(number))) for number in (-1, 0, 1, 30, 58, 59, 95, 96, 130)}
    # At 60 days; at 2 days the step of 14 that was missed; 35 days late that of the first month.
    assert given == {-1: 0, 0: 2, 1: 0, 30: 0, 58: 2, 59: 0, 95: 2, 96: 0, 130: 2}
    steps = ReminderSent.objects.filter(user__username=MANAGER).order_by("pk")
    assert list(steps.values_list("step", flat=True)) == [60, 14, -1, -2]


@pytest.mark.django_db
def test_one_mail_a_day_holds_all_and_what_comes_later_waits_for_the_next():
    people()
    meeting = make_meeting(4)
    add(1, days(14), meeting), add(2, days(60), meeting)
    assert put(TODAY)[0] == (MANAGER, [("JIC4-A1", 14), ("JIC4-A2", 60)])
    add(3, days(0), meeting)
    assert put(TODAY) == []
    assert put(days(1))[0] == (MANAGER, [("JIC4-A3", 0)])
    assert Mail.objects.filter(user__username=MANAGER).count() == 2


@pytest.mark.django_db
def test_a_meeting_moved_by_a_year_has_new_steps_and_repeats_none():
    people()
    coming = make_meeting(5, starts_on=days(10), phase="planned")
    add(1, None, due_meeting=coming)
    assert put(TODAY)[0] == (MANAGER, [("JIC4-A1", 14)])
    coming.starts_on = days(375)
    coming.save()
    assert (put(days(1)), put(days(314))) == ([], [])
    assert put(days(315))[0] == (MANAGER, [("JIC4-A1", 60)])
    coming.starts_on = days(10)
    coming.save()
    # Back on the old day: its step of 14 was sent; long past, the latest of the months is.
    assert put(days(316))[0] == (MANAGER, [("JIC4-A1", -10)])


@pytest.mark.django_db
def test_a_meeting_in_a_month_is_due_at_its_end():
    people()
    coming = make_meeting(5, starts_on=datetime.date(2027, 3, 1), starts_on_precision="month", phase="planned")
    add(1, None, due_meeting=coming)
    assert put(datetime.date(2027, 3, 16))[0] == (MANAGER, [("JIC4-A1", 60)])
    assert ReminderSent.objects.first().due_on == datetime.date(2027, 3, 31)


@pytest.mark.django_db
def test_a_mail_that_cannot_be_put_takes_no_step():
    people()
    add(1, days(14))
    for user in (SINGAPORE_OFFICER, MANAGER):
        Mail.put(
            kind="reminder", key=f"actions:{person(user).pk}:{TODAY}", to="x@example.org", subject="S", body="B"
        )
    assert put(TODAY) == []
    assert not ReminderSent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_remind_everybody_once(settings):
    roles.ensure_all()
    people()
    meeting = make_meeting(4)
    for number in (1, 2, 3):
        add(number, localdate(), meeting)
    with mail_server(settings) as server:
        at_once(lambda _number: run(), range(3))
    assert sorted(server.counts.items()) == [
        (f"{MANAGER}@example.org", 1),
        (f"{SINGAPORE_OFFICER}@example.org", 1),
    ]
    assert (ReminderSent.objects.count(), Mail.objects.filter(state=State.SENT).count()) == (6, 2)


# What it says --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_reads_their_own_language_with_links_and_days(settings):
    settings.SITE_URL = "https://sci.example"
    people()
    body = make_organisation("Keppel", name_zh="吉宝")
    action = add(1, days(14), organisation=body)
    other = add(2, days(-12), action.meeting, owner_side="shenzhen", organisation=body, state="in_progress")
    put(TODAY)
    english = Mail.objects.get(user__username=MANAGER)
    assert english.subject == "1 follow-up action is due"
    assert "Follow-up actions of the Singapore side on 23 November 2026:" in english.body
    lines = ["JIC4-A1: Act 1", "Due: 7 December 2026 (in 14 days)", "Owner: Keppel", "State: open"]
    assert "\n".join([*lines, f"https://sci.example/admin/meetings/action/{action.pk}/change/"]) in english.body
    chinese = Mail.objects.get(user__username=OTHER_MANAGER)
    assert "事项2" in chinese.body and "2026年11月11日" in chinese.body and "吉宝" in chinese.body
    assert f"https://sci.example/admin/meetings/action/{other.pk}/change/" in chinese.body


@pytest.mark.django_db
def test_without_an_address_of_the_site_there_are_no_links(settings):
    settings.SITE_URL = ""
    people()
    add(1, days(14))
    put(TODAY)
    assert "/admin/" not in Mail.objects.first().body


# The command ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_sends_once_and_prints_a_line_for_each_person():
    people()
    add(1, localdate())
    printed = run()
    assert printed.splitlines() == [
        f"{MANAGER} <{MANAGER}@example.org>: JIC4-A1 (due {localdate()})",
        f"{SINGAPORE_OFFICER} <{SINGAPORE_OFFICER}@example.org>: JIC4-A1 (due {localdate()})",
        "2 sent, 0 failed, 0 waiting.",
    ]
    assert run() == "0 sent, 0 failed, 0 waiting.\n"
    assert sorted(one.to[0] for one in mail.outbox) == [
        f"{MANAGER}@example.org",
        f"{SINGAPORE_OFFICER}@example.org",
    ]


@pytest.mark.django_db
def test_a_dry_run_writes_nothing_and_may_look_ahead():
    people()
    add(1, days(60, localdate()))
    assert f"{MANAGER} <" in run("--dry-run")
    assert run("--dry-run", "--day", str(days(-1, localdate()))) == ""
    assert not (Mail.objects.exists() or ReminderSent.objects.exists() or mail.outbox)
    with pytest.raises(CommandError, match="--day goes with --dry-run only"):
        run("--day", "2026-12-01")
    run()
    assert run("--dry-run") == ""


@pytest.mark.django_db
def test_a_server_that_refuses_half_sends_the_rest_and_the_failed_are_sent_again_once(settings):
    users = people()
    add(1, localdate())
    with mail_server(settings) as server:
        server.refused = {users[MANAGER].email}
        with pytest.raises(CommandError, match="Not every e-mail was sent"):
            run()
        assert Mail.objects.get(state=State.FAILED).user == users[MANAGER]
        assert run() == "0 sent, 0 failed, 0 waiting.\n"
        with pytest.raises(CommandError):
            run("--again")
        server.refused = set()
        assert run("--again") == "1 sent, 0 failed, 0 waiting.\n"
        assert run("--again") == "0 sent, 0 failed, 0 waiting.\n"
        assert dict(server.counts) == {users[MANAGER].email: 1, users[SINGAPORE_OFFICER].email: 1}


@pytest.mark.django_db
def test_sent_again_goes_to_the_address_as_it_is_now_and_to_nobody_who_left(settings):
    users = people()
    add(1, localdate())
    manager, officer = users[MANAGER], users[SINGAPORE_OFFICER]
    with mail_server(settings) as server:
        server.refused = {manager.email, officer.email}
        with pytest.raises(CommandError):
            run()
        manager.email, officer.is_active, server.refused = "right@example.org", False, set()
        manager.save(), officer.save()
        with pytest.raises(CommandError):
            run("--again")
        assert dict(server.counts) == {"right@example.org": 1}
    assert Mail.objects.get(user=officer).problem == "receiver"


# The index -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_index_tells_what_was_not_sent(client):
    users = people()
    make_meeting(4)
    for side in ("singapore", "shenzhen"):
        columns = {"side": side, "state": State.FAILED, "problem": "address"}
        Mail.objects.create(
            kind="reminder", key=side, to="x@example.org", subject=f"Of {side}", body="B", **columns
        )
    client.force_login(users[MANAGER])
    text = client.get("/admin/").text
    assert "E-mails that were not sent" in text and "Of singapore" in text and "Of shenzhen" not in text
    assert "Of singapore" in client.get("/admin/outbox/mail/?decide=1").text
    Mail.objects.all().again()
    assert "E-mails that were not sent" not in client.get("/admin/").text


# Number of queries ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_looking_for_reminders_asks_as_much_for_many_as_for_one(django_assert_num_queries):
    users = people()
    meeting = make_meeting(4)
    for number in range(3):
        add(number, days(14), meeting, organisation=make_organisation(), **OWN | {"owner_side": "singapore"})
    with django_assert_num_queries(2):
        assert len(ActionReminders().due_for(users[MANAGER], TODAY)) == 3
