"""What a page is, in the words of schema.org: one function for each kind of page, each returning a dict.

Keys are schema.org's; what is not on record is left out. `url` makes a path absolute.
"""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiative.dates import show_iso
from listing.exports import CONTENT_TYPES, format_names
from meetings.models import Meeting
from mous.models import MOU
from organisations.models import Organisation
from projects.models import Project
from publishing.addresses import html_language, notice
from publishing.models import Publishable

URL = Callable[[str], str]

ORGANISATION_TYPES = {
    Organisation.Kind.GOVERNMENT: "GovernmentOrganization",
    Organisation.Kind.STATUTORY_BOARD: "GovernmentOrganization",
    Organisation.Kind.UNIVERSITY: "CollegeOrUniversity",
    Organisation.Kind.RESEARCH: "ResearchOrganization",
}
EVENT_STATUS = {
    Meeting.Phase.PLANNED: "https://schema.org/EventScheduled",
    Meeting.Phase.HELD: "https://schema.org/EventScheduled",
    Meeting.Phase.POSTPONED: "https://schema.org/EventPostponed",
    Meeting.Phase.CANCELLED: "https://schema.org/EventCancelled",
}
ATTENDANCE_MODES = {
    Meeting.Format.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    Meeting.Format.VIRTUAL: "https://schema.org/OnlineEventAttendanceMode",
    Meeting.Format.HYBRID: "https://schema.org/MixedEventAttendanceMode",
}


def filled(**values) -> dict:
    """Return the values that there are; a leading `at_` stands for the `@` of JSON-LD."""
    return {key.replace("at_", "@", 1): value for key, value in values.items() if value}


def iso(record, name: str) -> str:
    """Return a date of a record as 2023-12-14, 2023-12 or 2023, or ""."""
    date = getattr(record, name)
    return show_iso(date, getattr(record, f"{name}_precision")) if date else ""


def name_of(record: Publishable) -> str:
    return record.name if isinstance(record, Organisation) else record.title


def both_names(record: Publishable) -> dict:
    """Return name, in the page's language where there is one, and alternateName."""
    field = "name" if isinstance(record, Organisation) else "title"
    if isinstance(record, Meeting):
        texts = [record.title_in("en"), record.title_in("zh")]
    else:
        texts = [getattr(record, f"{field}_en"), getattr(record, f"{field}_zh")]
    name = str(name_of(record))
    return {"name": name} | filled(alternateName=[text for text in texts if text and text != name])


def linked(organisation: Organisation, url: URL) -> dict:
    """Return an organisation as another record names it."""
    return filled(at_type="Organization", name=str(organisation.name), url=url(organisation.get_absolute_url()))


def identified(record: Publishable, kind: str, url: URL) -> dict:
    """Return what every record says: its type, names, reference and address."""
    return (
        {"@type": kind}
        | both_names(record)
        | filled(identifier=record.reference, url=url(record.get_absolute_url()))
    )


def organisation(record: Organisation, url: URL) -> dict:
    """https://schema.org/Organization"""
    kind = ORGANISATION_TYPES.get(record.kind, "Organization")
    found = identified(record, kind, url)
    others = [other.name for other in record.names.all() if other.name not in found.get("alternateName", [])]
    return found | filled(
        alternateName=found.get("alternateName", []) + others,
        description=str(record.summary),
        sameAs=record.website,
        parentOrganization=linked(record.parent, url) if record.parent else None,
    )


def meeting(record: Meeting, url: URL) -> dict:
    """https://schema.org/Event"""
    place = filled(at_type="Place", name=str(record.venue or record.city), address=str(record.city))
    return identified(record, "Event", url) | filled(
        startDate=iso(record, "starts_on"),
        endDate=iso(record, "ends_on"),
        eventStatus=EVENT_STATUS[Meeting.Phase(record.phase)],
        eventAttendanceMode=ATTENDANCE_MODES.get(record.format),
        location=place if record.venue or record.city else None,
        description=str(record.outcome),
    )


def mou(record: MOU, url: URL) -> dict:
    """https://schema.org/CreativeWork"""
    return identified(record, "CreativeWork", url) | filled(
        genre=record.get_instrument_display(),
        dateCreated=iso(record, "signed_on"),
        description=str(record.summary),
        contributor=[linked(row.organisation, url) for row in record.signatories.all()],
    )


def project(record: Project, url: URL) -> dict:
    """https://schema.org/Project"""
    return identified(record, "Project", url) | filled(
        description=str(record.summary),
        foundingDate=iso(record, "started_on"),
        dissolutionDate=iso(record, "ended_on"),
        member=[linked(row.organisation, url) for row in record.partners.all()],
    )


RECORDS = {Organisation: organisation, Meeting: meeting, MOU: mou, Project: project}


def list_of(record: Publishable) -> tuple[str, str]:
    """Return title and path of the list that a record is in."""
    meta = record._meta
    return capfirst(str(meta.verbose_name_plural)), reverse(f"{meta.app_label}:list")


def breadcrumbs(record: Publishable, url: URL) -> dict:
    """https://schema.org/BreadcrumbList"""
    steps = [list_of(record), (str(name_of(record)), record.get_absolute_url())]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url(path)}
            for position, (name, path) in enumerate(steps, 1)
        ],
    }


def described_list(listing) -> str:
    """Return one sentence on a list, for search engines."""
    return _("%(title)s on record here, to filter and to download as CSV, Excel and JSON.") % {
        "title": listing.title
    }


def dataset(listing, url: URL) -> dict:
    """https://schema.org/Dataset: a list, with its files as DataDownload."""
    return filled(
        at_type="Dataset",
        name=str(listing.title),
        description=described_list(listing),
        url=url(reverse(f"{listing.name}:list")),
        inLanguage=["en", "zh-Hans"],
        isAccessibleForFree=True,
        creditText=notice(),
        distribution=[
            {
                "@type": "DataDownload",
                "name": str(label),
                "encodingFormat": CONTENT_TYPES[suffix].partition(";")[0],
                "contentUrl": url(reverse(f"{listing.name}:export", args=[suffix])),
            }
            for suffix, label in format_names()
        ],
    )


def website(url: URL) -> dict:
    """https://schema.org/WebSite, with how to search it."""
    language = get_language()
    return filled(
        at_type="WebSite",
        name=settings.SITE_NAMES[language],
        url=url(reverse("home")),
        inLanguage=html_language(language),
        creditText=notice(),
        potentialAction={
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{url(f'/{language}/search/')}?q={{term}}",
            },
            "query-input": "required name=term",
        },
    )
