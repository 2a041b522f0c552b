"""The whole cycle of a fifth meeting in a real browser, on the loaded record, with the files it brings.

Two officers and two managers, one of each side, and the contact of a project, who has no account.
"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import localdate, now

from meetings.models import Action, Meeting, Paper
from mous.models import MOU
from outbox.models import Mail
from projects.models import ProgressReport, Project
from publishing.models import Publication
from publishing.releases import Release
from sci_portal.loading import load
from tests.desk.seat import MEETINGS, Desk, text_of
from tests.people import MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db(transaction=True)]

COMING = localdate() + timedelta(days=30)


@pytest.fixture
def desk(live_server, open_page, tmp_path):
    load(settings.DATA_DIR)
    for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER):
        user = person(who)
        user.language, user.email = "en", f"{who}@example.org"
        user.save()
    return Desk(open_page(locale="en-GB"), live_server.url, tmp_path)


def test_a_fifth_meeting_from_its_call_to_the_release(desk, settings):
    _plan(desk)
    _call(desk)
    _propose(desk)
    _clear(desk)
    _ask(desk)
    _brief(desk)
    _hold_and_record(desk)
    _agree(desk)
    _follow_up(desk, settings)
    _release(desk)
    _look_back(desk)
    assert desk.page.console_errors == []


def _plan(desk: Desk) -> None:
    desk.sit(SINGAPORE_OFFICER)
    desk.open(MEETINGS)
    desk.press("text=Plan the next meeting")
    assert desk.page.locator("#id_number").input_value() == "5"
    desk.fill(starts_on=COMING.isoformat())
    desk.press("input[name=_continue] >> nth=-1")
    desk.meeting = Meeting.objects.get(number=5)
    assert (desk.meeting.phase, desk.meeting.starts_on) == ("planned", COMING)
    assert desk.meeting.attendances.count() == Meeting.objects.get(number=4).attendances.count() > 0


def _call(desk: Desk) -> None:
    desk.desk("agenda/")
    items = {"Progress since the fourth meeting": "第四次会议以来的进展", "New projects": "新增合作项目"}
    for english, chinese in items.items():
        desk.fill(title_en=english, title_zh=chinese)
        desk.press("text=Add the item")
    first = desk.meeting.agenda_items.get(title_en="Progress since the fourth meeting")
    desk.open(f"/admin/meetings/paper/add/?meeting={desk.meeting.pk}&agenda_item={first.pk}")
    desk.fill(title="Note on progress")
    desk.choose(visibility="both_sides")
    note = {"name": "note.pdf", "mimeType": "application/pdf", "buffer": _a_paper()}
    desk.page.set_input_files("#id_file", note)
    desk.press("input[name=_save]")
    desk.desk("agenda/")
    desk.press("button:has-text('Make it final')")
    found = desk.files("pdf", "docx")
    assert len(found) >= 4
    assert any("新增合作项目" in words and "议程" in words for words in found.values())
    assert any("New projects" in words and "Agenda" in words for words in found.values())
    desk.desk("delegations/")
    assert any("梁颖强" in words for words in desk.files("pdf", "docx", "xlsx").values())
    desk.desk("packet/")
    packets = desk.files("pdf")
    assert packets and all("What was done since the fourth meeting" in words for words in packets.values())


def _a_paper() -> bytes:
    from documents.blocks import Document as Written
    from documents.blocks import Text
    from documents.pdf import to_pdf

    return to_pdf(Written("Note on progress", "en", [Text("What was done since the fourth meeting")]))


def _propose(desk: Desk) -> None:
    """Enter an MOU and a project for the meeting, as their officer would."""
    for kind, title, chinese in (
        ("mous/mou", "MOU on digital identity", "数字身份谅解备忘录"),
        ("projects/project", "Digital identity for small firms", "中小企业数字身份"),
    ):
        desk.open(f"/admin/{kind}/add/?meeting={desk.meeting.pk}")
        desk.fill(
            title_en=title, title_zh=chinese, summary_en="A trial with ten firms.", summary_zh="十家企业试点。"
        )
        desk.choose(parties_known="none")
        desk.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if not desk.page.locator("#citations-0 select[name='citations-0-source']").count():
            desk.page.click("text=Add another Source")
        desk.page.click("#citations-0 .select2-selection")
        desk.page.locator(".select2-results__option:not(.loading-results)").first.click()
        desk.press("input[name=_continue] >> nth=-1")
        desk.press("button:has-text('Save and submit for review')")


def _clear(desk: Desk) -> None:
    for who, side in ((SINGAPORE_OFFICER, "Singapore"), (SHENZHEN_OFFICER, "Shenzhen")):
        desk.sit(who)
        desk.desk("deliverables/")
        for box in desk.page.locator("input[name$=-pick]").all():
            box.check()
        desk.press(f"button:has-text('Clear the selected lines for {side}')")
    desk.tells("2 of 2 cleared by both sides")
    desk.press("button:has-text('Number Annex A and Annex B')")
    found = desk.files("pdf", "docx", "xlsx", within="[aria-labelledby=files]")
    assert len(found) >= 24  # list, run sheet, Annex A and B, in two languages and three formats
    assert sum("数字身份谅解备忘录" in words for words in found.values()) >= 6
    assert sum("Digital identity for small firms" in words for words in found.values()) >= 6
    assert Project.objects.get(meeting=desk.meeting).annex_item == 1


def _ask(desk: Desk) -> None:
    """Open a round, answer it as the contact of a project does, and accept the answer."""
    project = Project.objects.filter(status="published", stage="launched").order_by("reference_number").first()
    desk.open(f"/admin/projects/contact/add/?project={project.pk}")
    desk.fill(name="Ng Siew Lin", email="contact@example.org", organisation_words="A firm")
    desk.choose(basis="function")
    desk.fill(basis_on=localdate().isoformat(), delete_after=(COMING + timedelta(days=90)).isoformat())
    desk.press("input[name=_save]")
    desk.desk("updates/")
    desk.fill(closes_on=(COMING - timedelta(days=5)).isoformat())
    desk.press("button:has-text('Open the round')")
    desk.press("button:has-text('Mail the link')")
    assert Mail.objects.get(kind="update_request").to == "contact@example.org"
    desk.press(f"a:has-text('{project.reference}')")
    link = desk.page.locator("#id_link_zh-hans").input_value()
    desk.page.context.clear_cookies()
    desk.open(link.removeprefix(desk.address))
    desk.page.locator("[name=text_zh]").fill("两地各有三家企业参与试点。")
    desk.page.locator("[name=contact_right]").first.check()
    desk.press("main button")
    desk.tells("两地各有三家企业参与试点。")
    assert desk.page.context.cookies() == []
    desk.sit(SHENZHEN_OFFICER)
    desk.desk("updates/")
    desk.press("a:has-text('to be checked')")
    desk.fill(text_en="Three firms on each side take part.")
    desk.choose(rating="on_track")
    desk.press("button:has-text('Accept')")
    assert ProgressReport.objects.get(meeting=desk.meeting).visibility == "both_sides"
    desk.desk("progress/")
    found = desk.files("pdf", "docx")
    assert len(found) == 4 and sum("两地各有三家企业" in words for words in found.values()) == 2
    assert not any("on track" in words or "按计划" in words for words in found.values())


def _brief(desk: Desk) -> None:
    desk.sit(SINGAPORE_OFFICER)
    desk.desk("briefing/")
    found = desk.files("pdf", "docx")
    assert len(found) == 4
    assert all("SCI-P-" in words for words in found.values())


def _hold_and_record(desk: Desk) -> None:
    desk.open(f"{MEETINGS}{desk.meeting.pk}/change/")
    desk.choose(phase="held")
    desk.fill(starts_on=localdate().isoformat())
    desk.press("input[name=_continue] >> nth=-1")
    desk.desk("deliverables/outcome/")
    desk.press("#outcome_form button")
    assert MOU.objects.get(meeting=desk.meeting).signed_on == localdate()
    assert Project.objects.get(meeting=desk.meeting).stage == "launched"
    desk.desk("record/")
    item = desk.page.locator(".record-item").first
    item.locator("textarea[name$=noted_en]").fill("The progress was noted.")
    item.locator("textarea[name$=noted_zh]").fill("双方注意到有关进展。")
    item.locator("summary:has-text('Add a decision')").click()
    decision = item.locator("fieldset:has-text('New decision')").first
    decision.locator("textarea[name$=text_en]").fill("To widen the trial.")
    decision.locator("textarea[name$=text_zh]").fill("扩大试点。")
    item.locator("summary:has-text('Add a follow-up action')").click()
    action = item.locator("fieldset:has-text('New action')").first
    action.locator("textarea[name$=text_en]").fill("Report on the trial.")
    action.locator("textarea[name$=text_zh]").fill("报告试点情况。")
    action.locator("select[name$=owner_side]").select_option("singapore")
    action.locator("input[type=date][name$=due_on]").fill((localdate() + timedelta(days=14)).isoformat())
    desk.press("button:has-text('Save the record')")
    desk.tells("JIC5-D1")
    assert str(Action.objects.get(meeting=desk.meeting)) == "JIC5-A1"


def _agree(desk: Desk) -> None:
    desk.desk("minutes/")
    drafts = desk.files("pdf", "docx")
    assert any("双方注意到有关进展。" in words for words in drafts.values())
    desk.press("button:has-text('Circulate the draft')")
    desk.press("button:has-text('Give clearance for the English text')")
    desk.sit(SHENZHEN_OFFICER)
    desk.desk("minutes/")
    desk.press("button:has-text('Give clearance for the Chinese text')")
    desk.tells("Agreed files")
    agreed = Paper.objects.filter(meeting=desk.meeting, visibility="both_sides").exclude(
        title="Note on progress"
    )
    assert sorted(paper.file_name.rpartition(".")[2] for paper in agreed) == ["docx", "docx", "pdf", "pdf"]
    for paper in agreed:
        desk.tells(paper.sha256)
        assert "JIC5-D1" in text_of(paper.file_name, paper.file.read())


def _follow_up(desk: Desk, settings) -> None:
    folder = desk.folder / "outbox"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = folder
    settings.SITE_URL = desk.address
    for _twice in range(2):
        call_command("send_reminders")
    reminders = Mail.objects.filter(kind="reminder")
    assert {mail.user.username for mail in reminders} == {SINGAPORE_OFFICER, MANAGER}
    assert all("JIC5-A1" in mail.body for mail in reminders) and reminders.count() == 2
    desk.sit(SINGAPORE_OFFICER)
    desk.desk("actions/")
    desk.tells("Report on the trial.")
    action = Action.objects.get(meeting=desk.meeting)
    desk.open(f"/admin/meetings/action/{action.pk}/change/")
    desk.page.locator("#follow-up textarea[name$=text]").fill("The report is written.")
    desk.page.locator("#follow-up select[name$=state]").select_option("done")
    desk.press("#follow-up button[type=submit]")
    action.refresh_from_db()
    assert (action.state, action.closed_on, action.follow_up.count()) == ("done", localdate(), 1)


def _release(desk: Desk) -> None:
    desk.open(f"{MEETINGS}{desk.meeting.pk}/change/")
    desk.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    desk.page.click("text=Add another Source")
    desk.page.click("[id^='citations-']:not(.empty-form) .select2-selection >> nth=0")
    desk.page.locator(".select2-results__option:not(.loading-results)").first.click()
    desk.press("input[name=_continue] >> nth=-1")
    desk.press("button:has-text('Save and submit for review')")
    desk.sit(OTHER_MANAGER)
    desk.desk("release/")
    desk.fill(day=COMING.isoformat(), time="16:00")
    desk.press("button:has-text('Set the hour')")
    desk.press("button:has-text('Approve all')")
    desk.tells("Approved, to go public at that hour: 3 of 3")
    addresses = ["/en/meetings/5/", "/zh-hans/meetings/5/", "/en/projects/?q=identity", "/en/mous/?q=identity"]
    anonymous = Client()
    assert [anonymous.get(one).status_code for one in addresses[:2]] == [404, 404]
    assert not any("MOU on digital identity" in anonymous.get(one).text for one in addresses[2:])
    # The hour comes.
    past = now() - timedelta(minutes=1)
    Release.objects.update(at=past)
    Publication.objects.update(next_release_at=past)
    reader = desk.page.context.browser.new_page(locale="zh-CN")
    response = reader.goto(f"{desk.address}/zh-hans/meetings/5/")
    assert response.status == 200
    shown = reader.locator("main").inner_text()
    assert "数字身份谅解备忘录" in shown and "中小企业数字身份" in shown
    reader.close()
    assert Release.objects.get().state == "released"
    assert ProgressReport.objects.get(meeting=desk.meeting).visibility == "public"
    assert all(b"identity" in anonymous.get(one).content for one in addresses[2:])


def _look_back(desk: Desk) -> None:
    desk.desk("since/")
    desk.tells("Digital identity for small firms")
    found = desk.files("pdf", "docx", "csv")
    assert any("中小企业数字身份" in words for words in found.values())
