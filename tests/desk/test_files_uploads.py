"""Uploads that are too large, broken off or not understood; the sentence on every upload form; the settings."""

import io
import tracemalloc

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from meetings.models import Paper
from sci_portal import environment
from sci_portal.roles import AUDITOR as AUDITOR_ROLE
from sci_portal.roles import SINGAPORE_OFFICER as OFFICER_ROLE
from sci_portal.roles import ensure_roles
from tests.desk.samples import PDF, add_address, form, upload
from tests.factories import make_meeting
from tests.people import MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


@pytest.fixture
def officer(client):
    client.force_login(person(SINGAPORE_OFFICER))
    return client


def send(client, where: str, body: bytes):
    return client.generic("POST", where, body, content_type=MULTIPART_CONTENT)


def send_stream(client, where: str, stream, length: int):
    wsgi = {"wsgi.input": stream, "CONTENT_LENGTH": str(length), "CONTENT_TYPE": MULTIPART_CONTENT}
    return client.generic("POST", where, **wsgi)


class Endless(io.RawIOBase):
    """A hundred megabytes inside a form, made while they are read."""

    def __init__(self, before: bytes, after: bytes):
        self.parts = [before, *[bytes(1024**2)] * 100, after]
        self.length = len(before) + 100 * 1024**2 + len(after)

    def read(self, size=-1):
        if not self.parts:
            return b""
        first = self.parts.pop(0)
        if size is not None and 0 <= size < len(first):
            self.parts.insert(0, first[size:])
            return first[:size]
        return first


def test_hundred_megabytes_are_refused_in_the_form_without_filling_memory(officer):
    meeting = make_meeting(4)
    body = encode_multipart(BOUNDARY, form(meeting, file=upload("a.pdf", b"%PDF-HERE")))
    before, after = body.split(b"HERE")
    stream = Endless(before, after)
    tracemalloc.start()
    answer = send_stream(officer, add_address(meeting), stream, stream.length)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "The file is larger than 25 MB. Compress or split it." in answer.text
    assert 'value="Brief"' in answer.text
    assert (Paper.objects.count(), peak < 40 * 1024**2) == (0, True)


def test_empty_file_is_refused(officer):
    meeting = make_meeting(4)
    answer = officer.post(add_address(meeting), form(meeting, file=upload("a.pdf", b"")))
    assert "The submitted file is empty." in answer.text


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.8])
def test_upload_that_breaks_off_saves_nothing(officer, kept):
    meeting = make_meeting(4)
    body = encode_multipart(BOUNDARY, form(meeting, file=upload("a.pdf", PDF + bytes(5000))))
    assert send(officer, add_address(meeting), body[: int(len(body) * kept)]).status_code == 200
    assert Paper.objects.count() == 0


def test_form_that_is_not_understood_is_answered_in_words(officer):
    where = add_address(make_meeting(4))
    answer = officer.generic("POST", where, b"x", content_type="multipart/form-data; boundary=")
    assert (answer.status_code, "What was sent could not be read." in answer.text) == (400, True)
    assert "Traceback" not in answer.text


class Broken(io.RawIOBase):
    def read(self, size=-1):
        raise OSError("connection reset")


def test_broken_connection_is_no_fault_of_the_program(officer):
    answer = send_stream(officer, add_address(make_meeting(4)), Broken(), 1000)
    assert (answer.status_code, "Nothing was saved." in answer.text) == (400, True)


def test_limit_is_a_setting_and_is_told(officer, settings):
    settings.MAX_FILE_MB = 1
    meeting = make_meeting(4)
    assert "Up to 1 MB: PDF, DOCX" in officer.get(add_address(meeting)).text
    answer = officer.post(add_address(meeting), form(meeting, file=upload("a.pdf", PDF + bytes(1024**2))))
    assert "The file is larger than 1 MB." in answer.text


@pytest.mark.parametrize("value", ["0", "1001", "-1", "2.5", "many", "²"])
def test_wrong_limit_stops_the_program_and_says_why(monkeypatch, value):
    monkeypatch.setenv("MAX_FILE_MB", value)
    with pytest.raises(ImproperlyConfigured, match=r"MAX_FILE_MB='.*' is not a whole number from 1 to 1000\."):
        environment.number("MAX_FILE_MB", 25, smallest=1, largest=1000)


# The sentence


@pytest.mark.parametrize("kind", ["meetings/paper", "mous/moufile", "projects/projectfile"])
def test_sentence_stands_on_every_file_form(officer, kind):
    assert "Enter only material that may be seen by" in officer.get(f"/admin/{kind}/add/").text


def test_sentence_stands_on_the_import_form(client):
    client.force_login(person(MANAGER))
    assert "Enter only material that may be seen by" in client.get("/admin/projects/project/import/").text


def test_operator_sets_the_sentence_for_each_language(client, settings):
    settings.UPLOAD_NOTICES = {"en": "Up to OFFICIAL <open>.", "zh-hans": "仅限公开资料。"}
    for who, words in (
        (SINGAPORE_OFFICER, "Up to OFFICIAL &lt;open&gt;."),
        (SHENZHEN_OFFICER, "仅限公开资料。"),
    ):
        client.force_login(person(who))
        assert f'<p class="upload-notice">{words}</p>' in client.get("/admin/meetings/paper/add/").text


# Rights that come with a new version of the program


def test_roles_made_before_there_were_files_are_given_rights_on_them():
    group = Group.objects.get(name=OFFICER_ROLE)
    kept = Permission.objects.get(codename="delete_organisation")
    group.permissions.remove(kept)
    for each in Group.objects.all():
        each.permissions.remove(*Permission.objects.filter(codename__endswith="_moufile"))
    ensure_roles()
    rights = set(group.permissions.values_list("codename", flat=True))
    assert {"add_moufile", "change_moufile", "delete_moufile", "view_moufile"} <= rights
    assert "delete_organisation" not in rights
    auditor = Group.objects.get(name=AUDITOR_ROLE).permissions
    assert auditor.filter(codename="view_download").exists()
    kept = auditor.filter(codename__endswith="moufile").values_list("codename", flat=True)
    assert sorted(kept) == ["view_historicalmoufile", "view_moufile"]
