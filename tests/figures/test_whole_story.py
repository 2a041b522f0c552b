"""A manager defends every number, in a real browser, on the loaded record, with what is sent and taken.

Announced beside recorded and its explanation; an answer of two dates with changes between; a report by
e-mail; an MOU that ends and is renewed; a list taken away.
"""

import csv
import io
import time
from datetime import date, timedelta

import openpyxl
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.timezone import localdate, localtime

from meetings.models import AnnouncedFigure, Meeting
from mous.models import MOU
from outbox.models import Mail, Problem
from projects.models import Project
from publishing.authorship import acting
from publishing.models import Status
from publishing.workflow import move
from reports.inquiries.models import Inquiry
from sci_portal.loading import load
from tests.desk.seat import Desk, text_of
from tests.factories import make_mou, make_project, published
from tests.figures.counts import counts_of
from tests.mailserver import mail_server
from tests.people import MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db(transaction=True)]

REPORTS = "/admin/reports/"
ASK = f"{REPORTS}inquiries/ask/"
EXPLANATION = "Annex A to the release of the fourth meeting names these only."
# Figure, announced, recorded, the difference in words, the sum of the meetings in words.
RECONCILED = [
    ("MOUs signed · JIC1", "8", "3", "5 not on record here", ""),
    ("MOUs signed · JIC2", "4", "4", "No difference", ""),
    ("MOUs signed · JIC3", "8", "1", "7 not on record here", ""),
    ("Projects launched · JIC3", "14", "8", "6 not on record here", ""),
    ("Projects launched · flagship · JIC3", "7", "4", "3 not on record here", ""),
    ("Projects launched · key · JIC3", "7", "4", "3 not on record here", ""),
    ("MOUs signed · JIC4", "8", "0", "8 not on record here", ""),
    ("Projects launched · JIC4", "14", "14", "No difference", ""),
    (
        "Agreements of companies to operate in the Zone · Demonstration Zone · JIC4",
        "4",
        "0",
        "4 not on record here",
        "",
    ),
    ("Projects launched · Demonstration Zone · JIC4", "4", "0", "4 not on record here", ""),
    ("Projects launched · to date · JIC3", "29", "8", "21 not on record here", "No sum"),
    ("MOUs signed · to date · JIC4", "29", "8", "21 not on record here", "28 1 more than by the sum"),
    ("Projects launched · to date · JIC4", "43", "22", "21 not on record here", "No sum"),
]


@pytest.fixture
def desk(live_server, open_page, tmp_path):
    load(settings.DATA_DIR)
    for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER):
        user = person(who)
        user.language, user.email = "en", f"{who}@example.org"
        user.save()
    return Desk(open_page(locale="en-GB"), live_server.url, tmp_path)


@pytest.fixture
def server(settings):
    with mail_server(settings) as running:
        yield running


def test_every_number_from_the_announcement_to_the_answer(desk, server, settings):
    settings.SITE_URL = desk.address
    _reconcile(desk)
    _explain(desk)
    _answer(desk)
    mou = _end_soon(desk)
    _send(desk, server, mou)
    _remind(server, mou)
    _renew(desk, mou)
    _take_away(desk)
    assert desk.page.console_errors == []


def rows_on(desk: Desk) -> list[list[str]]:
    """Return the words of each row of the report that is open, a text for each cell."""
    rows = desk.page.locator(".report-table tbody tr").evaluate_all(
        "all => all.map(row => Array.from(row.cells).map(cell => cell.innerText))"
    )
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def taken(desk: Desk, ending: str) -> bytes:
    """Return the file of this kind that the page which is open lets one download."""
    link = desk.page.locator(f"#content a[href*='.{ending}']").first.evaluate("one => one.href")
    answer = desk.page.request.get(link)
    assert answer.status == 200, link
    desk.name = answer.headers["content-disposition"].partition("filename=")[2].strip('"')
    return answer.body()


