"""What the pages and documents of a meeting have in common: names, numbers and file names in both languages."""

import pytest
from django.utils import translation

from accounts.models import User
from annexes.briefing.pack import chapters
from meetings.minutes.content import content
from meetings.minutes.document import minutes_document
from tests.cycle.calling import called
from tests.cycle.minutes import by_singapore, held, record_page, sign_in
from tests.people import SINGAPORE_OFFICER
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


@pytest.mark.parametrize(
    ("given", "family", "shown"),
    [
        ("晓明", "李", "李晓明"),
        ("Wei Ling", "Tan", "Wei Ling Tan"),
        ("晓明", "Li", "晓明 Li"),
        ("", "李", "李"),
        ("", "", ""),
    ],
)
def test_a_chinese_name_has_the_family_name_first(given, family, shown):
    assert User(first_name=given, last_name=family).get_full_name() == shown


def test_an_item_of_one_side_has_no_number_on_any_page(client):
    found = called()
    sign_in(client, SINGAPORE_OFFICER)
    text = " ".join(client.get(record_page(found.meeting)).text.split())
    headings = [part.split("</h2>")[0] for part in text.split("<h2 id=")[1:]]
    numbers = [one.split(">")[1].strip().split(".")[0] for one in headings if "item-0" not in one]
    assert [number if number.isdigit() else "" for number in numbers] == ["1", "", "2"]


def test_the_pack_numbers_items_as_the_agenda_and_names_the_presenter_in_its_language():
    found = called()
    with translation.override("zh-hans"):
        table = chapters(found.meeting, "singapore")[0].blocks[0]
    assert [row[0] for row in table.rows] == ["1", "仅本方可见", "2"]
    assert table.rows[0][3] == "陈"


def test_a_chair_in_chinese_is_body_post_and_name():
    meeting = held()
    chair = meeting.attendances.get(side="shenzhen")
    with by_singapore():
        chair.post_zh, chair.person.name_zh = "副市长", "李娜"
        chair.person.save()
        chair.save()
    with translation.override("zh-hans"):
        document = minutes_document(content(meeting), "zh-hans", "")
        chairs = next(cell for label, cell in document.blocks[2].pairs)
    assert "副市长李娜" in chairs


@pytest.mark.parametrize(
    ("language", "title", "chair"),
    [
        ("en", "Minutes of the meeting: Fifth JIC meeting", "Tan Wei, Director of singapore"),
        ("zh-hans", "联合执委会第五次会议纪要", "Tan Wei，Director of singapore"),
    ],
)
def test_minutes_name_meeting_and_chairs_as_the_language_does(language, title, chair):
    with translation.override(language):
        document = minutes_document(content(held()), language, "")
        chairs = next(cell for label, cell in document.blocks[2].pairs)
    assert (document.title, chair in chairs) == (title, True)
