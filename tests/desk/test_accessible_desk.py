"""axe finds nothing on any kind of page of the desk; no policy is broken and nothing scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.desk.scenes import MANAGERS, OFFICER, Desk, furnish
from tests.people import MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER
from tests.serving import once
from tests.test_accessible import RULES

pytestmark = [once, pytest.mark.django_db(transaction=True)]

WIDE = {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}}
NARROW = {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}
LOOKS = {
    "English, light, wide": (WIDE, (SINGAPORE_OFFICER, MANAGER)),
    "Chinese, dark, narrow": (NARROW, (SHENZHEN_OFFICER, OTHER_MANAGER)),
}
# Pages that are built as another one is: looked at wide only.
ALIKE = {
    "copy",
    "mou",
    "history-of-body",
    "languages-words",
    "in-release",
    "manager-review",
    "manager-withdrawn",
    "report-mous",
    "report-partners",
    "report-portfolio-list",
    "report-work",
    "inquiry-now",
    "manager-published",
    "report-no-news",
    "report-not-on-record",
}
# One node for what is right is enough; what is wrong is told in full.
OPTIONS = RULES | {"resultTypes": ["violations"], "preload": False}
# Django heads the column of its rows' names with nothing.
OURS = {"exclude": [["thead .original"]]}
UNLABELLED = """() => [...document.querySelectorAll("input, select, textarea")].filter((one) =>
    !["hidden", "submit"].includes(one.type) && !one.labels?.length && !one.ariaLabel
    && !one.hasAttribute("aria-labelledby") && !one.closest(".empty-form, .select2")
).map((one) => one.name || one.outerHTML)"""


def complaints(page) -> list[str]:
    """Return what is wrong with the page as it lies open, all its folded parts opened."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = [*page.console_errors]
    result = Axe().run(page, context=OURS, options=OPTIONS)
    assert len(result.response["passes"]) > 15
    found += [
        f"{one['id']} {node['target']} {node['failureSummary']}"
        for one in result.response["violations"]
        for node in one["nodes"]
    ]
    found += [f"no label: {name}" for name in page.evaluate(UNLABELLED)]
    if over := page.evaluate("document.documentElement.scrollWidth - innerWidth"):
        found.append(f"{over} pixels too wide")
    # What the policy refuses axe itself is not the page's.
    page.console_errors.clear()
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_every_kind_of_page(live_server, open_page, busy, settings, look):
    settings.BOTH_SIDES_CONFIRM = True
    options, people = LOOKS[look]
    records, found = furnish(), []
    desk = Desk(open_page(**options), live_server.url, *people)
    for who, scenes in zip(people, (OFFICER, MANAGERS), strict=True):
        desk.sit(who)
        for name, go in scenes.items():
            if options is NARROW and name in ALIKE:
                continue
            go(desk, records)
            found += [f"{name}: {one}" for one in complaints(desk.page)]
    assert found == []
