from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from organisations.models import Organisation
from sci_portal.loading import load


class Command(BaseCommand):
    help = "Load the public record from the CSV files of a folder: all of it, or nothing with every reason."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR)
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where any organisation is on record"
        )

    def handle(self, *args, folder, if_empty, **options):
        if if_empty and Organisation.objects.exists():
            return
        report = load(folder)
        for problem in report.problems:
            self.stderr.write(problem)
        if report.problems:
            raise CommandError(f"Nothing was written: {len(report.problems)} problems, listed above.")
        if options["verbosity"] > 1 or report.written:
            self.stdout.write("\n".join(report.lines))
        for name in dict.fromkeys(report.left_alone):
            self.stdout.write(f"Left alone, because somebody has changed it since: {name}")
        if not report.written and not report.published:
            self.stdout.write("Nothing to change: the record is as in the files.")
        else:
            self.stdout.write(f"{report.written} rows written, {report.published} records published.")
