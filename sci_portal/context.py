"""What every public page needs: the site's name, the notice, the order of the sides, the other language."""

from django.conf import settings
from django.utils.translation import get_language

from accounts.models import Side

SIDE_CLASSES = {Side.SINGAPORE: "sg", Side.SHENZHEN: "sz"}


def site(request) -> dict:
    """Return the context of the base template. It touches neither user, messages nor csrf_token: DESIGN §5."""
    language = get_language()
    if request.path.startswith("/admin/"):
        return {"site_name": settings.SITE_NAMES.get(language, settings.SITE_NAMES["en"])}
    other = "en" if language.startswith("zh") else "zh-hans"
    return {
        "site_name": settings.SITE_NAMES[language],
        "official": settings.OFFICIAL,
        "is_zh": language.startswith("zh"),
        "html_lang": "zh-Hans" if language.startswith("zh") else "en",
        "other_address": other_address(request, language, other),
        "sides": [
            {"value": str(side), "label": Side(side).label, "css": SIDE_CLASSES[Side(side)]}
            for side in settings.SIDE_ORDER[language]
        ],
    }


def other_address(request, language: str, other: str) -> str:
    """Return this page's address in the other language, with its filters; its home page if it has none."""
    path = request.get_full_path()
    return f"/{other}{path.removeprefix(f'/{language}')}" if path.startswith(f"/{language}/") else f"/{other}/"
