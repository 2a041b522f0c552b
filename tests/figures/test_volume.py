"""Reports that a command must know too, and lists that must not grow with every record."""

import os
import subprocess
import sys

import pytest
from django.core.paginator import Paginator
from django.utils.timezone import localdate

from mous.health import with_health
from mous.models import MOU
from mous.register.entries import as_seen_by, in_common
from reports.inquiries.asking import answer_to
from reports.inquiries.reading import shown
from reports.managers.cells import Lines
from tests.factories import make_meeting, make_project, published
from tests.figures.inquiries import asked, on_record
from tests.figures.portfolio_record import KEYS
from tests.people import MANAGER, person
from tests.serving import ROOT, once

pytestmark = [once, pytest.mark.django_db]


def test_a_command_knows_every_report_though_it_loads_no_addresses():
    asked = "from reports.managers.frame import reports; print(*(one.key for one in reports()))"
    script = f"import django; django.setup(); {asked}"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=os.environ, capture_output=True, text=True
    )
    assert set(KEYS) <= set(done.stdout.split()), done.stderr


@pytest.mark.parametrize("who", [MANAGER, None])
def test_the_health_of_an_mou_walks_no_list_of_all_that_one_may_see(who):
    """SQLite begins with such a list, so that the register took seconds for a few thousand MOUs."""
    seen = as_seen_by(person(who)) if who else in_common
    assert "IN (SELECT" not in str(with_health(MOU.objects.all(), localdate(), seen).query)


def test_an_answer_says_in_words_only_the_records_that_are_read():
    meeting = published(make_meeting(4))
    for number in range(5):
        published(make_project(f"Number {number}", meeting=meeting))
    [count] = answer_to(asked())["counts"]
    lines = shown(count).lines
    assert isinstance(lines, Lines) and len(lines) == 5
    assert [line.reference for line in Paginator(lines, 2).get_page(2)] == ["SCI-P-0003", "SCI-P-0004"]


def test_queries_of_an_answer_do_not_grow_with_meetings(django_assert_max_num_queries):
    on_record()
    for number in (5, 6, 7):
        published(make_project(f"Of {number}", meeting=published(make_meeting(number))))
    with django_assert_max_num_queries(5):
        [count] = answer_to(asked())["counts"]
    assert count["value"] == 5
