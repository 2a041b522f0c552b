"""Saving a view, its link, its list and its form: who may do what, what is told to whom, what is refused."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from outbox.models import Mail, State
from reports.models import SavedReport
from reports.saved.recipients import Recipient
from reports.saved.sending import put_reports
from tests.desk.forms import open_form, send
from tests.factories import make_project, published
from tests.figures.saved import days, people, register, save
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [pytest.mark.django_db, once_there]
INDEX = "/admin/reports/"
LISTED = "/admin/reports/listed/"
ADMIN = "/admin/reports/savedreport/"
ADD = f"{ADMIN}add/?report=listed&query=stage%3Dlaunched"
SAVING = (SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER)
# Who sees what the manager of Singapore's side saved.
SEEN = {
    "me": {MANAGER},
    "side": {MANAGER, SINGAPORE_OFFICER, AUDITOR},
    "both": set(ROLES),
}


@pytest.fixture
def staff(db, monkeypatch):
    register(monkeypatch)
    return people()


def sign_in(client, who: str):
    client.force_login(person(who))
    return client


def form_of(client, address=ADD, **changes):
    """Send the form of a saved report with some fields changed."""
    return send(client, address, open_form(client, address), **{"name": "Launched", **changes})


def change_of(saved) -> str:
    return f"{ADMIN}{saved.pk}/change/"


def told(client, answer) -> str:
    """Return what a page says, with what it leads to."""
    return client.get(answer.url).text if answer.status_code == 302 else answer.text


# Saving ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
def test_who_saves_the_view_that_is_open(client, staff, who):
    sign_in(client, who)
    page = client.get(f"{LISTED}?stage=launched&utm=x&pillar=").text
    assert ("/savedreport/add/?report=listed&amp;query=stage%3Dlaunched" in page) == (who in SAVING)
    if who not in SAVING:
        assert client.get(ADD).status_code == 403
        return
    assert form_of(client).url == INDEX
    saved = SavedReport.objects.get()
    assert (saved.owner.username, saved.side, saved.audience) == (who, ROLES[who][0], "me")
    assert (saved.report, saved.query, saved.every) == ("listed", "stage=launched", "")
    assert client.get(f"{INDEX}saved/{saved.pk}/").url == f"{LISTED}?stage=launched"


def test_a_stranger_is_led_to_the_login(client, staff):
    saved = save(staff[MANAGER])
    for address in (ADD, f"{INDEX}saved/{saved.pk}/", f"{INDEX}saved/{saved.pk}/mine/", change_of(saved)):
        assert client.get(address).url.startswith("/admin/login/")
    assert client.post(f"{INDEX}saved/replace/", {"saved": saved.pk}).status_code != 302
    saved.refresh_from_db()
    assert saved.query == ""


def test_a_name_saved_twice_is_refused_to_one_and_free_to_others(client, staff):
    sign_in(client, MANAGER)
    form_of(client)
    assert "under this name" in form_of(client, name="  launched ").text
    sign_in(client, SINGAPORE_OFFICER)
    assert form_of(client).status_code == 302
    assert SavedReport.objects.count() == 2


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("stage=nonsense", "This view cannot be saved. Stage: Select a valid choice."),
        ("pillar=%00", "cannot be saved"),
        ("stage=launched&" * 400, "cannot be saved"),
    ],
)
def test_a_view_that_is_none_is_not_saved(client, staff, query, words):
    sign_in(client, MANAGER)
    assert words in form_of(client, query=query).text
    assert not SavedReport.objects.exists()


def test_without_a_report_the_form_says_where_to_begin(client, staff):
    sign_in(client, MANAGER)
    for address in (f"{ADMIN}add/", f"{ADMIN}add/?report=gone"):
        assert "press “Save this view” there" in client.get(address, follow=True).text


# Seeing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", SEEN)
@pytest.mark.parametrize("who", ROLES)
def test_who_sees_a_saved_report(client, staff, audience, who):
    saved = save(staff[MANAGER], name="Heimlich", audience=audience, query="stage=launched")
    sign_in(client, who)
    sees = who in SEEN[audience]
    assert ("Heimlich" in client.get(INDEX).text) == sees
    assert ("Heimlich" in client.get(ADMIN).text) == sees
    answer = client.get(f"{INDEX}saved/{saved.pk}/")
    assert answer.status_code == (302 if sees else 404)
    if not sees:
        assert "Heimlich" not in answer.text
    assert ("Heimlich" in client.get(LISTED).text) == (who == MANAGER)


def test_the_link_holds_what_the_reader_may_see(client, staff):
    make_project("Ours", kept_by="singapore")
    saved = save(staff[MANAGER], query="unpublished=on")
    for who, sees in ((SINGAPORE_OFFICER, True), (SHENZHEN_OFFICER, False)):
        page = sign_in(client, who).get(f"{INDEX}saved/{saved.pk}/", follow=True)
        assert ("Ours" in page.text) == sees


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"report": "gone"}, "There is no report “gone” any more."),
        ({"query": "colour=red&stage=launched"}, "has no filter of this name any more: colour"),
        ({"query": "stage=" + "x" * 9000}, "The filters are none that a page of this report could have made."),
        ({"query": "stage=%00"}, "The filters are none that a page of this report could have made."),
        ({"query": "stage=nonsense"}, "nonsense is not one of the available choices"),
    ],
)
def test_a_view_that_can_no_longer_be_shown_is_told_in_words(client, staff, columns, words):
    saved = save(staff[MANAGER], **columns)
    sign_in(client, MANAGER)
    assert words in client.get(f"{INDEX}saved/{saved.pk}/", follow=True).text
    assert client.get(INDEX).status_code == client.get(change_of(saved)).status_code == 200


def test_the_list_asks_no_more_for_more(client, staff):
    published(make_project())
    sign_in(client, MANAGER)
    counts = []
    for number in range(2):
        for n in range(3):
            save(staff[MANAGER], staff[MANAGER], staff[AUDITOR], name=f"{number}.{n}")
        with CaptureQueriesContext(connection) as queries:
            client.get(INDEX)
            client.get(ADMIN)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Changing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("audience", SEEN)
def test_who_changes_and_deletes(client, staff, who, audience):
    saved = save(staff[SINGAPORE_OFFICER], audience=audience)
    sign_in(client, who)
    own = who == SINGAPORE_OFFICER
    assert (client.get(change_of(saved)).status_code == 200) == own
    deletes = own or (who == MANAGER and audience != "me")
    client.post(f"{ADMIN}{saved.pk}/delete/", {"post": "yes"})
    assert SavedReport.objects.exists() != deletes


def test_what_a_side_shares_stays_with_it_when_its_owner_moves(client, staff):
    saved = save(staff[SINGAPORE_OFFICER], audience="side")
    staff[SINGAPORE_OFFICER].side = "shenzhen"
    staff[SINGAPORE_OFFICER].save()
    sign_in(client, SINGAPORE_OFFICER)
    assert client.get(f"{INDEX}saved/{saved.pk}/").status_code == 404
    assert client.get(change_of(saved)).status_code != 200
    assert client.get(ADMIN).context["cl"].result_count == 0


def test_the_view_shown_now_replaces_the_one_saved(client, staff):
    mine, other = save(staff[MANAGER], name="Mine"), save(staff[SINGAPORE_OFFICER], name="Other")
    sign_in(client, MANAGER)
    page = client.get(f"{LISTED}?stage=launched").text
    assert f'<option value="{mine.pk}">Mine</option>' in page and "Other" not in page
    for saved in (mine, other):
        data = {"saved": saved.pk, "query": "stage=launched&colour=red"}
        assert client.post(f"{INDEX}saved/replace/", data).status_code == (302 if saved == mine else 404)
    assert [one.query for one in SavedReport.objects.order_by("pk")] == ["stage=launched", ""]
    answer = client.post(f"{INDEX}saved/replace/", {"saved": mine.pk, "query": "stage=x"}, follow=True)
    assert "cannot be saved" in answer.text
    for bad in ("", "x", "9" * 30, "²"):
        assert client.post(f"{INDEX}saved/replace/", {"saved": bad}).status_code == 404
    assert client.get(f"{INDEX}saved/replace/").status_code == 405


def test_the_auditor_replaces_nothing(client, staff):
    saved = save(staff[AUDITOR])
    sign_in(client, AUDITOR)
    data = {"saved": saved.pk, "query": "stage=launched"}
    assert client.post(f"{INDEX}saved/replace/", data).status_code == 403
    assert client.get(change_of(saved)).status_code == 403
    assert client.post(change_of(saved), {"name": "X"}).status_code == 403


# Sending it --------------------------------------------------------------------------------------


def test_the_owner_chooses_schedule_and_people(client, staff):
    sign_in(client, MANAGER)
    chosen = [str(staff[who].pk) for who in (MANAGER, OTHER_MANAGER)]
    data = open_form(client, ADD)
    data.setlist("recipients", chosen)
    changes = {"name": "Weekly", "audience": "both", "every": "week", "weekday": "4", "format": "csv"}
    assert send(client, ADD, data, **changes).status_code == 302
    saved = SavedReport.objects.get()
    assert (saved.schedule, saved.since) == ("every week, on Friday", localdate())
    assert {one.user.username for one in saved.recipients.all()} == {MANAGER, OTHER_MANAGER}
    assert {one.since for one in saved.recipients.all()} == {localdate()}
    form_of(client, change_of(saved), name="Renamed", recipients=chosen[1])
    saved.refresh_from_db()
    assert (saved.name, saved.recipients.get().user) == ("Renamed", staff[OTHER_MANAGER])


@pytest.mark.parametrize(
    ("audience", "who", "words"),
    [
        ("me", SINGAPORE_OFFICER, "They would not see it: singapore.officer."),
        ("side", OTHER_MANAGER, "They would not see it: other.manager."),
        ("side", SINGAPORE_OFFICER, ""),
        ("side", AUDITOR, ""),
        ("both", OTHER_MANAGER, ""),
    ],
)
def test_only_who_sees_it_is_sent_it(client, staff, audience, who, words):
    sign_in(client, MANAGER)
    answer = form_of(client, audience=audience, every="day", recipients=str(staff[who].pk))
    assert (answer.status_code, words in told(client, answer)) == (200 if words else 302, True)


def test_a_schedule_without_people_is_refused(client, staff):
    sign_in(client, MANAGER)
    assert "Choose who gets it, or no e-mails." in form_of(client, every="day", recipients=None).text


@pytest.mark.parametrize(
    "changes", [{"every": "hour"}, {"weekday": "7"}, {"day_of_month": "29"}, {"format": "pdf"}]
)
def test_a_schedule_that_is_none_is_refused(client, staff, changes):
    sign_in(client, MANAGER)
    assert "errorlist" in form_of(client, **changes).text
    assert not SavedReport.objects.exists()


def test_people_without_address_role_or_account_are_not_offered(client, staff):
    staff[SINGAPORE_OFFICER].groups.clear()
    for who, column, value in ((AUDITOR, "is_active", False), (OTHER_MANAGER, "email", "")):
        setattr(staff[who], column, value)
        staff[who].save()
    page = sign_in(client, MANAGER).get(ADD).text
    offered = {who for who in ROLES if f"{who} ·" in page}
    assert offered == {MANAGER, SHENZHEN_OFFICER}


def test_a_schedule_changed_today_makes_up_for_nothing(client, staff):
    saved = save(staff[MANAGER], staff[MANAGER])
    sign_in(client, MANAGER)
    form_of(client, change_of(saved), name="Another name")
    saved.refresh_from_db()
    assert saved.since < localdate()
    form_of(client, change_of(saved), every="month", day_of_month="31")
    saved.refresh_from_db()
    assert saved.since == localdate()


# Taking oneself off ------------------------------------------------------------------------------


def test_a_person_takes_themselves_off_and_on_again(client, staff):
    saved = save(staff[MANAGER], staff[AUDITOR])
    address = f"{INDEX}saved/{saved.pk}/mine/"
    sign_in(client, AUDITOR)
    assert "Get it no longer" in client.get(address).text
    client.post(address)
    assert list(put_reports(localdate())) == []
    sign_in(client, MANAGER)
    page = client.get(change_of(saved)).text
    assert "Took themselves off: auditor." in page and "auditor ·" not in page
    form_of(client, change_of(saved), recipients=str(staff[MANAGER].pk))
    assert Recipient.objects.get(user=staff[AUDITOR]).left_on == localdate()
    sign_in(client, AUDITOR)
    assert "Get it again" in client.get(address).text
    client.post(address)
    assert {one.user.username for one, _written in put_reports(localdate())} == {AUDITOR, MANAGER}


def test_the_page_is_of_recipients_alone_and_keeps_a_name_that_was_withdrawn(client, staff):
    saved = save(staff[MANAGER], staff[AUDITOR], name="Heimlich", audience="me")
    assert sign_in(client, SINGAPORE_OFFICER).get(f"{INDEX}saved/{saved.pk}/mine/").status_code == 404
    page = sign_in(client, AUDITOR).get(f"{INDEX}saved/{saved.pk}/mine/")
    assert page.status_code == 200 and "Heimlich" not in page.text


# Stopped -----------------------------------------------------------------------------------------


def test_the_owner_is_told_who_is_no_longer_reached_and_takes_it_up_again(client, staff):
    saved = save(staff[MANAGER], staff[SINGAPORE_OFFICER], staff[AUDITOR])
    for number in range(5):
        list(put_reports(days(number)))
        Mail.objects.filter(user=staff[SINGAPORE_OFFICER], state="waiting").update(state=State.FAILED)
        Mail.objects.filter(state="waiting").update(state=State.SENT)
    sign_in(client, SINGAPORE_OFFICER)
    assert "Saved reports that did not arrive" not in client.get("/admin/").text
    sign_in(client, MANAGER)
    page = client.get("/admin/")
    [section] = [one for one in page.context["sections"] if one.key == "reports"]
    assert (section.total, section.numbers[0].address) == (1, f"{ADMIN}?stopped=1")
    assert client.get(f"{ADMIN}?stopped=1").context["cl"].result_count == 1
    assert "singapore.officer" in client.get(ADMIN).text
    assert "No longer sent to singapore.officer" in client.get(INDEX).text
    form_of(client, change_of(saved), again=str(staff[SINGAPORE_OFFICER].pk))
    assert client.get(f"{ADMIN}?stopped=1").context["cl"].result_count == 0
    assert Recipient.objects.get(user=staff[SINGAPORE_OFFICER]).since == localdate()
