"""The agreed words: who keeps them, what departs from them, and what is left as intended."""

import pytest
from django.contrib.auth.models import Group, Permission

from initiative.imports import TermImport
from initiative.models import Departure, Term
from initiative.terms import Glossary, Word
from publishing.models import Status
from publishing.workflow import move
from sci_portal.language_work import Wanted, Work
from sci_portal.roles import AUDITOR as AUDITORS
from sci_portal.roles import MANAGER as MANAGERS
from sci_portal.roles import ensure_all, ensure_roles
from tests.factories import make_meeting, make_organisation, make_project, published
from tests.listing.uploads import confirm, problems, sheet, upload
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.publishing.test_status_writers import form_of
from tests.serving import once_there

pytestmark = once_there

WORDS = Glossary(
    (
        Word(1, "project", ("项目",), ()),
        Word(2, "joint project", ("合作项目",), ("联合项目",)),
        Word(3, "Joint Implementation Committee", ("联合执行委员会", "联合执委会"), ("联委会",)),
        Word(4, "MOU", ("谅解备忘录",), ("treaty",)),
        Word(5, "digital economy", ("数码经济", "数字经济"), ()),
    )
)


def departures(english: str, chinese: str) -> list[tuple]:
    return sorted((one.suffix, one.term, one.word) for one in WORDS.departures(english, chinese))


# In texts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "chinese", "found"),
    [
        ("A joint project.", "一个合作项目。", []),
        ("A Joint  Project.", "一个计划。", [("zh", 2, "")]),  # the longer word, once; "project" not besides
        ("Two projects", "两个计划", [("zh", 1, "")]),
        ("Projected growth", "增长", []),
        ("reproject", "重投影", []),
        ("The joint implementation committee met.", "联合执委会开会。", []),
        ("The Joint Implementation\nCommittee met.", "委员会开会。", [("zh", 3, "")]),
        ("The digital economy", "数码经济", []),
        ("The digital economy", "数字经济", []),
        ("A joint project", "", []),
        ("", "联委会", [("zh", 3, "联委会")]),
        ("A treaty", "谅解备忘录", [("en", 4, "treaty")]),
        ("An entreaty", "恳求", []),
        ("A joint project", "联合项目", [("zh", 2, ""), ("zh", 2, "联合项目")]),
        ("", "", []),
    ],
)
def test_departures(english, chinese, found):
    assert departures(english, chinese) == found


def test_words_of_a_text_are_found_in_either_language():
    assert [word.pk for word in WORDS.words_in("The MOU and the joint projects", "en")] == [4, 2]
    assert [word.pk for word in WORDS.words_in("联合执委会的合作项目", "zh")] == [3, 2]


def test_without_words_nothing_departs():
    assert Glossary(()).departures("A joint project", "计划") == set()


# In records -------------------------------------------------------------------------------------

ZONE = {"english": "Demonstration Zone", "chinese_singapore": "示范园区", "avoid": "示范区"}


def term(**fields) -> Term:
    return Term.objects.create(**ZONE | fields)


def flagged() -> list[tuple]:
    """Return language and word of everything flagged, in the order of its text."""
    return list(
        Departure.objects.filter(intended=False).order_by("text", "word").values_list("text", "suffix", "word")
    )


@pytest.mark.django_db
def test_text_is_flagged_when_it_is_saved_and_cleared_when_it_is_mended():
    term()
    project = make_project("The demonstration zone", title_zh="示范区")
    assert flagged() == [("title", "zh", ""), ("title", "zh", "示范区")]
    project.title_zh = "示范园区"
    project.save()
    assert flagged() == []


@pytest.mark.django_db
def test_text_is_flagged_when_a_word_is_agreed_and_cleared_when_it_is_dropped():
    make_project("The demonstration zone", title_zh="示范区")
    one = term()
    assert len(flagged()) == 2
    one.avoid = ""
    one.save()
    assert flagged() == [("title", "zh", "")]
    one.chinese_shenzhen = "示范区"
    one.save()
    assert flagged() == []
    one.chinese_shenzhen = ""
    one.save()
    one.delete()
    assert flagged() == []


