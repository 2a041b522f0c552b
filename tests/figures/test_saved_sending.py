"""Saved reports by e-mail: what each person gets, once, and what happens when anything has changed since."""

import csv
import datetime
import io

import openpyxl
import pytest
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.timezone import localdate

from outbox.models import Mail, State
from outbox.sending import Tally, send_waiting
from reports.managers import frame
from reports.models import SavedReport
from reports.saved.recipients import MOST_FAILURES, Recipient
from reports.saved.sending import due, put_reports
from sci_portal import roles
from tests.factories import make_project, published
from tests.figures.saved import YEARS_AGO, days, people, register, run, save
from tests.mailserver import mail_server
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER
from tests.publishing.test_writers_at_once import at_once

DRAFTS = "unpublished=on"


@pytest.fixture
def staff(db, monkeypatch, settings):
    settings.SITE_URL = "https://sci.example"
    register(monkeypatch)
    return people()


def put(day) -> list[str]:
    return [recipient.user.username for recipient, _written in put_reports(day)]


def arrive() -> None:
    Mail.objects.filter(state=State.WAITING).update(state=State.SENT)


def mail_to(who: str) -> Mail:
    return Mail.objects.select_related("file").get(user__username=who)


def csv_of(mail: Mail) -> list[list[str]]:
    return list(csv.reader(io.StringIO(bytes(mail.file.content).decode("utf-8-sig"), newline="")))


# What is sent ------------------------------------------------------------------------------------


def test_each_gets_what_they_may_see_in_their_language(staff):
    published(make_project("Public", title_zh="公开"))
    make_project("Ours", kept_by="singapore")
    make_project("Theirs", title_zh="彼方", kept_by="shenzhen")
    save(staff[MANAGER], *staff.values(), query=DRAFTS)
    assert len(put(localdate())) == 5
    titles = {who: [row[1] for row in csv_of(mail_to(who))[1:]] for who in staff}
    assert titles == {
        SINGAPORE_OFFICER: ["Public", "Ours"],
        MANAGER: ["Public", "Ours"],
        SHENZHEN_OFFICER: ["Public", "Theirs"],
        OTHER_MANAGER: ["Public", "Theirs"],
        AUDITOR: ["Public", "Ours", "Theirs"],
    }
    assert {who: mail_to(who).side for who in (MANAGER, OTHER_MANAGER, AUDITOR)} == {
        MANAGER: "singapore",
        OTHER_MANAGER: "shenzhen",
        AUDITOR: "both",
    }
    assert "Theirs" not in mail_to(MANAGER).body and "Ours" not in mail_to(OTHER_MANAGER).body
    assert "彼方" in mail_to(OTHER_MANAGER).body


def test_the_first_lines_say_that_it_holds_drafts_and_for_which_side(staff):
    make_project("A draft")
    save(staff[MANAGER], staff[MANAGER], query=DRAFTS)
    put(localdate())
    mail = mail_to(MANAGER)
    head = mail.body.split("\n\n")[:2]
    assert head[0].startswith("“All of it” on ")
    assert head[1] == (
        "Holds drafts and records in review: not for publication.\nOwn side: for the Singapore side only"
    )
    assert "-staff" in mail.file.name
    assert "Filters: with drafts and records in review\n" in mail.body


def test_without_drafts_nothing_kept_is_asked_for(staff):
    published(make_project("Public"))
    make_project("A draft", kept_by="singapore")
    save(staff[MANAGER], staff[MANAGER])
    put(localdate())
    mail = mail_to(MANAGER)
    assert "drafts" not in mail.body and "A draft" not in mail.body
    assert [row[1] for row in csv_of(mail)[1:]] == ["Public"]
    assert mail.file.name == f"sci-report-listed-{localdate()}.csv"


def test_the_text_has_a_short_table_and_links(staff):
    for number in range(13):
        published(make_project(f"Number {number}"))
    saved = save(staff[MANAGER], staff[MANAGER])
    put(localdate())
    body = mail_to(MANAGER).body
    assert "Reference | Title | Number\n" in body
    assert "Number 9 | " in body and "Number 10" not in body and "… 3 more rows" in body
    assert f"Open the report: https://sci.example/admin/reports/saved/{saved.pk}/\n" in body
    assert f"https://sci.example/admin/reports/saved/{saved.pk}/mine/" in body
    assert "Unofficial record" in body


