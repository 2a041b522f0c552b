"""Sheets of every kind for the tests of import and export, and a record with nothing left empty."""

import datetime

from django.apps import apps
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from accounts.models import Side
from initiative.models import Pillar, Sector
from listing.admin import SheetImportMixin
from meetings.models import Meeting
from publishing.authorship import acting
from tests.factories import make_meeting, make_mou, make_organisation, make_project, make_source
from tests.people import MANAGER, person

DAY = datetime.date(2023, 12, 14)
# What neither CSV nor Excel may bend: quotes, what looks like a formula, apostrophes, lines, Chinese.
HARD = '\'=“引号” "q", a; b'
HARDER = "=SUM(A1)\nsecond, “line”\n\n''=third 中文; end"


def every_sheet() -> list[tuple[str, type]]:
    """Return every resource of every admin with the path of the admin: ("projects/project", PartnerImport)."""
    return [
        (f"{model._meta.app_label}/{model._meta.model_name}", resource)
        for model, options in sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label)
        if isinstance(options, SheetImportMixin)
        for resource in options.resource_classes
    ]


def model_of(resource) -> str:
    return resource._meta.model._meta.model_name


def take(client, kind: str, resource, content: str, suffix: str):
    """Ask for a sheet as a file."""
    return client.get(f"/admin/{kind}/sheets/{model_of(resource)}-{content}.{suffix}")


def offer(client, kind: str, resource, file: bytes, name: str = "sheet.csv", **form):
    """Put a file into the import page for the rows of a resource; return the preview."""
    app, model = kind.split("/")
    options = admin.site._registry[apps.get_model(app, model)]
    place = options.resource_classes.index(resource)
    content = file.encode() if isinstance(file, str) else file
    data = {"import_file": SimpleUploadedFile(name, content), "resource": place} | form
    return client.post(f"/admin/{kind}/import/", data)


def _fill(instance) -> None:
    """Write hard text into every column of text that is still empty."""
    for field in instance._meta.concrete_fields:
        text = isinstance(field, (models.CharField, models.TextField)) and field.editable
        special = field.choices or isinstance(field, (models.SlugField, models.URLField, models.FileField))
        special = special or field.validators[:-1] or field.name in ("numeral", "annex_letter", "reference")
        if text and not special and not getattr(instance, field.name):
            hard = HARDER if isinstance(field, models.TextField) else HARD
            setattr(instance, field.name, f"{hard} {field.name}"[: field.max_length])
    instance.save()


def full_record() -> None:
    """Write a record of each kind, with rows of each kind, in which every column of every sheet is filled."""
    with acting(person(MANAGER)):
        _full_record()


def _full_record() -> None:
    parent = make_organisation("=Parent")
    keppel = make_organisation(
        HARD,
        name_zh="吉宝; “公司”",
        uen="196800351N",
        uscc="91110000600037341L",
        website="https://example.com/?a=1&b=“2”",
        kind="company",
        place="singapore",
        parent=parent,
    )
    _fill(keppel)
    name = keppel.names.create(name="@Former; 'name", kind="former", used_from=DAY, used_to=DAY)
    _fill(name)
    people = apps.get_model("organisations", "Person")
    tan = people.objects.create(name_en="Tan Wei", name_zh="陈伟")
    people.objects.create(name_en="Tan Wei", name_zh="陈威", suppressed=True)
    pillar, sectors = Pillar.objects.first(), Sector.objects.all()[:2]
    _fill(pillar)
    source = make_source(url="https://example.com/x", dated_on=DAY)
    _fill(source)
    page = apps.get_model("initiative", "Page")
    page.objects.create(slug="notes", title_en="=T", title_zh="注", body_en=HARDER, body_zh=HARDER)
    terms = apps.get_model("initiative", "Term")
    terms.objects.create(
        english="=word", chinese_singapore="词; 语", chinese_shenzhen="词", avoid="字", note=HARDER
    )
    meeting = _full_meeting(keppel, tan)
    mou = _full_mou(meeting, keppel, tan, pillar, sectors)
    project = make_project(
        "'=Twin",
        pillar=pillar,
        meeting=meeting,
        tier="key",
        annex_letter="B",
        annex_item=0,
        stage_as_of=DAY,
        started_on=DAY,
        targeted_on=DAY,
        ended_on=DAY,
        ended_on_precision="year",
        lead_singapore=keppel,
        lead_shenzhen=parent,
    )
    project.sectors.set(sectors)
    project.mous.set([mou])
    _fill(project)
    _fill(project.partners.create(organisation=keppel, side="singapore", position=1))
    _fill(project.milestones.create(title_en="=Step", due_on=DAY, reached_on=DAY))
    _fill(project.milestones.create(title_en="=Step", due_on=DAY))
    _fill(project.progress_reports.create(meeting=meeting, rating="at_risk"))
    for record in (keppel, meeting, mou, project):
        _fill(record.citations.create(source=source))


def _full_meeting(keppel, tan) -> Meeting:
    visit = make_meeting(kind="other", title_en="-A visit")
    _fill(visit)
    meeting = make_meeting(
        4,
        ends_on=DAY,
        announced_on=DAY,
        announced_on_precision="month",
        format="hybrid",
        host_side=Side.SHENZHEN,
    )
    _fill(meeting)
    attendance = meeting.attendances.create(person=tan, side="singapore", organisation=keppel, role="co_chair")
    _fill(attendance)
    item = meeting.agenda_items.create(
        position=3, kind="decision", title_en="=Item; “one”", owner_side="singapore"
    )
    _fill(item)
    _fill(meeting.decisions.create(number=1, agenda_item=item, owner_side="shenzhen"))
    action = meeting.actions.create(
        number=1,
        agenda_item=item,
        owner_side="singapore",
        organisation=keppel,
        due_on=DAY,
        due_meeting=visit,
        state="done",
        closed_on=DAY,
    )
    _fill(action)
    action.follow_up.create(text=HARDER, visibility="own_side", owner_side="singapore")
    figure = meeting.figures.create(measure="mous", tier="key", value=8, as_of=DAY)
    _fill(figure.citations.create(source=make_source()))
    return meeting


def _full_mou(meeting, keppel, tan, pillar, sectors):
    first = make_mou("+First")
    mou = make_mou(
        "+E-invoicing",
        (keppel, "singapore"),
        meeting=meeting,
        batch=2,
        pillar=pillar,
        effective_on=DAY,
        ends_on=datetime.date(2026, 12, 31),
        ends_on_precision="year",
        review_on=DAY,
        renews_automatically=True,
        renewal_months=12,
        notice_days=30,
        text_access="held",
        terminated_on=datetime.date(2025, 1, 2),
        superseded_on=datetime.date(2025, 1, 3),
        lead_singapore=keppel,
        lead_shenzhen=keppel,
    )
    mou.sectors.set(sectors)
    _fill(mou)
    _fill(mou.signatories.get())
    _fill(mou.signings.create(person=tan, side="singapore", organisation=keppel, position=1))
    mou.links.create(to_mou=first, kind="renews")
    return mou
