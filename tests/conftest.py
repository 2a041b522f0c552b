"""What every test needs: the browser fixtures, and files that go nowhere."""

import pytest

pytest_plugins = ["tests.browser"]


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
