from django import template

from mous.states import State

register = template.Library()


@register.filter
def signatories_on(mou, side: str) -> list:
    """Return an MOU's signatories on one side, from what is prefetched."""
    return [signatory for signatory in mou.signatories.all() if signatory.side == side]


@register.filter
def state_label(mou) -> str:
    """Return the state that the queryset annotated, in the page's language."""
    return State(mou.state).label
