"""Reading the counts of pages: what is marked, where it leads, and which numbers are not marked."""

import re
from html import unescape

from django.test import Client

from tests.crawling import crawl
from tests.listing.pages import table

MARKED = re.compile(r'<(\w+)\b([^>]*\bdata-count="(\d+)"[^>]*)>(.*?)</\1>', re.DOTALL)
HREF = re.compile(r'href="([^"]*)"')
# What a page shows that is no count of records: the list's own result, its facets, pager and words on it.
BESIDE = re.compile(
    r'<details class="facets".*?</details>\s*<div class="results">|<h2 id="count".*?</h2>|<caption.*?</caption>'
    r"|<footer.*?</footer>|<select.*?</select>|<svg.*?</svg>|<script.*?</script>|<p class=\"ordinal\".*?</p>",
    re.DOTALL,
)


def counts_of(page: str) -> list[tuple[int, str, str]]:
    """Return (number, address, words) of every count on a page."""
    found = []
    for _tag, attributes, number, words in MARKED.findall(page):
        href = HREF.search(attributes)
        text = re.sub(r"<[^>]+>", " ", words)
        found.append((int(number), unescape(href[1]) if href else "", text))
    return found


def rows_at(client, address: str) -> int:
    """Return how many rows a list says that it has."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    said = re.search(r'<h2 id="count"[^>]*>\D*<b>(\d+)</b>', answer.text)
    assert said, address
    return int(said[1])


def rows_in_file(client, address: str) -> int:
    """Return how many rows the CSV of a list holds."""
    path, _, query = address.partition("?")
    return len(table(client.get(f"{path}export.csv?{query}")))


def all_counts(*starts: str) -> dict[str, set[tuple[int, str]]]:
    """Return every (number, page) by the address that it leads to, of every public page from `starts` on."""
    found: dict[str, set[tuple[int, str]]] = {}
    for page, _response, text in crawl(*starts, lists=False):
        for number, address, words in counts_of(text):
            assert address, f"{page}: {words} leads nowhere"
            assert str(number) in words or number == 1, f"{page}: {words} is marked as {number}"
            found.setdefault(address, set()).add((number, page))
    return found


def check_all_counts(*starts: str) -> dict[str, set[tuple[int, str]]]:
    """Compare every count with its list and with the file; both hold the same in either language."""
    client, known = Client(), {}
    found = all_counts(*starts)
    for address, numbers in found.items():
        rows = re.sub("^/[a-z-]+/", "", address)
        if rows not in known:
            known[rows] = rows_at(client, address)
            assert rows_in_file(client, address) == known[rows], address
        wrong = {(page, number) for number, page in numbers if number != known[rows]}
        assert not wrong, (address, known[rows])
    return found


def unmarked_numbers(page: str) -> list[str]:
    """Return the texts of a page's main part that are a number, or a number of records, and not marked."""
    main = page.partition("<main")[2].partition("</main>")[0]
    left = BESIDE.sub(" ", MARKED.sub(" ", main))
    texts = [" ".join(unescape(text).split()) for text in re.findall(r">([^<]+)<", left)]
    return [
        text
        for text in texts
        if re.search(r"^\d+$|\b\d+ (recorded|counted|project|MOU|organisation|meeting)", text)
    ]
