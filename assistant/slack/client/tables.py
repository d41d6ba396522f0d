"""Tables of what was posted to Slack, so that nothing is posted twice, and of what was heard and left alone."""

from dataclasses import dataclass
from datetime import datetime

from assistant.core.database import Row, Store, to_text

CONNECTIONS, SILENT_SOCKET, UNSTOPPABLE = "slack_connections", "slack_silent_socket", "slack_unstoppable"
"""Names of the facts that `earshot doctor` shows."""


@dataclass(frozen=True)
class Post:
    """The progress of a post: without `ts` nobody knows whether it arrived; an open one is not the whole answer yet.

    `version` is the edit of the question that it answers, empty for the question as it was first asked.
    """

    channel: str
    ts: str | None
    is_open: bool = False
    version: str = ""
    is_withdrawn: bool = False


class SlackTables:
    """Reads and writes posts and silences."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claim_post(self, post_key: str, channel: str, now: datetime) -> tuple[bool, str | None]:
        """Claim a post before it leaves: (is it ours to send first, its ts when it is known to have arrived)."""
        sql = "insert into slack_posts (post_key, channel, claimed_at) values (?, ?, ?) on conflict do nothing"
        is_first = bool(self._store.change(sql, post_key, channel, to_text(now)))
        ts = self._store.value("select ts from slack_posts where post_key = ?", post_key)
        return is_first, str(ts) if ts else None

    def note_posted(self, post_key: str, ts: str, is_open: bool = False) -> None:
        """The post arrived and has this ts; while it is open it will be changed into the whole answer."""
        self._store.change("update slack_posts set ts = ?, is_open = ? where post_key = ?", ts, is_open, post_key)

    def find_post(self, post_key: str) -> Post | None:
        """Find the record of a post."""
        row = self._store.row("select * from slack_posts where post_key = ?", post_key)
        return _to_post(row) if row else None

    def is_known(self, channel: str, ts: str) -> bool:
        """Return whether a message is one of the posts whose ts was noted."""
        return bool(self._store.value("select 1 from slack_posts where channel = ? and ts = ?", channel, ts))

    def find_key(self, channel: str, ts: str) -> str:
        """Return the key under which a message was posted; empty for one that is none of ours."""
        sql = "select post_key from slack_posts where channel = ? and ts = ?"
        return str(self._store.value(sql, channel, ts) or "")

    def note_stop(self, channel: str, thread_ts: str, event_ts: str) -> None:
        """Somebody stopped what was asked in a thread until then."""
        sql = "insert into stops values (?, ?, ?) on conflict do update set event_ts = max(event_ts, excluded.event_ts)"
        self._store.change(sql, channel, thread_ts, event_ts)

    def is_stopped(self, channel: str, thread_ts: str, since: str) -> bool:
        """Return whether something asked at this ts was stopped."""
        stop = self._store.value("select event_ts from stops where channel = ? and thread_ts = ?", channel, thread_ts)
        return stop is not None and float(since or 0) <= float(stop)

    def mute(self, channel: str, thread_ts: str) -> None:
        """In this thread Earshot answers only when it is mentioned."""
        self._store.change("insert or ignore into muted_threads values (?, ?)", channel, thread_ts)

    def is_muted(self, channel: str, thread_ts: str) -> bool:
        """Return whether a thread is muted."""
        sql = "select 1 from muted_threads where channel = ? and thread_ts = ?"
        return bool(self._store.value(sql, channel, thread_ts))

    def raise_version(self, post_key: str, version: str) -> bool:
        """Take a post over for an edit of its question; False when a later edit, or nobody, has it."""
        sql = "update slack_posts set version = ? where post_key = ? and version <= ? and not is_withdrawn"
        return bool(self._store.change(sql, version, post_key, version))

    def withdraw(self, post_key: str, channel: str, now: datetime) -> Post:
        """The question was deleted: what answers it must go, or never come."""
        self.claim_post(post_key, channel, now)
        self._store.change("update slack_posts set is_withdrawn = 1 where post_key = ?", post_key)
        return self.find_post(post_key) or Post(channel, None, is_withdrawn=True)

    def note_silence(self, channel: str, ts: str, user: str, rule: str) -> None:
        """A message was heard and left alone, by this rule."""
        self._store.change("insert or ignore into silences values (?, ?, ?, ?)", channel, ts, user, rule)

    def find_silence(self, channel: str, user: str) -> tuple[str, str] | None:
        """The ts and the rule of a person's last message in a channel that was left alone."""
        sql = "select ts, rule from silences where channel = ? and user = ? order by ts desc limit 1"
        row = self._store.row(sql, channel, user)
        return (row["ts"], row["rule"]) if row else None


def _to_post(row: Row) -> Post:
    return Post(row["channel"], row["ts"], bool(row["is_open"]), row["version"], bool(row["is_withdrawn"]))


class ServiceTables:
    """Reads and writes facts on the running service, which other commands tell of."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, name: str, value: str, now: datetime) -> None:
        """Keep a fact; an empty value takes it back."""
        self._store.change("insert or replace into service_facts values (?, ?, ?)", name, value, to_text(now))

    def find(self, name: str) -> tuple[str, str] | None:
        """A fact's value and when it was noted, as ISO text."""
        row = self._store.row("select value, noted_at from service_facts where name = ? and value <> ''", name)
        return (row["value"], row["noted_at"]) if row else None
