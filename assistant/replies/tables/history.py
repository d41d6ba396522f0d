"""What we replied before: to a person, and to posts in a language, with the posts that were answered."""

from assistant.core.database import Row, Store

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
