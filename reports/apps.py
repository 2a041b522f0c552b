from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self):
        from outbox.models import Kind
        from outbox.receiving import check_before_sending
        from reports.saved.sending import problem_of

        check_before_sending(Kind.SAVED_REPORT, problem_of)
