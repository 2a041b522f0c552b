"""What an inquiry asks, as plain data: it is stored with the answer, and fills the form again."""

import datetime
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

from django.utils.timezone import localtime

from initiative.counting import Counting


@dataclass(frozen=True)
class Asked:
    """The choices of an inquiry; `filters` are those of the public lists: kind to name to values.

    Two dates, kept apart: `as_at`, up to which facts are counted, and `recorded`, the moment whose record
    is asked, None for now.
    """

    kinds: tuple[str, ...]
    as_at: datetime.date
    recorded: datetime.datetime | None = None
    tracks: tuple[str, ...] = ("jic",)
    published: bool = True
    distinct: bool = True
    by: str = ""
    filters: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def counting(self, on: datetime.date | None) -> Counting:
        return Counting(tuple(self.tracks), self.published, self.distinct, on)

    def as_data(self) -> dict:
        """Return it as JSON holds it."""
        recorded = localtime(self.recorded).isoformat() if self.recorded else None
        return asdict(self) | {
            "kinds": list(self.kinds),
            "tracks": list(self.tracks),
            "as_at": self.as_at.isoformat(),
            "recorded": recorded,
        }

    @classmethod
    def from_data(cls, data: dict) -> "Asked":
        """Return what `as_data` made."""
        recorded = data["recorded"] and datetime.datetime.fromisoformat(data["recorded"])
        return cls(
            **data
            | {
                "kinds": tuple(data["kinds"]),
                "tracks": tuple(data["tracks"]),
                "as_at": datetime.date.fromisoformat(data["as_at"]),
                "recorded": recorded,
            }
        )

    def query(self) -> str:
        """Return it as the address of the form holds it."""
        pairs = [("count", kind) for kind in self.kinds] + [("track", track) for track in self.tracks]
        pairs += [("records", "published" if self.published else "both_sides"), ("by", self.by)]
        pairs += [("each", "on")] if not self.distinct else []
        pairs.append(("as_at", self.as_at.isoformat()))
        if self.recorded:
            pairs.append(("recorded", localtime(self.recorded).strftime("%Y-%m-%dT%H:%M:%S")))
        for kind, filters in self.filters.items():
            pairs += [(f"{kind}-{name}", value) for name, values in filters.items() for value in values]
        return urlencode(pairs)
