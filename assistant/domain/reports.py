"""What managers read: numbers of a week, a month or a quarter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Value = float | int | str | None


@dataclass(frozen=True)
class Figure:
    """One number of the Digest: `query` with the bound `values` gives it, `posts_query` the ids of the posts behind it.

    `low` and `high` are the ends of its 95 % error bar, where one is known. `before` is the same number of the period
    before, counted on the networks that were heard in both alike; `compared` is this period's number on those networks.
    """

    name: str
    value: Value
    unit: str
    query: str
    period: str = ""
    coverage: str = ""
    posts_query: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    low: float | None = None
    high: float | None = None
    before: float | None = None
    compared: float | None = None

    @property
    def change(self) -> float | None:
        """How much more than before, on the networks that can be compared; None where none can."""
        if self.before is None or self.compared is None:
            return None
        return round(self.compared - self.before, 2)


@dataclass(frozen=True)
class Period:
    """A stretch of time in the company's time zone: `start_at` included, `end_at` not, both aware UTC.

    `label` tells its kind: an ISO week is `2026-W46`, a month `2026-11`, a quarter `2026-Q4`.
    """

    label: str
    start_at: datetime
    end_at: datetime