def test_formulas_are_text_in_both_formats(staff):
    for title in ("=1+1|cmd", "+1", "-1", "@x", "'=1"):
        published(make_project(title))
    save(staff[MANAGER], staff[MANAGER])
    save(staff[OTHER_MANAGER], staff[OTHER_MANAGER], format="xlsx", name="Other")
    put(localdate())
    rows = csv_of(mail_to(MANAGER))
    assert [row[1] for row in rows] == ["title_en", "'=1+1|cmd", "'+1", "'-1", "'@x", "''=1"]
    book = openpyxl.load_workbook(io.BytesIO(bytes(mail_to(OTHER_MANAGER).file.content)))
    cells = [cell for row in book["data"].iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [row[1].value for row in book["data"].iter_rows()] == [row[1] for row in rows]


def test_an_empty_answer_is_told_and_no_file_sent(staff):
    save(staff[MANAGER], staff[MANAGER], query="stage=completed")
    put(localdate())
    mail = mail_to(MANAGER)
    assert "Nothing on record answers to this." in mail.body
    assert not hasattr(mail, "file")
    assert not Recipient.objects.get().is_faulty


def test_a_file_too_large_is_a_link_with_words(staff, settings):
    published(make_project("Public"))
    save(staff[MANAGER], staff[MANAGER])
    settings.MAX_MAIL_FILE_MB = 0
    put(localdate())
    mail = mail_to(MANAGER)
    assert "No file: it has" in mail.body and "/admin/reports/saved/" in mail.body
    assert not hasattr(mail, "file")


def test_a_name_kept_to_oneself_is_not_told_in_the_list_of_mails(staff, client):
    published(make_project("Public"))
    save(staff[MANAGER], staff[MANAGER], name="Secret thoughts", audience="me")
    put(localdate())
    mail = mail_to(MANAGER)
    assert "Secret" not in mail.subject + mail.body + mail.file.name
    assert mail.subject.startswith("Report: Projects, ")


# Once --------------------------------------------------------------------------------------------


def test_each_day_of_the_schedule_is_sent_once_and_only_the_latest_is_made_up_for(staff):
    save(staff[MANAGER], staff[MANAGER], every="month", day_of_month=31)
    sent = []
    for day in (datetime.date(2028, 2, 28) + datetime.timedelta(days=n) for n in range(40)):
        sent += [day.isoformat() for _who in put(day)]
        arrive()
    # On the first of these days that of January, which was missed.
    assert sent == ["2028-02-28", "2028-02-29", "2028-03-31"]
    assert Mail.objects.count() == 3
    assert put(datetime.date(2028, 9, 15)) == [MANAGER]
    assert Mail.objects.latest("pk").key.endswith(":2028-08-31")


def test_nothing_is_made_up_for_that_was_before_the_schedule_or_the_person(staff):
    monday = datetime.date(2026, 11, 23)
    saved = save(staff[MANAGER], staff[MANAGER], every="week", weekday=0, since=monday)
    assert put(monday - datetime.timedelta(days=1)) == []
    assert put(monday + datetime.timedelta(days=2)) == [MANAGER]
    saved.recipients.create(user=staff[SINGAPORE_OFFICER], since=monday + datetime.timedelta(days=3))
    assert put(monday + datetime.timedelta(days=4)) == []
    assert put(monday + datetime.timedelta(days=7)) == [MANAGER, SINGAPORE_OFFICER]


def test_what_is_not_scheduled_is_not_sent(staff):
    save(staff[MANAGER], staff[MANAGER], every="")
    assert put(localdate()) == []


def test_run_twice_sends_once(staff):
    published(make_project("Public"))
    save(staff[MANAGER], staff[MANAGER], staff[OTHER_MANAGER])
    assert run().splitlines() == [
        f"{MANAGER} <{MANAGER}@example.org>: All of it, written",
        f"{OTHER_MANAGER} <{OTHER_MANAGER}@example.org>: All of it, written",
        "2 sent, 0 failed, 0 waiting.",
    ]
    assert run() == "0 sent, 0 failed, 0 waiting.\n"


def test_a_dry_run_writes_nothing_and_may_look_ahead(staff):
    save(staff[MANAGER], staff[MANAGER], since=days(5))
    assert run("--dry-run") == ""
    ahead = days(6)
    told = run("--dry-run", "--day", ahead.isoformat())
    assert told == f"{MANAGER} <{MANAGER}@example.org>: All of it, of {ahead}\n"
    assert not Mail.objects.exists()
    with pytest.raises(CommandError, match="--dry-run only"):
        run("--day", "2026-12-01")


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_send_each_report_once(monkeypatch, settings):
    roles.ensure_all()
    register(monkeypatch)
    staff = people()
    published(make_project("Public"))
    save(staff[MANAGER], staff[MANAGER], staff[AUDITOR])
    with mail_server(settings) as server:
        at_once(lambda _number: run(), range(3))
    assert server.counts == {f"{MANAGER}@example.org": 1, f"{AUDITOR}@example.org": 1}
    assert set(Recipient.objects.values_list("failures", flat=True)) == {0}


def test_mails_that_never_left_give_way_to_the_latest(staff, settings):
    save(staff[MANAGER], staff[MANAGER])
    with mail_server(settings):
        pass
    for number in range(3):
        put(days(number))
        assert send_waiting() == Tally(waiting=1)
    assert Mail.objects.count() == 1
    assert Recipient.objects.get().failures == 0


# What has changed since --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [{"is_active": False}, {"is_staff": False}, {"email": ""}, {"side": "shenzhen"}],
    ids=["left", "no-staff", "no-address", "other-side"],
)
def test_who_is_no_longer_sent_anything(staff, change):
    save(staff[MANAGER], staff[MANAGER], staff[SINGAPORE_OFFICER], audience="side")
    change_person(staff[SINGAPORE_OFFICER], **change)
    assert put(localdate()) == [MANAGER]


