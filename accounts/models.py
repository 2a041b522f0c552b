"""Who works here: a person, the side they work for, the language they read the admin in."""

import re

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PUBLIC_RECORD = "public-record"
CHINESE = re.compile(r"[\u3400-\u9fff]+")


class Side(models.TextChoices):
    """The side on which a body or a person takes part."""

    SINGAPORE = "singapore", pgettext_lazy("side", "Singapore")
    SHENZHEN = "shenzhen", pgettext_lazy("side", "Shenzhen")


class PortalUserManager(UserManager):
    def public_record(self) -> "User":
        """Return the system user in whose name the public record is loaded; nobody can sign in as it."""
        user, created = self.get_or_create(
            username=PUBLIC_RECORD,
            defaults={"first_name": "Public record", "is_active": False, "side": User.BOTH},
        )
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user


class User(AbstractUser):
    BOTH = "both"

    side = models.CharField(
        _("side"),
        max_length=9,
        choices=[*Side.choices, (BOTH, _("Both sides"))],
        default=BOTH,
        help_text=_("The side this person works for. It decides which own-side notes they can see."),
    )
    language = models.CharField(
        _("language"),
        max_length=7,
        choices=settings.LANGUAGES,
        default="en",
        help_text=_("The language of these administration pages."),
    )

    objects = PortalUserManager()

    def get_full_name(self) -> str:
        """Return the name; one in Chinese characters has the family name first, without a space."""
        family, given = self.last_name.strip(), self.first_name.strip()
        if CHINESE.fullmatch(family + given):
            return family + given
        return super().get_full_name()

    @property
    def is_public_record(self) -> bool:
        return self.username == PUBLIC_RECORD
