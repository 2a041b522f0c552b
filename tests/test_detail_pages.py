"""The pages of the four kinds of record: links both ways, how to cite, and words for what is not known."""

import datetime
import re
from html import unescape

import pytest
from django.utils import timezone

from organisations.models import Person
from publishing.authorship import acting
from tests.factories import make_meeting, make_mou, make_organisation, make_project, make_source, published
from tests.listing.pages import text_of
from tests.people import SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]

DAY = datetime.date(2023, 12, 14)
NOTICE = {
    "en": "Unofficial record made from public sources; not issued or endorsed by either side",
    "zh-hans": "依公开资料整理的非官方记录，未经双方发布或认可",
}
BLANK = ["/organisations/a-body/", "/meetings/7/", "/mous/SCI-M-0001/", "/projects/SCI-P-0001/"]


@pytest.fixture
def records():
    """One of each kind, each joined to the others in every way that a page shows."""
    keppel = published(make_organisation("Keppel", kind="company"))
    olin = published(make_organisation("Olin", kind="company"))
    meeting = published(make_meeting(4))
    sides = (keppel, "singapore"), (olin, "shenzhen")
    mou = make_mou("Smart pumps", *sides, meeting=meeting, occasion="at", lead_singapore=keppel)
    project = make_project("Pumps", *sides, meeting=meeting, lead_shenzhen=olin)
    with acting(person(SINGAPORE_OFFICER)):
        project.mous.add(mou)
        who = Person.objects.create(name_en="Somebody")
        meeting.attendances.create(person=who, side="singapore", organisation=keppel, post_en="Head")
        public = {"visibility": "public", "owner_side": "shenzhen"}
        meeting.actions.create(number=1, text_en="Report", organisation=olin, **public)
        mou.signings.create(person=who, side="shenzhen", organisation=olin, post_en="Head")
    published(mou), published(project)
    with acting(person(SINGAPORE_OFFICER)):
        project.progress_reports.create(meeting=meeting, text_en="Under way")
    return {"keppel": keppel, "olin": olin, "meeting": meeting, "mou": mou, "project": project}


def main_of(client, address: str) -> str:
    return client.get(address).text.partition("<main")[2].partition("</main>")[0]


def links(client, record) -> set[str]:
    """Return where the page of a record leads, but for its trail and its neighbours."""
    main = re.sub(
        r'<nav class="(crumbs|steps)".*?</nav>', "", main_of(client, address(record)), flags=re.DOTALL
    )
    return set(re.findall(r'href="(/en/[a-z]+/[^"?#]+/)"', main))


def address(record) -> str:
    return record.get_absolute_url()


def band(main: str, key: str) -> str:
    """Return the words of the section whose heading has the id `key`."""
    return text_of(main.partition(f'aria-labelledby="{key}"')[2].partition(">")[2].partition("</section>")[0])


# Links


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("meeting", "mou"),
        ("meeting", "project"),
        ("meeting", "keppel"),
        ("meeting", "olin"),
        ("mou", "project"),
        ("mou", "keppel"),
        ("mou", "olin"),
        ("project", "keppel"),
        ("project", "olin"),
    ],
)
def test_records_link_to_each_other(client, records, one, other):
    one, other = records[one], records[other]
    assert address(other) in links(client, one)
    assert address(one) in links(client, other)


def test_meeting_names_each_organisation_once_on_its_side(client, records):
    words = band(main_of(client, "/en/meetings/4/"), "h-organisations")
    assert words.partition("name them.")[2].split() == ["Singapore", "Keppel", "Shenzhen", "Olin"]


def test_progress_stands_on_the_project_and_on_the_meeting(client, records):
    assert "Pumps Under way SCI-P-0001" in band(main_of(client, "/en/meetings/4/"), "h-reports")
    timeline = main_of(client, "/en/projects/SCI-P-0001/").partition('id="h-time"')[2]
    assert '<h3><a href="/en/meetings/4/">Reported to the fourth JIC meeting</a></h3>' in timeline


def test_organisation_shows_what_it_leads_signed_and_has_to_do(client, records):
    keppel, olin = main_of(client, "/en/organisations/keppel/"), main_of(client, "/en/organisations/olin/")
    assert band(keppel, "h-led") == "MOUs and projects it leads Smart pumps SCI-M-0001"
    assert band(olin, "h-led") == "MOUs and projects it leads Pumps SCI-P-0001"
    assert band(olin, "h-signings").endswith("Smart pumps Somebody signed")
    assert band(olin, "h-actions") == "Follow-up actions JIC4-A1 Report open"


