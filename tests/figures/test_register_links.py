"""Links between MOUs: no circles whichever way they come, chains counted once, and when the earlier is over."""

import datetime
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiative.counting import Counting, counted
from mous.chains import is_reached
from mous.imports import MOULinkImport
from mous.models import MOU, MOULink
from publishing.authorship import acting
from publishing.gaps import having
from publishing.models import ProposedChange, Publication, Status
from publishing.workflow import move
from tests.desk.forms import add_row, change_address, open_form, send
from tests.factories import make_meeting, make_mou, published
from tests.listing.uploads import problems, sheet
from tests.people import MANAGER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db
DAY = datetime.date
KINDS = [kind.value for kind in MOULink.Kind]


def link(later, earlier, kind="renews") -> MOULink:
    return MOULink.objects.create(from_mou=later, to_mou=earlier, kind=kind)


def chain(length: int) -> list[MOU]:
    mous = [make_mou(f"MOU {number}") for number in range(length)]
    for number, (earlier, later) in enumerate(pairwise(mous)):
        link(later, earlier, KINDS[number % len(KINDS)])
    return mous


# No circles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [2, 3, 5])
def test_no_mou_follows_itself(length):
    mous = chain(length)
    circle = MOULink(from_mou=mous[0], to_mou=mous[-1], kind="implements")
    with pytest.raises(ValidationError, match="follows this MOU already"):
        circle.full_clean()
    with pytest.raises(ValidationError, match="follows this MOU already"):
        circle.save()


def test_an_mou_is_not_linked_to_itself():
    mou = make_mou()
    with pytest.raises(ValidationError, match="does not follow itself"):
        link(mou, mou)


def test_two_ways_to_one_mou_are_no_circle():
    first, _second, third = chain(3)
    assert link(third, first, "amends").pk


def test_turning_a_link_round_is_no_circle():
    earlier, later = make_mou(), make_mou()
    one = link(later, earlier)
    one.from_mou, one.to_mou = earlier, later
    one.full_clean()
    one.save()
    assert MOULink.objects.get().to_mou == later


def test_a_long_chain_is_read_at_once(django_assert_num_queries):
    mous = chain(50)
    circle = MOULink(from_mou=mous[0], to_mou=mous[-1], kind="amends")
    with django_assert_num_queries(1), pytest.raises(ValidationError):
        circle.clean()


def test_a_very_long_chain_does_not_recurse():
    steps = [(number + 1, number) for number in range(20_000)]
    assert is_reached(20_000, 0, steps)
    assert not is_reached(0, 20_000, steps)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12))
def test_what_is_reached_is_what_steps_lead_to(steps):
    reached = {0}
    for _round in range(len(steps)):
        reached |= {after for before, after in steps if before in reached}
    assert {goal for goal in range(8) if is_reached(0, goal, steps)} == reached


def test_a_form_refuses_a_circle_in_words(client):
    first, _second, third = chain(3)
    client.force_login(person(SINGAPORE_OFFICER))
    data = add_row(open_form(client, change_address(first)), "links", kind="amends", to_mou=third.pk)
    answer = send(client, change_address(first), data)
    assert f"{third.reference} follows this MOU already" in answer.text
    assert MOULink.objects.count() == 2


def test_a_sheet_refuses_a_circle_within_itself():
    mous = [make_mou(), make_mou()]
    one, other = (mou.reference for mou in mous)
    rows = [
        {"from_mou": one, "kind": "renews", "to_mou": other},
        {"from_mou": other, "kind": "amends", "to_mou": one},
    ]
    assert "follows this MOU already" in str(problems(MOULinkImport, sheet(MOULinkImport, *rows)))
    assert MOULink.objects.count() == 1


def test_a_proposal_refuses_a_circle(client):
    first, second = chain(2)
    for mou in (first, second):
        published(mou)
    client.force_login(person(SINGAPORE_OFFICER))
    data = add_row(open_form(client, change_address(first)), "links", kind="amends", to_mou=second.pk)
    assert "follows this MOU already" in send(client, change_address(first), data).text
    assert not ProposedChange.objects.exists()


# Chains are counted once --------------------------------------------------------------------------


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["at", "elsewhere"]), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(KINDS)), max_size=8),
)
def test_chains_are_counted_as_a_walk_counts_them(occasions, links):
    MOULink.objects.all().delete()
    MOU.objects.all().delete()
    meeting = make_meeting()
    mous = [
        MOU.objects.create(title_en="x", meeting=meeting, occasion=occasion, signed_on=DAY(2023, 1, 1))
        for occasion in occasions
    ]
    follows: dict[int, set[int]] = {}
    for later, earlier, kind in {
        (later, earlier): (later, earlier, kind) for later, earlier, kind in links
    }.values():
        if earlier < later < len(mous):
            link(mous[later], mous[earlier], kind)
            if kind in MOULink.CONTINUES:
                follows.setdefault(later, set()).add(earlier)

    def all_before(place: int) -> set[int]:
        direct = follows.get(place, set())
        return direct.union(*map(all_before, direct))

    at_meetings = {place for place, occasion in enumerate(occasions) if occasion == "at"}
    expected = {mous[place].pk for place in at_meetings if not at_meetings & all_before(place)}
    assert {mou.pk for mou in counted("mous", Counting(published=False))} == expected


