"""Pages of files for staff: who adds, changes, deletes and takes what, and what the other side never sees."""

import hashlib
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import Paper
from publishing.files import Download
from publishing.snapshots import as_number
from publishing.workflow import move
from tests.desk.samples import KINDS, PDF, PNG, add_address, add_file, address, form, three_records, upload
from tests.factories import make_meeting, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]

ALL = dict.fromkeys(ROLES, 200)
BUT_AUDITOR = ALL | {AUDITOR: 403}
SECRET = "Verschwiegen"


def codes(client, where: str) -> dict[str, int]:
    found = {}
    for who in ROLES:
        client.force_login(person(who))
        found[who] = client.get(where).status_code
    return found


def sign_in(client, who: str) -> None:
    """Sign a person in who reads English here, so that words can be compared."""
    user = person(who)
    user.language = "en"
    user.save()
    client.force_login(user)


def change(client, paper, **fields):
    data = {"title": paper.title, "language": paper.language, "version": paper.version}
    return client.post(address(paper, "change"), data | {"visibility": paper.visibility} | fields)


def error_of(answer) -> str:
    return " ".join(re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', answer.text, re.DOTALL))


# Who may ask for a page


@pytest.mark.parametrize("kind", KINDS)
def test_who_opens_which_page(client, kind):
    file = add_file(three_records()[kind])
    assert codes(client, f"/admin/{kind}/") == ALL
    for what in ("change", "history", "file"):
        assert codes(client, address(file, what)) == ALL
    assert codes(client, add_address(file.record)) == BUT_AUDITOR
    assert codes(client, address(file, "delete")) == ALL | {
        SHENZHEN_OFFICER: 403,
        OTHER_MANAGER: 403,
        AUDITOR: 403,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_stranger_is_asked_to_sign_in(client, kind):
    file = add_file(three_records()[kind])
    pages = [address(file, what) for what in ("change", "history", "file", "delete")]
    for page in (f"/admin/{kind}/", add_address(file.record), *pages):
        assert client.get(page)["Location"].startswith("/admin/login/?next=")
        assert 'name="password"' in client.post(page).text
    assert Download.objects.count() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_other_side_finds_no_own_side_file_anywhere(client, kind):
    record = three_records()[kind]
    file = add_file(record, SECRET, visibility="own_side")
    mine = {SINGAPORE_OFFICER: 200, MANAGER: 200, AUDITOR: 200, SHENZHEN_OFFICER: 404, OTHER_MANAGER: 404}
    assert codes(client, address(file, "history")) == mine
    assert codes(client, address(file, "file")) == mine
    version = as_number(file.history.get().history_date)
    for who, code in mine.items():
        client.force_login(person(who))
        seen = code == 200
        base = f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}"
        for page in (
            f"{base}/change/",
            f"/admin/{kind}/",
            f"/admin/{kind}/?q={SECRET}",
            address(file, "change"),
        ):
            assert (f">{SECRET}" in client.get(page, follow=True).text) == seen, (who, page)
        assert (SECRET in client.get(f"{base}/history/").text) == seen
        assert (client.get(f"{address(file, 'history')}{version}/").status_code == 200) == seen
        for what in ("delete", "change"):
            client.post(address(file, what), {"post": "yes", "title": "Another"}) if not seen else None
    client.force_login(person(SHENZHEN_OFFICER))
    assert client.get(f"{add_address(record)}&after={file.pk}").status_code == 404
    assert type(file).objects.get().title == SECRET


def test_name_kept_by_one_side_does_not_stand_in_the_others_way(client):
    meeting = make_meeting()
    add_file(meeting, "Brief", visibility="own_side")
    client.force_login(person(SHENZHEN_OFFICER))
    answer = client.post(add_address(meeting), form(meeting, owner_side="shenzhen"))
    assert (answer.status_code, meeting.papers.get(owner_side="shenzhen").version) == (302, 1)


def test_file_of_a_draft_that_one_side_keeps_is_kept_too(client):
    project = make_project(kept_by="singapore")
    file = add_file(project)
    sign_in(client, SHENZHEN_OFFICER)
    assert client.get(address(file, "file")).status_code == 404
    assert client.get(add_address(project)).status_code == 404
    forged = client.post("/admin/projects/projectfile/add/", form(project, project=project.pk))
    assert "Select a valid choice" in error_of(forged)
    client.force_login(person(SINGAPORE_OFFICER))
    client.get(address(file, "file"))
    assert (Download.objects.get().visibility, Download.objects.get().owner_side) == ("own_side", "singapore")


# Adding


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("public", [False, True])
def test_officer_adds_a_file_to_a_record_whatever_its_status(client, kind, public):
    record = three_records()[kind]
    if public:
        published(record)
    author = type(record).objects.get(pk=record.pk).changed_at
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.post(add_address(record), form(record, file=upload("简报.pdf")))
    kept = (record.papers if kind == "meetings/paper" else record.files).get()
    assert answer["Location"] == address(record, "change") + "#files"
    assert (kept.title, kept.version, kept.file_name, kept.size) == ("Brief", 1, "简报.pdf", len(PDF))
    assert (kept.content_type, kept.uploaded_by) == ("application/pdf", person(SINGAPORE_OFFICER))
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()
    assert kept.history.get().history_user == person(SINGAPORE_OFFICER)
    record.refresh_from_db()
    assert record.changed_at == author


def test_form_begins_with_the_record_and_ones_own_side(client):
    meeting = make_meeting(4)
    client.force_login(person(SHENZHEN_OFFICER))
    page = client.get(add_address(meeting)).text
    assert re.search(r'<select name="meeting"[^>]* disabled', page)
    assert '<option value="shenzhen" selected>' in page
    assert '<option value="singapore"' not in page
    assert client.get("/admin/meetings/paper/add/?meeting=999999").status_code == 404
    assert client.get("/admin/meetings/paper/add/?meeting=x").status_code == 404


def test_record_of_the_address_stays_the_record(client):
    meeting, other = make_meeting(4), make_meeting(5)
    client.force_login(person(SINGAPORE_OFFICER))
    client.post(add_address(meeting), form(meeting, meeting=other.pk))
    assert (meeting.papers.count(), other.papers.count()) == (1, 0)


def test_file_for_a_record_chosen_in_the_form(client):
    meeting = make_meeting(4)
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.get("/admin/meetings/paper/add/").status_code == 200
    client.post("/admin/meetings/paper/add/", form(meeting, meeting=meeting.pk))
    assert meeting.papers.count() == 1


def test_new_version_stands_beside_the_old(client):
    meeting = make_meeting(4)
    first = add_file(meeting, "Brief", visibility="own_side")
    client.force_login(person(SINGAPORE_OFFICER))
    where = f"{add_address(meeting)}&after={first.pk}"
    page = client.get(where).text
    assert where.replace("&", "&amp;") in client.get(address(first, "change")).text
    assert re.search(r'name="version" value="2"', page)
    assert re.search(r'name="title" value="Brief"', page)
    client.post(where, form(meeting, file=upload("new.pdf", PDF + b"2")))
    assert list(meeting.papers.values_list("version", "file_name")) == [(2, "new.pdf"), (1, "brief.pdf")]


def test_version_left_empty_is_the_next_one_and_a_taken_one_is_refused(client):
    meeting = make_meeting(4)
    add_file(meeting, "Brief")
    client.force_login(person(SINGAPORE_OFFICER))
    client.post(add_address(meeting), form(meeting))
    assert list(meeting.papers.values_list("version", flat=True)) == [2, 1]
    answer = client.post(add_address(meeting), form(meeting, version="2"))
    assert "already exists" in error_of(answer)
    assert meeting.papers.count() == 2


@pytest.mark.parametrize("name", ["brief.docx", "brief.pdf"])
def test_refused_content_is_told_in_the_form(client, name):
    meeting = make_meeting(4)
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.post(add_address(meeting), form(meeting, file=upload(name, PNG)))
    assert "The content of this file is PNG" in error_of(answer)
    assert 'value="Brief"' in answer.text
    assert meeting.papers.count() == 0


def test_officer_gives_no_file_to_the_other_side(client):
    meeting = make_meeting(4)
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.post(add_address(meeting), form(meeting, owner_side="shenzhen", visibility="own_side"))
    assert "Choose your own side." in error_of(answer)
    assert meeting.papers.count() == 0


# Public files


@pytest.mark.parametrize("kind", KINDS)
def test_public_on_a_published_record_is_for_those_who_publish(client, kind):
    record = published(three_records()[kind])
    client.force_login(person(SINGAPORE_OFFICER))
    assert 'value="public"' not in client.get(add_address(record)).text
    answer = client.post(add_address(record), form(record, visibility="public"))
    assert "The record is published: only a manager makes a file public." in error_of(answer)
    client.force_login(person(MANAGER))
    assert 'value="public"' in client.get(add_address(record)).text
    assert client.post(add_address(record), form(record, visibility="public")).status_code == 302


def test_public_on_a_published_record_chosen_in_the_form(client):
    meeting = published(make_meeting(4))
    client.force_login(person(SINGAPORE_OFFICER))
    data = form(meeting, meeting=meeting.pk, visibility="public")
    assert "only a manager" in error_of(client.post("/admin/meetings/paper/add/", data))
    assert meeting.papers.count() == 0


def test_public_file_of_a_published_record_is_changed_by_those_who_publish(client):
    meeting = make_meeting(4)
    file = add_file(meeting, visibility="public")
    published(meeting)
    client.force_login(person(SINGAPORE_OFFICER))
    assert change(client, file, title="Another").status_code == 403
    assert client.post(address(file, "delete"), {"post": "yes"}).status_code == 403
    selected = {"action": "delete_selected", "_selected_action": [file.pk], "post": "yes"}
    client.post("/admin/meetings/paper/", selected)
    assert Paper.objects.get().title == "Brief"
    client.force_login(person(OTHER_MANAGER))
    assert change(client, file, title="Another").status_code == 302
    client.force_login(person(MANAGER))
    client.post(address(file, "delete"), {"post": "yes"})
    meeting.refresh_from_db()
    assert (Paper.objects.count(), meeting.changed_by) == (0, person(MANAGER))


def test_officer_makes_a_file_public_on_a_draft(client):
    project = make_project()
    file = add_file(project)
    client.force_login(person(SHENZHEN_OFFICER))
    assert change(client, file, visibility="public").status_code == 302
    project.refresh_from_db()
    assert (project.files.get().visibility, project.changed_by) == ("public", person(SHENZHEN_OFFICER))


def test_withdrawn_record_is_as_a_published_one(client):
    project = published(make_project())
    move(project, "withdrawn", by=person(MANAGER), reason="Wrong")
    file = add_file(project)
    client.force_login(person(SINGAPORE_OFFICER))
    assert "only a manager" in error_of(change(client, file, visibility="public"))


# Changing and deleting


def test_only_its_own_side_keeps_a_file_to_itself(client):
    file = add_file(make_meeting(4))
    sign_in(client, SHENZHEN_OFFICER)
    assert 'value="own_side"' not in client.get(address(file, "change")).text
    answer = change(client, file, visibility="own_side", owner_side="shenzhen")
    assert "Only the side that a file belongs to keeps it to itself." in error_of(answer)
    client.force_login(person(SINGAPORE_OFFICER))
    assert change(client, file, visibility="own_side").status_code == 302
    assert Paper.objects.get().owner_side == "singapore"


def test_stored_file_is_never_replaced(client):
    file = add_file(make_meeting(4))
    client.force_login(person(SINGAPORE_OFFICER))
    answer = change(client, file, file=upload("other.pdf", PDF + b"2"))
    assert "The stored file is not replaced. Add a new version instead." in error_of(answer)
    file.file = ContentFile(PDF + b"2", "other.pdf")
    with pytest.raises(ValidationError, match="Add a new version"):
        file.save()
    assert Paper.objects.get().file.read() == PDF


def test_deleted_file_leaves_its_bytes_for_the_history(client):
    file = add_file(make_meeting(4), visibility="own_side")
    client.force_login(person(SINGAPORE_OFFICER))
    client.post(address(file, "delete"), {"post": "yes"})
    assert Paper.objects.count() == 0
    assert file.file.storage.exists(Paper.history.first().file)


def test_draft_with_files_of_the_other_side_is_not_deleted(client):
    meeting = make_meeting(4)
    add_file(meeting, by=SHENZHEN_OFFICER, owner_side="shenzhen")
    where = f"/admin/meetings/meeting/{meeting.pk}/delete/"
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.post(where, {"post": "yes"}).status_code == 403
    client.force_login(person(SHENZHEN_OFFICER))
    assert client.post(where, {"post": "yes"}).status_code == 302


def test_agenda_item_that_the_other_side_keeps_is_neither_offered_nor_lost(client):
    meeting = make_meeting(4)
    item = meeting.agenda_items.create(title_en=SECRET, visibility="own_side", owner_side="singapore")
    file = add_file(meeting, agenda_item=item)
    client.force_login(person(SHENZHEN_OFFICER))
    for page in (address(file, "change"), add_address(meeting)):
        assert SECRET not in client.get(page).text
    assert change(client, file, title="Another").status_code == 302
    assert Paper.objects.get().agenda_item == item
    client.post(add_address(meeting), form(meeting, owner_side="shenzhen", agenda_item=item.pk))
    assert Paper.objects.filter(owner_side="shenzhen").count() == 0


def test_paper_belongs_to_an_agenda_item_of_its_meeting(client):
    meeting = make_meeting(4)
    item = make_meeting(5).agenda_items.create(title_en="Of another meeting")
    client.force_login(person(SINGAPORE_OFFICER))
    assert "Of another meeting" not in client.get(add_address(meeting)).text
    data = form(meeting, meeting=meeting.pk, agenda_item=item.pk)
    answer = client.post("/admin/meetings/paper/add/", data)
    assert "Choose an agenda item of this meeting." in error_of(answer)


# What is shown


def test_path_on_disk_is_in_no_page(client):
    meeting = make_meeting(4)
    file = add_file(meeting)
    change_of_title = add_file(meeting, "Other")
    change_of_title.title = "Another"
    change_of_title.save()
    client.force_login(person(AUDITOR))
    pages = [address(file, what) for what in ("change", "history")]
    pages += [
        f"{address(file, 'history')}{as_number(file.history.get().history_date)}/",
        address(change_of_title, "history"),
    ]
    pages += [f"/admin/meetings/meeting/{meeting.pk}/change/", "/admin/meetings/paper/"]
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, file.file.name in answer.text) == (200, False), page
    client.force_login(person(SINGAPORE_OFFICER))
    assert file.file.name not in client.get(address(file, "change")).text
    assert file.file.name not in client.get(address(file, "delete")).text


