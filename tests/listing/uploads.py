"""Sheets for import: made from rows, read by a resource, or taken through the admin's import page."""

import csv
import io

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from listing.sheets import read_csv
from publishing.authorship import acting
from tests.people import SINGAPORE_OFFICER, person

# What a row of a record must say; all else may stay empty.
LEAST = {
    "classified_by": "site",
    "instrument": "mou",
    "kind": "jic",
    "language": "en",
    "link_public": "yes",
    "occasion": "not_stated",
    "parties_known": "none",
    "phase": "held",
    "position": "0",
    "role": "partner",
    "side": "singapore",
    "stage": "proposed",
    "stance": "supports",
    "suppressed": "no",
    "title_basis_en": "supplied",
    "title_basis_zh": "supplied",
    "track": "jic",
}
CSV, XLSX = "0", "1"


def sheet(resource, *rows: dict) -> str:
    """Return a CSV file with all columns of a resource; a row says what differs from the least."""
    columns = [*resource.also_read, *(field.column_name for field in resource().get_import_fields())]
    least = {name: "day" for name in columns if name.endswith("_precision")} | LEAST
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: least.get(name, "") for name in columns} | row)
    return file.getvalue()


def problems(resource, text: str, by: str = SINGAPORE_OFFICER) -> list[tuple]:
    """Import a CSV file in the name of a person; return what is refused: row, column, value, why in words."""
    dataset = read_csv(text)
    with acting(person(by)):
        result = resource().import_data(dataset, user=person(by))
    return [(*problem[:3], problem.words) for problem in result.problems]


def upload(client, kind: str, file: str | bytes, name: str = "sheet.csv", resource: int = 0):
    """Put a file into the import page of an admin ("projects/project"); return the preview."""
    content = file.encode() if isinstance(file, str) else file
    form = {
        "import_file": SimpleUploadedFile(name, content),
        "format": XLSX if name.endswith(".xlsx") else CSV,
        "resource": resource,
    }
    return client.post(f"/admin/{kind}/import/", form)


def confirm(client, kind: str, preview):
    """Press “Confirm import” on a preview."""
    return client.post(f"/admin/{kind}/process_import/", preview.context["confirm_form"].initial, follow=True)


def history_rows() -> int:
    """Return how many versions of anything the history holds."""
    models = [model for model in apps.get_models() if model.__name__.startswith("Historical")]
    assert len(models) > 25
    return sum(model.objects.count() for model in models)
