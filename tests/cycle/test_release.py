"""A release: approved beforehand, public together at one hour, or not at all."""

import datetime
import logging
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone, translation

from organisations.merging import merge
from publishing import releasing
from publishing.approvals import approve_for_release, call_off, plan_release, take_out_of_release
from publishing.models import Publication
from publishing.releases import Release
from publishing.releasing import release_due
from publishing.workflow import Refused, move
from tests.cycle.releases import TOMORROW, approved, in_review, prepared, statuses, the_hour_comes
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.people import MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def found():
    return prepared()


def settled(release: Release) -> Release:
    the_hour_comes(release)
    release_due()
    release.refresh_from_db()
    return release


def tomorrow() -> datetime.datetime:
    return timezone.now() + TOMORROW


def refusal(work, *args, **kwargs) -> str:
    with pytest.raises(Refused) as refused:
        work(*args, **kwargs)
    return " ".join(refused.value.problems)


# Approving -----------------------------------------------------------------------------------


def test_an_approved_record_stays_in_review(found):
    release = approved(found)
    assert statuses(found) == {"in_review"}
    assert found.mou.release_approved_by == person(MANAGER)
    assert found.mou.history.first().history_change_reason == "Approved for release at the hour set."
    assert Publication.objects.get(pk=1).next_release_at == release.at


def test_nothing_happens_before_the_hour(found):
    approved(found)
    assert release_due() == []
    assert statuses(found) == {"in_review"}


def test_everything_goes_public_at_the_hour(found):
    release = settled(approved(found))
    assert (statuses(found), release.state) == ({"published"}, "released")
    assert release.released_at is not None
    assert found.project.history.first().history_user == person(MANAGER)
    assert Publication.objects.get(pk=1).next_release_at is None
    assert (found.mou.release, found.mou.release_approved_by) == (None, None)


@pytest.mark.parametrize("name", [SINGAPORE_OFFICER, SHENZHEN_OFFICER])
def test_an_officer_neither_sets_an_hour_nor_approves(found, name):
    release = plan_release(found.meeting, tomorrow(), by=person(MANAGER))
    told = "Your role does not allow this. Ask a manager."
    assert refusal(plan_release, found.meeting, tomorrow(), by=person(name)) == told
    assert refusal(approve_for_release, found.mou, release, by=person(name)) == told
    assert refusal(take_out_of_release, found.mou, by=person(name)) == told
    assert refusal(call_off, release, by=person(name)) == told


def test_the_author_of_the_last_change_does_not_approve(found):
    release = plan_release(found.meeting, tomorrow(), by=person(MANAGER))
    type(found.mou).objects.filter(pk=found.mou.pk).update(changed_by=person(MANAGER))
    assert "You wrote the last change" in refusal(approve_for_release, found.mou, release, by=person(MANAGER))
    approve_for_release(found.mou, release, by=person(OTHER_MANAGER))


def test_what_cannot_be_approved_is_told(found):
    release = plan_release(found.meeting, tomorrow(), by=person(MANAGER))
    by = person(MANAGER)
    assert "It is “Draft”" in refusal(approve_for_release, make_mou("Draft"), release, by=by)
    kept = make_mou("Kept", kept_by="singapore")
    assert "kept by one side" in refusal(approve_for_release, kept, release, by=by)
    bare = make_project("Bare")
    bare.citations.all().delete()
    in_review(bare)
    type(bare).objects.filter(pk=bare.pk).update(changed_by=None)
    assert "No source is cited" in refusal(approve_for_release, bare, release, by=by)
    long_ago = timezone.now() - TOMORROW
    assert "Look again" in refusal(approve_for_release, found.mou, release, by=by, seen=long_ago)


def test_a_record_is_in_one_release(found):
    approved(found)
    other = plan_release(make_meeting(98), tomorrow(), by=person(MANAGER))
    assert "another meeting" in refusal(approve_for_release, found.body, other, by=person(MANAGER))


def test_a_form_or_another_save_neither_approves_nor_plans(found):
    release = plan_release(found.meeting, tomorrow(), by=person(MANAGER))
    found.mou.refresh_from_db()
    found.mou.release, found.mou.release_approved_by = release, person(MANAGER)
    found.mou.release_approved_at = timezone.now()
    found.mou.save()
    found.mou.refresh_from_db()
    assert (found.mou.release, found.mou.release_approved_at, found.mou.release_approved_by) == (None,) * 3


