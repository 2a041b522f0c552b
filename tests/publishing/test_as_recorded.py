"""What was recorded at a past moment: the same queries, other tables."""

import datetime

import pytest
from django.utils import timezone

from initiative.counting import counted
from initiative.models import Sector
from listing.columns import values
from organisations.models import Person
from projects.columns import COLUMNS
from projects.filters import ProjectFilter
from projects.models import Partner, Project
from publishing.as_recorded import NotRecordedYet, as_recorded, first_recorded
from publishing.workflow import move
from tests.factories import make_meeting, make_organisation, make_project, published
from tests.people import MANAGER, person

pytestmark = pytest.mark.django_db


def test_nothing_is_recorded_before_the_first_record():
    with pytest.raises(NotRecordedYet) as never, as_recorded(timezone.now()):
        pass
    assert never.value.first is None
    make_project()
    with pytest.raises(NotRecordedYet) as early, as_recorded(timezone.now() - datetime.timedelta(days=1)):
        pass
    assert early.value.first == first_recorded()


def test_texts_links_rows_and_status_are_those_of_the_moment():
    project = published(make_project("Before", meeting=published(make_meeting(1)), stage="launched"))
    project.sectors.set([Sector.objects.get(code="health")])
    body = published(make_organisation("Then Ltd"))
    partner = Partner.objects.create(project=project, organisation=body, side="singapore")
    then = timezone.now()
    partner.delete()
    project.title_en = "After"
    project.save()
    project.sectors.set([Sector.objects.get(code="energy")])
    move(project, "withdrawn", by=person(MANAGER), reason="Entered twice.")
    make_project("Later")
    with as_recorded(then):
        [found] = counted("projects")
        assert (found.title_en, found.status) == ("Before", "published")
        assert [one.organisation.name_en for one in found.partners.all()] == ["Then Ltd"]
        assert [sector.code for sector in found.sectors.all()] == ["health"]
        filtered = ProjectFilter({"sector": ["health"], "q": "before"}, queryset=Project.objects.published())
        assert list(filtered.qs) == [found]
        [row] = values(Project.objects.published(), COLUMNS)
        assert "Then Ltd" in row
    assert [one.title_en for one in Project.objects.order_by("pk")] == ["After", "Later"]
    assert counted("projects").count() == 0


def test_what_is_written_inside_is_undone():
    project = make_project("One")
    with as_recorded(timezone.now()):
        Project.objects.all().delete()
    assert Project.objects.get() == project


def test_an_error_inside_brings_the_tables_back():
    make_project("One")
    then = timezone.now()
    make_project("Two")
    with pytest.raises(ZeroDivisionError), as_recorded(then):
        assert Project.objects.count() == 1
        raise ZeroDivisionError
    assert Project.objects.count() == 2


def test_what_is_hidden_today_was_never_shown():
    named = Person.objects.create(name_en="A. Person")
    project = make_project("Shared")
    then = timezone.now()
    named.suppressed = True
    named.save()
    project.kept_by = "shenzhen"
    project.save()
    with as_recorded(then):
        assert Person.objects.get().suppressed
        assert Project.objects.get().kept_by == "shenzhen"


def test_one_inside_another_reads_its_own_moment():
    make_project("One")
    first = timezone.now()
    make_project("Two")
    second = timezone.now()
    make_project("Three")
    with as_recorded(first):
        assert Project.objects.count() == 1
    with as_recorded(second):
        assert Project.objects.count() == 2
