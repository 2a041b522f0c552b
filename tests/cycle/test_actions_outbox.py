"""Every e-mail is put once and sent once, whatever the mail server does and however many send at a time."""

import datetime
from collections import Counter

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from outbox.models import Mail, State
from outbox.sending import Tally, send_waiting
from sci_portal import environment
from sci_portal.checks import check_mail
from tests.mailserver import mail_server
from tests.people import AUDITOR, MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.publishing.test_writers_at_once import at_once

LIST = "/admin/outbox/mail/"


def put(number=1, **columns) -> Mail | None:
    given = {"kind": "reminder", "key": f"test:{number}", "to": f"person{number}@example.org"}
    return Mail.put(**{**given, "subject": f"Number {number}", "body": "提醒\n", **columns})


def states() -> dict:
    return dict(Counter(Mail.objects.values_list("state", flat=True)))


@pytest.fixture
def server(settings):
    with mail_server(settings) as running:
        yield running


@pytest.mark.django_db
def test_the_same_mail_is_put_once():
    assert put() is not None
    assert put(subject="Another") is None
    assert put(kind="update_request") is not None


@pytest.mark.django_db
def test_a_server_that_refuses_half_gets_the_rest_and_nobody_gets_two(server):
    for number in range(6):
        put(number)
    server.refused = {f"person{number}@example.org" for number in (0, 2, 4)}
    assert send_waiting() == Tally(sent=3, failed=3)
    assert server.sessions == 1
    failed = Mail.objects.filter(state=State.FAILED).first()
    assert (failed.problem, failed.error) == ("address", "550 5.1.1 no such person here")
    assert send_waiting() == Tally()
    server.refused = set()
    assert Mail.objects.all().again() == 3
    assert send_waiting() == Tally(sent=3)
    assert set(server.counts.values()) == {1} and len(server.counts) == 6


@pytest.mark.django_db
def test_what_is_sent_is_the_text_from_the_sender_in_local_time(server, settings):
    settings.DEFAULT_FROM_EMAIL = "portal@sci.example"
    put(subject="两行\n标题")
    send_waiting()
    [(_address, mail)] = server.taken
    assert (mail["From"], mail["Subject"]) == ("portal@sci.example", "两行 标题")
    assert (mail.get_content(), mail["Date"][-5:]) == ("提醒\r\n", "+0800")
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
def test_a_line_that_goes_dead_is_opened_anew(server):
    for number in range(3):
        put(number)
    server.last_ones = {"person0@example.org"}
    assert send_waiting() == Tally(sent=3)
    assert (server.sessions, set(server.counts.values())) == (2, {1})


@pytest.mark.django_db
def test_what_the_server_may_have_taken_waits_for_a_person_to_decide(server):
    put(1), put(2)
    server.hung_up_on = {"person1@example.org"}
    assert send_waiting() == Tally(sent=1, failed=1)
    broken = Mail.objects.get(to="person1@example.org")
    assert (broken.state, broken.problem) == (State.SENDING, "broken_off")
    assert (Mail.objects.all().again(), send_waiting()) == (0, Tally())
    Mail.objects.filter(pk=broken.pk).update(tried_at=timezone.now() - datetime.timedelta(minutes=11))
    assert send_waiting() == Tally()
    assert Mail.objects.all().again() == 1


@pytest.mark.django_db
def test_without_a_server_the_mails_wait(settings):
    with mail_server(settings):
        pass
    put(1), put(2)
    assert send_waiting() == Tally(waiting=2)
    assert states() == {"waiting": 2}
    mail = Mail.objects.first()
    assert (mail.attempts, mail.problem) == (0, "unreachable") and mail.error


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["nobody", "a@example.org\nBcc: b@example.org", "a@b.org, c@d.org"])
def test_an_address_that_is_none_fails_and_stops_nothing(server, address):
    put(1, to=address), put(2)
    assert send_waiting() == Tally(sent=1, failed=1)
    assert server.counts == {"person2@example.org": 1}


