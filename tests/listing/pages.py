"""Reading a listing as its reader does: the rows of the page, what it says, what it lets one download."""

import csv
import html
import io
import re

LISTINGS = ("projects", "mous", "organisations", "meetings")
FORMATS = ("csv", "xlsx", "json")


def text_of(markup: str) -> str:
    """Return the words of some HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def names(response) -> list[str]:
    """Return what heads each row of the page's table, in order."""
    assert response.status_code == 200
    page = response.content.decode()
    return [
        text_of(found) for found in re.findall(r'<th role="rowheader" scope="row"><a [^>]*>(.*?)</a>', page)
    ]


def element(response, pattern: str) -> str:
    """Return the words of the one element of the page that opens as `pattern` says."""
    page = response.content.decode()
    tag = re.match(r"<(\w+)", pattern)[1]
    (found,) = re.findall(rf"{pattern}[^>]*>(.*?)</{tag}>", page, re.DOTALL)
    return text_of(found)


def errors(response) -> list[str]:
    """Return what the page says is wrong with the filters."""
    box = response.content.decode().partition('role="alert"')[2].partition("</ul>")[0]
    return [text_of(found) for found in re.findall(r"<li>(.*?)</li>", box, re.DOTALL)]


def body(response) -> bytes:
    """Return the whole of a file, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def table(response) -> list[dict]:
    """Return the rows of a CSV file."""
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"), newline="")))