def test_organisation_lists_its_meetings_and_who_attended(client, records):
    olin = main_of(client, "/en/organisations/olin/")
    assert band(main_of(client, "/en/organisations/keppel/"), "h-meetings").endswith(
        "Fourth JIC meeting 14 December 2023 Somebody"
    )
    assert band(olin, "h-meetings").endswith("Fourth JIC meeting 14 December 2023")


def test_actions_and_reports_that_are_not_public_stay_off_the_pages(client, records):
    with acting(person(SINGAPORE_OFFICER)):
        hidden = {"visibility": "own_side", "owner_side": "shenzhen", "organisation": records["olin"]}
        records["meeting"].actions.create(number=2, text_en="Verschwiegen", **hidden)
        make_project("Verschwiegen").progress_reports.create(meeting=records["meeting"], text_en="Verschwiegen")
    for page in ("/en/meetings/4/", "/en/organisations/olin/"):
        assert "Verschwiegen" not in client.get(page).text


def test_lead_bodies_stand_on_the_mou(client, records):
    assert "Lead body, Singapore Keppel" in text_of(main_of(client, "/en/mous/SCI-M-0001/"))


def test_timeline_of_an_mou_in_the_order_of_its_dates(client):
    dates = {"effective_on": "2024-01-01", "review_on": "2025-01-01", "ends_on": "2026-12-31"}
    mou = published(make_mou("Pumps", **dates | {"ends_on_precision": "year"}))
    words = band(main_of(client, address(mou)), "h-time")
    assert words == (
        "Timeline Signed 14 December 2023 Comes into effect 1 January 2024"
        " To be reviewed 1 January 2025 Ends on 2026"
    )


def test_suppressed_person_is_shown_once_as_the_post(client):
    meeting, mou = published(make_meeting(4)), published(make_mou())
    hidden = Person.objects.create(name_en="Verschwiegen", suppressed=True)
    post = {"person": hidden, "side": "shenzhen", "post_en": "A director"}
    for role in ("co_chair", "member"):
        meeting.attendances.create(role=role, **post)
    mou.signings.create(**post)
    for record, times in ((meeting, 2), (mou, 1)):
        main = main_of(client, address(record))
        assert (main.count("A director"), "Verschwiegen" in main) == (times, False)


def test_organisations_have_neighbours(client):
    for name in ("First", "Second", "Third"):
        published(make_organisation(name))
    steps = main_of(client, "/en/organisations/second/").partition('class="steps"')[2]
    assert re.findall(r'rel="(\w+)" href="([^"]+)"', steps) == [
        ("prev", "/en/organisations/first/"),
        ("next", "/en/organisations/third/"),
    ]


# How to cite


def cited(client, page: str) -> str:
    html = client.get(page).text
    (found,) = re.findall(r'<p class="quote">(.*?)</p>', html, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found)).split())


def dated(record, day: datetime.datetime) -> None:
    """Make the record as last changed on a day."""
    type(record).objects.filter(pk=record.pk).update(changed_at=day, published_at=day)


@pytest.fixture
def citable():
    """An MOU and a project with one source of 2023, last changed on 5 January 2024 in Singapore."""
    source = {"title": "Eight MOUs", "publisher": "PR Newswire", "dated_on": datetime.date(2023, 12, 15)}
    evening = datetime.datetime(2024, 1, 4, 16, 30, tzinfo=datetime.UTC)
    made = make_mou("Pumps", title_zh="水泵"), make_project("Valves")
    for record in made:
        record.citations.all().delete()
        record.citations.create(source=make_source(**source))
        dated(published(record), evening)
    return made


def test_citation_of_a_project_in_english(client, citable):
    assert cited(client, "/en/projects/SCI-P-0001/") == (
        "Singapore-China (Shenzhen) Smart City Initiative. Unofficial record made from public sources; not"
        " issued or endorsed by either side. “Valves” (SCI-P-0001). Source cited: “Eight MOUs”, PR Newswire,"
        " 15 December 2023. Last changed on 5 January 2024. http://testserver/en/projects/SCI-P-0001/"
    )