@pytest.mark.django_db
def test_texts_are_counted_and_not_what_departs_in_them():
    term()
    make_project("The demonstration zone", title_zh="示范区")
    make_meeting(4, outcome_en="The demonstration zone", outcome_zh="示范区")
    assert len(flagged()) == 4
    Departure.objects.filter(text="outcome").update(intended=True)
    texts = Work(Wanted(person(MANAGER))).texts
    assert (texts["departure"], texts["intended"]) == (1, 1)


@pytest.mark.django_db
def test_longer_word_agreed_later_takes_the_place_of_the_shorter():
    term(english="Zone", avoid="")
    make_project("The demonstration zone", title_zh="样板")
    term()
    assert list(Departure.objects.values_list("term__english", flat=True)) == ["Demonstration Zone"]
    Term.objects.get(english="Demonstration Zone").delete()
    assert list(Departure.objects.values_list("term__english", flat=True)) == ["Zone"]


@pytest.mark.django_db
def test_printed_titles_and_names_are_left_alone():
    term()
    make_project("The demonstration zone", title_zh="示范区", title_basis_zh="printed")
    make_organisation("Demonstration Zone Ltd", name_zh="示范区公司")
    assert flagged() == []


@pytest.mark.django_db
def test_deleted_text_leaves_no_flag():
    term()
    project = make_project("The demonstration zone", title_zh="示范区")
    project.delete()
    assert not Departure.objects.exists()


@pytest.mark.django_db
def test_record_page_says_where_it_departs(client):
    term()
    project = make_project("Ports", parties_known="none")
    project.milestones.create(title_en="The demonstration zone opens", title_zh="开园")
    client.force_login(person(MANAGER))
    text = client.get(f"/admin/projects/project/{project.pk}/change/").content.decode()
    assert "Title (Chinese): The English says “Demonstration Zone”; the Chinese does not say 示范园区." in text
    address = f"/admin/languages/?matter=departure&reference={project.reference}"
    assert f'<a href="{address.replace("&", "&amp;")}">' in text
    assert "The demonstration zone opens" in client.get(address).content.decode()


@pytest.mark.django_db
def test_record_page_does_not_tell_of_the_other_sides_rows(client):
    term(chinese_singapore="试验园地")
    meeting = make_meeting()
    meeting.agenda_items.create(
        title_en="The demonstration zone", title_zh="开园", visibility="own_side", owner_side="singapore"
    )
    told = {}
    for who in ROLES:
        client.force_login(person(who))
        told[who] = "试验园地" in client.get(f"/admin/meetings/meeting/{meeting.pk}/change/").text
    kept = {SHENZHEN_OFFICER, OTHER_MANAGER}
    assert told == {who: who not in kept for who in ROLES}
    assert Work(Wanted(person(SHENZHEN_OFFICER), "departure")).texts["departure"] == 0


# Left as intended -------------------------------------------------------------------------------


def leave(client, who: str, leave: str = "yes", **changes):
    client.force_login(person(who))
    data = {"departure": Departure.objects.first().pk, "leave": leave}
    return client.post("/admin/languages/intended/", data | changes, follow=True)


@pytest.fixture
def departing(db):
    term(avoid="")
    return make_project("The demonstration zone", title_zh="样板")


def test_departure_is_left_and_flagged_again(client, departing):
    leave(client, SINGAPORE_OFFICER)
    one = Departure.objects.get()
    assert (one.intended, one.intended_by) == (True, person(SINGAPORE_OFFICER))
    assert "Flag it again" in client.get("/admin/languages/?matter=intended").content.decode()
    leave(client, SINGAPORE_OFFICER, "no")
    assert (len(flagged()), Departure.objects.get().intended_by) == (1, None)


def test_left_departure_stays_left_while_words_change_and_not_when_the_text_does(client, departing):
    leave(client, SINGAPORE_OFFICER)
    term(english="Zone", avoid="")
    assert flagged() == []
    departing.refresh_from_db()
    departing.title_zh = "样板区"
    departing.save()
    assert flagged() == [("title", "zh", "")]


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, AUDITOR])
def test_departure_of_a_published_record_is_left_by_managers(client, departing, who):
    published(departing)
    leave(client, who)
    assert len(flagged()) == 1
    leave(client, OTHER_MANAGER)
    assert flagged() == []


