"""Stored files given to who may have them: the public by address, staff in the admin; logged, never shown."""

import datetime
import logging

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import get_resolver

from publishing.files import Download
from publishing.workflow import move
from tests.desk.samples import KINDS, PDF, TAKEN, add_file, address, three_records
from tests.factories import make_meeting, make_mou, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.fixture
def file():
    """A public file, called in Chinese, of a published meeting."""
    meeting = make_meeting(4)
    made = add_file(meeting, "纪要", name="会议纪要 1.pdf", language="zh-hans", visibility="public")
    published(meeting)
    return made


# The public


@pytest.mark.parametrize("kind", KINDS)
def test_public_file_of_a_published_record(client, kind):
    record = three_records()[kind]
    made = add_file(record, visibility="public")
    assert client.get(made.public_address()).status_code == 404
    published(record)
    assert made.public_address() == f"{record.get_absolute_url()}files/{made.pk}/brief.pdf"
    for language in ("en", "zh-hans"):
        answer = client.get(made.public_address().replace("/en/", f"/{language}/"))
        assert (answer.status_code, content(answer)) == (200, PDF)
    move(record, "withdrawn", by=person(MANAGER), reason="Wrong")
    assert client.get(made.public_address()).status_code == 404


@pytest.mark.parametrize("visibility", ["both_sides", "own_side"])
@pytest.mark.parametrize("kind", KINDS)
def test_other_files_are_not_there_for_the_public(client, kind, visibility):
    record = published(three_records()[kind])
    made = add_file(record, visibility=visibility)
    assert client.get(made.public_address()).status_code == 404
    client.force_login(person(MANAGER))
    assert client.get(made.public_address()).status_code == 404


def test_how_a_file_is_given(client, file):
    answer = client.get(file.public_address())
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E4%BC%9A%E8%AE%AE%E7%BA%AA%E8%A6%81%201.pdf"
    )
    assert (answer["Content-Type"], answer["Content-Length"]) == ("application/pdf", str(len(PDF)))
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, no-cache"
    assert "Cookie" not in answer.get("Vary", "") and not answer.cookies
    assert content(answer) == PDF


def test_text_is_given_with_its_charset(client):
    project = make_project()
    made = add_file(project, name="a.csv", content=TAKEN["a.csv"], visibility="public")
    published(project)
    answer = client.get(made.public_address(), headers={"accept-encoding": "gzip"})
    assert (answer["Content-Type"], content(answer)) == ("text/csv; charset=gb18030", TAKEN["a.csv"])
    assert "Content-Encoding" not in answer


def test_unchanged_file_is_not_sent_again(client, file, caplog):
    first = client.get(file.public_address())
    assert first["ETag"] == f'"{file.sha256}"'
    caplog.clear()
    with caplog.at_level(logging.INFO, "sci_portal.downloads"):
        for headers in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
            answer = client.get(file.public_address(), headers=headers)
            assert (answer.status_code, answer.content) == (304, b"")
    assert caplog.messages == []
    assert client.get(file.public_address(), headers={"if-none-match": '"another"'}).status_code == 200


def test_only_asked_for_not_written_to(client, file):
    head = client.head(file.public_address())
    assert (head.status_code, head["Content-Length"]) == (200, str(len(PDF)))
    assert Client(enforce_csrf_checks=False).post(file.public_address()).status_code == 405


def test_other_spellings_of_the_address_lead_to_the_file(client, file):
    good = file.public_address()
    assert client.get(f"/en/meetings/4/files/{file.pk}/other.pdf")["Location"] == good
    assert client.get(f"/en/meetings/another/files/{file.pk}/x")["Location"] == good
    assert client.get("/en/meetings/4/files/999999/x").status_code == 404
    assert client.get(f"/en/meetings/4/files/{10**30}/x").status_code == 404
    # Another kind of record has another file of that number, or none.
    assert client.get(f"/en/projects/SCI-P-0001/files/{file.pk}/x").status_code == 404


def test_stored_file_that_is_gone_is_told_in_words(client, file, caplog):
    file.file.storage.delete(file.file.name)
    client.force_login(person(AUDITOR))
    for where in (file.public_address(), address(file, "file")):
        answer = client.get(where)
        assert (answer.status_code, "ETag" in answer) == (404, False)
        assert answer.text == "This file is not where it was stored. Tell whoever runs this site."
    levels = [entry.levelname for entry in caplog.records if entry.name == "sci_portal.downloads"]
    assert levels == ["ERROR", "ERROR"]
    assert Download.objects.count() == 0


