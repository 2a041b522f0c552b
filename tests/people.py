"""Named persons with fixed rights; every page is asked by each of them.

Siew Ling works for Singapore, Xiaomei for Shenzhen: officers, who enter and submit.
Marcus and Meixiu are managers, who publish. Aron audits: he sees everything and changes nothing.
A stranger has no account.
"""

from django.contrib.auth.models import Group

from accounts.models import Side, User
from sci_portal import roles

SIEW_LING, XIAOMEI, MARCUS, MEIXIU, ARON = "siew.ling", "xiaomei", "marcus", "meixiu", "aron"

ROLES = {
    SIEW_LING: (Side.SINGAPORE, "en", roles.SINGAPORE_OFFICER),
    XIAOMEI: (Side.SHENZHEN, "zh-hans", roles.SHENZHEN_OFFICER),
    MARCUS: (Side.SINGAPORE, "en", roles.MANAGER),
    MEIXIU: (Side.SHENZHEN, "zh-hans", roles.MANAGER),
    ARON: (User.BOTH, "en", roles.AUDITOR),
}


def person(username: str) -> User:
    """Return one of the persons, made at first mention."""
    side, language, role = ROLES[username]
    user, created = User.objects.get_or_create(
        username=username, defaults={"side": side, "language": language, "is_staff": True}
    )
    if created:
        user.groups.add(Group.objects.get(name=role))
    return user
