"""Organisations by any of their names, what is created because a sheet names it, and an import done once."""

import os
import threading
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from listing.sheets import read_csv
from listing.uploads import WAITS, PrivateFolder
from meetings.imports import AttendanceImport
from meetings.models import Attendance
from mous.imports import SigningImport
from mous.models import Signing
from organisations.imports import OrganisationImport, PersonImport
from organisations.models import Organisation, Person
from projects.imports import PartnerImport, ProjectImport
from projects.models import Partner, Project
from publishing.authorship import acting
from tests.desk.sheets import offer
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.listing.pages import text_of
from tests.listing.uploads import confirm, problems, sheet
from tests.people import MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    client.force_login(person(SINGAPORE_OFFICER))
    return client


def partner(name: str, **cells) -> str:
    """Return a sheet with one partner of the first project."""
    return sheet(PartnerImport, {"project": "SCI-P-0001", "organisation": name} | cells)


# Names


@pytest.mark.parametrize(
    "value",
    [
        "SCI-O-0001",
        "sci-o-0001",
        "Smart Nation Group",
        "SMART NATION GROUP",
        "smart-nation  group",
        "Ｓｍａｒｔ Nation Group",
        "SNG",
        "智慧国家办公室",
        "智慧办",
        "Smart Nation and Digital Government Group",
        "SNDGG",
    ],
)
def test_organisation_is_found_by_any_of_its_names(value):
    body = make_organisation(
        "Smart Nation Group", name_zh="智慧国家办公室", short_name_en="SNG", short_name_zh="智慧办"
    )
    body.names.create(name="Smart Nation and Digital Government Group", kind="former")
    body.names.create(name="SNDGG", kind="alias")
    make_project("Twin")
    assert problems(PartnerImport, partner(value)) == []
    assert Partner.objects.get().organisation == body


def test_name_of_several_is_refused_with_their_references():
    make_organisation("Tencent", short_name_en="TC")
    make_organisation("Another").names.create(name="TC", kind="alias")
    make_project("Twin")
    told = "“TC” names more than one organisation. Use the reference. Write one of: SCI-O-0001, SCI-O-0002."
    assert problems(PartnerImport, partner("TC")) == [(2, "organisation", "TC", told)]


def test_name_as_written_goes_before_the_folded_one():
    make_organisation("KEPPEL")
    wanted = make_organisation("Keppel")
    make_project("Twin")
    assert problems(PartnerImport, partner("Keppel")) == []
    assert Partner.objects.get().organisation == wanted
    assert problems(PartnerImport, partner("keppel"))[0][:3] == (2, "organisation", "keppel")


def test_name_of_a_merged_organisation_leads_to_the_one_that_stayed():
    stayed = make_organisation("Keppel Limited")
    make_organisation("Keppel Corporation", merged_into=stayed)
    make_project("Twin")
    assert problems(PartnerImport, partner("Keppel Corporation")) == []
    assert Partner.objects.get().organisation == stayed


def test_persons_of_one_name_are_told_apart_by_both_names():
    people = [Person.objects.create(name_en="Tan Wei", name_zh=name) for name in ("陈伟", "陈威")]
    make_meeting(4)
    row = {"meeting": "SCI-C-0001", "role": "member"}
    told = "“Tan Wei” names more than one person. Write one of: Tan Wei / 陈伟, Tan Wei / 陈威."
    text = sheet(AttendanceImport, row | {"person": "Tan Wei"})
    assert problems(AttendanceImport, text) == [(2, "person", "Tan Wei", told)]
    text = sheet(AttendanceImport, row | {"person": "Tan Wei / 陈威"})
    assert problems(AttendanceImport, text) == []
    assert Attendance.objects.get().person == people[1]


def test_parent_may_stand_above_in_the_same_sheet():
    rows = [{"name_en": "Group", "kind": ""}, {"name_en": "Branch", "kind": "", "parent": "Group"}]
    assert problems(OrganisationImport, sheet(OrganisationImport, *rows)) == []
    assert str(Organisation.objects.get(name_en="Branch").parent) == "Group"


