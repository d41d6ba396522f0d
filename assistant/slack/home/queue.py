"""The queue in App Home: counts, filters, and an entry for each draft; pure functions to Block Kit.

What somebody chose to see in their App Home: filters of the queue, its order, a page, and a week.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from assistant.alerts.crises import show_duration
from assistant.domain import DraftStatus, Urgency
from assistant.replies.tables.review import QueuedDraft
from assistant.reports.digest import name_language, name_network
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_context,
    build_header,
    build_section,
    cut,
    escape_line,
    name_person,
)

HOME_CHOOSE = "home_choose"
OPEN_SEVERAL = "home_several"
_LEAST_SEVERAL = 2
_VALUE_CHARACTERS = 75
_NO_FILTERS = ("week", "figures", "setup")
OPEN = "open"


class Show(StrEnum):
    """The drafts to show."""

    ALL = "all"
    MINE = "mine"
    SECOND = "second"
    FREE = "free"
    LEAVING = "leaving"


class Order(StrEnum):
    """The order in which they are shown."""

    OLDEST = "oldest"
    URGENT = "urgent"


class HomeView(StrEnum):
    """A person's view of their App Home."""

    THIS = "this"
    LAST = "last"


@dataclass(frozen=True)
class HomeChoice:
    """`network`, `urgency` and `language` are values of options, empty for all; pages are counted from 0.

    `figures` and `setup` are parts of the Home, OPEN while they are shown whole.
    """

    show: str = Show.ALL
    network: str = ""
    urgency: str = ""
    language: str = ""
    order: str = Order.URGENT
    page: int = 0
    week: str = HomeView.THIS
    figures: str = ""
    setup: str = ""

    @property
    def is_filtered(self) -> bool:
        """Return whether some drafts are left out."""
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
            return replace(HomeChoice(), **{name: getattr(self, name) for name in ("order", *_NO_FILTERS)})
        if field not in {one.name for one in fields(self)}:
            return self
        cleared = "" if value == Show.ALL and field != "show" else value
        return HomeChoice(**{**asdict(self), "page": self.page if field in _NO_FILTERS else 0, field: cleared})


def read_choice(kept: Mapping[str, Any]) -> HomeChoice:
    """Read a kept choice; a field of an older or newer Earshot is ignored."""
    names = {one.name: type(one.default) for one in fields(HomeChoice)}
    return HomeChoice(**{name: value for name, value in kept.items() if name in names})


def to_value(name: str) -> str:
    """A network or a language as the value of an option, which Slack limits."""
    if name and len(name) <= _VALUE_CHARACTERS and name != Show.ALL:
        return name
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def select_waiting(waiting: list[QueuedDraft], choice: HomeChoice, user: str) -> list[QueuedDraft]:
    """Those that fit, in the order that was chosen; `waiting` has the urgent ones first, then the oldest."""
    chosen = [one for one in waiting if fits(one, choice.show, user) and _fits_filters(one, choice)]
    if choice.order == Order.OLDEST:
        chosen.sort(key=lambda one: one.posted_at)
    return chosen


def fits(one: QueuedDraft, show: str, user: str) -> bool:
    """Return whether a draft is among those to show."""
    is_pending = one.status is DraftStatus.PENDING
    return {
        Show.MINE: is_pending and one.claimed_by == user,
        Show.SECOND: is_pending and bool(one.first_by),
        Show.FREE: is_pending and not one.claimed_by,
        Show.LEAVING: not is_pending,
    }.get(Show(show) if show in set(Show) else Show.ALL, True)


def _fits_filters(one: QueuedDraft, choice: HomeChoice) -> bool:
    return (
        choice.network in ("", to_value(one.network))
        and choice.urgency in ("", one.urgency)
        and choice.language in ("", to_value(one.language))
    )