# When the earlier one is over ---------------------------------------------------------------------

SIGNED = DAY(2024, 3, 1)


@pytest.mark.parametrize(
    ("kind", "later", "earlier", "day"),
    [
        ("renews", {}, {}, SIGNED),
        ("replaces", {}, {}, SIGNED),
        ("amends", {}, {}, None),
        ("implements", {}, {}, None),
        ("renews", {"effective_on": DAY(2024, 6, 1)}, {}, DAY(2024, 6, 1)),
        ("renews", {"effective_on": DAY(2024, 1, 1)}, {}, SIGNED),
        ("renews", {"effective_on": DAY(2025, 1, 1), "effective_on_precision": "year"}, {}, None),
        ("renews", {"signed_on": None}, {}, None),
        ("renews", {"signed_on": DAY(2999, 1, 1)}, {}, None),
        ("renews", {"signed_on_precision": "month"}, {}, None),
        ("renews", {}, {"ends_on": DAY(2024, 2, 29)}, None),
        ("renews", {}, {"ends_on": DAY(2024, 12, 31)}, None),
        ("replaces", {}, {"ends_on": DAY(2024, 12, 31)}, SIGNED),
        ("renews", {"effective_on": DAY(2024, 6, 1)}, {"ends_on": DAY(2024, 12, 31)}, DAY(2024, 6, 1)),
        ("renews", {}, {"ends_on": DAY(2024, 2, 29), "renews_automatically": True}, SIGNED),
        ("renews", {}, {"terminated_on": DAY(2024, 2, 1)}, None),
        ("replaces", {}, {"superseded_on": DAY(2024, 2, 2)}, DAY(2024, 2, 2)),
    ],
)
def test_a_link_fills_in_when_the_earlier_one_is_over(kind, later, earlier, day):
    earlier = make_mou(**{"signed_on": DAY(2020, 1, 1)} | earlier)
    link(make_mou(**{"signed_on": SIGNED} | later), earlier, kind)
    earlier.refresh_from_db()
    assert earlier.superseded_on == day


def test_signing_the_later_one_fills_it_in_and_history_says_why():
    earlier, later = make_mou(), make_mou(signed_on=None)
    link(later, earlier)
    later.signed_on = SIGNED
    later.save()
    earlier.refresh_from_db()
    assert earlier.superseded_on == SIGNED
    assert "was signed" in earlier.history.first().history_change_reason


def test_a_renewed_mou_that_runs_to_its_own_end_lacks_nothing():
    link(make_mou(signed_on=SIGNED), make_mou(ends_on=DAY(2024, 12, 31)))
    assert not having(MOU.objects.all(), "not_superseded")
    assert MOU.objects.with_state(DAY(2025, 1, 1)).get(ends_on__isnull=False).state == "ended"


def test_what_an_officer_emptied_stays_empty_until_a_day_changes():
    earlier, later = make_mou(), make_mou(signed_on=SIGNED)
    link(later, earlier)
    earlier.refresh_from_db()
    earlier.superseded_on = None
    earlier.save()
    later.summary_en = "Other words"
    later.save()
    earlier.refresh_from_db()
    assert earlier.superseded_on is None


def test_what_is_public_waits_for_the_later_one_to_be_published(client):
    earlier = published(make_mou())
    later = make_mou(signed_on=SIGNED)
    with acting(person(SINGAPORE_OFFICER)):
        link(later, earlier)
    earlier.refresh_from_db()
    assert earlier.superseded_on is None
    assert list(having(MOU.objects.all(), "not_superseded")) == [earlier]
    assert "enter under “superseded on”" in " ".join(earlier.publication_warnings())
    client.force_login(person(MANAGER))
    assert "enter under “superseded on”" in client.get(change_address(earlier)).text
    move(later, Status.PUBLISHED, by=person(MANAGER))
    earlier.refresh_from_db()
    assert (earlier.superseded_on, earlier.status, earlier.changed_by) == (SIGNED, "published", person(MANAGER))
    assert not having(MOU.objects.all(), "not_superseded")


def test_what_one_side_keeps_changes_nothing_that_the_other_sees():
    earlier = make_mou()
    later = make_mou(signed_on=SIGNED, kept_by="singapore")
    link(later, earlier)
    earlier.refresh_from_db()
    assert earlier.superseded_on is None
    assert not having(MOU.objects.all(), "not_superseded")
    later.kept_by = ""
    later.save()
    earlier.refresh_from_db()
    assert earlier.superseded_on == SIGNED


def test_two_officers_cannot_close_a_circle_together():
    first, second = make_mou(), make_mou()
    one = MOULink(from_mou=first, to_mou=second, kind="renews")
    other = MOULink(from_mou=second, to_mou=first, kind="renews")
    for form in (one, other):
        form.full_clean()  # both were looked at before either was saved
    version = Publication.objects.get().version
    one.save()
    with pytest.raises(ValidationError):
        other.save()
    assert Publication.objects.get().version > version


def test_the_form_says_what_will_be_filled_in(client):
    client.force_login(person(SINGAPORE_OFFICER))
    assert (
        "it is filled in when an MOU that renews or replaces this one is signed"
        in client.get(change_address(make_mou())).text
    )
