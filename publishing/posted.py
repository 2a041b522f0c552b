"""What an admin form posts, as data: written from a snapshot, and merged with what somebody else saved."""

from collections.abc import Iterable

from django import forms
from django.forms import BaseFormSet
from django.http import QueryDict

Values = dict[str, object]
# Django's own limit of rows in one formset.
MOST_ROWS = 2000
ROW_NUMBERS = frozenset(map(str, range(MOST_ROWS)))


def posted(field: forms.Field, value) -> list[str]:
    """Return what a browser posts for `value` in `field`."""
    widget = getattr(field.widget, "widget", field.widget)
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(widget, forms.NullBooleanSelect):
        return [{True: "true", False: "false", None: "unknown"}[value]]
    value = field.prepare_value(value)
    if value is None:
        return [""]
    if isinstance(value, (list, tuple)):
        return [str(one) for one in value]
    if isinstance(widget, forms.DateInput):
        return [widget.format_value(value)]
    return [str(value)]


def differs(field: forms.Field, value, data: QueryDict, key: str) -> bool:
    """Return whether what was posted under `key` is another value than `value`."""
    sent = field.widget.value_from_datadict(data, {}, key)
    if isinstance(sent, str):
        sent = sent.replace("\r\n", "\n").strip()
    return field.has_changed(value, sent)


def without_empty_rows(data: QueryDict) -> QueryDict:
    """Return a POST whose formsets announce no more rows than it holds: each one announced is built."""
    data = data.copy()
    for key in [key for key in data if key.endswith("-TOTAL_FORMS")]:
        begin = key.removesuffix("TOTAL_FORMS")
        numbers = [name.removeprefix(begin).partition("-")[0] for name in data if name.startswith(begin)]
        held = max((int(number) + 1 for number in numbers if number in ROW_NUMBERS), default=0)
        if data[key].isdecimal() and data[key] not in map(str, range(held)):
            data[key] = str(held)
    return data


class PostedRows:
    """The rows of one formset in a POST: read, changed, written back in order."""

    def __init__(self, formset: BaseFormSet, data: QueryDict | None = None):
        self.prefix, self.fields = formset.prefix, formset.empty_form.fields
        self.rows: list[dict[str, list[str]]] = []
        total = (data.get(f"{self.prefix}-TOTAL_FORMS") or "") if data is not None else ""
        for number in range(min(int(total), MOST_ROWS) if total.isascii() and total.isdigit() else 0):
            begin = f"{self.prefix}-{number}-"
            row = {key.removeprefix(begin): data.getlist(key) for key in data if key.startswith(begin)}
            if row:
                self.rows.append(row)

    def add(self, values: Values, key: int | None = None) -> None:
        """Add a row with `values`; one that is on record has its `key`."""
        row = {name: posted(field, values[name]) for name, field in self.fields.items() if name in values}
        self.rows.append(row | {"id": [str(key or "")]})

    def find(self, key: int) -> dict[str, list[str]] | None:
        """Return the row with a key."""
        return next((row for row in self.rows if row.get("id") == [str(key)]), None)

    def has(self, row: dict, values: Values) -> bool:
        """Return whether a posted row says what `values` say, and is not to be deleted."""
        data = QueryDict(mutable=True)
        for name, sent in row.items():
            data.setlist(name, sent)
        known = [name for name in self.fields if name in values]
        return "DELETE" not in row and not any(
            differs(self.fields[name], values[name], data, name) for name in known
        )

    def write(self, data: QueryDict) -> None:
        """Put the rows into a POST in place of those that are there: rows on record first."""
        for key in [key for key in data if key.startswith(f"{self.prefix}-")]:
            del data[key]
        known = [row for row in self.rows if row.get("id", [""])[0]]
        new = [row for row in self.rows if not row.get("id", [""])[0]]
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(known))
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(known) + len(new))
        for number, row in enumerate([*known, *new]):
            for name, sent in row.items():
                data.setlist(f"{self.prefix}-{number}-{name}", sent)


def fill(form: forms.ModelForm, formsets: Iterable[BaseFormSet], wanted: dict, present: dict) -> QueryDict:
    """Return the POST that makes a record what the snapshot `wanted` says of it.

    `present` is the record's snapshot now; {} of a record that is only being added.
    """
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        if name in wanted["fields"]:
            data.setlist(form.add_prefix(name), posted(field, wanted["fields"][name]))
    for formset in formsets:
        rows = PostedRows(formset)
        had = wanted["rows"].get(formset.model, {})
        here = present.get("rows", {}).get(formset.model, {})
        for key, values in here.items():
            rows.add(had.get(key, values), key)
            if key not in had:
                rows.rows[-1]["DELETE"] = ["on"]
        for key in sorted(had.keys() - here.keys(), key=lambda key: (had[key].get("position") or 0, key)):
            rows.add(had[key])
        rows.write(data)
    return data


def merge(
    form: forms.ModelForm, formsets: Iterable[BaseFormSet], mine: QueryDict, base: dict, theirs: dict
) -> tuple[QueryDict, bool]:
    """Return `mine` with what others changed between two snapshots and I did not, and whether we differ.

    Where both changed the same thing my words stay. We do not differ where both wrote the same.
    """
    data, differ = mine.copy(), False
    for name, value in theirs["fields"].items():
        field = form.fields.get(name)
        if field is None or value == base["fields"].get(name):
            continue
        key = form.add_prefix(name)
        differ |= differs(field, value, data, key)
        if not differs(field, base["fields"].get(name), data, key):
            data.setlist(key, posted(field, value))
    for formset in formsets:
        differ |= _merge_rows(formset, data, base["rows"], theirs["rows"])
    return data, differ


def _merge_rows(formset: BaseFormSet, data: QueryDict, base: dict, theirs: dict) -> bool:
    had, has = base.get(formset.model, {}), theirs.get(formset.model, {})
    changed = [key for key in had.keys() | has.keys() if had.get(key) != has.get(key)]
    if not changed:
        return False
    rows, differ = PostedRows(formset, data), False
    for key in sorted(changed):
        differ |= _merge_row(rows, key, had.get(key), has.get(key))
    rows.write(data)
    return differ


def _merge_row(rows: PostedRows, key: int, old: Values | None, new: Values | None) -> bool:
    row = rows.find(key)
    if row is None:
        if old is None:  # added meanwhile
            rows.add(new, key)
        return old is None
    if new is None:  # deleted meanwhile: what I wrote in it becomes a new row
        if "DELETE" in row or rows.has(row, old):
            rows.rows.remove(row)
        else:
            row["id"] = [""]
        return "DELETE" not in row
    if "DELETE" in row or rows.has(row, new):
        return "DELETE" in row
    for name, field in rows.fields.items():
        if name in new and rows.has(row, {name: (old or {}).get(name)}):
            row[name] = posted(field, new[name])
    return True
