"""The delegations on a meeting's desk: both sides in protocol order, what is lacking, and the lists."""

import io

import openpyxl
import pytest
from django.urls import reverse

from publishing.authorship import acting
from tests.cycle.calling import called, words_of
from tests.factories import make_meeting, published
from tests.people import AUDITOR, MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


@pytest.fixture
def scene():
    return called()


def at(meeting, what: str = "", **route) -> str:
    return reverse(f"admin:desk_delegations{what}", kwargs={"key": meeting.pk} | route)


def file_at(meeting, which="both", language="en", format="docx") -> str:
    return at(meeting, "_file", which=which, language=language, format=format)


def names(meeting, side="singapore") -> list[str]:
    return [row.person.name_en for row in meeting.attendances.filter(side=side)]


@pytest.mark.parametrize("who", ROLES)
def test_everybody_on_the_staff_sees_both_delegations(client, scene, who):
    client.force_login(person(who))
    text = client.get(at(scene.meeting)).text
    assert all(words in text for words in ("Lim Hua", "陈伟", "A director"))
    assert "Verschwiegen" not in text


def test_stranger_is_asked_to_sign_in(client, scene):
    assert client.get(at(scene.meeting)).status_code == 302
    assert client.get(file_at(scene.meeting)).status_code == 302
    assert "Log in" in client.post(at(scene.meeting, "_order"), follow=True).text


def test_what_is_lacking_stands_beside_the_name(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))
    found = client.get(at(scene.meeting)).context["delegations"]
    lacking = {str(row): what for _one, lines in found for _no, row, _names, _post, what in lines}
    assert lacking == {
        "Tan Wei": [],
        "Lim Hua": ["no post", "no Chinese name"],
        "A director": ["no post in Chinese"],
    }


def test_meeting_without_people_says_so(client):
    meeting = make_meeting(7, phase="planned")
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.get(at(meeting)).text.count("Nobody is on record yet.") == 2
    assert "Nobody is on record yet." in words_of(client.get(file_at(meeting, format="pdf")))


# The order ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER])
def test_delegation_is_put_in_order(client, scene, who):
    client.force_login(person(who))
    second = scene.meeting.attendances.get(person=scene.lim)
    client.post(at(scene.meeting, "_order"), {"move": f"{second.pk}:up"})
    assert names(scene.meeting) == ["Lim Hua", "Tan Wei"]
    client.post(at(scene.meeting, "_order"), {"move": f"{second.pk}:up"})
    assert names(scene.meeting) == ["Lim Hua", "Tan Wei"]
    client.post(at(scene.meeting, "_order"), {f"order-{second.pk}": "7"})
    assert names(scene.meeting) == ["Tan Wei", "Lim Hua"]
    assert second.history.first().history_user == person(who)


def test_what_is_no_place_is_refused_in_words_and_changes_nothing(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))
    first = scene.meeting.attendances.get(person=scene.tan)
    for typed in ("x", "-1", "1.5", "", "二", "99999", "9" * 5000):
        data = {f"order-{first.pk}": typed, "move": f"{first.pk}:down"}
        answer = client.post(at(scene.meeting, "_order"), data, follow=True)
        assert "is not a place in the order" in answer.text, typed
    assert names(scene.meeting) == ["Tan Wei", "Lim Hua"]


def test_unknown_moves_change_nothing(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))
    versions = scene.meeting.attendances.model.history.count()
    for move in ("", "x", "0:up", "999:down", "1:sideways"):
        client.post(at(scene.meeting, "_order"), {"move": move})
    assert scene.meeting.attendances.model.history.count() == versions


def test_auditor_orders_nothing(client, scene):
    client.force_login(person(AUDITOR))
    assert client.post(at(scene.meeting, "_order")).status_code == 403
    assert "Save the order" not in client.get(at(scene.meeting)).text


def test_order_of_a_published_meeting_held_is_changed_by_who_publishes(client, scene):
    with acting(person(SINGAPORE_OFFICER)):
        scene.meeting.phase = "held"
        scene.meeting.save()
    published(scene.keppel)
    published(scene.meeting)
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.post(at(scene.meeting, "_order")).status_code == 403
    client.force_login(person(MANAGER))
    assert client.post(at(scene.meeting, "_order")).status_code == 302


def test_order_of_a_published_meeting_to_come_is_changed_by_officers(client, scene):
    published(scene.meeting)
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.post(at(scene.meeting, "_order")).status_code == 302


# The lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["docx", "pdf"])
def test_lists_in_both_languages(client, scene, format):
    client.force_login(person(SHENZHEN_OFFICER))
    english = words_of(client.get(file_at(scene.meeting, format=format)))
    chinese = words_of(client.get(file_at(scene.meeting, language="zh-hans", format=format)))
    assert all(words in english for words in ("Tan Wei", "陈伟", "Permanent Secretary", "Keppel", "A director"))
    assert all(words in chinese for words in ("陈伟", "常任秘书", "吉宝", "Lim Hua"))
    assert "Verschwiegen" not in english + chinese


def test_list_of_one_side_names_no_other(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))
    text = words_of(client.get(file_at(scene.meeting, "singapore")))
    assert ("Tan Wei" in text, "A director" in text) == (True, False)


def test_lists_follow_the_order_of_the_sides(client, scene, settings):
    settings.SIDE_ORDER = {"en": ["shenzhen", "singapore"], "zh-hans": ["singapore", "shenzhen"]}
    client.force_login(person(SINGAPORE_OFFICER))
    text = words_of(client.get(file_at(scene.meeting, format="pdf")))
    assert text.index("A director") < text.index("Tan Wei")


def test_lists_as_excel(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.get(file_at(scene.meeting, format="xlsx"))
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[1][:6] == ("Singapore", 1, "Tan Wei", "陈伟", "Permanent Secretary", "常任秘书")
    assert rows[3][2:5] == (None, None, "A director")
    assert not any("Verschwiegen" in str(cell) for row in rows for cell in row)


def test_unknown_lists_are_not_found(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))
    for route in ({"which": "x"}, {"language": "fr"}, {"format": "csv"}):
        assert client.get(file_at(scene.meeting, **route)).status_code == 404
