"""Made-up posts and rhythms for the tests of alerts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from assistant.alerts.baseline import BUCKETS_AN_HOUR, Hours, Numbers, build_calendar, find_peaks, learn_rhythm
from assistant.alerts.tables import AlertTables, CountTables
from assistant.alerts.watch import AlertRules, Watch
from assistant.core.database import Store, to_text
from assistant.core.schedule_tables import ScheduleTables
from assistant.domain.calendar import read_hours, read_quiet_hours

UTC_ZONE = ZoneInfo("UTC")
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)


def score_last_hours(buckets: Numbers, hours: int, first_hour: int = 0) -> Numbers:
    """Scores of the windows in the last hours of a series, each hour with what came before it."""
    posts = buckets.reshape(-1, BUCKETS_AN_HOUR).sum(axis=1)
    peaks = find_peaks(buckets)
    scores = []
    for hour in range(len(posts) - hours, len(posts)):
        calendar = build_calendar(first_hour + hour, hour + 1, UTC_ZONE)
        rhythm = learn_rhythm(Hours(posts[:hour], peaks[:hour]), calendar)
        start = hour * BUCKETS_AN_HOUR
        for end in range(start + 1, start + BUCKETS_AN_HOUR + 1):
            windows = np.array([buckets[max(end - size, 0) : end].sum() for size in (2, 12)])
            scores.append(rhythm.score(windows).max() if rhythm else 0.0)
    return np.array(scores)


def make_rhythm(days: int, level: float, swing: float) -> Numbers:
    """Posts in each five minutes of many days: busy by day, calm by night, half as much at weekends."""
    buckets = np.arange(days * 24 * BUCKETS_AN_HOUR)
    hour = buckets / BUCKETS_AN_HOUR % 24
    day = buckets // (24 * BUCKETS_AN_HOUR) % 7
    return level * (1 + swing * np.sin((hour - 9) / 24 * 2 * np.pi)) * np.where(day >= 5, 0.5, 1.0)


def make_rules(quiet: str = "", severe_posts: int = 50) -> AlertRules:
    """The default settings."""
    return AlertRules(
        zone=UTC_ZONE,
        business_hours=read_hours("Mon-Fri 09:00-17:00", UTC_ZONE),
        quiet_hours=read_quiet_hours(quiet, UTC_ZONE),
        reply_within_hours=8,
        warn_at_share=0.75,
        severe_posts=severe_posts,
        retention_days=0,
    )


def make_watching(store: Store, rules: AlertRules | None = None) -> Watch:
    """As after a restart: nothing but the database is known."""
    return Watch(CountTables(store), AlertTables(store), ScheduleTables(store), rules or make_rules())


def add_posts(
    store: Store,
    times: Sequence[datetime],
    network: str = "x",
    sentiment: str = "neutral",
    topic: str = "none",
    action: str = "watch",
) -> list[str]:
    """Keep analysed posts of these times; returns their ids."""
    first = int(store.value("select count(*) from mentions"))
    ids = [f"{network}:{first + place}" for place in range(len(times))]
    rows = [
        (one, network, one.partition(":")[2], "ann", "Hello", to_text(at)) for one, at in zip(ids, times, strict=True)
    ]
    store.change_many(
        "insert into mentions (mention_id, network, external_id, author, text, created_at, collected_at)"
        " values (?, ?, ?, ?, ?, ?6, ?6)",
        rows,
    )
    analysed = "insert into analyses values (?, ?, 0, 0, 'v', ?, 'reason', ?)"
    store.change_many(analysed, [(row[0], sentiment, action, row[5]) for row in rows])
    store.change_many("insert into findings values (?, 'topic', ?, 1, 'v', '')", [(one, topic) for one in ids])
    return ids


def add_history(store: Store, end: datetime, days: int = 10, network: str = "x") -> None:
    """Two posts an hour until a moment."""
    add_posts(store, [end - timedelta(minutes=30 * step + 1) for step in range(days * 48)], network)


def burst(end: datetime, number: int, minutes: float = 10) -> list[datetime]:
    """So many moments, spread evenly over the minutes before the end."""
    return [end - timedelta(minutes=minutes) * (place + 0.5) / number for place in range(number)]
