"""`manage.py delete_contacts`: delete the contacts whose time is over. Run it once a day."""

from django.core.management.base import BaseCommand

from projects.rounds.asking import delete_overdue


class Command(BaseCommand):
    help = "Delete the contacts of projects whose day of deletion has passed, and revoke their links."

    def handle(self, *args, **options):
        self.stdout.write(f"Contacts deleted: {delete_overdue()}")
