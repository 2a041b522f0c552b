"""Merging two bodies or two persons: everything moves, nothing is lost, and undoing leaves it as it was."""

import pytest

from meetings.models import Attendance
from mous.models import MOU
from organisations.merging import PlanChanged, merge
from organisations.models import Merge, Organisation, OrganisationName, Person
from organisations.plans import links_to, plan_of
from organisations.undoing import undo
from projects.models import Contact, Partner, Project
from publishing.authorship import acting
from publishing.models import Tracked
from publishing.workflow import Refused
from tests.cycle.updates import make_contact
from tests.desk.records import both_in, everything, keppel_twice, named_everywhere
from tests.factories import make_meeting, make_organisation, make_project, published
from tests.people import MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]


def merged_by(who: str, kept, merged) -> Merge:
    with acting(person(who)):
        return merge(kept, merged, by=person(who))


def undone_by(who: str, done: Merge) -> list[str]:
    with acting(person(who)):
        return undo(done, by=person(who))


def refusal(who: str, kept, merged) -> list[str]:
    before = everything()
    with pytest.raises(Refused) as refused:
        merged_by(who, kept, merged)
    assert everything() == before
    return refused.value.problems


# Organisations ------------------------------------------------------------------------------------


def test_every_link_to_a_body_is_known():
    """A new foreign key is walked; a new many-to-many field, or one of an untracked model, is not."""
    links = {(link.model, link.name) for model in (Organisation, Person) for _row, link in links_to(model)}
    relations = [r for model in (Organisation, Person) for r in model._meta.get_fields(include_hidden=True)]
    leading = {
        (relation.related_model, relation.field.name)
        for relation in relations
        if relation.auto_created and not relation.concrete and relation.is_relation
    }
    unknown = {(model, name) for model, name in leading - links if not model.__name__.startswith("Historical")}
    # A contact is no tracked row: its organisation is followed to where it went whenever it is read.
    assert unknown == {(Organisation, "merged_into"), (Contact, "organisation")}
    assert len(links) > 12


def test_a_contact_goes_by_the_name_of_the_body_that_is_kept():
    kept, merged = keppel_twice()
    contact = make_contact(Project.objects.first(), organisation=merged)
    merged_by(SINGAPORE_OFFICER, kept, merged)
    contact.refresh_from_db()
    assert contact.organisation_name == kept.listed_name


def test_everything_that_named_the_one_names_the_other():
    kept, merged = keppel_twice()
    merged_by(SINGAPORE_OFFICER, kept, merged)
    for row, link in links_to(Organisation):
        assert not row._base_manager.filter(**{link.name: merged}).exists(), link
    named = (
        Partner.objects.get().organisation,
        Project.objects.get().lead_shenzhen,
        MOU.objects.get().holder_shenzhen,
    )
    assert set(named) == {kept}
    merged.refresh_from_db()
    assert merged.merged_into == kept


def test_names_and_what_was_empty_are_taken_over():
    kept, merged = keppel_twice()
    merged_by(SINGAPORE_OFFICER, kept, merged)
    kept.refresh_from_db()
    assert (kept.name_en, kept.name_zh, kept.uen, kept.website) == (
        "Keppel",
        "吉宝",
        "200312345H",
        "https://example.org/",
    )
    assert list(kept.names.values_list("name", "kind", "language")) == [
        ("Its old name", "former", "en"),
        ("Kepel Ltd", "alias", "en"),
    ]
    assert "kepelltd" in kept.search_text
    merged.refresh_from_db()
    assert merged.uen == ""


def test_what_both_have_is_folded_away():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    project = both_in(kept, merged)
    plan = plan_of(kept, merged, person(MANAGER))
    assert [(line.what, line.record, line.lost) for line in plan.folded] == [
        ("Partner", project, ["Name as announced: KEPPEL"])
    ]
    merged_by(SINGAPORE_OFFICER, kept, merged)
    assert [row.organisation for row in project.partners.all()] == [kept]


def test_citation_in_the_same_words_is_folded_away():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    merged.citations.create(source=kept.citations.get().source)
    merged_by(SINGAPORE_OFFICER, kept, merged)
    assert kept.citations.count() == 2


def test_every_write_is_in_the_history():
    kept, merged = keppel_twice()
    merged_by(SINGAPORE_OFFICER, kept, merged)
    version = Partner.objects.get().history.first()
    assert (version.history_user, version.history_change_reason) == (
        person(SINGAPORE_OFFICER),
        "Two entries were merged.",
    )


@pytest.mark.parametrize("publish", [False, True])
def test_undoing_leaves_everything_as_it_was(publish):
    kept, merged = keppel_twice(publish)
    both_in(kept, merged)
    before = everything()
    done = merged_by(MANAGER, kept, merged)
    assert everything() != before
    assert undone_by(OTHER_MANAGER, done) == []
    assert everything() == before


