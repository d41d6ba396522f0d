"""A crisis from its opening to its report: who is on it, what happened when, and replies that wait while it lasts.

A crisis as Markdown: what happened when, posts by hour, the posts most people saw, and the replies.

Alerts, series and lengths of time in words.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.alerts.crisis_tables import CrisisTables, HourCount
from assistant.alerts.tables import AlertTables
from assistant.core.database import Row, to_time
from assistant.core.prompts import Prompts
from assistant.domain import Alert, AlertKind, Crisis, CrisisEvent, Mention, Series
from assistant.domain.outside import drop_steering
from assistant.errors import EarshotError, InputError
from assistant.listening.tables.posts import MentionTables
from assistant.reports.digest import name_network

_KINDS = {AlertKind.SPIKE: "Spike", AlertKind.SLA: "Replies nearly late"}


def describe_series(series: Series) -> str:
    """Describe the posts that are counted: `negative posts about billing on X`."""
    feeling = f"{series.sentiment} posts" if series.sentiment else "posts"
    about = f" about {series.topic}" if series.topic else ""
    where = f" on {name_network(series.network)}" if series.network else ""
    return f"{feeling}{about}{where}"


def describe_scope(series: Series) -> str:
    """Describe the posts that belong to a crisis."""
    return describe_series(series) if series != Series() else "all posts"


def title_alert(alert: Alert) -> str:
    """An alert in a few words."""
    if alert.kind is AlertKind.SLA:
        return _KINDS[alert.kind]
    return f"{'Severe spike' if alert.is_severe else _KINDS[alert.kind]}: {describe_series(alert.series)}"


def describe_alert(alert: Alert) -> str:
    """Describe an alert with its numbers."""
    if alert.kind is AlertKind.SLA:
        waits = "1 post waits" if alert.posts == 1 else f"{alert.posts} posts wait"
        return f"{waits} for a reply that will soon be late."
    window = "the hour" if alert.minutes == 60 else f"the {alert.minutes} minutes"
    posts = describe_series(alert.series)
    if alert.posts == 1:
        posts = posts.replace("posts", "post", 1)
    end = f"{alert.at:%Y-%m-%d %H:%M} UTC"
    return f"{alert.posts} {posts} in {window} before {end}; {show_usual(alert.usual)} would be usual."


def show_usual(usual: float) -> str:
    """A usual number of posts: a part of one is less than one."""
    if usual < 0.5:
        return "hardly any"
    return "about 1" if usual < 1.5 else f"about {usual:.0f}"


def show_duration(time: timedelta) -> str:
    """Days, hours and minutes: `1 d 3 h 20 min`."""
    minutes = int(time.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = ((days, "d"), (hours, "h"), (minutes % 60, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "less than a minute"


Freeze = Callable[[str, str, datetime], str]
"""Stops every pending send: (who, why, when) to what to tell people. Raises EarshotError."""

EARSHOT = "earshot"
_TOP_POSTS = 5
_RULE_DAYS = 1
_TITLE_CHARACTERS = 150


@dataclass(frozen=True)
class CrisisView:
    """A crisis with all that is shown of it; posts, counts and replies are read again each time."""

    crisis: Crisis
    events: tuple[CrisisEvent, ...]
    top_posts: tuple[Mention, ...]
    hours: tuple[HourCount, ...]
    replies: tuple[Row, ...]
    seen_at: datetime


class Crises:
    """Opens, shows and closes crises. `freeze` is None where nothing can be frozen, which the timeline then says."""

    def __init__(
        self,
        tables: CrisisTables,
        alerts: AlertTables,
        mentions: MentionTables,
        prompts: Prompts,
        freeze: Freeze | None = None,
        opens_itself: bool = True,
    ) -> None:
        self._tables = tables
        self._alerts = alerts
        self._mentions = mentions
        self._prompts = prompts
        self._freeze = freeze
        self._opens_itself = opens_itself

    def open(self, title: str, who: str, now: datetime, series: Series | None = None) -> Crisis:
        """A person sees trouble that concerns a series, or all posts. Raises InputError without a title."""
        title = " ".join(title.split())[:_TITLE_CHARACTERS]
        if not title:
            raise InputError(
                "A crisis needs a title.",
                'For example: earshot crisis open "The app is down"',
                in_slack="For example: The app is down",
            )
        return self._open(Crisis(0, title, series or Series(), who, now, now - timedelta(hours=1)))

    def open_for_alert(self, alert_id: int, who: str, now: datetime) -> Crisis:
        """The crisis of an alert: the one that was opened for it, or a new one. Raises InputError."""
        alert = self._alerts.find(alert_id)
        existing = self._tables.find_by_alert(alert_id)
        if existing:
            return existing
        began_at = alert.at - alert.length
        title = title_alert(alert)[:_TITLE_CHARACTERS]
        return self._open(Crisis(0, title, alert.series, who, now, began_at, alert_id=alert_id), alert)

    def take_alerts(self, now: datetime) -> list[Crisis]:
        """Each severe spike of the last day opens a crisis, or is told to those that last; each once.

        Returns the crises that were opened.
        """
        opened = []
        severe = [alert for alert in self._alerts.since(now - timedelta(days=_RULE_DAYS)) if alert.is_severe]
        for alert in reversed(severe):
            if self._tables.find_by_alert(alert.alert_id) or self._tables.has_event(_key(alert)):
                continue
            if open_ones := self._tables.open_ones():
                self._tables.add_event(open_ones[-1].crisis_id, now, EARSHOT, _tell(alert), _key(alert))
            elif self._opens_itself:
                opened.append(self.open_for_alert(alert.alert_id, EARSHOT, now))
        return opened

    def freeze_pending(self, now: datetime) -> None:
        """Freeze for each open crisis that has not; what a crash left undone is done here."""
        for crisis in self._tables.open_ones():
            if not crisis.is_frozen and not self._tables.has_event(_freeze_key(crisis)):
                told = self._try_freeze(crisis, now)
                self._tables.add_event(crisis.crisis_id, now, EARSHOT, told, _freeze_key(crisis))

    def join(self, crisis_id: int, who: str, now: datetime) -> Crisis:
        """Somebody works on it. Raises InputError when it is unknown or closed."""
        self._find_open(crisis_id)
        with self._tables.transaction():
            if self._tables.join(crisis_id, who, now):
                self._tables.add_event(crisis_id, now, who, "is on it.")
        return self._tables.find(crisis_id)

    def close(self, crisis_id: int, who: str, now: datetime) -> Crisis:
        """End it. Raises InputError when it is unknown or somebody closed it before."""
        crisis = self._find_open(crisis_id)
        with self._tables.transaction():
            if self._tables.close(crisis_id, who, now):
                lasted = show_duration(now - crisis.opened_at)
                self._tables.add_event(crisis_id, now, who, f"closed it after {lasted}.{_tell_thaw(crisis)}")
        return self._tables.find(crisis_id)

    def view(self, crisis_id: int, now: datetime, since: datetime | None = None) -> CrisisView:
        """All there is to show of it, until now or until it was closed; only what came after `since`, where given.

        Raises InputError.
        """
        crisis = self._tables.find(crisis_id)
        end, begin = crisis.closed_at or now, max(crisis.began_at, since or crisis.began_at)
        ids = self._alerts.spike_mentions(crisis.series, begin, end, _TOP_POSTS)
        replies = self._tables.replies(crisis, end)
        return CrisisView(
            crisis=crisis,
            events=tuple(event for event in self._tables.events(crisis_id) if not since or event.at > since),
            top_posts=tuple(self._mentions.find(mention_id) for mention_id in ids),
            hours=tuple(self._tables.count_by_hour(replace(crisis, began_at=begin), end)),
            replies=tuple(reply for reply in replies if not since or to_time(reply["sent_at"]) > since),
            seen_at=end,
        )

    def all(self) -> Sequence[Crisis]:
        """Every crisis, newest first."""
        return self._tables.all()

    def find(self, crisis_id: int) -> Crisis:
        """A crisis by its number. Raises InputError."""
        return self._tables.find(crisis_id)

    def unposted_events(self, closed_since: datetime) -> list[tuple[int, CrisisEvent]]:
        """(crisis, event) of what Slack was not told yet, oldest first, but of crises that were closed before."""
        return self._tables.unposted_events(closed_since)

    def note_event_posted(self, event: CrisisEvent, now: datetime) -> None:
        """Slack was told of an event."""
        self._tables.note_event_posted(event.event_id, now)

    def _open(self, crisis: Crisis, alert: Alert | None = None) -> Crisis:
        """With its first lines at once: a crisis without them cannot be left behind by a crash."""
        now = crisis.opened_at
        statement = self._prompts.fill("holding", topic=crisis.series.topic).text
        with self._tables.transaction():
            crisis_id = self._tables.add(crisis)
            add = self._tables.add_event
            add(crisis_id, now, crisis.opened_by, f"opened it for {describe_scope(crisis.series)}.")
            if alert:
                add(crisis_id, now, EARSHOT, _tell(alert), _key(alert))
            add(crisis_id, now, EARSHOT, f"proposes a holding statement; nothing sends it:\n{statement}")
        self.freeze_pending(now)
        return self._tables.find(crisis_id)

    def _try_freeze(self, crisis: Crisis, now: datetime) -> str:
        if self._freeze is None:
            return "can't freeze replies here: decide on each draft with care."
        try:
            told = self._freeze(crisis.opened_by, f"crisis {crisis.crisis_id}", now)
        except EarshotError as error:
            return f"couldn't freeze replies: {error.message} {error.hint}".strip()
        self._tables.note_frozen(crisis.crisis_id)
        return f"froze the replies that wait. {told}".strip()

    def _find_open(self, crisis_id: int) -> Crisis:
        crisis = self._tables.find(crisis_id)
        if not crisis.is_open:
            raise InputError(
                f"Crisis {crisis_id} was closed by {crisis.closed_by} on {crisis.closed_at:%Y-%m-%d %H:%M} UTC.",
                f"earshot crisis show {crisis_id} has its report.",
                in_slack="Its thread has the report.",
            )
        return crisis


def _key(alert: Alert) -> str:
    return f"alert:{alert.alert_id}"


def _freeze_key(crisis: Crisis) -> str:
    return f"freeze:{crisis.crisis_id}"


def _tell(alert: Alert) -> str:
    name = "warns" if alert.kind is AlertKind.SLA else "found a spike"
    return f"{name} (alert {alert.alert_id}): {describe_alert(alert)}"


def _tell_thaw(crisis: Crisis) -> str:
    return " The freeze of replies stays until people lift it." if crisis.is_frozen else ""


_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~-])")
_POST_CHARACTERS = 500


def write_report(view: CrisisView, name_person: Callable[[str], str] = str) -> str:
    """The whole report. What customers and staff wrote is escaped; times are UTC.

    `name_person` makes a name of what is kept of a person, such as a Slack user id.
    """
    return "\n\n".join(
        part
        for part in (
            _write_head(view, name_person),
            _write_timeline(view.events, name_person),
            _write_hours(view),
            _write_posts(view.top_posts),
            _write_replies(view),
        )
        if part
    )


def _write_head(view: CrisisView, name_person: Callable[[str], str]) -> str:
    crisis = view.crisis
    end = (
        f"closed {crisis.closed_at:%Y-%m-%d %H:%M} by {_escape(name_person(crisis.closed_by))}"
        if crisis.closed_at
        else "open"
    )
    posts, negative = sum(hour.posts for hour in view.hours), sum(hour.negative for hour in view.hours)
    facts = (
        f"Opened {crisis.opened_at:%Y-%m-%d %H:%M} by {_escape(name_person(crisis.opened_by))}, {end}",
        f"Lasted {show_duration(view.seen_at - crisis.opened_at)}",
        f"Counted since {crisis.began_at:%Y-%m-%d %H:%M}: {_escape(describe_scope(crisis.series))}",
        f"Posts {posts}, of them negative {negative}; replies sent {len(view.replies)}",
        f"On it: {', '.join(_escape(name_person(one)) for one in crisis.people) or 'nobody'}",
        f"Replies that waited: {_tell_frozen(view)}",
    )
    lines = "\n".join(f"- {fact}" for fact in facts)
    return f"# Crisis {crisis.crisis_id}: {_escape(crisis.title)}\n\n{lines}\n- All times are UTC"


def _tell_frozen(view: CrisisView) -> str:
    if not view.crisis.is_frozen:
        return "not frozen by it"
    frozen = [event for event in view.events if event.text.startswith("froze ")]
    return f"frozen since {frozen[0].at:%Y-%m-%d %H:%M}, until people lift it" if frozen else "frozen"


def _write_timeline(events: tuple[CrisisEvent, ...], name_person: Callable[[str], str]) -> str:
    lines = [f"- {event.at:%Y-%m-%d %H:%M} {_escape(name_person(event.who))} {_escape(event.text)}" for event in events]
    return "## Timeline\n\n" + "\n".join(lines)


def _write_hours(view: CrisisView) -> str:
    if not view.hours:
        return "## Posts by hour\n\nThere were none."
    rows = [f"| {hour.hour:%Y-%m-%d %H}:00 | {hour.posts} | {hour.negative} |" for hour in view.hours]
    return "## Posts by hour\n\n| hour | posts | negative |\n|---|---:|---:|\n" + "\n".join(rows)


def _write_posts(posts: tuple[Mention, ...]) -> str:
    return "## Posts that mattered\n\n" + "\n\n".join(map(_write_post, posts)) if posts else ""


def _write_post(post: Mention) -> str:
    text = " ".join(post.text.split())
    cut = text if len(text) <= _POST_CHARACTERS else text[: _POST_CHARACTERS - 1] + "…"
    where = f"{post.author or 'somebody'} on {name_network(post.network)}"
    link = f"\n> <{post.url}>" if _is_safe(post.url) else ""
    return f"> {_escape(cut)}\n>\n> {_escape(where)}, {post.created_at:%Y-%m-%d %H:%M}{link}"


def _write_replies(view: CrisisView) -> str:
    if not view.replies:
        return "## Replies\n\nNone were sent."
    lines = [f"- {str(row['sent_at'])[:16].replace('T', ' ')} to {_escape(row['mention_id'])}" for row in view.replies]
    return "## Replies\n\n" + "\n".join(lines)


def _is_safe(url: str | None) -> bool:
    return bool(url and url.startswith(("https://", "http://")) and not re.search(r"[<>\s]", url))


def _escape(text: str) -> str:
    """One line without marks that Markdown would read."""
    return _MARKUP.sub(r"\\\1", " ".join(drop_steering(text).split()))
