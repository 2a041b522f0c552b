"""Loading a folder that is not as it must be: every reason is told, and nothing is written."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command

from initiative.models import Source
from organisations.models import Organisation
from projects.models import Project
from sci_portal.loading import load
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


@pytest.fixture
def folder(tmp_path):
    """A copy of data/ to spoil."""
    return Path(shutil.copytree(settings.DATA_DIR, tmp_path / "data"))


def spoil(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """Change parts of a file, each of which must be there once."""
    path = folder / name
    text = path.read_bytes().decode("utf-8-sig")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    path.write_bytes(text.encode())


def versions() -> int:
    models = [model for model in apps.get_models() if model.__name__.startswith("Historical")]
    return sum(model.objects.count() for model in models)


def test_every_bad_row_is_told_with_file_line_column_value_reason_and_what_is_near(folder):
    spoil(folder, "milestones.csv", ("2023-12-14", "14.12.2023"))
    spoil(folder, "attendances.csv", ("SCI-C-0002,Qin Weizhong", "SCI-C-0002,Qin Wiezhong"))
    spoil(folder, "signatories.csv", ("SCI-M-0001,SCI-O-0003", "SCI-M-0001,SCI-O-0001"))
    spoil(
        folder,
        "partners.csv",
        ("SCI-P-0010,SCI-O-0010,singapore,partner,1", "SCI-P-0010,Keppell,Singapore,partner,one"),
    )
    spoil(folder, "drafts.csv", ("SCI-P-0029", "SCI-P-0092"))
    before = versions()
    report = load(folder)
    assert report.problems == [
        "attendances.csv:5, column “person”, value “Qin Wiezhong”: Person “Qin Wiezhong” is not known. "
        "Did you mean “Qin Weizhong”?",
        "signatories.csv:3, column “mou”, value “SCI-M-0001”: “SCI-M-0001; SCI-O-0001” appears twice "
        "(rows 2 and 3).",
        "partners.csv:4, column “organisation”, value “Keppell”: Organisation “Keppell” is not known. "
        "Did you mean “Keppel”?",
        "partners.csv:4, column “side”, value “Singapore”: “Singapore” is not one of: singapore, shenzhen. "
        "Did you mean “singapore”?",
        "partners.csv:4, column “position”, value “one”: “one” is not a whole number.",
        "milestones.csv:2, column “reached_on”, value “14.12.2023”: Write the date as 2023-12-14, "
        "not “14.12.2023”. Did you mean “2023-12-14”?",
        "drafts.csv:5: the reference “SCI-P-0092” is not known. Did you mean “SCI-P-0002”?",
    ]
    assert (report.written, report.published, versions()) == (0, 0, before)
    assert not Source.objects.exists()


def test_files_that_cannot_be_read_are_told(folder):
    (folder / "signings.csv").unlink()
    spoil(folder, "milestones.csv", ("SCI-P-0002,", "SCI-P-0002,one cell more,"))
    spoil(folder, "partners.csv", ("name_as_announced", "announced_as"))
    spoil(folder, "drafts.csv", ("reference,reason", "reference,why"))
    assert load(folder).problems == [
        f"signings.csv is not in {folder}.",
        "partners.csv: There is no column “announced_as” here. Did you mean “name_as_announced”?",
        "partners.csv: These columns are not in the file: name_as_announced.",
        "milestones.csv: Line 2 has 10 cells, the header has 9.",
        "drafts.csv: the columns are reference, reason.",
    ]
    assert not Organisation.objects.exists()


def test_record_that_cannot_be_public_is_told(folder):
    path = folder / "project_citations.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("SCI-P-0012,")))
    assert load(folder).problems == ["SCI-P-0012: No source is cited. Add one under “Sources”."]
    assert not Project.objects.exists()


def test_command_tells_every_reason_and_fails(folder):
    spoil(folder, "drafts.csv", ("SCI-P-0029", "SCI-P-0092"))
    said = StringIO()
    with pytest.raises(CommandError, match=r"^Nothing was written: 1 problems, listed above\.$"):
        call_command("load_record", folder, stderr=said)
    assert said.getvalue() == (
        "drafts.csv:5: the reference “SCI-P-0092” is not known. Did you mean “SCI-P-0002”?\n"
    )


def test_file_in_gb18030_is_read_and_said(folder):
    path = folder / "persons.csv"
    path.write_bytes(path.read_bytes().decode("utf-8-sig").encode("gb18030"))
    report = load(folder)
    assert report.problems == []
    assert report.lines[3:5] == [
        "persons.csv was read as GB18030.",
        "persons.csv: 9 new, 0 updated, 0 unchanged",
    ]
