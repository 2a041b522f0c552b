"""Officers propose what the public would read; managers accept, send back or reject it."""

import pytest

from publishing.models import ProposedChange
from tests.desk.forms import add_row, change_address, form_on, open_form, send
from tests.factories import make_meeting, make_organisation, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]


@pytest.fixture
def project():
    keppel = make_organisation("Keppel", name_zh="吉宝")
    published(keppel)
    return published(make_project("A project", (keppel, "singapore"), summary_en="Old words"))


def propose(client, record, who=SINGAPORE_OFFICER, data=None, **changes) -> ProposedChange:
    client.force_login(person(who))
    data = data or open_form(client, change_address(record))
    answer = send(client, change_address(record), data, **changes)
    assert answer.status_code == 302, answer.text
    return ProposedChange.objects.latest("pk")


def address_of(proposal) -> str:
    return f"/admin/publishing/proposedchange/{proposal.pk}/change/"


def decide(client, proposal, decision, who=MANAGER, follow=True, **fields):
    client.force_login(person(who))
    page = client.get(address_of(proposal)).text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    data = {"_decision": decision, "seen": seen} | fields
    return client.post(address_of(proposal), data, follow=follow)


def test_the_public_page_stays_until_a_manager_accepts(client, project):
    proposal = propose(client, project, summary_en="New words", _note="As the release says")
    project.refresh_from_db()
    assert (project.summary_en, proposal.state, proposal.note) == ("Old words", "open", "As the release says")
    assert "New words" not in client.get(project.get_absolute_url()).text
    client.force_login(person(MANAGER))
    page = client.get(address_of(proposal)).text
    assert "Old words" in page and "New words" in page and "As the release says" in page
    answer = decide(client, proposal, "accepted")
    assert "The change is on record and public." in answer.text
    project.refresh_from_db()
    proposal.refresh_from_db()
    assert (project.summary_en, project.is_published) == ("New words", True)
    assert (proposal.state, proposal.decided_by, project.changed_by) == (
        "accepted",
        person(MANAGER),
        person(SINGAPORE_OFFICER),
    )
    assert "New words" in client.get(project.get_absolute_url()).text


def test_rows_are_proposed_with_the_record(client, project):
    strides = published(make_organisation("Strides"))
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    data["partners-0-role"] = "lead"
    data = add_row(data, "partners", organisation=strides.pk, side="shenzhen")
    proposal = propose(client, project, data=data)
    assert project.partners.count() == 1
    client.force_login(person(MANAGER))
    page = client.get(address_of(proposal)).text
    assert "Partner “Strides”" in page and "lead partner" in page
    decide(client, proposal, "accepted")
    assert [(row.organisation.name_en, row.role) for row in project.partners.all()] == [
        ("Keppel", "lead"),
        ("Strides", "partner"),
    ]


def test_notes_for_staff_are_saved_at_once(client, project):
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    send(client, change_address(project), data, notes_singapore="Called them")
    project.refresh_from_db()
    assert (project.notes_singapore, ProposedChange.objects.count()) == ("Called them", 0)
    data = open_form(client, change_address(project))
    answer = send(client, change_address(project), data, notes="Shared", title_en="Another")
    assert "Notes for staff are not proposed" in answer.text
    assert not ProposedChange.objects.exists()


def test_saving_without_a_change_proposes_nothing(client, project):
    client.force_login(person(SINGAPORE_OFFICER))
    send(client, change_address(project), open_form(client, change_address(project)))
    assert not ProposedChange.objects.exists()


def test_double_click_proposes_once(client, project):
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    for _click in range(2):
        assert send(client, change_address(project), data, title_en="Another").status_code == 302
    assert ProposedChange.objects.count() == 1


def test_a_form_with_mistakes_is_not_proposed(client, project):
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    answer = send(client, change_address(project), data, title_en="x" * 5000)
    assert (answer.status_code, ProposedChange.objects.count()) == (200, 0)
    assert "at most 300 characters" in answer.text
    answer = send(client, change_address(project), data, parties_known="")
    assert "Say whether all, some or none of the parties are known." in answer.text
    assert not ProposedChange.objects.exists()