def test_published_one_is_withdrawn_and_its_address_leads_on(client):
    kept, merged = keppel_twice(publish=True)
    done = merged_by(MANAGER, kept, merged)
    merged.refresh_from_db()
    assert (merged.status, merged.withdrawal_reason) == (
        "withdrawn",
        f"Merged into “Keppel” ({kept.reference}).",
    )
    answer = client.get("/en/organisations/kepel-ltd/")
    assert (answer.status_code, answer["Location"]) == (301, "/en/organisations/keppel/")
    undone_by(MANAGER, done)
    assert client.get("/en/organisations/kepel-ltd/").status_code == 200


def test_the_author_stays_so_that_undoing_can_publish_again():
    kept, merged = keppel_twice(publish=True)
    done = merged_by(MANAGER, kept, merged)
    undone_by(MANAGER, done)
    merged.refresh_from_db()
    assert (merged.is_published, merged.changed_by) == (True, person(SINGAPORE_OFFICER))


def test_undoing_by_the_author_of_what_was_published_is_refused():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    published(kept)
    with acting(person(OTHER_MANAGER)):
        merged.refresh_from_db()
        merged.website = "https://example.org/"
        merged.save()
    published(merged)
    done = merged_by(OTHER_MANAGER, kept, merged)
    with pytest.raises(Refused, match="You wrote the last change"):
        undone_by(OTHER_MANAGER, done)
    merged.refresh_from_db()
    assert (merged.merged_into, merged.status) == (kept, "withdrawn")


def test_what_was_changed_since_stays_and_is_said():
    kept, merged = keppel_twice()
    done = merged_by(SINGAPORE_OFFICER, kept, merged)
    with acting(person(SINGAPORE_OFFICER)):
        row = Partner.objects.get()
        row.organisation = other = make_organisation("Another")
        row.save()
        Attendance.objects.get().delete()
        kept.refresh_from_db()
        kept.website = "https://example.com/"
        kept.save()
        OrganisationName.objects.filter(name="Kepel Ltd").get().delete()
    left = undone_by(SINGAPORE_OFFICER, done)
    assert sorted(left) == ["Attendance: deleted since.", "Partner: changed since.", "Website: changed since."]
    kept.refresh_from_db()
    assert (Partner.objects.get().organisation, kept.website, kept.uen) == (other, "https://example.com/", "")


def test_folded_row_of_a_deleted_record_is_not_made_again():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    project = both_in(kept, merged)
    done = merged_by(SINGAPORE_OFFICER, kept, merged)
    project.delete()
    assert undone_by(SINGAPORE_OFFICER, done) == ["Partner: what it belongs to was deleted since."]


def test_number_that_another_has_now_is_not_given_back():
    kept, merged = keppel_twice()
    done = merged_by(SINGAPORE_OFFICER, kept, merged)
    with acting(person(SINGAPORE_OFFICER)):
        kept.refresh_from_db()
        kept.uen = ""
        kept.save()
    make_organisation("Another", uen="200312345H")
    assert undone_by(SINGAPORE_OFFICER, done) == [
        "UEN: changed since.",
        "UEN: another organisation has it now.",
    ]


def test_a_merge_is_undone_once_and_the_later_one_first():
    first, second, third = (make_organisation(name) for name in ("Keppel", "Kepel", "Kepell"))
    one = merged_by(MANAGER, first, second)
    two = merged_by(MANAGER, third, first)
    with pytest.raises(Refused, match="Undo that merge first"):
        undone_by(MANAGER, one)
    undone_by(MANAGER, two)
    undone_by(MANAGER, one)
    with pytest.raises(Refused, match="was undone already"):
        undone_by(MANAGER, one)


# What is refused ----------------------------------------------------------------------------------


def test_merging_twice_is_refused_in_words():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    merged_by(MANAGER, kept, merged)
    assert refusal(MANAGER, kept, merged) == ["“Kepel” was merged into “Keppel” already."]
    assert refusal(MANAGER, merged, kept) == ["“Kepel” was merged into “Keppel” already."]
    assert refusal(MANAGER, kept, kept) == ["Choose two different entries."]


@pytest.mark.parametrize("what", ["kept", "merged", "row"])
def test_only_a_manager_merges_what_touches_the_public(what):
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    if what != "merged":
        published(kept)
    if what != "kept":
        published(merged)
    if what == "row":
        published(make_project("Seen", (merged, "singapore")))
    words = "Published records would change: only a manager merges these. Ask a manager."
    assert refusal(SINGAPORE_OFFICER, kept, merged) == [words]


def test_undoing_what_touches_the_public_is_for_managers_too():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    done = merged_by(SINGAPORE_OFFICER, kept, merged)
    published(kept)
    with pytest.raises(Refused, match="only a manager undoes this"):
        undone_by(SINGAPORE_OFFICER, done)


def test_published_one_does_not_go_into_a_draft():
    kept, merged = make_organisation("Keppel"), published(make_organisation("Kepel"))
    words = "“Kepel” is published and “Keppel” is not. Keep the published one, or publish both."
    assert refusal(MANAGER, kept, merged) == [words]


