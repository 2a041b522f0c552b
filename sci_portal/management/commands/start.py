import os
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.models import User
from sci_portal import environment
from sci_portal.demo import create_demo_persons


class Command(BaseCommand):
    help = "Bring the database up to date, load the record into an empty one, and serve (HOST, PORT, DEMO)."
    # The checks run in `migrate`; once is enough.
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        host, port = environment.text("HOST", "127.0.0.1"), environment.text("PORT", "8000")
        call_command("migrate", verbosity=0)
        call_command("load_record", if_empty=True)
        if environment.switch("DEMO", False):
            self.show(create_demo_persons())
        elif not User.objects.filter(is_superuser=True).exists():
            self.stdout.write("No account yet. Make one: .venv/bin/python manage.py createsuperuser")
        call_command("collectstatic", interactive=False, verbosity=0)
        shown = f"[{host}]" if ":" in host else host
        self.stdout.write(f"SCI Portal: http://{shown}:{port}/   administration: http://{shown}:{port}/admin/")
        self.stdout.flush()
        self.serve(host, port)

    def show(self, made: list[tuple[str, str]]) -> None:
        if made:
            self.stdout.write("Demonstration accounts; the passwords are shown now and never again:")
            for username, password in made:
                self.stdout.write(f"  {username:<12} {password}")

    def serve(self, host: str, port: str) -> None:
        granian = Path(sys.executable).with_name("granian")
        workers = environment.text("WORKERS", "1")
        command = [str(granian), "--interface", "wsgi", "--host", host, "--port", port, "--workers", workers]
        command += [
            "--blocking-threads",
            "4",
            "--no-ws",
            "--log-level",
            "warning",
            "sci_portal.wsgi:application",
        ]
        os.chdir(settings.BASE_DIR)
        os.execve(granian, command, os.environ | {"ALLOWED_HOSTS": ",".join(self.hosts(host))})

    def hosts(self, host: str) -> list[str]:
        """Return the names that the site answers to: as set, else also those by which this HOST is reached."""
        if environment.text("ALLOWED_HOSTS"):
            return settings.ALLOWED_HOSTS
        if host not in ("0.0.0.0", "::"):
            return [*settings.ALLOWED_HOSTS, f"[{host}]" if ":" in host else host]
        name = socket.gethostname()
        return [*settings.ALLOWED_HOSTS, name, socket.getfqdn(), *socket.gethostbyname_ex(name)[2]]
