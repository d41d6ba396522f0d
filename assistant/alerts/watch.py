"""One round of looking: counts what is new, finds spikes and replies that are nearly late, and keeps them as alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.alerts.baseline import BUCKETS_AN_HOUR, LEAST_DAYS
from assistant.alerts.spikes import QUIET_BUCKETS, SpikeFinder, Told, group_spikes, is_news, recount
from assistant.alerts.tables import AlertTables, CountTables, to_bucket, to_hour
from assistant.core.config import Settings
from assistant.core.schedule_tables import ScheduleTables
from assistant.domain import Alert, AlertKind, Sentiment, Series, Spike
from assistant.domain.calendar import BusinessHours, QuietHours, read_hours, read_quiet_hours

_MARK = "alerts"
_WAITING_MARK = "alerts: replies"
_LATE_BUCKETS = 2 * BUCKETS_AN_HOUR  # networks tell of some posts late
_MOST_BUCKETS = 24 * BUCKETS_AN_HOUR
_WAITING = timedelta(days=7)
_GATHERED_SHARE = 0.5  # of the time between the warning and the broken promise
_ANALYSED_LATE = timedelta(hours=6)


@dataclass(frozen=True)
class AlertRules:
    """The company's rules for alerts; see the settings of the same names."""

    zone: ZoneInfo
    business_hours: BusinessHours
    quiet_hours: QuietHours
    reply_within_hours: float
    warn_at_share: float
    severe_posts: int
    retention_days: int


def read_rules(settings: Settings) -> AlertRules:
    """Read the rules from the settings."""
    return AlertRules(
        zone=settings.zone,
        business_hours=read_hours(settings.business_hours, settings.zone),
        quiet_hours=read_quiet_hours(settings.quiet_hours, settings.zone),
        reply_within_hours=settings.reply_within_hours,
        warn_at_share=settings.warn_at_share,
        severe_posts=settings.severe_posts,
        retention_days=settings.mention_retention_days,
    )


@dataclass(frozen=True)
class NetworkState:
    """Since when a network is heard, and whether its history is too short to tell a spike: until `ready_at`."""

    network: str
    since: datetime
    is_young: bool
    ready_at: datetime


class Watch:
    """Finds alerts. The same round again, in any order and after any restart, finds nothing twice."""

    def __init__(self, counts: CountTables, alerts: AlertTables, marks: ScheduleTables, rules: AlertRules) -> None:
        self._counts = counts
        self._alerts = alerts
        self._marks = marks
        self._rules = rules

    def look(self, now: datetime) -> list[Alert]:
        """Find what is new since the last look (a day at most), keep it, and return it, oldest first."""
        recount(self._counts, now, self._rules.retention_days)
        found = [*self._look_for_spikes(now), *self._look_for_waiting(now)]
        self._counts.prune(now)
        self._marks.note_served(_MARK, now)
        return found

    def is_due(self, alert: Alert, now: datetime) -> bool:
        """Return whether an alert may disturb people now: in quiet hours only a severe one does."""
        return alert.is_severe or not self._rules.quiet_hours.contains(now)

    def describe_networks(self, now: datetime) -> list[NetworkState]:
        """Each network's history, by name: of one with less than LEAST_DAYS nothing is said."""
        states = []
        for network, hour in sorted(self._counts.heard_since().items()):
            since = datetime.fromtimestamp(hour * 3600, UTC)
            ready_at = since + timedelta(days=LEAST_DAYS)
            states.append(NetworkState(network, since, ready_at > now, ready_at))
        return states

    def series(self, now: datetime) -> dict[Series, int]:
        """Posts of each series in the last week, most first."""
        return self._counts.series(to_hour(now) - 7 * 24)

    def _look_for_spikes(self, now: datetime) -> list[Alert]:
        served = self._marks.served(_MARK)
        last = to_bucket(now)
        first = min(to_bucket(served), last) - _LATE_BUCKETS if served else last - _LATE_BUCKETS
        finder = SpikeFinder(self._counts, self._rules.zone)
        found = []
        for bucket, spikes in finder.find(max(first, last - _MOST_BUCKETS), last).items():
            for group in group_spikes(spikes):
                alert = self._keep_spike(bucket, group, now)
                found += [alert] if alert else []
        return found

    def _keep_spike(self, bucket: int, group: Sequence[Spike], now: datetime) -> Alert | None:
        """A new alert, or the one that was told goes on; one that turns severe is new."""
        alert = self._to_alert(group, now)
        for told, last_bucket in self._alerts.told(bucket - QUIET_BUCKETS):
            known = Told(to_bucket(told.at) - 1, told.score, last_bucket)
            is_same = told.series.is_compatible(alert.series) and not is_news(bucket, alert.score, known)
            if is_same and told.is_severe >= alert.is_severe:
                self._alerts.prolong(told.alert_id, bucket)
                return None
        series = alert.series
        key = f"spike:{series.network}|{series.topic}|{series.sentiment}@{bucket}"
        alert_id = self._alerts.add(key, alert, bucket)
        return self._alerts.find(alert_id) if alert_id else None

    def _to_alert(self, group: Sequence[Spike], now: datetime) -> Alert:
        headline, *others = group
        is_severe = any(
            spike.series.sentiment == Sentiment.NEGATIVE and spike.posts >= self._rules.severe_posts for spike in group
        )
        return Alert(
            alert_id=0,
            kind=AlertKind.SPIKE,
            series=headline.series,
            at=headline.at,
            posts=headline.posts,
            is_severe=is_severe,
            found_at=now,
            minutes=headline.minutes,
            usual=headline.usual,
            score=headline.score,
            also=tuple(spike.series for spike in others),
        )

    def _look_for_waiting(self, now: datetime) -> list[Alert]:
        """One alert for all replies that are nearly late, and for those that soon will be; each is warned of once.

        A backlog comes in over many rounds: without looking ahead, each round would warn of its own part of it.
        """
        rules = self._rules
        warn_after = rules.reply_within_hours * rules.warn_at_share
        gathered = (rules.reply_within_hours - warn_after) * _GATHERED_SHARE
        until = rules.business_hours.go_back(now, warn_after)
        served = self._marks.served(_WAITING_MARK)
        since = max(served - _ANALYSED_LATE, now - _WAITING) if served else now - _WAITING
        late = self._alerts.waiting(since, until)
        if late:
            late = self._alerts.waiting(since, rules.business_hours.go_back(now, max(0.0, warn_after - gathered)))
        alert_id = self._keep_waiting(late, now) if late else None
        self._marks.note_served(_WAITING_MARK, until)
        return [self._alerts.find(alert_id)] if alert_id else []

    def _keep_waiting(self, late: Sequence[str], now: datetime) -> int | None:
        alert = Alert(0, AlertKind.SLA, Series(), now, len(late), False, now, mention_ids=tuple(late))
        return self._alerts.add(f"sla:{late[0]}", alert)
