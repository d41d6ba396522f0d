"""A crisis from its opening to its report: who is on it, what happened when, and replies that wait while it lasts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.alerts.crisis_tables import CrisisTables, HourCount
from assistant.alerts.tables import AlertTables
from assistant.alerts.telling import describe_alert, describe_scope, show_duration, title_alert
from assistant.core.database import Row
from assistant.core.prompts import Prompts
from assistant.domain import Alert, AlertKind, Crisis, CrisisEvent, Mention, Series
from assistant.errors import EarshotError, InputError
from assistant.listening.tables.posts import MentionTables

Freeze = Callable[[str, str, datetime], str]
"""Stops every pending send: (who, why, when) to what to tell people. Raises EarshotError."""

EARSHOT = "earshot"
_TOP_POSTS = 5
_RULE_DAYS = 1
_TITLE_CHARACTERS = 150


@dataclass(frozen=True)
class CrisisView:
    """A crisis with all that is shown of it; posts, counts and replies are read anew each time."""

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
            raise InputError("A crisis needs a title.", 'For example: earshot crisis open "The app is down"')
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

    def view(self, crisis_id: int, now: datetime) -> CrisisView:
        """All there is to show of it, until now or until it was closed. Raises InputError."""
        crisis = self._tables.find(crisis_id)
        end = crisis.closed_at or now
        ids = self._alerts.spike_mentions(crisis.series, crisis.began_at, end, _TOP_POSTS)
        return CrisisView(
            crisis=crisis,
            events=tuple(self._tables.events(crisis_id)),
            top_posts=tuple(self._mentions.find(mention_id) for mention_id in ids),
            hours=tuple(self._tables.count_by_hour(crisis, end)),
            replies=tuple(self._tables.replies(crisis, end)),
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
            return "cannot freeze replies here: decide on each draft with care."
        try:
            told = self._freeze(crisis.opened_by, f"crisis {crisis.crisis_id}", now)
        except EarshotError as error:
            return f"could not freeze replies: {error.message} {error.hint}".strip()
        self._tables.note_frozen(crisis.crisis_id)
        return f"froze the replies that wait. {told}".strip()

    def _find_open(self, crisis_id: int) -> Crisis:
        crisis = self._tables.find(crisis_id)
        if not crisis.is_open:
            raise InputError(
                f"Crisis {crisis_id} was closed by {crisis.closed_by} on {crisis.closed_at:%Y-%m-%d %H:%M} UTC.",
                f"earshot crisis show {crisis_id} has its report.",
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
