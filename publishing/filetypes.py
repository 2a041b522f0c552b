"""Which files are taken, told by their content: a name proves nothing."""

import codecs
import re
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

HEAD = 4096  # bytes that tell the type
MANY = 10_000  # entries of an Office file
UNPACKED = 1024**3  # bytes that an Office file may hold, as it declares
LISTED = 1024**2  # bytes of the list of parts inside

PDF, PNG, JPEG, TIFF = "application/pdf", "image/png", "image/jpeg", "image/tiff"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OFFICE}wordprocessingml.document"
XLSX = f"{OFFICE}spreadsheetml.sheet"
PPTX = f"{OFFICE}presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
TEXT = "text/plain"

# The endings that a name may have, by what the content is; the first is the one to rename to.
ENDINGS = {
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    PPTX: (".pptx",),
    ODT: (".odt",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    TIFF: (".tif", ".tiff"),
    TEXT: (".txt", ".csv"),
}
TAKEN = gettext_lazy("PDF, DOCX, XLSX, PPTX, ODT, PNG, JPEG, TIFF, TXT, CSV")

BY_SIGNATURE = {".pdf": PDF, ".png": PNG, ".jpg": JPEG, ".tif": TIFF}
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")  # also the wrapping of a file with a password
ZIP = b"PK\x03\x04"
MACROS = re.compile(r"(^|/)vba[^/]*\.(bin|xml)$|^xl/macrosheets/|^(basic|scripts)/", re.IGNORECASE)
# Pages and programs that are text too.
NOT_PLAIN = re.compile(
    rb"^\s*(#!|%!|\{\\rtf)|<\s*(!doctype|\?xml|html|head|body|svg|script|iframe)\b", re.IGNORECASE
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, RuntimeError, KeyError)


def largest() -> int:
    """Return how many bytes a file may have."""
    return settings.MAX_FILE_MB * 1024 * 1024


def recognise(file, name: str) -> str:
    """Return the content type of an opened File called `name`, text with its charset.

    Raises ValidationError, in words, for what is not taken: too large, empty, of another type, with macros,
    or called otherwise than what it is.
    """
    if file.size > largest():
        raise ValidationError(
            _("The file is larger than %(limit)s MB. Compress or split it.") % {"limit": settings.MAX_FILE_MB}
        )
    if not file.size:
        raise ValidationError(_("The file is empty. Check it and choose it again."))
    file.seek(0)
    found, charset = _told_by(file, file.read(HEAD))
    ending = PurePosixPath(name).suffix.lower()
    if ending not in ENDINGS[found]:
        _refuse_name(found, ending)
    if found == TEXT:
        return f"{'text/csv' if ending == '.csv' else TEXT}; charset={charset}"
    return found


def _told_by(file, head: bytes) -> tuple[str, str]:
    """Return what the content is, and the charset of a text."""
    if head.startswith(ZIP):
        return _told_by_parts(file), ""
    try:
        endings = {match.extension for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        endings = set()
    for ending, found in BY_SIGNATURE.items():
        if ending in endings:
            return found, ""
    if head.startswith(OLD_OFFICE):
        raise ValidationError(
            _(
                "This is an Office file of an older kind, or one with a password. "
                "Save it as DOCX, XLSX or PPTX without a password."
            )
        )
    charset = None if NOT_PLAIN.search(head) else _charset(file)
    if charset is None:
        _refuse()
    return TEXT, charset


def _told_by_parts(file) -> str:
    """Return the kind of Office file that a zip archive is, from its list of parts; nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MANY or sum(part.file_size for part in parts) > UNPACKED:
                raise ValidationError(_("This file unpacks to too much. Save a smaller one."))
            listed = _read(archive, "[Content_Types].xml") + _read(archive, "mimetype")
            names = [part.filename for part in parts]
    except DAMAGED as damaged:
        raise ValidationError(_("This file is damaged. Open it, save it anew and upload that.")) from damaged
    if "macroenabled" in listed.lower() or any(MACROS.search(name) for name in names):
        raise ValidationError(_("This file holds macros. Save it without them, as DOCX, XLSX or PPTX."))
    for found in (DOCX, XLSX, PPTX):
        if f'"{found}.main+xml"' in listed:
            return found
    if listed.strip() == ODT:
        return ODT
    return _refuse()


def _read(archive: zipfile.ZipFile, name: str) -> str:
    """Return the text of one short part, "" where there is none."""
    if name not in archive.namelist() or archive.getinfo(name).file_size > LISTED:
        return ""
    return archive.read(name).decode("utf-8", "replace")


def _charset(file) -> str | None:
    """Return the charset in which the whole of a file is text without control characters, or None."""
    for charset in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(charset)()
        try:
            if any(CONTROL.search(decoder.decode(chunk)) for chunk in file.chunks()):
                continue
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return charset
    return None


def _refuse():
    raise ValidationError(
        _("Files of this type are not taken. Save it as one of these and upload that: %(types)s.")
        % {"types": TAKEN}
    )


def _refuse_name(found: str, ending: str) -> None:
    right = ENDINGS[found][0]
    told = {"type": right[1:].upper(), "ending": ending, "right": right}
    if ending:
        words = _(
            "The content of this file is %(type)s, but its name ends in “%(ending)s”. "
            "Rename it to end in “%(right)s”."
        )
    else:
        words = _(
            "The content of this file is %(type)s, but its name does not say so. "
            "Rename it to end in “%(right)s”."
        )
    raise ValidationError(words % told)
