"""Update rounds under attack: kept meetings and contacts, links that race with who renews them, odd texts."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from outbox.models import Mail, State
from outbox.models import State as MailState
from projects.models import UpdateAnswer, UpdateRequest, UpdateRound
from projects.rounds import answering, asking
from publishing.workflow import Refused
from tests.cycle.minutes import sign_in
from tests.cycle.updates import SAID, coming, make_contact, make_round, path_of, running
from tests.factories import make_meeting
from tests.people import AUDITOR, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
OWN = {"visibility": "own_side", "owner_side": "singapore"}


def at(name: str, *keys) -> str:
    return reverse(f"admin:desk_updates{'_' * bool(name)}{name}", args=keys)


def test_a_meeting_that_one_side_keeps_gets_no_round(client):
    running()
    meeting = coming(kept_by="singapore")
    sign_in(client, SINGAPORE_OFFICER)
    day = timezone.localdate() + datetime.timedelta(days=9)
    page = client.post(at("open", meeting.pk), {"closes_on": day.isoformat()}, follow=True).text
    assert "Share it first" in page
    assert not UpdateRound.objects.exists()


def test_no_answer_is_accepted_for_a_meeting_kept_since(client):
    make_contact(running())
    asked = make_round().requests.get()
    answer = answering.submit(asked, answering.Told(text_en="x"), "link")
    type(asked.round.meeting)._base_manager.filter(pk=asked.round.meeting_id).update(kept_by="singapore")
    with pytest.raises(Refused, match="Share it first"):
        answering.accept(answer, {"text_en": "x"}, person(SINGAPORE_OFFICER))


def test_the_link_of_a_contact_that_one_side_keeps_is_not_given_to_the_other(client):
    make_contact(running(), **OWN)
    asked = make_round().requests.get()
    page = at("request", asked.round.meeting_id, asked.pk)
    sign_in(client, SHENZHEN_OFFICER)
    assert asked.token not in client.get(page).text
    sign_in(client, SINGAPORE_OFFICER)
    assert asked.token in client.get(page).text


@pytest.mark.parametrize("step", [asking.revoke, lambda one: asking.renew(one, one.contact)])
def test_an_answer_that_came_meanwhile_is_not_forgotten(step):
    make_contact(running())
    asked = make_round().requests.get()
    before = UpdateRequest.objects.get(pk=asked.pk)
    answering.submit(asked, answering.Told(text_en="x"), "link")
    step(before)
    asked.refresh_from_db()
    assert asked.answered_at


def test_a_link_renewed_while_somebody_sends_takes_no_answer():
    make_contact(running())
    asked = make_round().requests.get()
    with_old_link = UpdateRequest.objects.get(pk=asked.pk)
    asking.renew(asked, asked.contact)
    with pytest.raises(Refused):
        answering.submit(with_old_link, answering.Told(text_en="x"), "link")
    assert not UpdateAnswer.objects.exists()


def test_no_mail_carries_a_link_that_died_meanwhile(rf):
    make_contact(running())
    round = make_round()
    before = asking.unanswered(round)
    asking.revoke(round.requests.get())
    asking.chase(before, rf.get("/"))
    assert not mail.outbox


def test_a_mail_that_broke_off_is_not_sent_a_second_time_by_chasing(rf):
    make_contact(running())
    round = make_round()
    asking.chase(asking.unanswered(round), rf.get("/"))
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    Mail.objects.update(state=MailState.SENDING, tried_at=long_ago)
    asking.chase(asking.unanswered(round), rf.get("/"))
    assert (len(mail.outbox), Mail.objects.get().state) == (1, State.SENDING)


@pytest.mark.parametrize(
    "text",
    ["a\x01b\x0b", "\u202eabc", "<script>alert(1)</script>", "=1+1", "字" * 4000, "\u00ad\ufeff\U0001f600"],
)
def test_odd_texts_are_taken_shown_and_written_to_files(client, text):
    make_contact(running())
    asked = make_round().requests.get()
    client.post(path_of(asked), SAID | {"text_en": text, "contact_note": text[:500]})
    found = asked.answers.get()
    page = client.get(path_of(asked)).text
    assert "<script>alert" not in page
    sign_in(client, SINGAPORE_OFFICER)
    meeting = asked.round.meeting
    assert "<script>alert" not in client.get(at("answer", meeting.pk, found.pk)).text
    client.post(at("answer", meeting.pk, found.pk), {"text_en": text, "_accept": "1"})
    for form in ("docx", "pdf"):
        assert client.get(reverse("admin:desk_progress_file", args=[meeting.pk, "en", form])).status_code == 200


def test_a_null_character_is_refused_and_not_kept(client):
    make_contact(running())
    asked = make_round().requests.get()
    assert client.post(path_of(asked), SAID | {"text_en": "a\0b"}).status_code == 400
    assert not UpdateAnswer.objects.exists()


def test_the_form_tells_nothing_of_an_unpublished_meeting(client):
    make_contact(running())
    meeting = make_meeting(5, phase="planned", city_en="Verschwiegen", venue_en="Verschwiegen")
    asked = make_round(meeting).requests.get()
    pages = [client.get(path_of(asked)), client.get(path_of(asked, "zh-hans"))]
    assert not [page for page in pages if "Verschwiegen" in page.text or "Fifth" in page.text]


def test_a_title_with_control_characters_breaks_no_word_form(client):
    make_contact(running("Pumps\x0b\x01\ufffe"))
    asked = make_round().requests.get()
    assert client.get(f"{path_of(asked)}form.docx").status_code == 200


@pytest.mark.parametrize("given", ["", "x", "9" * 5000])
def test_a_contact_that_is_not_there_is_refused_and_the_old_one_stays(client, given):
    make_contact(running())
    asked = make_round().requests.get()
    sign_in(client, SINGAPORE_OFFICER)
    sent = {"what": "contact", "contact": given}
    assert client.post(at("change", asked.round.meeting_id, asked.pk), sent).status_code == 302
    asked.refresh_from_db()
    assert asked.contact


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded; charset=utf-16", b"text_en=abc"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x; charset=utf-7", b"--x\r\n\r\nabc\r\n--x--"),
        ("application/json", b"{"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(3000))),
        ("application/x-www-form-urlencoded", b"text_en=%ff%00"),
        ("", b"text_en=abc"),
    ],
)
def test_an_odd_body_is_refused_and_nothing_kept(client, kind, body):
    make_contact(running())
    asked = make_round().requests.get()
    assert client.generic("POST", path_of(asked), body, content_type=kind).status_code == 400
    assert not UpdateAnswer.objects.exists()


@pytest.mark.parametrize(("who", "reads"), [(AUDITOR, False), (SHENZHEN_OFFICER, True)])
def test_who_changes_nothing_reads_no_link_in_a_mail(client, rf, who, reads):
    make_contact(running())
    round = make_round()
    asking.chase(asking.unanswered(round), rf.get("/"))
    sign_in(client, who)
    page = client.get(reverse("admin:outbox_mail_change", args=[Mail.objects.get().pk])).text
    assert "on record as its contact" in page
    assert (round.requests.get().nonce in page) == reads
    assert client.get(reverse("admin:outbox_mail_changelist"), {"body__contains": "x"}).status_code == 400
