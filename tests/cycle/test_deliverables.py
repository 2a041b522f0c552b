"""The deliverables list: who sees, agrees and clears what, and what lapses when a record changes."""

import pytest
from django.urls import reverse

from publishing.authorship import acting
from tests.cycle.deliverables import (  # noqa: F401  fixtures
    change,
    clear,
    coming_meeting,
    key,
    line_of,
    mou_on_pumps,
    page,
    press,
    project_on_meters,
    sign,
)
from tests.desk.forms import open_form, send
from tests.desk.samples import add_file
from tests.factories import make_mou, make_organisation, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER, AUDITOR])
def test_each_person_reads_the_list_and_clears_for_their_own_side_alone(client, mou, who):
    client.force_login(person(who))
    shown = client.get(page(mou.meeting)).text
    assert "Pumps" in shown and "Keppel" in shown
    assert shown.count('name="clear" value="mou-') == (who != AUDITOR)
    client.post(page(mou.meeting), {"clear": key(mou), f"{key(mou)}-seen": line_of(mou).seen})
    line, side = line_of(mou), person(who).side
    held = [one for one in ("singapore", "shenzhen") if line.clearance(one).holds]
    assert held == ([] if who == AUDITOR else [side])


def test_a_stranger_is_asked_to_sign_in(client, mou):
    assert client.get(page(mou.meeting)).status_code == 302
    data = {"clear": key(mou), f"{key(mou)}-seen": line_of(mou).seen}
    assert "typed" in client.post(page(mou.meeting), data).text
    assert line_of(mou).row.pk is None


def test_the_auditor_changes_nothing(client, mou):
    client.force_login(person(AUDITOR))
    data = {f"{key(mou)}-seen": line_of(mou).seen, f"{key(mou)}-titles": "on"}
    assert client.post(page(mou.meeting), data).status_code == 403


def test_a_line_is_cleared_once_both_sides_have_cleared_it(client, mou, project):
    clear(client, mou, SINGAPORE_OFFICER)
    assert not line_of(mou).is_cleared
    clear(client, mou, OTHER_MANAGER)
    line = line_of(mou)
    assert line.is_cleared and line.clearance("shenzhen").by == person(OTHER_MANAGER)
    client.force_login(person(MANAGER))
    assert "1 of 2 cleared" in client.get(reverse("admin:desk", args=[mou.meeting.pk])).text


def test_clearing_what_is_selected(client, mou, project):
    shown = press(client, mou, SHENZHEN_OFFICER, pick="on", clear="picked")
    assert line_of(mou).clearance("shenzhen").holds and not line_of(project).clearance("shenzhen").holds
    assert "1" in shown
    assert "No line is selected" in press(client, mou, MANAGER, clear="picked")


def test_a_clearance_is_taken_back_by_its_own_side_alone(client, mou):
    clear(client, mou)
    press(client, mou, SHENZHEN_OFFICER, take_back=key(mou))
    line = line_of(mou)
    assert line.clearance("singapore").holds and line.clearance("shenzhen").at is None


CHANGES = {
    "titles": lambda mou: change(mou, title_zh="水泵"),
    "parties": lambda mou: mou.signatories.create(organisation=make_organisation("CPG"), side="singapore"),
    "signers": lambda mou: sign(mou, post_en="Director"),
    "text": lambda mou: add_file(mou, "Final text", visibility="both_sides"),
}


@pytest.mark.parametrize("part", CHANGES)
def test_what_was_cleared_lapses_where_that_part_changes(client, mou, part):
    clear(client, mou)
    CHANGES[part](mou)
    line = line_of(mou)
    assert not line.is_cleared and line.clearance("singapore").changed == [part]
    client.force_login(person(MANAGER))
    assert f"Changed since: {part}" in client.get(page(mou.meeting)).text


def test_nothing_lapses_by_what_is_no_part_of_it(client, mou):
    clear(client, mou)
    add_file(mou, "A note", visibility="own_side")
    change(mou, summary_en="Another summary", batch=2)
    assert line_of(mou).is_cleared


def test_a_tick_lapses_by_itself_and_comes_back_with_what_was_agreed(client, mou):
    press(client, mou, SHENZHEN_OFFICER, titles="on")
    assert line_of(mou).agreement("titles") == "agreed"
    change(mou, title_en="Pump")
    assert line_of(mou).agreement("titles") == "changed"
    change(mou, title_en="Pumps")
    assert line_of(mou).agreement("titles") == "agreed"