def test_record_lists_its_files_with_checksum_and_ways_on(client):
    meeting = make_meeting(4)
    file = add_file(meeting, "会议纪要", language="zh-hans")
    client.force_login(person(SINGAPORE_OFFICER))
    page = client.get(address(meeting, "change")).text
    assert f'title="{file.sha256}">{file.sha256[:12]}<' in page
    assert f'<a href="{address(file, "change")}" lang="zh-Hans">会议纪要</a>' in page
    assert f'href="{address(file, "file")}"' in page
    assert f'href="{add_address(meeting)}&amp;after={file.pk}"' in page
    assert f'<code class="checksum">{file.sha256}</code>' in client.get(address(file, "change")).text
    client.force_login(person(AUDITOR))
    assert "New version" not in client.get(address(meeting, "change")).text
    assert "No file is on record here." in client.get(address(make_project(), "change")).text


def test_form_of_the_record_takes_no_file(client):
    client.force_login(person(SINGAPORE_OFFICER))
    for record in three_records().values():
        assert 'type="file"' not in client.get(address(record, "change")).text


def test_list_asks_the_same_with_one_file_and_with_three(client):
    meeting, asked = make_meeting(4), []
    client.force_login(person(SINGAPORE_OFFICER))
    client.get("/admin/meetings/paper/")
    for titles in (["a"], ["b", "c"]):
        for title in titles:
            add_file(meeting, title)
        for page in ("/admin/meetings/paper/", address(meeting, "change")):
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            asked.append(len(queries))
    assert asked[:2] == asked[2:]