def test_no_address_leads_to_the_folder_of_the_files(client, file):
    assert configured.MEDIA_URL in ("", "/")
    name = file.file.name
    for start in ("/", "/media/", "/files/", "/static/", "/static/../files/", "/en/", "/en/files/"):
        assert client.get(f"{start}{name}", follow=True).status_code == 404, start
    assert str(configured.MEDIA_ROOT) not in str(configured.STATIC_ROOT)
    served = [str(pattern.callback) for pattern in get_resolver().url_patterns if hasattr(pattern, "callback")]
    assert not [view for view in served if "static" in view]


def test_files_are_private_on_the_disk(file):
    path = configured.MEDIA_ROOT / file.file.name
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "纪要" not in path.name and "." not in path.name


# The page of the record


def test_page_lists_public_files_with_type_size_date_and_checksum(client, file):
    datetime_shown = file.uploaded_at.astimezone(datetime.timezone(datetime.timedelta(hours=8)))
    add_file(file.record, "Unshown", visibility="both_sides")
    for language, words in (("en", "Chinese"), ("zh-hans", "中文")):
        page = client.get(f"/{language}/meetings/4/").text
        section = page.partition('id="files"')[2].partition("</section>")[0]
        where = file.public_address().replace("/en/", f"/{language}/")
        assert f'<a href="{where}" download lang="zh-Hans" hreflang="zh-Hans">纪要</a>' in section
        assert words in section and "PDF" in section and file.sha256 in section
        assert str(datetime_shown.year) in section
        assert "Unshown" not in page


@pytest.mark.parametrize("make", [make_meeting, make_mou, make_project])
def test_page_without_public_files_says_nothing_of_files(client, make):
    record = make()
    add_file(record)
    assert 'id="files"' not in client.get(published(record).get_absolute_url()).text


def test_both_languages_take_no_mark(client):
    project = make_project()
    add_file(project, "Text 文本", language="both", visibility="public", version=2)
    page = client.get(published(project).get_absolute_url()).text
    assert "download>Text 文本</a>" in page
    assert "English and Chinese" in page and "version 2" in page


# The log


def test_download_by_staff_is_a_row_and_a_line(client, file, caplog):
    client.force_login(person(SHENZHEN_OFFICER))
    with caplog.at_level(logging.INFO, "sci_portal.downloads"):
        client.get(address(file, "file"))
        client.head(address(file, "file"))
    row = Download.objects.get()
    assert (row.user, row.reference, row.title) == (person(SHENZHEN_OFFICER), "SCI-C-0001", "纪要")
    assert (row.kind.model, row.file_id, row.sha256) == ("paper", file.pk, file.sha256)
    assert caplog.messages == [
        f"download by=shenzhen.officer file=meetings.paper:{file.pk} record=SCI-C-0001 sha256={file.sha256}"
    ]


def test_download_by_the_public_is_a_line_only(client, file, caplog):
    with caplog.at_level(logging.INFO, "sci_portal.downloads"):
        client.get(file.public_address())
    assert (Download.objects.count(), len(caplog.messages)) == (0, 1)
    assert caplog.messages[0].startswith("download by=public file=meetings.paper:")


def test_log_is_read_by_auditors_and_written_by_nobody(client, file):
    client.force_login(person(SINGAPORE_OFFICER))
    client.get(address(file, "file"))
    row, found = Download.objects.get(), set()
    where = f"/admin/publishing/download/{row.pk}/"
    for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER):
        client.force_login(person(who))
        found |= {client.get(page).status_code for page in ("/admin/publishing/download/", f"{where}change/")}
    assert found == {403}
    client.force_login(person(AUDITOR))
    asked = {"user__id__exact": row.user.pk, "at__gte": "2020-01-01 00:00:00+08:00"}
    page = client.get("/admin/publishing/download/", asked)
    assert "纪要" in page.text
    assert client.get(f"{where}change/").status_code == 200
    for what in ("change", "delete"):
        assert client.post(f"{where}{what}/", {"post": "yes", "title": "x"}).status_code == 403
    assert client.get("/admin/publishing/download/add/").status_code == 403
    client.logout()
    assert client.get("/admin/publishing/download/").status_code == 302


def test_log_tells_an_auditor_of_one_side_nothing_of_the_other(client):
    made = add_file(make_meeting(4), "Verschwiegen", visibility="own_side")
    client.force_login(person(SINGAPORE_OFFICER))
    client.get(address(made, "file"))
    auditor = person(AUDITOR)
    for side, seen in (("shenzhen", False), ("singapore", True), ("both", True)):
        auditor.side = side
        auditor.save()
        client.force_login(auditor)
        assert ("Verschwiegen" in client.get("/admin/publishing/download/").text) == seen
        where = f"/admin/publishing/download/{Download.objects.get().pk}/change/"
        assert ("Verschwiegen" in client.get(where, follow=True).text) == seen
