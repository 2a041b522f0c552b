"""Search: what people type, in either language and any spelling of width, case and hyphens, finds it."""

import pytest

from organisations.models import Organisation, OrganisationName
from publishing.authorship import acting
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.listing.pages import names
from tests.people import SINGAPORE_OFFICER, person


@pytest.fixture
def record(written, db):
    """What `written` wrote; a test may add to it."""


@pytest.fixture(scope="module")
def written(shared_records):
    strides = make_organisation("Strides Digital", name_zh="", short_name_en="Strides")
    with acting(person(SINGAPORE_OFFICER)):
        strides.names.create(name="SMRT Services Pte Ltd", kind="former")
    published(strides)
    university = published(make_organisation("Shenzhen University", name_zh="深圳大学"))
    city = published(make_meeting(4, city_en="Chongqing", city_zh="重庆"))
    published(make_meeting(5))
    for project in (
        make_project("E-Invoicing network", (strides, "singapore"), title_zh="电子发票网络"),
        make_project("Digital humans", (university, "shenzhen"), title_zh="数字人", summary_en="Marketing."),
        make_project("Rajah & Tann in Qianhai", title_zh="前海代表处", meeting=city),
        make_project("5G and the Internet of Things", title_zh="5G与物联网", summary_zh="在新加坡·深圳开展"),
    ):
        published(project)
    published(make_mou("Trade data", (strides, "singapore"), title_zh="贸易数据"))
    published(make_mou("Robots", (university, "shenzhen")))
    make_project("Digital draft", (strides, "singapore"), title_zh="数字草稿")


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("数字", ["Digital humans"]),
        ("发票", ["E-Invoicing network"]),
        ("票", ["E-Invoicing network"]),
        ("深圳大学", ["Digital humans"]),
        ("新加坡深圳", ["5G and the Internet of Things"]),
        ("shuziren", ["Digital humans"]),
        ("shu zi ren", ["Digital humans"]),
        ("Shenzhen Daxue", ["Digital humans"]),
        ("dianzi fapiao", ["E-Invoicing network"]),
        ("einvoicing", ["E-Invoicing network"]),
        ("e-invoicing", ["E-Invoicing network"]),
        ("E – INVOICING", ["E-Invoicing network"]),
        ("Ｅ－Ｉｎｖｏｉｃｉｎｇ", ["E-Invoicing network"]),
        ("５Ｇ　物联网", ["5G and the Internet of Things"]),
        ("rajah&tann", ["Rajah & Tann in Qianhai"]),
        ("sci-p-0002", ["Digital humans"]),
        ("P0003", ["Rajah & Tann in Qianhai"]),
        ("marketing", ["Digital humans"]),
    ],
)
def test_projects_search_finds(client, record, term, found):
    assert names(client.get("/en/projects/", {"q": term})) == found
    assert len(names(client.get("/zh-hans/projects/", {"q": term}))) == len(found)


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("digital humans", ["Digital humans"]),
        ("humans digital", ["Digital humans"]),
        ("digital invoicing", ["E-Invoicing network"]),
        ("digital robots", []),
        ("digital 发票 smrt", ["E-Invoicing network"]),
        ("digital % -", ["E-Invoicing network", "Digital humans"]),
        ("digital draft", []),
        ("humansshuziren", []),
    ],
)
def test_projects_search_needs_every_word(client, record, term, found):
    assert names(client.get("/en/projects/", {"q": term})) == found


@pytest.mark.parametrize("term", ["SMRT", "smrt services", "strides", "Ｓｍｒｔ"])
def test_former_name_of_a_partner_finds_the_record(client, record, term):
    assert names(client.get("/en/projects/", {"q": term})) == ["E-Invoicing network"]
    assert names(client.get("/en/mous/", {"q": term})) == ["Trade data"]
    assert names(client.get("/en/organisations/", {"q": term})) == ["Strides Digital"]


def test_name_taken_away_finds_nothing(client, record):
    with acting(person(SINGAPORE_OFFICER)):
        OrganisationName.objects.get(name="SMRT Services Pte Ltd").delete()
    assert names(client.get("/en/organisations/", {"q": "smrt"})) == []
    assert names(client.get("/en/projects/", {"q": "smrt"})) == []


def test_new_name_of_a_partner_finds_the_record(client, record):
    with acting(person(SINGAPORE_OFFICER)):
        organisation = Organisation.objects.get(name_en="Shenzhen University")
        organisation.name_zh = "深圳大学城"
        organisation.save()
    assert names(client.get("/en/projects/", {"q": "大学城"})) == ["Digital humans"]
    assert names(client.get("/en/mous/", {"q": "daxuecheng"})) == ["Robots"]


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("第四次", ["Fourth JIC meeting"]),
        ("JIC5", ["Fifth JIC meeting"]),
        ("chongqing", ["Fourth JIC meeting"]),
        ("重庆", ["Fourth JIC meeting"]),
        ("di wu ci", ["Fifth JIC meeting"]),
    ],
)
def test_meetings_search_finds(client, record, term, found):
    assert names(client.get("/en/meetings/", {"q": term})) == found


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("深大", []),
        ("深圳", ["Shenzhen University"]),
        ("shenzhendaxue", ["Shenzhen University"]),
        ("university digital", []),
        ("stridesdigital", ["Strides Digital"]),
    ],
)
def test_organisations_search_finds(client, record, term, found):
    assert names(client.get("/en/organisations/", {"q": term})) == found


def test_search_keeps_what_was_typed(client, record):
    page = client.get("/en/projects/", {"q": '"><b>5G'}).content.decode()
    assert 'value="&quot;&gt;&lt;b&gt;5G"' in page
    assert "<b>5G" not in page
