"""What somebody chose to see in their App Home: filters of the queue, its order, a page, and a week."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from assistant.domain import DraftStatus, Urgency
from assistant.replies.tables.queue import Waiting

HOME_CHOOSE = "home_choose"
_VALUE_CHARACTERS = 75


class Show(StrEnum):
    """Which drafts."""

    ALL = "all"
    MINE = "mine"
    SECOND = "second"
    FREE = "free"
    LEAVING = "leaving"


class Order(StrEnum):
    """Which of them first."""

    OLDEST = "oldest"
    URGENT = "urgent"


class Week(StrEnum):
    """Whose figures."""

    THIS = "this"
    LAST = "last"


@dataclass(frozen=True)
class HomeChoice:
    """`network`, `urgency` and `language` are values of options, empty for all; pages are counted from 0."""

    show: str = Show.ALL
    network: str = ""
    urgency: str = ""
    language: str = ""
    order: str = Order.OLDEST
    page: int = 0
    week: str = Week.THIS

    @property
    def is_filtered(self) -> bool:
        """Whether some drafts are left out."""
        return (self.show, self.network, self.urgency, self.language) != (Show.ALL, "", "", "")

    @property
    def key(self) -> str:
        """Tells two choices apart, in a few signs."""
        return hashlib.sha256(repr(asdict(self)).encode()).hexdigest()[:12]

    def to_plain(self) -> dict[str, str | int]:
        """As it is kept."""
        return asdict(self)

    def change(self, field: str, value: str) -> "HomeChoice":
        """Another value of one field, from its first page on; `all` of a filter leaves nothing out."""
        if field == "page":
            return replace(self, page=max(0, int(value)) if value.isdecimal() else 0)
        if field == "reset":
            return HomeChoice(order=self.order, week=self.week)
        if field not in {one.name for one in fields(self)}:
            return self
        cleared = "" if value == Show.ALL and field != "show" else value
        return HomeChoice(**{**asdict(self), "page": self.page if field == "week" else 0, field: cleared})


def read_choice(kept: Mapping[str, Any]) -> HomeChoice:
    """What was kept; a field that an older or newer Earshot had counts no more."""
    names = {one.name: type(one.default) for one in fields(HomeChoice)}
    return HomeChoice(**{name: value for name, value in kept.items() if name in names})


def to_value(name: str) -> str:
    """A network or a language as the value of an option, which Slack limits."""
    if name and len(name) <= _VALUE_CHARACTERS and name != Show.ALL:
        return name
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def select_waiting(waiting: list[Waiting], choice: HomeChoice, user: str) -> list[Waiting]:
    """Those that fit, in the order that was chosen; `waiting` has the oldest first."""
    chosen = [one for one in waiting if fits(one, choice.show, user) and _fits_filters(one, choice)]
    if choice.order == Order.URGENT:
        chosen.sort(key=lambda one: list(Urgency).index(one.urgency))  # a stable sort: the oldest of each stay first
    return chosen


def fits(one: Waiting, show: str, user: str) -> bool:
    """Whether a draft is among those to show."""
    is_pending = one.status is DraftStatus.PENDING
    return {
        Show.MINE: is_pending and one.claimed_by == user,
        Show.SECOND: is_pending and bool(one.first_by),
        Show.FREE: is_pending and not one.claimed_by,
        Show.LEAVING: not is_pending,
    }.get(Show(show) if show in set(Show) else Show.ALL, True)


def _fits_filters(one: Waiting, choice: HomeChoice) -> bool:
    return (
        choice.network in ("", to_value(one.network))
        and choice.urgency in ("", one.urgency)
        and choice.language in ("", to_value(one.language))
    )
