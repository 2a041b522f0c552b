"""Files of every kind that is taken, and of some that are not, as small as they can be."""

import io
import zipfile

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from publishing.authorship import acting
from publishing.filetypes import DOCX, ODT, PPTX, XLSX
from tests.factories import make_meeting, make_mou, make_project
from tests.people import SINGAPORE_OFFICER, person

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"
TIFF = b"II*\0\x08\0\0\0\0\0\0\0\0\0"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html>\n<title>A page</title>"
PROGRAM = b"MZ\x90\0\3" + bytes(200)

KINDS = ("meetings/paper", "mous/moufile", "projects/projectfile")


def archive(**parts: str) -> bytes:
    """Return a zip file of parts, whose names are written with __ for /."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, text in parts.items():
            writer.writestr(name.replace("__", "/"), text)
    return file.getvalue()


def office(kind: str, **parts: str) -> bytes:
    """Return an Office file of a content type, without much in it."""
    listed = f'<Types><Override PartName="/x" ContentType="{kind}.main+xml"/></Types>'
    return archive(**{"[Content_Types].xml": listed, "_rels__.rels": "<r/>"} | parts)


TAKEN = {
    "a.pdf": PDF,
    "a.PDF": PDF,
    "a.docx": office(DOCX),
    "a.xlsx": office(XLSX),
    "a.pptx": office(PPTX),
    "a.odt": archive(mimetype=ODT, **{"content.xml": "<x/>"}),
    "a.png": PNG,
    "a.jpg": JPEG,
    "a.jpeg": JPEG,
    "a.tif": TIFF,
    "a.txt": "Signed at 16:20.\r\n\t合作".encode(),
    "a.csv": "名称,所属方\n吉宝,新加坡\n".encode("gb18030"),
}


def upload(name: str = "brief.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def three_records() -> dict:
    """Return a draft of each kind of record that has files, by the kind of its files."""
    return dict(zip(KINDS, (make_meeting(4), make_mou(), make_project()), strict=True))


def add_file(record, title="Brief", content=PDF, name="brief.pdf", by=SINGAPORE_OFFICER, **fields):
    """Give a record a file, for both sides unless `fields` say otherwise."""
    manager = record.papers if hasattr(record, "papers") else record.files
    fields = {"visibility": "both_sides", "owner_side": "singapore"} | fields
    with acting(person(by)):
        return manager.create(title=title, file=ContentFile(content, name), **fields)


def address(file, what: str) -> str:
    """Return the staff's address of a file: "change", "delete", "history", "file"."""
    return f"/admin/{file._meta.app_label}/{file._meta.model_name}/{file.pk}/{what}/"


def form(record, **fields) -> dict:
    """Return the POST of the form of a new file of `record`."""
    return {
        "title": "Brief",
        "language": "en",
        "version": "",
        "file": upload(),
        "visibility": "both_sides",
        "owner_side": "singapore",
    } | fields


def add_address(record) -> str:
    """Return the address of the form of a new file of `record`, as the record's page links it."""
    kind = (record.papers if hasattr(record, "papers") else record.files).model
    return f"/admin/{kind._meta.app_label}/{kind._meta.model_name}/add/?{kind.RECORD}={record.pk}"
