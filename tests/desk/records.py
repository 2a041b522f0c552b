"""A body entered twice and named by every kind of row, and all that the database holds, to compare."""

from django.apps import apps

from organisations.models import Organisation, Person
from publishing.authorship import acting
from publishing.models import Tracked
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import MANAGER, SINGAPORE_OFFICER, person

# What a merge and its undoing rightly leave: when and by whom, and that a record was withdrawn for a while.
LEFT = {"changed_at", "changed_by_id", "published_at", "withdrawn_at", "withdrawal_reason"}


def everything() -> dict:
    """Return what every tracked row says, by model and key."""
    return {
        (model._meta.label, row["id"]): {name: value for name, value in row.items() if name not in LEFT}
        for model in apps.get_models()
        if issubclass(model, Tracked)
        for row in model._base_manager.values()
    }


def named_everywhere(organisation: Organisation) -> None:
    """Name an organisation in every kind of row there is."""
    project = make_project(
        "Named", (organisation, "singapore"), lead_singapore=organisation, lead_shenzhen=organisation
    )
    mou = make_mou(
        "Named", (organisation, "singapore"), lead_singapore=organisation, holder_shenzhen=organisation
    )
    meeting = make_meeting()
    with acting(person(SINGAPORE_OFFICER)):
        mou.signings.create(
            person=Person.objects.create(name_en="A signer"), organisation=organisation, side="singapore"
        )
        meeting.attendances.create(words_en="Officials", side="singapore", organisation=organisation)
        meeting.actions.create(number=1, text_en="Do", owner_side="singapore", organisation=organisation)
        Organisation.objects.create(name_en="A part of it", parent=organisation)
        organisation.names.create(name="Its old name", kind="former")
    assert project.partners.count() == 1


def keppel_twice(publish: bool = False) -> tuple[Organisation, Organisation]:
    """Return (kept, merged): the second with numbers, a Chinese name and rows of every kind."""
    kept = make_organisation("Keppel")
    merged = make_organisation("Kepel Ltd", name_zh="吉宝", uen="200312345H", website="https://example.org/")
    if publish:
        published(kept)
        published(merged)
    named_everywhere(merged)
    return kept, merged


def both_in(kept: Organisation, merged: Organisation):
    """Return a project in which both bodies are partners, each with something to say."""
    project = make_project("Twice", (kept, "singapore"), (merged, "singapore"))
    row = project.partners.get(organisation=merged)
    with acting(person(MANAGER)):
        row.name_as_announced = "KEPPEL"
        row.save()
    return project
