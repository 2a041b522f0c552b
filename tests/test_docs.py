"""docs/data.md lists every column of every listing and file, and none that is not there."""

import re
from pathlib import Path

import pytest

from initiative.counting import MEASURES
from meetings.columns import COLUMNS as MEETINGS
from mous.columns import COLUMNS as MOUS
from organisations.columns import COLUMNS as ORGANISATIONS
from projects.columns import COLUMNS as PROJECTS
from sci_portal.loading import DRAFTS, FILES

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "data.md").read_text()
LISTINGS = {"Organisations": ORGANISATIONS, "Meetings": MEETINGS, "MOUs": MOUS, "Projects": PROJECTS}


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("title", LISTINGS)
def test_every_column_is_documented(title):
    documented = re.findall(r"^\| `(\w+)` \| (\w+) \|", section(title), re.MULTILINE)
    assert documented == [(column.key, column.kind.value) for column in LISTINGS[title]]


@pytest.mark.parametrize("key", MEASURES)
def test_every_count_is_documented_as_it_is_defined(key):
    measure = MEASURES[key]
    assert f"- **{measure.label}**: {measure.definition}" in " ".join(section("Counts").split())


def test_every_file_is_documented_and_there():
    documented = re.findall(r"^\| `(\w+\.csv)` \|", section("The files in `data/`"), re.MULTILINE)
    assert documented == [*(name for name, _ in FILES), DRAFTS]
    assert {path.name for path in (ROOT / "data").glob("*.csv")} == set(documented)


def test_every_setting_is_documented():
    source = (ROOT / "sci_portal" / "settings.py").read_text()
    names = set(re.findall(r'environment\.\w+\(\s*"(\w+)"', source))
    operating = (ROOT / "docs" / "operating.md").read_text()
    assert {name for name in names if f"`{name}`" not in operating} == set()
