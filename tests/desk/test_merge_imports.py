"""What imports and the loader make of what was merged: it is found where it went, and never written again."""

import pytest
from django.conf import settings

from listing.names import Names
from organisations.imports import OrganisationImport
from organisations.merging import merge
from organisations.models import Organisation, Person
from publishing.authorship import acting
from sci_portal.loading import load
from tests.factories import make_organisation
from tests.listing.uploads import problems, sheet
from tests.people import MANAGER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


def find(model, cell):
    return Names(model, lambda rows: rows).find(cell)


def merged_by_a_manager(kept, merged) -> None:
    with acting(person(MANAGER)):
        merge(kept, merged, by=person(MANAGER))


def test_a_cell_that_names_the_merged_one_means_the_one_kept():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    merged_by_a_manager(kept, merged)
    assert {find(Organisation, cell) for cell in ("Kepel", merged.reference, "Keppel")} == {kept}


def test_a_name_that_both_had_is_not_ambiguous_any_longer():
    kept, merged = make_organisation("Keppel"), make_organisation("Keppel")
    with pytest.raises(ValueError, match="names more than one"):
        find(Organisation, "Keppel")
    merged_by_a_manager(kept, merged)
    assert find(Organisation, "Keppel") == kept


def test_a_person_is_found_by_the_name_of_the_one_merged():
    kept, merged = Person.objects.create(name_en="Qin Weizhong"), Person.objects.create(name_en="Qin Wei Zhong")
    merged_by_a_manager(kept, merged)
    assert find(Person, "Qin Wei Zhong") == kept
    with pytest.raises(ValueError, match="is not known"):
        find(Person, "Qin Wei")


def test_a_sheet_does_not_change_what_was_merged():
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    merged_by_a_manager(kept, merged)
    row = {"reference": merged.reference, "name_en": "Kepel", "kind": "", "website": "https://example.org/"}
    told = problems(OrganisationImport, sheet(OrganisationImport, row))
    assert [reason for *_where, reason in told] == [
        f"{merged.reference} was merged into “Keppel” ({kept.reference}). Use that one, or leave the row out."
    ]


def test_the_public_record_still_loads_after_merges(loaded):
    with_numbers = Organisation.objects.published().exclude(name_en="").order_by("pk")
    merged_by_a_manager(with_numbers[0], with_numbers[1])
    first, second = Person.objects.order_by("pk")[:2]
    merged_by_a_manager(first, second)
    before = (Organisation.objects.count(), Person.objects.count())
    load(settings.DATA_DIR)
    assert (Organisation.objects.count(), Person.objects.count()) == before
    assert with_numbers.filter(merged_into=None).count() == with_numbers.count()
