from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from listing.models import Searchable


class Command(BaseCommand):
    help = "Store anew what searches and sorting read, after a change of the folding or of the texts searched."

    def handle(self, *args, **options):
        for model in apps.get_models():
            if issubclass(model, Searchable):
                with transaction.atomic():
                    changed = sum(row.rebuild_search() for row in model._base_manager.order_by("pk"))
                self.stdout.write(f"{model._meta.label}: {changed} changed")
