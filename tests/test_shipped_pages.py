"""Standing pages beside the public record as it is shipped."""

import re
from html import unescape

import pytest
from django.conf import settings

from initiative.models import Page
from tests.listing.pages import names
from tests.serving import once
from tests.test_standing_pages import ANNOUNCED, CELL, SLUGS, co_chairs, plain

pytestmark = [once, pytest.mark.django_db]


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_shipped_page_is_there_with_its_title(client, loaded, slug, language):
    page = Page.objects.get(slug=slug)
    title = page.title_en if language == "en" else page.title_zh
    html = client.get(f"/{language}/{slug}/").text
    assert f"<h1>{title}</h1>" in html
    assert f'href="/{language}/{slug}/"' in client.get(f"/{language}/").text


def test_co_chairs_over_time(client, loaded):
    assert co_chairs(client) == [
        [
            "First JIC meeting 17 June 2020",
            "Yong Ying-I Permanent Secretary, Ministry of Communications and Information",
            "Chen Rugui Mayor of Shenzhen",
        ],
        [
            "Second JIC meeting 18 October 2021",
            "Yong Ying-I Permanent Secretary, Ministry of Communications and Information",
            "Qin Weizhong Mayor of Shenzhen",
        ],
        [
            "Third JIC meeting 25 November 2022",
            "Joseph Leong Permanent Secretary for Communications and Information",
            "Qin Weizhong Mayor, Shenzhen Municipal People's Government",
        ],
        [
            "Fourth JIC meeting 14 December 2023",
            "Joseph Leong Permanent Secretary for Communications and Information",
            "Qin Weizhong Mayor, Shenzhen Municipal People's Government",
        ],
    ]


def test_zone_says_what_is_announced_and_by_whom(client, loaded):
    said = plain(client.get("/en/zone/").text)
    assert "Singapore-Shenzhen Smart City Demonstration Zone" in said
    assert "new-generation information technology, digital economy, low carbon and biomedicine" in said
    assert "Start-up area unveiled 14 December 2023" in said
    assert "The Singapore release has four companies signing MOUs to operate in the Zone." in said
    assert "Prints four entry agreements (入园协议)." in said
    assert "No source on record here says that the four companies and the four projects are the same." in said


def test_zone_in_chinese(client, loaded):
    said = plain(client.get("/zh-hans/zone/").text)
    assert "新一代信息技术、数字经济、低碳和生物医药" in said
    assert "4家企业签署入驻示范园区的谅解备忘录；深圳方面的报道称签署4份入园协议" in said
    assert "均未说明这4家企业与4个项目相同" in said


def test_zone_shows_its_figures_and_the_project_it_comes_from(client, loaded):
    html = client.get("/en/zone/").text
    row = r'<th role="rowheader" scope="row">([^<]+)</th>.*?' + CELL.format("Announced") + r"(\d+)</td>"
    cells = re.findall(row, html)
    assert cells == [
        ("Agreements of companies to operate in the Zone, Demonstration Zone", "4"),
        ("Projects launched, Demonstration Zone", "4"),
    ]
    assert 'href="/en/projects/SCI-P-0002/"' in html
    assert html.count("4 not on record here") == 2
    assert html.count("<h3><cite") == 4


@pytest.mark.parametrize("address", ["/en/projects/SCI-P-0002/", "/en/meetings/4/", "/en/about/"])
def test_zone_is_linked(client, loaded, address):
    links = client.get(address).text.count('href="/en/zone/"')
    assert links == (1 if address == "/en/about/" else 2)


def test_other_projects_and_meetings_do_not_lead_to_the_zone(client, loaded):
    for address in ("/en/projects/SCI-P-0003/", "/en/meetings/3/"):
        assert client.get(address).text.count('href="/en/zone/"') == 1


def test_every_recorded_number_equals_the_rows_of_its_link(client, loaded):
    found = ANNOUNCED.findall(client.get("/en/data/").text)
    assert [(int(announced), int(recorded)) for _m, announced, _l, recorded in found] == [
        (43, 22),
        (29, 8),
        (29, 8),
        (8, 3),
        (4, 4),
        (8, 1),
        (14, 8),
        (7, 4),
        (7, 4),
        (8, 0),
        (14, 14),
        (4, 0),
        (4, 0),
    ]
    for meeting, announced, listing, recorded in found:
        assert len(names(client.get(unescape(listing)))) == int(recorded)
        page = client.get(meeting).text
        assert ('id="reconciliation"' in page, f">{announced}</td>" in page) == (True, True)


def test_without_an_address_the_page_says_so(client, loaded):
    assert settings.CONTACT_EMAIL == ""
    html = client.get("/en/contact/").text
    assert ("No address has been set up for this site." in html, "mailto:" in html) == (True, False)
    assert "本网站收录" not in html


def test_address_of_the_operator_is_shown(client, loaded, settings):
    settings.CONTACT_EMAIL = "record@example.org"
    html = client.get("/en/contact/").text
    assert '<a href="mailto:record@example.org">record@example.org</a>' in html
    assert "No address has been set up" not in html


def test_pages_set_no_cookie_and_vary_on_none(client, loaded):
    for slug in SLUGS:
        answer = client.get(f"/en/{slug}/")
        assert (len(answer.cookies), "Cookie" in answer.get("Vary", "")) == (0, False)
