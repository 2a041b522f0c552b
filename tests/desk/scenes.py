"""The desk with a record in every state, and the way to each kind of page as its people open it."""

import csv
import datetime
import io
from types import SimpleNamespace

from django.conf import settings
from django.test import Client
from django.utils import timezone

from initiative.models import Term
from mous.models import MOU
from organisations.models import Person
from outbox.models import Mail
from publishing.approvals import approve_for_release, plan_release
from publishing.authorship import acting
from publishing.models import ProposedChange
from publishing.workflow import move
from tests.cycle.minutes import agreed, with_record
from tests.cycle.updates import make_contact, make_round, path_of, running
from tests.desk.forms import change_address, open_form, send
from tests.desk.samples import add_address, add_file
from tests.factories import make_meeting, make_mou, make_organisation, make_project, make_source, published
from tests.figures import inquiries
from tests.people import MANAGER, OTHER_MANAGER, SINGAPORE_OFFICER, person

ADMIN = "/admin"
MEETINGS = f"{ADMIN}/meetings/meeting/"
PROJECTS = f"{ADMIN}/projects/project/"
MEETINGS = f"{ADMIN}/meetings/meeting/"
BODIES = f"{ADMIN}/organisations/organisation/"
WORDS = "A pilot of smart pumps in two housing estates; results go to both secretariats at the next meeting."


def furnish() -> SimpleNamespace:
    """Write records in every state that a page of the desk shows, and return them."""
    with acting(person(SINGAPORE_OFFICER)):
        Term.objects.get_or_create(english="smart city", defaults={"chinese_singapore": "智慧城市"})
    keppel = published(make_organisation("Keppel Pumps", name_zh="吉宝水泵"))
    twin = make_organisation("Kepel Pumps Ltd", website="https://example.org/")
    alike = make_organisation("Longgang Institute", name_zh="龙岗研究院")
    other = make_organisation("The Longgang Institute")
    meeting = make_meeting(kind="other", title_en="A visit", title_zh="访问", phase="planned")
    draft = make_project(
        "Smart city pumps",
        (keppel, "singapore"),
        (twin, "shenzhen"),
        title_zh="水泵",
        summary_en=WORDS,
        lead_singapore=twin,
    )
    with acting(person(SINGAPORE_OFFICER)):
        draft.milestones.create(title_en="Trial ends")
    mou = make_mou("An MOU on pumps", (twin, "shenzhen"), (keppel, "singapore"))
    file = add_file(mou, "Scan of the signed copy")
    call(meeting)
    held = make_meeting(kind="other", title_en="A visit with a release")
    add_file(held, "Press release", visibility="public")
    published(held)
    _announced(held)
    known = published(make_project("Known project", (keppel, "singapore"), summary_en="Old words"))
    gone = published(make_project("Gone project", (keppel, "singapore")))
    move(gone, "withdrawn", by=person(MANAGER), reason="Entered twice.")
    waiting = make_project("Waiting project", (keppel, "singapore"), summary_zh="等待审核。")
    move(waiting, "in_review", by=person(SINGAPORE_OFFICER))
    action = _followed_up(held, keppel)
    mail = _refused()
    proposal = _proposed(known)
    going = _in_release(meeting)
    minuted, frozen = with_record(21), with_record(22)
    agreed(frozen)
    paper = minuted.papers.get()
    _change_and_delete(draft)
    listed = _listed(twin)
    inquiry = _inquired()
    pumps = running("Running pumps")
    make_contact(pumps)
    asked = make_round(make_meeting(phase="planned")).requests.get(project=pumps)
    given = asked.answers.create(text_en=WORDS, stage="completed", next_steps="Report in May.")
    pumps.progress_reports.create(meeting=asked.round.meeting, text_en=WORDS, visibility="both_sides")
    round_at, form_at = f"/admin/meetings/meeting/{asked.round.meeting_id}/desk", path_of(asked)
    return SimpleNamespace(**locals())


def _announced(meeting) -> None:
    """Write figures that contradict each other, a total and an explanation that is not published."""
    with acting(person(MANAGER)):
        for value, stance in ((8, "supports"), (9, "differs")):
            figure = meeting.figures.create(measure="mous", value=value, explanation_en=WORDS)
            figure.citations.create(source=make_source(), stance=stance, says_en=WORDS, says_zh="称为8份。")
        total = meeting.figures.create(measure="mous", value=20, scope="cumulative")
        total.citations.create(source=make_source())


