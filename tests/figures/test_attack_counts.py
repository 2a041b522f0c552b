"""No number, list or file that the other side or the public reads changes when one side adds what it keeps."""

import datetime
import io
import re
import zipfile

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from initiative.counting import MEASURES
from publishing.authorship import acting
from publishing.models import Publication
from reports.managers.frame import reports
from tests.factories import make_meeting, make_mou, make_organisation, make_project
from tests.figures.inquiries import ASK, on_record
from tests.people import SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
# What differs from one reading to the next: tokens, the number of a form, the minute of a file.
FLEETING = re.compile(r'value="[A-Za-z0-9]{64}"|name="_form" value="\w+"|nonce-?="?[^"]*"|\d\d:\d\d')


def shared_drafts(record) -> None:
    """Add what both sides work on: MOUs that end soon or lie still, projects of a meeting to come."""
    coming = make_meeting(5, phase="planned", starts_on=localdate() + datetime.timedelta(days=40))
    make_project("To come", (record.body, "singapore"), meeting=coming, stage="in_progress")
    make_project("Quiet", (record.body, "singapore"), meeting=record.third, stage="in_progress")
    ends = {"effective_on": record.third.starts_on, "ends_on": localdate() + datetime.timedelta(days=30)}
    record.ending = make_mou("Ending", (record.body, "singapore"), **ends, notice_days=20)
    record.dormant = make_mou("Dormant", signed_on=datetime.date(2019, 3, 1))


def keep_much(record) -> None:
    """Let the Singapore side add drafts of every kind that touch what both sides see."""
    kept = {"kept_by": "singapore"}
    soon = localdate() + datetime.timedelta(days=10)
    body = make_organisation("Secret Ltd", **kept)
    meeting = make_meeting(6, phase="planned", starts_on=soon, **kept)
    held = make_meeting(7, starts_on=localdate(), **kept)
    parties = ((body, "singapore"), (record.body, "shenzhen"))
    for at in (record.fourth, meeting, held):
        project = make_project("Secret", *parties, meeting=at, stage="in_progress", **kept)
        mou = make_mou("Secret", *parties, meeting=at, occasion="at", signed_on=localdate(), **kept)
        with acting(person(SINGAPORE_OFFICER)):
            project.mous.add(record.dormant)
            project.milestones.create(title_en="Reached", reached_on=localdate())
            project.progress_reports.create(meeting=record.fourth, text_en="News")
            for earlier, kind in (
                (record.mou, "renews"),
                (record.ending, "replaces"),
                (record.dormant, "amends"),
            ):
                mou.links.create(to_mou=earlier, kind=kind)
    with acting(person(SINGAPORE_OFFICER)):
        held.attendances.create(organisation=record.body, side="singapore", words_en="Staff")
        held.decisions.create(number=1, text_en="Secret")
        record.fourth.decisions.create(number=1, text_en="S", visibility="own_side", owner_side="singapore")
        own = {"visibility": "own_side", "owner_side": "singapore", "due_on": record.third.starts_on}
        record.fourth.actions.create(number=1, text_en="Secret", **own)


def addresses(record) -> list[str]:
    """Return the pages and files of figures, under the filters that would tell most."""
    found = ["/admin/", f"/admin/mous/mou/{record.dormant.pk}/change/", "/admin/reports/"]
    found += [f"{one.address}?unpublished=on&uncounted=on" for one in reports()]
    found += [
        "/admin/reports/portfolio.csv?unpublished=on",
        "/admin/reports/mou-states/?unpublished=on&rows=mous",
    ]
    found += ["/admin/mous/register/", "/admin/mous/register/?decision=on", "/admin/mous/register.csv"]
    found += [reverse("admin:mou_register_document", args=["en", "docx"])]
    for kind in MEASURES:
        question = f"{ASK}?count={kind}&track=jic&records=both_sides&as_at={localdate()}"
        found += [f"{question}&each=on&by=side", f"{question}&{kind}-q=secret"]
    return [*found, "/admin/mous/mou/export.csv", "/admin/projects/project/export.csv"]


def read(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        parts = zipfile.ZipFile(io.BytesIO(content))
        content = b"".join(parts.read(name) for name in parts.namelist() if "docProps" not in name)
    return FLEETING.sub("", content.decode())


def test_nothing_changes_for_the_other_side(client):
    record = on_record()
    shared_drafts(record)
    client.force_login(person(SHENZHEN_OFFICER))
    before = {address: read(client, address) for address in addresses(record)}
    keep_much(record)
    version = Publication.objects.get().version
    assert [address for address, text in before.items() if read(client, address) != text] == []
    assert Publication.objects.get().version == version
    # It is there to be told: the side that keeps it reads it.
    client.force_login(person(SINGAPORE_OFFICER))
    assert "Secret" in read(client, "/admin/mous/register/")
