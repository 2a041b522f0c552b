"""A held meeting with two agenda items, for the tests of its record and minutes, and the way to its pages."""

import io

import docx
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from meetings.minutes.agreeing import clear
from meetings.minutes.content import content, digest
from meetings.models import Meeting
from organisations.models import Person
from publishing.authorship import acting
from tests.factories import make_meeting
from tests.people import SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

SECRET = "Verschwiegen"


def held(number: int = 5, **fields) -> Meeting:
    """Return a held JIC meeting, the fifth, with two agenda items and a co-chair of each side on record."""
    meeting = make_meeting(number, **fields)
    with by_singapore():
        meeting.agenda_items.create(position=1, title_en="Smart mobility", title_zh="智慧出行")
        meeting.agenda_items.create(position=2, title_en="E-invoicing")
        for side, name in (("singapore", "Tan Wei"), ("shenzhen", "Li Na")):
            somebody = Person.objects.create(name_en=name)
            post = {"post_en": f"Director of {side}"}
            meeting.attendances.create(person=somebody, side=side, role="co_chair", **post)
    return meeting


def by_singapore():
    return acting(person(SINGAPORE_OFFICER))


def items(meeting: Meeting) -> list:
    return list(meeting.agenda_items.order_by("position"))


def sign_in(client, who: str) -> None:
    """Sign somebody in who reads English here."""
    user = person(who)
    user.language = "en"
    user.save()
    client.force_login(user)


def record_page(meeting: Meeting) -> str:
    return reverse("admin:desk_record", args=[meeting.pk])


def minutes_page(meeting: Meeting) -> str:
    return reverse("admin:desk_minutes", args=[meeting.pk])


def agreed(meeting: Meeting):
    """Clear the minutes on both sides, and return them frozen."""
    clear(meeting, "en", digest(content(meeting)), person(SINGAPORE_OFFICER))
    return clear(meeting, "zh", digest(content(meeting)), person(SHENZHEN_OFFICER))


def word_file(*paragraphs: str, cells: list[str] = ()) -> bytes:
    """Return a Word file of paragraphs, and a table of one row where there are cells."""
    word = docx.Document()
    for text in paragraphs:
        word.add_paragraph(text)
    if cells:
        for cell, text in zip(word.add_table(1, len(cells)).rows[0].cells, cells, strict=True):
            cell.text = text
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def word_text(content: bytes) -> str:
    """Return all text of a Word file, of its tables too."""
    word = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def in_chinese():
    return translation.override("zh-hans")


def with_record(number: int) -> Meeting:
    """Return a meeting with something noted, decided and to be done, and agreed minutes as a Word file."""
    meeting = held(number)
    with by_singapore():
        item = items(meeting)[0]
        item.noted_en, item.noted_zh = "Pilots run.", "试点进行中。"
        item.save()
        meeting.decisions.create(agenda_item=item, text_en="Extend the pilot.", text_zh="延长试点。")
        meeting.actions.create(agenda_item=item, text_en="Report.", owner_side="shenzhen")
        file = ContentFile(
            word_file("The Committee noted that pilots run.", "Action: Shenzhen to report."), "m.docx"
        )
        meeting.papers.create(title="Minutes", file=file, visibility="both_sides", owner_side="singapore")
    return meeting
