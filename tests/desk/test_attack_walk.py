"""Every staff address there is, asked for every row there is: nothing kept is told, no text becomes markup."""

import csv
import io
import re
from itertools import islice, product
from urllib.parse import urljoin

import openpyxl
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.messages import get_messages
from django.urls import get_resolver, reverse
from django.utils.html import conditional_escape

from initiative.models import Sector, Term
from organisations.models import Person
from publishing.authorship import acting
from publishing.models import ProposedChange
from publishing.snapshots import as_number
from tests.desk.forms import add_row, change_address, open_form, send
from tests.desk.samples import add_file
from tests.desk.test_attack_sides import OWN, page, sign_in
from tests.factories import make_meeting, make_mou, make_organisation, make_project, make_source, published
from tests.people import MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
# Rows of a model, and versions of them, that a walk asks for.
MOST = 6
WORDS = {"language": ["en"], "format": ["csv"], "form": ["csv"], "content": ["record"], "suffix": ["csv"]}


def rows_of_meeting(meeting, text: str, **own):
    item = meeting.agenda_items.create(title_en=text, **own)
    meeting.decisions.create(number=77, text_en=text, agenda_item=item, **own)
    meeting.actions.create(number=77, text_en=text, **{"owner_side": "singapore"} | own)
    add_file(meeting, title=text, **own)


def everything_says(text: str, **kept) -> list:
    """Return a record of each kind with rows of each kind, all of which say `text`."""
    body = make_organisation(text, name_zh=text, summary_en=text, **kept)
    meeting = make_meeting(9, venue_en=text, outcome_en=text, **kept)
    mou = make_mou(text, (body, "singapore"), meeting=meeting, summary_en=text, **kept)
    project = make_project(text, (body, "singapore"), meeting=meeting, summary_en=text, summary_zh="字", **kept)
    with acting(person(SINGAPORE_OFFICER)):
        somebody = Person.objects.create(name_en="A person")
        body.names.create(name=text)
        project.mous.add(mou)
        project.milestones.create(title_en=text)
        project.progress_reports.create(meeting=meeting, text_en=text)
        meeting.attendances.create(person=somebody, words_en=text, side="singapore", organisation=body)
        mou.signings.create(person=somebody, side="singapore", post_en=text)
        figure = meeting.figures.create(measure="projects", value=77123, explanation_en=text)
        figure.citations.create(source=make_source(), locator_en=text)
        rows_of_meeting(meeting, text)
        for record in (project, mou):
            add_file(record, title=text)
            record.save()
        gone = make_project(text, **kept)
        gone.delete()
    return [body, meeting, mou, project, gone]


def addresses() -> list[str]:
    """Return the address of every staff page, with <places> for keys and words."""
    found = []

    def walk(patterns, before):
        for one in patterns:
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, before + str(one.pattern))
            elif one.name and "(?P" not in str(one.pattern):
                found.append(before + str(one.pattern))

    top = next(one for one in get_resolver().url_patterns if str(one.pattern) == "admin/")
    walk(top.url_patterns, "/admin/")
    return [one for one in found if not re.search("jsi18n|logout|password|autocomplete", one)]


def filled(address: str) -> list[str]:
    """Return an address with every key, version and word that may stand in it."""
    parts = address.split("/")
    try:
        model = apps.get_model(parts[2], parts[3])
    except LookupError:
        return [address] if "<" not in address else [PLACE.sub("csv", address)]
    values = WORDS | {"number": [1], "sheet": ["x"]}
    if hasattr(model, "history"):
        moments = model.history.values_list("history_date", flat=True)[:MOST]
        values["number"] = [as_number(moment) for moment in moments] or [1]
    if hasattr(admin.site.get_model_admin(model), "resource_classes"):
        sheets = admin.site.get_model_admin(model).resource_classes
        values["sheet"] = [sheet._meta.model._meta.model_name for sheet in sheets]
    keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True)[:MOST]) or [1]
    places = [values.get(name, keys) for name in PLACE.findall(address)]
    found = []
    for chosen in product(*places):
        rest = iter(chosen)
        found.append(PLACE.sub(lambda _match, rest=rest: str(next(rest)), address))
    return found


def read(client, address: str, led_to: set[str]) -> str:
    """Return the page; of one that only leads on, also what it leads to, if it is not in `led_to` yet.

    What it has to say there waits in the session for the next page, and is read here.
    """
    answer = client.get(address)
    assert answer.status_code < 500, address
    if answer.has_header("Location"):
        target = urljoin(address, answer["Location"])
        told = "\n".join([target, *map(conditional_escape, get_messages(answer.wsgi_request))])
        if target in led_to:
            return told
        led_to.add(target)
        return told + read(client, target, led_to)
    return (
        b"".join(answer).decode(errors="replace")
        if answer.streaming
        else answer.content.decode(errors="replace")
    )


