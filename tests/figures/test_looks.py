"""How the pages of figures stand in order and in little room, and what an e-mail says of a cell."""

import re

import pytest

from outbox.models import Mail
from reports.managers.frame import WithUnpublished
from reports.managers.partners import report as partners
from tests.factories import make_meeting, make_organisation, make_project, make_source, published
from tests.figures.inquiries import frozen, on_record
from tests.figures.saved import people, run, save
from tests.people import AUDITOR, MANAGER, ROLES, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
REPORTS = "/admin/reports/"
IN_ORDER = [
    *("Portfolio of projects", "Partners by activity", "MOUs by state"),
    *("Projects without news since the last meeting", "What is not on record", "Work waiting, by side"),
    *("Announced and recorded", "Records by status", "MOU register", "Inquiry answers"),
]
BLOCKS = re.compile(r'<table class="[^"]*\bin-blocks\b[^"]*" role="table">(.*?)</table>', re.DOTALL)
CELLS = re.compile(r"<t[dh]\b[^>]*>")


@pytest.fixture
def figures():
    """A meeting with a figure whose sources differ, and a total whose sum is not known; MOUs and projects."""
    record = on_record()
    figure = record.fourth.figures.create(measure="projects", value=2, explanation_en="Annex A is out.")
    figure.citations.create(source=make_source(publisher="A paper"))
    figure.citations.create(source=make_source(publisher="Another"), stance="differs", says_en="Says three.")
    record.fourth.figures.create(measure="projects", scope="cumulative", value=3)
    return record


@pytest.mark.parametrize("who", ROLES)
def test_reports_stand_in_one_order_for_everybody(client, who):
    client.force_login(person(who))
    listed = re.findall(r'<dt><a href="([^"]+)">([^<]+)', client.get(REPORTS).text)
    if person(who).language == "en":
        assert [title for _address, title in listed] == IN_ORDER
    assert [address for address, _title in listed][-2:] == [
        "/admin/mous/register/",
        "/admin/reports/inquiries/",
    ]


def test_strangers_are_sent_to_sign_in(client):
    assert client.get(REPORTS).url == "/admin/login/?next=/admin/reports/"


@pytest.mark.parametrize(
    "path",
    [
        "reports/reconciliation/",
        "reports/portfolio/",
        "reports/partners/",
        "reports/no-news/",
        "mous/register/",
        "reports/",
        "reports/inquiries/SCI-Q-0001/",
        "reports/inquiries/SCI-Q-0001/now/",
    ],
)
def test_cells_of_a_row_that_becomes_a_block_carry_their_headings(client, figures, path):
    save(person(MANAGER))
    frozen()
    figures.both.title_en = "Ports and sheds"
    figures.both.save()
    client.force_login(person(MANAGER))
    tables = BLOCKS.findall(client.get(f"/admin/{path}").text)
    assert tables
    for head, body in (table.split("</thead>") for table in tables):
        headings = re.findall(r"<th [^>]*>([^<]*)</th>", head)
        cells = [cell for cell in CELLS.findall(body) if "saved-acts" not in cell and "code" not in cell]
        assert [cell for cell in cells if 'role="cell"' not in cell and 'role="rowheader"' not in cell] == []
        labels = [re.search(r'data-label="([^"]*)"', cell)[1] for cell in cells if "rowheader" not in cell]
        assert labels and set(labels) <= set(headings)


def test_register_has_no_column_beyond_the_six_that_fit(client):
    published(make_organisation("Keppel"))
    on_record()
    client.force_login(person(MANAGER))
    assert client.get("/admin/mous/register/").text.count('role="columnheader"') == 6


def test_mail_of_announced_and_recorded_holds_words_and_no_markup(client, figures):
    users = people()
    saved = save(users[MANAGER], users[MANAGER], report="reconciliation")
    run()
    mail = Mail.objects.get()
    assert saved.name in mail.body
    assert re.findall(r"</?(?:p|ul|li|span|a|small)\b", mail.body) == []
    for told in (
        "| 1 not on record here |",
        "| A paper (supports); Another (differs): Says three. |",
        "Annex A is out. · Not published: read by staff only",
        "No sum: not announced for every meeting.",
    ):
        assert told in mail.body


def test_figure_of_partners_leaves_out_bodies_with_one_record(client):
    meeting = published(make_meeting(4))
    few, many = published(make_organisation("A Few")), published(make_organisation("Many"))
    for body, number in ((few, 1), (many, 2)):
        for at in range(number):
            published(make_project(f"P{at}", (body, "singapore"), meeting=meeting, stage="launched"))
    form = partners.form_class({}, person(MANAGER))
    assert form.is_valid()
    rows = partners.rows(form.cleaned_data, person(MANAGER))
    drawn = partners.picture(form.cleaned_data, rows)
    assert [(bar.label, bar.values) for bar in drawn.bars] == [("Many", [2, 0])]
    assert len(rows) == 2


def test_figure_of_partners_is_left_out_where_it_tells_nothing(client):
    published(make_organisation("Alone"))
    client.force_login(person(AUDITOR))
    page = client.get("/admin/reports/partners/").text
    assert ("Alone" in page, "report-picture" in page) == (True, False)


def test_a_ticked_filter_is_told_by_its_label_alone():
    form = WithUnpublished({"unpublished": "on"}, None)
    assert form.is_valid()
    assert form.in_words() == "with drafts and records in review"


def test_deleting_stands_last_and_apart(client):
    saved = save(person(MANAGER), person(MANAGER))
    client.force_login(person(MANAGER))
    cell = re.search(r"<td [^>]*saved-acts.*?</td>", client.get(REPORTS).text, re.DOTALL)[0]
    ways = re.findall(r'<a (?:class="(\w+)" )?href="([^"]+)"', cell)
    assert ways[-1] == ("deletes", f"/admin/reports/savedreport/{saved.pk}/delete/")
    assert [css for css, _address in ways[:-1]] == [""] * (len(ways) - 1)


def test_reconciliation_is_read_without_scrolling_on_a_phone(served, open_page):
    page = open_page(viewport={"width": 390, "height": 800})
    for path in ("en/data/", "zh-hans/meetings/4/", "en/zone/"):
        page.goto(f"{served}/{path}")
        boxes = page.locator(".scroll:has(> .recon)")
        hidden = "all => all.map(one => one.scrollWidth - one.clientWidth).filter(over => over > 0)"
        assert (path, boxes.count() > 0, boxes.evaluate_all(hidden)) == (path, True, [])
        assert page.locator(".recon td", has_text="PR Newswire").first.is_visible()


def test_before_the_first_inquiry_the_list_says_so(client):
    client.force_login(person(MANAGER))
    page = client.get("/admin/reports/inquiries/").text
    assert "No answer has been frozen yet." in page
    assert 'href="/admin/reports/inquiries/ask/"' in page
