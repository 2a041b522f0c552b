"""The state and the term of an MOU: one set of rules, the same answer from SQL and from Python."""

import datetime

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiative.dates import Precision
from mous import term_columns
from mous.models import MOU
from mous.states import State
from mous.terms import current_end, notice_on
from tests.factories import make_mou

DAY = datetime.date(2025, 6, 1)
dates = st.none() | st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 12, 31))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"signed_on": None}, State.PREPARING),
        ({"signed_on": datetime.date(2025, 6, 2)}, State.PREPARING),
        ({}, State.SIGNED),
        ({"effective_on": datetime.date(2024, 1, 1)}, State.SIGNED),
        ({"effective_on": datetime.date(2024, 1, 1), "term_en": "Three years."}, State.IN_EFFECT),
        ({"effective_on": datetime.date(2024, 1, 1), "ends_on": datetime.date(2026, 6, 1)}, State.IN_EFFECT),
        ({"effective_on": datetime.date(2024, 1, 1), "ends_on": datetime.date(2025, 9, 1)}, State.ENDING_SOON),
        ({"ends_on": datetime.date(2025, 6, 1)}, State.ENDING_SOON),
        ({"ends_on": datetime.date(2025, 11, 29)}, State.SIGNED),
        ({"effective_on": datetime.date(2025, 6, 2), "ends_on": datetime.date(2025, 9, 1)}, State.SIGNED),
        ({"ends_on": datetime.date(2025, 5, 31)}, State.ENDED),
        ({"ends_on": datetime.date(2025, 1, 1), "ends_on_precision": "year"}, State.SIGNED),
        (
            {
                "effective_on": datetime.date(2024, 1, 1),
                "ends_on": datetime.date(2025, 1, 1),
                "renews_automatically": True,
            },
            State.IN_EFFECT,
        ),
        ({"terminated_on": datetime.date(2025, 6, 1)}, State.TERMINATED),
        ({"superseded_on": datetime.date(2025, 6, 1)}, State.REPLACED),
    ],
)
def test_state_on_a_day(fields, state):
    mou = make_mou(**({"signed_on": datetime.date(2024, 1, 1)} | fields))
    assert mou.state_on(DAY) == state
    assert MOU.objects.with_state(DAY).get().state == state


terms = st.fixed_dictionaries(
    dict.fromkeys(("signed_on", "effective_on", "ends_on", "terminated_on", "superseded_on"), dates)
    | {
        f"{name}_precision": st.sampled_from(Precision.values)
        for name in ("signed_on", "effective_on", "ends_on")
    }
    | {
        "renews_automatically": st.sampled_from([None, True, False]),
        "renewal_months": st.none() | st.integers(1, 40),
        "notice_days": st.none() | st.integers(0, 400),
        "term_en": st.sampled_from(["", "x"]),
        "term_zh": st.sampled_from(["", "字"]),
    }
)


def made(fields) -> MOU:
    """Make the MOU of these columns, its end no earlier than what it may not be earlier than."""
    mou = MOU(**fields)
    mou.settle_dates()
    begun = [day for day in (mou.signed_on, mou.effective_on) if day]
    if mou.ends_on and begun and mou.ends_on < max(begun):
        mou.ends_on = max(begun)
    mou.save()
    return mou


@pytest.mark.django_db
@override_settings(SIMPLE_HISTORY_ENABLED=False)  # of these MOUs no version is read
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(terms, min_size=1, max_size=4), st.lists(st.dates(DAY, datetime.date(2029, 1, 1)), max_size=2))
def test_sql_and_python_agree(columns, others):
    MOU.objects.all().delete()
    mous = [made(fields) for fields in columns]
    for day in (DAY, *others, *(mou.ends_on for mou in mous if mou.ends_on)):
        found = MOU.objects.with_state(day).annotate(
            end=term_columns.current_end(day), notice=term_columns.notice_on(day)
        )
        assert {mou.pk: (mou.state, mou.end, mou.notice) for mou in found} == {
            mou.pk: (mou.state_on(day), current_end(mou, day), notice_on(mou, day)) for mou in mous
        }
