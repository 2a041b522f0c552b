"""docs/data.md lists every column of every listing and file, and none that is not there."""

import re
from pathlib import Path

import pytest

from initiative.columns import FOR_STAFF
from initiative.counting import MEASURES
from meetings.actions import ledger
from meetings.columns import COLUMNS as MEETINGS
from mous.columns import COLUMNS as MOUS
from mous.register.files import COLUMNS as REGISTER
from organisations.columns import COLUMNS as ORGANISATIONS
from projects.columns import COLUMNS as PROJECTS
from reports import since
from reports.managers.frame import reports
from reports.views import FIGURES
from sci_portal import changes, language_sheets
from sci_portal.loading import DRAFTS, FILES
from tests.desk.sheets import every_sheet, model_of
from tests.people import MANAGER, person

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "data.md").read_text()
LISTINGS = {
    "Organisations": ORGANISATIONS,
    "Meetings": MEETINGS,
    "MOUs": MOUS,
    "Projects": PROJECTS,
    "The MOU register": REGISTER,
    "Lists of the desk": FOR_STAFF,
    "Follow-up actions": ledger.COLUMNS,
    "Since the last meeting": since.COLUMNS,
    "Changes": changes.COLUMNS,
}
# Where files of rows are written, and the section, or its table, that says what each holds.
WRITERS = {
    "annexes/deliverables/files.py": "Files for staff",
    "listing/list_files.py": "Lists of the desk",
    "listing/sheetfiles.py": "Sheets to bring in",
    "listing/views.py": "Reading the files",
    "meetings/actions/ledger.py": "Follow-up actions",
    "meetings/calling/delegations.py": "Files for staff",
    "mous/register/files.py": "The MOU register",
    "reports/inquiries/files.py": "Inquiry answers",
    "reports/managers/pages.py": "Reports",
    "reports/since_page.py": "Since the last meeting",
    "reports/views.py": "Figures of the statistics page",
    "sci_portal/changes.py": "Changes",
    "sci_portal/language_sheets.py": "Translator's sheet",
}
WRITES = re.compile(r"\b(?:rows_csv|rows_xlsx|rows_file|to_csv|to_xlsx|workbook|table)\(")
APART = {"listing/exports.py", "listing/excel.py"}


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("title", LISTINGS)
def test_every_column_is_documented(title):
    documented = re.findall(r"^\| `(\w+)` \| (\w+) \|", section(title), re.MULTILINE)
    assert documented == [(column.key, column.kind.value) for column in LISTINGS[title]]


def test_every_kind_of_file_has_its_section():
    packages = [path.parent for path in ROOT.glob("*/apps.py")] + [ROOT / "sci_portal"]
    sources = {str(path.relative_to(ROOT)): path.read_text() for one in packages for path in one.rglob("*.py")}
    found = {
        name
        for name, text in sources.items()
        if "listing.ex" in text or "import exports" in text
        if re.search(WRITES, text) or "csv.writer" in text or "xlsxwriter" in text
    }
    assert found - APART == set(WRITERS)
    assert [title for title in WRITERS.values() if not section(title)] == []


def lines_of(title: str) -> dict[str, list[str]]:
    """Return the lines of a section's table: what stands first, and the columns named beside it."""
    found = re.findall(r"^\| `([\w-]+)` \| (`.+`) \|$", section(title), re.MULTILINE)
    return {name: re.findall(r"`([^`]+)`", columns) for name, columns in found}


def keys_of_report(report) -> list[str]:
    """Return the columns of a report of which nothing is asked."""
    form = report.form_class({}, person(MANAGER))
    form.is_valid()
    return [column.key for column in report.columns(form.cleaned_data)]


@pytest.mark.django_db
def test_every_report_is_documented():
    assert lines_of("Reports") == {one.key: keys_of_report(one) for one in reports()}


def test_every_figure_of_the_statistics_is_documented():
    assert lines_of("Figures of the statistics page") == FIGURES


def test_every_sheet_is_documented():
    sheets = {model_of(resource): resource().columns() for _kind, resource in every_sheet()}
    assert lines_of("Sheets to bring in") == sheets


def test_the_translator_s_sheet_is_documented():
    assert re.findall(r"`([a-z_]+)`", section("Translator's sheet")) == list(language_sheets.COLUMNS)


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
