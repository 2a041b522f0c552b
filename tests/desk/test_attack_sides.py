"""What somebody tries who wants to read what the other side keeps: every way in that was once open."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import Action
from publishing.authorship import acting
from publishing.models import ProposedChange
from publishing.naming import kept_here
from tests.desk.forms import add_row, change_address, open_form, send
from tests.desk.samples import add_file
from tests.factories import make_meeting, make_mou, make_organisation, make_project, make_source, published
from tests.people import MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
SECRET = "Verschwiegen"
OWN = {"visibility": "own_side", "owner_side": "singapore"}


def page(record, what: str) -> str:
    return change_address(record).replace("/change/", f"/{what}/")


def sign_in(client, who=SHENZHEN_OFFICER):
    """Sign somebody in who reads English here."""
    user = person(who)
    user.language = "en"
    user.save()
    client.force_login(user)


def by_singapore():
    return acting(person(SINGAPORE_OFFICER))


# Deleting ---------------------------------------------------------------------------------------


def shared_and_named_by_kept_ones():
    body, mou, meeting, source = make_organisation("A body"), make_mou(), make_meeting(4), make_source()
    kept = make_project(SECRET, (body, "singapore"), meeting=meeting, lead_singapore=body, kept_by="singapore")
    with by_singapore():
        kept.mous.add(mou)
        kept.citations.create(source=source, locator_en=SECRET)
    return body, mou, meeting, source


@pytest.mark.parametrize("who", [SHENZHEN_OFFICER, OTHER_MANAGER])
def test_what_kept_records_name_is_not_deleted_and_the_page_says_no_more(client, who):
    sign_in(client, who)
    for record in shared_and_named_by_kept_ones():
        answer = client.get(page(record, "delete"))
        assert "The other side keeps something of its own here" in answer.text, record
        assert SECRET not in answer.text and "SCI-P-" not in answer.text
        assert client.post(page(record, "delete"), {"post": "yes"}).status_code == 200
        chosen = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
        answer = client.post(page(record, "delete").rpartition(f"{record.pk}/")[0], chosen)
        assert SECRET not in answer.text
        assert type(record).objects.filter(pk=record.pk).exists()
    sign_in(client, SINGAPORE_OFFICER)
    assert SECRET in client.get(page(record, "delete")).text


def test_deleting_many_asks_as_often_as_deleting_one(django_assert_num_queries):
    user = person(SHENZHEN_OFFICER)
    sources = [make_source() for _one in range(5)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        kept_here(type(sources[0]), [sources[0].pk], user)
    with django_assert_num_queries(len(one)):
        kept_here(type(sources[0]), [source.pk for source in sources], user)


def test_an_agenda_item_with_a_paper_of_one_side_is_not_removed_and_the_paper_not_told(client):
    meeting = make_meeting(4)
    item = meeting.agenda_items.create(title_en="Item")
    add_file(meeting, title=SECRET, agenda_item=item, visibility="own_side")
    sign_in(client)
    data = open_form(client, change_address(meeting))
    data["agenda_items-0-DELETE"] = "on"
    answer = send(client, change_address(meeting), data)
    assert "The other side keeps something of its own here" in answer.text
    assert SECRET not in answer.text
    assert SECRET not in client.get(page(item, "delete")).text
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, change_address(meeting))
    data["agenda_items-0-DELETE"] = "on"
    assert SECRET in send(client, change_address(meeting), data).text


# Addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["notes_singapore__contains=V", "notes_singapore=V", "file_reference_singapore__gt=A", "files=1"]
)
def test_a_list_is_not_filtered_by_what_one_does_not_see(client, query):
    add_file(make_project("A project", notes_singapore=SECRET), visibility="own_side")
    sign_in(client)
    assert client.get(f"/admin/projects/project/?{query}").status_code == 400
    for readable in ("status__exact=draft", "notes_shenzhen=x", "id__in=1,2", "gap=no_source"):
        assert client.get(f"/admin/projects/project/?{readable}").status_code == 200
    assert client.get("/admin/organisations/organisation/?merged=yes").status_code == 200


def test_the_way_to_the_public_page_asks_who_goes_it(client):
    kept, shared = make_organisation(SECRET, kept_by="singapore"), make_organisation("Shared")
    kind = ContentType.objects.get_for_model(kept)
    sign_in(client)
    assert client.get(f"/admin/r/{kind.pk}/{shared.pk}/")["Location"] == shared.get_absolute_url()
    source = ContentType.objects.get_for_model(make_source())
    for other in (f"{kind.pk}/{kept.pk}", f"{kind.pk}/999", f"999/{kept.pk}", "x/y", f"{source.pk}/1"):
        assert client.get(f"/admin/r/{other}/").status_code == 404
    sign_in(client, SINGAPORE_OFFICER)
    assert client.get(f"/admin/r/{kind.pk}/{kept.pk}/").status_code == 302
    client.logout()
    assert "/login/" in client.get(f"/admin/r/{kind.pk}/{kept.pk}/")["Location"]


def test_a_choice_by_typing_is_asked_of_columns_alone(client):
    sign_in(client)
    where = {"app_label": "meetings", "model_name": "meeting", "field_name": "projects", "term": "A"}
    assert client.get("/admin/autocomplete/", where).status_code == 403


# History ----------------------------------------------------------------------------------------


def test_history_does_not_name_what_is_kept_since(client):
    body = make_organisation("A body")
    project = make_project("Shared", (body, "singapore"))
    with by_singapore():
        project.partners.get().delete()
    with by_singapore():
        body.kept_by, body.name_en = "singapore", SECRET
        body.save()
    sign_in(client)
    for address in (page(project, "history"), "/admin/changes/", "/admin/changes/export.csv"):
        text = client.get(address).content.decode()
        assert SECRET not in text and "Organisation that the other side keeps to itself" in text
    sign_in(client, SINGAPORE_OFFICER)
    assert SECRET in client.get(page(project, "history")).text


def test_a_source_of_a_figure_is_kept_with_its_meeting(client):
    """Of a figure that is gone too, and from when the meeting was kept."""
    gone, once = make_meeting(8, kept_by="singapore"), make_meeting(9, kept_by="singapore")
    for meeting in (gone, once):
        with by_singapore():
            figure = meeting.figures.create(measure="projects", value=14)
            citation = figure.citations.create(source=make_source(), as_printed=SECRET)
    gone.figures.get().delete()
    with by_singapore():
        citation.as_printed = "Plain"
        citation.save()
    with by_singapore():
        once.kept_by = ""
        once.save()
    sign_in(client)
    for address in ("/admin/changes/", "/admin/changes/export.csv", page(once, "history")):
        text = client.get(address).content.decode()
        assert SECRET not in text and gone.reference not in text
    with by_singapore():
        citation.as_printed = "Plain words"
        citation.save()
    assert "Plain words" in client.get(page(once, "history")).text


def test_the_translator_does_not_read_what_was_written_while_it_was_kept(client):
    project = make_project("Shared", kept_by="singapore")
    with by_singapore():
        row = project.milestones.create(title_en=SECRET, title_zh="秘")
    with by_singapore():
        row.title_en = "Plain words"
        row.save()
    with by_singapore():
        project.kept_by = ""
        project.save()
    sign_in(client)
    text = client.get("/admin/languages/?matter=older").text
    assert "Plain words" in text and SECRET not in text


# Links, merges, proposals, copies -----------------------------------------------------------------


def test_a_link_to_what_the_other_side_keeps_is_neither_told_nor_lost(client):
    meeting = make_meeting(4)
    with by_singapore():
        item = meeting.agenda_items.create(title_en=SECRET, **OWN)
        decision = meeting.decisions.create(number=1, text_en="Shared", agenda_item=item)
    sign_in(client)
    for what in ("change", "history"):
        assert SECRET not in client.get(page(meeting, what)).text
    data = open_form(client, change_address(meeting))
    versions = decision.history.count()
    assert send(client, change_address(meeting), data, venue_en="Hall").status_code == 302
    assert decision.history.count() == versions
    data = open_form(client, change_address(meeting))
    data["decisions-0-text_en"] = "Changed"
    data["decisions-0-agenda_item"] = str(item.pk)
    assert send(client, change_address(meeting), data).status_code == 302
    decision.refresh_from_db()
    assert (decision.agenda_item, decision.text_en) == (item, "Changed")
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, change_address(meeting))
    data["decisions-0-agenda_item"] = ""
    send(client, change_address(meeting), data)
    decision.refresh_from_db()
    assert decision.agenda_item is None


def merge(client, kept, merged):
    address = f"/admin/organisations/organisation/merge/{kept.pk}/{merged.pk}/confirm/"
    read = client.get(address).text.partition('name="read" value="')[2].partition('"')[0]
    return client.post(address, {"read": read}, follow=True)


def test_what_both_sides_see_is_not_merged_into_what_one_keeps(client):
    kept, shared = make_organisation(SECRET, kept_by="singapore"), make_organisation("Shared")
    sign_in(client, SINGAPORE_OFFICER)
    assert "is kept by one side." in merge(client, kept, shared).text
    shared.refresh_from_db()
    assert shared.merged_into is None
    merge(client, shared, kept)
    kept.refresh_from_db()
    assert kept.merged_into == shared


def test_what_something_was_merged_into_stays_shared(client):
    body, other = make_organisation("A body"), make_organisation("Another")
    sign_in(client, SINGAPORE_OFFICER)
    merge(client, body, other)
    answer = send(client, change_address(body), open_form(client, change_address(body)), kept_by="singapore")
    assert "is kept by one side." in answer.text
    body.refresh_from_db()
    assert body.kept_by == ""


def test_a_proposal_holds_no_notes_of_a_side(client):
    project = published(make_project("A project", notes_singapore=SECRET, file_reference_singapore=SECRET))
    sign_in(client, SINGAPORE_OFFICER)
    send(client, change_address(project), open_form(client, change_address(project)), title_en="New title")
    proposal = ProposedChange.objects.get()
    assert SECRET not in proposal.form and "New+title" in proposal.form
    again = open_form(client, f"{change_address(project)}?proposal={proposal.pk}")
    assert (again["title_en"], again["notes_singapore"]) == ("New title", SECRET)
    sign_in(client, OTHER_MANAGER)
    address = f"/admin/publishing/proposedchange/{proposal.pk}/change/"
    seen = client.get(address).text.partition('name="seen" value="')[2].partition('"')[0]
    client.post(address, {"_decision": "accepted", "seen": seen})
    project.refresh_from_db()
    assert (project.title_en, project.notes_singapore) == ("New title", SECRET)


def test_a_copy_of_a_kept_draft_begins_kept(client):
    kept, shared = make_project("Kept", kept_by="singapore"), make_project("Shared")
    sign_in(client, SINGAPORE_OFFICER)
    add = "/admin/projects/project/add/?copy="
    assert open_form(client, f"{add}{kept.pk}")["kept_by"] == "singapore"
    assert open_form(client, f"{add}{shared.pk}")["kept_by"] == ""


@pytest.mark.parametrize("what", ["notes", "file", "row"])
def test_nobody_takes_away_what_the_other_side_keeps_in_a_shared_draft(client, what):
    meeting = make_meeting(4, notes_singapore="Ours" if what == "notes" else "")
    if what == "file":
        add_file(meeting, visibility="own_side")
    if what == "row":
        meeting.decisions.create(number=1, text_en="Ours", **OWN)
    sign_in(client)
    data = open_form(client, change_address(meeting))
    answer = send(client, change_address(meeting), data, kept_by="shenzhen")
    assert "both sides go on seeing the record" in answer.text
    meeting.refresh_from_db()
    assert meeting.kept_by == ""
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, change_address(meeting))
    assert send(client, change_address(meeting), data, kept_by="singapore").status_code == 302


def test_rows_of_the_other_side_are_not_changed_by_their_keys(client):
    meeting = make_meeting(4)
    with by_singapore():
        action = meeting.actions.create(number=1, text_en=SECRET, owner_side="singapore", visibility="own_side")
    sign_in(client)
    row = {"id": action.pk, "number": 5, "text_en": "Taken", "owner_side": "shenzhen", "state": "open"}
    for last in ({"visibility": "public"}, {"visibility": "public", "DELETE": "on"}):
        data = open_form(client, change_address(meeting))
        data["actions-TOTAL_FORMS"] = data["actions-INITIAL_FORMS"] = "1"
        for name, value in (row | last).items():
            data[f"actions-0-{name}"] = str(value)
        assert SECRET not in send(client, change_address(meeting), data).text
        assert SECRET not in send(client, page(meeting, "needs"), data).text
    assert Action.objects.get().text_en == SECRET


def test_what_is_sent_and_is_no_key_is_refused_in_words(client):
    project = make_project()
    sign_in(client, MANAGER)
    data = open_form(client, change_address(project))
    for wrong in ({"lead_singapore": "abc"}, {"mous": "abc"}, {"sectors": "9" * 30}, {"meeting": "9" * 30}):
        assert send(client, change_address(project), data, **wrong).status_code == 200
    row = add_row(data, "partners", organisation="abc", side="singapore")
    assert "Select a valid choice" in send(client, change_address(project), row).text
