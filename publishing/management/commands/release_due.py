from django.core.management.base import BaseCommand, CommandError

from publishing.releases import Release
from publishing.releasing import release_due


class Command(BaseCommand):
    help = "Publish what is due for release now, as the first request after its hour does. Safe to run twice."

    def handle(self, *args, **options):
        settled = release_due()
        for release in settled:
            name = release.about or f"record {release.record_id}"
            self.stdout.write(f"{name}, {release}: {release.get_state_display()}")
            for problem in release.problems.splitlines():
                self.stdout.write(f"  {problem}")
        if not settled:
            self.stdout.write("Nothing is due for release.")
        if any(release.state == Release.State.FAILED for release in settled):
            raise CommandError("A release failed: nothing of it is public. Set another hour on its page.")
