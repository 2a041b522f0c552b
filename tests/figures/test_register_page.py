"""The MOU register: who reads it, its filters, what a line says, its files, and what the other side keeps."""

import csv
import datetime
import io

import openpyxl
import pytest
from django.utils.timezone import localdate
from docx import Document as Word

from mous.columns import COLUMNS as LISTED
from mous.models import MOU, MOULink
from mous.register.files import COLUMNS
from publishing.authorship import acting
from tests.desk.forms import add_row, change_address, open_form, send
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
REGISTER, CSV = "/admin/mous/register/", "/admin/mous/register.csv"
WORD = "/admin/mous/register/en.docx"
LONG_AGO = datetime.date(2020, 1, 1)


def in_days(days: int) -> datetime.date:
    return localdate() + datetime.timedelta(days=days)


def ending(days: int, **fields) -> MOU:
    return make_mou(
        **{"signed_on": localdate(), "effective_on": localdate(), "ends_on": in_days(days)} | fields
    )


def rows(client, query: str = "") -> list[dict]:
    answer = client.get(CSV + query)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def listed(client, query: str = "") -> list[str]:
    """Return the references that the page shows, which are those of the file."""
    page = client.get(REGISTER + query)
    found = [line["entry"].mou.reference for line in page.context["lines"]]
    assert found == [row["reference"] for row in rows(client, query)]
    return found


@pytest.fixture
def officer(client):
    client.force_login(person(SINGAPORE_OFFICER))
    return client


# Who reads it -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("address", [REGISTER, CSV, "/admin/mous/register.xlsx", WORD])
def test_all_staff_read_it(client, who, address):
    ending(30)
    client.force_login(person(who))
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", [REGISTER, CSV, WORD])
def test_a_stranger_is_asked_to_sign_in_and_staff_without_a_role_are_refused(
    client, django_user_model, address
):
    assert client.get(address)["Location"].startswith("/admin/login/")
    client.force_login(django_user_model.objects.create(username="new", is_staff=True))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", ["/admin/mous/register.json", "/admin/mous/register/de.pdf"])
def test_no_other_files(officer, address):
    assert officer.get(address).status_code == 404


def test_it_is_linked_from_the_list_and_the_index(officer):
    for address in ("/admin/", "/admin/mous/mou/"):
        assert f'href="{REGISTER}"' in officer.get(address).text


def test_what_one_side_keeps_is_not_there_for_the_other(client):
    mine, theirs = ending(10, kept_by="singapore"), ending(20)
    theirs.signatories.create(
        organisation=make_organisation("Theirs alone", kept_by="singapore"), side="singapore"
    )
    make_mou(signed_on=localdate(), kept_by="singapore").links.create(to_mou=theirs, kind="amends")
    seen = {}
    for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER):
        client.force_login(person(who))
        seen[who] = client.get(REGISTER).text
        found = listed(client)
        assert (mine.reference in found) is (who == SINGAPORE_OFFICER)
    assert "Theirs alone" in seen[SINGAPORE_OFFICER]
    assert "Theirs alone" not in seen[SHENZHEN_OFFICER]
    assert ("SCI-M-0003" in seen[SINGAPORE_OFFICER], "SCI-M-0003" in seen[SHENZHEN_OFFICER]) == (True, False)


# Filters ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4]),
        ("?ends=30", [1]),
        ("?ends=90", [1, 2]),
        ("?state=ending_soon", [1, 2]),
        ("?health=dormant", [4]),
        ("?decision=on", [1, 4]),
        ("?course=renew", [2]),
        ("?course=none", [1, 3, 4]),
        ("?side=shenzhen", [3]),
        ("?meeting=4", [3]),
        ("?health=lapsed", []),
    ],
)
def test_filters(officer, query, expected):
    ending(30)
    ending(90, course="renew")
    third = ending(300, meeting=make_meeting(4))
    third.signatories.create(organisation=make_organisation(), side="shenzhen")
    make_mou(signed_on=LONG_AGO)
    assert listed(officer, query) == [f"SCI-M-{number:04d}" for number in expected]


@pytest.mark.parametrize("query", ["?ends=31", "?state=x", "?meeting=nowhere", "?health=', 1"])
def test_a_filter_that_is_none_shows_no_rows(officer, query):
    ending(30)
    page = officer.get(REGISTER + query)
    assert "errorlist" in page.text and "SCI-M-0001" not in page.text
    assert officer.get(CSV + query).status_code == 400


