"""Reminders of MOUs: of which days, to which side, once; an end that moves, one that renews by itself."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.utils.timezone import localdate

from meetings.models import ReminderSent
from mous.models import MOU, MOUReminderSent
from mous.reminders.source import MOUReminders, due_days, looking_after
from outbox.models import Mail, State
from outbox.reminding import latest_step, put_reminders
from publishing.authorship import acting
from publishing.models import Status
from publishing.workflow import move
from sci_portal import environment, roles
from tests.cycle.test_actions_reminders import add, days, people, run
from tests.factories import make_mou, make_organisation, published
from tests.mailserver import mail_server
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.publishing.test_writers_at_once import at_once

TODAY = datetime.date(2026, 11, 23)
STEPS, NOTICE_STEPS = [180, 90, 30, 7], [30, 7, 0]
SINGAPORE = [MANAGER, SINGAPORE_OFFICER]
SHENZHEN = [OTHER_MANAGER, SHENZHEN_OFFICER]
BOTH = sorted([*SINGAPORE, *SHENZHEN])


def add_mou(ends=None, title="An MOU", since=TODAY, **fields) -> MOU:
    """Make an MOU that ends so many days after one and is looked after by the Singapore side."""
    fields = {"lead_singapore": make_organisation()} | fields
    return make_mou(title, ends_on=None if ends is None else days(ends, since), **fields)


def renewal_of(mou: MOU, **fields) -> MOU:
    """Make an MOU in preparation that is to renew one."""
    renewal = make_mou("A renewal", **{"signed_on": None} | fields)
    with acting(person(SINGAPORE_OFFICER)):
        renewal.links.create(kind="renews", to_mou=mou)
    return renewal


def put(day=TODAY) -> dict[str, list[tuple]]:
    """Put the reminders of a day; return who gets which steps of which days of MOUs, by user name."""
    return {
        user.username: [(one.what, one.due_on, one.step) for _source, found in by_source for one in found]
        for user, by_source in put_reminders(day)
    }


def put_on(*numbers) -> list[list[tuple[str, int]]]:
    """Put the reminders of days counted from TODAY; return what the manager gets on each."""
    return [[(what, step) for what, _due, step in put(days(number)).get(MANAGER, [])] for number in numbers]


def change(mou: MOU, **fields) -> None:
    for name, value in fields.items():
        setattr(mou, name, value)
    with acting(person(MANAGER)):
        mou.save()


def body_for(name=MANAGER) -> str:
    return Mail.objects.get(user__username=name).body


# Steps ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "step"),
    [(181, None), (180, 180), (91, 180), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7)],
)
def test_the_latest_step_passed(before, step):
    assert latest_step(days(-before), TODAY, STEPS) == step


@pytest.mark.parametrize(("before", "step"), [(31, None), (30, 30), (7, 7), (1, 7), (0, 0), (-3, 0)])
def test_the_last_day_for_notice_is_told_late_rather_than_never(before, step):
    assert latest_step(days(-before), TODAY, NOTICE_STEPS) == step


@pytest.mark.parametrize("name", ["MOU_REMINDER_DAYS", "MOU_NOTICE_DAYS"])
@pytest.mark.parametrize("value", ["180;90", "30,-7", "monthly", "1001"])
def test_settings_that_are_no_steps_are_refused_in_words(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"{name}=.* is not a list of whole numbers"):
        environment.numbers(name, "30,7,0", smallest=0, largest=1000)


def test_the_usual_steps(settings):
    assert (settings.MOU_REMINDER_DAYS, settings.MOU_NOTICE_DAYS) == (STEPS, NOTICE_STEPS)


@pytest.mark.django_db
def test_other_steps(settings):
    settings.MOU_REMINDER_DAYS, settings.MOU_NOTICE_DAYS = [10], []
    people()
    add_mou(10, notice_days=3)
    assert put_on(-1, 0, 7) == [[], [("end", 10)], []]


# Of which days -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_step_is_sent_once():
    people()
    add_mou(180)
    given = put_on(-1, 0, 1, 89, 90, 150, 173, 180, 181)
    assert [[step for _what, step in found] for found in given] == [
        [], [180], [], [], [90], [30], [7], [], []
    ]  # fmt: skip


@pytest.mark.django_db
def test_of_steps_passed_while_nobody_ran_it_the_latest_alone_is_sent():
    people()
    add_mou(20)
    assert put_on(0, 1, 20, 21) == [[("end", 30)], [], [("end", 7)], []]


@pytest.mark.django_db
def test_the_last_day_for_notice_has_steps_of_its_own():
    people()
    add_mou(100, notice_days=60)
    assert put_on(0, 10, 33, 40, 41) == [
        [("end", 180)],
        [("notice", 30), ("end", 90)],
        [("notice", 7)],
        [("notice", 0)],
        [],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"terminated_on": TODAY},
        {"superseded_on": days(-1)},
        # Settled in another way, though not yet: nothing is left to decide.
        {"terminated_on": days(10)},
        {"signed_on": None},
        {"signed_on": days(1)},
    ],
)
def test_one_that_is_over_settled_or_not_signed_reminds_nobody(fields):
    people()
    add_mou(30, **fields)
    assert put() == {}


@pytest.mark.django_db
def test_one_without_an_end_or_long_past_it_reminds_nobody():
    people()
    add_mou(None, notice_days=30), add_mou(-1, signed_on=days(-900))
    assert put() == {}


@pytest.mark.django_db
def test_a_withdrawn_one_reminds_nobody_and_a_published_one_does():
    people()
    mou = published(add_mou(30, lead_singapore=None))
    assert sorted(put()) == BOTH
    move(mou, Status.WITHDRAWN, by=person(MANAGER), reason="Entered twice")
    assert put(days(23)) == {}


@pytest.mark.django_db
def test_an_end_that_moves_has_its_steps_anew_and_repeats_none():
    people()
    mou = add_mou(30)
    assert put_on(0, 1) == [[("end", 30)], []]
    change(mou, ends_on=days(395))
    assert put_on(2, 365) == [[], [("end", 30)]]
    change(mou, ends_on=days(30))
    assert put_on(3, 23) == [[], [("end", 7)]]


@pytest.mark.django_db
def test_notice_days_that_change_move_the_reminder():
    people()
    mou = add_mou(300, notice_days=300)
    assert put_on(0) == [[("notice", 0)]]
    change(mou, notice_days=295)
    assert put_on(1, 5) == [[("notice", 7)], [("notice", 0)]]


@pytest.mark.django_db
def test_an_end_known_to_the_month_is_its_last_day():
    people()
    mou = make_mou("By month", ends_on=datetime.date(2027, 2, 1), ends_on_precision="month")
    assert put(datetime.date(2027, 1, 29))[MANAGER] == [("end", datetime.date(2027, 2, 28), 30)]
    assert "Ends: February 2027 (in 30 days)" in body_for()
    assert mou.reminders.count() == 4


@pytest.mark.django_db
def test_leap_days():
    people()
    leap = datetime.date(2028, 2, 29)
    make_mou("Ends on a leap day", ends_on=leap, notice_days=366)
    assert put(datetime.date(2027, 2, 28))[MANAGER] == [("notice", datetime.date(2027, 2, 28), 0)]
    assert put(datetime.date(2028, 1, 30))[MANAGER] == [("end", leap, 30)]
    assert put(datetime.date(2028, 2, 22))[MANAGER] == [("end", leap, 7)]
    assert put(datetime.date(2028, 3, 1)) == {}


# To whom -------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bodies", "names"),
    [
        (["lead_singapore"], SINGAPORE),
        (["holder_singapore"], SINGAPORE),
        (["lead_shenzhen"], SHENZHEN),
        (["holder_shenzhen"], SHENZHEN),
        (["lead_singapore", "holder_shenzhen"], BOTH),
        ([], BOTH),
    ],
)
def test_the_sides_with_a_lead_body_or_an_original_are_reminded(bodies, names):
    people()
    body = make_organisation()
    make_mou("An MOU", ends_on=days(30), **dict.fromkeys(bodies, body))
    assert sorted(put()) == sorted(names)
    assert not Mail.objects.filter(user__username=AUDITOR).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("side", "names"), [("singapore", SINGAPORE), ("shenzhen", SHENZHEN)])
def test_a_draft_kept_by_one_side_reminds_that_side_alone_whoever_leads_it(side, names):
    people()
    make_mou("Kept", ends_on=days(30), kept_by=side, lead_shenzhen=make_organisation())
    assert sorted(put()) == names
    assert set(Mail.objects.values_list("side", flat=True)) == {side}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other", [{"is_active": False}, {"email": ""}, {"side": "both"}, {"side": "shenzhen"}, {"is_staff": False}]
)
def test_who_is_not_reminded(other):
    user = people()[SINGAPORE_OFFICER]
    for name, value in other.items():
        setattr(user, name, value)
    user.save()
    add_mou(30)
    assert sorted(put()) == [MANAGER]


@pytest.mark.django_db
def test_who_may_change_actions_but_no_mous_is_reminded_of_actions_alone():
    user = people()[SINGAPORE_OFFICER]
    group = user.groups.get()
    group.permissions.remove(group.permissions.get(codename="change_mou"))
    add(1, days(14)), add_mou(30)
    found = put()
    assert (len(found[MANAGER]), found[SINGAPORE_OFFICER]) == (2, [("", days(14), 14)])
    assert "An MOU" not in body_for(SINGAPORE_OFFICER)


@pytest.mark.django_db
def test_sides_are_told_without_asking_the_database(django_assert_num_queries):
    mou = MOU(lead_singapore_id=1, kept_by="")
    with django_assert_num_queries(0):
        assert looking_after(mou) == ["singapore"]
        assert due_days(mou, TODAY) == []


# Once ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_mail_a_day_holds_both_kinds():
    people()
    meeting = add(1, days(14)).meeting
    add(2, days(0), meeting), add_mou(30)
    assert len(put()[MANAGER]) == 3
    add_mou(7)
    assert put() == {}
    assert put(days(1))[MANAGER] == [("end", days(7), 7)]
    assert Mail.objects.filter(user__username=MANAGER).count() == 2


@pytest.mark.django_db
def test_a_mail_put_before_the_upgrade_is_the_mail_of_that_day():
    people()
    user = person(MANAGER)
    Mail.put(kind="reminder", key=f"actions:{user.pk}:{TODAY}", to=user.email, subject="S", body="B")
    add_mou(30)
    assert sorted(put()) == [SINGAPORE_OFFICER]
    assert put(days(1)) == {MANAGER: [("end", days(30), 30)]}


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_remind_everybody_once(settings):
    roles.ensure_all()
    people()
    add(1, localdate())
    for number in (7, 30):
        add_mou(number, since=localdate(), lead_singapore=None, notice_days=3)
    with mail_server(settings) as server:
        at_once(lambda _number: run(), range(3))
    assert dict(server.counts) == {f"{name}@example.org": 1 for name in BOTH}
    # Of two MOUs the end and the day for notice, for each of the four persons.
    assert (MOUReminderSent.objects.count(), ReminderSent.objects.count()) == (4 * 4, 2)


@pytest.mark.django_db
def test_a_server_that_refuses_half_sends_the_rest_and_the_failed_once_when_sent_again(settings):
    users = people()
    add_mou(30, since=localdate(), lead_singapore=None)
    with mail_server(settings) as server:
        server.refused = {users[MANAGER].email, users[OTHER_MANAGER].email}
        with pytest.raises(CommandError, match="Not every e-mail was sent"):
            run()
        assert Mail.objects.filter(state=State.FAILED).count() == 2
        assert run() == "0 sent, 0 failed, 0 waiting.\n"
        server.refused = set()
        assert run("--again") == "2 sent, 0 failed, 0 waiting.\n"
        assert dict(server.counts) == {users[name].email: 1 for name in BOTH}


# The command ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_tells_of_both_kinds_and_a_dry_run_writes_nothing():
    people()
    today = localdate()
    add(1, today)
    first = add_mou(90, since=today, notice_days=60)
    second = add_mou(90, since=today, renews_automatically=True)
    told = (
        f"JIC4-A1 (due {today}), {first.reference} (notice by {days(30, today)}), "
        f"{first.reference} (ends {days(90, today)}), {second.reference} (term until {days(90, today)})"
    )
    lines = [f"{name} <{name}@example.org>: {told}" for name in SINGAPORE]
    assert run("--dry-run").splitlines() == lines
    assert run("--dry-run", "--day", str(days(-91, today))) == ""
    assert not (Mail.objects.exists() or MOUReminderSent.objects.exists() or mail.outbox)
    assert run().splitlines() == [*lines, "2 sent, 0 failed, 0 waiting."]
    assert run("--dry-run") == ""


# Number of queries ---------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_looking_and_writing_ask_as_much_for_many_as_for_one(django_assert_num_queries, number):
    users = people()
    for _number in range(number):
        mou = add_mou(30, notice_days=0)
        with acting(person(SINGAPORE_OFFICER)):
            mou.signatories.create(organisation=make_organisation(), side="singapore")
        renewal_of(mou)
    source = MOUReminders()
    with django_assert_num_queries(4):
        found = source.due_for(users[MANAGER], TODAY)
        assert all(len(source.lines(one.record, TODAY)) == 5 for one in found)
    assert len(found) == 2 * number