def test_names_are_asked_for_once_for_the_whole_sheet():
    make_project("Twin")
    for number in range(8):
        make_organisation(f"Body {number}").names.create(name=f"Alias {number}", kind="alias")

    def asked(first: int, last: int) -> tuple[int, int]:
        rows = [{"project": "SCI-P-0001", "organisation": f"Alias {at}"} for at in range(first, last)]
        dataset = read_csv(sheet(PartnerImport, *rows))
        with acting(person(SINGAPORE_OFFICER)), CaptureQueriesContext(connection) as queries:
            result = PartnerImport().import_data(dataset, user=person(SINGAPORE_OFFICER))
        assert result.totals["new"] == last - first
        names = [one for one in queries if "organisations_organisationname" in one["sql"]]
        return len(names), len(queries)

    (names_few, few), (names_many, many) = asked(0, 2), asked(2, 8)
    assert names_few == names_many == 1
    # What one more row costs: its own reading, checks, writing and history.
    assert (many - few) / 4 <= 20


# Created because a row names it


def create(client, kind: str, resource, text: str, resource_place=None):
    return offer(client, kind, resource, text, create_missing="on")


def test_unknown_organisation_is_created_as_a_draft_on_request(officer):
    make_organisation("Keppel Corporation")
    make_project("Twin")
    text = sheet(
        PartnerImport,
        {"project": "SCI-P-0001", "organisation": "Keppel Corporatoin"},
        {"project": "SCI-P-0001", "organisation": "深圳大学"},
    )
    preview = create(officer, "projects/project", PartnerImport, text)
    words = text_of(preview.content.decode())
    assert "Organisation Keppel Corporatoin Keppel Corporation (SCI-O-0001), 94% alike" in words
    assert "Organisation 深圳大学 –" in words
    assert Organisation.objects.count() == 1
    confirm(officer, "projects/project", preview)
    made = Organisation.objects.order_by("pk")[1:]
    assert [(one.name_en, one.name_zh, one.status) for one in made] == [
        ("Keppel Corporatoin", "", "draft"),
        ("", "深圳大学", "draft"),
    ]
    assert {one.changed_by.username for one in made} == {SINGAPORE_OFFICER}
    assert made[0].history.count() == 1
    assert Partner.objects.count() == 2


def test_without_the_request_nothing_is_created(officer):
    make_project("Twin")
    preview = offer(officer, "projects/project", PartnerImport, partner("深圳大学"))
    assert "Organisation “深圳大学” is not known." in text_of(preview.content.decode())
    assert "confirm_form" not in preview.context


def test_organisation_named_twice_is_created_once(officer):
    make_project("Twin")
    make_project("Other")
    text = sheet(
        PartnerImport,
        {"project": "SCI-P-0001", "organisation": "New Body"},
        {"project": "SCI-P-0002", "organisation": "NEW BODY"},
    )
    confirm(officer, "projects/project", create(officer, "projects/project", PartnerImport, text))
    assert Organisation.objects.get().partnerships.count() == 2


@pytest.mark.parametrize("value", ["SCI-O-0091", "sci-o-91"])
def test_reference_is_never_taken_for_a_name(officer, value):
    make_project("Twin")
    preview = create(officer, "projects/project", PartnerImport, partner(value))
    assert f"Organisation “{value}” is not known." in text_of(preview.content.decode())


def test_name_too_long_for_an_organisation_is_refused(officer):
    make_project("Twin")
    preview = create(officer, "projects/project", PartnerImport, partner("x" * 301))
    assert "Ensure this value has at most 300 characters (it has 301)." in preview.content.decode()


def test_person_is_created_too(officer):
    make_mou("An MOU")
    row = {"mou": "SCI-M-0001", "person": "陈伟", "role": "signed", "organisation": "New Body"}
    confirm(officer, "mous/mou", create(officer, "mous/mou", SigningImport, sheet(SigningImport, row)))
    assert (Person.objects.get().name_zh, Organisation.objects.get().name_en) == ("陈伟", "New Body")
    assert Signing.objects.get().person == Person.objects.get()


def test_nothing_is_created_where_a_row_is_refused(officer):
    make_project("Twin")
    text = sheet(
        PartnerImport,
        {"project": "SCI-P-0001", "organisation": "New Body"},
        {"project": "SCI-P-0001", "organisation": "Newer Body", "role": "boss"},
    )
    assert "confirm_form" not in create(officer, "projects/project", PartnerImport, text).context
    assert not Organisation.objects.exists()


def test_published_record_takes_no_partner_created_as_a_draft(client):
    client.force_login(person(MANAGER))
    published(make_project("Twin", parties_known="some"))
    preview = create(client, "projects/project", PartnerImport, partner("New Body"))
    assert "SCI-P-0001: Organisation “New Body” is not published." in text_of(preview.content.decode())


def test_organisation_created_for_a_draft_of_one_side_is_kept_by_it(officer):
    make_project("Mine", kept_by="singapore")
    confirm(
        officer, "projects/project", create(officer, "projects/project", PartnerImport, partner("New Body"))
    )
    made = Organisation.objects.get()
    assert {made.kept_by, *(version.kept_by for version in made.history.all())} == {"singapore"}


