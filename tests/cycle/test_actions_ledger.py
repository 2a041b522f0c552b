"""The ledger of follow-up actions: due and late, notes that stay, closing, files, and who may do what."""

import csv
import datetime
import io
import re
from html import unescape

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import localdate

from initiative.dates import settle
from meetings.actions.due import DUE, Due, by_due, due_words, open_from_earlier
from meetings.actions.follow_up import timeline
from meetings.models import Action, ActionNote, Meeting
from publishing.authorship import acting
from publishing.workflow import disclosures
from tests.desk.forms import change_address, open_form, send
from tests.desk.test_attack_sides import OWN
from tests.factories import make_meeting, make_organisation, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
LIST = "/admin/meetings/action/"
STAFF = [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER]


def add(meeting, number=1, who=SINGAPORE_OFFICER, **fields) -> Action:
    with acting(person(who)):
        return meeting.actions.create(
            **{"number": number, "text_en": f"Act {number}", "owner_side": "singapore"} | fields
        )


def write(action, text="Asked again.", who=SINGAPORE_OFFICER, **fields) -> ActionNote:
    with acting(person(who)):
        return action.follow_up.create(text=text, **fields)


def follow(client, action, who=SINGAPORE_OFFICER, **fields):
    client.force_login(person(who))
    data = {"text": "", "visibility": "both_sides", "state": action.state, "was": action.state} | fields
    return client.post(
        f"{LIST}{action.pk}/follow-up/", {f"follow-{name}": value for name, value in data.items()}
    )


@pytest.fixture
def action():
    return add(make_meeting(4), due_on=localdate() - datetime.timedelta(days=12))


# Due -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "precision"),
    [
        ("2027-02-01", "month"),
        ("2028-02-01", "month"),
        ("2027-12-01", "month"),
        ("2027-01-01", "year"),
        ("2027-03-09", "day"),
    ],
)
def test_an_action_is_due_by_the_last_day_on_which_its_meeting_can_be_held(day, precision):
    day = datetime.date.fromisoformat(day)
    coming = make_meeting(5, starts_on=day, starts_on_precision=precision, phase="planned")
    add(make_meeting(4), due_meeting=coming)
    assert Action.objects.annotate(due=DUE).get().due == settle(day, precision, last=True)


def test_a_meeting_in_this_month_makes_nothing_late():
    first = localdate().replace(day=1)
    coming = make_meeting(5, starts_on=first, starts_on_precision="month", phase="planned")
    add(make_meeting(4), due_meeting=coming)
    assert by_due(Action.objects.all()).get().due >= localdate()


def test_due_in_words():
    without = make_meeting(6, starts_on=None, phase="planned")
    meeting = make_meeting(4)
    told = [
        due_words(add(meeting, 1, due_on=datetime.date(2026, 12, 14))),
        due_words(add(meeting, 2, due_meeting=without)),
        due_words(add(meeting, 3, due_meeting=meeting)),
        due_words(add(meeting, 4)),
    ]
    assert told == [
        "14 December 2026",
        "Sixth JIC meeting, date to be announced",
        "Fourth JIC meeting, 14 December 2023",
        "",
    ]


def test_ledger_tells_how_late_in_both_languages(client, action):
    client.force_login(person(SINGAPORE_OFFICER))
    assert "12 days late" in client.get(LIST).text
    action.state = "done"
    action.save()
    assert "days late" not in client.get(LIST).text


def test_what_is_open_from_earlier_meetings(action):
    fifth = make_meeting(5, starts_on=localdate(), phase="planned")
    add(fifth, 1)
    add(action.meeting, 2, state="dropped")
    kept = add(action.meeting, 3, **OWN)
    assert list(open_from_earlier(fifth, person(SHENZHEN_OFFICER))) == [action]
    assert list(open_from_earlier(fifth, person(MANAGER))) == [action, kept]
    assert not open_from_earlier(action.meeting, person(MANAGER))
    undated = make_meeting(6, starts_on=None, phase="planned")
    assert list(open_from_earlier(undated, person(SHENZHEN_OFFICER))) == [action]


# Closing -------------------------------------------------------------------------------------------


