"""Search across everything: the records of every kind that hold a term, each with where it was found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from listing.filters import Listed, words_of
from listing.marking import marked, spans
from listing.views import ListingView
from meetings.views import MeetingList
from mous.views import MOUList
from organisations.models import Organisation
from organisations.views import OrganisationList
from projects.models import Project
from projects.views import ProjectList
from publishing.bilingual import LANGUAGE_TAGS, page_suffix

# How many records of each kind the page shows; the list of the kind has the rest.
SHOWN = 10


@dataclass(frozen=True)
class Said:
    """A text of a record that is searched: "Partner", Strides Digital, "former name", SMRT Services."""

    text: str
    lang: str
    role: str = ""
    of: str = ""  # the organisation, where the text is another of its names
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """A text in which a word was found, as HTML; `lang` only where it is not the page's."""

    said: Said
    html: SafeString
    lang: str


@dataclass(frozen=True)
class Hit:
    address: str
    title: Line
    code: SafeString
    lines: list[Line]


@dataclass(frozen=True)
class Group:
    """The records of one kind: "23 projects", the address of their list, the first few of them."""

    name: str
    title: str
    count: int
    counted: str
    address: str
    hits: list[Hit]
    is_cut: bool


def _in_both(record, *names: str) -> Iterator[Said]:
    """Yield texts of a record in both languages, the page's first."""
    for name in names:
        for suffix in sorted(LANGUAGE_TAGS, key=lambda suffix: suffix != page_suffix()):
            yield Said(getattr(record, f"{name}_{suffix}"), LANGUAGE_TAGS[suffix])


def _names(organisation: Organisation) -> Iterator[Said]:
    yield from _in_both(organisation, "name", "short_name")
    for other in organisation.names.all():
        lang = "zh-Hans" if other.language == "zh-hans" else "en"
        yield Said(other.name, lang, kind=capfirst(other.get_kind_display()))


def _party(role: str, organisation: Organisation, words: list[str]) -> Iterator[Said]:
    """Yield an organisation's name in lists, or the one of its other names that holds a word."""
    listed = organisation.listed_name
    if spans(listed, words):
        yield Said(listed, listed.lang, role)
        return
    for other in _names(organisation):
        if spans(other.text, words):
            yield replace(other, role=role, of=listed if other.kind else "")
            return


def _of_project(project: Project, words: list[str]) -> Iterator[Said]:
    yield from _in_both(project, "title", "summary")
    for partner in project.partners.all():
        yield from _party(_("Partner"), partner.organisation, words)


def _of_mou(mou, words: list[str]) -> Iterator[Said]:
    yield from _in_both(mou, "title", "summary")
    for signatory in mou.signatories.all():
        yield from _party(_("Signatory"), signatory.organisation, words)


def _of_organisation(organisation: Organisation, words: list[str]) -> Iterator[Said]:
    return _names(organisation)


def _of_meeting(meeting, words: list[str]) -> Iterator[Said]:
    for suffix, lang in LANGUAGE_TAGS.items():
        yield Said(meeting.title_in(suffix), lang)
    yield from _in_both(meeting, "city", "venue")


@dataclass(frozen=True)
class Kind:
    """A kind of record: its listing, what `said` reads of each record, and the attribute that heads it."""

    view: type[ListingView]
    said: Callable
    prefetch: tuple[str, ...] = ()
    title: str = "title"
    code: str = "reference"


KINDS = (
    Kind(ProjectList, _of_project, ("partners__organisation__names",)),
    Kind(MOUList, _of_mou, ("signatories__organisation__names",)),
    Kind(OrganisationList, _of_organisation, ("names",), title="name"),
    Kind(MeetingList, _of_meeting, code="code"),
)


def _line(said: Said, words: list[str], whole: bool = True) -> Line:
    lang = said.lang if said.lang != LANGUAGE_TAGS[page_suffix()] else ""
    return Line(said, marked(said.text, words, whole), lang)


def _hit(record, kind: Kind, words: list[str]) -> Hit:
    title = getattr(record, kind.title)
    seen, lines = {str(title)}, []
    for said in kind.said(record, words):
        if said.text not in seen and spans(said.text, words):
            seen.add(said.text)
            lines.append(_line(said, words, whole=False))
    code = marked(getattr(record, kind.code), words)
    return Hit(record.get_absolute_url(), _line(Said(title, title.lang), words), code, lines)


def _group(kind: Kind, term: str) -> Group | None:
    """Return the published records of a kind that hold the term, in the order of their list; None if none."""
    view = kind.view()
    rows = view.filterset_class(queryset=view.get_queryset())
    rows = rows.search(rows.queryset, term)
    count = rows.count()
    if not count:
        return None
    first = view.sorted(rows, by=view.default_sort).prefetch_related(*kind.prefetch)[:SHOWN]
    words = words_of(term)
    hits = [_hit(record, kind, words) for record in first]
    address = f"{reverse(f'{view.name}:list')}?{urlencode({'q': term})}"
    return Group(view.name, view.title, count, view.counted(count), address, hits, count > SHOWN)


def sentence(term: str, groups: list[Group]) -> str:
    """Return the result in words: "“data” found: 3 projects, 1 MOU"."""
    if not groups:
        return _("Nothing on record here matches “%(term)s”.") % {"term": term}
    counts = pgettext("list", ", ").join(group.counted for group in groups)
    return _("“%(term)s” found: %(counts)s") % {"term": term, "counts": counts}


def answer(asked: str) -> dict:
    """Return what the page of a search shows; a term is refused in the words of every list."""
    form = Listed({"q": asked}, queryset=Project.objects.none()).form
    if not form.is_valid():
        words = {"label": form.fields["q"].label}
        faults = [_("%(label)s: %(values)s") % (words | {"values": fault}) for fault in form.errors["q"]]
        return {"asked": asked, "faults": faults}
    term = form.cleaned_data["q"]
    if not term:
        return {"asked": ""}
    groups = [group for kind in KINDS if (group := _group(kind, term))]
    words = term.split()
    return {
        "asked": term,
        "term": term,
        "groups": groups,
        "sentence": sentence(term, groups),
        "single_words": list(dict.fromkeys(w for w in words if words_of(w))) if len(words) > 1 else [],
        "lists": [(kind.view.title, reverse(f"{kind.view.name}:list")) for kind in KINDS],
    }
