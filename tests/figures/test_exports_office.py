"""Files opened by an office program, LibreOffice, and read back equal, where it is installed."""

import csv
import datetime
import shutil
import subprocess
from pathlib import Path

import pytest

from listing import exports
from listing.columns import Column, Kind
from listing.guard import guard
from tests.figures.hostile import TEXTS
from tests.serving import once

OFFICE = shutil.which("soffice")
CALC = OFFICE and (Path(OFFICE).resolve().parent / "libsclo.so").exists()
pytestmark = [once, pytest.mark.skipif(not CALC, reason="LibreOffice Calc is not installed")]
COLUMNS = (
    Column("text", "A text"),
    Column("number", "A number", kind=Kind.INTEGER),
    Column("day", "A day", kind=Kind.DATE),
)
DAY = datetime.date(2023, 12, 14)
ROWS = [[f"{text}{' ' * at}", at, DAY] for at in range(20) for text in TEXTS]
# UTF-8, commas, quotes; columns to read: text, as it stands, as it stands.
AS_TEXT = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,1/2/2/2/3/2,0,false,true,false,false"
WRITTEN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"


def opened(folder, name: str, content: bytes, *options: str) -> list[list[str]]:
    """Open a file in the office program, let it save what it sees as CSV, and read that."""
    (folder / name).write_bytes(content)
    out = folder / f"from-{name}"
    command = [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", *options]
    command += ["--convert-to", WRITTEN, "--outdir", str(out), str(folder / name)]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    (found,) = out.iterdir()
    with found.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def as_read(text: str) -> str:
    """Return a text as an office program keeps it in a cell: every line break is the same sign."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_an_office_program_opens_is_what_was_written(tmp_path, kind):
    file = exports.rows_file(kind, COLUMNS, ROWS, [])
    content = file if kind == "xlsx" else b"".join(file)
    heading, *rows = opened(tmp_path, f"list.{kind}", content, *[AS_TEXT] * (kind == "csv"))
    assert heading == ["text", "number", "day"]
    assert [[as_read(text), *rest] for text, *rest in rows] == [
        [as_read(guard(text)), str(number), "2023-12-14"] for text, number, _day in ROWS
    ]
