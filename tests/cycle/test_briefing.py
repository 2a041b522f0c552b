"""The briefing pack of one side: what is in it, for whom, and what is never in it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate

from annexes.briefing.pack import chapters, pack
from documents.blocks import Fields, Heading, NewPage, lines_of
from organisations.models import Person
from publishing.authorship import acting
from tests.cycle.test_since_page import text_of
from tests.desk.samples import add_file
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import (
    AUDITOR,
    MANAGER,
    OTHER_MANAGER,
    SHENZHEN_OFFICER,
    SINGAPORE_OFFICER,
    person,
)
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
OWN = {"visibility": "own_side", "owner_side": "singapore"}
FILES = [f"{language}.{kind}" for language in ("en", "zh-hans") for kind in ("docx", "pdf")]


def in_days(days: int) -> datetime.date:
    return localdate() + datetime.timedelta(days=days)


def address(meeting, file: str = "") -> str:
    return reverse("admin:desk_briefing", args=[meeting.pk]) + file


def lines(meeting, key: str, side: str = "singapore", language: str = "en") -> str:
    """Return what one chapter says, a line each."""
    with translation.override(language):
        chapter = next(one for one in chapters(meeting, side) if one.key == key)
        return "\n".join(line for block in chapter.blocks for line in block_lines(block))


def block_lines(block) -> list[str]:
    parts = []
    for name in ("text", "headings", "rows", "items"):
        parts += lines_of(getattr(block, name, ""))
    if isinstance(block, Fields):
        parts += [line for label, cell in block.pairs for line in [label, *lines_of(cell)]]
    return parts


@pytest.fixture
def fifth():
    """A fifth meeting in a month, after a fourth, with a partner that runs a project."""
    with acting(person(SINGAPORE_OFFICER)):
        fourth = published(make_meeting(4))
        meeting = make_meeting(5, starts_on=in_days(30), phase="planned", city_en="Shenzhen", city_zh="深圳")
        keppel = make_organisation(
            "Keppel", name_zh="吉宝", notes_singapore="Ask by e-mail.", notes_shenzhen="电话"
        )
        project = make_project(
            "Pumps", (keppel, "singapore"), title_zh="水泵", meeting=fourth, stage="launched"
        )
        yield meeting, fourth, keppel, project


def test_the_agenda_marks_what_is_the_sides_own(fifth):
    meeting = fifth[0]
    meeting.agenda_items.create(position=1, title_en="Opening", title_zh="开幕", presenter="IMDA")
    item = meeting.agenda_items.create(position=2, title_en="Our line", kind="discussion", **OWN)
    add_file(meeting, "A paper of ours", agenda_item=item, **OWN)
    told = lines(meeting, "agenda")
    assert "Opening" in told
    assert "Own side\nOur line\nfor discussion\nA paper of ours (version 1, English)" in told
    other = lines(meeting, "agenda", "shenzhen", "zh-hans")
    assert "开幕" in other
    assert "Our line" not in other
    assert "A paper of ours" not in other


def test_delegations_are_in_protocol_order_with_posts(fifth, settings):
    meeting = fifth[0]
    mayor = Person.objects.create(name_en="Mayor A", name_zh="市长")
    hidden = Person.objects.create(name_en="Not shown", suppressed=True)
    meeting.attendances.create(person=hidden, side="shenzhen", position=2, post_en="Deputy Director")
    meeting.attendances.create(person=mayor, side="shenzhen", position=1, post_en="Mayor", role="co_chair")
    told = lines(meeting, "delegations")
    assert told.index("Singapore delegation") < told.index("Nobody is on record yet.")
    assert told.index("Mayor A\n市长\nMayor\nco-chair") < told.index("Deputy Director")
    assert "Not shown" not in told
    settings.SIDE_ORDER = {"en": ["shenzhen", "singapore"], "zh-hans": ["shenzhen", "singapore"]}
    assert lines(meeting, "delegations").startswith("Shenzhen delegation")


def test_matters_arising_are_the_open_actions_of_earlier_meetings(fifth):
    meeting, fourth, keppel, _project = fifth
    fourth.actions.create(number=1, text_en="Later", owner_side="shenzhen", due_meeting=meeting)
    fourth.actions.create(
        number=2, text_en="Late", owner_side="singapore", organisation=keppel, due_on=in_days(-9)
    )
    fourth.actions.create(number=3, text_en="Done", owner_side="singapore", state="done")
    fourth.actions.create(number=4, text_en="Kept", owner_side="singapore", **{"visibility": "own_side"})
    meeting.actions.create(number=1, text_en="Of this meeting", owner_side="singapore")
    told = lines(meeting, "arising")
    assert told.index("JIC4-A2") < told.index("JIC4-A1")
    assert "9 days late" in told
    assert "Kept" in told
    assert "Done" not in told
    assert "Of this meeting" not in told
    assert "Kept" not in lines(meeting, "arising", "shenzhen")


def test_progress_is_the_latest_report_in_the_language_or_the_other_marked(fifth):
    meeting, fourth, _keppel, project = fifth
    project.progress_reports.create(meeting=fourth, text_en="An old report")
    project.progress_reports.create(meeting=meeting, text_en="Well under way", rating="delayed")
    silent = make_project("Silent", meeting=fourth, stage="in_progress", targeted_on=in_days(-3))
    make_project("Over", meeting=fourth, stage="completed")
    told = lines(meeting, "progress")
    assert told.index("JIC5\nWell under way\nDelayed") < told.index(silent.reference)
    assert ", passed" in told
    assert "An old report" not in told
    assert "Over" not in told
    chinese = lines(meeting, "progress", "shenzhen", "zh-hans")
    assert "Well under way\n仅有英文" in chinese


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"ends_on": in_days(200)}, "Ends on"),
        ({"ends_on": in_days(-400)}, "without a renewal"),
        ({"review_on": in_days(10)}, "Review was due on"),
        ({"ends_on": in_days(300)}, ""),
        ({"ends_on": in_days(60), "renews_automatically": True}, ""),
        ({"ends_on": in_days(60), "terminated_on": in_days(-1)}, ""),
        ({"signed_on": None, "review_on": in_days(-1)}, ""),
        ({}, ""),
    ],
)
def test_mous_that_need_a_decision(fifth, fields, why):
    mou = make_mou("An MOU", **{"signed_on": datetime.date(2020, 1, 1)} | fields)
    told = lines(fifth[0], "mous")
    assert (mou.reference in told) == bool(why)
    assert why in told


def test_an_mou_that_is_renewed_needs_none_and_one_being_renewed_says_so(fifth):
    old = make_mou("Old", signed_on=datetime.date(2020, 1, 1), ends_on=in_days(20))
    renewal = make_mou("Renewal", signed_on=None)
    renewal.links.create(kind="renews", to_mou=old)
    assert f"Renewal in preparation: {renewal.reference}" in lines(fifth[0], "mous")
    renewal.signed_on = in_days(-1)
    renewal.save()
    assert old.reference not in lines(fifth[0], "mous")


def test_figures_stand_beside_the_record(fifth):
    fifth[1].figures.create(measure="projects", value=3, explanation_en="Two were not named.")
    assert "Projects launched · JIC4\n3\n0\n3 not on record here\nTwo were not named." in lines(
        fifth[0], "figures"
    )


def test_what_came_since_is_short(fifth):
    meeting, _fourth, _keppel, project = fifth
    new = make_project("New", meeting=meeting)
    told = lines(meeting, "since")
    assert f"New projects\n1\n{new.reference} New" in told
    assert project.reference in told  # stalled
    assert "MOUs ended" not in told


def test_each_partner_has_a_page_of_its_own(fifth):
    meeting, fourth, keppel, project = fifth
    mou = make_mou("On pumps", (keppel, "singapore"), meeting=fourth)
    lim = Person.objects.create(name_en="Lim")
    fourth.attendances.create(person=lim, organisation=keppel, side="singapore", post_en="Head of Projects")
    mou.signings.create(person=lim, organisation=keppel, side="singapore", post_en="Director")
    fourth.actions.create(number=1, text_en="Ask them", owner_side="singapore", organisation=keppel)
    coming = make_organisation("Longgang Water")
    make_project("To launch", (coming, "shenzhen"), meeting=meeting)
    make_project("Elsewhere", (make_organisation("Not of this"), "shenzhen"), stage="completed")
    told = lines(meeting, "partners")
    for words in (
        f"{project.reference}\nPumps\nLaunched\nPartner",
        f"{mou.reference}\nOn pumps\nSigned (term not stated)",
        "Lim, Head of Projects (JIC4)",
        f"Lim, Director ({mou.reference}, signed)",
        "JIC4-A1\nAsk them",
        "Own notes\nAsk by e-mail.",
        "Longgang Water",
    ):
        assert words in told
    assert "Not of this" not in told
    assert "电话" not in told
    blocks = pack(meeting, "singapore").blocks
    heads = [
        at
        for at, block in enumerate(blocks)
        if isinstance(block, Heading) and block.text in ("Keppel", "Longgang Water")
    ]
    assert [isinstance(blocks[at - 1], NewPage) for at in heads] == [True, True]


def keep_from_shenzhen(meeting, fourth, keppel, project) -> list[str]:
    """Write what Singapore keeps to itself into every part of the pack; return the words."""
    kept = {"kept_by": "singapore"}
    body = make_organisation("Kept body", notes_singapore="Kept note", **kept)
    make_project("Kept project", (body, "singapore"), meeting=fourth, stage="launched", **kept)
    make_mou("Kept MOU", (keppel, "singapore"), ends_on=in_days(5), **kept)
    meeting.agenda_items.create(position=1, title_en="Kept item", **OWN)
    paper = meeting.agenda_items.create(position=2, title_en="Opening")
    add_file(meeting, "Kept paper", agenda_item=paper, **OWN)
    fourth.actions.create(
        number=1, text_en="Kept action", owner_side="singapore", organisation=keppel, visibility="own_side"
    )
    visit = make_meeting(kind="other", title_en="Kept visit", starts_on=datetime.date(2024, 5, 1), **kept)
    lim = Person.objects.create(name_en="Kept Lim")
    visit.attendances.create(person=lim, organisation=keppel, side="singapore", post_en="Kept post")
    return ["Kept", "Ask by e-mail."]


@pytest.mark.parametrize("file", ["", *FILES])
def test_the_other_side_reads_nothing_that_is_kept(client, fifth, file):
    words = keep_from_shenzhen(*fifth)
    for name in (SHENZHEN_OFFICER, OTHER_MANAGER):
        client.force_login(person(name))
        text = text_of(client.get(address(fifth[0], file)))
        assert not [word for word in words if word in text], name
    client.force_login(person(SINGAPORE_OFFICER))
    text = text_of(client.get(address(fifth[0], file)))
    if file:
        for word in (
            "Kept body",
            "Kept note",
            "Kept project",
            "Kept MOU",
            "Kept item",
            "Kept paper",
            "Kept action",
        ):
            assert word in text, word
        assert "电话" not in text


@pytest.mark.parametrize("name", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER])
def test_everybody_gets_the_pack_of_their_own_side(client, fifth, name):
    user = person(name)
    client.force_login(user)
    page = client.get(address(fifth[0]), {"side": "shenzhen" if user.side == "singapore" else "singapore"})
    assert page.context["side"] == user.side
    response = client.get(address(fifth[0], "en.docx"))
    side = user.side
    assert response["Content-Disposition"] == f'attachment; filename="JIC5-briefing-{side}-en.docx"'
    assert f"Own side: for the {side.capitalize()} side only" in text_of(response)


def test_who_works_for_both_sides_chooses_one(client, fifth):
    client.force_login(person(AUDITOR))
    assert "choose the side" in client.get(address(fifth[0])).text
    assert client.get(address(fifth[0], "en.docx")).status_code == 404
    assert client.get(address(fifth[0], "en.docx?side=both")).status_code == 404
    keep_from_shenzhen(*fifth)
    page = client.get(address(fifth[0]), {"side": "shenzhen"}).text
    assert "en.pdf?side=shenzhen" in page
    assert "Kept" not in text_of(client.get(address(fifth[0], "en.docx?side=shenzhen")))
    assert "Kept note" in text_of(client.get(address(fifth[0], "en.docx?side=singapore")))


@pytest.mark.parametrize("file", ["", *FILES])
def test_a_stranger_is_asked_to_sign_in(client, fifth, file):
    assert client.get(address(fifth[0], file)).status_code == 302


def test_no_other_language_or_format_is_there(client, fifth):
    client.force_login(person(SINGAPORE_OFFICER))
    for file in ("de.pdf", "en.csv", "en.odt"):
        assert client.get(address(fifth[0], file)).status_code == 404


def test_the_page_says_what_is_lacking(client):
    meeting = make_meeting(1, starts_on=None, phase="planned")
    client.force_login(person(SINGAPORE_OFFICER))
    page = client.get(address(meeting)).text
    for words in (
        "The meeting has no date yet.",
        "The meeting has no place yet.",
        "No agenda item is entered.",
        "The delegation list of the Shenzhen side is not entered.",
        "No earlier meeting of its kind is on record here.",
    ):
        assert words in page
    for file in FILES:
        assert client.get(address(meeting, file)).status_code == 200


def test_the_documents_are_in_their_language(client, fifth):
    client.force_login(person(SINGAPORE_OFFICER))
    for kind in ("docx", "pdf"):
        chinese = text_of(client.get(address(fifth[0], f"zh-hans.{kind}")))
        assert "联合执委会第五次会议" in chinese
        assert "水泵" in chinese
        assert "Pumps" in text_of(client.get(address(fifth[0], f"en.{kind}")))


def test_as_many_queries_for_three_partners_as_for_one(fifth, django_assert_num_queries):
    meeting, fourth, *_ = fifth

    def add(number: int) -> None:
        body = make_organisation()
        project = make_project("More", (body, "shenzhen"), meeting=fourth, stage="launched")
        project.progress_reports.create(meeting=meeting, text_en="Under way")
        mou = make_mou("More", (body, "shenzhen"), ends_on=in_days(20))
        lim = Person.objects.create(name_en="Lim")
        mou.signings.create(person=lim, organisation=body, side="shenzhen", post_en="Director")
        fourth.attendances.create(person=lim, organisation=body, side="shenzhen", post_en="Director")
        meeting.attendances.create(person=lim, organisation=body, side="shenzhen", post_en="Director")
        item = meeting.agenda_items.create(position=number, title_en="An item")
        add_file(meeting, f"Paper {number}", agenda_item=item)
        fourth.actions.create(
            number=number, text_en="Do", owner_side="singapore", organisation=body, due_meeting=meeting
        )
        fourth.figures.create(measure="projects", value=number)

    for number in (1, 2, 3):
        add(number)
        if number != 2:
            with django_assert_num_queries(32):
                pack(meeting, "singapore")
