"""Following every internal link of the site, as a reader or a search engine would."""

import io
import re
from collections.abc import Iterator
from html import unescape

import openpyxl
from django.test import Client

_LINK = re.compile(r'href="([^"#]+)')


def text_of(response) -> str:
    """Return what a reader gets: a page's or file's text, a workbook's cells."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response["Content-Type"].startswith("application/vnd.openxml"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        return "\n".join(str(cell.value) for sheet in book for row in sheet.rows for cell in row)
    if response["Content-Type"].startswith("text/calendar"):
        # Long lines are folded, in the middle of a word.
        return content.decode().replace("\r\n ", "")
    return content.decode()


def crawl(*starts: str, lists: bool = True, filtered: str = "/") -> Iterator[tuple[str, object, str]]:
    """Yield (address, response, text) of every page and file reachable, each once.

    Filters make endless addresses: of each list only addresses with one parameter are followed, and those
    only that begin with `filtered`. Without `lists` neither those nor files are.
    """
    client, waiting, seen = Client(), list(starts), set(starts)
    while waiting:
        address = waiting.pop(0)
        response = client.get(address)
        text = text_of(response)
        yield address, response, text
        if not response["Content-Type"].startswith("text/html"):
            continue
        for link in map(unescape, _LINK.findall(text)):
            if link.startswith("?"):
                link = address.partition("?")[0] + link
            if link.startswith("/") and link not in seen and "&" not in link and "/static/" not in link:
                if not (lists or link.endswith("/")) or ("?" in link and not link.startswith(filtered)):
                    continue
                seen.add(link)
                waiting.append(link)
