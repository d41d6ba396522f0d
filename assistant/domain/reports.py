"""Reports for managers: numbers of a week, a month or a quarter.

Which posts a summary is about: all, or those of a brand, a topic, some countries or a network.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from assistant.errors import InputError

Value = float | int | str | None


@dataclass(frozen=True)
class Figure:
    """One number of the Digest: `query` with the bound `values` gives it, `posts_query` the ids of the posts behind it.

    `low` and `high` are the ends of its 95 % error bar, where one is known. `before` is the same number of the period
    before, counted on the networks that were heard in both alike; `compared` is this period's number on those networks.
    `base` counts what a share or a median rests on.
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
    base: int | None = None

    @property
    def change(self) -> float | None:
        """Return the change against the period before, on comparable networks; None where there are none."""
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


_HOW = "Write it like topic=billing, country=DE,AT, brand=Larkspur or network=mastodon."
_MOST_CHARACTERS = 300  # it has to stand in a button of Slack

_COUNTRIES = {"UK": "GB", "EL": "GR"}  # as the European Union writes them


class ScopeKind(StrEnum):
    """Properties that the posts of a scope share."""

    BRAND = "brand"
    COUNTRY = "country"
    TOPIC = "topic"
    NETWORK = "network"


@dataclass(frozen=True)
class Scope:
    """Posts that share one of `names`: a region is some countries, by their codes in ISO 3166. No kind means all."""

    kind: ScopeKind | None = None
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`topic=billing`, as `read_scope` reads it; empty for everything."""
        return f"{self.kind}={','.join(self.names)}" if self.kind else ""


EVERYTHING = Scope()


def build_scope(kind: str, names: tuple[str, ...]) -> Scope:
    """A scope of names as people write them. Raises InputError."""
    if kind not in list(ScopeKind):
        raise InputError(f"There is no scope {kind}.", _HOW)
    found = tuple(dict.fromkeys(_spell(ScopeKind(kind), name) for name in names if name.strip()))
    if not found:
        raise InputError(f"The scope {kind} names nothing.", _HOW)
    if any(sign in name for name in found for sign in ",|") or sum(map(len, found)) > _MOST_CHARACTERS:
        raise InputError(f"The names of the scope {kind} are too long, or hold a comma or |.", _HOW)
    return Scope(ScopeKind(kind), found)


def read_scope(text: str) -> Scope:
    """`topic=billing`; everything where the text is empty. Raises InputError."""
    if not text.strip():
        return EVERYTHING
    kind, _, names = text.partition("=")
    return build_scope(kind.strip().lower(), tuple(names.split(",")))


def _spell(kind: ScopeKind, name: str) -> str:
    plain = " ".join(name.split())
    if kind is ScopeKind.COUNTRY:
        if len(plain) != 2 or not plain.isascii() or not plain.isalpha():
            raise InputError(f"{plain} is no country's code.", "Write two letters, such as DE or GB.")
        return _COUNTRIES.get(plain.upper(), plain.upper())
    return plain.lower() if kind is ScopeKind.NETWORK else plain