def csv_rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet_rows(content: bytes, name: str = "data") -> list[list[str]]:
    """Return a sheet as its CSV would have it: text, whole numbers, days."""

    def text(cell) -> str:
        return "" if cell is None else str(cell.date() if hasattr(cell, "date") else cell)

    sheet = openpyxl.load_workbook(io.BytesIO(content))[name]
    return [[text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def counted_on(desk: Desk, path: str) -> set[tuple[int, str]]:
    desk.open(path)
    return {(number, address) for number, address, _words in counts_of(desk.page.content())}


# Announced and recorded ----------------------------------------------------------------------------


def _reconcile(desk: Desk) -> None:
    desk.sit(MANAGER)
    desk.open(f"{REPORTS}reconciliation/")
    shown = rows_on(desk)
    assert [row[0] for row in shown] == [row[0] for row in RECONCILED]
    for row, (name, announced, recorded, difference, summed) in zip(shown, RECONCILED, strict=True):
        assert row[:4] == [name, announced, recorded, difference]
        assert row[4].startswith(summed) if summed else not row[4]
        assert row[6].startswith("Write an explanation") or not row[6], "no cause is offered"
    head, *lines = csv_rows(taken(desk, "csv"))
    assert sheet_rows(taken(desk, "xlsx")) == [head, *lines]
    at = [head.index(key) for key in ("announced", "recorded")]
    assert [[line[place] for place in at] for line in lines] == [row[1:3] for row in shown]
    assert {line[head.index("explanation_en")] for line in lines} == {""}


def _explain(desk: Desk) -> None:
    """An officer proposes an explanation and a manager accepts it; the public reads it from then on."""
    figure = AnnouncedFigure.objects.get(meeting__number=4, measure="projects", scope="cumulative", track="jic")
    desk.sit(SINGAPORE_OFFICER)
    desk.open(f"{REPORTS}reconciliation/")
    desk.press("tr:has-text('Projects launched · to date · JIC4') a:has-text('Write an explanation')")
    desk.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    place = desk.page.locator(f"input[name^=figures-][name$=-id][value='{figure.pk}']").get_attribute("name")
    row = place.removesuffix("id")
    desk.fill(**{f"{row}explanation_en": EXPLANATION})
    desk.page.locator(f"[name='{row}explanation_published']").check()
    desk.press("button:has-text('Save as a proposed change')")
    assert EXPLANATION not in Client().get("/en/data/").text
    desk.sit(OTHER_MANAGER)
    desk.open("/admin/")
    desk.press("#content a[href*='/proposedchange/']")
    desk.press("#result_list tbody a")
    desk.tells(EXPLANATION)
    desk.press("button:has-text('Accept and publish it')")
    assert EXPLANATION in Client().get("/en/data/").text
    desk.open(f"{REPORTS}reconciliation/?only=unexplained")
    assert "Projects launched · to date · JIC4" not in [row[0] for row in rows_on(desk)]


# The answer of two dates ---------------------------------------------------------------------------


def ask(desk: Desk, recorded: str = "") -> str:
    """Ask how many projects there are as at today; return the number that is answered, or what is said."""
    desk.open(ASK)
    desk.page.check("[name=count][value=projects]")
    desk.fill(as_at=localdate().isoformat(), recorded=recorded)
    desk.press("button:has-text('Show the answer')")
    number = desk.page.locator("#count-projects b")
    return number.inner_text() if number.count() else desk.page.locator(".desk-empty").inner_text()


def _answer(desk: Desk) -> None:
    desk.sit(MANAGER)
    assert ask(desk) == "22"
    desk.fill(question_en="How many projects are there?", question_zh="有多少个合作项目？")
    desk.press("button:has-text('Freeze under a reference')")
    desk.tells("Frozen as SCI-Q-0001.")
    moment = localtime().replace(microsecond=0) + timedelta(seconds=1)
    time.sleep(max(0, (moment - localtime()).total_seconds()))
    joined, left = _change_the_record()
    then = moment.replace(tzinfo=None).isoformat()
    assert (ask(desk, then), ask(desk)) == ("22", "23")
    before = (moment - timedelta(days=1)).replace(tzinfo=None).isoformat()
    assert ask(desk, before).startswith("Not recorded yet: this portal's record begins on ")
    desk.open(f"{REPORTS}inquiries/SCI-Q-0001/")
    found = desk.files("csv", "xlsx", "docx", "pdf")
    assert len(found) == 6
    today = localdate()
    forms = (today.isoformat(), f"{today.day} {today:%B %Y}", f"{today.year}年{today.month}月{today.day}日")
    for name, words in found.items():
        assert "SCI-Q-0001" in words and "22" in words, name
        # A PDF has its own spaces. Two dates are asked for: as at, and as then recorded.
        solid = "".join(words.split())
        assert sum(solid.count("".join(form.split())) for form in forms) >= 2, name
    assert len(csv_rows((desk.folder / f"sci-q-0001-as-at-{today}.csv").read_bytes())) == 1 + 22
    assert Inquiry.objects.get().data["counts"][0]["value"] == 22
    desk.press("text=Then and now")
    desk.tells("Then 22, now 23.")
    moved = dict(zip(("joined", "left"), desk.page.locator(".inquiry-moved").all_inner_texts(), strict=True))
    assert all(one.reference in moved["joined"] for one in joined) and left.reference in moved["left"]


def _change_the_record() -> tuple[list[Project], Project]:
    """Publish two more projects and withdraw one; return who joined the count and who left it."""
    fourth = Meeting.objects.get(number=4)
    joined = [published(make_project(f"Late {n}", meeting=fourth, stage="launched")) for n in (1, 2)]
    left = Project.objects.counted().order_by("reference_number").first()
    left.withdrawn_reason_en = "Entered twice."
    move(left, Status.WITHDRAWN, by=person(OTHER_MANAGER))
    return joined, left


# A report by e-mail --------------------------------------------------------------------------------


def _end_soon(desk: Desk) -> MOU:
    """Publish an MOU that ends in thirty days, looked after by Singapore; no day of effect is known."""
    fields = {"meeting": Meeting.objects.get(number=4), "occasion": "at", "notice_days": 14}
    led = MOU.objects.filter(signatories__side="singapore").first().signatories.filter(side="singapore").first()
    fields |= {"signed_on": date(2023, 12, 14), "ends_on": localdate() + timedelta(days=30)}
    return published(make_mou("Ports", lead_singapore=led.organisation, **fields))


def _send(desk: Desk, server, mou: MOU) -> None:
    desk.open(f"{REPORTS}mou-states/")
    desk.choose(rows="mous", within="180")
    desk.press("form.report-filter button")
    assert [row[0] for row in rows_on(desk)] == [mou.reference]
    desk.press("text=Save this view")
    desk.fill(name="Ending soon")
    desk.choose(audience="side", every="week", weekday=str(localdate().weekday()), format="csv")
    officer = person(SINGAPORE_OFFICER)
    desk.page.check(f"[name=recipients][value='{officer.pk}']")
    desk.press("input[name=_save]")
    server.refused = {officer.email}
    with pytest.raises(CommandError, match="Not every report was sent"):
        call_command("send_reports")
    call_command("send_reports")
    [(address, mail)] = server.taken
    assert address == person(MANAGER).email
    [part] = mail.iter_attachments()
    head, *lines = csv_rows(part.get_payload(decode=True))
    assert [line[head.index("reference")] for line in lines] == [mou.reference]
    assert lines[0][head.index("ends_on")] == mou.ends_on.isoformat()
    assert mou.reference in mail.get_body().get_content()
    # The address is known now, but the right is gone.
    server.refused = set()
    officer.groups.clear()
    desk.open("/admin/outbox/mail/?state__exact=failed")
    desk.page.check(f"tr:has-text('{officer.email}') input.action-select")
    desk.choose(action="send_again")
    desk.press("button[name=index]")
    desk.tells("1 e-mail failed")
    assert Mail.objects.get(user=officer, kind="saved_report").problem == Problem.RIGHT
    assert len(server.taken) == 1


# An MOU that ends ----------------------------------------------------------------------------------


def _remind(server, mou: MOU) -> None:
    server.taken.clear()
    for _twice in range(2):
        call_command("send_reminders")
    [(address, mail)] = server.taken
    body = mail.get_body().get_content()
    assert address == person(MANAGER).email
    assert mou.reference in body and str(mou.ends_on.year) in body


def _renew(desk: Desk, mou: MOU) -> None:
    """A renewal is linked, signed and published: the earlier one is over, and both are one in every total."""
    totals = {"/en/", "/en/statistics/"}
    every = (9, "/en/mous/?counted=yes&track=jic")
    desk.open("/admin/mous/register/")
    [line] = [row for row in rows_on(desk) if mou.reference in row[0]]
    assert "Ending soon" in line[1] and "30 days" in line[2]
    assert every in counted_on(desk, "/en/")
    before = {path: counted_on(desk, path) for path in totals}
    renewal = make_mou("Ports, renewed", meeting=mou.meeting, occasion="at", signed_on=localdate())
    renewal.effective_on = localdate()
    with acting(person(SINGAPORE_OFFICER)):
        renewal.save()
        renewal.links.create(kind="renews", to_mou=mou)
    published(renewal)
    mou.refresh_from_db()
    assert mou.superseded_on == localdate()
    assert {path: counted_on(desk, path) for path in totals} == before
    desk.open("/admin/mous/register/")
    lines = {row[0].partition(" ")[0]: row for row in rows_on(desk)}
    assert lines[mou.reference][1].startswith("Replaced")
    assert f"Renewed by {renewal.reference}" in lines[mou.reference][0]
    desk.open(f"/en/mous/{mou.reference}/")
    desk.tells("Replaced")


# A list taken away ---------------------------------------------------------------------------------


def _take_away(desk: Desk) -> None:
    make_project("Ours alone", kept_by="singapore")
    make_project("Theirs alone", kept_by="shenzhen")
    desk.sit(MANAGER)
    desk.open("/admin/projects/project/?status__exact=draft")
    head, *lines = csv_rows(taken(desk, "csv"))
    assert head[:2] == ["status", "kept_by"]
    mine = Project.objects.filter(status="draft").exclude(kept_by="shenzhen").values_list("title_en", flat=True)
    assert sorted(line[head.index("title_en")] for line in lines) == sorted(mine) and "Ours alone" in mine
    assert len(lines) > 1, "the loaded record has drafts too"
    assert {line[0] for line in lines} == {"draft"}
    assert desk.name == f"sci-staff-project_status-draft-{localdate()}.csv"
    book = taken(desk, "xlsx")
    assert sheet_rows(book) == [head, *lines]
    about = " ".join(" ".join(row) for row in sheet_rows(book, "about"))
    assert "not for the public" in about and "Draft" in about and localdate().isoformat() in about
    assert "Theirs alone" not in text_of("list.xlsx", book)
