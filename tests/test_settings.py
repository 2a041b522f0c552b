"""The program refuses to start with settings that would hurt, and says why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sci_portal import environment
from sci_portal.checks import check_database, check_https, check_side_order, check_site_url

ROOT = Path(__file__).resolve().parent.parent


def manage(*arguments, **variables) -> subprocess.CompletedProcess:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "VAR_DIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | variables,
        capture_output=True,
        text=True,
    )


def test_no_secret_key_without_debug_is_refused_in_words():
    answer = manage("check")
    assert answer.returncode == 1
    assert answer.stderr.startswith("SCI Portal cannot start: SECRET_KEY is not set.")
    assert "Traceback" not in answer.stderr


def test_secret_key_from_a_file(tmp_path):
    (tmp_path / "key").write_text("a long random text\n")
    assert manage("check", SECRET_KEY_FILE=str(tmp_path / "key")).returncode == 0


def test_wrong_switch_is_refused_in_words(monkeypatch):
    monkeypatch.setenv("OFFICIAL", "maybe")
    with pytest.raises(ImproperlyConfigured, match=r"OFFICIAL='maybe' is neither"):
        environment.switch("OFFICIAL", False)


@pytest.mark.parametrize(
    "value", ["sci.example.org", "ftp://sci.example.org", "https://sci.example.org/portal"]
)
def test_wrong_address_is_refused_in_words(monkeypatch, value):
    monkeypatch.setenv("SITE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="is not an address such as https:"):
        environment.address("SITE_URL")


def test_address_is_read_without_its_last_slash(monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://sci.example.org:8443/")
    assert environment.address("SITE_URL") == "https://sci.example.org:8443"


def test_checks_warn_of_addresses_that_follow_the_request(settings):
    assert [warning.id for warning in check_site_url(None)] == ["sci_portal.W003"]
    settings.SITE_URL = "https://sci.example.org"
    assert check_site_url(None) == []


def test_checks_warn_of_plain_http_and_sqlite(settings):
    settings.HTTPS = False
    assert [warning.id for warning in check_https(None)] == ["sci_portal.W001"]
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
    assert [warning.id for warning in check_database(None)] == ["sci_portal.W002"]


def test_check_refuses_a_side_left_out(settings):
    assert check_side_order(None) == []
    settings.SIDE_ORDER = {"en": ["singapore"], "zh-hans": ["singapore", "shenzhen"]}
    assert [error.id for error in check_side_order(None)] == ["sci_portal.E001"]


def test_no_migration_is_left_to_make():
    assert manage("makemigrations", "--check", "--dry-run", SECRET_KEY="x").returncode == 0