def test_a_meeting_that_the_other_side_keeps_is_no_filter(client):
    make_mou(meeting=make_meeting(9, kept_by="singapore"), kept_by="singapore")
    client.force_login(person(SHENZHEN_OFFICER))
    assert client.get(CSV + "?meeting=9").status_code == 400


# What a line says ---------------------------------------------------------------------------------


def test_a_line_tells_ends_notice_names_chain_and_course(officer):
    body = make_organisation("New Name Ltd", name_zh="新名有限公司")
    earlier = ending(400, superseded_on=None)
    with acting(person(SINGAPORE_OFFICER)):
        decision = make_meeting(4).decisions.create(text_en="Go on.")
    mou = ending(100, notice_days=60, course="keep", course_decision=decision)
    mou.signatories.create(organisation=body, side="singapore", name_as_signed="Old Name Ltd")
    MOULink.objects.create(from_mou=mou, to_mou=earlier, kind="amends")
    page = officer.get(REGISTER).text
    for told in (
        "New Name Ltd",
        "Old Name Ltd",
        "in 100 days",
        "Notice due: by",
        "in 40 days",
        "<b>keep</b>",
        "JIC4-D1",
    ):
        assert told in page
    assert f'Amends <a class="code" href="{change_address(earlier)}">' in page
    row = next(one for one in rows(officer) if one["reference"] == mou.reference)
    assert row["signed_as_singapore"] == "Old Name Ltd"
    assert (row["days_left"], row["health"]) == ("100", "notice; ending; in_effect")
    assert (row["chain"], row["course_decision"]) == (f"amends:{earlier.reference}", "JIC4-D1")


def test_the_same_name_is_not_told_twice(officer):
    mou = ending(10)
    body = make_organisation("One Name Ltd")
    mou.signatories.create(organisation=body, side="singapore", name_as_signed="One Name Ltd")
    assert "Name as signed" not in officer.get(REGISTER).text


def test_automatic_renewal_is_said(officer):
    ending(5, renews_automatically=True, renewal_months=24)
    make_mou(signed_on=LONG_AGO, ends_on=LONG_AGO, renews_automatically=True)
    page = officer.get(REGISTER).text
    assert "renews by itself for 24 months each time" in page
    assert "after 1 January 2020: not known" in page
    assert "renews by itself, for how long is not on record here" in page


def test_an_end_in_a_year_is_shown_as_a_year(officer):
    make_mou(ends_on=datetime.date(2090, 1, 1), ends_on_precision="year")
    assert 'data-label="Ends">2090<br><b>' in officer.get(REGISTER).text


