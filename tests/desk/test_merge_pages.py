"""The officers' pages of likely duplicates and merges: asked by each person, in two steps, exactly once."""

import re

import pytest

from organisations.models import Merge, NotTheSame, Organisation, Person
from tests.desk.records import both_in, keppel_twice
from tests.factories import make_organisation, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once
from tests.test_admin import codes

pytestmark = [once, pytest.mark.django_db]
BODIES, PERSONS = "/admin/organisations/organisation", "/admin/organisations/person"
ALL = dict.fromkeys((SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER, AUDITOR), 200)


def two_bodies():
    return make_organisation("Keppel"), make_organisation("Kepel Ltd")


def two_persons():
    return Person.objects.create(name_en="Qin Weizhong"), Person.objects.create(name_en="Qin Wei Zhong")


TWO = [(BODIES, two_bodies), (PERSONS, two_persons)]


def read_and_merge(client, base: str, kept, merged, **options):
    """Open the page of the second step and press its button, as a browser does."""
    address = f"{base}/merge/{kept.pk}/{merged.pk}/confirm/"
    found = re.search(r'name="read" value="(\w+)"', client.get(address).text)
    return client.post(address, {"read": found[1] if found else ""}, **options)


@pytest.mark.parametrize(("base", "make"), TWO)
def test_who_may_look_and_who_may_merge(client, base, make):
    one, two = make()
    assert codes(client, f"{base}/duplicates/") == ALL
    assert codes(client, f"{base}/merges/") == ALL
    for page in (f"{base}/merge/{one.pk}/{two.pk}/", f"{base}/merge/{one.pk}/{two.pk}/confirm/"):
        assert codes(client, page) == ALL | {AUDITOR: 403}
    client.force_login(person(AUDITOR))
    assert client.post(f"{base}/merge/{one.pk}/{two.pk}/confirm/").status_code == 403
    assert client.post(f"{base}/duplicates/", {"one": one.pk, "two": two.pk}).status_code == 403
    assert "Merge…" not in client.get(f"{base}/duplicates/").text
    assert not Merge.objects.exists()


@pytest.mark.parametrize(
    "page", ["duplicates/", "merge/1/2/", "merge/1/2/confirm/", "merges/", "merges/1/undo/"]
)
def test_stranger_is_asked_to_sign_in(client, page):
    answer = client.get(f"{BODIES}/{page}")
    assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize(("base", "make"), TWO)
def test_lists_lead_to_likely_duplicates(client, base, make):
    client.force_login(person(SINGAPORE_OFFICER))
    page = client.get(f"{base}/").text
    assert (f"{base}/duplicates/" in page, f"{base}/merges/" in page) == (True, True)
    assert "No two look alike." in client.get(f"{base}/duplicates/").text
    assert "Nothing was merged yet." in client.get(f"{base}/merges/").text
    one, two = make()
    assert f"{base}/merge/{one.pk}/{two.pk}/" in client.get(f"{base}/duplicates/").text


def test_pair_says_how_alike_and_how_often_named(client):
    two = two_bodies()[1]
    make_project("P", (two, "singapore"), lead_singapore=two)
    client.force_login(person(SINGAPORE_OFFICER))
    page = client.get(f"{BODIES}/duplicates/").text
    assert "90%: “Keppel” and “Kepel Ltd”" in page
    # One citation each; the second is a partner and a lead body besides.
    assert '<th scope="row">Rows that name it</th><td>1</td><td>3</td>' in page


def test_pair_that_is_two_is_not_shown_until_asked_for_again(client):
    one, two = two_bodies()
    client.force_login(person(SINGAPORE_OFFICER))
    address = f"{BODIES}/duplicates/"
    pair = {"one": two.pk, "two": one.pk}
    answer = client.post(address, pair | {"apart": ""}, follow=True)
    assert "Noted: these are two." in answer.text
    assert f"merge/{one.pk}/{two.pk}/" not in answer.text
    assert client.post(address, pair | {"apart": ""}).status_code == 302
    assert NotTheSame.objects.get().by == person(SINGAPORE_OFFICER)
    assert f"merge/{one.pk}/{two.pk}/" in client.post(address, pair | {"again": ""}, follow=True).text