# What voids an approval ----------------------------------------------------------------------


def test_a_changed_record_keeps_everything_back(found):
    release = approved(found)
    found.mou.refresh_from_db()
    found.mou.summary_en = "Other words"
    found.mou.save()
    release = settled(release)
    assert (statuses(found), release.state) == ({"in_review"}, "failed")
    assert release.problems_en == (
        f"{found.mou.reference} “Awaited MOU”: It was changed after it was approved, and not approved again."
    )
    assert Publication.objects.get(pk=1).next_release_at is None


@pytest.mark.parametrize("change", ["added", "changed", "removed", "linked"])
def test_a_changed_row_voids_the_approval(found, change):
    approved(found)
    if change == "added":
        found.project.milestones.create(title_en="New")
    elif change == "changed":
        found.project.partners.get().save()
    elif change == "removed":
        found.project.partners.get().delete()
    else:
        found.project.mous.add(found.mou)
    found.project.refresh_from_db()
    assert (found.project.release_approved_at, found.project.release_approved_by) == (None, None)
    assert found.project.release is not None


def test_sent_back_it_keeps_everything_back(found):
    release = approved(found)
    move(found.mou, "draft", by=person(SINGAPORE_OFFICER))
    release = settled(release)
    assert "It is “Draft”, no longer in review." in release.problems_en
    assert statuses(found) == {"draft", "in_review"}


def test_problems_are_told_in_both_languages(found):
    release = approved(found)
    found.body.refresh_from_db()
    found.body.save()
    release = settled(release)
    assert found.body.reference in release.problems_zh
    with translation.override("zh-hans"):
        assert release.problems == release.problems_zh


def test_what_names_an_unpublished_record_keeps_everything_back(found):
    release = approved(found)
    take_out_of_release(found.body, by=person(MANAGER))
    release = settled(release)
    assert statuses(found) == {"in_review"}
    assert "Awaited Ltd” is not published" in release.problems_en


def test_a_manager_who_left_has_approved_nothing(found):
    release = approved(found)
    boss = person(MANAGER)
    boss.is_active = False
    boss.save()
    assert "Your role does not allow this" in settled(release).problems_en
    boss.delete()
    assert statuses(found) == {"in_review"}


def test_kept_by_one_side_it_leaves_the_release(found):
    loose = make_mou("Loose", meeting=found.meeting)
    in_review(loose)
    found.records.append(loose)
    release = approved(found)
    loose.refresh_from_db()
    loose.kept_by = "singapore"
    loose.save()
    found.records.remove(loose)
    assert settled(release).state == "released"
    loose.refresh_from_db()
    assert (loose.status, loose.release) == ("in_review", None)


def test_published_early_or_deleted_it_is_simply_not_there_any_more(found):
    loose = make_mou("Loose")
    in_review(loose)
    found.records.append(loose)
    release = approved(found)
    published(found.body)
    assert found.body.release is None
    loose.delete()
    found.records.remove(loose)
    assert settled(release).state == "released"
    assert statuses(found) == {"published"}


def test_a_release_without_records_says_so(found):
    release = plan_release(found.meeting, tomorrow(), by=person(MANAGER))
    assert settled(release).problems_en == "No record was approved for it."


# The hour ------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [datetime.timedelta(0), datetime.timedelta(days=400)])
def test_an_hour_in_the_past_is_refused(found, before):
    told = refusal(plan_release, found.meeting, timezone.now() - before, by=person(MANAGER))
    assert told == "This hour is past. Choose a later one; to publish now, use “Publish”."
    assert not Release.objects.exists()


def test_a_meeting_of_one_side_alone_has_no_hour():
    meeting = make_meeting(96, kept_by="singapore")
    assert "Share it first" in refusal(plan_release, meeting, tomorrow(), by=person(MANAGER))


def test_another_hour_keeps_what_is_approved(found):
    release = approved(found)
    later = tomorrow() + TOMORROW
    assert plan_release(found.meeting, later, by=person(OTHER_MANAGER)) == release
    assert Publication.objects.get(pk=1).next_release_at == later
    assert settled(release).state == "released"


def test_a_failed_release_happens_at_another_hour(found):
    release = approved(found)
    found.mou.refresh_from_db()
    found.mou.save()
    assert settled(release).state == "failed"
    type(found.mou).objects.filter(pk=found.mou.pk).update(changed_by=person(SINGAPORE_OFFICER))
    again = plan_release(found.meeting, tomorrow(), by=person(MANAGER))
    assert (again, again.problems_en) == (release, "")
    approve_for_release(found.mou, again, by=person(MANAGER))
    assert settled(again).state == "released"