def _in_release(meeting) -> MOU:
    """Approve an MOU of a meeting for an hour that comes, and leave another one that lacks something."""
    going = make_mou("An MOU to be released", meeting=meeting)
    make_mou("An MOU that lacks something", meeting=meeting, parties_known="")
    move(going, "in_review", by=person(SINGAPORE_OFFICER))
    release = plan_release(meeting, timezone.now() + datetime.timedelta(days=9), by=person(MANAGER))
    approve_for_release(going, release, by=person(MANAGER))
    return going


def _inquired():
    """Freeze an answer whose records change afterwards: one joins, one changes."""
    meeting = published(make_meeting(23))
    counted = published(make_project("A counted project", meeting=meeting, tier="key"))
    kinds = ("projects", "mous", "meetings", "organisations")
    inquiry = inquiries.frozen(inquiries.asked(*kinds, published=False, by="side"))
    with acting(person(SINGAPORE_OFFICER)):
        counted.title_zh = "计入的合作项目"
        counted.save()
    make_project("A later project", meeting=meeting)
    return inquiry


def _listed(body):
    """Return a meeting on whose list one line is cleared, one changed since, and one a draft of one side."""
    meeting = make_meeting(kind="other", title_en="A meeting with a list")
    first = make_mou("An MOU on meters", (body, "singapore"), meeting=meeting, signed_on=None)
    with acting(person(SINGAPORE_OFFICER)):
        signer = Person.objects.create(name_en="A signer of the list")
        first.signings.create(person=signer, side="singapore", post_en="Director")
    changed = make_project("A project on meters", (body, "shenzhen"), meeting=meeting)
    make_project("Of one side", meeting=meeting, kept_by="singapore")
    client = Client()
    for who in (SINGAPORE_OFFICER, OTHER_MANAGER):
        client.force_login(person(who))
        form = open_form(client, f"{MEETINGS}{meeting.pk}/desk/deliverables/")
        picked = {f"mou-{first.pk}-pick": "on", f"project-{changed.pk}-pick": "on"}
        send(client, f"{MEETINGS}{meeting.pk}/desk/deliverables/", form, clear="picked", **picked)
    with acting(person(SINGAPORE_OFFICER)):
        changed.title_zh = "水表"
        changed.save()
    return meeting


def call(meeting) -> None:
    """Give a planned meeting people, an agenda with a paper, and a matter arising."""
    with acting(person(SINGAPORE_OFFICER)):
        somebody = Person.objects.create(name_en="Somebody", name_zh="某人")
        for side, role in (("singapore", "head"), ("shenzhen", "member")):
            meeting.attendances.create(person=somebody, side=side, role=role, post_en="Director")
        meeting.attendances.create(words_en="An official", side="shenzhen", position=2)
        item = meeting.agenda_items.create(
            title_en="Pumps", title_zh="水泵", kind="decision", presenter="Somebody"
        )
        meeting.agenda_items.create(title_en="Our line", visibility="own_side", owner_side="singapore")
        earlier = make_meeting(3, starts_on=datetime.date(2021, 1, 1))
        earlier.actions.create(number=1, text_en="Write", text_zh="撰写", owner_side="shenzhen")
    add_file(meeting, "Brief", agenda_item=item)


def _followed_up(meeting, body):
    """Write actions in every state, with notes, and return one that is late."""
    with acting(person(MANAGER)):
        columns = {"owner_side": "singapore", "organisation": body, "text_en": WORDS}
        late = meeting.actions.create(number=1, due_on=datetime.date(2024, 2, 29), **columns)
        meeting.actions.create(number=2, state="done", **columns)
        meeting.actions.create(number=3, owner_side="shenzhen", text_zh="提交试点报告。", due_meeting=meeting)
    with acting(person(SINGAPORE_OFFICER)):
        late.follow_up.create(text=f"{WORDS}\n\nhttps://example.org/{'a-long-address/' * 8}")
        late.follow_up.create(text="Waits for the other report.", visibility="own_side", owner_side="singapore")
        late.state = "in_progress"
        late.save()
    return late


