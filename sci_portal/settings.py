"""Settings of SCI Portal: one file, everything that differs between installations from the environment.

docs/operating.md lists the variables.
"""

from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from sci_portal import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(environment.text("VAR_DIR") or BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = environment.switch("DEBUG", False)
SECRET_KEY = environment.secret(DEBUG)
HTTPS = environment.switch("HTTPS", False)
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.names("CSRF_TRUSTED_ORIGINS", "")

# The address that feeds, calendars, the sitemap and what search engines read give; identifiers are made
# under its host name. Empty: the host that a request asks for.
SITE_URL = environment.address("SITE_URL")

# The initiative as this site names it (glossary §1.7). OFFICIAL=off shows the notice that this is
# an unofficial record; SIDE_ORDER is the order of the two sides in every table and page.
SITE_NAMES = {
    "en": environment.text("SITE_NAME_EN", "Singapore-China (Shenzhen) Smart City Initiative"),
    "zh-hans": environment.text("SITE_NAME_ZH", "新中(深圳)智慧城市项目"),
}
OFFICIAL = environment.switch("OFFICIAL", False)
# Each side confirms that the text in its own language is right, and pages say so.
BOTH_SIDES_CONFIRM = environment.switch("BOTH_SIDES_CONFIRM", False)
SIDE_ORDER = {
    "en": environment.names("SIDE_ORDER_EN", "singapore,shenzhen"),
    "zh-hans": environment.names("SIDE_ORDER_ZH", "singapore,shenzhen"),
}
DATA_DIR = BASE_DIR / "data"
# The project that is the Demonstration Zone, and the address to which readers write; empty: none.
ZONE_PROJECT = environment.text("ZONE_PROJECT", "SCI-P-0002")
CONTACT_EMAIL = environment.email("CONTACT_EMAIL")

INSTALLED_APPS = [
    "sci_portal.apps.SCIPortalConfig",
    "annexes",
    "reports",
    "projects",
    "mous",
    "meetings",
    "organisations",
    "initiative",
    "accounts",
    "publishing",
    "listing",
    "documents",
    "outbox",
    "django_filters",
    "django_htmx",
    "import_export",
    "simple_history",
    "sci_portal.apps.SCIPortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    # Django masks its tokens and pads what it compresses, against guessing by size (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "sci_portal.hostile.RefuseNullCharacters",
    "publishing.releasing.ReleaseMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Both look at the signed-in person, so they act under /admin/ only.
    "accounts.middleware.AdminLanguageMiddleware",
    "publishing.authorship.ActingUserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "sci_portal.urls"
WSGI_APPLICATION = "sci_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sci_portal.context.site",
            ]
        },
    }
]

# SQLite takes its write lock at BEGIN (IMMEDIATE), so two writers wait for each other instead of
# failing half-way; PostgreSQL pools connections, for which CONN_MAX_AGE must stay 0.
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR_DIR / "sci_portal.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
    "TEST": {"NAME": VAR_DIR / "test.sqlite3"},
}
DATABASE_URL = environment.text("DATABASE_URL")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL) if DATABASE_URL else SQLITE}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
    OPTIONS["pool"] = {"min_size": 1, "max_size": 16}
    # Compiling a query takes PostgreSQL longer than the slowest of ours takes to run.
    OPTIONS.setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
# Where a login leads that was asked for from nowhere, or from elsewhere.
LOGIN_REDIRECT_URL = "admin:index"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["sci_portal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Singapore"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Uploaded files are private: outside static, with no address; no MEDIA_URL on purpose.
MEDIA_ROOT = VAR_DIR / "files"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
FILE_UPLOAD_HANDLERS = [
    "publishing.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
MAX_FILE_MB = environment.number("MAX_FILE_MB", 25, smallest=1, largest=1000)
# What every upload form says of the material that may be entered; empty: a neutral sentence.
UPLOAD_NOTICES = {
    "en": environment.text("UPLOAD_NOTICE_EN"),
    "zh-hans": environment.text("UPLOAD_NOTICE_ZH"),
}
# What a project that is asked for an update is told of who receives the data and where it is kept.
UPDATE_NOTICES = {
    "en": environment.text("UPDATE_NOTICE_EN"),
    "zh-hans": environment.text("UPDATE_NOTICE_ZH"),
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

# Nothing leaves the machine until a mail server is named: until then mails are files in a folder.
EMAIL_HOST = environment.text("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = environment.text("EMAIL_FOLDER") or VAR_DIR / "outbox"
EMAIL_PORT = environment.number("EMAIL_PORT", 587, smallest=1, largest=65_535)
EMAIL_HOST_USER = environment.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = environment.text_or_file("EMAIL_PASSWORD")
EMAIL_TLS = environment.choice("EMAIL_TLS", "starttls", ("starttls", "tls", "off"))
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_TLS == "starttls", EMAIL_TLS == "tls"
EMAIL_TIMEOUT, EMAIL_USE_LOCALTIME = 20, True
EMAIL_FROM = environment.email("EMAIL_FROM")
DEFAULT_FROM_EMAIL = EMAIL_FROM or "sci-portal@localhost"
# Days before an action is due on which its side is reminded; once it is overdue, each month.
REMINDER_DAYS = environment.numbers("REMINDER_DAYS", "60,14,0", smallest=0, largest=1000)
# Days before an MOU ends, and before the last day for giving notice, on which its side is reminded.
MOU_REMINDER_DAYS = environment.numbers("MOU_REMINDER_DAYS", "180,90,30,7", smallest=0, largest=1000)
MOU_NOTICE_DAYS = environment.numbers("MOU_NOTICE_DAYS", "30,7,0", smallest=0, largest=1000)
# The largest file that goes with an e-mail; of a larger one only the link is sent. 0: never a file.
MAX_MAIL_FILE_MB = environment.number("MAX_MAIL_FILE_MB", 5, smallest=0, largest=50)

CSRF_FAILURE_VIEW = "sci_portal.hostile.no_token"

# A meeting with its inlines posts more fields than Django's default of 1,000 allows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# The library's own revert writes every column, the publication status among them.
SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = False
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "add"
IMPORT_EXPORT_SKIP_ADMIN_LOG = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "WARNING")},
    # Who took which file is written whatever the level of the rest.
    "loggers": {"sci_portal.downloads": {"level": "INFO"}},
}
