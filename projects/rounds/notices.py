"""What a person asked for an update is told: who asks, who receives the data, where it is kept."""

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def site_name() -> str:
    """Return the initiative's name in the language of now."""
    return settings.SITE_NAMES.get(get_language(), settings.SITE_NAMES["en"])


def notice() -> str:
    """Return who receives the answers and where they are kept: UPDATE_NOTICE_EN, _ZH, or a neutral text."""
    return settings.UPDATE_NOTICES.get(get_language(), "") or _(
        "What you send goes to the secretariats of both sides, Singapore and Shenzhen, and is kept on the "
        "server of this site. After an officer has checked it, it becomes part of the progress report to the "
        "meeting, which may later be published. What you write about a contact is read by staff only, is never "
        "published, and is deleted when it is no longer needed. To object, or to have it deleted, write to the "
        "secretariat that sent you the link."
    )