@pytest.mark.django_db(transaction=True)
def test_two_processes_send_each_mail_once(server):
    for number in range(12):
        put(number)
    tallies = at_once(lambda _number: send_waiting(), range(3))
    assert sum(tally.sent for tally in tallies) == 12
    assert (len(server.taken), set(server.counts.values())) == (12, {1})
    with transaction.atomic(), pytest.raises(RuntimeError):
        put(99)
        send_waiting()


@pytest.mark.django_db
def test_mails_become_files_where_no_server_is_named(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    put()
    assert send_waiting() == Tally(sent=1)
    [file] = settings.EMAIL_FILE_PATH.iterdir()
    assert b"Subject: Number 1" in file.read_bytes()


# Pages -------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("who", ROLES)
def test_the_list_shows_mails_of_both_sides_and_ones_own(client, who):
    put(1, side="singapore"), put(2, side="shenzhen"), put(3)
    client.force_login(person(who))
    side = ROLES[who][0]
    text = client.get(LIST).content.decode()
    seen = {number for number in (1, 2, 3) if f"Number {number}" in text}
    assert seen == {"singapore": {1, 3}, "shenzhen": {2, 3}, "both": {1, 2, 3}}[side]
    other = Mail.objects.get(side="shenzhen" if side == "singapore" else "singapore")
    page = client.get(f"{LIST}{other.pk}/change/")
    assert page.status_code == (200 if side == "both" else 302)


@pytest.mark.django_db
def test_a_stranger_is_led_to_the_login(client):
    mail = put()
    for address in (LIST, f"{LIST}{mail.pk}/change/"):
        assert client.get(address).url.startswith("/admin/login/")


@pytest.mark.django_db
@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, MANAGER, AUDITOR, SHENZHEN_OFFICER])
def test_who_sends_again(client, server, who):
    mail = put(side="singapore")
    server.refused = {mail.to}
    send_waiting()
    server.refused = set()
    client.force_login(person(who))
    client.post(LIST, {"action": "send_again", "_selected_action": [mail.pk]})
    mail.refresh_from_db()
    may = who in (SINGAPORE_OFFICER, MANAGER)
    assert (mail.state, server.counts[mail.to]) == (("sent", 1) if may else ("failed", 0))


@pytest.mark.django_db
def test_what_was_sent_is_not_sent_again(client, server):
    mail = put()
    send_waiting()
    client.force_login(person(MANAGER))
    data = {"action": "send_again", "_selected_action": [mail.pk]}
    text = client.post(LIST, data, follow=True).content.decode()
    assert "None of these is to be sent again" in text
    assert server.counts[mail.to] == 1


@pytest.mark.django_db
def test_nobody_changes_or_deletes_a_mail(client):
    mail = put()
    client.force_login(person(MANAGER))
    assert client.get(f"{LIST}{mail.pk}/delete/").status_code == 403
    assert client.post(f"{LIST}{mail.pk}/change/", {"to": "x@example.org"}).status_code == 403


# Settings ----------------------------------------------------------------------------------------


def test_a_wrong_kind_of_encryption_is_refused_in_words(monkeypatch):
    monkeypatch.setenv("EMAIL_TLS", "yes")
    with pytest.raises(ImproperlyConfigured, match=r"EMAIL_TLS='yes' is none of: starttls, tls, off"):
        environment.choice("EMAIL_TLS", "starttls", ("starttls", "tls", "off"))


def test_a_password_file_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setenv("EMAIL_PASSWORD_FILE", "/nowhere/password")
    with pytest.raises(ImproperlyConfigured, match=r"EMAIL_PASSWORD_FILE='/nowhere/password' cannot be read"):
        environment.text_or_file("EMAIL_PASSWORD")


def test_the_check_warns_of_a_server_without_sender_or_addresses(settings):
    settings.EMAIL_HOST, settings.EMAIL_FROM, settings.SITE_URL = "mail.example", "", "https://sci.example"
    assert [warning.id for warning in check_mail(None)] == ["sci_portal.W004"]
    settings.EMAIL_FROM = "portal@sci.example"
    assert check_mail(None) == []
    settings.EMAIL_HOST, settings.EMAIL_FROM = "", ""
    assert check_mail(None) == []
