"""Where the strokes of the column and line figures fall, in units of their viewBoxes."""

from dataclasses import dataclass

from reports.statistics import AtMeeting, Moment

# Columns: one strip for each project, on a pitch of 18 units where there is room.
WIDTH, BASELINE, PITCH, TALLEST, GAP = 800, 300, 18, 270, 12
# Lines: the plot's edges.
PLOT_LEFT, PLOT_RIGHT, PLOT_TOP, PLOT_BOTTOM = 40, 760, 20, 260


@dataclass(frozen=True)
class Column:
    at: AtMeeting
    x: int
    width: int
    middle: int
    strips: list[tuple[int, int]]  # (y, position of the pillar)
    strip_height: int
    hatched: tuple[int, int] | None  # (y, height) of what was announced and is not on record here
    top: int


def columns(rows: list[AtMeeting]) -> list[Column]:
    """Return the columns of "projects by meeting", recorded strips from the bottom, the rest hatched."""
    most = max((max(row.recorded, row.announced or 0) for row in rows), default=1) or 1
    pitch = max(1, min(PITCH, TALLEST // most))
    step = WIDTH // max(len(rows), 1)
    found = []
    for at, row in enumerate(rows):
        positions = [position for position, count in row.by_pillar for _ in range(count)]
        strips = [(BASELINE - pitch * (n + 1), position) for n, position in enumerate(positions)]
        top = BASELINE - pitch * (row.recorded + row.unrecorded)
        hatched = (top, pitch * row.unrecorded - 4) if row.unrecorded else None
        width = step - GAP
        found.append(
            Column(row, at * step, width, at * step + width // 2, strips, max(1, pitch - 4), hatched, top)
        )
    return found


@dataclass(frozen=True)
class Line:
    name: str
    points: list[tuple[int, int, int]]  # (x, y, value)
    announced: list[tuple[int, int, int]]

    @property
    def path(self) -> str:
        return "M" + "L".join(f"{x} {y}" for x, y, _value in self.points)


def lines(moments: list[Moment]) -> list[Line]:
    """Return the lines of "growth over time": recorded projects and MOUs, with announced totals as points."""
    if len(moments) < 2:
        return []
    first, days = moments[0].on, (moments[-1].on - moments[0].on).days or 1
    values = [
        v for m in moments for v in (m.projects.value, m.mous.value, m.projects_announced, m.mous_announced)
    ]
    most = max(value for value in values if value is not None) or 1

    def point(moment: Moment, value: int) -> tuple[int, int, int]:
        x = PLOT_LEFT + (PLOT_RIGHT - PLOT_LEFT) * (moment.on - first).days // days
        return x, PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * value // most, value

    return [
        Line(
            name,
            [point(moment, getattr(moment, name).value) for moment in moments],
            [
                point(moment, value)
                for moment in moments
                if (value := getattr(moment, f"{name}_announced")) is not None
            ],
        )
        for name in ("projects", "mous")
    ]
