"""The page of an update round on a meeting's desk: who may, who is asked, answers become reports, mails."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import localdate

from organisations.merging import merge
from outbox.models import Mail
from projects.models import Contact, ProgressReport, UpdateAnswer, UpdateRequest, UpdateRound
from publishing.workflow import move
from tests.cycle.updates import DAY, SAID, coming, end, make_contact, make_round, path_of, running
from tests.factories import make_meeting, make_organisation, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
OWN = {
    "visibility": "own_side",
    "owner_side": "singapore",
    "name": "Verschwiegen",
    "email": "secret@own.example",
}


def at(name: str, *args) -> str:
    return reverse(f"admin:desk_updates{f'_{name}' if name else ''}", args=args)


def sign_in(client, who: str):
    client.force_login(person(who))
    return client


@pytest.fixture
def officer(client):
    return sign_in(client, SINGAPORE_OFFICER)


@pytest.fixture
def asked():
    make_contact(running())
    return make_round().requests.get()


@pytest.fixture
def answered(asked):
    return asked.answers.create(**SAID, text_zh="", next_steps="Report in May.", contact_note="Tan Wei")


# The round ------------------------------------------------------------------------------------


def test_opening_asks_every_running_project_once(officer):
    known = running("Known")
    make_contact(known)
    running("Without contact", stage="launched")
    running("Finished", stage="completed")
    make_project("Draft", stage="in_progress")
    meeting = coming()
    page = officer.get(at("", meeting.pk)).text
    assert "2 projects would be asked" in page and "1 of them has no contact" in page
    last = localdate() + 30 * DAY
    told = {"closes_on": last.isoformat(), "note_en": "Two lines are enough."}
    officer.post(at("open", meeting.pk), told)
    round = UpdateRound.objects.get()
    assert (round.closes_on, round.opened_by) == (last, person(SINGAPORE_OFFICER))
    asked = {one.project.title_en: bool(one.contact) for one in round.requests.all()}
    assert asked == {"Known": True, "Without contact": False}
    officer.post(at("open", meeting.pk), told)
    assert UpdateRequest.objects.count() == 2
    assert officer.get(reverse("admin:desk", args=[meeting.pk])).text.count("0 of 2 answered") == 1


def test_a_last_day_that_is_past_is_refused(officer):
    meeting = coming()
    answer = officer.post(at("open", meeting.pk), {"closes_on": (localdate() - DAY).isoformat()})
    assert "This day is past" in answer.text and not UpdateRound.objects.exists()


def test_projects_that_come_later_are_asked_too(officer, asked):
    running("Later")
    meeting = asked.round.meeting
    assert "Running, but not asked:" in officer.get(at("", meeting.pk)).text
    officer.post(at("ask", meeting.pk))
    officer.post(at("ask", meeting.pk))
    assert asked.round.requests.count() == 2


def test_closing_and_opening_again(officer, client, asked):
    meeting = asked.round.meeting
    officer.post(at("close", meeting.pk))
    assert client.get(path_of(asked)).status_code == 410
    officer.post(at("open", meeting.pk), {"closes_on": (localdate() + DAY).isoformat()})
    assert client.get(path_of(asked)).status_code == 200


POSTS = ("open", "ask", "close", "mail", "upload", "publish")


@pytest.mark.parametrize("who", [*ROLES, None])
def test_who_may_see_and_who_may_work(client, asked, answered, who):
    meeting = asked.round.meeting
    if who:
        sign_in(client, who)
    seen = 200 if who else 302
    pages = [at("", meeting.pk), at("request", meeting.pk, asked.pk), at("answer", meeting.pk, answered.pk)]
    texts = []
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == seen
        texts.append(answer.text)
    work = {at(name, meeting.pk) for name in POSTS} | {at("change", meeting.pk, asked.pk), pages[2]}
    codes = {client.post(page).status_code for page in work}
    if who == AUDITOR:
        assert codes == {403} and asked.token not in "".join(texts)
        assert "<form" not in texts[1].split("desk-pages")[1]
    elif who is None:
        assert codes <= {200, 302} and UpdateRound.objects.get().closed_at is None
    else:
        assert UpdateRound.objects.get().closed_at
    answered.refresh_from_db()
    assert answered.state == "waiting"


def test_a_meeting_that_the_other_side_keeps_has_no_round_here(client):
    meeting = coming()
    round = make_round(meeting)
    meeting.kept_by = "singapore"
    meeting.save()
    sign_in(client, SHENZHEN_OFFICER)
    assert client.get(at("", meeting.pk)).status_code == 404
    assert client.post(at("close", meeting.pk)).status_code == 404
    assert UpdateRound.objects.get(pk=round.pk).closed_at is None


def test_a_request_of_another_meeting_is_not_found(officer, asked, answered):
    other = make_meeting(6, phase="planned")
    for path in (at("request", other.pk, asked.pk), at("answer", other.pk, answered.pk)):
        assert officer.get(path).status_code == 404
    assert officer.post(at("change", other.pk, asked.pk), {"what": "revoke"}).status_code == 404


def test_the_page_asks_the_same_for_one_project_and_for_many(officer, asked, django_assert_max_num_queries):
    meeting = asked.round.meeting

    def count() -> int:
        with django_assert_max_num_queries(60) as found:
            officer.get(at("", meeting.pk))
        return len(found)

    count()
    before = count()
    for number in range(4):
        make_contact(running(f"Another {number}"))
    officer.post(at("ask", meeting.pk))
    for one in UpdateRequest.objects.all():
        one.answers.create(text_en="x")
    assert count() <= before


# Links and contacts ---------------------------------------------------------------------------


def test_contact_that_one_side_keeps_is_not_told_to_the_other(client):
    make_contact(running(), **OWN)
    asked = make_round().requests.get()
    asked.answers.create(text_en="x", contact_note="Verschwiegen is gone")
    meeting = asked.round.meeting
    pages = [at("", meeting.pk), at("request", meeting.pk, asked.pk)]
    pages += [at("answer", meeting.pk, asked.answers.get().pk), reverse("admin:projects_contact_changelist")]
    sign_in(client, SHENZHEN_OFFICER)
    told = "".join(client.get(page).text for page in pages)
    assert "Verschwiegen" not in told and "secret@" not in told and "Pumps Ltd" not in told
    client.post(at("change", meeting.pk, asked.pk), {"what": "contact", "contact": ""})
    asked.refresh_from_db()
    assert asked.contact
    client.post(at("mail", meeting.pk))
    assert (Mail.objects.get().side, len(mail.outbox)) == ("singapore", 1)
    assert client.get(reverse("admin:projects_contact_change", args=[asked.contact_id])).status_code == 302
    sign_in(client, SINGAPORE_OFFICER)
    assert all("Verschwiegen" in client.get(page).text for page in pages)


def test_an_officer_asks_by_no_contact_that_the_other_side_keeps(client):
    make_contact(running(), **OWN)
    asked = make_round(who=SHENZHEN_OFFICER).requests.get()
    assert asked.contact is None


def test_revoking_and_renewing(officer, asked):
    meeting, old = asked.round.meeting, path_of(asked)
    assert asked.token in officer.get(at("request", meeting.pk, asked.pk)).text
    officer.post(at("change", meeting.pk, asked.pk), {"what": "revoke"})
    assert officer.get(old).status_code == 410
    officer.post(at("change", meeting.pk, asked.pk), {"what": "renew"})
    asked.refresh_from_db()
    assert (officer.get(old).status_code, officer.get(path_of(asked)).status_code) == (410, 200)


def test_another_contact_gets_a_link_of_their_own(officer, asked):
    old = path_of(asked)
    other = make_contact(asked.project, name="Chen", email="chen@pumps.example")
    stranger = make_contact(running("Other"), name="Stranger")
    path = at("change", asked.round.meeting.pk, asked.pk)
    officer.post(path, {"what": "contact", "contact": other.pk})
    asked.refresh_from_db()
    assert (asked.contact, officer.get(old).status_code) == (other, 410)
    officer.post(path, {"what": "contact", "contact": stranger.pk})
    asked.refresh_from_db()
    assert asked.contact != stranger


def test_overdue_contact_is_hidden_at_once_and_then_deleted(officer, asked):
    contact = asked.contact
    asked.answers.create(text_en="x", contact_note="Tan Wei")
    officer.post(at("mail", asked.round.meeting.pk))
    Contact.everything.filter(pk=contact.pk).update(delete_after=localdate() - DAY)
    page = at("request", asked.round.meeting.pk, asked.pk)
    assert "Lim Ah Kow" not in officer.get(page).text + officer.get(at("", asked.round.meeting.pk)).text
    assert officer.get(path_of(asked)).status_code == 410
    call_command("delete_contacts")
    assert not Contact.everything.exists() and not Mail.objects.exists()
    asked.refresh_from_db()
    assert (asked.contact, bool(asked.revoked_at), asked.answers.get().contact_note) == (None, True, "")


def test_opening_a_round_deletes_what_is_overdue():
    make_contact(running(), delete_after=localdate() - DAY)
    make_round()
    assert not Contact.everything.exists()


def test_notes_on_contacts_not_on_record_are_emptied_some_months_later():
    running()
    asked = make_round().requests.get()
    asked.answers.create(text_en="x", contact_note="Tan Wei")
    call_command("delete_contacts")
    assert asked.answers.get().contact_note
    end(asked.round, closes_on=localdate() - 100 * DAY)
    call_command("delete_contacts")
    assert not asked.answers.get().contact_note


def test_contact_form_asks_for_a_basis_and_a_day_to_come(officer):
    project = running()
    given = {
        "project": project.pk,
        "name": "Lim",
        "email": "lim@pumps.example",
        "language": "en",
        "basis": "other",
        "basis_on": localdate().isoformat(),
        "delete_after": (localdate() - DAY).isoformat(),
        "visibility": "own_side",
        "owner_side": "shenzhen",
    }
    answer = officer.post(reverse("admin:projects_contact_add"), given)
    assert answer.status_code == 200
    assert set(answer.context["adminform"].form.errors) == {
        "organisation",
        "basis_words",
        "delete_after",
        "owner_side",
    }
    given |= {"basis_words": "Listed on the site", "organisation_words": "X", "owner_side": "singapore"}
    given["delete_after"] = (localdate() + DAY).isoformat()
    assert officer.post(reverse("admin:projects_contact_add"), given).status_code == 302
    assert Contact.objects.get().owner_side == "singapore"


# Mails ------------------------------------------------------------------------------------------


def test_one_mail_a_day_in_both_languages_to_those_who_have_not_answered(officer, asked):
    done = running("Answered")
    make_contact(done, email="done@pumps.example")
    officer.post(at("ask", asked.round.meeting.pk))
    officer.post(path_of(done.update_requests.get()), SAID)
    officer.post(at("mail", asked.round.meeting.pk))
    officer.post(at("mail", asked.round.meeting.pk))
    officer.post(at("change", asked.round.meeting.pk, asked.pk), {"what": "mail"})
    (sent,) = mail.outbox
    assert sent.to == ["lim@pumps.example"] and asked.project.reference in sent.subject
    for words in (path_of(asked), path_of(asked, "zh-hans"), "Smart pumps", "智慧水泵", "To object"):
        assert words in sent.body


def test_a_mail_that_failed_is_tried_again_and_the_others_are_not(officer, asked):
    officer.post(at("mail", asked.round.meeting.pk))
    Mail.objects.update(state="failed", problem="refused")
    officer.post(at("mail", asked.round.meeting.pk))
    assert (len(mail.outbox), Mail.objects.get().state) == (2, "sent")


def test_nobody_is_mailed_after_the_end_or_a_withdrawal(officer, asked):
    end(asked.round, closes_on=localdate() - DAY)
    officer.post(at("mail", asked.round.meeting.pk))
    officer.post(at("change", asked.round.meeting.pk, asked.pk), {"what": "mail"})
    assert mail.outbox == []


# Answers ----------------------------------------------------------------------------------------


def test_accepting_writes_a_report_that_the_public_does_not_read(officer, client, asked, answered):
    path = at("answer", asked.round.meeting.pk, answered.pk)
    page = officer.get(path).text
    assert "Pumps run in 12 estates.\nNext steps: Report in May." in page and "Tan Wei" in page
    given = {"text_en": "In 12 estates.", "text_zh": "十二处。", "rating": "delayed", "_accept": "1"}
    officer.post(path, given)
    report = ProgressReport.objects.get()
    assert (report.text_en, report.rating, report.visibility) == ("In 12 estates.", "delayed", "both_sides")
    assert report.history.get().history_user == person(SINGAPORE_OFFICER)
    answered.refresh_from_db()
    assert (answered.state, answered.text_en) == ("accepted", SAID["text_en"])
    assert "12 estates" not in client.get(asked.project.get_absolute_url()).text
    officer.post(path, given | {"text_en": "Again"})
    assert ProgressReport.objects.get().text_en == "In 12 estates."


def test_a_report_without_a_text_is_not_accepted(officer, asked, answered):
    page = officer.post(at("answer", asked.round.meeting.pk, answered.pk), {"_accept": "1"})
    assert "Write the report in at least one language." in page.text and not ProgressReport.objects.exists()


def test_putting_aside_needs_a_reason(officer, asked, answered):
    path = at("answer", asked.round.meeting.pk, answered.pk)
    officer.post(path, {"_aside": "1"})
    answered.refresh_from_db()
    assert answered.state == "waiting"
    officer.post(path, {"_aside": "1", "reason": "Of another project"})
    answered.refresh_from_db()
    assert (answered.state, answered.reason) == ("aside", "Of another project")


def test_a_correction_after_acceptance_changes_the_same_report(officer, client, asked, answered):
    officer.post(at("answer", asked.round.meeting.pk, answered.pk), {"text_en": "First", "_accept": "1"})
    client.post(path_of(asked), SAID | {"text_en": "Second"})
    later = UpdateAnswer.objects.get(state="waiting")
    officer.post(at("answer", asked.round.meeting.pk, later.pk), {"text_en": "Second", "_accept": "1"})
    assert ProgressReport.objects.get().text_en == "Second"


def test_an_answer_of_a_project_withdrawn_since_is_not_accepted(officer, asked, answered):
    move(asked.project, "withdrawn", by=person(MANAGER), reason="Entered twice.")
    officer.post(at("answer", asked.round.meeting.pk, answered.pk), {"text_en": "First", "_accept": "1"})
    assert not ProgressReport.objects.exists()


def test_reports_become_public_with_the_meeting_and_by_a_manager(client, asked, answered):
    meeting = asked.round.meeting
    sign_in(client, SINGAPORE_OFFICER)
    given = {"text_en": "In 12 estates.", "rating": "at_risk", "_accept": "1"}
    client.post(at("answer", meeting.pk, answered.pk), given)
    assert client.post(at("publish", meeting.pk)).status_code == 403
    sign_in(client, OTHER_MANAGER)
    client.post(at("publish", meeting.pk))
    assert ProgressReport.objects.get().visibility == "both_sides"
    published(meeting)
    pages = [asked.project.get_absolute_url(), meeting.get_absolute_url()]
    assert not [page for page in pages if "12 estates" in client.get(page).text]
    client.post(at("publish", meeting.pk))
    texts = [client.get(page).text for page in pages]
    assert all("In 12 estates." in text and "at risk" not in text for text in texts)


def test_an_officer_does_not_change_a_public_report_by_accepting(officer, asked, answered):
    meeting = published(asked.round.meeting)
    report = asked.project.progress_reports.create(meeting=meeting, text_en="Public words")
    officer.post(at("answer", meeting.pk, answered.pk), {"text_en": "Other words", "_accept": "1"})
    report.refresh_from_db()
    assert report.text_en == "Public words"


def test_a_private_report_leaves_a_confirmed_text_confirmed(asked):
    project = asked.project
    type(project)._base_manager.filter(pk=project.pk).update(confirmed_en_by=person(MANAGER))
    report = project.progress_reports.create(meeting=asked.round.meeting, text_en="x", visibility="both_sides")
    project.refresh_from_db()
    assert project.confirmed_en_by
    report.visibility = "public"
    report.text_en = "y"
    report.save()
    project.refresh_from_db()
    assert project.confirmed_en_by is None


def test_a_contact_of_a_body_that_was_merged_is_of_the_one_kept():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    contact = make_contact(running())
    contact.organisation = merged
    contact.save()
    merge(kept, merged, by=person(MANAGER))
    assert Contact.objects.get().organisation_name == "Keppel"