ENTRIES_A_PAGE = 15
OPEN_CARD = "open_card"
_POST_CHARACTERS = 240
_LABEL_CHARACTERS = 60
_MOST_OPTIONS = 98  # of Slack's 100; one is `all`, one may be what was chosen and is not there any more
_SHOWN = {
    Show.ALL: "Everything",
    Show.MINE: "Mine",
    Show.SECOND: "Waiting for a second approver",
    Show.FREE: "Unassigned",
    Show.LEAVING: "Approved, not sent yet",
}
_URGENCIES = {Urgency.HIGH: "high", Urgency.RAISED: "raised", Urgency.NORMAL: "normal"}
_MARKS = {Urgency.HIGH: ":red_circle: *urgent* · ", Urgency.RAISED: ":large_orange_circle: *medium priority* · "}
_STATES = {
    DraftStatus.APPROVED: "Approved, not sent yet",
    DraftStatus.SENDING: "Being sent",
    DraftStatus.UNKNOWN: "Not yet known whether it arrived",
}
Link = Callable[[QueuedDraft], str]
"""The address of a draft's card; empty where there is none."""


def build_queue_blocks(
    waiting: list[QueuedDraft], choice: HomeChoice, user: str, link: Link, now: datetime
) -> list[Block]:
    """The queue as one reviewer chose to see it."""
    blocks = [build_header("Replies that wait"), _build_counts(waiting, user, now)]
    if not waiting:
        return blocks
    chosen = select_waiting(waiting, choice, user)
    pages = max(1, -(-len(chosen) // ENTRIES_A_PAGE))
    page = min(choice.page, pages - 1)
    shown = chosen[page * ENTRIES_A_PAGE : (page + 1) * ENTRIES_A_PAGE]
    blocks.append(_build_filters(waiting, choice, user))
    if not shown:
        blocks.append(build_section("No draft matches these filters."))
    blocks += [_build_entry(one, link(one), now) for one in shown]
    return [*blocks, *_build_paging(page, pages, len(chosen))]


def _build_counts(waiting: Sequence[QueuedDraft], user: str, now: datetime) -> Block:
    """The counts, and beside them the way to reject several."""
    section = build_section(tell_counts(waiting, user, now))
    if sum(one.status is DraftStatus.PENDING for one in waiting) < _LEAST_SEVERAL:
        return section
    return {**section, "accessory": build_button("Reject several…", OPEN_SEVERAL, "several")}


def tell_counts(waiting: Sequence[QueuedDraft], user: str, now: datetime) -> str:
    """Say how many wait, for what, and since when."""
    pending = [one for one in waiting if one.status is DraftStatus.PENDING]
    if not waiting:
        return "Nothing is waiting."
    oldest = min(one.posted_at for one in waiting)
    parts = [
        f"*{len(pending)}* {'waits' if len(pending) == 1 else 'wait'} for a decision",
        f"*{sum(one.urgency is Urgency.HIGH for one in pending)}* urgent",
        f"*{_count(waiting, Show.MINE, user)}* mine" if user else "",
        f"*{_count(waiting, Show.SECOND, user)}* for a second approver",
        f"*{_count(waiting, Show.LEAVING, user)}* approved, not sent yet",
        f"the oldest post is {_show_age(oldest, now)} old",
    ]
    return " · ".join(part for part in parts if part)


def _count(waiting: Sequence[QueuedDraft], show: Show, user: str) -> int:
    return sum(fits(one, show, user) for one in waiting)


def _build_filters(waiting: list[QueuedDraft], choice: HomeChoice, user: str) -> Block:
    shows = [(f"{label} ({_count(waiting, show, user)})", str(show)) for show, label in _SHOWN.items()]
    urgencies = [
        ("Any urgency", str(Show.ALL)),
        *((f"Urgency: {label}", str(urgency)) for urgency, label in _URGENCIES.items()),
    ]
    networks = _list_options(Counter(one.network for one in waiting), "Every network", name_network, choice.network)
    languages = _list_options(Counter(one.language for one in waiting), "Every language", _name_tongue, choice.language)
    orders = [("Most urgent first", str(Order.URGENT)), ("Oldest first", str(Order.OLDEST))]
    elements = [
        _build_select("show", "Which drafts", shows, choice.show),
        _build_select("network", "Network", networks, choice.network),
        _build_select("urgency", "Urgency", urgencies, choice.urgency),
        _build_select("language", "Language", languages, choice.language),
        _build_select("order", "Order", orders, choice.order),
    ]
    if choice.is_filtered:
        elements.append(build_button("Show everything", f"{HOME_CHOOSE}.reset", "reset"))
    # Slack keeps what somebody chose as long as a block's id stays: with another id, `Show everything` shows it too.
    return {"type": "actions", "block_id": f"queue-filters-{choice.key}", "elements": elements}


def _list_options(counted: Counter[str], every: str, tell: Callable[[str], str], chosen: str) -> list[tuple[str, str]]:
    options = [(f"{cut(tell(name), _LABEL_CHARACTERS)} ({n})", to_value(name)) for name, n in counted.most_common()]
    options = options[:_MOST_OPTIONS]
    if chosen and chosen not in {value for _, value in options}:
        options.append((f"{cut(tell(chosen), _LABEL_CHARACTERS)} (0)", chosen))
    return [(every, str(Show.ALL)), *options]


def _build_select(field: str, label: str, offered: Sequence[tuple[str, str]], chosen: str) -> Block:
    options = [{"text": {"type": "plain_text", "text": text, "emoji": False}, "value": v} for text, v in offered]
    wanted = chosen or str(Show.ALL)
    initial = next((option for option in options if option["value"] == wanted), options[0])
    return {
        "type": "static_select",
        "action_id": f"{HOME_CHOOSE}.{field}",
        "placeholder": {"type": "plain_text", "text": label},
        "options": options,
        "initial_option": initial,
    }


def _build_entry(one: QueuedDraft, url: str, now: datetime) -> Block:
    about = " · ".join(
        escape_line(part, _LABEL_CHARACTERS)
        for part in (name_network(one.network), _name_tongue(one.language), f"{_show_age(one.posted_at, now)} old")
    )
    author = escape_line(one.author, _LABEL_CHARACTERS) or "somebody"
    lines = [
        f"{_MARKS.get(one.urgency, '')}*Draft {one.draft_id}* · {author} · {about}",
        f"> {escape_line(one.text, _POST_CHARACTERS) or '(no words)'}",
        _tell_state(one, bool(url)),
    ]
    section = {**build_section("\n".join(lines)), "block_id": f"draft-{one.draft_id}"}
    if not url:
        return section
    button = build_button(
        "Open the card", OPEN_CARD, str(one.draft_id), spoken=f"Open the card of draft {one.draft_id}"
    )
    return {**section, "accessory": {**button, "url": url}}


def _tell_state(one: QueuedDraft, has_card: bool) -> str:
    parts = [f"{name_person(one.claimed_by)} is working on it"] if one.claimed_by else []
    if one.first_by:
        parts.append(f"{name_person(one.first_by)} approved it first, a second approver has to as well")
    if one.status is not DraftStatus.PENDING:
        parts = [_STATES.get(one.status, one.status)]
    parts = parts or ["Unassigned"]
    if not has_card:
        parts.append("its card isn't in the review channel")
    return " · ".join(parts)


def _build_paging(page: int, pages: int, number: int) -> list[Block]:
    if pages == 1:
        return []
    first, last = page * ENTRIES_A_PAGE + 1, min(number, (page + 1) * ENTRIES_A_PAGE)
    buttons = []
    if page > 0:
        buttons.append(build_button("◀ Before", f"{HOME_CHOOSE}.page", str(page - 1), spoken="The page before"))
    if page < pages - 1:
        after = build_button("Next ▶", f"{HOME_CHOOSE}.page", str(page + 1), spoken="The next page")
        buttons.append({**after, "action_id": f"{HOME_CHOOSE}.page.next"})
    told = build_context(f"{first:,} to {last:,} of {number:,}, page {page + 1} of {pages}")
    return [told, {"type": "actions", "block_id": f"queue-pages-{page}", "elements": buttons}]


def _name_tongue(code: str) -> str:
    return name_language(code) if code else "language not known"


def _show_age(since: datetime, now: datetime) -> str:
    """The largest unit alone: a queue is read at a glance."""
    told = show_duration(max(now - since, timedelta()))
    return told if told.startswith("less") else " ".join(told.split()[:2])