def test_closing_is_dated_and_opening_again_takes_the_date_away(action):
    action.state = "done"
    action.save()
    assert action.closed_on == localdate()
    action.closed_on = datetime.date(2024, 1, 2)
    action.save()
    action.text_en = "Other words"
    action.save()
    assert Action.objects.get().closed_on == datetime.date(2024, 1, 2)
    action.state = "open"
    action.save()
    assert Action.objects.get().closed_on is None


def test_a_closing_without_a_known_day_stays_so(action):
    action.state = "done"
    action.save()
    action.closed_on = None
    action.save()
    action.text_en = "Other words"
    action.save()
    assert Action.objects.get().closed_on is None


# Notes ---------------------------------------------------------------------------------------------


def test_a_note_is_signed_and_never_changed(action):
    note = write(action)
    assert note.written_by == person(SINGAPORE_OFFICER) and note.written_at
    note.text = "Something else"
    with pytest.raises(ValidationError, match="A note is never changed"):
        note.save()
    assert ActionNote.objects.get().text == "Asked again."


def test_a_note_leaves_the_meeting_as_it_is(action):
    before = Meeting.objects.filter(pk=action.meeting_id).values().get()
    write(action, who=MANAGER).delete()
    assert Meeting.objects.filter(pk=action.meeting_id).values().get() == before


def test_notes_and_changes_of_state_are_one_line_of_time(client, action):
    follow(client, action, text="Begun.", state="in_progress")
    action.refresh_from_db()
    follow(client, action, who=SHENZHEN_OFFICER, text="已完成。", state="done")
    with translation.override("en"):
        found = timeline(action, person(MANAGER))
    told = [entry.note.text if entry.note else entry.change for entry in found]
    assert told == ["已完成。", "in progress → done", "Begun.", "open → in progress", "entered"]
    assert [entry.person.username for entry in found] == [SHENZHEN_OFFICER] * 2 + [SINGAPORE_OFFICER] * 3


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("is_public", [False, True])
def test_who_writes_notes_and_closes(client, action, who, is_public):
    if is_public:
        published(action.meeting)
    answer = follow(client, action, who, text="Sent.", state="done")
    action.refresh_from_db()
    may = who != AUDITOR
    assert (answer.status_code, action.state) == ((302, "done") if may else (403, "open"))
    assert action.closing_note == ("Sent." if may else "")
    assert action.follow_up.count() == may


def test_what_the_public_reads_is_closed_by_managers(client, action):
    action.visibility = "public"
    action.save()
    published(action.meeting)
    follow(client, action, SINGAPORE_OFFICER, text="Sent.", state="done")
    action.refresh_from_db()
    assert (action.state, action.follow_up.count()) == ("open", 1)
    follow(client, action, MANAGER, state="done")
    action.refresh_from_db()
    assert action.state == "done"


def test_a_stranger_is_led_to_the_login(client, action):
    note = write(action)
    pages = [f"{LIST}{action.pk}/follow-up/", f"{LIST}ledger.csv", f"{LIST}ledger/en.pdf"]
    pages += [
        f"/admin/meetings/actionnote/{note.pk}/delete/",
        reverse("admin:desk_actions", args=[action.meeting_id]),
    ]
    for page in pages:
        assert client.get(page).url.startswith("/admin/login/"), page
        assert "/admin/login/" in client.post(page, {"post": "yes", "follow-text": "A note"}).text
    assert ActionNote.objects.count() == 1


def test_a_note_of_one_side_is_nowhere_on_the_other(client, action):
    follow(client, action, SHENZHEN_OFFICER, text="Verschwiegen", visibility="own_side")
    note = ActionNote.objects.get()
    assert note.owner_side == "shenzhen"
    pages = [
        LIST,
        change_address(action),
        f"{LIST}{action.pk}/follow-up/",
        f"{LIST}{action.pk}/history/",
        f"{LIST}ledger.csv",
        reverse("admin:desk_actions", args=[action.meeting_id]),
        change_address(action.meeting),
        f"/admin/meetings/meeting/{action.meeting_id}/history/",
        "/admin/meetings/meeting/sheets/actionnote-record.csv",
        "/admin/changes/",
        "/admin/",
    ]
    for who, told in ((SHENZHEN_OFFICER, True), (MANAGER, False)):
        client.force_login(person(who))
        seen = ["Verschwiegen" in client.get(page).content.decode() for page in pages]
        assert any(seen) is told, who
    client.force_login(person(MANAGER))
    assert client.post(f"/admin/meetings/actionnote/{note.pk}/delete/", {"post": "yes"}).status_code == 302
    assert ActionNote.objects.count() == 1


