"""Standing texts in templates: plain paragraphs and headings, nothing more; templates escape them."""

from django import template

register = template.Library()

HEADING = "## "


@register.filter
def sections(text: str) -> list[tuple[str, list[str]]]:
    """Return a text as (heading, paragraphs), the first with heading "" where it begins without one.

    Paragraphs are parted by an empty line; a line that begins with "## " is a heading.
    """
    found: list[tuple[str, list[str]]] = [("", [])]
    open_paragraph = False
    for line in text.splitlines():
        if line.startswith(HEADING):
            found.append((line.removeprefix(HEADING).strip(), []))
            open_paragraph = False
        elif not line.strip():
            open_paragraph = False
        elif open_paragraph:
            found[-1][1][-1] += f"\n{line.strip()}"
        else:
            found[-1][1].append(line.strip())
            open_paragraph = True
    return found if found[0][1] else found[1:]


@register.filter
def opening(text: str) -> str:
    """Return the first paragraph of a text, for the description of its page."""
    return next((paragraphs[0] for _heading, paragraphs in sections(text) if paragraphs), "")