@pytest.mark.parametrize("who", [SHENZHEN_OFFICER, OTHER_MANAGER])
def test_no_page_tells_what_the_other_side_keeps(client, who):
    secret = "Verschwiegen"
    kept = everything_says(secret, kept_by="singapore")
    shared, public = make_meeting(4, notes_singapore=secret), make_meeting(5)
    with acting(person(SINGAPORE_OFFICER)):
        for meeting in (shared, public):
            rows_of_meeting(meeting, secret, **OWN)
    published(public)
    client.force_login(person(SINGAPORE_OFFICER))
    send(client, change_address(public), open_form(client, change_address(public)), venue_en="Hall")
    assert ProposedChange.objects.get().visibility == "own_side"
    hidden = re.compile("|".join([secret, "77123", *(record.reference for record in kept)]))
    sign_in(client, who)
    asked = [address for one in addresses() for address in filled(one)]
    asked += [
        f"{reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_changelist')}?{query}"
        for model, query in product(
            admin.site._registry, ["q=a", "q=JIC", "e=1", "all=1&_facets=True", "o=-1.2"]
        )
    ]
    led_to = set()
    told = [address for address in asked if hidden.search(read(client, address, led_to))]
    assert (told, len(asked) > 300) == ([], True)


def test_no_choice_by_typing_tells_what_the_other_side_keeps(client):
    everything_says("Verschwiegen", kept_by="singapore")
    sign_in(client)
    for model in apps.get_models():
        for field in model._meta.get_fields():
            where = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
            answer = client.get("/admin/autocomplete/", where | {"field_name": field.name, "term": "Verschw"})
            results = answer.json()["results"] if answer.status_code == 200 else []
            assert not [one for one in results if one["id"] != "+"], (model, field)


def test_no_text_of_a_record_becomes_markup(client):
    text = "<img src=x onerror=alert(1)>"
    body, _meeting, _mou, _project, _gone = everything_says(text)
    make_organisation(f"{text}s")
    Term.objects.create(english=text, chinese_singapore="字", avoid=f"{text}z", note=text)
    public = published(make_project("A project"))
    sign_in(client, SINGAPORE_OFFICER)
    send(client, change_address(public), open_form(client, change_address(public)), title_en=text, _note=text)
    sign_in(client, MANAGER)
    led_to = set()
    for one in addresses():
        for address in islice(filled(one), 12):
            is_file = any(word in address for word in ("/file/", "sheet", "export", ".csv", ".ics"))
            if not is_file:
                assert "<img src=x" not in read(client, address, led_to), address
    data = add_row(open_form(client, change_address(body)), "names", name=f"{text}y")
    for what in ("preview/en", "needs"):
        assert "<img src=x" not in send(client, page(body, what), data, name_en=f"a{text}", uen="x").text


def test_no_cell_of_any_sheet_is_a_formula(client):
    everything_says("=1+1|cmd")
    Term.objects.create(english="=1+1", chinese_singapore="+字", avoid="@x", note="-1")
    sign_in(client, MANAGER)
    asked = ["/admin/changes/export.csv", "/admin/languages/sheet.csv"]
    asked += [address for one in addresses() if "<str:content>" in one for address in filled(one)]
    for address in asked:
        answer = client.get(address)
        cells = [cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in row]
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address[:-3]}xlsx").content))
        written = [
            cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        assert not [cell for cell in written if cell.data_type == "f"], address
        cells += [str(cell.value) for cell in written]
        assert cells and not [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell)], address


# Rehearsals --------------------------------------------------------------------------------------


def whole_database() -> dict:
    left_out = {"sessions.Session", "admin.LogEntry", "accounts.User"}
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in left_out
    }


def test_what_is_only_looked_at_leaves_nothing(client):
    Term.objects.create(english="pilot", chinese_singapore="试点", avoid="trial")
    people = [person(who) for who in ROLES]
    keppel, meeting = make_organisation("Keppel"), make_meeting(4)
    public = published(make_project("Public", summary_en="A pilot", summary_zh="试点"))
    records = [keppel, meeting, make_mou(), make_project(summary_en="A pilot", summary_zh="字"), public]
    sign_in(client, SINGAPORE_OFFICER)
    forms = [(change_address(record), record) for record in records]
    forms += [(change_address(record).replace(f"{record.pk}/change", "add"), None) for record in records[:4]]
    for address, _record in forms:
        data, before = open_form(client, address), whole_database()
        changed = {
            name: "A trial" for name in ("title_en", "summary_en", "name_en", "venue_en") if name in data
        }
        changed |= {"slug": "another"} if "slug" in data else {}
        changed |= {"number": "77"} if "number" in data else {"sectors": str(Sector.objects.first().pk)}
        for what in ("preview/en", "preview/zh-hans", "needs"):
            at = address.replace("/change/", f"/{what}/").replace("/add/", f"/add/{what}/")
            assert send(client, at, data, **changed).status_code == 200
        assert whole_database() == before, address
    send(client, change_address(public), open_form(client, change_address(public)), summary_en="A trial")
    before = whole_database()
    for user in people:
        client.force_login(user)
        for what in ("change", "preview/en", "preview/zh-hans"):
            assert client.get(page(ProposedChange.objects.get(), what)).status_code == 200
    assert whole_database() == before
