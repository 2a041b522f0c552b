"""Files of the deliverables list: what they hold, in which order, and what of one side they leave out."""

import io

import docx
import openpyxl
import pytest
from django.urls import reverse

from annexes.deliverables.files import FILES
from organisations.models import Person
from publishing.authorship import acting
from tests.cycle.deliverables import (  # noqa: F401  fixtures
    change,
    clear,
    coming_meeting,
    key,
    mou_on_pumps,
    page,
    press,
    project_on_meters,
)
from tests.factories import make_mou, make_organisation
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


def address(meeting, document: str, language: str = "en", form: str = "docx") -> str:
    return reverse("admin:desk_deliverables_file", args=[meeting.pk, document, language, form])


def texts_of(answer) -> list[str]:
    """Return the texts of a Word file or workbook, those of one line of a table joined."""
    assert answer.status_code == 200
    if "wordprocessing" in answer["Content-Type"]:
        file = docx.Document(io.BytesIO(answer.content))
        rows = [" | ".join(cell.text for cell in row.cells) for table in file.tables for row in table.rows]
        return [*(one.text for one in file.paragraphs), *rows]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return [" | ".join(str(cell or "") for cell in row) for row in sheet.values]


def read(client, who, meeting, document, language="en", form="docx") -> str:
    client.force_login(person(who))
    return "\n".join(texts_of(client.get(address(meeting, document, language, form))))


@pytest.mark.parametrize("form", ["docx", "xlsx"])
@pytest.mark.parametrize("document", FILES)
def test_no_file_holds_what_the_other_side_keeps(client, mou, project, document, form):
    clear(client, mou)
    for record in (mou, project):
        change(record, kept_by="singapore", title_zh="Verschwiegen", title_en="Verschwiegen")
    for who in (SHENZHEN_OFFICER, OTHER_MANAGER):
        assert "Verschwiegen" not in read(client, who, mou.meeting, document, "en", form)
    for who in (SINGAPORE_OFFICER, AUDITOR):
        told = read(client, who, mou.meeting, document, "en", form)
        assert ("Verschwiegen" in told) == (document == "list")
        assert ("Draft of one side: Singapore" in told) == (document == "list")


def test_a_file_with_drafts_of_one_side_says_so_above_its_title(client, mou):
    change(mou, kept_by="singapore")
    words = "not for the other side"
    assert words in read(client, MANAGER, mou.meeting, "list")
    assert words not in read(client, MANAGER, mou.meeting, "list-for-both")
    assert words not in read(client, OTHER_MANAGER, mou.meeting, "list")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("document", FILES)
def test_every_file_is_a_pdf_too_in_both_languages(client, mou, document, language):
    client.force_login(person(SHENZHEN_OFFICER))
    answer = client.get(address(mou.meeting, document, language, "pdf"))
    assert answer.content.startswith(b"%PDF-")
    assert f'JIC5-{document}-{language[:2]}.pdf"' in answer["Content-Disposition"]


@pytest.mark.parametrize("wrong", [("minutes", "en", "pdf"), ("list", "fr", "pdf"), ("list", "en", "exe")])
def test_a_file_that_there_is_not_is_not_found(client, mou, wrong):
    client.force_login(person(MANAGER))
    assert client.get(address(mou.meeting, *wrong)).status_code == 404


def test_the_list_says_how_far_each_line_is(client, mou, project):
    press(client, mou, SHENZHEN_OFFICER, titles="on", clear=key(mou))
    change(mou, title_zh="水泵")
    told = read(client, MANAGER, mou.meeting, "list", form="xlsx")
    for words in ("Keppel", "Titles: changed since", "Text: not agreed", "shenzhen.officer"):
        assert words in told
    assert told.count("not agreed") == 5 and "Changed since: titles" in told


def test_the_run_sheet_is_in_signing_order_with_signers_and_witnesses(client, mou, meeting):
    with acting(person(SINGAPORE_OFFICER)):
        signer = Person.objects.create(name_en="Tan Wei", name_zh="陈伟")
        hidden = Person.objects.create(name_en="Somebody", suppressed=True)
        mou.signings.create(person=signer, side="singapore", post_en="Director", post_zh="主任")
        mou.signings.create(person=hidden, side="shenzhen", post_en="Minister", role="witnessed")
    first = make_mou("Ports", (make_organisation("PSA"), "singapore"), meeting=meeting, batch=1)
    change(mou, batch=2)
    told = read(client, MANAGER, meeting, "run-sheet")
    assert f"1 |  | {first.title_en}" in told and told.index("Ports") < told.index("Pumps")
    assert "2 |  | Pumps | Tan Wei\nDirector |  |  | Minister" in told
    chinese = read(client, SHENZHEN_OFFICER, meeting, "run-sheet", "zh-hans", "xlsx")
    assert "陈伟\n主任" in chinese and "Somebody" not in chinese


def test_the_annexes_hold_what_both_cleared_and_will_announce(client, mou, project, meeting):
    quiet = make_mou("Not announced", (make_organisation(), "singapore"), meeting=meeting)
    half = make_mou("Half cleared", (make_organisation(), "singapore"), meeting=meeting)
    for record in (mou, project, quiet):
        clear(client, record)
    clear(client, half, MANAGER)
    press(client, quiet, MANAGER, announce=None)
    change(project, title_zh="水表")
    clear(client, project)
    annex = read(client, MANAGER, meeting, "annex-a", form="xlsx")
    assert "1 | Pumps | Keppel | " in annex and "announced" not in annex and "Half" not in annex
    assert "1 | 水表 |  | Longgang" in read(client, SHENZHEN_OFFICER, meeting, "annex-b", "zh-hans", "xlsx")


def test_a_name_as_signed_stands_where_it_is_in_the_language_of_the_file(client, mou, meeting):
    with acting(person(SINGAPORE_OFFICER)):
        party = mou.signatories.get()
        party.name_as_signed = "吉宝基础设施"
        party.save()
    clear(client, mou)
    assert "Keppel" in read(client, MANAGER, meeting, "annex-a")
    assert "吉宝基础设施" in read(client, MANAGER, meeting, "annex-a", "zh-hans")


def test_the_page_offers_the_file_for_both_sides_where_there_is_a_draft_of_one(client, mou, meeting):
    client.force_login(person(SINGAPORE_OFFICER))
    assert "list-for-both" not in client.get(page(meeting)).text
    change(mou, kept_by="singapore")
    assert "list-for-both" in client.get(page(meeting)).text
