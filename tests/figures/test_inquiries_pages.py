"""The pages of inquiries: who asks and who freezes, what a wrong question is told, and then and now."""

import datetime

import pytest
from django.utils.timezone import localdate, localtime, now

from reports.inquiries.models import Inquiry
from tests.factories import make_meeting, make_project, published
from tests.figures.inquiries import ASK, asked, freezing_form, frozen, moment, on_record
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
LIST = "/admin/reports/inquiries/"
WHAT = {"count": "projects", "track": "jic", "records": "published"}
DAY = datetime.timedelta(days=1)


def question(**more) -> dict:
    return WHAT | {"as_at": localdate().isoformat()} | more


@pytest.fixture
def manager(client):
    client.force_login(person(MANAGER))
    return client


def freeze(client, words="How many projects are there?", **query):
    return client.post(ASK, freezing_form(client, **{"count": "projects"} | query) | {"question_en": words})


# Who ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
def test_every_role_reads_and_looks(client, who):
    inquiry = frozen()
    client.force_login(person(who))
    place = f"{LIST}{inquiry.reference}/"
    for address in (LIST, ASK, place, f"{place}now/", f"{place}answer.csv"):
        assert client.get(address).status_code == 200
    assert client.get(ASK, question()).context["counts"][0]["count"].value == 0


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, AUDITOR])
def test_who_does_not_manage_freezes_nothing(client, who):
    inquiry = frozen()
    client.force_login(person(who))
    assert 'id="freeze"' not in client.get(ASK, question()).text
    data = question(question_en="How many?", seen="x")
    assert client.post(ASK, data).status_code == 403
    note = {"withdrawal_note": "Wrong."}
    assert client.post(f"{LIST}{inquiry.reference}/withdraw/", note).status_code == 403
    assert Inquiry.objects.count() == 1


def test_a_stranger_reads_nothing(client, django_user_model):
    inquiry = frozen()
    place = f"{LIST}{inquiry.reference}/"
    addresses = (LIST, ASK, place, f"{place}now/", f"{place}answer.csv")
    for address in addresses:
        assert client.get(address).url.startswith("/admin/login/")
    client.force_login(django_user_model.objects.create(username="nobody", is_staff=True))
    assert {client.get(address).status_code for address in addresses} == {403}


# Asking ------------------------------------------------------------------------------------------


def test_the_answer_shows_both_dates_definition_and_records(manager):
    record = on_record()
    page = manager.get(ASK, question(by="meeting")).text
    for words in ("As at", "As then recorded", "Now: what the portal holds at this moment."):
        assert words in page
    assert "whose launch meeting has been held" in page and "The parts add up to the whole." in page
    assert f'/admin/projects/project/{record.both.pk}/change/">{record.both.reference}</a>' in page
    assert '<span class="line" lang="zh-Hans">港口</span>' in page


def test_an_answer_is_alike_for_both_sides(client):
    record = on_record()
    make_project("Kept", meeting=record.fourth, kept_by="singapore")
    seen = []
    for who in (MANAGER, OTHER_MANAGER):
        client.force_login(person(who))
        answer = client.get(ASK, question(records="both_sides"))
        seen.append(answer.context["seen"])
        assert "Kept" not in answer.text
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"count": "persons"}, "Select a valid choice"),
        ({"count": []}, "Choose what is to be counted."),
        ({"track": "none"}, "Select a valid choice"),
        ({"projects-stage": "flying"}, "Projects, Stage: Select a valid choice"),
        ({"projects-q": "…"}, "Projects, Search term: Enter at least one letter"),
        ({"by": "weather"}, "Select a valid choice"),
        ({"as_at": "yesterday"}, "Enter a valid date."),
        ({"as_at": (localdate() + DAY).isoformat()}, "This day is still to come."),
        ({"recorded": (localtime() + DAY).strftime("%Y-%m-%dT%H:%M:%S")}, "This moment is still to come."),
        ({"recorded": "then"}, "Enter a valid date/time."),
    ],
)
def test_a_wrong_question_is_told_and_has_no_answer(manager, wrong, told):
    answer = manager.get(ASK, question() | wrong)
    assert answer.status_code == 200 and told in answer.text and "counts" not in answer.context


def test_a_filter_of_what_is_not_counted_is_no_matter(manager):
    assert "counts" in manager.get(ASK, question(**{"mous-state": "flying"})).context


def test_before_the_first_record_it_is_not_recorded_yet(manager):
    before = now() - DAY
    published(make_meeting(4))
    page = manager.get(ASK, question(recorded=localtime(before).strftime("%Y-%m-%dT%H:%M:%S"))).text
    assert "Not recorded yet: this portal&#x27;s record begins on" in page and 'id="freeze"' not in page


# Freezing ----------------------------------------------------------------------------------------


def test_freezing_keeps_what_was_shown(manager):
    on_record()
    answer = freeze(manager)
    inquiry = Inquiry.objects.get()
    assert answer.url == f"{LIST}SCI-Q-0001/"
    assert (inquiry.data["counts"][0]["value"], inquiry.frozen_by) == (2, person(MANAGER))
    page = manager.get(answer.url).text
    assert inquiry.sha256 in page and "Frozen by manager." in page and "How many projects are there?" in page