def test_a_note_kept_by_one_side_keeps_its_meeting_shared(action):
    write(action, who=SHENZHEN_OFFICER, visibility="own_side", owner_side="shenzhen")
    meeting = action.meeting
    meeting.kept_by = "singapore"
    meeting.save()
    assert disclosures(meeting)


def test_who_deletes_a_note_and_until_when(client, action):
    note = write(action)
    address = f"/admin/meetings/actionnote/{note.pk}/delete/"

    def answers():
        given = {}
        for who in ROLES:
            client.force_login(person(who))
            given[who] = client.get(address).status_code
        return given

    others = {SHENZHEN_OFFICER: 403, MANAGER: 200, OTHER_MANAGER: 200, AUDITOR: 403}
    assert answers() == {SINGAPORE_OFFICER: 200} | others
    ActionNote.objects.filter(pk=note.pk).update(written_at=timezone.now() - datetime.timedelta(days=1))
    assert answers() == {SINGAPORE_OFFICER: 403} | others
    client.force_login(person(MANAGER))
    answer = client.post(address, {"post": "yes"})
    assert answer.url == change_address(action)
    assert not ActionNote.objects.exists()


# The form ------------------------------------------------------------------------------------------


def test_nothing_said_is_nothing_saved(client, action):
    assert "Write a note, or choose another state." in follow(client, action).text


def test_a_note_sent_twice_is_written_once(client, action):
    follow(client, action, text="Sent.")
    assert "You have written this note already, today." in follow(client, action, text="Sent.").text
    assert action.follow_up.count() == 1


def test_a_state_changed_meanwhile_is_not_undone(client, action):
    action.state = "dropped"
    action.save()
    answer = follow(client, action, who=MANAGER, was="open", state="done", text="Done, I think.")
    assert "Somebody has made it “dropped” meanwhile." in answer.text
    assert "Done, I think." in answer.text and 'value="dropped"' in answer.text
    assert (Action.objects.get().state, ActionNote.objects.count()) == ("dropped", 0)


def test_the_day_of_closing_is_not_to_come(client, action):
    day = localdate() + datetime.timedelta(days=1)
    assert "This day has not come yet." in follow(client, action, state="done", closed_on=day).text
    follow(client, action, state="done", closed_on="2024-01-02")
    assert Action.objects.get().closed_on == datetime.date(2024, 1, 2)


@pytest.mark.parametrize("fields", [{"state": "finished"}, {"closed_on": "soon"}, {"text": "x" * 5001}])
def test_what_is_no_answer_is_refused(client, action, fields):
    assert follow(client, action, **{"text": "A note", **fields}).status_code == 200
    assert not ActionNote.objects.exists()


def test_a_note_written_while_a_form_was_open_does_not_disturb_it(client, action):
    client.force_login(person(MANAGER))
    data = open_form(client, change_address(action))
    write(action)
    assert send(client, change_address(action), data, text_en="Other words").status_code == 302
    assert (Action.objects.get().text_en, ActionNote.objects.count()) == ("Other words", 1)


def test_a_note_typed_before_the_session_ended_is_in_the_form_again(client, action):
    follow(client, action)
    client.logout()
    address = f"{LIST}{action.pk}/follow-up/"
    page = client.post(address, {"follow-text": "Typed before", "follow-state": "done", "follow-was": "open"})
    typed = re.search(r'name="typed" value="([^"]*)"', page.text)[1]
    user = person(SINGAPORE_OFFICER)
    user.set_password("a word of ten")
    user.save()
    login = {"username": user.username, "password": "a word of ten", "typed": unescape(typed), "next": address}
    page = client.post("/admin/login/", login, follow=True)
    assert "Typed before" in page.text and not ActionNote.objects.exists()


# Filters and files ---------------------------------------------------------------------------------


