"""The Chinese of the interface: complete, as the program uses it, in the agreed style.

After strings have changed, run `manage.py` with EXTRACT, translate what is new in the catalogue, and run
`manage.py compilemessages -l zh_Hans -i .venv`. Both need gettext.
"""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.formats import date_format

from accounts.models import User
from meetings.models import Meeting
from mous.models import MOU
from organisations.models import Organisation
from projects.models import Project
from tests.factories import make_project
from tests.people import OTHER_MANAGER, person
from tests.serving import once

pytestmark = once

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
EXTRACT = "makemessages -l zh_Hans --add-location=file --no-wrap --no-obsolete -i .venv -i var -i tests"
HAN = r"[\u4e00-\u9fff]"


def key(entry) -> tuple:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def texts(entry) -> list[str]:
    """Return the translations of an entry: one, or one for each plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(ROOT / CATALOGUE))


# The catalogue ------------------------------------------------------------------------------------


@pytest.fixture
def extracted(tmp_path):
    """What makemessages finds today, in a copy: the tree itself is not touched."""
    if not shutil.which("xgettext"):
        reason = "no xgettext found; install gettext"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    copy = tmp_path / "copy"
    leave = shutil.ignore_patterns(".*", "var", "tests", "static", "data", "docs", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=leave)
    environment = os.environ | {
        "DEBUG": "on",
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "sci_portal.settings",
    }
    subprocess.run(
        [sys.executable, "manage.py", *EXTRACT.split()], cwd=copy, env=environment, check=True, timeout=120
    )
    return polib.pofile(str(copy / CATALOGUE))


def test_catalogue_holds_every_string_of_today_and_no_other(catalogue, extracted):
    have, want = set(map(key, catalogue)), set(map(key, extracted))
    assert (want - have, have - want) == (set(), set()), f"Run: manage.py {EXTRACT}"


def test_every_string_is_translated(catalogue):
    assert [key(entry) for entry in catalogue if not entry.translated() or entry.fuzzy] == []
    assert catalogue.obsolete_entries() == []


def test_compiled_catalogue_says_the_same(catalogue):
    compiled = polib.mofile(str((ROOT / CATALOGUE).with_suffix(".mo")))
    assert {key(e): texts(e) for e in compiled} == {key(e): texts(e) for e in catalogue}


def test_our_words_win_over_those_of_the_libraries(catalogue):
    with translation.override("zh-hans"):
        for entry in catalogue:
            if entry.msgid_plural:
                said = translation.ngettext(entry.msgid, entry.msgid_plural, 2)
            elif entry.msgctxt:
                said = translation.pgettext(entry.msgctxt, entry.msgid)
            else:
                said = translation.gettext(entry.msgid)
            assert [said] == texts(entry)


PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def test_placeholders_are_kept(catalogue):
    for entry in catalogue:
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        assert [sorted(PLACEHOLDER.findall(text)) for text in texts(entry)] == [wanted]


@pytest.mark.parametrize(
    "fault",
    [
        rf"{HAN}[,:;()?!.]|[,:;()?!]{HAN}",  # half-width punctuation in Chinese text
        rf"{HAN} [A-Za-z0-9%{{]|[A-Za-z0-9)}}] {HAN}",  # a space between Chinese and Latin
        r"你|！|「|」|此处点击|进行(?!中)|温馨",
        r"登陆|帐号|其它|示范区|联委会|两国|两市",
    ],
)
def test_style(catalogue, fault):
    # The one entry with ！ lists the marks after which a label takes no colon.
    lines = [text for entry in catalogue if entry.msgid != ":?.!" for text in texts(entry)]
    assert [line for line in lines if re.search(fault, line)] == []


def test_dates():
    day = forms.DateField(localize=True)
    with translation.override("zh-hans"):
        assert date_format(day.clean("2023年12月14日")) == "2023年12月14日"
        assert day.clean("2023-12-14") == day.clean("2023年12月14日")
    with translation.override("en"):
        assert date_format(day.clean("14 December 2023")) == "14 December 2023"


# English left on Chinese pages --------------------------------------------------------------------

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SPOKEN = {"aria-label", "placeholder", "title", "data-label"}
# What is written so in Chinese too.
SAME = re.compile(
    r"\b(SCI Portal|CSV UTF-8|CSV|XLSX|xlsx|csv|Excel|JSON|UTF-8|GB18030|SHA-256|UEN|USCC|MOU"
    r"|JIC\d*|SCI(-[A-Z]-\d+)?|Pte Ltd|Annex B, item 5|English|yes|no)\b"
)
ADDRESS = re.compile(r"(https?:/)?/\S+")
RUN = re.compile(r"[A-Za-z’'-]{2,}(?:[,.;:]? [A-Za-z’'-]{2,})+")
ALONE = re.compile(
    r"\b(Search|Select|Delete|Save|Import|Export|History|Filter|Clear|Add|Change|View|Any|All|Yes|No|Unknown"
    r"|Home|Go|Remove|Close|Cancel|Submit|Today|Now|By|and|or|to|of|entry|entries|historical)\b"
)


class Reader(HTMLParser):
    """Collects what a page shows or has read out, but for what is marked as English."""

    def __init__(self):
        super().__init__()
        self.open, self.said = [], []

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        lang = attributes.get("lang") or (self.open[-1][1] if self.open else "")
        if lang != "en":
            spoken = SPOKEN | ({"value"} if attributes.get("type") == "submit" else set())
            self.said += [(tag, attributes[name]) for name in spoken & attributes.keys()]
        if tag not in VOID:
            self.open.append((tag, lang))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        hidden = {"script", "style", "code"} & {tag for tag, _lang in self.open}
        if self.open and self.open[-1][1] != "en" and not hidden:
            self.said.append((self.open[-1][0], " ".join(data.split())))


class Record:
    """What the database holds, to tell it from English that a template or a library left."""

    def __init__(self):
        self.whole = {"public-record"}
        for model in apps.get_models():
            columns = [
                field.name
                for field in model._meta.fields
                if isinstance(field, (models.CharField, models.TextField)) and not field.choices
            ]
            for row in model._base_manager.values_list(*columns) if columns else ():
                self.whole |= {" ".join(str(text).split()) for text in row if text}
        self.names = sorted((t for t in self.whole if re.search(rf"{HAN}|[A-Z ]", t)), key=len, reverse=True)
        self.chinese = [text for text in self.names if re.search(HAN, text)]

    def left_over(self, said: str, names: bool) -> str:
        """Return what of `said` is English and not on record; without `names` only Chinese texts are."""
        if not re.search("[A-Za-z]{2}", said) or (names and said in self.whole):
            return ""
        for text in self.names if names else self.chinese:
            said = said.replace(text, "")
        said = SAME.sub("", ADDRESS.sub("", said))
        found = RUN.search(said) or ALONE.search(said)
        return found[0] if found else ""


def english_on(address: str, html: str, record: Record) -> list[str]:
    """Return the English on a page. On public pages names are to be marked as English, but in a few places."""
    reader, faults = Reader(), []
    reader.feed(html)
    unmarked = address.startswith("/admin/")
    for tag, said in reader.said:
        if found := record.left_over(said, unmarked or tag in ("title", "option", "legend")):
            faults.append(f"{address} <{tag}> “{found}” in: {said[:160]}")
    return faults


def chinese_pages(client, most: int = 150):
    """Yield (address, html) of the Chinese pages reachable from the home page; files and feeds are left out."""
    waiting, seen = ["/zh-hans/"], {"/zh-hans/"}
    while waiting:
        address = waiting.pop(0)
        html = client.get(address).text
        yield address, html
        for link in re.findall(r'href="(/zh-hans/[^"#&]*)', html):
            if link not in seen and not re.search(r"export\.|\.(atom|ics)$", link) and len(seen) < most:
                seen.add(link)
                waiting.append(link)


@pytest.fixture
def record(loaded, db):
    make_project("Ein Vorhaben")
    return Record()


def test_no_english_is_left_on_chinese_pages(client, record):
    faults = [fault for page in chinese_pages(client) for fault in english_on(*page, record)]
    assert faults == [], "\n" + "\n".join(dict.fromkeys(faults))


def admin_addresses():
    """Yield the officers' pages: of each record its list, forms, import, history and deletion."""
    yield from ("/admin/", "/admin/languages/", "/admin/languages/answers/")
    for model in (Organisation, Meeting, MOU, Project):
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        one = model.objects.published().last().pk
        yield from (path, f"{path}add/", f"{path}import/", f"{path}{one}/change/", f"{path}{one}/history/")
    yield f"/admin/projects/project/{Project.objects.last().pk}/delete/"


def test_no_english_is_left_on_chinese_admin_pages(client, record):
    client.force_login(person(OTHER_MANAGER))
    pages = {address: client.get(address) for address in admin_addresses()}
    client.force_login(User.objects.create_superuser("operator", language="zh-hans"))
    pages |= {
        address: client.get(address) for address in ("/admin/accounts/user/", "/admin/accounts/user/add/")
    }
    assert {page.status_code for page in pages.values()} == {200}
    faults = [fault for address, page in pages.items() for fault in english_on(address, page.text, record)]
    assert faults == [], "\n" + "\n".join(dict.fromkeys(faults))
