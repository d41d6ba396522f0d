"""Earlier replies: to a person, and to posts in a language, with the posts that were answered.

What we had to do with a person before: their earlier posts on a network, and what we answered.
"""

from dataclasses import dataclass
from datetime import datetime

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Mention

_MOST_KNOWN = 2_000
# What a person let pass: a sent reply, or an approved draft that has not left yet.
_APPROVED = """select d.draft_id, d.mention_id, m.network, m.text as post, d.text as reply,
    coalesce(f.label, d.lang) as lang
    from drafts d join mentions m on m.mention_id = d.mention_id
    left join findings f on f.mention_id = m.mention_id and f.about = 'language'
    where d.status in ('approved', 'sending', 'sent') and d.text <> '' and m.text <> '' and m.removed_at is null"""


class PrecedentTables:
    """Reads approved replies. Those to posts that were removed or forgotten are never shown again."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def to_author(self, network: str, author: str, limit: int) -> list[Row]:
        """Replies that were sent to a person on a network, newest first."""
        if not author:
            return []
        return self._store.rows(
            f"{_APPROVED} and d.status = 'sent' and m.network = ? and m.author = ? order by d.draft_id desc limit ?",
            network,
            author,
            limit,
        )

    def approved(self, lang: str) -> list[Row]:
        """The newest approved replies to posts in a language: draft_id, mention_id, network, post, reply, lang."""
        sql = f"{_APPROVED} and coalesce(f.label, d.lang) = ? order by d.draft_id desc limit ?"
        return self._store.rows(sql, lang, _MOST_KNOWN)


@dataclass(frozen=True)
class History:
    """A person's earlier posts and our answers, counted, and our latest reply that is still there."""

    posts: int = 0
    replies: int = 0
    since: datetime | None = None
    last_reply: str = ""
    last_reply_at: datetime | None = None


NO_HISTORY = History()


class HistoryTables:
    """Reads what is kept of a person on a network; of forgotten posts nothing is."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def before(self, mention: Mention) -> History:
        """Return the history before a mention, of its author on its network; empty where no author is known."""
        if not mention.author:
            return NO_HISTORY
        person = (mention.network, mention.author, mention.mention_id, to_text(mention.created_at))
        earlier = "m.network = ? and m.author = ? and m.mention_id <> ? and m.created_at <= ? and m.removed_at is null"
        posts = self._store.row(
            f"select count(*) as posts, min(m.created_at) as since from mentions m where {earlier}", *person
        )
        answered = f"from replies r join mentions m on m.mention_id = r.mention_id where {earlier}"
        replies = self._store.value(f"select count(*) {answered} and r.deleted_at is null", *person)
        last = self._store.row(
            f"select r.text, r.sent_at {answered} and r.deleted_at is null order by r.sent_at desc limit 1", *person
        )
        return History(
            posts=posts["posts"] if posts else 0,
            replies=int(replies or 0),
            since=to_time(posts["since"]) if posts and posts["since"] else None,
            last_reply=last["text"] if last else "",
            last_reply_at=to_time(last["sent_at"]) if last else None,
        )