def test_a_tick_for_what_has_changed_meanwhile_is_refused_in_words(client, mou):
    client.force_login(person(SHENZHEN_OFFICER))
    data = open_form(client, page(mou.meeting))
    change(mou, title_en="Pumps and more")
    ticked = {f"{key(mou)}-titles": "on", f"{key(mou)}-parties": "on", "clear": key(mou)}
    send(client, page(mou.meeting), data, **ticked)
    line = line_of(mou)
    assert (line.agreement("titles"), line.agreement("parties")) == ("", "agreed")
    assert line.clearance("shenzhen").at is None
    person_ = person(MANAGER)
    client.force_login(person_)
    data = open_form(client, page(mou.meeting))
    change(mou, title_en="Pumps and less")
    told = send(client, page(mou.meeting), data, follow=True, clear=key(mou)).text
    assert "was changed while the page was open: titles" in told


def test_what_nobody_touched_is_not_written(client, mou):
    """Two persons have the page open: the second one to save does not undo the first one's tick."""
    client.force_login(person(MANAGER))
    data = open_form(client, page(mou.meeting))
    press(client, mou, SHENZHEN_OFFICER, titles="on")
    client.force_login(person(MANAGER))
    send(client, page(mou.meeting), data, **{f"{key(mou)}-batch": "2", f"{key(mou)}-position": "3"})
    line = line_of(mou)
    assert (line.agreement("titles"), line.record.batch, line.row.position) == ("agreed", 2, 3)


def test_an_entry_that_cannot_be_read_is_marked_and_nothing_is_written(client, mou):
    told = press(client, mou, MANAGER, batch="soon", titles="on")
    assert "Nothing was saved" in told and 'value="soon"' in told
    assert line_of(mou).agreement("titles") == ""


@pytest.mark.parametrize("sent", [{}, {"seen": ""}, {"seen": "x y z"}, {"proposed_by": "hongkong", "seen": ""}])
def test_a_forged_page_clears_nothing(client, mou, sent):
    client.force_login(person(MANAGER))
    data = {f"{key(mou)}-{name}": value for name, value in sent.items()}
    assert client.post(page(mou.meeting), data | {"clear": key(mou)}).status_code < 400
    assert line_of(mou).clearance("singapore").at is None


def test_what_one_side_keeps_is_not_on_the_list_of_the_other(client, mou):
    change(mou, kept_by="singapore")
    client.force_login(person(SHENZHEN_OFFICER))
    assert "Pumps" not in client.get(page(mou.meeting)).text
    client.post(page(mou.meeting), {"clear": key(mou), f"{key(mou)}-seen": line_of(mou).seen})
    assert line_of(mou).row.pk is None
    client.force_login(person(MANAGER))
    shown = client.get(page(mou.meeting)).text
    assert "Share it first" in shown and 'value="mou-' not in shown
    told = press(client, mou, MANAGER, clear=key(mou))
    assert "is a draft of one side" in told and not line_of(mou).clearance("singapore").at


def test_who_proposed_it_is_known_from_who_entered_it(client, mou, meeting):
    with acting(person(SHENZHEN_OFFICER)):
        theirs = meeting.projects.create(title_zh="水表")
    assert line_of(mou).row.proposed_by == "singapore"
    assert line_of(theirs).row.proposed_by == "shenzhen"
    press(client, theirs, MANAGER, proposed_by="singapore")
    assert line_of(theirs).row.proposed_by == "singapore"


def test_ticking_is_no_change_of_the_record(client, mou):
    mou.refresh_from_db()
    before = mou.changed_at, mou.changed_by
    press(client, mou, SHENZHEN_OFFICER, titles="on", clear=key(mou))
    mou.refresh_from_db()
    assert (mou.changed_at, mou.changed_by) == before
    row = mou.deliverable
    assert row.history.get().history_user == person(SHENZHEN_OFFICER)
    row.delete()
    mou.refresh_from_db()
    assert (mou.changed_at, mou.changed_by) == before


def test_an_officer_ticks_a_published_record_and_does_not_change_it(client, meeting):
    published(meeting)
    body = published(make_organisation("Keppel"))
    mou = published(make_mou("Pumps", (body, "singapore"), meeting=meeting))
    press(client, mou, SINGAPORE_OFFICER, titles="on", batch="4")
    line = line_of(mou)
    assert (line.agreement("titles"), line.record.batch) == ("agreed", None)


def test_the_page_asks_as_much_for_one_line_as_for_many(client, mou, project, django_assert_num_queries):
    client.force_login(person(SINGAPORE_OFFICER))
    sign(mou)
    client.get(page(mou.meeting))
    for _more in range(2):
        with django_assert_num_queries(18):
            client.get(page(mou.meeting))
        for number in range(3):
            bodies = [(make_organisation(), "singapore"), (make_organisation(), "shenzhen")]
            sign(make_mou(f"More {number}", *bodies, meeting=mou.meeting))
            make_project("More", *bodies, meeting=mou.meeting)
