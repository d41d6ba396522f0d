"""What managers read: numbers of a week."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Figure:
    """One number of the Digest, with the query it came from and the posts behind it."""

    name: str
    value: float | int | str | None
    unit: str
    query: str
    mention_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Week:
    """An ISO week in the company's time zone: `start_at` included, `end_at` not, both aware UTC."""

    label: str
    start_at: datetime
    end_at: datetime