def test_filters_of_the_ledger(client, action):
    keppel = make_organisation("Keppel")
    other = add(make_meeting(3), 7, organisation=keppel, owner_side="shenzhen", state="in_progress")
    client.force_login(person(AUDITOR))

    def listed(query):
        return [one.pk for one in client.get(LIST + query).context["cl"].result_list]

    assert listed(f"?meeting={action.meeting_id}") == [action.pk]
    assert listed(f"?organisation={keppel.pk}") == [other.pk]
    assert listed("?owner_side__exact=shenzhen") == [other.pk]
    assert listed(f"?due={Due.OVERDUE}") == [action.pk]
    assert client.get(f"{LIST}?organisation=999")["Location"] == f"{LIST}?e=1"


def test_sheet_has_what_the_list_shows_and_no_formulas(client, action):
    add(action.meeting, 2, text_en="=1+1", text_zh="汉字", state="done")
    write(action, "+note")
    client.force_login(person(SINGAPORE_OFFICER))
    text = client.get(f"{LIST}ledger.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["code"] for row in rows] == ["JIC4-A1", "JIC4-A2"]
    assert (rows[0]["days_late"], rows[0]["last_note"], rows[1]["text_en"]) == ("12", "'+note", "'=1+1")
    assert (rows[1]["text_zh"], rows[1]["closed_on"]) == ("汉字", localdate().isoformat())
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{LIST}ledger.xlsx?state__exact=done").content))
    assert [row[0].value for row in book.active.iter_rows()] == ["code", "JIC4-A2"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["Ledger of follow-up actions", "12 days late"]), ("zh-hans", ["JIC4-A1"])]
)
def test_documents_in_both_languages(client, action, language, words):
    write(action, "Verschwiegen", visibility="own_side", owner_side="singapore")
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.get(f"{LIST}ledger/{language}.docx")
    assert re.search(
        rf'filename="follow-up-actions-[\d-]+-{language[:2]}\.docx"', answer["Content-Disposition"]
    )
    from docx import Document

    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    assert [word for word in [*words, "Verschwiegen"] if word not in text] == []
    assert client.get(f"{LIST}ledger/{language}.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize("address", ["ledger.pdf", "ledger/en.csv", "ledger/fr.pdf"])
def test_a_file_that_there_is_not(client, action, address):
    client.force_login(person(MANAGER))
    assert client.get(LIST + address).status_code == 404


def test_a_filter_that_is_none_gives_no_file(client, action):
    client.force_login(person(MANAGER))
    answer = client.get(f"{LIST}ledger.csv?due=never")
    assert (answer.status_code, answer.content.decode()[:13]) == (400, "These filters")


@pytest.mark.parametrize("page", [f"{LIST}ledger.csv", LIST, "desk", "change"])
def test_pages_ask_as_much_for_many_as_for_one(client, action, page):
    named = {"desk": reverse("admin:desk_actions", args=[action.meeting_id]), "change": change_address(action)}
    page, counts = named.get(page, page), []
    client.force_login(person(MANAGER))
    client.get(page)
    for number in (2, 3):
        other = add(make_meeting(), number, organisation=make_organisation(), due_meeting=make_meeting())
        write(other)
        for text in "ab":
            write(action, f"{number}{text}", who=STAFF[number])
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
    # The filters of the list name the organisation of the newest row by their one query too.
    assert counts[0] == counts[1]


# The desk ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
def test_the_desk_lists_its_actions_and_what_is_open_from_before(client, action, who):
    fifth = make_meeting(5, starts_on=localdate(), phase="planned")
    add(fifth, 1, text_en="Of the fifth")
    add(fifth, 2, state="done")
    kept = add(fifth, 3, text_en="Kept apart", **OWN)
    client.force_login(person(who))
    text = client.get(reverse("admin:desk_actions", args=[fifth.pk])).text
    assert "JIC5-A1" in text and "JIC4-A1" in text
    sees = ROLES[who][0] != "shenzhen"
    assert (str(kept) in text) is sees
    add_link = f"/admin/meetings/action/add/?meeting={fifth.pk}"
    assert (add_link in text) is (who != AUDITOR)
    overview = client.get(reverse("admin:desk", args=[fifth.pk])).text
    if ROLES[who][1] == "en":
        assert ("2 of 3 open" if sees else "1 of 2 open") in overview
