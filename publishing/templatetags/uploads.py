"""What stands on every form that takes a file."""

from django import template
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def upload_notice() -> str:
    """Return the sentence on the material that may be entered: as the operator set it, or our own."""
    return settings.UPLOAD_NOTICES.get(get_language() or "en") or _(
        "Enter only material that may be seen by both sides' staff and is not graded above the level agreed"
        " for this system."
    )
