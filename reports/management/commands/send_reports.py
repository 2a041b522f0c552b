import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from outbox.sending import send_waiting
from reports.saved.message import name_told
from reports.saved.sending import due, put_reports


class Command(BaseCommand):
    help = (
        "Send the saved reports that are due, each to whom it is for; send what waits in the outbox. "
        "Safe to run twice. Ends with an exit code other than 0 when an e-mail was not sent."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="print who would get what; write nothing")
        parser.add_argument(
            "--day",
            type=datetime.date.fromisoformat,
            help="with --dry-run: as if it were 2026-12-01",
        )

    def handle(self, *args, dry_run, day, **options):
        if day and not dry_run:
            raise CommandError("--day goes with --dry-run only: what is sent is sent today.")
        if dry_run:
            for recipient, of_day in due(day or localdate()):
                self.tell(recipient, f"of {of_day}")
            return
        unmade = 0
        for recipient, written in put_reports(localdate()):
            if written is None:
                unmade += 1
                self.tell(recipient, "could not be made: the log says why")
            else:
                self.tell(recipient, "filters are wrong" if written.is_faulty else "written")
        tally = send_waiting()
        self.stdout.write(f"{tally.sent} sent, {tally.failed} failed, {tally.waiting} waiting.")
        if unmade or not tally.is_complete:
            raise CommandError("Not every report was sent: the list of e-mails in the admin says why.")

    def tell(self, recipient, words: str) -> None:
        user = recipient.user
        self.stdout.write(f"{user.username} <{user.email}>: {name_told(recipient.saved)}, {words}")
