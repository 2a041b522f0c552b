"""Ways to count: by track, with drafts, every signing, up to a day; and the tags that write a count."""

import datetime

import pytest
from django.template import Context, Template

from initiative.counting import EVERY_TRACK, MEASURES, Counting, counted, figure
from initiative.models import Track
from mous.models import MOULink
from publishing.authorship import acting
from publishing.sides import visible
from publishing.workflow import move
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.figures.counts import counts_of
from tests.people import AUDITOR, MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture(scope="module")
def record(shared_records):
    """Two meetings; on every track a project and a chain of MOUs; drafts of both sides; something withdrawn."""
    first = published(make_meeting(1, starts_on=DAY(2020, 6, 17)))
    second = published(make_meeting(2, starts_on=DAY(2021, 1, 1), starts_on_precision="year"))
    body = published(make_organisation("Keppel"))
    signing = {"occasion": "at", "meeting": first, "signed_on": first.starts_on}
    renewal = {"occasion": "at", "meeting": second, "signed_on": DAY(2021, 10, 18)}
    for track in Track:
        published(make_project("Pumps", (body, "singapore"), track=track, stage="launched", meeting=first))
        old = published(make_mou("Old", track=track, **signing))
        new = published(make_mou("New", track=track, **renewal))
        with acting(person(SINGAPORE_OFFICER)):
            MOULink.objects.create(from_mou=new, to_mou=old, kind="renews")
    make_project("A draft", stage="launched", meeting=second)
    for side in ("singapore", "shenzhen"):
        make_project("Kept", kept_by=side, stage="launched", meeting=second)
    gone = published(make_project("Gone", stage="launched", meeting=second))
    move(gone, "withdrawn", by=person(MANAGER), reason="Entered twice.")
    return first, second


@pytest.mark.parametrize("distinct", [True, False])
@pytest.mark.parametrize("key", ["projects", "mous"])
def test_tracks_add_up_to_all_of_them(record, key, distinct):
    each = [counted(key, Counting(tracks=(track,), distinct=distinct)).count() for track in Track]
    assert sum(each) == counted(key, Counting(tracks=tuple(Track), distinct=distinct)).count()
    assert each == [1 if distinct or key == "projects" else 2] * 3


def test_a_chain_on_two_tracks_is_counted_once(record):
    first, _second = record
    old = published(make_mou("Old", occasion="at", meeting=first))
    with acting(person(SINGAPORE_OFFICER)):
        new = make_mou("New", track="zone", occasion="at", meeting=first)
        MOULink.objects.create(from_mou=new, to_mou=old, kind="replaces")
    published(new)
    assert counted("mous").count() == 2
    assert counted("mous", EVERY_TRACK).count() == 4


@pytest.mark.parametrize(
    ("who", "number"), [(SINGAPORE_OFFICER, 3), (SHENZHEN_OFFICER, 3), (MANAGER, 3), (AUDITOR, 4)]
)
def test_with_drafts_each_counts_what_it_may_see_and_nothing_withdrawn(record, who, number):
    assert visible(counted("projects", Counting(published=False)), person(who)).count() == number


@pytest.mark.parametrize(
    ("day", "numbers"),
    [
        (DAY(2020, 6, 16), {"projects": 0, "mous": 0, "meetings": 0, "organisations": 0}),
        (DAY(2020, 6, 17), {"projects": 1, "mous": 1, "meetings": 1, "organisations": 1}),
        (DAY(2021, 12, 30), {"projects": 1, "mous": 1, "meetings": 1, "organisations": 1}),
        # A meeting "in 2021" is surely over on the last day of the year.
        (DAY(2021, 12, 31), {"projects": 1, "mous": 1, "meetings": 2, "organisations": 1}),
    ],
)
def test_every_kind_can_be_counted_up_to_a_day(record, day, numbers):
    assert {key: figure(key, Counting(on=day)).value for key in MEASURES} == numbers
    assert figure("projects", Counting(on=day)).address == ""


def test_what_has_no_day_is_counted_without_a_day_only(record):
    undated = published(make_meeting(3, starts_on=None))
    published(make_project(stage="launched", meeting=undated))
    assert (figure("projects").value, figure("meetings").value) == (2, 3)
    late = Counting(on=DAY(2100, 1, 1))
    assert (figure("projects", late).value, figure("meetings", late).value) == (1, 2)


@pytest.mark.parametrize("query", ["counted=no", "counted=yes&track=all", "counted=%00"])
def test_an_unknown_way_of_counting_is_told_and_shows_nothing(client, record, query):
    page = client.get(f"/en/mous/?{query}")
    if page.status_code == 200:
        assert "This list cannot be shown as asked." in page.text
    assert client.get(f"/en/mous/export.csv?{query}").status_code == 400


def test_a_list_of_what_is_counted_says_how_in_its_files(client, record):
    definition = str(MEASURES["mous"].definition)
    about = client.get("/en/mous/export.json?counted=yes&track=jic").getvalue().decode()
    assert definition in about
    assert definition not in client.get("/en/mous/export.json?track=jic").getvalue().decode()


def render(source: str, **context) -> str:
    return Template("{% load counts %}" + source).render(Context(context))


def test_tags_write_a_count_as_a_link_to_its_rows():
    html = render('{% rows "mous" organisation="SCI-O-0001" as at %}{% figure 3 at %}')
    assert html == '<a class="n" data-count="3" href="/en/mous/?organisation=SCI-O-0001">3</a>'
    html = render("{% figure_in_words n at %}{{ n }} <b>here</b>{% endfigure_in_words %}", n=3, at="/?a&b")
    assert html == '<a class="n" data-count="3" href="/?a&amp;b">3 <b>here</b></a>'
    assert counts_of(html)[0][:2] == (3, "/?a&b")


def test_words_in_a_count_are_escaped():
    html = render("{% figure_in_words 1 '' %}{{ name }}{% endfigure_in_words %}", name="<i>")
    assert html == '<span class="n" data-count="1">&lt;i&gt;</span>'
