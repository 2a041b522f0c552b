"""A document as the answer to a request."""

from django.http import Http404, HttpResponse

from documents.blocks import Document
from documents.pdf import to_pdf
from documents.word import to_docx

WRITERS = {"docx": to_docx, "pdf": to_pdf}
CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def document_response(document: Document, format: str, name: str) -> HttpResponse:
    """Return the document as a download called `name` (ASCII, no ending). Raises Http404 for another format."""
    if format not in WRITERS:
        raise Http404
    response = HttpResponse(WRITERS[format](document), content_type=CONTENT_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return response
