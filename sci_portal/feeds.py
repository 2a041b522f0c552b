"""Atom feeds: new projects, new MOUs, those of one organisation, and the chronology.

An entry's id is a tag URI (RFC 4151) made from the record's reference: it outlives every address.
"""

import re
from collections.abc import Iterator

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Q
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import Side
from mous.models import MOU
from organisations.models import Organisation
from projects.models import Project
from publishing.addresses import absolute, authority, html_language, notice, updated_at
from publishing.models import Publishable
from publishing.templatetags.bilingual import marked
from publishing.views import RecordDetail
from sci_portal import chronology

# How many entries a feed holds: more than anything published at once.
MOST = 50
# The year in which tag URIs were first made here, as RFC 4151 wants one.
TAGGED_SINCE = "2026"
# What XML cannot hold, however it is escaped.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def writable(text) -> str:
    return _UNWRITABLE.sub("", str(text))


def names_by_side(rows) -> Iterator[tuple[str, str]]:
    """Yield (side, names) of the rows that join organisations to a record, in the order of the sides."""
    for side in settings.SIDE_ORDER[get_language()]:
        names = [marked(row.organisation.listed_name) for row in rows if row.side == side]
        if names:
            comma = pgettext("list", ", ")
            yield Side(side).label, format_html_join(comma, "{}", ((name,) for name in names))


def summary_of(record: Project | MOU) -> str:
    """Return, as HTML, what an entry says of a record: its parties, then its summary."""
    rows = record.partners.all() if isinstance(record, Project) else record.signatories.all()
    parties = [
        format_html(_("{label}: {values}"), label=label, values=values) for label, values in names_by_side(rows)
    ]
    summary = [marked(record.summary)] if record.summary else []
    return format_html_join("", "<p>{}</p>", ((line,) for line in [*parties, *summary]))


class AtomInTwoLanguages(Atom1Feed):
    """Atom whose entries say their language where it is not the feed's."""

    def item_attributes(self, item):
        return {"xml:lang": item["lang"]} if item["lang"] != self.feed["language"] else {}


class RecordFeed(Feed):
    """A feed of records; made anew for each request, because a feed says whole addresses."""

    feed_type = AtomInTwoLanguages
    # The URL's name, and the page that shows the same.
    name = ""
    page = ""

    def __init__(self, request):
        self.request = request
        self.language = html_language(get_language())

    def title(self, obj) -> str:
        return _("%(subject)s: %(site)s") % {
            "subject": writable(self.subject(obj)),
            "site": settings.SITE_NAMES[get_language()],
        }

    def subject(self, obj) -> str:
        """Return what the feed is of, in the page's language."""
        raise NotImplementedError

    def subtitle(self, obj) -> str | None:
        return notice() or None

    def author_name(self, obj) -> str:
        return settings.SITE_NAMES[get_language()]

    def link(self, obj) -> str:
        return absolute(self.request, reverse(self.page))

    def feed_url(self, obj) -> str:
        return absolute(self.request, self.request.path)

    def feed_guid(self, obj) -> str:
        return self.tag(self.name)

    def tag(self, specific: str) -> str:
        """Return a name that stays the same when addresses change; each language is an edition of its own."""
        return f"tag:{authority(self.request)},{TAGGED_SINCE}:{specific}/{self.language}"

    def item_title(self, item: Publishable) -> str:
        return writable(item.title)

    def item_description(self, item: Publishable) -> str:
        return writable(summary_of(item))

    def item_link(self, item: Publishable) -> str:
        return absolute(self.request, item.get_absolute_url())

    def item_guid(self, item: Publishable) -> str:
        return self.tag(item.reference)

    def item_pubdate(self, item: Publishable):
        return item.first_published_at

    def item_updateddate(self, item: Publishable):
        return updated_at(item)

    def item_extra_kwargs(self, item) -> dict:
        return {"lang": item.title.lang}


def newest(queryset):
    """Return the records last published for the first time."""
    return queryset.order_by("-first_published_at", "-reference_number")[:MOST]


def projects():
    return Project.objects.published().prefetch_related("partners__organisation")


def mous():
    return MOU.objects.published().prefetch_related("signatories__organisation")


class ProjectFeed(RecordFeed):
    name, page = "projects", "projects:list"

    def subject(self, obj):
        return _("New projects")

    def items(self, obj):
        return newest(projects())


class MOUFeed(RecordFeed):
    name, page = "mous", "mous:list"

    def subject(self, obj):
        return _("New MOUs")

    def items(self, obj):
        return newest(mous())


class OrganisationFeed(RecordFeed):
    """The projects and MOUs in which one organisation takes part, or which it leads."""

    def get_object(self, request, organisation):
        return organisation

    def subject(self, obj):
        return obj.name

    def link(self, obj):
        return absolute(self.request, obj.get_absolute_url())

    def feed_guid(self, obj):
        return self.tag(f"organisations/{obj.reference}")

    def items(self, obj):
        leads = Q(lead_singapore=obj) | Q(lead_shenzhen=obj)
        found = [
            *newest(projects().filter(leads | Q(pk__in=obj.partnerships.values("project")))),
            *newest(mous().filter(leads | Q(pk__in=obj.signatures.values("mou")))),
        ]
        return sorted(found, key=lambda record: record.first_published_at, reverse=True)[:MOST]


class ChronologyFeed(RecordFeed):
    """What happened when; the date stands in the title, because Atom's own dates are those of publishing."""

    name, page = "chronology", "chronology"

    def subject(self, obj):
        return chronology.TITLE

    def items(self, obj):
        return chronology.chronology()[:MOST]

    def item_title(self, item: chronology.Entry):
        return _("%(label)s: %(values)s") % {"label": item.when, "values": writable(item.title)}

    def item_description(self, item: chronology.Entry):
        about = item.record.title if item.kind == chronology.Kind.MILESTONE else item.note
        if not about:
            return format_html("<p>{}</p>", item.kind.label)
        line = format_html(_("{label}: {values}"), label=item.kind.label, values=marked(about))
        return writable(format_html("<p>{}</p>", line))

    def item_link(self, item: chronology.Entry):
        return super().item_link(item.record)

    def item_guid(self, item: chronology.Entry):
        return self.tag(f"{item.record.reference}/{item.key}")

    def item_pubdate(self, item: chronology.Entry):
        return item.record.first_published_at

    def item_updateddate(self, item: chronology.Entry):
        return updated_at(item.record)


def project_feed(request):
    return ProjectFeed(request)(request)


def mou_feed(request):
    return MOUFeed(request)(request)


def chronology_feed(request):
    return ChronologyFeed(request)(request)


class OrganisationFeedView(RecordDetail):
    """The feed of one organisation, under its reference: moved, gone or unknown as its page is."""

    model = Organisation

    def get_queryset(self):
        return Organisation.objects.published()

    def address(self, record):
        return reverse("organisation_feed", args=[record.reference])

    def render_to_response(self, context, **kwargs):
        return OrganisationFeed(self.request)(self.request, organisation=self.object)
