"""The public under attack: of a published meeting that is still being called, nothing that staff keep."""

import datetime

import pytest

from meetings.models import ActionNote
from organisations.models import Person
from projects.rounds import answering
from publishing.authorship import acting
from tests.crawling import crawl
from tests.cycle.minutes import agreed
from tests.cycle.test_release_public import ASKED
from tests.cycle.updates import make_contact, make_round
from tests.desk.samples import add_file
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
SECRET = "Verschwiegen"
BOTH = {"visibility": "both_sides"}


@pytest.fixture(name="meeting")
def published_meeting_being_called():
    body = published(make_organisation("Keppel"))
    meeting = make_meeting(96, phase="planned", starts_on=datetime.date(2030, 3, 4))
    meeting.refresh_from_db()
    published(meeting)
    mou = published(make_mou("Known MOU", (body, "singapore"), meeting=meeting, occasion="at"))
    title = "Known project"
    project = published(
        make_project(title, (body, "singapore"), meeting=meeting, stage="in_progress", track="related")
    )
    make_contact(project, name=SECRET, email=f"{SECRET}@x.example".lower(), organisation_words=SECRET)
    asked = make_round(meeting).requests.get()
    answering.submit(asked, answering.Told(text_en=SECRET, contact_note=SECRET), "link")
    with acting(person(SINGAPORE_OFFICER)):
        who = Person.objects.create(name_en=SECRET)
        meeting.attendances.create(person=who, side="singapore", organisation=body, post_en=SECRET)
        item = meeting.agenda_items.create(title_en=SECRET, noted_en=SECRET, notes_singapore=SECRET, **BOTH)
        meeting.decisions.create(text_en=SECRET, agenda_item=item, **BOTH)
        shared = meeting.actions.create(text_en=SECRET, owner_side="singapore", organisation=body, **BOTH)
        public = meeting.actions.create(
            text_en="A public action",
            owner_side="singapore",
            organisation=body,
            visibility="public",
            state="done",
            closing_note=SECRET,
        )
        for action in (shared, public):
            ActionNote.objects.create(action=action, text=SECRET)
        project.progress_reports.create(meeting=meeting, text_en=SECRET, rating="at_risk", **BOTH)
    for record in (meeting, mou, project):
        add_file(record, SECRET, SECRET.encode(), "secret.txt", visibility="both_sides")
    agreed(meeting)
    return meeting


def test_nothing_that_staff_keep_is_on_any_public_page_or_file(meeting):
    addresses = [address.replace("Gesucht", SECRET) for address in ASKED if "/search/" not in address]
    found = {address: text for address, _response, text in crawl(*addresses, meeting.get_absolute_url())}
    assert len(found) > 80
    told = [address for address, text in found.items() if SECRET.lower() in text.lower()]
    # A page of results repeats what was sought, and no more.
    assert [address for address in told if f"q={SECRET}" not in address] == []
    assert "A public action" in found[meeting.get_absolute_url()]
    sought = [text for address, text in found.items() if f"q={SECRET}" in address]
    assert not [text for text in sought if "Known project" in text or "Known MOU" in text]
