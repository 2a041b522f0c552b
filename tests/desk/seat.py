"""A browser at which persons sit down in turn, and the words of the files that they take there."""

import io
from pathlib import Path

import openpyxl
import pypdf
from django.conf import settings
from django.test import Client
from docx import Document
from docx.oxml.ns import qn

from meetings.models import Meeting
from tests.people import person

MEETINGS = "/admin/meetings/meeting/"


def text_of(name: str, content: bytes) -> str:
    """Return the words of a Word, PDF or Excel file."""
    stream = io.BytesIO(content)
    if name.endswith(".pdf"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(stream).pages)
    if name.endswith(".csv"):
        return content.decode("utf-8-sig")
    if name.endswith(".docx"):
        return "\n".join(node.text or "" for node in Document(stream).element.body.iter(qn("w:t")))
    sheet = openpyxl.load_workbook(stream).worksheets[0]
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)


class Desk:
    """A browser at which the persons of both sides sit down in turn."""

    def __init__(self, page, address: str, folder: Path):
        self.page, self.address, self.folder = page, address, folder
        self.meeting: Meeting | None = None
        page.on("dialog", lambda dialog: dialog.accept())

    def sit(self, who: str) -> None:
        client = Client()
        client.force_login(person(who))
        cookie = {"name": settings.SESSION_COOKIE_NAME, "url": self.address}
        self.page.context.clear_cookies()
        self.page.context.add_cookies([cookie | {"value": client.cookies[settings.SESSION_COOKIE_NAME].value}])

    def open(self, path: str) -> None:
        response = self.page.goto(self.address + path)
        assert response.status == 200, (path, response.status)

    def desk(self, page: str) -> None:
        self.open(f"{MEETINGS}{self.meeting.pk}/desk/{page}")

    def press(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"[name='{name}']").first.fill(value)

    def choose(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"[name='{name}']").first.select_option(value)

    def tells(self, words: str) -> None:
        assert words in self.page.locator("body").inner_text(), (words, self.page.url)

    def files(self, *endings: str, within: str = "#content") -> dict[str, str]:
        """Download every file of the page of these kinds; return its words by name."""
        links = self.page.locator(f"{within} a").evaluate_all("all => all.map(one => one.href)")
        found = {}
        for link in dict.fromkeys(links):
            if not link.split("?")[0].endswith(endings):
                continue
            response = self.page.request.get(link)
            assert response.status == 200, link
            name = response.headers["content-disposition"].partition("filename=")[2].strip('"')
            (self.folder / name).write_bytes(response.body())
            found[name] = text_of(name, response.body())
        return found
