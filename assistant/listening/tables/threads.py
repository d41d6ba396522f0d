"""Tables of threads: what was said before a mention, by whom, and what we answered."""

from dataclasses import replace

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Mention, ThreadPost
from assistant.listening.tables.posts import MentionTables

_MOST_POSTS = 20
_OUR_REPLIES = """select r.network, r.external_id, '' as author, r.text, r.sent_at as created_at,
    m.external_id as in_reply_to, 1 as is_ours
    from replies r join mentions m on m.mention_id = r.mention_id and r.deleted_at is null"""
_MENTIONS = "select network, external_id, author, text, created_at, in_reply_to, 0 as is_ours from mentions"
_PARENTS = "select network, external_id, author, text, created_at, in_reply_to, 0 as is_ours from parent_posts"


class ThreadTables:
    """Reads threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._mentions = MentionTables(store)

    def thread(self, mention_id: str) -> tuple[ThreadPost, ...]:
        """The posts before a mention that are known here, our own replies among them, oldest first; at most 20.

        Raises InputError for an unknown id.
        """
        mention = self._mentions.find(mention_id)
        found = {post.external_id: post for post in (*self._conversation(mention), *self._ancestors(mention))}
        for post in tuple(found.values()):
            found.update({reply.external_id: reply for reply in self._replies_to(post)})
        found.pop(mention.external_id, None)
        before = [_date_before(post, mention) for post in found.values()]
        return tuple(sorted(before, key=lambda post: post.created_at)[-_MOST_POSTS:])

    def _ancestors(self, mention: Mention) -> list[ThreadPost]:
        """Up from parent to parent, as far as they are known."""
        posts: list[ThreadPost] = []
        seen = {mention.external_id}
        parent_id = mention.in_reply_to
        while parent_id and parent_id not in seen and len(posts) < _MOST_POSTS:
            seen.add(parent_id)
            post = self._find(mention.network, parent_id)
            if post is None:
                break
            posts.append(post)
            parent_id = post.in_reply_to
        return posts

    def _find(self, network: str, external_id: str) -> ThreadPost | None:
        queries = (
            f"{_MENTIONS} where network = ? and external_id = ? and removed_at is null",
            f"{_OUR_REPLIES} where r.network = ? and r.external_id = ?",
            f"{_PARENTS} where network = ? and external_id = ?",
        )
        rows = (self._store.row(sql, network, external_id) for sql in queries)
        return next((_to_post(row) for row in rows if row), None)

    def _conversation(self, mention: Mention) -> list[ThreadPost]:
        if not mention.conversation_id:
            return []
        rows = self._store.rows(
            f"""{_MENTIONS} where network = ? and conversation_id = ? and created_at < ? and removed_at is null
            order by created_at desc limit ?""",
            mention.network,
            mention.conversation_id,
            to_text(mention.created_at),
            _MOST_POSTS,
        )
        return [_to_post(row) for row in rows]

    def _replies_to(self, post: ThreadPost) -> list[ThreadPost]:
        sql = f"{_OUR_REPLIES} where m.network = ? and m.external_id = ?"
        return [_to_post(row) for row in self._store.rows(sql, post.network, post.external_id)]


def _date_before(post: ThreadPost, mention: Mention) -> ThreadPost:
    """A reply marked as sent by hand may carry a later time than the answer to it."""
    return replace(post, created_at=min(post.created_at, mention.created_at))


def _to_post(row: Row) -> ThreadPost:
    return ThreadPost(**{**row, "created_at": to_time(row["created_at"]), "is_ours": bool(row["is_ours"])})
