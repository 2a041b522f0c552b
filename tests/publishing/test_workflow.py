"""`move` is the only writer of a status, and refuses in words."""

import pytest

from accounts.models import User
from projects.models import Project
from publishing.authorship import acting
from publishing.models import Status
from publishing.workflow import LOADED, Refused, move
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db


def refusal(record, to, by) -> list[str]:
    with pytest.raises(Refused) as refused:
        move(record, to, by=person(by))
    record.refresh_from_db()
    return refused.value.problems


def test_officer_submits_and_manager_publishes():
    project = make_project()
    move(project, Status.IN_REVIEW, by=person(SHENZHEN_OFFICER))
    move(project, Status.PUBLISHED, by=person(MANAGER))
    project.refresh_from_db()
    assert (project.status, project.published_at is not None) == (Status.PUBLISHED, True)


def test_submitting_changes_no_author():
    project = make_project()
    move(project, Status.IN_REVIEW, by=person(SHENZHEN_OFFICER))
    project.refresh_from_db()
    assert project.changed_by == person(SINGAPORE_OFFICER)


def test_move_is_written_in_the_history():
    project = published(make_project())
    newest = project.history.first()
    assert (newest.status, newest.history_user) == ("published", person(MANAGER))


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, AUDITOR])
def test_publish_without_the_right_is_refused(who):
    project = make_project()
    assert refusal(project, Status.PUBLISHED, who) == ["Your role does not allow this. Ask a manager."]
    assert project.status == Status.DRAFT


def test_author_of_the_last_change_does_not_publish():
    project = make_project()
    with acting(person(MANAGER)):
        project.save()
    assert refusal(project, Status.PUBLISHED, MANAGER) == [
        "You wrote the last change; another person must publish."
    ]
    move(project, Status.PUBLISHED, by=person(OTHER_MANAGER))


def test_author_of_a_row_is_author_of_the_last_change():
    project = make_project()
    with acting(person(MANAGER)):
        project.milestones.create(title_en="Opening")
    assert refusal(project, Status.PUBLISHED, MANAGER) == [
        "You wrote the last change; another person must publish."
    ]


def test_loader_is_exempt_and_the_history_says_so():
    loader = User.objects.public_record()
    project = make_project()
    with acting(loader):
        project.save()
    move(project, Status.PUBLISHED, by=loader)
    newest = project.history.first()
    assert (newest.history_user, newest.history_change_reason) == (loader, LOADED)


def test_nobody_signs_in_as_the_loader(client):
    loader = User.objects.public_record()
    assert (loader.is_active, loader.has_usable_password()) == (False, False)


def test_unpublished_organisation_is_refused_by_name():
    project = make_project("Delivery", (make_organisation("Keppel"), "singapore"))
    assert refusal(project, Status.PUBLISHED, MANAGER) == [
        "Organisation “Keppel” is not published. Publish it first."
    ]


def test_everything_missing_is_said_at_once():
    project = Project.objects.create(stage="launched")
    assert refusal(project, Status.PUBLISHED, MANAGER) == [
        "No source is cited. Add one under “Sources”.",
        "It has no title in either language.",
        "Say whether all, some or none of the parties are known.",
        "A project counted by the Committee was launched at a meeting: choose it.",
    ]


def test_related_project_needs_no_meeting():
    project = published(make_project(stage="completed", track="related"))
    assert project.is_published


def test_mou_without_parties_said_is_refused():
    mou = make_mou(parties_known="")
    assert refusal(mou, Status.PUBLISHED, MANAGER) == [
        "Say whether all, some or none of the parties are known."
    ]


def test_missing_language_is_a_warning_only():
    project = published(make_project(title_en="", title_zh="智慧图书馆合作项目"))
    assert "The title is in one language only." in project.publication_warnings()


def test_withdrawing_what_published_records_name_is_refused_with_their_list():
    keppel = published(make_organisation("Keppel"))
    project = published(make_project("Delivery", (keppel, "singapore")))
    assert refusal(keppel, Status.WITHDRAWN, MANAGER) == [
        f"“Delivery” ({project.reference}) is published and names this record. Change or withdraw it first."
    ]


def test_meeting_named_by_a_published_project_cannot_be_withdrawn():
    meeting = published(make_meeting())
    published(make_project(stage="launched", meeting=meeting))
    assert len(refusal(meeting, Status.WITHDRAWN, MANAGER)) == 1


def test_withdrawn_with_its_reason_and_published_again():
    project = published(make_project())
    move(project, Status.WITHDRAWN, by=person(MANAGER), reason="Entered twice.")
    assert (project.status, project.withdrawal_reason) == (Status.WITHDRAWN, "Entered twice.")
    move(project, Status.PUBLISHED, by=person(OTHER_MANAGER))
    assert project.is_published


def test_impossible_step_is_refused_in_words():
    project = published(make_project())
    assert refusal(project, Status.IN_REVIEW, MANAGER) == [
        "A record that is “Published” cannot become “In review”."
    ]


def test_own_side_row_that_names_a_draft_is_no_obstacle():
    meeting = make_meeting()
    meeting.actions.create(
        number=1, owner_side="singapore", organisation=make_organisation(), visibility="own_side"
    )
    assert published(meeting).is_published
