"""Making a new body from the last choice of the list that one types into, in a real browser."""

import pytest

from organisations.models import Organisation
from tests.factories import make_organisation, make_project
from tests.people import SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def signed_in(live_server, client, open_page):
    """Open pages of the running portal as the Singapore officer."""
    client.force_login(person(SINGAPORE_OFFICER))
    session = client.cookies["sessionid"].value

    def open_one(**options):
        page = open_page(base_url=live_server.url, **options)
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return open_one


def test_last_choice_opens_the_form_and_brings_back_what_was_made(signed_in):
    keppel = make_organisation("Keppel")
    project = make_project("P", (keppel, "singapore"))
    page = signed_in()
    page.goto(f"/admin/projects/project/{project.pk}/change/")
    page.click("#partners-0 .field-organisation .select2-selection")
    page.keyboard.type("Temasek")
    with page.expect_popup() as opened:
        page.click("text=Create “Temasek”")
    form = opened.value
    assert form.input_value("#id_name_en") == "Temasek"
    form.click("[name=_save]")
    form.wait_for_event("close") if not form.is_closed() else None
    made = Organisation.objects.get(name_en="Temasek")
    page.wait_for_function(f"document.querySelector('#id_partners-0-organisation').value === '{made.pk}'")
    assert page.console_errors == []