def test_a_whole_does_not_go_into_its_part():
    whole = make_organisation("Keppel")
    part = make_organisation("Keppel Digital", parent=make_organisation("Keppel Group", parent=whole))
    assert "is part of “Keppel”" in refusal(MANAGER, part, whole)[0]
    merged_by(MANAGER, whole, part)


def test_nobody_of_one_side_moves_what_the_other_keeps_to_itself():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    make_project("A secret", (merged, "shenzhen"), kept_by="shenzhen")
    words = "This cannot be merged by a person who works for one side. Ask a person who works for both."
    assert refusal(SINGAPORE_OFFICER, kept, merged) == [words]
    merged_by(SHENZHEN_OFFICER, kept, merged)


def test_nobody_of_one_side_undoes_what_the_other_keeps_to_itself():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    make_project("A secret", (merged, "shenzhen"), kept_by="shenzhen")
    done = merged_by(SHENZHEN_OFFICER, kept, merged)
    with pytest.raises(Refused, match="works for one side"):
        undone_by(SINGAPORE_OFFICER, done)


def test_shared_records_do_not_come_to_name_what_one_side_keeps():
    kept, merged = make_organisation("Keppel", kept_by="singapore"), make_organisation("Kepel")
    make_project("Shared", (merged, "singapore"))
    assert "is kept by one side" in refusal(SINGAPORE_OFFICER, kept, merged)[0]


def test_what_changed_since_it_was_read_is_read_again():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    read = plan_of(kept, merged, person(MANAGER)).fingerprint
    make_project("New", (merged, "singapore"))
    with pytest.raises(PlanChanged), acting(person(MANAGER)):
        merge(kept, merged, by=person(MANAGER), read=read)


def test_merged_organisation_is_not_published_again():
    kept, merged = keppel_twice(publish=True)
    merged_by(MANAGER, kept, merged)
    merged.refresh_from_db()
    assert "It was merged into “Keppel”. Undo the merge first." in merged.publication_problems()


# The number of queries ----------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_a_plan_takes_the_same_queries_however_much_moves(rows, django_assert_num_queries):
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    for _number in range(rows):
        named_everywhere(merged) if _number == 0 else make_project(
            "P", (merged, "singapore"), (kept, "singapore")
        )
    user = person(SINGAPORE_OFFICER)
    user.has_perm("organisations.publish_organisation")
    with django_assert_num_queries(29):
        plan = plan_of(kept, merged, user)
        assert [
            (line.what, str(line.record), line.words, line.lost if line.stays else "") for line in plan.lines
        ]
        plan.problems()


# Persons ------------------------------------------------------------------------------------------


@pytest.fixture
def two_persons():
    with acting(person(SINGAPORE_OFFICER)):
        kept = Person.objects.create(name_en="Qin Weizhong")
        merged = Person.objects.create(
            name_en="Qin Wei Zhong", name_zh="覃伟中", other_names="W. Z. Qin", suppressed=True
        )
        meeting = make_meeting()
        for one in (kept, merged):
            meeting.attendances.create(person=one, side="shenzhen", role="member")
        make_meeting().attendances.create(person=merged, side="shenzhen")
    return kept, merged


def test_person_takes_names_rows_and_what_may_not_be_shown(two_persons):
    kept, merged = two_persons
    merged_by(SINGAPORE_OFFICER, kept, merged)
    kept.refresh_from_db()
    assert (kept.name_zh, kept.other_names, kept.suppressed) == ("覃伟中", "Qin Wei Zhong\nW. Z. Qin", True)
    assert [row.person for row in Attendance.objects.all()] == [kept, kept]
    assert list(Person.objects.all()) == [kept]
    assert "wzqin" in kept.search_text.replace(".", "")
    assert Person.history.filter(id=merged.pk).count() == 2


def test_undoing_brings_the_person_back(two_persons):
    before = everything()
    done = merged_by(SINGAPORE_OFFICER, *two_persons)
    assert undone_by(SINGAPORE_OFFICER, done) == []
    assert everything() == before


def test_other_names_typed_since_stay(two_persons):
    kept, merged = two_persons
    done = merged_by(SINGAPORE_OFFICER, kept, merged)
    kept.refresh_from_db()
    kept.other_names += "\nMayor Qin"
    kept.save()
    undone_by(SINGAPORE_OFFICER, done)
    kept.refresh_from_db()
    assert kept.other_names == "Mayor Qin"


def test_person_on_a_published_record_is_merged_by_managers(two_persons):
    kept, merged = two_persons
    published(Attendance.objects.filter(person=merged).first().meeting)
    assert "only a manager" in refusal(SINGAPORE_OFFICER, kept, merged)[0]
    undone_by(MANAGER, merged_by(MANAGER, kept, merged))


def test_everything_reads_tracked_rows_only():
    assert not issubclass(Merge, Tracked)
