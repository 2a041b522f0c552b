"""Which files are taken: told by their content, refused in words."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from publishing import filetypes
from publishing.files import plain_name
from publishing.filetypes import DOCX, XLSX, recognise
from tests.desk.samples import HTML, JPEG, OLE, PDF, PNG, PROGRAM, SVG, TAKEN, archive, office


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        recognise(ContentFile(content, name), name)
    return refused.value.messages[0]


@pytest.mark.parametrize("name", TAKEN)
def test_taken(name):
    assert recognise(ContentFile(TAKEN[name], name), name).startswith(
        ("application/", "image/", "text/csv; charset=gb18030", "text/plain; charset=utf-8")
    )


def test_workbook_made_by_a_program_is_taken():
    import openpyxl

    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    assert recognise(ContentFile(file.getvalue()), "a.xlsx") == XLSX


@pytest.mark.parametrize(
    "content",
    [SVG, HTML, b"\xef\xbb\xbf  <html>", PROGRAM, b"#!/bin/sh\nls", b"{\\rtf1 x}", b"GIF89a" + bytes(20)],
)
@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.svg"])
def test_other_types_are_refused_whatever_their_name(name, content):
    assert refusal(name, content).startswith("Files of this type are not taken. Save it as one of these")


@pytest.mark.parametrize("content", [archive(**{"a.txt": "x"}), archive(**{"[Content_Types].xml": "<Types/>"})])
def test_other_archives_are_refused(content):
    assert refusal("a.docx", content).startswith("Files of this type are not taken.")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", PDF, "is PDF, but its name ends in “.docx”. Rename it to end in “.pdf”."),
        ("a.pdf.exe", PDF, "is PDF, but its name ends in “.exe”. Rename it to end in “.pdf”."),
        ("a", JPEG, "is JPG, but its name does not say so. Rename it to end in “.jpg”."),
        ("a.jpg", PNG, "is PNG, but its name ends in “.jpg”."),
        ("a.docm", office(DOCX), "is DOCX, but its name ends in “.docm”."),
        ("a.html", b"Only text", "is TXT, but its name ends in “.html”."),
    ],
)
def test_name_must_agree_with_the_content(name, content, words):
    assert words in refusal(name, content)


@pytest.mark.parametrize(
    "content",
    [
        office(DOCX, **{"word__vbaProject.bin": "x"}),
        office(XLSX, **{"xl__VBAPROJECT.BIN": "x"}),
        office(XLSX, **{"xl__macrosheets__sheet1.xml": "x"}),
        archive(**{"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}),
        archive(mimetype="application/vnd.oasis.opendocument.text", **{"Basic__script-lc.xml": "x"}),
    ],
)
def test_macros_are_refused(content):
    assert refusal("a.docx", content).startswith("This file holds macros.")


def test_empty_old_damaged_and_protected_files_say_what_to_do():
    assert refusal("a.pdf", b"").startswith("The file is empty.")
    assert refusal("a.doc", OLE).startswith("This is an Office file of an older kind, or one with a password.")
    assert refusal("a.docx", office(DOCX)[:-40]).startswith("This file is damaged.")
    assert refusal("a.docx", b"PK\3\4" + bytes(100)).startswith("This file is damaged.")


def test_archive_that_unpacks_to_too_much_is_refused_unread(monkeypatch):
    bomb = office(DOCX, **{"word__document.xml": "0" * 3_000_000})
    monkeypatch.setattr(filetypes, "UNPACKED", 2_000_000)
    assert refusal("a.docx", bomb).startswith("This file unpacks to too much.")
    many = archive(**{f"part{number}": "" for number in range(filetypes.MANY + 1)})
    assert refusal("a.docx", many).startswith("This file unpacks to too much.")


def test_long_list_of_parts_is_not_read():
    padded = archive(**{"[Content_Types].xml": f'"{DOCX}.main+xml"' + " " * filetypes.LISTED})
    with zipfile.ZipFile(io.BytesIO(padded)) as parts:
        assert parts.infolist()[0].file_size > filetypes.LISTED
    assert refusal("a.docx", padded).startswith("Files of this type are not taken.")


def test_too_large_is_refused(settings):
    settings.MAX_FILE_MB = 1
    assert refusal("a.pdf", PDF + bytes(1024**2)) == "The file is larger than 1 MB. Compress or split it."


@pytest.mark.parametrize("content", [b"a\0b", b"\x1b[2J", b"caf\xff", "合作".encode("utf-16")])
def test_text_in_no_known_charset_is_refused(content):
    assert refusal("a.txt", content).startswith("Files of this type are not taken.")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\brief.pdf", "brief.pdf"),
        ("x\u202efdp.exe", "xfdp.exe"),
        ("a\0b\r\n.pdf", "ab.pdf"),
        ("会议纪要.pdf", "会议纪要.pdf"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_made_plain(given, kept):
    assert plain_name(given) == kept
