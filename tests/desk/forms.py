"""A form of a page as a browser would send it: read from the HTML, changed, posted."""

from html.parser import HTMLParser

from django.http import QueryDict


class _Form(HTMLParser):
    """Collects what the fields of the main form hold; templates of empty rows are sent by browsers too."""

    def __init__(self):
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.inside = False
        self.select = self.option = self.area = None

    def handle_starttag(self, tag, attributes):
        attrs = dict(attributes)
        if tag == "form":
            self.inside = (attrs.get("id") or "").endswith("_form")
        if not self.inside or "disabled" in attrs:
            return
        name, kind = attrs.get("name"), attrs.get("type", "text")
        if tag == "input" and name and kind not in ("submit", "file", "button"):
            if kind not in ("checkbox", "radio") or "checked" in attrs:
                self.found.append((name, attrs.get("value") or ("on" if kind == "checkbox" else "")))
        elif tag == "select" and name:
            self.select = (name, [], "multiple" in attrs)
        elif tag == "option" and self.select:
            self.select[1].append((attrs.get("value", ""), "selected" in attrs))
        elif tag == "textarea" and name:
            self.area = [name, ""]

    def handle_data(self, data):
        if self.area:
            self.area[1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select" and self.select:
            name, options, many = self.select
            chosen = [value for value, selected in options if selected]
            if not many and not chosen and options:
                chosen = [options[0][0]]
            self.found += [(name, value) for value in chosen]
            self.select = None
        elif tag == "textarea" and self.area:
            # Browsers drop the first line end, and send line ends as CR LF.
            text = self.area[1].removeprefix("\r").removeprefix("\n").replace("\r\n", "\n")
            self.found.append((self.area[0], text.replace("\n", "\r\n")))
            self.area = None


def form_on(page: str) -> QueryDict:
    """Return what the main form of an admin page would send."""
    reader = _Form()
    reader.feed(page)
    data = QueryDict(mutable=True)
    for name, value in reader.found:
        data.appendlist(name, value)
    return data


def open_form(client, address: str) -> QueryDict:
    """Ask for a page and return what its form would send."""
    answer = client.get(address)
    assert answer.status_code == 200, (answer.status_code, address)
    return form_on(answer.text)


def send(client, address: str, data: QueryDict, follow=False, **changes):
    """Send a form with some fields changed (None: left out)."""
    data = data.copy()
    for name, value in changes.items():
        if value is None:
            data.pop(name, None)
        else:
            data[name] = value
    return client.post(
        address, data.urlencode(), content_type="application/x-www-form-urlencoded", follow=follow
    )


def add_row(data: QueryDict, prefix: str, **values) -> QueryDict:
    """Return the form with one more row of `prefix`."""
    data = data.copy()
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
    empty = f"{prefix}-__prefix__-"
    for name in [name for name in data if name.startswith(empty)]:
        data.setlist(f"{prefix}-{number}-{name.removeprefix(empty)}", data.getlist(name))
    for name, value in values.items():
        data[f"{prefix}-{number}-{name}"] = str(value)
    return data


def change_address(record) -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/change/"
