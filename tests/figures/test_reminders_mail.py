"""What the mails of reminders say, in each language, and what they keep to themselves; the page of an MOU."""

import re

import pytest
from django.test import Client

from accounts.models import User
from mous.reminders.shown import next_reminder, reminder_lines
from organisations.models import Person
from outbox.models import Mail
from outbox.reminding import put_reminders
from publishing.authorship import acting
from tests.cycle.test_actions_reminders import add, days, people
from tests.desk.forms import change_address
from tests.desk.test_attack_sides import sign_in
from tests.factories import make_mou, make_organisation
from tests.figures.test_reminders import TODAY, add_mou, body_for, renewal_of
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]


def send(day=TODAY) -> None:
    list(put_reminders(day))


def subject_for(name=MANAGER) -> str:
    return Mail.objects.get(user__username=name).subject


# The whole mail ------------------------------------------------------------------------------------


def test_a_mail_about_both_kinds(settings):
    settings.SITE_URL = "https://sci.example"
    people()
    action = add(1, days(14))
    add(2, days(0), action.meeting)
    mou = make_mou("Trade data", (make_organisation("Keppel"), "singapore"), ends_on=days(30))
    send()
    assert subject_for() == "Reminder: 2 follow-up actions and 1 MOU"
    admin = "https://sci.example/admin"
    assert body_for().split("\n\n") == [
        "Follow-up actions of the Singapore side on 23 November 2026:",
        f"JIC4-A2: Act 2\nDue: 23 November 2026 (today)\nState: open\n"
        f"{admin}/meetings/action/{action.pk + 1}/change/",
        f"JIC4-A1: Act 1\nDue: 7 December 2026 (in 14 days)\nState: open\n"
        f"{admin}/meetings/action/{action.pk}/change/",
        "Note on the page of each action what has been done.",
        f"All of them: {admin}/meetings/action/?owner_side__exact=singapore",
        "MOUs that the Singapore side looks after, on 23 November 2026:",
        f"{mou.reference}: Trade data\nEnds: 23 December 2026 (in 30 days)\nParties: Keppel\n"
        f"Renewal: Not on record here\n{admin}/mous/mou/{mou.pk}/change/",
        "Enter in the record of each MOU what was decided.",
        f"All MOUs ending soon: {admin}/mous/mou/?state=ending_soon&status__in=draft,in_review,published",
        "You get this because you work on this record for the Singapore side.",
        "-- \nSingapore-China (Shenzhen) Smart City Initiative\n",
    ]


def test_subjects_of_one_kind_alone():
    people()
    add_mou(30)
    send()
    assert subject_for() == "1 MOU is near its end or its last day for notice"
    add_mou(30), add_mou(7)
    send(days(1))
    assert Mail.objects.filter(subject__startswith="2 MOUs are near their end").count() == 2


def test_an_mou_with_two_days_near_is_told_once():
    people()
    add_mou(30, "Twice", notice_days=10)
    send()
    assert subject_for() == "1 MOU is near its end or its last day for notice"
    lines = ["Ends: 23 December 2026 (in 30 days)", "Last day for notice: 13 December 2026 (in 20 days)"]
    assert "\n".join(lines) in body_for() and body_for().count("Twice") == 1


def test_without_an_address_of_the_site_there_are_no_links(settings):
    settings.SITE_URL = ""
    people()
    add_mou(30)
    send()
    assert "/admin/" not in body_for() and "All MOUs" not in body_for()


# Renewing by itself --------------------------------------------------------------------------------


def test_one_that_renews_by_itself_does_not_end():
    people()
    add_mou(90, notice_days=60, renews_automatically=True)
    send()
    body = body_for()
    assert "Present term until: 21 February 2027 (in 90 days)" in body and "Ends:" not in body
    assert "Last day for notice: 23 December 2026 (in 30 days)" in body
    assert "It renews by itself unless notice is given." in body and "Renewal:" not in body


def test_after_the_last_day_for_notice_it_says_so():
    people()
    add_mou(30, notice_days=31, renews_automatically=True)
    send()
    assert "Last day for notice: 22 November 2026 (1 day ago)" in body_for()
    assert "It renews by itself unless notice was given by that day." in body_for()


def test_a_term_known_to_the_month_says_from_which_day_notice_is_counted():
    people()
    add_mou(30, ends_on_precision="month", notice_days=30)
    send()
    assert "Ends: December 2026 (in 38 days)" in body_for()
    words = "Last day for notice, if it ends on the last day of that time: 1 December 2026 (in 8 days)"
    assert words in body_for()


def test_what_renews_it_is_named():
    people()
    renewal = renewal_of(add_mou(30))
    send()
    assert f"Renewal: {renewal.reference}" in body_for()


# Languages -----------------------------------------------------------------------------------------


