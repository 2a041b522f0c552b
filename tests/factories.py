"""Records for tests, complete enough to be published unless a test says otherwise.

`make_*` makes a draft in the name of the Singapore officer; `published` publishes it as a manager would.
"""

import datetime
from itertools import count

from initiative.models import Source
from meetings.models import Meeting
from mous.models import MOU
from organisations.models import Organisation
from projects.models import Project
from publishing.authorship import acting
from publishing.models import Publishable, Status
from publishing.workflow import move
from tests.people import MANAGER, SINGAPORE_OFFICER, person

_serial = count(1)


def make_source(**fields) -> Source:
    code = f"source-{next(_serial)}"
    return Source.objects.create(**{"code": code, "publisher": "A newspaper", "title": "A report"} | fields)


def _make(model: type[Publishable], fields: dict) -> Publishable:
    with acting(person(SINGAPORE_OFFICER)):
        record = model.objects.create(**fields)
        record.citations.create(source=make_source())
    record.refresh_from_db()
    return record


def make_organisation(name_en: str = "", **fields) -> Organisation:
    name_en = name_en or ("" if fields.get("name_zh") else f"Organisation {next(_serial)}")
    return _make(Organisation, {"name_en": name_en} | fields)


def make_meeting(number: int | None = None, **fields) -> Meeting:
    if fields.get("kind", "jic") == "jic":
        number = number or 50 + next(_serial)
    else:
        fields = {"title_en": "A visit"} | fields
    fields = {"starts_on": datetime.date(2023, 12, 14), "phase": "held"} | fields
    return _make(Meeting, {"number": number} | fields)


def make_mou(title_en: str = "An MOU", *signatories, **fields) -> MOU:
    """Make an MOU signed by pairs of (organisation, side)."""
    known = "all" if signatories else "none"
    fields = {"parties_known": known, "signed_on": datetime.date(2023, 12, 14)} | fields
    mou = _make(MOU, {"title_en": title_en} | fields)
    with acting(person(SINGAPORE_OFFICER)):
        for position, (organisation, side) in enumerate(signatories):
            mou.signatories.create(organisation=organisation, side=side, position=position)
    return mou


def make_project(title_en: str = "A project", *partners, **fields) -> Project:
    """Make a project with partners given as pairs of (organisation, side)."""
    fields = {"parties_known": "all" if partners else "none"} | fields
    project = _make(Project, {"title_en": title_en} | fields)
    with acting(person(SINGAPORE_OFFICER)):
        for position, (organisation, side) in enumerate(partners):
            project.partners.create(organisation=organisation, side=side, position=position)
    return project


def published(record: Publishable) -> Publishable:
    move(record, Status.PUBLISHED, by=person(MANAGER))
    return record