def test_organisation_created_for_both_is_shared(officer):
    make_project("Mine", kept_by="singapore")
    make_project("Ours")
    rows = [{"project": f"SCI-P-000{at}", "organisation": "New Body"} for at in (1, 2)]
    text = sheet(PartnerImport, *rows)
    confirm(officer, "projects/project", create(officer, "projects/project", PartnerImport, text))
    assert Organisation.objects.get().kept_by == ""


def test_name_that_the_other_side_keeps_is_created_without_a_word_of_it(officer):
    make_organisation("Secret Body", kept_by="shenzhen")
    make_project("Twin")
    preview = create(officer, "projects/project", PartnerImport, partner("Secret Body"))
    assert [one.like for one in preview.context["result"].created] == [[]]


def test_box_is_there_only_where_a_row_can_name_an_organisation(client):
    client.force_login(person(MANAGER))
    assert b"create_missing" in client.get("/admin/projects/project/import/").content
    assert b"create_missing" not in client.get("/admin/initiative/source/import/").content


# Once


def test_confirmation_pressed_twice_imports_once(officer):
    preview = offer(officer, "projects/project", ProjectImport, sheet(ProjectImport, {"title_en": "Twin"}))
    first, second = (confirm(officer, "projects/project", preview) for _ in range(2))
    assert "Projects written: 1 added, 0 changed" in text_of(first.content.decode())
    assert "This import was confirmed already, or its file is gone." in text_of(second.content.decode())
    assert Project.objects.count() == 1
    assert not list(PrivateFolder.folder().iterdir())


def test_file_is_claimed_by_one_of_two_at_once(settings):
    waiting = PrivateFolder()
    waiting.save(b"x")
    got, barrier = [], threading.Barrier(2)

    def claim():
        barrier.wait()
        try:
            got.append(PrivateFolder.claim(waiting.name))
        except FileNotFoundError:
            got.append("")

    threads = [threading.Thread(target=claim) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(bool, got)) == [False, True]


def test_what_nobody_confirmed_is_swept_after_a_day():
    old = PrivateFolder()
    old.save(b"x")
    path, day_ago = old.get_full_path(), time.time() - WAITS - 60
    os.utime(path, (day_ago, day_ago))
    PrivateFolder().save(b"y")
    assert not path.exists()


@pytest.mark.parametrize("name", ["", "nothing", "../../etc/passwd", "/etc/passwd"])
def test_confirmation_of_no_file_is_answered_in_words(officer, name):
    form = {"import_file_name": name, "original_file_name": "x", "format": "0", "resource": "0"}
    answer = officer.post("/admin/projects/project/process_import/", form, follow=True)
    assert answer.status_code == 200


def test_sheet_that_changes_nothing_has_nothing_to_confirm(officer):
    Person.objects.create(name_en="Tan")
    preview = offer(officer, "organisations/person", PersonImport, sheet(PersonImport, {"name_en": "Tan"}))
    words = text_of(preview.content.decode())
    assert "1 row says what is on record already: nothing changes there." in words
    assert "The sheet changes nothing." in words
    assert b"process_import" not in preview.content


def test_button_says_how_much_would_be_written(officer):
    project = make_project("Twin")
    rows = [
        {"title_en": "New"},
        {"title_en": "Newer"},
        {"reference": project.reference, "title_en": "Digital twin"},
    ]
    preview = offer(officer, "projects/project", ProjectImport, sheet(ProjectImport, *rows))
    assert b"Confirm: 2 to add, 1 to change" in preview.content
    words = text_of(preview.content.decode())
    assert "4 changed Digital twin title_en Twin Digital twin" in words


def test_preview_shows_text_as_text_and_needs_no_inline_style(officer):
    text = sheet(ProjectImport, {"title_en": "<script>alert(1)</script>"})
    preview = offer(officer, "projects/project", ProjectImport, text).content
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in preview
    assert b"style=" not in preview


def test_confirmation_is_not_open_to_those_who_may_not_import(client, django_user_model):
    client.force_login(person(SHENZHEN_OFFICER))
    preview = offer(client, "projects/project", ProjectImport, sheet(ProjectImport, {"title_en": "Twin"}))
    client.logout()
    answer = client.post("/admin/projects/project/process_import/", preview.context["confirm_form"].initial)
    assert 'name="password"' in answer.text
    assert not Project.objects.exists()
