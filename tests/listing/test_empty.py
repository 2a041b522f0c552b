"""Lists and files while nothing is on record."""

import json

import pytest

from tests.listing.pages import LISTINGS, body, names, table


@pytest.mark.parametrize("listing", LISTINGS)
def test_list_without_items_says_that_nothing_is_on_record_yet(client, db, listing):
    response = client.get(f"/en/{listing}/")
    assert names(response) == []
    assert "Nothing is on record here yet." in response.content.decode()


@pytest.mark.parametrize("listing", LISTINGS)
def test_files_without_items_can_be_read(client, db, listing):
    assert table(client.get(f"/en/{listing}/export.csv")) == []
    assert json.loads(body(client.get(f"/en/{listing}/export.json")))["results"] == []
    assert body(client.get(f"/en/{listing}/export.xlsx"))[:2] == b"PK"
