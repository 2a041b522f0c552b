"""Inquiries: what is counted as at a day and as then recorded, and that a frozen answer stays as it is."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, localtime

from initiative.counting import Counting, figure
from publishing.authorship import acting
from publishing.workflow import move
from reports.inquiries.asking import answer_to
from reports.inquiries.differences import since
from reports.inquiries.models import Inquiry, canonical, checksum
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.figures.inquiries import FOURTH, THIRD, asked, counts, frozen, moment, on_record, references
from tests.people import MANAGER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db
KINDS = ("projects", "mous", "meetings", "organisations")
DAY = datetime.timedelta(days=1)


def change(record, **fields) -> None:
    with acting(person(SINGAPORE_OFFICER)):
        for name, value in fields.items():
            setattr(record, name, value)
        record.save()


# What is counted ----------------------------------------------------------------------------------


def test_counts_are_those_of_the_one_counting_function():
    on_record()
    found = counts(asked(*KINDS))
    expected = {kind: figure(kind, Counting(on=localdate())).value for kind in KINDS}
    assert {kind: count["value"] for kind, count in found.items()} == expected
    assert expected == {"projects": 2, "mous": 1, "meetings": 2, "organisations": 2}


def test_as_at_counts_what_is_dated_up_to_and_with_the_day():
    record = on_record()
    assert references(asked(as_at=THIRD)) == [record.alone.reference]
    assert references(asked(as_at=THIRD - DAY)) == []
    assert references(asked("mous", as_at=FOURTH - DAY), "mous") == []
    assert references(asked("mous", as_at=FOURTH), "mous") == [record.mou.reference]
    assert references(asked("organisations", as_at=THIRD), "organisations") == [record.body.reference]


def test_what_has_no_date_is_told_apart():
    on_record()
    dateless = published(make_meeting(9, starts_on=None))
    body = published(make_organisation("In nothing"))
    found = counts(asked("meetings", "organisations"))
    assert (found["meetings"]["value"], found["meetings"]["undated"]) == (2, [dateless.reference])
    assert found["organisations"]["undated"] == [body.reference]


def test_filters_are_those_of_the_public_lists():
    record = on_record()
    for name, value in (("meeting", "4"), ("tier", "key"), ("q", "港口")):
        assert references(asked(filters={"projects": {name: [value]}})) == [record.both.reference]
    assert references(asked(filters={"projects": {"organisation": ["SCI-O-9999"]}})) == []


def test_state_of_an_mou_is_that_of_the_as_at_day():
    record = on_record()
    ended = {"effective_on": THIRD, "terminated_on": FOURTH + DAY}
    change(record.mou, **ended)
    state = [
        counts(asked("mous", as_at=day))["mous"]["records"][0]["values"]["state"]
        for day in (FOURTH, FOURTH + DAY)
    ]
    assert state == [["signed"], ["terminated"]]
    narrowed = {"mous": {"state": ["terminated"]}}
    assert references(asked("mous", as_at=FOURTH, filters=narrowed), "mous") == []
    assert references(asked("mous", filters=narrowed), "mous") == [record.mou.reference]


def test_a_chain_is_counted_once_unless_every_signing_is_asked_for():
    record = on_record()
    signed = {"occasion": "at", "meeting": record.fourth}
    later = make_mou("Trade, renewed", **signed)
    later.links.create(kind="renews", to_mou=record.mou)
    published(later)
    assert references(asked("mous"), "mous") == [record.mou.reference]
    assert references(asked("mous", distinct=False), "mous") == [record.mou.reference, later.reference]


def test_drafts_only_when_asked_for_and_never_what_one_side_keeps():
    record = on_record()
    draft = make_project("A draft", meeting=record.fourth)
    kept = make_project("Kept", (make_organisation("Kept", kept_by="singapore"), "singapore"))
    make_project("Kept", meeting=record.fourth, kept_by="singapore")
    assert draft.reference not in references(asked())
    found = answer_to(asked(*KINDS, published=False, by="side"))
    assert draft.reference in [one["reference"] for one in found["counts"][0]["records"]]
    assert "Kept" not in canonical(found) and kept.reference not in canonical(found)


def test_a_breakdown_adds_up_or_says_why_not():
    record = on_record()
    by_meeting = counts(asked(by="meeting"))["projects"]["by"]
    assert [(row["code"], row["n"]) for row in by_meeting["rows"]] == [
        (record.third.reference, 1),
        (record.fourth.reference, 1),
    ]
    assert by_meeting["of_several"] == 0
    by_side = counts(asked(by="side"))["projects"]["by"]
    assert ([row["n"] for row in by_side["rows"]], by_side["of_several"]) == ([2, 1], 1)
    assert counts(asked("meetings", by="tier"))["meetings"]["by"]["applies"] is False


@pytest.mark.parametrize("recorded", [False, True])
def test_the_number_of_queries_does_not_grow(recorded):
    record = on_record()
    question = {
        "by": "side",
        "published": False,
        "filters": {"projects": {"organisation": [record.body.reference]}},
    }

    def number() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer_to(asked(*KINDS, **question, recorded=moment() if recorded else None))
        return len(queries)

    one = number()
    for n in (7, 8, 9):
        meeting = published(make_meeting(n, starts_on=FOURTH))
        parties = (record.body, "singapore"), (published(make_organisation()), "shenzhen")
        published(make_project("More", *parties, meeting=meeting))
        published(make_mou("More", *parties, meeting=meeting, occasion="at"))
    assert number() == one


# As then recorded ---------------------------------------------------------------------------------


def test_as_then_recorded_is_what_the_portal_held():
    record = on_record()
    then = moment()
    with acting(person(SINGAPORE_OFFICER)):
        record.both.refresh_from_db()
    change(record.both, title_en="Harbours", meeting=record.third, stage="launched")
    late = published(make_project("Late", meeting=record.third))
    change(record.mou, effective_on=FOURTH, terminated_on=FOURTH)
    early = counts(asked("projects", "mous", recorded=then))
    assert [one["title"]["en"] for one in early["projects"]["records"]] == ["Pumps", "Ports"]
    assert early["projects"]["records"][1]["values"]["meeting"] == [record.fourth.reference]
    assert early["mous"]["records"][0]["values"]["state"] == ["signed"]
    today = counts(asked("projects", "mous"))
    assert [one["title"]["en"] for one in today["projects"]["records"]] == ["Pumps", "Harbours", "Late"]
    assert late.reference == today["projects"]["records"][2]["reference"]
    assert today["mous"]["records"][0]["values"]["state"] == ["terminated"]


def test_the_two_dates_are_kept_apart():
    record = on_record()
    then = moment()
    change(record.both, meeting=record.third)
    assert references(asked(as_at=THIRD)) == [record.alone.reference, record.both.reference]
    assert references(asked(as_at=THIRD, recorded=then)) == [record.alone.reference]


def test_before_the_first_record_the_answer_is_not_recorded_yet():
    before = moment()
    on_record()
    answer = answer_to(asked(recorded=before))
    assert answer["counts"] == [] and answer["not_recorded"]["first"] > localtime(before).isoformat()


# Frozen -------------------------------------------------------------------------------------------


def test_a_frozen_answer_is_the_same_for_ever():
    record = on_record()
    inquiry = frozen(asked(*KINDS, by="year"))
    text = inquiry.answer
    change(record.both, title_en="Harbours")
    move(record.alone, "withdrawn", by=person(MANAGER), reason="Entered twice.")
    inquiry.refresh_from_db()
    assert (inquiry.answer, inquiry.is_whole, inquiry.reference) == (text, True, "SCI-Q-0001")
    assert json.loads(text)["reference"] == "SCI-Q-0001"


def test_what_differs_now_is_told():
    record = on_record()
    inquiry = frozen()
    assert [one.is_same for one in since(inquiry.data)] == [True]
    change(record.both, title_en="Harbours", meeting=record.third, stage="launched")
    move(record.alone, "withdrawn", by=person(MANAGER), reason="Entered twice.")
    late = published(make_project("Late", meeting=record.third))
    [found] = since(inquiry.data)
    assert (found.then, found.now) == (2, 2)
    assert [key for key, _title in found.joined] == [late.reference]
    assert [key for key, _title in found.left] == [record.alone.reference]
    assert [(one.reference, one.values) for one in found.changed] == [
        (
            record.both.reference,
            [
                ("Title (English)", "Ports", "Harbours"),
                ("Launch meeting held on", "14 December 2023", "25 November 2022"),
                ("Launch meeting", "Fourth JIC meeting", "Third JIC meeting"),
                ("Stage", "Proposed", "Launched"),
            ],
        )
    ]


def test_references_are_given_once():
    assert [frozen().reference for _ in range(2)] == ["SCI-Q-0001", "SCI-Q-0002"]


def test_another_text_or_another_reference_is_noticed():
    inquiry = frozen()
    Inquiry.objects.update(answer=inquiry.answer.replace("How many", "So many"))
    inquiry.refresh_from_db()
    assert not inquiry.is_whole
    text = canonical({"reference": "SCI-Q-0009"})
    Inquiry.objects.update(answer=text, sha256=checksum(text))
    inquiry.refresh_from_db()
    assert not inquiry.is_whole
    Inquiry.objects.update(answer="{", sha256=checksum("{"))
    inquiry.refresh_from_db()
    assert not inquiry.is_whole


def test_it_is_neither_changed_nor_deleted():
    inquiry = frozen()
    inquiry.question_en = "Another"
    with pytest.raises(ValidationError):
        inquiry.save()
    with pytest.raises(ProtectedError), transaction.atomic():
        inquiry.delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        Inquiry.objects.all().delete()


def test_only_the_note_of_a_withdrawal_comes_later():
    inquiry, later = frozen(), frozen()
    assert inquiry.withdraw("Asked with the wrong day.", later)
    assert not inquiry.withdraw("Again.")
    inquiry.refresh_from_db()
    assert (inquiry.withdrawal_note, inquiry.replaced_by) == ("Asked with the wrong day.", later)
    assert inquiry.is_whole
