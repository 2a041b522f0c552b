"""The packet of papers: what goes in, in which language, what is only attached, and who took it."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from publishing.files import Download
from tests.cycle.calling import SHENZHENS, SINGAPORES, add_paper, called, pdf_of, words_of
from tests.desk.samples import PNG, TAKEN
from tests.factories import make_meeting
from tests.people import AUDITOR, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
BROKEN = b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Kids [9 0 R]>>\n%%EOF\n"


@pytest.fixture
def scene():
    return called()


def at(meeting) -> str:
    return reverse("admin:desk_packet", args=[meeting.pk])


def file_at(meeting, language="en", own=False) -> str:
    return f"{at(meeting)}packet-{language}.pdf" + ("?own" if own else "")


def packet(client, meeting, who=SINGAPORE_OFFICER, language="en", own=False) -> PdfReader:
    client.force_login(person(who))
    answer = client.get(file_at(meeting, language, own))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return PdfReader(io.BytesIO(b"".join(answer)))


def page_of(reader: PdfReader, words: str) -> int:
    """Return the number of the last page that says `words`."""
    return max(number for number, page in enumerate(reader.pages, 1) if words in page.extract_text())


def bookmarks(reader: PdfReader) -> dict[str, int]:
    return {one.title: reader.get_destination_page_number(one) + 1 for one in reader.outline}


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def test_papers_follow_the_agenda_and_the_contents_say_where(client, scene):
    add_paper(scene.meeting, scene.valves, "On valves")
    add_paper(scene.meeting, scene.pumps, "On pumps", pdf_of("Pumps one", "Pumps two"))
    add_paper(scene.meeting, None, "Of no item")
    reader = packet(client, scene.meeting)
    marks = bookmarks(reader)
    assert list(marks) == [
        "Contents",
        "Draft agenda",
        "Delegation lists",
        "1. On pumps",
        "2. On valves",
        "3. Of no item",
    ]
    assert reader.pages[marks["1. On pumps"]].extract_text() == "Pumps two"
    assert marks["2. On valves"] == marks["1. On pumps"] + 2
    contents = " ".join(reader.pages[marks["Contents"] - 1].extract_text().split())
    assert f"On valves Agenda item 2: Valves 1 English {marks['2. On valves']}" in contents
    assert f"Page 2 of {len(reader.pages)}" in contents
    assert "Tan Wei" in reader.pages[marks["Delegation lists"] - 1].extract_text()


def test_latest_version_is_taken_in_the_language_of_the_packet(client, scene):
    for version in (1, 2):
        add_paper(scene.meeting, scene.pumps, "Plan", pdf_of(f"English {version}"), version=version)
    for version in (1, 2, 3):
        fields = {"version": version, "language": "zh-hans"}
        add_paper(scene.meeting, scene.pumps, "Plan", pdf_of(f"Chinese {version}"), **fields)
    add_paper(scene.meeting, scene.valves, "Figures", pdf_of("Figures in both"), language="both")
    add_paper(scene.meeting, scene.valves, "Notice", pdf_of("Notice in Chinese"), language="zh-hans")
    english, chinese = (text_of(packet(client, scene.meeting, language=one)) for one in ("en", "zh-hans"))
    assert "English 2" in english and "English 1" not in english and "Chinese" not in english.split("Plan\n")[0]
    told = " ".join(english.split())
    assert "version 3 is on record in Chinese" in told
    assert "Notice in Chinese" in told and "not on record in the language of this packet" in told
    assert "Chinese 3" in chinese and "English 2" not in chinese
    assert "Figures in both" in english and "Figures in both" in chinese


def test_what_cannot_be_set_as_pages_has_a_slip_and_is_attached(client, scene):
    add_paper(scene.meeting, scene.pumps, "Sheet", TAKEN["a.xlsx"], "plan.xlsx")
    add_paper(scene.meeting, scene.pumps, "Picture", PNG, "plan.png")
    add_paper(scene.meeting, scene.valves, "Locked", pdf_of("Hidden", password="x"), "plan.pdf")
    add_paper(scene.meeting, scene.valves, "Spoilt", BROKEN, "plan.pdf")
    add_paper(scene.meeting, scene.valves, "Whole", pdf_of("Whole paper"))
    reader = packet(client, scene.meeting)
    text = text_of(reader)
    assert sorted(reader.attachments) == ["4-plan.pdf", "plan.pdf", "plan.png", "plan.xlsx"]
    assert reader.attachments["plan.xlsx"] == [TAKEN["a.xlsx"]]
    for words in (
        "This kind of file is not set as pages.",
        "This PDF is protected by a password.",
        "This file cannot be read as a PDF.",
        "It is attached to this PDF as “4-plan.pdf”.",
        "attached",
    ):
        assert words in text
    marks = bookmarks(reader)
    assert marks["5. Whole"] == page_of(reader, "Whole paper") == len(reader.pages)
    slip = reader.pages[marks["2. Sheet"] - 1].extract_text()
    assert f"Page {marks['2. Sheet']} of {len(reader.pages)}" in slip


def test_file_that_is_gone_does_not_stop_the_packet(client, scene):
    paper = add_paper(scene.meeting, scene.pumps, "Gone")
    paper.file.storage.delete(paper.file.name)
    reader = packet(client, scene.meeting)
    assert "This file is not where it was stored." in text_of(reader)
    assert not Download.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, OTHER_MANAGER])
def test_packets_keep_what_each_side_keeps(client, scene, who, language):
    for secret, side, item in (
        (SINGAPORES, "singapore", scene.singapores),
        (SHENZHENS, "shenzhen", scene.shenzhens),
    ):
        own = {"visibility": "own_side", "owner_side": side}
        add_paper(scene.meeting, scene.pumps, f"{secret} paper", name=f"{secret}.pdf", **own)
        add_paper(scene.meeting, item, f"{secret} sheet", TAKEN["a.xlsx"], f"{secret}.xlsx", **own)
    for own in (False, True):
        reader = packet(client, scene.meeting, who, language, own)
        told = text_of(reader) + "".join([*reader.attachments, *bookmarks(reader)])
        mine, other = (SINGAPORES, SHENZHENS) if who == SINGAPORE_OFFICER else (SHENZHENS, SINGAPORES)
        assert (mine in told, other in told) == (own, False)


def test_paper_for_both_sides_of_an_item_of_one_side_stands_under_no_item(client, scene):
    add_paper(scene.meeting, scene.singapores, "Shared")
    reader = packet(client, scene.meeting, SHENZHEN_OFFICER)
    assert "1. Shared" in bookmarks(reader) and SINGAPORES not in text_of(reader)


def test_every_paper_taken_is_logged(client, scene):
    add_paper(scene.meeting, scene.pumps, "Brief")
    add_paper(scene.meeting, scene.pumps, "Sheet", TAKEN["a.xlsx"], "plan.xlsx")
    client.force_login(person(SHENZHEN_OFFICER))
    client.head(file_at(scene.meeting))
    client.get(at(scene.meeting))
    assert not Download.objects.exists()
    packet(client, scene.meeting, SHENZHEN_OFFICER)
    logged = {(row.title, row.user) for row in Download.objects.all()}
    assert logged == {(title, person(SHENZHEN_OFFICER)) for title in ("Brief", "Sheet")}


@pytest.mark.parametrize("who", ROLES)
def test_page_shows_what_goes_in(client, scene, who):
    add_paper(scene.meeting, scene.pumps, "Brief")
    add_paper(scene.meeting, scene.pumps, f"{SINGAPORES} one", visibility="own_side")
    client.force_login(person(who))
    text = client.get(at(scene.meeting)).text
    is_other = person(who).side == "shenzhen"
    assert ("Brief" in text, SINGAPORES in text) == (True, not is_other)


def test_who_may_not_have_it(client, scene):
    assert client.get(at(scene.meeting)).status_code == 302
    assert client.get(file_at(scene.meeting)).status_code == 302
    client.force_login(person(AUDITOR))
    assert client.get(file_at(scene.meeting, own=True)).status_code == 404
    assert client.get(file_at(scene.meeting, "fr")).status_code == 404
    assert client.get(file_at(scene.meeting)).status_code == 200


def test_meeting_with_nothing_on_record_has_a_packet_that_says_so(client):
    meeting = make_meeting(7, phase="planned", starts_on=None)
    text = text_of(packet(client, meeting))
    for words in (
        "No paper is on record for this packet.",
        "No agenda item is on record yet.",
        "Nobody is on record yet.",
    ):
        assert words in text
    assert "No paper is on record yet" in client.get(at(meeting)).text


def test_packet_that_is_too_large_is_refused_in_words(client, scene, monkeypatch):
    add_paper(scene.meeting, scene.pumps, "Brief")
    monkeypatch.setattr("meetings.calling.packet_desk.MOST_BYTES", 10)
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.get(file_at(scene.meeting), follow=True)
    assert "take them one by one" in answer.text


def test_bold_claims_of_the_front_pages_are_not_made_for_the_papers(client, scene):
    add_paper(scene.meeting, scene.pumps, "Brief")
    reader = packet(client, scene.meeting)
    assert reader.xmp_metadata is None
    assert words_of(client.get(file_at(scene.meeting))).count("Brief") >= 2
