"""Tables of crises: each with a timeline that is only ever added to, and the people who work on it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import astuple, dataclass
from datetime import datetime

from assistant.alerts.tables import IN_SERIES, series_values
from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Crisis, CrisisEvent, Series
from assistant.errors import InputError

_COLUMNS = """crisis_id, title, network, topic, sentiment, opened_by, opened_at, began_at, alert_id, is_frozen,
    closed_by, closed_at"""
_FROM = """from mentions m join analyses a on a.mention_id = m.mention_id
    left join findings f on f.mention_id = m.mention_id and f.about = 'topic'"""


@dataclass(frozen=True)
class HourCount:
    """Posts of one hour, and how many of them are negative."""

    hour: datetime
    posts: int
    negative: int


class CrisisTables:
    """Reads and writes crises."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def transaction(self) -> AbstractContextManager[object]:
        """Several changes, all or none."""
        return self._store.transaction()

    def add(self, crisis: Crisis) -> int:
        """Keep a new crisis; its number counts up."""
        with self._store.transaction() as db:
            cursor = db.execute(
                "insert into crises (title, network, topic, sentiment, opened_by, opened_at, began_at, alert_id)"
                " values (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(crisis.title, *astuple(crisis.series), crisis.opened_by),
                    *(to_text(crisis.opened_at), to_text(crisis.began_at), crisis.alert_id),
                ),
            )
            return int(cursor.lastrowid or 0)

    def find(self, crisis_id: int) -> Crisis:
        """A crisis by its number. Raises InputError."""
        row = self._store.row(f"select {_COLUMNS} from crises where crisis_id = ?", crisis_id)
        if row is None:
            raise InputError(f"There is no crisis {crisis_id}.", "earshot crisis list shows them.", in_slack="")
        return self._to_crisis(row)

    def find_by_alert(self, alert_id: int) -> Crisis | None:
        """The crisis that was opened for an alert."""
        row = self._store.row(f"select {_COLUMNS} from crises where alert_id = ?", alert_id)
        return self._to_crisis(row) if row else None

    def open_ones(self) -> list[Crisis]:
        """Crises that last, oldest first."""
        rows = self._store.rows(f"select {_COLUMNS} from crises where closed_at is null order by crisis_id")
        return [self._to_crisis(row) for row in rows]

    def all(self) -> list[Crisis]:
        """Every crisis, newest first."""
        return [self._to_crisis(row) for row in self._store.rows(f"select {_COLUMNS} from crises order by 1 desc")]

    def close(self, crisis_id: int, who: str, now: datetime) -> bool:
        """End it; False when somebody did before."""
        sql = "update crises set closed_by = ?, closed_at = ? where crisis_id = ? and closed_at is null"
        return bool(self._store.change(sql, who, to_text(now), crisis_id))

    def note_frozen(self, crisis_id: int) -> None:
        """Pending replies were frozen for it."""
        self._store.change("update crises set is_frozen = 1 where crisis_id = ?", crisis_id)

    def join(self, crisis_id: int, person: str, now: datetime) -> bool:
        """Somebody works on it; False when they did before."""
        sql = "insert or ignore into crisis_people values (?, ?, ?)"
        return bool(self._store.change(sql, crisis_id, person, to_text(now)))

    def add_event(self, crisis_id: int, at: datetime, who: str, text: str, key: str | None = None) -> bool:
        """Add a line to the timeline; False when one with this key is there."""
        sql = "insert or ignore into crisis_events (crisis_id, at, who, text, event_key) values (?, ?, ?, ?, ?)"
        return bool(self._store.change(sql, crisis_id, to_text(at), who, text, key))

    def has_event(self, key: str) -> bool:
        """Return whether any timeline has an event with this key."""
        return bool(self._store.value("select 1 from crisis_events where event_key = ?", key))

    def events(self, crisis_id: int) -> list[CrisisEvent]:
        """The timeline, oldest first."""
        sql = "select event_id, at, who, text from crisis_events where crisis_id = ? order by event_id"
        return [_to_event(row) for row in self._store.rows(sql, crisis_id)]

    def unposted_events(self, closed_since: datetime) -> list[tuple[int, CrisisEvent]]:
        """(crisis, event) of what Slack was not told yet, oldest first, but of crises that were closed before."""
        rows = self._store.rows(
            """select crisis_id, event_id, at, who, text from crisis_events where posted_at is null
            and crisis_id in (select crisis_id from crises where closed_at is null or closed_at >= ?)
            order by event_id""",
            to_text(closed_since),
        )
        return [(row.pop("crisis_id"), _to_event(row)) for row in rows]

    def note_event_posted(self, event_id: int, now: datetime) -> None:
        """Slack was told of an event."""
        self._store.change("update crisis_events set posted_at = ? where event_id = ?", to_text(now), event_id)

    def count_by_hour(self, crisis: Crisis, end: datetime) -> list[HourCount]:
        """The crisis's posts by hour until a moment; hours without any are left out."""
        rows = self._store.rows(
            f"""select substr(m.created_at, 1, 13) as hour, count(*) as posts,
            sum(a.sentiment = 'negative') as negative {_FROM}
            where m.created_at >= ? and m.created_at <= ? and {IN_SERIES} group by 1 order by 1""",
            to_text(crisis.began_at),
            to_text(end),
            *series_values(crisis.series),
        )
        return [HourCount(to_time(f"{row['hour']}:00:00.000Z"), row["posts"], row["negative"]) for row in rows]

    def replies(self, crisis: Crisis, end: datetime) -> Sequence[Row]:
        """Return the replies to the crisis's posts until a moment: mention_id, sent_at, how, url."""
        return self._store.rows(
            f"""select r.mention_id, r.sent_at, r.how, r.url {_FROM} join replies r on r.mention_id = m.mention_id
            where m.created_at >= ? and r.sent_at <= ? and {IN_SERIES} order by r.sent_at""",
            to_text(crisis.began_at),
            to_text(end),
            *series_values(crisis.series),
        )

    def _to_crisis(self, row: Row) -> Crisis:
        sql = "select person from crisis_people where crisis_id = ? order by joined_at, person"
        people = self._store.rows(sql, row["crisis_id"])
        return Crisis(
            crisis_id=row["crisis_id"],
            title=row["title"],
            series=Series(row["network"], row["topic"], row["sentiment"]),
            opened_by=row["opened_by"],
            opened_at=to_time(row["opened_at"]),
            began_at=to_time(row["began_at"]),
            people=tuple(one["person"] for one in people),
            alert_id=row["alert_id"],
            is_frozen=bool(row["is_frozen"]),
            closed_by=row["closed_by"],
            closed_at=to_time(row["closed_at"]) if row["closed_at"] else None,
        )


def _to_event(row: Row) -> CrisisEvent:
    return CrisisEvent(row["event_id"], to_time(row["at"]), row["who"], row["text"])
