"""System checks with ids, for settings that would hurt in production."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from accounts.models import Side


@register(Tags.security, deploy=True)
def check_https(app_configs, **kwargs):
    if settings.DEBUG or settings.HTTPS:
        return []
    return [
        Warning(
            "HTTPS is off: passwords and sessions travel in the clear.",
            hint="Put a proxy with TLS in front and set HTTPS=on.",
            id="sci_portal.W001",
        )
    ]


@register(Tags.database, deploy=True)
def check_database(app_configs, **kwargs):
    if settings.DEBUG or "sqlite3" not in settings.DATABASES["default"]["ENGINE"]:
        return []
    return [
        Warning(
            "SQLite serves one machine only.",
            hint="For several web machines set DATABASE_URL to a PostgreSQL.",
            id="sci_portal.W002",
        )
    ]


@register(Tags.security, deploy=True)
def check_site_url(app_configs, **kwargs):
    if settings.DEBUG or settings.SITE_URL:
        return []
    return [
        Warning(
            "SITE_URL is empty: feeds and calendars name records under whatever host a request asks for.",
            hint="Set SITE_URL to the site's public address, such as https://sci.example.org.",
            id="sci_portal.W003",
        )
    ]


@register(deploy=True)
def check_mail(app_configs, **kwargs):
    if settings.DEBUG or not settings.EMAIL_HOST or (settings.EMAIL_FROM and settings.SITE_URL):
        return []
    return [
        Warning(
            "E-mails are sent without a sender of their own or without addresses of pages.",
            hint="With EMAIL_HOST set EMAIL_FROM, and SITE_URL, under which the links in mails stand.",
            id="sci_portal.W004",
        )
    ]


@register()
def check_side_order(app_configs, **kwargs):
    return [
        Error(
            f"SIDE_ORDER for {language} must name {', '.join(Side.values)}, each once.",
            hint="Set SIDE_ORDER_EN and SIDE_ORDER_ZH to singapore,shenzhen or shenzhen,singapore.",
            id="sci_portal.E001",
        )
        for language, order in settings.SIDE_ORDER.items()
        if sorted(order) != sorted(Side.values)
    ]
