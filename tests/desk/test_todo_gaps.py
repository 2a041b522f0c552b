"""What a record lacks: its own sentences and the lists behind the filter say the same."""

import datetime
import random

import pytest

from meetings.models import Meeting
from mous.models import MOU
from organisations.models import Organisation
from projects.models import Project
from publishing import gaps
from publishing.workflow import move
from tests.factories import make_meeting, make_mou, make_organisation, make_project, make_source, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db

KINDS = (Organisation, Meeting, MOU, Project)
PATHS = {
    Organisation: "/admin/organisations/organisation/",
    Meeting: "/admin/meetings/meeting/",
    MOU: "/admin/mous/mou/",
    Project: "/admin/projects/project/",
}


@pytest.fixture
def draw():
    return random.Random(2019)


def any_organisation(draw) -> Organisation:
    return Organisation.objects.create(name_zh="吉宝", name_en=draw.choice(["", "Keppel"]))


def any_meeting(draw, number: int) -> Meeting:
    outcomes = {name: draw.choice(["", "Text"]) for name in ("outcome_en", "outcome_zh")}
    day = draw.choice([None, datetime.date(2023, 12, 14)])
    meeting = Meeting.objects.create(number=number, starts_on=day, **outcomes)
    for value in range(draw.randrange(3)):
        figure = meeting.figures.create(measure="projects", value=value)
        if draw.random() < 0.5:
            figure.citations.create(source=make_source())
    return meeting


def any_texts(draw) -> dict:
    names = ("title_en", "title_zh", "summary_en", "summary_zh")
    return {name: draw.choice(["", "Text"]) for name in names} | {
        "parties_known": draw.choice(["", "all", "none"])
    }


def any_mou(draw, body) -> MOU:
    mou = MOU.objects.create(**any_texts(draw))
    if draw.random() < 0.5:
        mou.signatories.create(organisation=body, side="singapore")
    return mou


def any_project(draw, body, meeting) -> Project:
    project = Project.objects.create(
        meeting=draw.choice([None, meeting]),
        stage=draw.choice(["proposed", "launched"]),
        track=draw.choice(["jic", "related"]),
        **any_texts(draw),
    )
    if draw.random() < 0.5:
        project.partners.create(organisation=body, side="singapore")
    return project


@pytest.fixture
def records(draw):
    body, meeting = make_organisation(), make_meeting()
    for number in range(1, 31):
        found = [any_organisation(draw), any_meeting(draw, number), any_mou(draw, body)]
        for record in [*found, any_project(draw, body, meeting)]:
            if draw.random() < 0.5:
                record.citations.create(source=make_source())
    earlier, later = (make_mou(signed_on=datetime.date(year, 1, 1)) for year in (2020, 2023))
    later.signed_on_precision = "year"  # so that the day of the replacement is not known
    later.save()
    later.links.create(to_mou=earlier, kind="replaces")


def test_lists_and_the_records_own_sentences_agree(records):
    for model in KINDS:
        numbers = gaps.counts(model.objects.all())
        said = {
            record: {*record.publication_problems(), *record.publication_warnings()}
            for record in model.objects.all()
        }
        for gap in model.gaps():
            listed = set(gaps.having(model.objects.all(), gap.key))
            saying = {record for record, sentences in said.items() if sentences & set(gap.sentences(record))}
            assert (listed, numbers[gap.key]) == (saying, len(saying)), gap.key
            assert listed, f"no record drawn has the gap {gap.key}"


def test_one_query_says_all_of_one_record(django_assert_num_queries):
    project = make_project()
    with django_assert_num_queries(1):
        assert [gap.key for gap in gaps.gaps_of(project)] == ["title_language", "summary_language"]


def test_withdrawn_and_merged_records_are_no_work():
    project = published(make_project())
    kept, merged = make_organisation("Keppel"), make_organisation("Kepel")
    merged.merged_into = kept
    merged.save()
    move(project, "withdrawn", by=person(MANAGER), reason="Entered twice.")
    assert gaps.counts(Project.objects.all())["title_language"] == 0
    assert list(gaps.having(Organisation.objects.all(), "no_chinese_name")) == [kept]


def test_record_that_was_never_saved_has_no_gaps():
    assert gaps.gaps_of(Project()) == []


def test_unknown_gap_is_an_error():
    with pytest.raises(KeyError):
        gaps.having(Project.objects.all(), "nonsense")


# The filters of the lists --------------------------------------------------------------------------


def listed(client, address: str) -> list:
    return list(client.get(address).context["cl"].queryset)


@pytest.mark.parametrize("model", KINDS)
def test_every_gap_is_a_filter_with_its_number(client, records, model):
    client.force_login(person(AUDITOR))
    page, numbers = client.get(PATHS[model]).text, gaps.counts(model.objects.all())
    for gap in model.gaps():
        assert f"{gap.name} ({numbers[gap.key]})" in page
        assert len(listed(client, f"{PATHS[model]}?gap={gap.key}")) == numbers[gap.key]


@pytest.mark.parametrize("query", ["gap=nonsense", "mine=2", "gap=%27", "mine="])
@pytest.mark.parametrize("path", ["projects/project", "mous/mou"])
def test_unknown_value_is_refused(client, path, query):
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.get(f"/admin/{path}/?{query}")
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"/admin/{path}/?e=1")


def test_filter_counts_nothing_of_the_other_side(client):
    Project.objects.create(title_en="Kept apart", kept_by="shenzhen")
    shown = {}
    for who in ROLES:
        client.force_login(person(who))
        shown[who] = len(listed(client, "/admin/projects/project/?gap=no_source"))
    assert shown == {SINGAPORE_OFFICER: 0, SHENZHEN_OFFICER: 1, MANAGER: 0, OTHER_MANAGER: 1, AUDITOR: 1}
    client.force_login(person(SINGAPORE_OFFICER))
    assert "No source cited (0)" in client.get("/admin/projects/project/?_facets=True").text


def test_mine_and_the_others(client):
    mine, other = make_project("Mine"), Project.objects.create(title_en="Nobody's")
    client.force_login(person(SINGAPORE_OFFICER))
    assert listed(client, "/admin/projects/project/?mine=1") == [mine]
    assert listed(client, "/admin/projects/project/?mine=0") == [other]


def test_filter_by_meeting_names_none_of_the_other_side(client):
    Meeting.objects.create(kind="other", title_en="Kept visit", kept_by="shenzhen")
    Meeting.objects.create(number=5)
    client.force_login(person(SINGAPORE_OFFICER))
    page = client.get("/admin/projects/project/").text
    assert ("Fifth JIC meeting" in page, "Kept visit" in page) == (True, False)
