"""Choosing a body or a person by typing, offering a new one, and refusing once a name that looks known."""

import pytest

from accounts.models import User
from organisations.imports import OrganisationImport
from organisations.merging import merge
from organisations.models import Organisation, Person
from publishing.authorship import acting
from tests.factories import make_organisation
from tests.listing.uploads import problems, sheet
from tests.people import AUDITOR, MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db
BODIES = "/admin/organisations/organisation"
PARTNER = {"app_label": "projects", "model_name": "partner", "field_name": "organisation"}
ATTENDANCE = {"app_label": "meetings", "model_name": "attendance", "field_name": "person"}
NO_ROWS = {f"{rows}-{what}_FORMS": "0" for rows in ("names", "citations") for what in ("TOTAL", "INITIAL")}


def choices(client, term: str, where=PARTNER, who=SINGAPORE_OFFICER) -> tuple[list[str], dict | None]:
    """Return what typing `term` offers: the texts of what is on record, and the choice that makes a new one."""
    client.force_login(person(who))
    rows = client.get("/admin/autocomplete/", where | {"term": term}).json()["results"]
    return [row["text"] for row in rows if "create" not in row], next(
        (row for row in rows if "create" in row), None
    )


@pytest.fixture
def bodies():
    with acting(person(SINGAPORE_OFFICER)):
        keppel = make_organisation("Keppel Ltd", name_zh="吉宝")
        keppel.names.create(name="Sembawang Marine", kind="former")
        make_organisation("Tencent Holdings")
        make_organisation("Sun Yat-sen University", name_zh="中山大学·深圳")
    return keppel


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("Kepel", "Keppel Ltd · 吉宝"),
        ("jibao", "Keppel Ltd · 吉宝"),
        ("吉宝", "Keppel Ltd · 吉宝"),
        ("Tencnet", "Tencent Holdings"),
        ("中山大学深圳", "Sun Yat-sen University · 中山大学·深圳"),
        ("Sembawang", "Keppel Ltd · 吉宝 (former name: Sembawang Marine)"),
        ("Sembwang Marin", "Keppel Ltd · 吉宝 (former name: Sembawang Marine)"),
    ],
)
def test_either_language_former_names_and_slips_are_found(client, bodies, term, found):
    assert choices(client, term)[0] == [found]


def test_what_is_found_to_the_letter_comes_first(client):
    for name in ("Kepel", "Keppel"):
        make_organisation(name)
    assert choices(client, "keppel")[0] == ["Keppel", "Kepel"]


def test_with_enough_found_to_the_letter_no_slip_is_guessed(client):
    for number in range(6):
        make_organisation(f"Keppel {number}")
    make_organisation("Kepell")
    assert choices(client, "keppel")[0] == [f"Keppel {number}" for number in range(6)]


def test_person_is_found_by_a_slip_and_by_another_name(client):
    Person.objects.create(name_en="Qin Weizhong", name_zh="覃伟中", other_names="W. Z. Qin")
    assert choices(client, "Qin Weizong", ATTENDANCE)[0] == ["Qin Weizhong · 覃伟中"]
    assert choices(client, "w. z. qin", ATTENDANCE)[0] == ["Qin Weizhong · 覃伟中 (other name: W. Z. Qin)"]


def test_merged_ones_and_drafts_of_the_other_side_are_not_offered(client):
    kept, gone = make_organisation("Temasek"), make_organisation("Keppel Ltd")
    make_organisation("Kepel Secret", kept_by="singapore")
    with acting(person(MANAGER)):
        merge(kept, gone, by=person(MANAGER))
    person(SHENZHEN_OFFICER)
    User.objects.filter(username=SHENZHEN_OFFICER).update(language="en")
    found, creation = choices(client, "Kepel", who=SHENZHEN_OFFICER)
    assert found == ["Temasek (alias: Keppel Ltd)"]
    assert creation["text"] == "Create “Kepel” (looks like “Keppel Ltd”, 90%)"


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(client, django_assert_num_queries, rows):
    for number in range(rows):
        make_organisation(f"Keppel {number}").names.create(name=f"Kepel {number}")
    client.force_login(person(SINGAPORE_OFFICER))
    client.get("/admin/autocomplete/", PARTNER | {"term": "kepel"})
    with django_assert_num_queries(12):
        assert (
            len(client.get("/admin/autocomplete/", PARTNER | {"term": "kepel"}).json()["results"]) == rows + 1
        )