@pytest.mark.parametrize(
    "pair", [{}, {"one": "x", "two": "1"}, {"one": "1", "two": "1"}, {"one": "1", "two": "999"}]
)
def test_a_pair_that_is_none_is_not_found(client, pair):
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.post(f"{BODIES}/duplicates/", pair).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_however_long(client, django_assert_num_queries, number):
    for name in ("Keppel", "Temasek", "Crimson Logic")[:number]:
        make_project(
            "P", (make_organisation(name), "singapore"), (make_organisation(f"{name} Ltd"), "singapore")
        )
    client.force_login(person(SINGAPORE_OFFICER))
    client.get(f"{BODIES}/duplicates/")
    with django_assert_num_queries(24):
        assert client.get(f"{BODIES}/duplicates/").text.count("Not the same") == number


def test_the_list_is_in_pages(client):
    for number in range(9):
        make_organisation("Keppel", website=f"https://example.org/{number}")
    client.force_login(person(SINGAPORE_OFFICER))
    assert "Page 1 of 2" in client.get(f"{BODIES}/duplicates/").text
    assert "Page 2 of 2" in client.get(f"{BODIES}/duplicates/?p=2").text
    assert client.get(f"{BODIES}/duplicates/?p=x").status_code == 200


def test_chosen_on_the_list(client):
    one, two = two_bodies()
    client.force_login(person(SINGAPORE_OFFICER))
    action = {"action": "merge_chosen", "_selected_action": [one.pk]}
    assert "Choose exactly two to merge." in client.post(f"{BODIES}/", action, follow=True).text
    answer = client.post(f"{BODIES}/", action | {"_selected_action": [one.pk, two.pk]}, follow=True)
    assert "Merge: which one is kept?" in answer.text


def test_two_steps_say_everything_that_moves(client):
    kept, merged = keppel_twice(publish=True)
    both_in(kept, merged)
    client.force_login(person(MANAGER))
    first = client.get(f"{BODIES}/merge/{merged.pk}/{kept.pk}/").text
    assert f"/merge/{kept.pk}/{merged.pk}/confirm/" in first
    page = client.get(f"{BODIES}/merge/{kept.pk}/{merged.pk}/confirm/").text
    for words in (
        "Lead body, Shenzhen",
        "Holder of the original, Shenzhen",
        "Follow-up action",
        "Parent organisation",
        "Its old name",
        "Name as announced: KEPPEL",
        "Another name: Kepel Ltd",
        "UEN, which was empty: 200312345H",
        "its address leads to the one kept",
    ):
        assert words in page
    answer = read_and_merge(client, BODIES, kept, merged, follow=True)
    assert "“Kepel Ltd” was merged into “Keppel”." in answer.text


@pytest.mark.parametrize(("base", "make"), TWO)
def test_second_click_is_answered_in_words(client, base, make):
    kept, merged = make()
    client.force_login(person(SINGAPORE_OFFICER))
    name = str(merged)
    assert read_and_merge(client, base, kept, merged)["Location"] == f"{base}/{kept.pk}/change/"
    answer = client.post(f"{base}/merge/{kept.pk}/{merged.pk}/confirm/", {"read": "x"}, follow=True)
    assert f"“{name}” was merged into “{kept}” already." in answer.text
    assert "already." in client.get(f"{base}/merge/{merged.pk}/{kept.pk}/", follow=True).text
    assert Merge.objects.count() == 1


def test_confirming_what_was_not_read_shows_it_again(client):
    kept, merged = two_bodies()
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.post(f"{BODIES}/merge/{kept.pk}/{merged.pk}/confirm/", {"read": "x"})
    assert "What would move has changed since you read it." in answer.text
    assert not Merge.objects.exists()


def test_officer_is_told_to_ask_a_manager(client):
    kept, merged = two_bodies()
    published(kept)
    client.force_login(person(SINGAPORE_OFFICER))
    address = f"{BODIES}/merge/{kept.pk}/{merged.pk}/confirm/"
    words = "only a manager merges these. Ask a manager."
    assert words in client.get(address).text
    assert words in client.post(address, {"read": ""}).text
    assert not Merge.objects.exists()


