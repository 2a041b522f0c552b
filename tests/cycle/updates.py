"""An update round for tests: a coming meeting, running projects, their contacts and links."""

import datetime

from django.utils.timezone import localdate

from projects.models import Contact
from projects.rounds.asking import link_of, open_round
from publishing.authorship import acting
from tests.factories import make_meeting, make_project, published
from tests.people import SINGAPORE_OFFICER, person

DAY = datetime.timedelta(days=1)
SAID = {"text_en": "Pumps run in 12 estates.", "stage": "in_progress", "contact_right": "yes"}


def make_contact(project, **fields) -> Contact:
    known = {
        "name": "Lim Ah Kow",
        "email": "lim@pumps.example",
        "organisation_words": "Pumps Ltd",
        "basis": "consent",
        "basis_on": localdate(),
        "delete_after": localdate() + 365 * DAY,
    }
    return Contact.objects.create(project=project, **known | fields)


def running(title: str = "Smart pumps", **fields):
    return published(
        make_project(title, **{"title_zh": "智慧水泵", "stage": "in_progress", "track": "related"} | fields)
    )


def coming(**fields):
    return make_meeting(5, **{"phase": "planned", "starts_on": localdate() + 60 * DAY} | fields)


def make_round(meeting=None, days: int = 30, who: str = SINGAPORE_OFFICER):
    with acting(person(who)):
        return open_round(meeting or coming(), localdate() + days * DAY, person(who))


def end(round, **columns) -> None:
    """Give a round columns that no page would: a last day that is past."""
    for name, value in columns.items():
        setattr(round, name, value)
    round.save()


def path_of(request, language: str = "en") -> str:
    class Asked:
        build_absolute_uri = staticmethod(lambda path: path)

    return link_of(request, Asked, language)
