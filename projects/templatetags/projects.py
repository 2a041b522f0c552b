from django import template

register = template.Library()


@register.filter
def partners_on(project, side: str) -> list:
    """Return a project's partners on one side, from what is prefetched."""
    return [partner for partner in project.partners.all() if partner.side == side]