def test_queries_do_not_grow(officer, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert officer.get(REGISTER).status_code == 200
        return len(queries)

    def add():
        mou = ending(50, meeting=make_meeting())
        mou.signatories.create(organisation=make_organisation(), side="singapore")
        make_project().mous.add(mou)
        MOULink.objects.create(from_mou=mou, to_mou=ending(9), kind="amends")

    add()
    officer.get(REGISTER)
    once_asked = counted()
    add()
    add()
    assert counted() == once_asked


# Files --------------------------------------------------------------------------------------------


def test_every_column_has_a_cell_and_formulas_do_not_run(officer):
    mou = ending(10, title_en="=SUM(A1)")
    row = rows(officer)[0]
    assert list(row) == [column.key for column in COLUMNS]
    assert (row["reference"], row["title_en"]) == (mou.reference, "'=SUM(A1)")


def test_the_workbook_has_dates_and_says_what_it_holds(officer):
    ending(10, notice_days=3)
    answer = officer.get("/admin/mous/register.xlsx?ends=30")
    assert f"sci-mou-register-staff_ends-30-{localdate()}.xlsx" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    keys = [cell.value for cell in book["data"][1]]
    assert book["data"].cell(2, keys.index("notice_on") + 1).value.date() == in_days(7)
    about = "\n".join(str(cell.value) for line in book["about"] for cell in line)
    for told in (
        "For staff only",
        "Ends or renews within: 30 days",
        "no linked project",
        "For the Singapore side",
    ):
        assert told.lower() in about.lower()


def test_the_jic_reads_what_both_sides_see_in_both_languages(officer):
    ending(10, title_en="To be renewed", title_zh="待续签")
    ending(20, title_en="Settled", course="keep")
    ending(30, title_en="Kept", kept_by="singapore")
    make_mou("Awake for us alone", signed_on=LONG_AGO)
    make_project(stage="launched", kept_by="singapore").mous.add(MOU.objects.get(title_en="Awake for us alone"))
    text = {}
    for language in ("en", "zh-hans"):
        file = officer.get(f"/admin/mous/register/{language}.docx").content
        tables = Word(io.BytesIO(file)).tables
        text[language] = "\n".join(cell.text for table in tables for row in table.rows for cell in row.cells)
    assert "To be renewed" in text["en"] and "待续签" in text["zh-hans"]
    assert "Settled" not in text["en"] and "Kept" not in text["en"]
    assert "Awake for us alone" in text["en"]  # the project that one side keeps is not known to the other
    assert officer.get("/admin/mous/register/zh-hans.pdf").content.startswith(b"%PDF")


# What the JIC settled -----------------------------------------------------------------------------


def test_an_officer_notes_what_the_jic_settled_of_a_published_mou(officer):
    mou = published(ending(100))
    with acting(person(SINGAPORE_OFFICER)):
        decision = make_meeting(4).decisions.create(text_en="Renew it.")
    data = open_form(officer, change_address(mou))
    send(officer, change_address(mou), data, course="renew", course_decision=str(decision.pk))
    mou.refresh_from_db()
    assert (mou.course, mou.course_decision, mou.status) == ("renew", decision, "published")


@pytest.mark.parametrize("own", ["decision", "mou"])
def test_what_one_side_keeps_is_no_decision_of_the_jic(officer, own):
    with acting(person(SINGAPORE_OFFICER)):
        kept = {"visibility": "own_side", "owner_side": "singapore"} if own == "decision" else {}
        decision = make_meeting(4).decisions.create(text_en="Ours.", **kept)
    mou = ending(100, kept_by="singapore" if own == "mou" else "")
    data = open_form(officer, change_address(mou))
    answer = send(officer, change_address(mou), data, course_decision=str(decision.pk))
    assert "errorlist" in answer.text
    mou.refresh_from_db()
    assert mou.course_decision is None


def test_a_decision_kept_since_is_neither_shown_nor_lost(client):
    with acting(person(SINGAPORE_OFFICER)):
        decision = make_meeting(4).decisions.create(text_en="Renew it.")
        mou = ending(100, course="renew", course_decision=decision)
        decision.visibility, decision.owner_side = "own_side", "singapore"
        decision.save()
    client.force_login(person(OTHER_MANAGER))
    assert "JIC4-D1" not in client.get(REGISTER).text
    data = open_form(client, change_address(mou))
    send(client, change_address(mou), data, summary_en="Other words")
    mou.refresh_from_db()
    assert (mou.summary_en, mou.course_decision) == ("Other words", decision)


def test_nothing_public_shows_what_the_jic_settled(client):
    with acting(person(SINGAPORE_OFFICER)):
        decision = published(make_meeting(4)).decisions.create(text_en="Secret matter")
    mou = published(ending(100, course="lapse", course_decision=decision))
    assert not {"course", "course_decision", "health"} & {column.key for column in LISTED}
    for address in (mou.get_absolute_url(), "/en/mous/", "/en/mous/export.csv", "/en/mous/export.json"):
        answer = client.get(address)
        text = answer.getvalue().decode() if answer.streaming else answer.text
        assert mou.reference in text
        assert "lapse" not in text and "JIC4-D1" not in text and "ormant" not in text


def test_sheets_neither_take_nor_bring_it(client):
    mou = published(ending(100, course="lapse"))
    client.force_login(person(MANAGER))
    text = client.get("/admin/mous/mou/sheets/mou-record.csv").content.decode()
    assert mou.reference in text and "course" not in text and "lapse" not in text


def test_a_copy_begins_without_it(officer):
    mou = ending(100, course="lapse")
    assert open_form(officer, f"/admin/mous/mou/add/?copy={mou.pk}")["course"] == ""


def test_the_auditor_changes_nothing(client):
    mou = ending(100)
    client.force_login(person(AUDITOR))
    assert client.post(change_address(mou), {"course": "keep"}).status_code == 403


def test_renewal_months_are_at_least_one(officer):
    mou = ending(100)
    data = add_row(open_form(officer, change_address(mou)), "links", kind="", to_mou="")
    assert "errorlist" in send(officer, change_address(mou), data, renewal_months="0").text
