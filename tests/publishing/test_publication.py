"""The Publication row: raised by every change, and taken before any other row."""

import pytest
from django.db import transaction

from initiative.models import Sector
from organisations.models import Organisation
from projects.models import Project
from publishing.models import Publication
from tests.factories import make_organisation, make_project
from tests.publishing.test_writers_at_once import at_once


def version() -> int:
    return Publication.objects.get(pk=1).version


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda project: project.save(),
        lambda project: project.milestones.create(title_en="Opening"),
        lambda project: project.sectors.add(Sector.objects.first()),
        lambda project: project.citations.all().delete(),
        lambda project: project.delete(),
        lambda project: Project.objects.filter(pk=project.pk).delete(),
    ],
    ids=["save", "row", "relation", "row deleted", "deleted", "deleted in bulk"],
)
def test_every_change_raises_the_version(change):
    project = make_project()
    before = version()
    change(project)
    assert version() > before


@pytest.mark.django_db
def test_change_rolled_back_leaves_the_version():
    project, before = make_project(), version()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        project.save()
        raise ZeroDivisionError
    assert version() == before


@pytest.mark.django_db(transaction=True)
def test_records_changed_crosswise_wait_for_each_other():
    project, organisation = make_project(), make_organisation()

    def change(number):
        rows = [(Project, project.pk), (Organisation, organisation.pk)]
        for _ in range(5):
            with transaction.atomic():
                for kind, key in rows if number % 2 else reversed(rows):
                    kind.objects.get(pk=key).save()
        return True

    assert at_once(change, range(4)) == [True] * 4
