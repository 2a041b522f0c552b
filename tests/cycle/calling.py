"""A meeting being called, with something that each side keeps to itself, and what its files say."""

import datetime
import io
from types import SimpleNamespace

from docx import Document as WordDocument
from pypdf import PdfReader, PdfWriter

from meetings.models import Meeting
from organisations.models import Person
from publishing.authorship import acting
from tests.desk.samples import add_file
from tests.factories import make_meeting, make_organisation
from tests.people import SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

OWN_SINGAPORE = {"visibility": "own_side", "owner_side": "singapore"}
OWN_SHENZHEN = {"visibility": "own_side", "owner_side": "shenzhen"}
# What only one side may read, anywhere.
SINGAPORES, SHENZHENS = "Secretsg", "Secretsz"


def pdf_of(*texts: str, password: str = "") -> bytes:
    """Return a PDF with a page for each text."""
    writer = PdfWriter()
    for text in texts:
        page = writer.add_blank_page(595, 842)
        _write(writer, page, text)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _write(writer: PdfWriter, page, text: str) -> None:
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    content = DecodedStreamObject()
    content.set_data(f"BT /F1 20 Tf 60 700 Td ({text}) Tj ET".encode())
    face = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in face.items()})
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = writer._add_object(content)


def called() -> SimpleNamespace:
    """Return the fifth meeting, planned, with people, an agenda, papers and what the fourth left open."""
    keppel = make_organisation("Keppel", name_zh="吉宝")
    with acting(person(SINGAPORE_OFFICER)):
        tan = Person.objects.create(name_en="Tan Wei", name_zh="陈伟")
        lim = Person.objects.create(name_en="Lim Hua")
        hidden = Person.objects.create(name_en="Verschwiegen", suppressed=True)
    last = make_meeting(4)
    meeting = make_meeting(
        5, phase="planned", starts_on=datetime.date(2027, 3, 4), city_en="Singapore", city_zh="新加坡"
    )
    with acting(person(SINGAPORE_OFFICER)):
        last.actions.create(number=1, text_en="Write the report", text_zh="撰写报告", owner_side="singapore")
        last.actions.create(number=2, text_en="Finished", owner_side="singapore", state="done")
        last.actions.create(number=3, text_en=f"{SINGAPORES} action", **OWN_SINGAPORE)
        last.actions.create(number=4, text_en=f"{SHENZHENS} action", **OWN_SHENZHEN)
        first = {"side": "singapore", "role": "co_chair", "organisation": keppel}
        post = {"post_en": "Permanent Secretary", "post_zh": "常任秘书"}
        meeting.attendances.create(position=1, person=tan, **first, **post)
        meeting.attendances.create(position=2, person=lim, side="singapore", role="member")
        meeting.attendances.create(position=1, person=hidden, side="shenzhen", post_en="A director")
        pumps = meeting.agenda_items.create(
            position=1, kind="decision", title_en="Pumps", title_zh="水泵", presenter="Tan", presenter_zh="陈"
        )
        singapores = meeting.agenda_items.create(position=2, title_en=f"{SINGAPORES} item", **OWN_SINGAPORE)
        valves = meeting.agenda_items.create(position=3, kind="information", title_en="Valves")
    with acting(person(SHENZHEN_OFFICER)):
        shenzhens = meeting.agenda_items.create(position=4, title_en=f"{SHENZHENS} item", **OWN_SHENZHEN)
    return SimpleNamespace(**locals())


def add_paper(meeting: Meeting, item, title: str, content: bytes | None = None, name="paper.pdf", **fields):
    """Add a paper to an agenda item (None: to none); by default both sides see it."""
    fields = {"visibility": "both_sides", "agenda_item": item} | fields
    return add_file(meeting, title, content=pdf_of(title) if content is None else content, name=name, **fields)


def words_of(answer) -> str:
    """Return what a Word file or a PDF says, with all its parts."""
    content = b"".join(answer) if answer.streaming else answer.content
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    word = WordDocument(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])
