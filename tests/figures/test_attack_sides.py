"""What one side keeps to itself is told by no figure, inquiry, saved report or line of the register."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from organisations.models import Person
from publishing.as_recorded import as_recorded
from publishing.authorship import acting
from reports.inquiries.asking import answer_to
from reports.models import SavedReport
from tests.factories import make_meeting, make_mou, make_project, published
from tests.figures.inquiries import asked, references
from tests.figures.saved import people, save
from tests.people import MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db
SAVED = "/admin/reports/savedreport/"
SCHEDULE = {"every": "", "weekday": "0", "day_of_month": "1", "format": "csv"}
REFUSED = "One side does not see what these filters name"


def keep(record) -> None:
    """Let the Singapore side keep to itself what both sides saw."""
    with acting(person(SINGAPORE_OFFICER)):
        record.kept_by = "singapore"
        record.save()


# As then recorded --------------------------------------------------------------------------------


def test_what_was_kept_when_it_was_deleted_does_not_come_back():
    project = make_project("Shared by mistake", meeting=published(make_meeting(4)))
    then = now()
    keep(project)
    project.delete()
    assert references(asked(recorded=then, published=False)) == []


def test_what_both_sides_saw_until_it_was_deleted_comes_back():
    project = make_project("Given up", meeting=published(make_meeting(4)))
    then = now()
    project.delete()
    assert references(asked(recorded=then, published=False)) == [project.reference]


def test_a_draft_brought_back_and_shared_is_as_it_is_today():
    project = make_project("Brought back", meeting=published(make_meeting(4)))
    keep(project)
    key = project.pk
    project.delete()
    project.pk, project.kept_by = key, ""
    project.save(force_insert=True)
    assert references(asked(recorded=now(), published=False)) == [project.reference]


def test_a_row_made_one_sides_and_a_name_suppressed_before_deletion_stay_hidden():
    meeting, named = make_meeting(4), Person.objects.create(name_en="A. Person")
    decision = meeting.decisions.create(number=1, text_en="Secret", visibility="both_sides")
    then = now()
    decision.visibility, decision.owner_side, named.suppressed = "own_side", "singapore", True
    for one in (decision, named):
        one.save()
        one.delete()
    with as_recorded(then):
        assert type(decision).objects.get().visibility == "own_side"
        assert Person.objects.get().suppressed


def test_a_meeting_kept_since_is_not_named_by_what_named_it():
    kept = make_meeting(5)
    project = make_project("A project", meeting=kept)
    then = now()
    project.meeting = published(make_meeting(4))
    project.save()
    keep(kept)
    answer = answer_to(asked(recorded=then, published=False, by="meeting"))
    assert project.reference in str(answer)
    assert kept.reference not in str(answer) and "2023-12-14" not in str(answer["counts"][0]["records"])


# What the JIC settled ----------------------------------------------------------------------------


def test_an_mou_names_no_decision_of_a_meeting_that_a_side_keeps(client):
    kept = make_meeting(5, kept_by="singapore")
    decision, mou = kept.decisions.create(number=1, text_en="Secret"), make_mou("Shared")
    mou.course, mou.course_decision = "keep", decision
    with pytest.raises(ValidationError, match="One side keeps this decision to itself"):
        mou.save()
    client.force_login(person(SINGAPORE_OFFICER))
    assert "Secret" not in client.get(f"/admin/mous/mou/{mou.pk}/change/").text


def test_of_a_meeting_kept_since_the_decision_is_shown_to_nobody_and_not_lost(client):
    meeting = make_meeting(5)
    decision, mou = meeting.decisions.create(number=1, text_en="Secret"), make_mou("Shared")
    mou.course, mou.course_decision = "keep", decision
    mou.save()
    keep(meeting)
    client.force_login(person(SHENZHEN_OFFICER))
    place = f"/admin/mous/mou/{mou.pk}/"
    for address in ("/admin/mous/register/", f"{place}change/", f"{place}history/"):
        page = client.get(address).text
        assert mou.reference in page and str(decision) not in page and "Secret" not in page
    mou.refresh_from_db()
    mou.save()
    assert mou.course_decision == decision


# Saved reports -----------------------------------------------------------------------------------


@pytest.fixture
def kept_meeting():
    return make_meeting(5, slug="secret-summit", kept_by="singapore")


QUERY = "meeting=secret-summit&unpublished=on"


@pytest.mark.parametrize(("audience", "saved"), [("both", 0), ("side", 1), ("me", 1)])
def test_a_filter_that_names_what_a_side_keeps_is_not_shared_with_the_other(
    client, kept_meeting, audience, saved
):
    client.force_login(person(MANAGER))
    data = SCHEDULE | {"name": "Mine", "audience": audience, "report": "portfolio", "query": QUERY}
    answer = client.post(f"{SAVED}add/", data)
    assert SavedReport.objects.count() == saved
    assert (answer.status_code == 302) == bool(saved) and (saved or REFUSED in answer.text)


def test_what_is_saved_is_not_shared_later_either(client, kept_meeting):
    saved = save(person(MANAGER), audience="side", report="portfolio", query=QUERY)
    client.force_login(person(MANAGER))
    data = SCHEDULE | {"name": "Mine", "audience": "both"}
    assert REFUSED in client.post(f"{SAVED}{saved.pk}/change/", data).text
    assert client.post(f"{SAVED}{saved.pk}/change/", data | {"audience": "me"}).status_code == 302


def test_a_shared_report_does_not_take_such_filters(client, kept_meeting):
    saved = save(person(MANAGER), audience="both", report="portfolio", query="track=all")
    client.force_login(person(MANAGER))
    answer = client.post("/admin/reports/saved/replace/", {"saved": saved.pk, "query": QUERY}, follow=True)
    assert REFUSED in answer.text
    saved.refresh_from_db()
    assert saved.query == "track=all"


def test_who_works_for_both_sides_shares_it_with_nobody_either(client, kept_meeting):
    people()
    boss = person(MANAGER)
    boss.side = "both"
    boss.save()
    client.force_login(boss)
    data = SCHEDULE | {"name": "Mine", "audience": "both", "report": "portfolio", "query": QUERY}
    assert REFUSED in client.post(f"{SAVED}add/", data).text
