from django import template

register = template.Library()


@register.filter
def by_source(citations) -> list[tuple]:
    """Return (source, its citations) in the order in which the sources are first cited."""
    found: dict = {}
    for citation in citations:
        found.setdefault(citation.source, []).append(citation)
    return list(found.items())
