"""The list of what lacks a language: what is on it, for whom, and what its buttons do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiative.models import Pillar, Term
from organisations.models import Organisation, Person
from projects.models import Project
from publishing.authorship import acting
from publishing.models import Tracked
from sci_portal.language_work import Wanted, Work
from sci_portal.languages import behind, kinds
from tests.factories import make_meeting, make_organisation, make_project, make_source, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
PAGE = "/admin/languages/"


def found(who: str = MANAGER, matter: str = "", **asked) -> list[tuple[str, list[str]]]:
    """Return key and matters of every line that a person finds."""
    work = Work(Wanted(person(who), matter, **asked))
    return [(line.key, line.matters) for item in work[0 : len(work)] for line in item.lines]


def page(client, who: str, query: str = "") -> str:
    client.force_login(person(who))
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return answer.text


# Who may ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
def test_everybody_with_an_account_reads_the_list(client, who):
    make_project("A project")
    assert "A project" in page(client, who)


@pytest.mark.parametrize("address", ["", "answers/", "sheet.csv", "sheet.xlsx"])
def test_stranger_is_asked_to_sign_in(client, address):
    answer = client.get(PAGE + address)
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={PAGE}{address}")


def test_every_officers_page_links_the_list(client):
    client.force_login(person(AUDITOR))
    assert f'href="{PAGE}"' in client.get("/admin/").text


# What is on it ----------------------------------------------------------------------------------


def test_every_kind_with_two_languages_is_walked():
    labels = {kind.label for kind in kinds()}
    assert {"projects.project", "meetings.figurecitation", "initiative.page", "initiative.source"} <= labels
    assert all(issubclass(kind.model, Tracked) for kind in kinds())


def test_what_lacks_a_language():
    project = make_project("Ports", summary_zh="港口")
    project.milestones.create(title_zh="启动")
    key = f"projects.project:{project.reference}"
    milestone = project.milestones.get()
    assert found() == [
        (f"{key}:title", ["no_zh"]),
        (f"{key}:summary", ["no_en"]),
        (f"projects.milestone:{milestone.pk}:title", ["no_en"]),
    ]
    assert [one for one, _matters in found(matter="no_zh")] == [f"{key}:title"]


def test_texts_without_any_language_lack_none():
    make_meeting()
    assert found() == []


def test_sources_pages_and_pillars_are_on_it():
    make_source(code="pr9", note_en="A note.")
    pillar = Pillar.objects.first()
    pillar.description_en = "What a source says of it."
    pillar.save()
    assert {key for key, _matters in found()} == {
        "initiative.source:pr9:note",
        f"initiative.pillar:{pillar.code}:description",
    }


def test_names_stand_apart():
    organisation = make_organisation("Keppel", summary_en="A company.")
    Person.objects.create(name_en="A person")
    reference = organisation.reference
    assert found() == [(f"organisations.organisation:{reference}:summary", ["no_zh"])]
    assert [key.rpartition(":")[2] for key, _matters in found(matter="names")] == ["name", "name"]


def test_older_text_is_on_it_until_it_catches_up():
    project = make_project("Ports", title_zh="港口")
    project.title_en = "Two ports"
    project.save()
    key = f"projects.project:{project.reference}:title"
    assert found() == [(key, ["older"])]
    project.title_zh = "两个港口"
    project.save()
    assert found() == []


def test_first_translation_outdates_nothing():
    project = make_project("Ports")
    project.title_zh = "港口"
    project.save()
    assert found() == []


def test_name_that_ends_like_another_is_not_taken_for_it():
    pillar = Pillar.objects.first()
    pillar.short_name_en = "Links"
    pillar.save()
    assert found() == [(f"initiative.pillar:{pillar.code}:short_name", ["older"])]


def test_older_text_shows_what_the_source_said_before(client):
    project = make_project("Ports", title_zh="港口")
    for title in ("Ports of call", "Two ports"):
        project.title_en = title
        project.save()
    item = Work(Wanted(person(MANAGER), "older"))[0:1][0]
    assert (item.lines[0].before, item.lines[0].source) == ("Ports", "Two ports")
    assert "What it said before" in page(client, MANAGER)


def test_status_kind_and_reference_narrow_it():
    draft, public = make_project("Draft"), published(make_project("Public"))
    make_source(note_en="A note.")
    keys = [f"projects.project:{one.reference}:title" for one in (draft, public)]
    assert [key for key, _matters in found(kind="projects.project")] == keys
    assert [key for key, _matters in found(status="published")] == keys[1:]
    assert [key for key, _matters in found(reference=draft.reference.lower())] == keys[:1]


@pytest.mark.parametrize("query", ["?matter=x", "?kind=auth.user", "?status=x", "?reference=" + "x" * 50])
def test_bad_value_is_an_error_and_gives_no_rows(client, query):
    make_project("Ports")
    text = page(client, MANAGER, query)
    assert "errornote" in text
    assert "Ports" not in text
    assert client.get(f"{PAGE}sheet.csv{query}").status_code == 400


def test_empty_list_says_so(client):
    assert "Nothing to do here" in page(client, MANAGER)
    assert "Nothing here with this filter" in page(client, MANAGER, "?status=draft")


def test_page_that_is_not_there_is_the_last(client):
    for number in range(27):
        make_project(f"Ports {number}")
    text = page(client, MANAGER, "?page=9")
    assert "Ports 26" in text
    assert "Page 2 of 2" in text


# What the other side keeps ----------------------------------------------------------------------


def test_draft_and_row_of_one_side_are_not_the_others():
    kept = make_project("Kept", kept_by="singapore")
    kept.milestones.create(title_en="Kept too")
    meeting = make_meeting()
    meeting.agenda_items.create(title_en="Kept", visibility="own_side", owner_side="singapore")
    assert len(found(SINGAPORE_OFFICER)) == len(found(AUDITOR)) == 3
    assert found(SHENZHEN_OFFICER) == found(OTHER_MANAGER) == []
    counts = Work(Wanted(person(SHENZHEN_OFFICER))).texts
    assert set(counts.values()) == {0}


def test_version_of_a_kept_draft_is_not_the_others():
    project = make_project("Secret", title_zh="秘密", kept_by="singapore")
    project.kept_by = ""
    project.title_en = "Open"
    project.save()
    before = {
        who: Work(Wanted(person(who), "older"))[0:1][0].lines[0].before
        for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER)
    }
    assert before == {SINGAPORE_OFFICER: "Secret", SHENZHEN_OFFICER: ""}


@pytest.mark.parametrize(
    ("outdated", "is_older"),
    [
        ("title_en", True),
        ("summary_zh title_en", True),
        ("summary_zh title_en title_zh", True),
        ("short_title_en", False),
        ("title_en_x title_zh", False),
        ("", False),
    ],
)
def test_a_text_is_older_by_its_whole_name(outdated, is_older):
    project = make_project("Ports")
    Project._base_manager.filter(pk=project.pk).update(outdated=outdated)
    assert Project.objects.filter(behind("title_en")).exists() == is_older


# Fast ---------------------------------------------------------------------------------------------


def queries(client, many: int) -> int:
    Term.objects.get_or_create(english="port", defaults={"chinese_singapore": "港口"})
    for number in range(many):
        project = make_project(f"Port {number}", title_zh="码头", summary_en="A summary.")
        project.title_en = f"Port number {number}"
        project.save()
        project.milestones.create(title_en="Begun")
    client.force_login(person(MANAGER))
    client.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(PAGE).text.count("<article") >= 2 * many
    return len(captured)


def test_queries_do_not_grow_with_rows(client):
    one = queries(client, 1)
    assert queries(client, 3) == one <= 60


# Still right ------------------------------------------------------------------------------------


def older(**fields):
    project = make_project("Ports", title_zh="港口", **fields)
    with acting(person(SINGAPORE_OFFICER)):
        project.title_en = "The ports"
        project.save()
    return project


def press_still_right(client, who: str, query: str = "", **changes):
    client.force_login(person(MANAGER))
    item = Work(Wanted(person(MANAGER), "older"))[0:1][0]
    line = item.lines[0]
    client.force_login(person(who))
    data = {"key": line.key, "language": line.suffix, "seen": line.seen, "next": f"{PAGE}?matter=older"}
    return client.post(f"{PAGE}still-right/", data | changes, follow=True)


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER])
def test_still_right_takes_it_off_without_a_version(client, who):
    project = older()
    versions = project.history.count()
    answer = press_still_right(client, who)
    project.refresh_from_db()
    assert (project.outdated, project.history.count()) == ("", versions)
    assert answer.redirect_chain == [(f"{PAGE}?matter=older", 302)]


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, AUDITOR])
def test_still_right_of_a_published_record_is_the_managers(client, who):
    project = published(older())
    press_still_right(client, who)
    assert "Still right</button>" not in client.get(PAGE).text
    project.refresh_from_db()
    assert project.outdated == "title_zh"
    press_still_right(client, MANAGER)
    project.refresh_from_db()
    assert project.outdated == ""


def test_still_right_of_what_was_changed_meanwhile_is_refused(client):
    project = older()
    answer = press_still_right(client, MANAGER, seen="0123456789abcdef")
    assert "The text was changed meanwhile." in answer.content.decode()
    project.refresh_from_db()
    assert project.outdated == "title_zh"


@pytest.mark.parametrize(
    "changes", [{"key": "nonsense"}, {"key": "auth.user:1:title"}, {"language": "fr"}, {"key": ""}]
)
def test_still_right_survives_anything(client, changes):
    older()
    assert "The text was changed meanwhile." in press_still_right(client, MANAGER, **changes).content.decode()


def test_still_right_of_a_hidden_draft_is_not_found(client):
    project = older(kept_by="singapore")
    press_still_right(client, OTHER_MANAGER)
    project.refresh_from_db()
    assert project.outdated == "title_zh"


def test_buttons_lead_nowhere_else(client):
    older()
    answer = press_still_right(client, MANAGER, next="https://example.org/")
    assert answer.redirect_chain[0][0] == PAGE


def test_buttons_are_pressed_not_followed(client):
    client.force_login(person(MANAGER))
    assert [client.get(f"{PAGE}{one}/").status_code for one in ("still-right", "intended")] == [405, 405]


def test_names_of_organisations_are_in_no_count_of_work():
    make_organisation("Keppel")
    assert Organisation.objects.count() == 1
    texts = Work(Wanted(person(MANAGER))).texts
    assert (texts["names"], texts["no_zh"]) == (1, 0)
