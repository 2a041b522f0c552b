"""The program as an operator starts it: `manage.py start` in a process of its own, on a folder of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 180  # seconds; a busy machine takes its time

# What asks both databases the same runs on one of them; what is stored, locked, searched, sorted, imported,
# exported or read from the history runs on both. Each kind of page is opened on both all the same: on
# PostgreSQL by the walks of every address, on SQLite by those of the browser.
# For tests of how pages look and weigh, and of pages beside them: on SQLite, whose run has the browser.
once = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="looked at on SQLite; pages are the same")
# For tests of pages that need no browser: on PostgreSQL, if `make test` runs on both (SHARED).
once_there = pytest.mark.skipif(
    "SHARED" in os.environ and "DATABASE_URL" not in os.environ, reason="walked on PostgreSQL"
)


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """Return the address of a running portal that has loaded the public record."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    own = {
        "DJANGO_SETTINGS_MODULE": "sci_portal.settings",
        "VAR_DIR": str(folder),
        "SECRET_KEY": "only-for-tests",
        "PORT": str(port),
        "DEMO": "off",
    }
    log = (folder / "log").open("w")
    command = [sys.executable, "manage.py", "start"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | own, stdout=log, stderr=log)
    address, end = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/readyz").close()
                break
            except (urllib.error.URLError, ConnectionError):
                if process.poll() is not None or time.monotonic() > end:
                    pytest.fail((folder / "log").read_text())
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)
        log.close()
