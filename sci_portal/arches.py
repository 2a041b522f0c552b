"""The figure of the home page: one half-ellipse for each project of a meeting, from foot to foot.

The arithmetic is that of the visual reference: feet 26 units apart, closer where there are more than 16.
"""

from dataclasses import dataclass

WIDTH, WATERLINE, EDGE = 1200, 230, 8
STEP, MOST_AT_STEP, ROOM, FLATNESS = 26, 16, 420, 0.36


@dataclass(frozen=True)
class Arches:
    paths: list[dict]
    left: list[str]
    right: list[str]
    open_feet: list[str]
    width: int = WIDTH
    waterline: int = WATERLINE


def _figure(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")


def _partner(project, side: str):
    """Return the first partner of a side, or a key of the project's own where none is on record."""
    names = [partner.organisation for partner in project.partners.all() if partner.side == side]
    return names[0] if names else ("nobody", project.pk)


def arches(projects: list) -> Arches:
    """Return the figure for `projects`, each with its partners prefetched; both feet in their order."""
    left = list(dict.fromkeys(_partner(project, "singapore") for project in projects))
    right = list(dict.fromkeys(_partner(project, "shenzhen") for project in projects))
    most = max(len(left), len(right), 1)
    step = STEP if most <= MOST_AT_STEP else ROOM / most
    x1 = {key: EDGE + step * at for at, key in enumerate(left)}
    x2 = {key: WIDTH - EDGE - step * at for at, key in enumerate(right)}
    paths = []
    for project in projects:
        start, end = x1[_partner(project, "singapore")], x2[_partner(project, "shenzhen")]
        radius = (end - start) / 2
        foot = f"{_figure(start)} {WATERLINE}"
        shape = f"M{foot}A{_figure(radius)} {_figure(radius * FLATNESS)} 0 0 1 {_figure(end)} {WATERLINE}"
        paths.append({"project": project, "shape": shape})
    feet = [*x1.items(), *x2.items()]
    return Arches(
        paths,
        [_figure(x) for key, x in x1.items() if not isinstance(key, tuple)],
        [_figure(x) for key, x in x2.items() if not isinstance(key, tuple)],
        [_figure(x) for key, x in feet if isinstance(key, tuple)],
    )