def test_two_managers_get_two_references(client):
    on_record()
    forms = []
    for who in (MANAGER, OTHER_MANAGER):
        client.force_login(person(who))
        forms.append(freezing_form(client, count="projects") | {"question_zh": "有多少个合作项目？"})
    for who, form in zip((MANAGER, OTHER_MANAGER), forms, strict=True):
        client.force_login(person(who))
        client.post(ASK, form)
    assert set(Inquiry.objects.values_list("reference", flat=True)) == {"SCI-Q-0001", "SCI-Q-0002"}


def test_what_changed_meanwhile_is_shown_again(manager):
    record = on_record()
    form = freezing_form(manager, count="projects") | {"question_en": "How many?"}
    published(make_project("Late", meeting=record.fourth))
    answer = manager.post(ASK, form)
    assert "The record was changed meanwhile, and nothing was frozen." in answer.text
    assert answer.context["counts"][0]["count"].value == 3 and not Inquiry.objects.exists()


def test_a_question_in_words_is_needed(manager):
    assert "Write the question in words" in freeze(manager, words=" ").text
    assert not Inquiry.objects.exists()


def test_a_forged_question_freezes_nothing(manager):
    assert manager.post(ASK, question(**{"projects-tier": "x"}) | {"question_en": "How?"}).status_code == 200
    assert not Inquiry.objects.exists()


# The frozen answer -------------------------------------------------------------------------------


def test_an_altered_answer_is_told_everywhere_and_not_given(manager):
    inquiry = frozen(asked())
    Inquiry.objects.update(answer=inquiry.answer.replace('"value":0', '"value":9'))
    place = f"{LIST}{inquiry.reference}/"
    for address in (place, f"{place}now/"):
        page = manager.get(address).text
        assert "is not the one that was frozen" in page and "As at" not in page
    answers = [manager.get(f"{place}answer.{ending}") for ending in ("csv", "xlsx", "docx", "pdf")]
    assert {answer.status_code for answer in answers} == {409}


def test_then_and_now(manager):
    record = on_record()
    inquiry = frozen(asked())
    page = manager.get(f"{LIST}{inquiry.reference}/now/").text
    assert "Then 2, now 2." in page and "Nothing differs." in page
    late = published(make_project("Late", meeting=record.fourth))
    record.both.refresh_from_db()
    record.both.title_en = "Harbours"
    record.both.save()
    page = manager.get(f"{LIST}{inquiry.reference}/now/").text
    assert "Then 2, now 3." in page and late.reference in page and "Harbours" in page


def test_asking_anew_fills_the_form(manager):
    record = on_record()
    recorded = moment().replace(microsecond=0)
    narrowed = {"projects": {"meeting": ["4"], "q": ["港口"]}}
    inquiry = frozen(asked("projects", "mous", published=False, distinct=False, by="year", filters=narrowed))
    again = manager.get(f"{LIST}{inquiry.reference}/").context["again"]
    answer = manager.get(f"{ASK}?{again}")
    assert [line.reference for line in answer.context["counts"][0]["count"].lines] == [record.both.reference]
    assert answer.context["form"].asked() == asked(
        "projects", "mous", published=False, distinct=False, by="year", filters=narrowed
    )
    earlier = manager.get(f"{ASK}?{asked(recorded=recorded).query()}").context["form"]
    assert earlier.asked().recorded == recorded


def test_withdrawing_notes_why_and_by_what(manager):
    inquiry, later = frozen(asked()), frozen(asked())
    place = f"{LIST}{inquiry.reference}/withdraw/"
    assert manager.get(place).status_code == 405
    assert "This field is required." in manager.post(place, {"withdrawal_note": ""}).text
    wrong = {"withdrawal_note": "Wrong day.", "replaced_by": inquiry.reference}
    assert "There is no other answer of this reference." in manager.post(place, wrong).text
    page = manager.post(place, wrong | {"replaced_by": later.reference.lower()}, follow=True).text
    assert "do not use it any longer: Wrong day." in page and later.reference in page
    assert "withdrawn already" in manager.post(place, wrong | {"replaced_by": ""}, follow=True).text
    assert "withdrawn" in manager.get(LIST).text


def test_the_list_is_searched_by_reference_and_words(manager):
    frozen(asked(), "How many ports?")
    frozen(asked(), "How many pumps?")
    for term, found in (("pumps", 1), ("q-0001", 1), ("many", 2), ("many ports", 1), ("harbours", 0)):
        assert len(manager.get(LIST, {"q": term}).context["page"].object_list) == found
    assert "Null characters are not allowed." in manager.get(LIST, {"q": "a\0"}).text


def test_what_is_not_there_is_not_found(manager):
    inquiry = frozen(asked())
    place = f"{LIST}{inquiry.reference}/"
    for address in (f"{LIST}SCI-Q-0099/", f"{place}answer.exe", f"{place}answer.pdf?language=fr"):
        assert manager.get(address).status_code == 404


def test_long_lists_are_paged(manager, monkeypatch):
    on_record()
    monkeypatch.setattr("reports.inquiries.showing.RECORDS", 1)
    answer = manager.get(ASK, question(**{"projects-page": "2"}))
    assert [line.reference for line, _address, _cells in answer.context["counts"][0]["lines"]] == ["SCI-P-0002"]
    assert "Page 2 of 2" in answer.text and 'rel="prev"' in answer.text
