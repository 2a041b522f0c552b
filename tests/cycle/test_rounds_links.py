"""The signed link: a form without account or cookie, and a clear page for every link that leads to none."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from projects.models import ProgressReport, UpdateAnswer
from publishing.workflow import move
from tests.cycle.updates import DAY, SAID, coming, end, make_contact, make_round, path_of, running
from tests.factories import make_organisation, published
from tests.people import MANAGER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


@pytest.fixture
def asked():
    make_contact(running())
    return make_round().requests.get()


@pytest.mark.parametrize(("language", "words"), [("en", "Next steps and when"), ("zh-hans", 'lang="zh-Hans"')])
def test_form_shows_the_project_and_keeps_to_itself(client, asked, language, words):
    answer = client.get(path_of(asked, language))
    assert (answer.status_code, words in answer.text) == (200, True)
    assert "Smart pumps" in answer.text and "智慧水泵" in answer.text
    assert answer["Cache-Control"] == "no-store, private"
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
    assert 'rel="canonical"' not in answer.text and "csrf" not in answer.text
    assert "JIC5" not in answer.text  # the coming meeting is not published


def test_form_names_no_person_and_nothing_of_staff(client):
    body = published(make_organisation("Keppel"))
    project = running("Pumps", notes="Verschwiegen")
    make_contact(project, name="Lim Ah Kow", organisation=body)
    page = client.get(path_of(make_round().requests.get())).text
    assert "Lim" not in page and "lim@" not in page and "Verschwiegen" not in page


def test_answer_arrives_as_a_draft_without_a_token(asked):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path_of(asked), SAID, follow=True)
    kept = UpdateAnswer.objects.get()
    assert (kept.text_en, kept.stage, kept.state, kept.way) == (
        SAID["text_en"],
        "in_progress",
        "waiting",
        "link",
    )
    assert "Pumps run in 12 estates." in answer.text and "no-store" in answer["Cache-Control"]
    assert not answer.cookies and not ProgressReport.objects.exists()


def test_link_opened_twice_shows_what_was_sent_and_takes_a_correction(client, asked):
    client.post(path_of(asked), SAID)
    page = client.get(path_of(asked)).text
    assert "Pumps run in 12 estates." in page and "This was sent on" in page
    client.post(path_of(asked), SAID)  # a double click
    assert UpdateAnswer.objects.count() == 1
    client.post(path_of(asked), SAID | {"text_en": "In 13."})
    states = dict(UpdateAnswer.objects.values_list("text_en", "state"))
    assert states == {"Pumps run in 12 estates.": "replaced", "In 13.": "waiting"}


def test_first_opening_is_noted_but_not_a_look_at_the_head(client, asked):
    client.head(path_of(asked))
    asked.refresh_from_db()
    assert asked.opened_at is None
    client.get(path_of(asked))
    asked.refresh_from_db()
    assert asked.opened_at


@pytest.mark.parametrize(
    "sent",
    [{}, {"text_en": "a" * 4001}, {"text_en": "x", "stage": "proposed"}, {"text_en": "a\0b"}],
    ids=["nothing", "too long", "no such stage", "null"],
)
def test_bad_answer_is_told_in_words_and_not_kept(client, asked, sent):
    answer = client.post(path_of(asked), sent)
    assert (answer.status_code, "Nothing was sent yet." in answer.text) == (400, True)
    assert not UpdateAnswer.objects.exists()


def test_too_large_an_answer_is_not_read(client, asked):
    answer = client.post(path_of(asked), {"text_en": "a" * 300_000})
    assert (answer.status_code, UpdateAnswer.objects.exists()) == (413, False)


def test_too_many_answers_are_refused(client, asked):
    for number in range(40):
        asked.answers.create(text_en=str(number))
    answer = client.post(path_of(asked), SAID)
    assert (answer.status_code, "sent too often" in answer.text) == (429, True)


def expired(asked):
    end(asked.round, closes_on=localdate() - DAY)


def closed(asked):
    end(asked.round, closed_at=timezone.now())


def withdrawn(asked):
    move(asked.project, "withdrawn", by=person(MANAGER), reason="Entered twice.")


def revoked(asked):
    asked.revoke()


def renewed(asked):
    asked.new_link(asked.contact)


def overdue(asked):
    asked.contact.delete_after = localdate() - DAY
    asked.contact.save()


def deleted(asked):
    asked.contact.delete()


DEAD = {
    expired: "The link has expired",
    closed: "have closed this round",
    withdrawn: "not needed any longer",
    revoked: "was revoked",
    renewed: "was revoked",
    overdue: "was revoked",
    deleted: "was revoked",
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kill", DEAD, ids=lambda one: one.__name__)
def test_dead_link_says_why_and_nothing_of_the_project(client, asked, kill, language):
    path = path_of(asked, language)
    kill(asked)
    for answer in (
        client.get(path),
        client.post(path, SAID),
        client.get(f"{path}sent/"),
        client.get(f"{path}form.docx"),
    ):
        assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store, private")
        assert DEAD[kill] in answer.text and '<div lang="zh-Hans">' in answer.text
        assert "pumps" not in answer.text and "水泵" not in answer.text and "SCI-P" not in answer.text
    assert not UpdateAnswer.objects.exists()


@pytest.mark.parametrize("how", ["x", "", "另", "%00"])
def test_tampered_link_leads_nowhere(client, asked, how):
    token = asked.token
    wrong = {"x": token[:-1] + ("A" if token[-1] != "A" else "B"), "": "1.abc.def"}.get(how, token + how)
    answer = client.get(f"/en/updates/{wrong}/")
    assert answer.status_code in (400, 404)
    assert "Smart pumps" not in answer.text


def test_link_of_one_project_is_none_of_another(client, asked):
    other = running("Other project")
    head, _dot, signature = asked.token.rpartition(".")
    forged = f"{int(head.split('.')[0]) + 1}.{head.split('.')[1]}.{signature}"
    assert client.get(f"/en/updates/{forged}/").status_code == 404
    assert other.update_requests.count() == 0


def test_code_of_the_word_form_opens_no_form(client, asked):
    assert client.get(f"/en/updates/{asked.code}/").status_code == 404


def test_whoever_gets_a_new_link_does_not_read_what_came_by_the_old_one(client, asked):
    client.post(path_of(asked), SAID | {"contact_note": "Tan Wei, tan@pumps.example"})
    asked.refresh_from_db()
    asked.new_link(None)
    page = client.get(path_of(asked)).text
    assert "12 estates" not in page and "tan@" not in page
    assert client.get(path_of(asked) + "sent/").status_code == 302


def test_published_meeting_is_named(client):
    running()
    round = make_round(published(coming()))
    assert round.meeting.title_in_sentence in client.get(path_of(round.requests.get())).text


def test_only_its_methods(client, asked):
    assert client.put(path_of(asked)).status_code == 405
    assert client.post(path_of(asked) + "sent/").status_code in (302, 405)


@pytest.mark.parametrize(("moment", "status"), [("15:59", 200), ("16:00", 410)])
def test_last_day_ends_in_utc_plus_8(client, asked, monkeypatch, moment, status):
    end(asked.round, closes_on=datetime.date(2027, 1, 5))
    now = datetime.datetime.fromisoformat(f"2027-01-05T{moment}:00+00:00")
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    assert client.get(path_of(asked)).status_code == status