def test_sent_back_with_a_comment_and_worked_on_again(client, project):
    proposal = propose(client, project, summary_en="New words")
    answer = decide(client, proposal, "sent_back")
    assert "Say why: its author reads it." in answer.text
    decide(client, proposal, "sent_back", comment="Which release?")
    client.force_login(person(SINGAPORE_OFFICER))
    assert "Which release?" in client.get(address_of(proposal)).text
    data = open_form(client, f"{change_address(project)}?proposal={proposal.pk}")
    assert (data["summary_en"], data["_proposal"]) == ("New words", str(proposal.pk))
    send(client, change_address(project), data, summary_en="Better words")
    proposal.refresh_from_db()
    assert (proposal.state, ProposedChange.objects.count()) == ("open", 1)
    decide(client, proposal, "accepted")
    project.refresh_from_db()
    assert project.summary_en == "Better words"


def test_rejected_and_taken_back_change_nothing(client, project):
    first, second = propose(client, project, summary_en="One"), propose(client, project, summary_en="Two")
    decide(client, first, "rejected", comment="Not in any source.")
    decide(client, second, "taken_back", who=SINGAPORE_OFFICER)
    assert [p.state for p in ProposedChange.objects.order_by("pk")] == ["rejected", "taken_back"]
    assert "already" in decide(client, first, "accepted").text
    project.refresh_from_db()
    assert project.summary_en == "Old words"


@pytest.mark.parametrize(
    "who, decision, words",
    [
        (SINGAPORE_OFFICER, "accepted", "You wrote this proposal; another person must decide."),
        (SHENZHEN_OFFICER, "accepted", "Your role does not allow this. Ask a manager."),
        (AUDITOR, "rejected", "Your role does not allow this. Ask a manager."),
        (MANAGER, "taken_back", "Only its author takes a proposal back."),
    ],
)
def test_who_decides(client, project, who, decision, words):
    proposal = propose(client, project, summary_en="New words")
    person(who).__class__.objects.filter(username=who).update(language="en")
    assert words in decide(client, proposal, decision, who=who, comment="Because").text
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_who_may_look(client, project):
    proposal = propose(client, project, summary_en="New words")
    for who in ROLES:
        client.force_login(person(who))
        assert client.get("/admin/publishing/proposedchange/").status_code == 200
        page = client.get(address_of(proposal))
        assert page.status_code == 200
        assert client.get(f"/admin/publishing/proposedchange/{proposal.pk}/preview/en/").status_code == 200
        assert f"?proposal={proposal.pk}" in page.text or who != SINGAPORE_OFFICER
        assert "/admin/publishing/proposedchange/" in client.get(change_address(project)).text
    client.logout()
    assert client.get(address_of(proposal)).status_code == 302


def test_preview_of_a_proposal_is_the_public_page(client, project):
    proposal = propose(client, project, summary_zh="新的文字")
    client.force_login(person(MANAGER))
    for language, words in (("zh-hans", "新的文字"), ("en", "A project")):
        page = client.get(f"/admin/publishing/proposedchange/{proposal.pk}/preview/{language}/").text
        assert words in page and "preview-note" in page
    project.refresh_from_db()
    assert project.summary_zh == ""
    assert client.get(f"/admin/publishing/proposedchange/{proposal.pk}/preview/xx/").status_code == 404


def test_what_others_changed_since_stays(client, project):
    proposal = propose(client, project, summary_en="New words")
    client.force_login(person(OTHER_MANAGER))
    send(client, change_address(project), open_form(client, change_address(project)), title_zh="项目")
    decide(client, proposal, "accepted")
    project.refresh_from_db()
    assert (project.summary_en, project.title_zh) == ("New words", "项目")


def test_a_change_while_the_manager_looks_is_looked_at_again(client, project):
    proposal = propose(client, project, summary_en="New words")
    client.force_login(person(MANAGER))
    page = client.get(address_of(proposal)).text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    client.force_login(person(OTHER_MANAGER))
    send(client, change_address(project), open_form(client, change_address(project)), summary_en="Third words")
    client.force_login(person(MANAGER))
    answer = client.post(address_of(proposal), {"_decision": "accepted", "seen": seen}, follow=True)
    assert "Look again, then decide." in answer.text
    project.refresh_from_db()
    assert project.summary_en == "Third words"


