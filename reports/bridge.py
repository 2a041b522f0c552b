"""The bridge: organisations of both sides in two lists, and a curve for each project between them.

The arithmetic is that of the visual reference. Rows have equal height, so row i of n has its middle at
(i + 0.5) / n; the page and the file for download use the same fractions.
"""

from dataclasses import dataclass

from organisations.models import Organisation
from projects.models import Project
from publishing.bilingual import page_suffix

# Above this many rows the right side is ordered by where its partners stand, so that fewer curves cross.
MANY_ROWS = 40
NOBODY = None

# The file for download, in units of its viewBox.
PITCH, TOP, WIDTH, LEFT, RIGHT, FOOT = 36, 64, 1200, 410, 710, 24


@dataclass(frozen=True)
class Curve:
    project: Project
    left: Organisation | None
    right: Organisation | None
    shape: str
    file_shape: str

    @property
    def pillar(self) -> int:
        """Return the position of the pillar, 0 for none: the curve is then drawn in ink."""
        return self.project.pillar.position if self.project.pillar else 0


@dataclass(frozen=True)
class Row:
    organisation: Organisation | None
    y: str  # its middle in the file for download


@dataclass(frozen=True)
class Bridge:
    left: list[Row]
    right: list[Row]
    curves: list[Curve]
    # Projects that name nobody on either side: in the table, not in the figure.
    unnamed: list[Project]
    height: int
    lower: int  # where the file's list ends


def number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _named(project: Project, side: str) -> list[Organisation | None]:
    found = [partner.organisation for partner in project.partners.all() if partner.side == side]
    return found or [NOBODY]


def _key(organisation: Organisation | None) -> tuple[bool, str]:
    """Order by name in the page's language; "no partner named" comes last."""
    return (organisation is NOBODY, getattr(organisation, f"sort_{page_suffix()}", ""))


def _order(pairs: list[tuple]) -> tuple[list, list]:
    """Return both sides' rows in order: the left by pillar of the first project, then by name."""
    first: dict = {}
    for project, left, _right in pairs:
        position = project.pillar.position if project.pillar else 99
        first[left] = min(first.get(left, 99), position)
    lefts = sorted(first, key=lambda one: (one is NOBODY, first[one], _key(one)))
    rank = {one: at for at, one in enumerate(lefts)}
    rights = sorted({right for _project, _left, right in pairs}, key=_key)
    if len(rights) > MANY_ROWS:
        mean = {
            one: sum(ranks) / len(ranks)
            for one in rights
            if (ranks := [rank[left] for _project, left, right in pairs if right == one])
        }
        rights.sort(key=lambda one: (one is NOBODY, mean[one]))
    return lefts, rights


def bridge(projects: list[Project], sides: list[str]) -> Bridge:
    """Return the figure of `projects`, each with pillar and partners' organisations fetched.

    `sides` are the left and the right side. A project with several partners gives a curve for each pair.
    """
    first, second = sides
    pairs, unnamed = [], []
    for project in projects:
        lefts, rights = _named(project, first), _named(project, second)
        if lefts == rights == [NOBODY]:
            unnamed.append(project)
        else:
            pairs += [(project, left, right) for left in lefts for right in rights]
    lefts, rights = _order(pairs)
    height = PITCH * max(len(lefts), len(rights), 1)
    at_left = {one: (at + 0.5) / len(lefts) for at, one in enumerate(lefts)}
    at_right = {one: (at + 0.5) / len(rights) for at, one in enumerate(rights)}
    middle = (LEFT + RIGHT) // 2
    curves = []
    for project, left, right in pairs:
        a, b = number(100 * at_left[left]), number(100 * at_right[right])
        y, z = number(TOP + height * at_left[left]), number(TOP + height * at_right[right])
        shape = f"M0 {a}C50 {a} 50 {b} 100 {b}"
        curves.append(Curve(project, left, right, shape, f"M{LEFT} {y}C{middle} {y} {middle} {z} {RIGHT} {z}"))
    return Bridge(
        [Row(one, number(TOP + height * at_left[one])) for one in lefts],
        [Row(one, number(TOP + height * at_right[one])) for one in rights],
        curves,
        unnamed,
        height + TOP + FOOT,
        height + TOP,
    )
