"""Tables of people who want no answer from us, by a fingerprint of their name: to forget a person keeps their wish."""

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from assistant.core.database import Row, Store, to_text
from assistant.domain import Mention


class OptOutTables:
    """Who must not be answered, on which network (empty: on all)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, author: str, network: str, noted_by: str, now: datetime) -> bool:
        """Note that an author wants no answers; False when that was known. `noted_by` is a person or a post's id."""
        sql = "insert or ignore into opt_outs (author_hash, network, noted_by, noted_at) values (?, ?, ?, ?)"
        return bool(self._store.change(sql, _hash(author), _name(network), noted_by, to_text(now)))

    def remove(self, author: str, network: str) -> bool:
        """The author takes answers again; False when they had not asked for none there."""
        sql = "delete from opt_outs where author_hash = ? and network = ?"
        return bool(self._store.change(sql, _hash(author), _name(network)))

    def find(self, author: str, network: str) -> Row | None:
        """The note on an author on a network, by its whole name, its kind (`discourse`) or on all."""
        if not author:
            return None
        names = (_name(network), _name(network.partition(":")[0]), "")
        return self._store.row(
            "select network, noted_by, noted_at from opt_outs where author_hash = ? and network in (?, ?, ?)",
            _hash(author),
            *names,
        )

    def has_posts(self, author: str, network: str) -> bool:
        """Whether a post of theirs is known here, on this network (empty: on any)."""
        sql = """select 1 from mentions where trim(ltrim(author, '@ ')) = ? collate nocase
            and ? in ('', network, substr(network, 1, instr(network || ':', ':') - 1)) limit 1"""
        return bool(self._store.value(sql, author.strip().removeprefix("@"), _name(network)))

    def add_from_posts(self, posts: Sequence[Mention], now: datetime) -> None:
        """Note the authors of posts that ask us to stop."""
        with self._store.transaction():
            for post in posts:
                if post.author:
                    self.add(post.author, post.network, post.mention_id, now)


def _hash(author: str) -> str:
    name = unicodedata.normalize("NFC", author).strip().removeprefix("@").casefold()
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _name(network: str) -> str:
    return network.strip().casefold()
