import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from outbox.models import Mail, State
from outbox.reminding import looked_up, put_reminders
from outbox.sending import send_waiting


class Command(BaseCommand):
    help = (
        "Remind officers and managers of the follow-up actions and MOUs of their side; send what waits in the "
        "outbox. Safe to run twice. Ends with an exit code other than 0 when an e-mail was not sent."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="print who would get what; write nothing")
        parser.add_argument(
            "--day",
            type=datetime.date.fromisoformat,
            help="with --dry-run: as if it were 2026-12-01",
        )
        parser.add_argument("--again", action="store_true", help="try once more what failed before")

    def handle(self, *args, dry_run, day, again, **options):
        if day and not dry_run:
            raise CommandError("--day goes with --dry-run only: what is sent is sent today.")
        day = day or localdate()
        if dry_run:
            self.tell(looked_up(day))
            return
        self.tell(put_reminders(day))
        if again:
            Mail.objects.filter(state=State.FAILED).again()
        tally = send_waiting()
        self.stdout.write(f"{tally.sent} sent, {tally.failed} failed, {tally.waiting} waiting.")
        if not tally.is_complete:
            raise CommandError("Not every e-mail was sent: the list of e-mails in the admin says why.")

    def tell(self, found) -> None:
        """Print a line for each person with anything to be reminded of."""
        for user, by_source in found:
            if by_source:
                things = ", ".join(source.told(one) for source, reminders in by_source for one in reminders)
                self.stdout.write(f"{user.username} <{user.email}>: {things}")