# Creating -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "text", "filled"),
    [
        ("Temasek", "Create “Temasek”", {"name_en": "Temasek"}),
        ("  淡马锡 ", "Create “淡马锡”", {"name_zh": "淡马锡"}),
        ("Kepel", "Create “Kepel” (looks like “Keppel Ltd”, 90%)", {"name_en": "Kepel"}),
    ],
)
def test_last_choice_makes_a_new_one(client, bodies, term, text, filled):
    assert choices(client, term)[1] == {"id": "+", "text": text, "create": filled}


@pytest.mark.parametrize("term", ["", " ", "%", "😀", "-", "x" * 301, "名" * 301])
def test_what_is_no_name_is_not_offered(client, term):
    assert choices(client, term)[1] is None


def test_who_may_not_add_is_offered_nothing_new(client, bodies):
    assert choices(client, "Temasek", who=AUDITOR) == ([], None)


def test_stranger_gets_no_choices(client):
    assert client.get("/admin/autocomplete/", PARTNER | {"term": "x"}).status_code == 302


# A new one whose name looks like one on record ----------------------------------------------------


def add(client, path: str = BODIES, who: str = SINGAPORE_OFFICER, **data):
    client.force_login(person(who))
    return client.post(f"{path}/add/", NO_ROWS | data)


@pytest.mark.parametrize("popup", [{}, {"_popup": "1"}])
def test_name_that_looks_known_is_refused_once(client, bodies, popup):
    answer = add(client, name_en="Kepel", **popup)
    assert "This name looks like one on record." in answer.text
    assert f'href="{BODIES}/{bodies.pk}/change/"' in answer.text
    assert "looks like “Keppel Ltd”, 90%" in answer.text
    assert 'name="it_is_another"' in answer.text
    assert not Organisation.objects.filter(name_en="Kepel").exists()
    answer = add(client, name_en="Kepel", it_is_another="on", **popup)
    assert Organisation.objects.filter(name_en="Kepel").exists()


def test_tick_stays_while_something_else_is_mended(client, bodies):
    answer = add(client, name_en="Kepel", it_is_another="on", uen="12")
    assert ("This is not a UEN" in answer.text, 'name="it_is_another"' in answer.text) == (True, True)
    assert "This name looks like one on record." not in answer.text


def test_name_unlike_all_others_is_not_asked_about(client, bodies):
    assert add(client, name_en="Temasek").status_code == 302
    client.force_login(person(SINGAPORE_OFFICER))
    assert 'name="it_is_another"' not in client.get(f"{BODIES}/add/").text


def test_former_name_looks_known_too(client, bodies):
    assert "looks like “Sembawang Marine”, 100%" in add(client, name_en="Sembawang Marine Ltd").text


def test_person_that_looks_known_is_refused_once(client):
    Person.objects.create(name_en="Qin Weizhong")
    path = "/admin/organisations/person"
    assert "looks like “Qin Weizhong”, 100%" in add(client, path, name_en="Qin Wei Zhong").text
    assert add(client, path, name_en="Qin Wei Zhong", it_is_another="on").status_code == 302


def test_form_says_nothing_of_what_the_other_side_keeps(client):
    make_organisation("Keppel", kept_by="singapore")
    assert add(client, who=SHENZHEN_OFFICER, name_en="Kepel").status_code == 302


def test_saving_an_old_one_asks_nothing(client, bodies):
    make_organisation("Kepel")
    client.force_login(person(SINGAPORE_OFFICER))
    data = NO_ROWS | {"name_en": "Keppel Limited", "name_zh": "吉宝", "slug": bodies.slug}
    assert client.post(f"{BODIES}/{bodies.pk}/change/", data).status_code == 302


def test_imports_ask_nothing(bodies):
    assert problems(OrganisationImport, sheet(OrganisationImport, {"name_en": "Kepel", "kind": ""})) == []
    assert Organisation.objects.filter(name_en="Kepel").exists()
