"""A line of the deliverables list that is an MOU: its signatories, its signers, and its place at the table."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.deliverables import Deliverable, both_names, text_of_files


class MOUDeliverable(Deliverable):
    RECORD = "mou"
    mou = models.OneToOneField("mous.MOU", models.CASCADE, verbose_name=_("MOU"), related_name="deliverable")
    annex_item = models.PositiveSmallIntegerField(_("item of Annex A"), null=True, blank=True)

    class Meta(Deliverable.Meta):
        verbose_name = _("MOU on the deliverables list")
        verbose_name_plural = _("MOUs on the deliverables list")

    @classmethod
    def agreed_text(cls, mou):
        return {
            "titles": [mou.title_en, mou.title_zh],
            "parties": [
                [party.side, *both_names(party.organisation), party.name_as_signed]
                for party in mou.signatories.all()
            ],
            "signers": [
                [
                    one.role,
                    one.side,
                    one.person.name_en,
                    one.person.name_zh,
                    *both_names(one.organisation),
                    one.post_en,
                    one.post_zh,
                ]
                for one in mou.signings.all()
            ],
            "text": text_of_files(mou),
        }

    @classmethod
    def records_of(cls, meeting):
        return meeting.mous.select_related("meeting").prefetch_related(
            "signatories__organisation", "signings__person", "signings__organisation", "files"
        )
