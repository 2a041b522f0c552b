"""Demonstration persons, one for each role, with passwords that are shown once and kept nowhere."""

import secrets

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import Side, User
from sci_portal import roles

# User name, name shown, side, language, role; the operator is a superuser without a role.
PERSONS = (
    ("officer.sg", "Singapore officer", Side.SINGAPORE, "en", roles.SINGAPORE_OFFICER),
    ("officer.sz", "Shenzhen officer", Side.SHENZHEN, "zh-hans", roles.SHENZHEN_OFFICER),
    ("manager", "Manager", User.BOTH, "en", roles.MANAGER),
    ("auditor", "Auditor", User.BOTH, "en", roles.AUDITOR),
    ("operator", "Operator", User.BOTH, "en", None),
)


@transaction.atomic
def create_demo_persons() -> list[tuple[str, str]]:
    """Create the persons that are not there; return (user name, password) of those made now."""
    made = []
    for username, name, side, language, role in PERSONS:
        if User.objects.filter(username=username).exists():
            continue
        password = secrets.token_urlsafe(9)
        user = User.objects.create_user(
            username,
            password=password,
            first_name=name,
            side=side,
            language=language,
            is_staff=True,
            is_superuser=role is None,
        )
        if role:
            user.groups.add(Group.objects.get(name=role))
        made.append((username, password))
    return made
