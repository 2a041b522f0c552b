"""The file of an e-mail: sent byte for byte, seen by staff of the side alone, kept no longer than it must."""

import datetime

import pytest
from django.utils import timezone

from outbox import receiving
from outbox.files import MailFile, largest
from outbox.models import Mail, Problem, State
from outbox.receiving import check_before_sending
from outbox.sending import Tally, send_waiting
from sci_portal import environment
from tests.mailserver import mail_server
from tests.people import AUDITOR, MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

# Cells with line ends of their own, a byte order mark, a line that is a full stop alone.
CSV = '\ufeffa,b\r\n"one\ntwo",项目\r\n.\r\n'.encode()


def put(number=1, **columns) -> Mail:
    given = {
        "kind": "reminder",
        "key": f"file:{number}",
        "to": f"person{number}@example.org",
        "side": "singapore",
    }
    return Mail.put(**given | {"subject": "S", "body": "B\n", "file": ("report.csv", CSV)} | columns)


@pytest.fixture
def server(settings):
    with mail_server(settings) as running:
        yield running


@pytest.mark.django_db
def test_the_file_arrives_byte_for_byte_and_is_emptied(server):
    put()
    assert send_waiting() == Tally(sent=1)
    [(_address, mail)] = server.taken
    [part] = mail.iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("report.csv", "text/csv")
    assert part.get_payload(decode=True) == CSV
    assert mail.get_body().get_content() == "B\r\n"
    file = MailFile.objects.get()
    assert (file.content, file.name, file.size) == (None, "report.csv", len(CSV))


@pytest.mark.django_db
def test_a_mail_put_twice_has_one_file():
    assert put() and put() is None
    assert MailFile.objects.count() == 1


@pytest.mark.django_db
def test_what_was_refused_keeps_its_file_and_is_sent_again_with_it(server):
    mail = put()
    server.refused = {mail.to}
    send_waiting()
    assert bytes(MailFile.objects.get().content) == CSV
    server.refused = set()
    Mail.objects.all().again()
    assert send_waiting() == Tally(sent=1)
    assert MailFile.objects.get().content is None


@pytest.mark.django_db
def test_after_thirty_days_the_file_is_emptied_and_the_mail_not_sent_without_it(server):
    old, young = put(1), put(2)
    for mail, days in ((old, 31), (young, 29)):
        Mail.objects.filter(pk=mail.pk).update(made_at=timezone.now() - datetime.timedelta(days=days))
    assert send_waiting() == Tally(sent=1, failed=1)
    old.refresh_from_db()
    assert (old.state, old.problem, server.counts) == ("failed", Problem.FILE_GONE, {young.to: 1})


@pytest.mark.django_db
def test_a_kind_may_refuse_what_was_written_long_ago(server, monkeypatch):
    monkeypatch.setattr(receiving, "_checks", {})
    check_before_sending("reminder", lambda mail: Problem.RIGHT if "1" in mail.to else None)
    first, _second = put(1), put(2)
    assert send_waiting() == Tally(sent=1, failed=1)
    first.refresh_from_db()
    assert (first.state, first.problem) == (State.FAILED, "right")


@pytest.mark.django_db
@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("side", ["singapore", "shenzhen", "both"])
def test_the_file_is_given_to_the_staff_of_the_side_alone(client, who, side):
    mail = put(side=side)
    client.force_login(person(who))
    answer = client.get(f"/admin/outbox/mail/{mail.pk}/file/")
    may = ROLES[who][0] in (side, "both")
    assert answer.status_code == (200 if may else 404)
    if may:
        assert (answer.content, answer["Content-Disposition"]) == (CSV, 'attachment; filename="report.csv"')
        assert "report.csv</a>" in client.get(f"/admin/outbox/mail/{mail.pk}/change/").text


@pytest.mark.django_db
def test_a_stranger_is_led_to_the_login_and_an_emptied_file_is_no_page(client):
    mail = put()
    address = f"/admin/outbox/mail/{mail.pk}/file/"
    assert client.get(address).url.startswith("/admin/login/")
    MailFile.objects.all().empty()
    client.force_login(person(MANAGER))
    assert client.get(address).status_code == 404
    assert "no longer kept" in client.get(f"/admin/outbox/mail/{mail.pk}/change/").text
    assert client.get(f"/admin/outbox/mail/{put(2, file=None).pk}/file/").status_code == 404


@pytest.mark.django_db
def test_mails_of_one_who_works_for_both_sides_are_not_told_to_one_side(client):
    mail = put(side="both", user=person(AUDITOR))
    for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER):
        client.force_login(person(who))
        assert f"/mail/{mail.pk}/" not in client.get("/admin/outbox/mail/").text
    user = person(AUDITOR)
    user.side = "singapore"
    user.save()
    assert not Mail.objects.get().may_be_received


@pytest.mark.django_db
def test_the_list_of_mails_reads_no_bytes(client, django_assert_max_num_queries):
    for number in range(3):
        put(number)
    client.force_login(person(MANAGER))
    with django_assert_max_num_queries(20) as queries:
        client.get("/admin/outbox/mail/")
    assert not [one for one in queries.captured_queries if "content" in one["sql"] and "mailfile" in one["sql"]]


def test_the_largest_file_is_a_setting(settings, monkeypatch):
    settings.MAX_MAIL_FILE_MB = 2
    assert largest() == 2 * 1024 * 1024
    monkeypatch.setenv("MAX_MAIL_FILE_MB", "0")
    assert environment.number("MAX_MAIL_FILE_MB", 5, smallest=0, largest=50) == 0
