"""Every number of the public record that is shipped leads to exactly the records that it counts."""

from tests.figures.counts import check_all_counts
from tests.serving import once_there


@once_there
def test_every_count_of_the_public_record_is_that_of_its_rows(loaded, db):
    found = check_all_counts("/en/", "/zh-hans/", "/en/search/?q=data")
    assert len(found) > 100