def test_citation_of_an_mou_in_chinese(client, citable):
    assert cited(client, "/zh-hans/mous/SCI-M-0001/") == (
        "新中(深圳)智慧城市项目。依公开资料整理的非官方记录，未经双方发布或认可。《水泵》（SCI-M-0001）。"
        "资料来源：《Eight MOUs》，PR Newswire，2023年12月15日。最近更新：2024年1月5日。"
        "http://testserver/zh-hans/mous/SCI-M-0001/"
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_citation_on_an_official_site_has_no_notice(client, citable, settings, language):
    page = f"/{language}/projects/SCI-P-0001/"
    assert NOTICE[language] in cited(client, page)
    settings.OFFICIAL = True
    assert NOTICE[language] not in cited(client, page)
    assert "SCI-P-0001" in cited(client, page)


def test_citation_names_a_source_that_supports_the_record_and_counts_the_others(client):
    organisation = published(make_organisation("Keppel"))
    organisation.citations.update(stance="differs")
    organisation.citations.create(source=make_source(title="", publisher="A ministry"))
    organisation.citations.create(source=make_source())
    assert (
        "Keppel (SCI-O-0001). Source cited: A ministry, date not on record here, and 2 other sources."
        in cited(client, "/en/organisations/keppel/")
    )


def test_citation_of_a_meeting_takes_no_marks(client):
    published(make_meeting(4))
    assert "。联合执委会第四次会议（SCI-C-0001）。" in cited(client, "/zh-hans/meetings/4/")


def test_citation_is_escaped_and_marks_the_other_language(client):
    published(make_project("<b>Valves"))
    html = client.get("/zh-hans/projects/SCI-P-0001/").text
    assert '“<span lang="en">&lt;b&gt;Valves</span>”' in html


def test_last_changed_is_the_later_of_edit_and_publication(client):
    project = published(make_project())
    day = datetime.datetime(2024, 3, 1, tzinfo=datetime.UTC)
    type(project).objects.filter(pk=project.pk).update(changed_at=day - datetime.timedelta(7), published_at=day)
    project.refresh_from_db()
    assert project.last_changed_at == day
    assert '<time datetime="2024-03-01">1 March 2024</time>' in client.get("/en/projects/SCI-P-0001/").text
    assert make_project().last_changed_at <= timezone.now()


# What is not known


@pytest.fixture
def blank():
    """One of each kind with as little as may be published."""
    bare = {"title": "", "dated_on": None}
    for record in (
        make_organisation("A body"),
        make_meeting(7, starts_on=None),
        make_mou("An MOU", signed_on=None),
        make_project("A project"),
    ):
        record.citations.all().delete()
        record.citations.create(source=make_source(**bare))
        published(record)


@pytest.mark.parametrize("page", BLANK)
def test_unknown_is_not_on_record_here(client, blank, page):
    english, chinese = (text_of(main_of(client, f"/{language}{page}")) for language in ("en", "zh-hans"))
    assert ("ot on record here" in english, "尚未收录" in chinese) == (True, True)
    assert re.findall(r"(?i)\b(missing|none|unknown|n/a|not stated by|undated|untitled)\b", english) == []
    assert re.findall(r"缺失|未知|不详|暂无|未载明日期|无标题", chinese) == []


def test_sources_without_title_or_date_say_so(client, blank):
    words = band(main_of(client, "/en/projects/SCI-P-0001/"), "h-sources")
    assert "Title not on record here A newspaper Press report Date not on record here" in words


def test_equal_numbers_read_as_no_difference(client):
    meeting = published(make_meeting(4))
    meeting.figures.create(measure="mous", value=0)
    assert "MOUs signed 0 0 No difference" in text_of(main_of(client, "/en/meetings/4/"))


def test_name_as_announced_stands_where_it_differs(client):
    keppel, olin = published(make_organisation("Keppel")), published(make_organisation("Olin"))
    project = make_project("Pumps", (keppel, "singapore"), (olin, "shenzhen"))
    project.partners.filter(organisation=keppel).update(name_as_announced="Keppell")
    project.partners.filter(organisation=olin).update(name_as_announced="Olin")
    published(project)
    words = text_of(main_of(client, "/en/projects/SCI-P-0001/"))
    assert (words.count("Name as announced"), "Name as announced Keppell" in words) == (1, True)