def change_person(user, **columns) -> None:
    for name, value in columns.items():
        setattr(user, name, value)
    user.save()


def no_role(staff):
    staff[MANAGER].groups.clear()


def other_side(staff):
    change_person(staff[MANAGER], side="shenzhen")


def left(staff):
    change_person(staff[MANAGER], is_active=False)


def took_off(staff):
    Recipient.objects.get().leave(localdate())


def narrowed(staff):
    SavedReport.objects.filter(owner=staff[SINGAPORE_OFFICER]).update(audience="me")


def deleted(staff):
    SavedReport.objects.get().delete()


def person_deleted(staff):
    staff[MANAGER].delete()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (no_role, "right"),
        (narrowed, "right"),
        (other_side, "receiver"),
        (left, "receiver"),
        (took_off, "unwanted"),
        (deleted, "unwanted"),
        (person_deleted, "unwanted"),
    ],
)
def test_what_failed_is_not_sent_later_to_who_may_no_longer_have_it(staff, settings, change, problem):
    published(make_project("Public"))
    save(staff[SINGAPORE_OFFICER], staff[MANAGER])
    with mail_server(settings) as server:
        server.refused = {f"{MANAGER}@example.org"}
        with pytest.raises(CommandError, match="Not every report was sent"):
            run()
        change(staff)
        server.refused = set()
        Mail.objects.all().again()
        assert send_waiting() == Tally(failed=1)
        assert not server.counts
    mail = Mail.objects.get()
    assert (mail.state, mail.problem) == (State.FAILED, problem) and mail.get_problem_display()


def test_a_server_that_refuses_half_gets_the_rest_and_each_once(staff, settings):
    published(make_project("Public"))
    save(staff[MANAGER], *staff.values())
    with mail_server(settings) as server:
        server.refused = {f"{who}@example.org" for who in (MANAGER, AUDITOR)}
        with pytest.raises(CommandError):
            run()
        server.refused = set()
        Mail.objects.all().again()
        assert send_waiting() == Tally(sent=2)
        assert run().endswith("0 sent, 0 failed, 0 waiting.\n")
        assert set(server.counts.values()) == {1} and len(server.counts) == 5