@pytest.mark.parametrize(("base", "make"), TWO)
def test_merge_is_undone_from_the_list(client, base, make):
    kept, merged = make()
    client.force_login(person(SINGAPORE_OFFICER))
    read_and_merge(client, base, kept, merged)
    done = Merge.objects.get()
    assert f"{base}/merges/{done.pk}/undo/" in client.get(f"{base}/merges/").text
    page = client.get(f"{base}/merges/{done.pk}/undo/").text
    assert "loses again" in page
    answer = client.post(f"{base}/merges/{done.pk}/undo/", follow=True)
    assert "The merge of" in answer.text
    assert "This merge was undone already." in client.post(f"{base}/merges/{done.pk}/undo/", follow=True).text
    assert codes(client, f"{base}/merges/{done.pk}/undo/") == ALL | {AUDITOR: 403}


def test_unknown_ones_are_not_found(client):
    client.force_login(person(MANAGER))
    for page in ("merge/1/2/", "merge/1/2/confirm/", "merges/9/undo/"):
        assert client.get(f"{BODIES}/{page}").status_code == 404


def test_merged_one_stands_in_no_list_and_is_not_changed(client):
    kept, merged = two_bodies()
    client.force_login(person(SINGAPORE_OFFICER))
    read_and_merge(client, BODIES, kept, merged)
    change = f"{BODIES}/{merged.pk}/change/"
    assert change not in client.get(f"{BODIES}/").text
    assert change in client.get(f"{BODIES}/?merged=yes").text
    page = client.get(change)
    assert (page.status_code, "Merged into" in page.text, 'name="_save"' in page.text) == (200, True, False)
    assert client.post(change, {"name_en": "x"}).status_code == 403
    assert client.post(f"{BODIES}/{merged.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "No two look alike." in client.get(f"{BODIES}/duplicates/").text


def test_the_other_side_sees_nothing_of_what_one_side_keeps(client):
    one = make_organisation("Keppel")
    two = make_organisation("Kepel Secret", short_name_en="Keppel", kept_by="singapore")
    client.force_login(person(SINGAPORE_OFFICER))
    assert "Kepel Secret" in client.get(f"{BODIES}/duplicates/").text
    client.post(f"{BODIES}/duplicates/", {"one": one.pk, "two": two.pk, "apart": ""})
    client.force_login(person(SHENZHEN_OFFICER))
    assert "Kepel Secret" not in client.get(f"{BODIES}/duplicates/").text
    pair = {"one": one.pk, "two": two.pk}
    assert client.post(f"{BODIES}/duplicates/", pair).status_code == 404
    for page in (f"merge/{one.pk}/{two.pk}/", f"merge/{one.pk}/{two.pk}/confirm/"):
        assert client.get(f"{BODIES}/{page}").status_code == 404
    client.force_login(person(SINGAPORE_OFFICER))
    address = f"{BODIES}/merge/{one.pk}/{two.pk}/confirm/"
    assert "both sides will read its names" in client.get(address).text
    read_and_merge(client, BODIES, one, two, follow=True)
    client.force_login(person(SHENZHEN_OFFICER))
    assert "Kepel Secret" not in client.get(f"{BODIES}/merges/").text
    assert client.get(f"{BODIES}/merges/{Merge.objects.get().pk}/undo/").status_code == 404


def test_refusal_says_nothing_of_what_the_other_side_keeps(client):
    kept, merged = two_bodies()
    make_project("A secret project", (merged, "shenzhen"), kept_by="shenzhen")
    client.force_login(person(SINGAPORE_OFFICER))
    address = f"{BODIES}/merge/{kept.pk}/{merged.pk}/confirm/"
    for page in (client.get(address), client.post(address, {"read": ""}), client.get(f"{BODIES}/duplicates/")):
        assert "secret" not in page.text
    assert "Ask a person who works for both." in client.get(address).text
    assert Organisation.objects.get(pk=merged.pk).merged_into is None


def test_pages_in_chinese_hold_both_names(client):
    two_bodies()
    client.force_login(person(OTHER_MANAGER))
    assert '<span lang="en">Kepel Ltd</span>' in client.get(f"{BODIES}/duplicates/").text