def _refused() -> Mail:
    columns = {"to": "officer@example.org", "subject": "3 follow-up actions are due", "body": WORDS}
    mail = Mail.put(kind="reminder", key="furnished", **columns)
    Mail.objects.filter(pk=mail.pk).update(state="failed", problem="address", error="550 5.1.1 unknown")
    return mail


def _proposed(record) -> ProposedChange:
    client = Client()
    client.force_login(person(SINGAPORE_OFFICER))
    form = open_form(client, change_address(record))
    send(client, change_address(record), form, summary_en=WORDS, _note="As the release says")
    return ProposedChange.objects.latest("pk")


def _change_and_delete(record) -> None:
    """Give a record a second version, and the list of what was deleted a row."""
    client = Client()
    client.force_login(person(SINGAPORE_OFFICER))
    send(client, change_address(record), open_form(client, change_address(record)), summary_zh="两处屋村试点。")
    slip = make_project("Entered by mistake")
    client.post(f"{PROJECTS}{slip.pk}/delete/", {"post": "yes"})


class Desk:
    """A browser page at which officers and managers of one side sit down in turn."""

    def __init__(self, page, address: str, officer: str, manager: str):
        self.page, self.address = page, address
        self.officer, self.manager = officer, manager

    def sit(self, who: str) -> None:
        client = Client()
        client.force_login(person(who))
        cookie = {"name": settings.SESSION_COOKIE_NAME, "url": self.address}
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.clear_cookies()
        self.page.context.add_cookies([cookie | {"value": value}])

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def upload(self, selector: str, name: str, content: bytes) -> None:
        self.page.set_input_files(selector, {"name": name, "mimeType": "text/csv", "buffer": content})

    def click(self, selector: str, comes: str) -> None:
        """Press what leads to the next page, on which `comes` is found."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        assert self.page.locator(comes).count(), (comes, self.page.url)

    def taken(self, path: str) -> list[dict]:
        """Return the rows of a sheet that the officer takes away."""
        client = Client()
        client.force_login(person(self.officer))
        text = client.get(path).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def imported(self, *rows: dict, comes: str) -> None:
        self.open(f"{PROJECTS}import/")
        self.upload("#id_import_file", "sheet.csv", as_csv(rows))
        self.click("#content input[type=submit]", comes)


def as_csv(rows) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def by_address(path: str):
    """Return the way to a page that has an address; `path` may name the records: {draft.pk}."""
    return lambda desk, records: desk.open(path.format(**vars(records)))


def conflict(desk: Desk, records) -> None:
    """Save a form that somebody else saved meanwhile."""
    desk.open(change_address(records.draft))
    with acting(person(MANAGER)):
        records.draft.refresh_from_db()
        records.draft.summary_en += " Changed by another person while the form was open."
        records.draft.save()
        records.draft.milestones.create(title_en="Entered meanwhile")
    desk.page.fill("#id_summary_en", "My own words")
    desk.click("input[name=_save]", comes=".meanwhile")


def record_refused(desk: Desk, records) -> None:
    """Save the record of a meeting with an action that lacks its owner, and a decision changed meanwhile."""
    desk.open(f"{MEETINGS}{records.minuted.pk}/desk/record/")
    decision = records.minuted.decisions.get()
    with acting(person(MANAGER)):
        decision.text_en += " Changed by another person."
        decision.save()
    desk.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    desk.page.fill(f"#id_decision-{decision.pk}-text_en", "My own words")
    desk.page.fill("#id_new-0-a-0-text_en", "Nobody is to do this")
    desk.click("#record_form button[type=submit]", comes=".record-meanwhile")


def refused(desk: Desk, records) -> None:
    """Save a form with an error in the record and one in a row."""
    desk.open(change_address(records.draft))
    desk.page.fill("#id_title_en", "")
    desk.page.fill("#id_title_zh", "")
    desk.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    desk.page.fill("#id_milestones-0-title_en", "")
    desk.click("input[name=_save]", comes=".inline-group .errorlist")


def lapsed(desk: Desk, records) -> None:
    """Save a form after the session has ended."""
    desk.open(change_address(records.draft))
    csrf = [one for one in desk.page.context.cookies() if one["name"] == settings.CSRF_COOKIE_NAME]
    desk.page.context.clear_cookies()
    desk.page.context.add_cookies(csrf)
    desk.click("input[name=_save]", comes="input[name=typed]")


def _projects_row(desk: Desk, records) -> dict:
    sheet = desk.taken(f"{PROJECTS}sheets/project-record.csv")
    return next(row for row in sheet if row["reference"] == records.draft.reference)


def import_errors(desk: Desk, records) -> None:
    row = _projects_row(desk, records)
    desk.imported(
        row | {"reference": "SCI-P-9999"},
        row | {"track": "jik", "lead_singapore": "SCI-O-9999"},
        comes=".sheet-rows",
    )


def import_preview(desk: Desk, records) -> None:
    row = _projects_row(desk, records)
    desk.imported(
        row | {"summary_en": f"{WORDS} Later: more."},
        row | {"reference": "", "title_en": "Another"},
        comes="[name=confirm]",
    )


def answers(desk: Desk, records) -> None:
    """Take in a translator's sheet with two answers and a row that fits nothing."""
    rows = desk.taken(f"{ADMIN}/languages/sheet.csv")[:3]
    for row in rows:
        row["your_text"] = "A text of a smart city 智慧城市"
    rows[-1] |= {"key": "no-such-key"}
    desk.open(f"{ADMIN}/languages/answers/")
    desk.upload("#id_sheet", "back.csv", as_csv(rows))
    desk.click("#content button[type=submit]", comes="#problems")


