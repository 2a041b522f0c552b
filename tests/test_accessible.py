"""axe finds nothing (WCAG 2.2, A and AA) on any kind of page, in light, dark and narrow, in both languages."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.serving import once

pytestmark = once

PAGES = [
    "",
    "projects/",
    "projects/?pillar=innovation&stage=launched",
    "projects/?pillar=talent&stage=completed",
    "projects/?pillar=nonsense",
    "projects/SCI-P-0002/",
    "projects/SCI-P-0010/",
    "mous/",
    "mous/SCI-M-0009/",
    "meetings/",
    "meetings/4/",
    "meetings/2019-10-15/",
    "organisations/",
    "organisations/keppel/",
    "statistics/",
    "search/",
    "search/?q=shenzhen",
    "search/?q=zzzz",
    "chronology/",
    "chronology/?kind=signing",
    "about/",
    "zone/",
    "data/",
    "accessibility/",
    "privacy/",
    "contact/",
    "no-such-page/",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# One node for what is right is enough; what is wrong is told in full.
OPTIONS = RULES | {"resultTypes": ["violations"], "preload": False}
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 320, "height": 700}},
}


# Colours hang on the look alone, widths on both: each pair that differs from the others.
@pytest.mark.parametrize(
    ("language", "look"), [("en", "light"), ("zh-hans", "dark"), ("en", "narrow"), ("zh-hans", "narrow")]
)
def test_axe_finds_nothing(served, open_page, language, look):
    page, found = open_page(**LOOKS[look]), []
    for address in PAGES:
        page.goto(f"{served}/{language}/{address}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        result = Axe().run(page, options=OPTIONS)
        assert len(result.response["passes"]) > 15
        found += [
            f"{address}: {one['id']} {node['target']} {node['failureSummary']}"
            for one in result.response["violations"]
            for node in one["nodes"]
        ]
    assert found == []
