"""Persons with fixed rights, named by what they do; every page is asked by each of them.

An officer of either side enters and submits. Two managers publish: one of Singapore's side who reads
English, another of Shenzhen's who reads Chinese. The auditor sees everything and changes nothing. A
stranger has no account.
"""

from django.contrib.auth.models import Group

from accounts.models import Side, User
from sci_portal import roles

SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER, AUDITOR = (
    "singapore.officer",
    "shenzhen.officer",
    "manager",
    "other.manager",
    "auditor",
)

ROLES = {
    SINGAPORE_OFFICER: (Side.SINGAPORE, "en", roles.SINGAPORE_OFFICER),
    SHENZHEN_OFFICER: (Side.SHENZHEN, "zh-hans", roles.SHENZHEN_OFFICER),
    MANAGER: (Side.SINGAPORE, "en", roles.MANAGER),
    OTHER_MANAGER: (Side.SHENZHEN, "zh-hans", roles.MANAGER),
    AUDITOR: (User.BOTH, "en", roles.AUDITOR),
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