def version(desk: Desk, records) -> None:
    """Open the first version of a record from its history."""
    desk.open(f"{PROJECTS}{records.draft.pk}/history/")
    desk.open(desk.page.locator(".change:last-of-type .links a").first.get_attribute("href"))


def merges(desk: Desk, records) -> None:
    """Merge two bodies, and open the list of merges."""
    desk.open(f"{BODIES}merge/{records.alike.pk}/{records.other.pk}/confirm/")
    if desk.page.locator("#content form input[type=submit]").count():
        desk.click("#content form input[type=submit]", comes=".messagelist .success")
    desk.open(f"{BODIES}merges/")


def merge_undo(desk: Desk, records) -> None:
    desk.open(f"{BODIES}merges/")
    desk.click("a[href*='/undo/']", comes="#loses")


def public_files(desk: Desk, records) -> None:
    desk.open(records.held.get_absolute_url())


def file_form(desk: Desk, records) -> None:
    desk.open(add_address(records.mou))


OFFICER = {
    "index": by_address("/admin/"),
    "draft": by_address(PROJECTS + "{draft.pk}/change/"),
    "published": by_address(PROJECTS + "{known.pk}/change/"),
    "copy": by_address(PROJECTS + "add/?copy={draft.pk}"),
    "list": by_address(PROJECTS),
    "history": by_address(PROJECTS + "{draft.pk}/history/"),
    "version": version,
    "history-of-body": by_address(BODIES + "{keppel.pk}/history/"),
    "changes": by_address("/admin/changes/"),
    "deleted": by_address(PROJECTS + "deleted/"),
    "own-proposal": by_address("/admin/publishing/proposedchange/{proposal.pk}/change/"),
    "import": by_address(PROJECTS + "import/"),
    "import-errors": import_errors,
    "import-preview": import_preview,
    "languages": by_address("/admin/languages/"),
    "languages-words": by_address("/admin/languages/?matter=words"),
    "answers-form": by_address("/admin/languages/answers/"),
    "answers": answers,
    "file-add": file_form,
    "file": by_address("/admin/mous/moufile/{file.pk}/change/"),
    "files-public": public_files,
    "since": by_address("/admin/meetings/meeting/{meeting.pk}/desk/since/?earlier={held.pk}&later="),
    "briefing": by_address("/admin/meetings/meeting/{meeting.pk}/desk/briefing/"),
    "reconciliation": by_address("/admin/reports/reconciliation/"),
    "mou": by_address("/admin/mous/mou/{mou.pk}/change/"),
    "actions": by_address("/admin/meetings/action/"),
    "action": by_address("/admin/meetings/action/{action.pk}/change/"),
    "action-follow-up": by_address("/admin/meetings/action/{action.pk}/follow-up/"),
    "desk-actions": by_address("/admin/meetings/meeting/{held.pk}/desk/actions/"),
    "mails": by_address("/admin/outbox/mail/"),
    "mail": by_address("/admin/outbox/mail/{mail.pk}/change/"),
    "record-of-meeting": by_address(MEETINGS + "{minuted.pk}/desk/record/"),
    "record-refused": record_refused,
    "minutes": by_address(MEETINGS + "{minuted.pk}/desk/minutes/"),
    "minutes-upload": by_address(MEETINGS + "{minuted.pk}/desk/record/upload/"),
    "minutes-mark": by_address(MEETINGS + "{minuted.pk}/desk/record/mark/{paper.pk}/"),
    "record-frozen": by_address(MEETINGS + "{frozen.pk}/desk/record/"),
    "delete": by_address(PROJECTS + "{draft.pk}/delete/"),
    "desk-agenda": by_address("/admin/meetings/meeting/{meeting.pk}/desk/agenda/"),
    "desk-delegations": by_address("/admin/meetings/meeting/{meeting.pk}/desk/delegations/"),
    "desk-packet": by_address("/admin/meetings/meeting/{meeting.pk}/desk/packet/"),
    "refused": refused,
    "conflict": conflict,
    "deliverables": by_address(MEETINGS + "{listed.pk}/desk/deliverables/"),
    "outcome": by_address(MEETINGS + "{listed.pk}/desk/deliverables/outcome/"),
    "lapsed": lapsed,
}
OFFICER |= {
    "update-round-open": by_address("/admin/meetings/meeting/{meeting.pk}/desk/updates/"),
    "update-round": by_address("{round_at}/updates/"),
    "update-request": by_address("{round_at}/updates/project/{asked.pk}/"),
    "update-answer": by_address("{round_at}/updates/answer/{given.pk}/"),
    "update-form": by_address("{form_at}"),
    "progress-annex": by_address("{round_at}/progress/"),
    "contact": by_address("/admin/projects/contact/add/"),
}
OFFICER |= {
    "inquiries": by_address("/admin/reports/inquiries/"),
    "inquiry-ask": by_address("/admin/reports/inquiries/ask/"),
}
INQUIRY = "/admin/reports/inquiries/{inquiry.reference}/"
INQUIRED = "?count=projects&count=mous&track=jic&records=both_sides&by=side&as_at=2025-01-31&projects-tier=key"
MANAGERS = {
    "inquiry-asked": by_address("/admin/reports/inquiries/ask/" + INQUIRED),
    "inquiry": by_address(INQUIRY),
    "inquiry-now": by_address(INQUIRY + "now/"),
    "report-portfolio": by_address("/admin/reports/portfolio/?unpublished=on&uncounted=on"),
    "report-portfolio-list": by_address("/admin/reports/portfolio/?rows=projects&unpublished=on&uncounted=on"),
    "report-partners": by_address("/admin/reports/partners/?unpublished=on&since=yesterday"),
    "report-mous": by_address("/admin/reports/mou-states/?unpublished=on"),
    "report-no-news": by_address("/admin/reports/no-news/?unpublished=on"),
    "report-not-on-record": by_address("/admin/reports/not-on-record/?unpublished=on"),
    "report-work": by_address("/admin/reports/work-waiting/"),
    "minutes-frozen": by_address(MEETINGS + "{frozen.pk}/desk/minutes/"),
    "manager-published": by_address(PROJECTS + "{known.pk}/change/"),
    "manager-review": by_address(PROJECTS + "{waiting.pk}/change/"),
    "release": by_address("/admin/meetings/meeting/{meeting.pk}/desk/release/"),
    "in-release": by_address("/admin/mous/mou/{going.pk}/change/"),
    "manager-withdrawn": by_address(PROJECTS + "{gone.pk}/change/"),
    "proposals": by_address("/admin/publishing/proposedchange/"),
    "proposal": by_address("/admin/publishing/proposedchange/{proposal.pk}/change/"),
    "duplicates": by_address(BODIES + "duplicates/"),
    "merge": by_address(BODIES + "merge/{keppel.pk}/{twin.pk}/"),
    "merge-confirm": by_address(BODIES + "merge/{keppel.pk}/{twin.pk}/confirm/"),
    "merges": merges,
    "merge-undo": merge_undo,
}