def test_called_off_nothing_happens(found):
    release = approved(found)
    call_off(release, by=person(OTHER_MANAGER))
    assert Publication.objects.get(pk=1).next_release_at is None
    assert settled(release).state == "called_off"
    assert statuses(found) == {"in_review"}
    assert found.mou.release_approved_by is None
    assert "already" in refusal(call_off, release, by=person(MANAGER))


def test_two_releases_each_have_their_hour(found):
    first, second = approved(found), approved(prepared("Later", 98), 2 * TOMORROW)
    the_hour_comes(first)
    assert release_due() == [first]
    assert Publication.objects.get(pk=1).next_release_at == second.at
    assert release_due(second.at) == [second]


def test_one_failed_release_does_not_keep_back_another(found):
    other = prepared("Later", 98)
    first, second = approved(found), approved(other)
    found.body.refresh_from_db()
    found.body.save()
    release_due(timezone.now() + 2 * TOMORROW)
    assert (statuses(found), statuses(other)) == ({"in_review"}, {"published"})
    assert [Release.objects.get(pk=one.pk).state for one in (first, second)] == ["failed", "released"]


def test_the_hour_is_kept_in_utc_and_shown_in_utc_8(found):
    ten = datetime.datetime(2031, 12, 14, 2, 0, tzinfo=datetime.UTC)
    release = plan_release(found.meeting, ten, by=person(MANAGER))
    assert Release.objects.get().at == ten
    assert str(release) == "14 December 2031, 10:00 (UTC+8)"


# What goes with it, and faults ---------------------------------------------------------------


def test_what_else_is_released_goes_in_the_same_transaction(found, monkeypatch):
    seen = []

    def also(release, records):
        seen.append((release, {record.status for record in records}))

    monkeypatch.setattr(releasing, "ALSO_RELEASED", [also])
    release = settled(approved(found))
    assert seen == [(release, {"published"})]


def test_what_else_is_released_may_keep_everything_back(found, monkeypatch):
    def also(release, records):
        raise Refused(["The annex is not ready."])

    monkeypatch.setattr(releasing, "ALSO_RELEASED", [also])
    release = settled(approved(found))
    assert (statuses(found), release.problems_en) == ({"in_review"}, "The annex is not ready.")


def test_a_fault_of_the_program_keeps_everything_back_and_is_logged(client, found, monkeypatch, caplog):
    monkeypatch.setattr(releasing, "ALSO_RELEASED", [lambda release, records: 1 / 0])
    release = approved(found)
    the_hour_comes(release)
    assert client.get("/en/").status_code == 200
    release.refresh_from_db()
    assert (statuses(found), release.state) == ({"in_review"}, "failed")
    assert "broke off" in caplog.text


@contextmanager
def read_only():
    """Let the database take no writes, as that of a standby."""
    is_sqlite = connection.vendor == "sqlite"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON" if is_sqlite else "SET TRANSACTION READ ONLY")
        try:
            yield
        finally:
            if is_sqlite:
                cursor.execute("PRAGMA query_only = OFF")
            transaction.set_rollback(True)


def test_a_database_that_only_reads_shows_what_is_there(client, found, caplog):
    the_hour_comes(approved(found))
    with read_only(), caplog.at_level(logging.ERROR):
        assert client.get("/en/meetings/97/").status_code == 404
    assert "could not be published now" in caplog.text
    assert client.get("/en/meetings/97/").status_code == 200


def test_an_operator_releases_what_is_due(found, capsys):
    call_command("release_due")
    assert "Nothing is due" in capsys.readouterr().out
    the_hour_comes(approved(found))
    call_command("release_due")
    assert "97th JIC meeting" in capsys.readouterr().out
    assert statuses(found) == {"published"}


def test_the_operator_is_told_what_failed(found, capsys):
    the_hour_comes(plan_release(found.meeting, tomorrow(), by=person(MANAGER)))
    with pytest.raises(CommandError):
        call_command("release_due")
    assert "No record was approved for it." in capsys.readouterr().out


def test_a_body_in_a_release_that_is_merged_keeps_everything_back(found):
    release = approved(found)
    kept = published(make_organisation("Awaited Limited"))
    merge(kept, found.body, by=person(MANAGER))
    assert settled(release).state == "failed"