@pytest.mark.parametrize("number", ["", "x", "999", "9" * 30, "١"])
def test_departure_that_is_not_there(client, departing, number):
    answer = leave(client, MANAGER, departure=number)
    assert "The text was changed meanwhile." in answer.content.decode()


def test_departure_of_a_hidden_draft_is_not_there(client, departing):
    departing.kept_by = "singapore"
    departing.save()
    leave(client, OTHER_MANAGER)
    assert len(flagged()) == 1


# The words themselves ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_words_are_read_by_all_and_kept_by_managers(client):
    found = {}
    for who in ROLES:
        client.force_login(person(who))
        found[who] = [
            client.get(f"/admin/initiative/term/{page}").status_code for page in ("", "add/", "import/")
        ]
    assert found == {
        SINGAPORE_OFFICER: [200, 403, 403],
        SHENZHEN_OFFICER: [200, 403, 403],
        MANAGER: [200, 200, 200],
        OTHER_MANAGER: [200, 200, 200],
        AUDITOR: [200, 403, 403],
    }
    client.logout()
    assert client.get("/admin/initiative/term/").status_code == 302


@pytest.mark.django_db
def test_word_needs_the_chinese_of_a_side(client):
    client.force_login(person(MANAGER))
    answer = client.post("/admin/initiative/term/add/", {"english": "pilot"})
    assert "Enter the Chinese of at least one side." in answer.content.decode()
    client.post("/admin/initiative/term/add/", {"english": "pilot", "chinese_shenzhen": "试点；试行"})
    assert Term.objects.get().chinese == ["试点", "试行"]


@pytest.mark.django_db
def test_words_are_imported_and_flagged_at_once(client):
    make_project("The demonstration zone", title_zh="示范区")
    client.force_login(person(MANAGER))
    rows = sheet(TermImport, ZONE, ZONE | {"english": "MOU", "chinese_singapore": "谅解备忘录", "avoid": ""})
    preview = upload(client, "initiative/term", rows)
    assert flagged() == []
    confirm(client, "initiative/term", preview)
    assert (Term.objects.count(), len(flagged())) == (2, 2)
    assert problems(TermImport, sheet(TermImport, {"english": "x"}), MANAGER)[0][3].startswith("Enter the Chin")


@pytest.mark.django_db
def test_upgrade_gives_roles_the_rights_on_what_appeared_and_nothing_else():
    rights = Permission.objects.filter(content_type__model="term")
    taken = Permission.objects.get(codename="change_sector")
    for group in Group.objects.all():
        group.permissions.remove(*rights, taken)
    ensure_all()
    codes = {
        name: set(rights.filter(group__name=name).values_list("codename", flat=True))
        for name in (MANAGERS, AUDITORS)
    }
    assert codes == {
        MANAGERS: {"add_term", "change_term", "delete_term", "view_term"},
        AUDITORS: {"view_term"},
    }
    assert not taken.group_set.exists()


@pytest.mark.django_db
def test_rights_taken_from_one_role_stay_taken():
    right = Permission.objects.get(codename="view_term")
    Group.objects.get(name=AUDITORS).permissions.remove(right)
    ensure_roles()
    assert not right.group_set.filter(name=AUDITORS).exists()


@pytest.mark.django_db
def test_move_changes_no_flag(departing):
    Departure.objects.update(intended=True)
    move(departing, Status.IN_REVIEW, by=person(SINGAPORE_OFFICER))
    assert flagged() == []


@pytest.mark.django_db
def test_form_saved_without_a_change_keeps_what_was_left(client, departing):
    leave(client, SINGAPORE_OFFICER)
    address = f"/admin/projects/project/{departing.pk}/change/"
    client.post(address, form_of(departing, title_zh="样板", summary_en="New."))
    departing.refresh_from_db()
    assert (departing.summary_en, flagged()) == ("New.", [])
