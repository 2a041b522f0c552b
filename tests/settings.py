"""The settings of the program, with a key of the tests' own and static files as they lie."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests")

from sci_portal.settings import *  # noqa: F403
from sci_portal.settings import MIDDLEWARE, STATIC_ROOT, STORAGES

# The manifest is made by collectstatic, which tests do not run.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir(exist_ok=True)
MIDDLEWARE = ["tests.visits.record_visits", *MIDDLEWARE]
