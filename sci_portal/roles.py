"""What must be there after every migration: roles, pillars, starting sectors, the Publication row.

A data migration would see no permissions, and `flush` would remove what it made. What officers have
changed since is never overwritten: each thing is made once, when it is not there.
"""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from initiative.models import Pillar, Sector
from publishing.authorship import acting
from publishing.models import Publication

SINGAPORE_OFFICER = "Singapore officer 新加坡秘书处人员"
SHENZHEN_OFFICER = "Shenzhen officer 深圳秘书处人员"
MANAGER = "Manager 主管"
AUDITOR = "Auditor 审计员"

DOMAIN = ("initiative", "organisations", "meetings", "mous", "projects", "outbox", "reports")
# What officers read and managers keep.
KEPT_BY_MANAGERS = ("pillar", "sector", "page", "term")

# Singapore's side names three pillars (release of 15 December 2023); Chinese names: glossary §2.1.
PILLARS = (
    ("connectivity", "I", "Digital connectivity", "数字互联互通", "Connectivity", "互联互通"),
    ("innovation", "II", "Innovation and entrepreneurship", "创新与创业", "Innovation", "创新"),
    ("talent", "III", "Talent exchange and development", "人才交流与培养", "Talent", "人才"),
)
# Our own list, to find records by: glossary §2.5.
SECTORS = (
    ("trade", "Trade and logistics", "贸易与物流"),
    ("energy", "Energy and sustainability", "能源与可持续发展"),
    ("health", "Health and care", "健康与照护"),
    ("urban", "Urban systems and AI", "城市系统与人工智能"),
    ("tourism", "Tourism and sport", "旅游与体育"),
    ("media", "Media and culture", "媒体与文化"),
    ("services", "Professional services", "专业服务"),
    ("education", "Education and talent", "教育与人才"),
)


def _permissions(condition: Q) -> list[Permission]:
    live = Permission.objects.filter(content_type__app_label__in=DOMAIN).exclude(
        codename__contains="_historical"
    )
    return list(live.filter(condition))


def _new_kinds() -> list[int]:
    """Return the kinds of row that no role has any right on: they came with this version of the program."""
    kinds = ContentType.objects.filter(app_label__in=DOMAIN).exclude(permission__group__isnull=False)
    return list(kinds.values_list("pk", flat=True))


def ensure_roles() -> None:
    kept = Q(content_type__model__in=KEPT_BY_MANAGERS)
    entering = (
        Q(codename__startswith="add_") | Q(codename__startswith="change_") | Q(codename__startswith="delete_")
    )
    viewing = Q(codename__startswith="view_")
    rights = {
        SINGAPORE_OFFICER: viewing | (entering & ~kept),
        SHENZHEN_OFFICER: viewing | (entering & ~kept),
        MANAGER: viewing | entering | Q(codename__startswith="publish_"),
        AUDITOR: viewing,
    }
    new = Q(content_type__in=_new_kinds())
    for name, condition in rights.items():
        group, created = Group.objects.get_or_create(name=name)
        group.permissions.add(*_permissions(condition if created else condition & new))
    auditor = Group.objects.get(name=AUDITOR)
    histories = Permission.objects.filter(
        content_type__app_label__in=DOMAIN, codename__startswith="view_historical"
    )
    people = Permission.objects.filter(codename__in=["view_user", "view_group", "view_download"])
    auditor.permissions.add(*histories, *people)


def ensure_vocabulary() -> None:
    for position, (code, numeral, *names) in enumerate(PILLARS, 1):
        keys = ("name_en", "name_zh", "short_name_en", "short_name_zh")
        defaults = dict(zip(keys, names, strict=True)) | {"numeral": numeral, "position": position}
        Pillar.objects.get_or_create(code=code, defaults=defaults)
    for position, (code, english, chinese) in enumerate(SECTORS, 1):
        defaults = {"name_en": english, "name_zh": chinese, "position": position}
        Sector.objects.get_or_create(code=code, defaults=defaults)


def ensure_all(**kwargs) -> None:
    """Make what is not there; run after every migration."""
    with transaction.atomic():
        Publication.lock()
        with acting(User.objects.public_record()):
            ensure_roles()
            ensure_vocabulary()
