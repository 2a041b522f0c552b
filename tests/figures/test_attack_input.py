"""What no form would send: moments that no clock shows, keys that no database has, days long past."""

import datetime
import io

import openpyxl
import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.timezone import localdate, localtime

from mous.health import with_health
from mous.models import MOU
from mous.register.entries import as_seen_by
from mous.terms import notice_on
from reports.inquiries.files import to_xlsx
from reports.inquiries.forms import AskForm
from reports.inquiries.models import Inquiry, canonical
from reports.models import SavedReport
from tests.factories import make_mou
from tests.figures.inquiries import ASK, asked, freezing_form, frozen, on_record
from tests.figures.saved import save
from tests.people import MANAGER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
QUESTION = {"count": "projects", "track": "jic", "records": "published"}
DAY_ONE = datetime.date(1, 1, 1)
BOTH = {"en": "A meeting", "zh": ""}


@pytest.fixture
def manager(client):
    client.force_login(person(MANAGER))
    return client


@once_there
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_before_all_time_is_told(manager, moment):
    answer = manager.get(ASK, QUESTION | {"as_at": localdate().isoformat(), "recorded": moment})
    assert "Enter a valid date/time." in answer.text and "counts" not in answer.context


@once_there
def test_a_moment_is_asked_to_the_second_as_freezing_asks_it_again(manager):
    on_record()
    moment = localtime()
    asked_for = {"as_at": localdate().isoformat(), "recorded": moment.strftime("%Y-%m-%dT%H:%M:%S.%f")}
    form = manager.get(ASK, QUESTION | asked_for).context["form"]
    again = AskForm(QueryDict(form.asked().query()))
    assert form.asked().recorded == moment.replace(microsecond=0)
    assert again.is_valid() and form.asked() == again.asked()


@pytest.mark.parametrize("key", [2**63, 10**40])
@pytest.mark.parametrize("page", ["", "mine/"])
def test_a_key_that_no_database_has_is_not_found(manager, key, page):
    assert manager.get(f"/admin/reports/saved/{key}/{page}").status_code == 404


@pytest.mark.parametrize("precision", ["day", "year"])
def test_an_end_in_the_first_century_hides_no_register(manager, precision):
    mou = make_mou("Old", signed_on=None, ends_on=DAY_ONE, ends_on_precision=precision, notice_days=32767)
    assert mou.reference in manager.get("/admin/mous/register/").text
    [found] = with_health(MOU.objects.all(), localdate(), as_seen_by(person(MANAGER)))
    assert found.notice_on is None and notice_on(mou, localdate()) is None


def test_a_text_too_long_for_excel_says_that_it_is_cut():
    inquiry = frozen(asked("organisations"))
    data = inquiry.data
    data["counts"][0]["undated"] = [f"SCI-O-{number:04d}" for number in range(1, 4000)]
    inquiry.answer = canonical(data)
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(inquiry)))["answer"]
    [note] = [row[1] for row in sheet.iter_rows(values_only=True) if row[0] == "Note"]
    assert "cut here" in note and len(note) == 32767


def test_a_day_that_excel_does_not_know_is_text():
    inquiry = frozen(asked("meetings", as_at=DAY_ONE))
    data = inquiry.data
    data["counts"][0]["records"] = [
        {"reference": "SCI-C-0001", "title": BOTH, "date": "1899-12-31", "values": {}}
    ]
    inquiry.answer = canonical(data)
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(inquiry)))["records"]
    keys, row = sheet.iter_rows(values_only=True)
    told = dict(zip(keys, row, strict=True))
    assert (told["as_at"], told["date"]) == ("0001-01-01", "1899-12-31")


@once_there
def test_tampered_fields_freeze_nothing(manager):
    on_record()
    form = freezing_form(manager, count="projects") | {"question_en": "How many?"}
    changes = (
        {"records": "both_sides"},
        {"as_at": "2020-01-01"},
        {"count": ["projects", "mous"]},
        {"seen": ""},
    )
    for change in changes:
        assert "nothing was frozen" in manager.post(ASK, form | change).text
    assert not Inquiry.objects.exists()
    manager.post(ASK, form | {"reference": "SCI-Q-9999", "frozen_at": "2020-01-01", "sha256": "x"})
    assert (Inquiry.objects.get().reference, Inquiry.objects.get().is_whole) == ("SCI-Q-0001", True)


@once_there
def test_no_form_is_taken_without_its_token():
    inquiry, saved = frozen(asked()), save(person(MANAGER))
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(MANAGER))
    places = (f"savedreport/{saved.pk}/delete/", f"inquiries/{inquiry.reference}/withdraw/", "inquiries/ask/")
    for place in (*places, "saved/replace/", f"saved/{saved.pk}/mine/"):
        assert client.post(f"/admin/reports/{place}", {"post": "yes"}).status_code == 403


@once_there
@pytest.mark.parametrize(
    "change",
    [
        {"query": "meeting=%00"},
        {"query": "meeting=%ff%fe"},
        {"name": "x" * 10_000},
        {"recipients": [str(2**63), "-1", "x"]},
        {"recipients": ["９"]},
        {"day_of_month": "0"},
        {"weekday": str(2**63)},
        {"every": "minute"},
        {"audience": "all"},
        {"format": "exe"},
    ],
)
def test_what_no_form_would_send_is_not_saved(manager, change):
    data = {"name": "Mine", "audience": "me", "every": "", "weekday": "0", "day_of_month": "1", "format": "csv"}
    answer = manager.post(
        "/admin/reports/savedreport/add/", data | {"report": "portfolio", "query": ""} | change
    )
    assert answer.status_code == 200 and not SavedReport.objects.exists()