# What cannot be made -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"report": "gone"}, "There is no report “gone” any more."),
        ({"query": "colour=red"}, "The report has no filter of this name any more: colour"),
        ({"query": "stage=nonsense"}, "Stage: Select a valid choice."),
        ({"query": "pillar=%27%3B--"}, "Pillar: Select a valid choice."),
        ({"query": "after=%E2%80%AE1"}, "Year: Enter a whole number."),
        ({"query": "pillar=%00"}, "The filters are none that a page of this report"),
        (
            {"query": "stage=" + "x" * 100_000},
            "The filters are none that a page of this report",
        ),
    ],
)
def test_the_mail_says_what_is_wrong_and_has_no_file(staff, columns, told):
    save(staff[MANAGER], staff[MANAGER], **columns)
    put(localdate())
    mail = mail_to(MANAGER)
    assert "This report cannot be made, and nothing is attached:" in mail.body and told in mail.body
    assert not hasattr(mail, "file") and len(mail.body) < 2000
    assert Recipient.objects.get().is_faulty


def test_a_report_with_a_fault_keeps_nobody_from_the_others(staff, monkeypatch, caplog):
    class Faulty(frame.Report):
        key, title, about = "faulty", "Faulty", "None."

        def columns(self, chosen):
            return ()

        def rows(self, chosen, user):
            raise ZeroDivisionError

    monkeypatch.setitem(frame._reports, "faulty", Faulty())
    save(staff[MANAGER], staff[MANAGER], report="faulty")
    save(staff[AUDITOR], staff[AUDITOR])
    with pytest.raises(CommandError):
        run()
    assert [mail.user.username for mail in Mail.objects.all()] == [AUDITOR]
    assert "could not be made" in caplog.text
    # Nothing was put for it, so that the next run tries again.
    assert [one.user.username for one, _day in due(localdate())] == [MANAGER]


# Stopping ----------------------------------------------------------------------------------------


def fail(number: int) -> None:
    """Send on so many days in a row, each time refused."""
    for day in range(number):
        put(days(day))
        Mail.objects.filter(state=State.WAITING).update(state=State.FAILED, problem="address")


def test_after_five_failures_in_a_row_no_more_are_sent_until_taken_up(staff):
    save(staff[MANAGER], staff[SINGAPORE_OFFICER])
    fail(MOST_FAILURES + 3)
    assert Mail.objects.count() == MOST_FAILURES
    recipient = Recipient.objects.stopped().get()
    recipient.take_up(days(20))
    assert not Recipient.objects.stopped().exists()
    assert put(days(19)) == [] and put(days(20)) == [SINGAPORE_OFFICER]


def test_one_that_arrives_breaks_the_row(staff):
    save(staff[MANAGER], staff[SINGAPORE_OFFICER])
    fail(MOST_FAILURES)
    Mail.objects.filter(state=State.FAILED).first().delete()
    mail = put(days(9)) and Mail.objects.first()
    Mail.objects.filter(pk=mail.pk).update(state=State.SENT, sent_at=timezone.now())
    assert not Recipient.objects.stopped().exists()
    put(days(10))
    assert Recipient.objects.get().failures == 0


def test_what_was_refused_and_then_sent_again_is_no_failure(staff):
    save(staff[MANAGER], staff[SINGAPORE_OFFICER])
    fail(MOST_FAILURES)
    assert Recipient.objects.stopped().exists()
    Mail.objects.filter(pk=Recipient.objects.get().mail_id).update(state=State.SENT)
    assert not Recipient.objects.stopped().exists()


def test_reports_that_cannot_be_made_stop_too(staff):
    save(staff[MANAGER], staff[MANAGER], report="gone")
    for number in range(MOST_FAILURES + 2):
        put(days(number))
        arrive()
    assert Mail.objects.count() == MOST_FAILURES


def test_queries_do_not_grow_with_recipients_that_are_not_due(staff, django_assert_num_queries):
    for who, user in staff.items():
        save(staff[MANAGER], user, name=who, every="month", day_of_month=1, since=days(1))
    with django_assert_num_queries(1):
        due(localdate())
    assert localdate() > YEARS_AGO