def chinese_mail() -> Mail:
    """Send a mail about an action and three MOUs, with every line that there is, and return it."""
    body = make_organisation("", name_zh="深圳图书馆")
    fields = {"lead_shenzhen": body, "ends_on": days(40)}
    mou = make_mou("", (body, "shenzhen"), title_zh="智慧图书馆", notice_days=10, **fields)
    make_mou("", title_zh="自动延长", notice_days=42, renews_automatically=True, **fields)
    make_mou("", title_zh="只知月份", notice_days=1, ends_on_precision="month", **fields)
    renewal_of(mou)
    add(1, days(14), owner_side="shenzhen", organisation=body)
    send()
    return Mail.objects.get(user__username=OTHER_MANAGER)


def test_in_chinese_the_mail_is_chinese_to_the_last_mark(settings):
    settings.SITE_URL = "https://sci.example"
    people()
    found = chinese_mail()
    assert found.subject == "提醒：1项跟进事项和3份谅解备忘录"
    text = re.sub(r"https://\S+|SCI-M-\d+|JIC4-A1|^-- $", "", found.body, flags=re.MULTILINE)
    # The name of the site has its brackets from the source that prints it.
    text = text.replace("新中(深圳)智慧城市项目", "")
    assert not re.search(r"[A-Za-z.,:;()?!-]", text), text
    assert "到期：2027年1月2日（还有40天）" in text and "参与各方：深圳图书馆" in text


@pytest.mark.parametrize("language", ["", "fr"])
def test_a_person_without_a_language_that_there_is_reads_english(language):
    people()
    User.objects.filter(username=MANAGER).update(language=language)
    add_mou(30)
    send()
    assert subject_for() == "1 MOU is near its end or its last day for notice"


# What one side keeps, and names ---------------------------------------------------------------------


def test_a_mail_names_nothing_that_the_other_side_keeps():
    people()
    kept, shared = make_organisation("Verschwiegen", kept_by="singapore"), make_organisation("Keppel")
    mou = make_mou("Shared", (kept, "singapore"), (shared, "singapore"), ends_on=days(30))
    renewal = renewal_of(mou, kept_by="singapore")
    send()
    assert "Verschwiegen, Keppel" in body_for(MANAGER) and renewal.reference in body_for(MANAGER)
    for name in (OTHER_MANAGER, SHENZHEN_OFFICER):
        assert "Keppel" in body_for(name)
        assert "Verschwiegen" not in body_for(name) and renewal.reference not in body_for(name)


def test_persons_are_never_named():
    people()
    mou = add_mou(30)
    hidden = Person.objects.create(name_en="Kept Out", suppressed=True)
    with acting(person(SINGAPORE_OFFICER)):
        mou.signings.create(person=hidden, side="singapore", post_en="Director")
    send()
    assert not re.search("Kept Out|Director", body_for())


# The page of an MOU --------------------------------------------------------------------------------


def test_the_page_says_what_was_sent_and_what_comes():
    people()
    mou = add_mou(100, notice_days=50)
    assert reminder_lines(mou, person(MANAGER), days(-1)) == [
        "To the officers and managers of: Singapore",
        "Next on 3 December 2026 (end of the term: 3 March 2027)",
    ]
    send()
    assert (
        reminder_lines(mou, person(MANAGER), TODAY)[-1]
        == "Sent on 23 November 2026 (end of the term: 3 March 2027)"
    )
    assert next_reminder(mou, days(93)) is None


SENT = "Sent on 23 November 2026 (end of the term: 3 December 2026)"


@pytest.mark.parametrize(
    ("name", "reads_sent"),
    [
        (SINGAPORE_OFFICER, False),
        (SHENZHEN_OFFICER, True),
        (MANAGER, False),
        (OTHER_MANAGER, True),
        (AUDITOR, True),
    ],
)
def test_everybody_reads_whom_it_reminds_and_what_was_sent_to_their_side(client, name, reads_sent):
    people()
    mou = make_mou("An MOU", ends_on=days(10), lead_shenzhen=make_organisation())
    send()
    sign_in(client, name)
    text = client.get(change_address(mou)).text
    assert "Reminders by e-mail" in text and (SENT in text) == reads_sent


def test_strangers_and_the_other_side_of_a_kept_draft_do_not(client):
    people()
    mou = add_mou(10, kept_by="singapore")
    send()
    assert Client().get(change_address(mou)).status_code == 302
    sign_in(client, SHENZHEN_OFFICER)
    assert "Sent on" not in client.get(change_address(mou), follow=True).text
    with acting(person(SINGAPORE_OFFICER)):
        mou.kept_by = ""
        mou.save()
    assert "Reminders by e-mail" in (text := client.get(change_address(mou)).text) and "Sent on" not in text


def test_an_mou_without_an_end_says_nothing_of_reminders(client):
    mou = make_mou()
    assert reminder_lines(mou, person(MANAGER), TODAY) == []
    client.force_login(person(MANAGER))
    assert client.get(change_address(mou)).status_code == client.get("/admin/mous/mou/add/").status_code == 200
