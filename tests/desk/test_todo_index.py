"""The to-do index: each number is that of the list behind its link, for every person."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from meetings.models import Meeting
from mous.models import MOULink
from organisations.models import Organisation
from tests.desk.conftest import due_in, ends_in, in_review
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.listing.pages import element, text_of
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]

SECTION = re.compile(r'<div class="module list" id="(\w+)">.*?<!-- \1 -->', re.DOTALL)
NUMBER = re.compile(r'<a (?:class="count" href="([^"]+)"|href="([^"]+)" class="count")>(.*?)</a>', re.DOTALL)


def numbers(html: str) -> list[tuple[str, int]]:
    """Return (address, number) of every number that is a link."""
    found = [(one or other, text_of(words)) for one, other, words in NUMBER.findall(html)]
    return [(address.replace("&amp;", "&"), int(re.search(r"\d+", words)[0])) for address, words in found]


def last_numbers(html: str) -> list[tuple[str, int]]:
    """Return the same of a section, where the number stands last: "within 30 days 2"."""
    found = [(one or other, text_of(words)) for one, other, words in NUMBER.findall(html)]
    return [(address.replace("&amp;", "&"), int(words.split()[-1])) for address, words in found]


def rows_behind(client, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address
    if address.startswith("/admin/"):
        return answer.context["cl"].result_count
    return int(re.match(r"\d+|No", element(answer, '<h2 id="count"'))[0].replace("No", "0"))


@pytest.mark.parametrize("who", ROLES)
def test_every_number_is_that_of_the_list_it_leads_to(client, busy, who):
    client.force_login(person(who))
    page = client.get("/admin/").text
    sections = {found[1]: last_numbers(found[0]) for found in SECTION.finditer(page)}
    tally = numbers(page.partition('<ul class="tally">')[2].partition("</ul>")[0])
    linked = [one for found in sections.values() for one in found]
    assert len(linked) > 8
    for address, number in linked + [one for one in tally if not one[0].startswith("#")]:
        assert (address, rows_behind(client, address)) == (address, number)
    for address, number in tally:
        if address.startswith("#"):
            assert sum(value for _address, value in sections[address[1:]]) == number


def tallies(client, who: str) -> dict[str, int]:
    client.force_login(person(who))
    return {section.key: section.total for section in client.get("/admin/").context["tallies"]}


def test_what_waits_for_whom(client, busy):
    common = {"figures": 1, "proposals": 0}
    assert {who: tallies(client, who) for who in ROLES} == {
        SINGAPORE_OFFICER: common | {"actions": 2, "drafts": 5, "review": 3, "ending": 4},
        SHENZHEN_OFFICER: common | {"actions": 3, "drafts": 2, "review": 3, "ending": 3},
        MANAGER: common | {"actions": 2, "drafts": 1, "review": 2, "ending": 4},
        OTHER_MANAGER: common | {"actions": 3, "drafts": 0, "review": 3, "ending": 3},
        AUDITOR: {"figures": 1, "actions": 3, "review": 3, "ending": 4},
    }


def test_nothing_of_the_other_side_is_shown(client, busy):
    hidden = {SINGAPORE_OFFICER: ("Kept by Shenzhen", "深圳</"), SHENZHEN_OFFICER: ("Kept</",)}
    for who, words in hidden.items():
        client.force_login(person(who))
        page = client.get("/admin/").text
        assert [word for word in words if word in page] == []
    client.force_login(person(AUDITOR))
    assert "Kept by Shenzhen" in client.get("/admin/").text


def section(client, key: str) -> str:
    page = client.get("/admin/").text
    return next(text_of(found[0]) for found in SECTION.finditer(page) if found[1] == key)


def test_late_soon_and_today_in_words(client, busy):
    client.force_login(person(SINGAPORE_OFFICER))
    words = section(client, "actions")
    assert re.findall(r"\d+ days? late|today|in \d+ days?", words.partition("Whole")[0]) == [
        "12 days late",
        "1 day late",
        "today",
        "in 9 days",
    ]
    assert "Whole lists: overdue 2 within 30 days 2" in words


def test_drafts_say_what_they_still_need(client):
    make_project("Without parties", parties_known="")
    make_project("Complete", title_zh="完整", summary_en="Text", summary_zh="简介")
    client.force_login(person(SINGAPORE_OFFICER))
    words = section(client, "drafts")
    assert "Without parties Parties known: not said Both sides" in words
    assert "Complete Nothing Both sides" in words


def test_ending_mou_names_its_parties_and_its_renewal(client):
    body = published(make_organisation("Keppel"))
    ending = make_mou("Old", (body, "singapore"), **ends_in(10))
    renewal = make_mou("New")
    MOULink.objects.create(from_mou=renewal, kind="renews", to_mou=ending)
    client.force_login(person(SINGAPORE_OFFICER))
    assert f"{ending.reference} Old Keppel {renewal.reference}" in section(client, "ending")


def test_kept_party_and_kept_renewal_are_not_named(client):
    body = Organisation.objects.create(name_en="Secret", kept_by="singapore")
    ending = make_mou("Old", (body, "singapore"), **ends_in(10))
    renewal = make_mou("New", kept_by="singapore")
    MOULink.objects.create(from_mou=renewal, kind="renews", to_mou=ending)
    client.force_login(person(SHENZHEN_OFFICER))
    words = section(client, "ending")
    assert ("Secret" in words, renewal.reference in words) == (False, False)


@pytest.mark.parametrize("who", ROLES)
def test_empty_record_says_what_to_do_first(client, who):
    client.force_login(person(who))
    steps = client.get("/admin/").text.partition("first-steps")[2].partition("</div>")[0]
    assert "manage.py load_record" in steps
    kinds = re.findall(r"/admin/\w+/(\w+)/add/", steps)
    entering = ["source", "organisation", "meeting", "mou", "project"]
    assert kinds == ([] if who == AUDITOR else entering)


def test_nothing_to_do_is_said_in_words(client):
    published(make_organisation("Keppel", name_zh="吉宝"))
    client.force_login(person(MANAGER))
    page = client.get("/admin/").text
    for words in (
        "No draft waits for you.",
        "Nothing waits for your review.",
        "No action is overdue or due within 30 days.",
        "No MOU on record here ends within 180 days.",
        "No record lacks anything.",
        "No meeting is planned.",
    ):
        assert words in page


def test_stranger_is_asked_to_sign_in(client):
    answer = client.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/admin/")


def test_next_meeting(client):
    client.force_login(person(SINGAPORE_OFFICER))
    Meeting.objects.create(number=6, kept_by="shenzhen", starts_on=localdate())
    undated = Meeting.objects.create(number=5)
    page = client.get("/admin/").text
    assert "Sixth" not in page
    assert text_of(page).count("Fifth JIC meeting has no date. Set one") == 1
    Meeting.objects.create(number=7, starts_on=localdate() + datetime.timedelta(days=40))
    assert "Seventh JIC meeting</a>" in client.get("/admin/").text
    undated.delete()


def test_auditor_is_not_asked_to_set_a_date(client):
    Meeting.objects.create(number=5)
    client.force_login(person(AUDITOR))
    page = client.get("/admin/").text
    assert ("Set one" in page, "Fifth JIC meeting" in page) == (False, True)


def test_pages_of_one_app_stay_as_they_are(client, busy):
    client.force_login(person(MANAGER))
    page = client.get("/admin/projects/").text
    assert ("admin-todo.css" in page, 'class="tally"' in page) == (False, False)


def test_as_many_queries_for_three_as_for_one(client, django_assert_num_queries):
    def one_of_each():
        body = make_organisation()
        meeting = published(make_meeting())
        due_in(meeting, -1)
        meeting.figures.create(measure="projects", value=2)
        in_review(make_project("In review", (body, "singapore")))
        in_review(make_organisation())
        make_mou("Ending", (body, "singapore"), **ends_in(9))

    one_of_each()
    client.force_login(person(MANAGER))
    client.get("/admin/")
    with CaptureQueriesContext(connection) as first:
        client.get("/admin/")
    one_of_each()
    one_of_each()
    with django_assert_num_queries(len(first)):
        client.get("/admin/")
