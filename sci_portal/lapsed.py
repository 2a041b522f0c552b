"""A session that ends while somebody types: what was typed goes with them through the login."""

import copy
from urllib.parse import urlsplit

from django.urls import reverse

from publishing.saving import KEPT

# What was typed travels in the login page; more characters than this are not kept.
LONGEST = 2_000_000


def login_keeping(site, request):
    """Answer a form sent after the session had ended: the login page, with what was typed in it."""
    asking = copy.copy(request)
    asking.method, asking.GET = "GET", request.GET.copy()
    # Passwords that an operator gave a person do not travel.
    typed = "" if any("password" in name for name in request.POST) else request.POST.urlencode()
    context = {
        "app_path": reverse("admin:login", current_app=site.name),
        "next": request.get_full_path(),
        "typed": typed if len(typed) <= LONGEST else "",
        "is_lapsed": True,
    }
    return site.login(asking, context)


def keep_typed(request, answer) -> None:
    """Once somebody has signed in, put what they had typed where the form finds it again."""
    typed = request.POST.get("typed", "")
    if not typed or len(typed) > LONGEST or not request.user.is_authenticated or answer.status_code != 302:
        return
    path = urlsplit(request.POST.get("next", "")).path
    request.session[KEPT] = {path: typed}
