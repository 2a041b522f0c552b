"""The state of an MOU: one table of rules, the same answer from SQL and from Python."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mous.models import MOU
from mous.states import State
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
        ({"ends_on": datetime.date(2025, 6, 1)}, State.SIGNED),
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


@pytest.mark.django_db
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(dates, min_size=5, max_size=5), st.sampled_from([None, True, False]), st.sampled_from(["", "x"])
)
def test_sql_and_python_agree(days, renews, term):
    signed, effective, ends, terminated, superseded = days
    if ends and ((effective and ends < effective) or (signed and ends < signed)):
        ends = None
    MOU.objects.all().delete()
    mou = MOU.objects.create(
        signed_on=signed,
        effective_on=effective,
        ends_on=ends,
        terminated_on=terminated,
        superseded_on=superseded,
        renews_automatically=renews,
        term_zh=term,
    )
    assert MOU.objects.with_state(DAY).get().state == mou.state_on(DAY)
