"""A document, or a sheet, as the answer to a request."""

from django.http import Http404, HttpResponse

from documents.blocks import Document
from documents.pdf import to_pdf
from documents.word import to_docx
from listing import exports

WRITERS = {"docx": to_docx, "pdf": to_pdf}
CONTENT_TYPES = exports.CONTENT_TYPES | {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def attachment(content: bytes, format: str, name: str) -> HttpResponse:
    """Return a file of a format in CONTENT_TYPES as a download called `name` (ASCII, no ending)."""
    response = HttpResponse(content, content_type=CONTENT_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return response


def document_response(document: Document, format: str, name: str) -> HttpResponse:
    """Return the document as a download called `name` (ASCII, no ending). Raises Http404 for another format."""
    if format not in WRITERS:
        raise Http404
    return attachment(WRITERS[format](document), format, name)
