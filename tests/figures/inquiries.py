"""What the tests of inquiries share: a record of two meetings, and the ways to ask and to freeze."""

import datetime
from types import SimpleNamespace

from django.utils.timezone import localdate, now

from reports.inquiries.asked import Asked
from reports.inquiries.asking import answer_to
from reports.inquiries.models import Inquiry
from tests.desk.forms import form_on
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import MANAGER, person

ASK = "/admin/reports/inquiries/ask/"
THIRD, FOURTH = datetime.date(2022, 11, 25), datetime.date(2023, 12, 14)


def on_record() -> SimpleNamespace:
    """Publish two meetings with projects and MOUs of theirs, and the bodies that take part."""
    third, fourth = (published(make_meeting(n, starts_on=day)) for n, day in ((3, THIRD), (4, FOURTH)))
    body, other = published(make_organisation("Keppel")), published(make_organisation(name_zh="龙岗研究院"))
    alone = published(make_project("Pumps", (body, "singapore"), meeting=third, stage="launched"))
    parties = ((body, "singapore"), (other, "shenzhen"))
    both = published(make_project("Ports", *parties, title_zh="港口", meeting=fourth, tier="key"))
    signed = {"occasion": "at", "meeting": fourth, "signed_on": FOURTH}
    mou = published(make_mou("Trade", (body, "singapore"), **signed))
    return SimpleNamespace(third=third, fourth=fourth, body=body, alone=alone, both=both, mou=mou)


def asked(*kinds: str, **choices) -> Asked:
    return Asked(kinds or ("projects",), **{"as_at": localdate()} | choices)


def counts(question: Asked) -> dict[str, dict]:
    return {count["kind"]: count for count in answer_to(question)["counts"]}


def references(question: Asked, kind: str = "projects") -> list[str]:
    return [record["reference"] for record in counts(question)[kind]["records"]]


def frozen(question: Asked | None = None, words: str = "How many projects?") -> Inquiry:
    return Inquiry.freeze(answer_to(question or asked()), {"en": words, "zh": ""}, person(MANAGER))


def moment() -> datetime.datetime:
    """Return this moment, between what was written before and what is written after."""
    return now()


def freezing_form(client, **query) -> dict:
    """Ask as a browser does, and return what the form for freezing would send."""
    answer = client.get(ASK, {"track": "jic", "records": "published", "as_at": localdate().isoformat()} | query)
    page = answer.text[answer.text.index('id="freeze"') :]
    return form_on(page.replace('class="desk-form"', 'id="freeze_form"'))