def test_a_row_gone_meanwhile_is_told_in_words(client, project):
    strides = published(make_organisation("Strides"))
    client.force_login(person(SINGAPORE_OFFICER))
    data = add_row(
        open_form(client, change_address(project)), "partners", organisation=strides.pk, side="shenzhen"
    )
    proposal = propose(client, project, data=data)
    client.force_login(person(OTHER_MANAGER))
    same = add_row(
        open_form(client, change_address(project)), "partners", organisation=strides.pk, side="shenzhen"
    )
    assert send(client, change_address(project), same).status_code == 302
    answer = decide(client, proposal, "accepted")
    assert "already exists" in answer.text
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_fields_of_a_newer_release_are_not_blanked(client, project):
    proposal = propose(client, project, summary_en="New words")
    names = proposal.field_names
    names[""] = [name for name in names[""] if name != "title_zh"]
    proposal.field_names = names
    proposal.save()
    assert "The form has other fields since a newer release." in decide(client, proposal, "accepted").text


def test_without_the_right_on_every_inline_nothing_is_replayed(client, project):
    from django.contrib.auth.models import Group, Permission

    from sci_portal import roles

    proposal = propose(client, project, summary_en="New words")
    Group.objects.get(name=roles.MANAGER).permissions.remove(
        Permission.objects.get(codename="change_milestone")
    )
    answer = decide(client, proposal, "accepted")
    assert "You have no right to change milestones" in answer.text
    project.refresh_from_db()
    assert project.summary_en == "Old words"


def test_notes_of_the_accepting_side_are_kept(client, project):
    client.force_login(person(OTHER_MANAGER))
    send(client, change_address(project), open_form(client, change_address(project)), notes_shenzhen="深圳备注")
    proposal = propose(client, project, summary_en="New words")
    decide(client, proposal, "accepted", who=OTHER_MANAGER)
    project.refresh_from_db()
    assert (project.summary_en, project.notes_shenzhen) == ("New words", "深圳备注")


def test_a_proposal_with_rows_of_one_side_is_that_sides_alone(client):
    meeting = make_meeting(4, outcome_en="Old words")
    meeting.decisions.create(number=1, text_en="Kept apart", visibility="own_side", owner_side="singapore")
    published(meeting)
    proposal = propose(client, meeting, outcome_en="New words")
    assert (proposal.visibility, proposal.owner_side) == ("own_side", "singapore")
    for who in (SHENZHEN_OFFICER, OTHER_MANAGER):
        client.force_login(person(who))
        assert client.get(address_of(proposal)).status_code == 404
        assert f"/proposedchange/{proposal.pk}/" not in client.get(change_address(meeting)).text
        assert "JIC" not in client.get("/admin/publishing/proposedchange/").text.partition("result_list")[2]
    decide(client, proposal, "accepted", who=MANAGER)
    meeting.refresh_from_db()
    assert (meeting.outcome_en, meeting.decisions.count()) == ("New words", 1)


def test_withdrawn_meanwhile_it_cannot_be_accepted(client, project):
    proposal = propose(client, project, summary_en="New words")
    client.force_login(person(MANAGER))
    data = open_form(client, change_address(project))
    send(client, change_address(project), data, _move="withdrawn", _withdrawal_reason="Entered twice.")
    assert "not published any longer" in decide(client, proposal, "accepted").text


def test_an_officers_form_of_a_published_record_says_so(client, project):
    client.force_login(person(SINGAPORE_OFFICER))
    page = client.get(change_address(project)).text
    assert "This record is published" in page and "Save as a proposed change" in page
    assert 'name="_save"' not in page
    assert form_on(page)["title_en"] == "A project"


def waiting(client, who) -> tuple[int, int]:
    """Return what the index counts of proposals, and how many the lists behind its numbers hold."""
    client.force_login(person(who))
    (section,) = [one for one in client.get("/admin/").context["sections"] if one.key == "proposals"]
    listed = [
        client.get(number.address).context["cl"].result_count for number in section.numbers if number.value
    ]
    return section.total, sum(listed)


def test_the_index_tells_who_has_to_do_something(client, project):
    proposal = propose(client, project, summary_en="New words")
    told = {who: waiting(client, who) for who in (MANAGER, OTHER_MANAGER, SINGAPORE_OFFICER, SHENZHEN_OFFICER)}
    assert told == {MANAGER: (1, 1), OTHER_MANAGER: (1, 1), SINGAPORE_OFFICER: (0, 0), SHENZHEN_OFFICER: (0, 0)}
    decide(client, proposal, "sent_back", comment="Which release?")
    assert [waiting(client, who)[0] for who in (MANAGER, SINGAPORE_OFFICER)] == [0, 1]
