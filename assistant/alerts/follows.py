"""What people follow for themselves: what is said about something, at times they chose, or whatever somebody posts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from croniter import croniter

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain.calendar import QuietHours
from assistant.errors import InputError

MOST_FOLLOWS = 20
_MOST_POSTS = 10


@dataclass(frozen=True)
class Follow:
    """What one person follows: posts `about` something, told of at the times of `cron`, or those of an `author`.

    `told_at` is until when they have been told.
    """

    follow_id: int
    user: str
    about: str
    author: str
    cron: str
    told_at: datetime


@dataclass(frozen=True)
class DueNews:
    """What somebody is to be told: of what was said from `since` to `until`."""

    follow: Follow
    since: datetime
    until: datetime


class FollowTables:
    """Reads and writes what people follow."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, user: str, about: str, author: str, cron: str, now: datetime) -> None:
        """Keep it; the same once more changes nothing. Raises InputError where somebody follows too much."""
        if len(self.list_of(user)) >= MOST_FOLLOWS:
            raise InputError(f"You follow {MOST_FOLLOWS} things already.", "End one first: `/earshot unfollow NUMBER`")
        sql = "insert or ignore into follows (user, about, author, cron, told_at) values (?, ?, ?, ?, ?)"
        self._store.change(sql, user, about, author, cron, to_text(now))

    def list_of(self, user: str) -> list[Follow]:
        """What one person follows, the oldest first."""
        return [_to_follow(row) for row in self._store.rows("select * from follows where user = ? order by 1", user)]

    def list_all(self) -> list[Follow]:
        """What everybody follows."""
        return [_to_follow(row) for row in self._store.rows("select * from follows order by 1")]

    def find(self, follow_id: int) -> Follow | None:
        """One by its number; None where it was ended."""
        row = self._store.row("select * from follows where follow_id = ?", follow_id)
        return _to_follow(row) if row else None

    def remove(self, follow_id: int, user: str) -> bool:
        """End it; False when this person follows no such thing."""
        sql = "delete from follows where follow_id = ? and user = ?"
        return bool(self._store.change(sql, follow_id, user))

    def note_told(self, follow_id: int, until: datetime) -> None:
        """Somebody has been told until this moment."""
        self._store.change("update follows set told_at = ? where follow_id = ?", to_text(until), follow_id)

    def list_authors(self) -> list[str]:
        """Whoever posted, as name_author names them."""
        sql = (
            "select distinct lower(ltrim(author, '@')) as name from mentions where removed_at is null and author != ''"
        )
        return [str(row["name"]) for row in self._store.rows(sql)]

    def list_posts(self, news: DueNews) -> Sequence[Row]:
        """The author's posts that were collected in this time, oldest first: mention_id, network, author, text, url."""
        return self._store.rows(
            """select mention_id, network, author, text, url, created_at from mentions
            where lower(ltrim(author, '@')) = ? and collected_at > ? and collected_at <= ? and removed_at is null
            order by created_at, mention_id limit ?""",
            news.follow.author,
            to_text(news.since),
            to_text(news.until),
            _MOST_POSTS,
        )


class Follows:
    """Finds what is due; in quiet hours nothing is, and what came meanwhile is told after them."""

    def __init__(self, tables: FollowTables, quiet_hours: QuietHours, zone: ZoneInfo) -> None:
        self.tables = tables
        self._quiet_hours = quiet_hours
        self._zone = zone

    def list_due(self, now: datetime) -> Iterator[DueNews]:
        """What people are to be told now; of several times that were missed the last one counts."""
        for follow in [] if self._quiet_hours.contains(now) else self.tables.list_all():
            if follow.author:
                news = DueNews(follow, follow.told_at, now)
                if self.tables.list_posts(news):
                    yield news
            elif self._find_last(follow.cron, now) > follow.told_at:
                yield DueNews(follow, follow.told_at, self._find_last(follow.cron, now))

    def _find_last(self, cron: str, now: datetime) -> datetime:
        """The last time, of those up to now, at which a schedule was due."""
        last: datetime = croniter(cron, now.astimezone(self._zone)).get_prev(datetime)
        return last


def name_author(text: str) -> str:
    """An author as posts are looked up by: without the leading @, in small letters."""
    return text.strip().lstrip("@").lower()


def _to_follow(row: Row) -> Follow:
    return Follow(row["follow_id"], row["user"], row["about"], row["author"], row["cron"], to_time(row["told_at"]))
