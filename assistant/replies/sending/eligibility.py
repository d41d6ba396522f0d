"""A Mention to its Eligibility: the rules over what the store knows of the post, its author and our answer.

Tables of people who want no answer from us, by a fingerprint of their name: to forget a person keeps their wish.
"""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from assistant.core.database import Row, Store, to_text
from assistant.domain import Eligibility, Mention
from assistant.listening.networks.base.protocol import PostNow
from assistant.listening.networks.base.reply_rules import (
    CompanyStanding,
    Facts,
    ReplyRule,
    asks_to_stop,
    judge_eligibility,
)
from assistant.replies.tables.send_ledger import LedgerTables

_THEIRS = """from mentions where trim(ltrim(author, '@ ')) = ? collate nocase
    and ? in ('', network, substr(network, 1, instr(network || ':', ':') - 1))"""


class OptOutTables:
    """Authors who must not be answered, by network (empty: on all)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, author: str, network: str, noted_by: str, now: datetime) -> bool:
        """Note that an author wants no answers; False when that was known. `noted_by` is a person or a post's id.

        The accounts that are known by that name are noted too: the wish stays when they take another one.
        """
        sql = "insert or ignore into opt_outs (author_hash, network, noted_by, noted_at) values (?, ?, ?, ?)"
        hashes = (_hash(author), *self._list_accounts(author, network))
        values = [(one, _name(network), noted_by, to_text(now)) for one in hashes]
        with self._store.transaction():
            return bool(sum([self._store.change(sql, *value) for value in values]))

    def remove(self, author: str, network: str) -> bool:
        """The author takes answers again; False when they had not asked for none there."""
        sql = "delete from opt_outs where author_hash in (select value from json_each(?)) and network = ?"
        hashes = json.dumps([_hash(author), *self._list_accounts(author, network)])
        return bool(self._store.change(sql, hashes, _name(network)))

    def find(self, author: str, network: str, author_id: str | None = None) -> Row | None:
        """The note on an author on a network, by its whole name, its kind (`discourse`) or on all.

        With the id of the account, also what was noted of it, or of a name that it had before.
        """
        names = (_name(network), _name(network.partition(":")[0]), "")
        known = {_hash(name) for name in (author, *self._list_names(network, author_id)) if name}
        hashes = json.dumps([*known, *([_hash_account(author_id)] if author_id else [])])
        return self._store.row(
            """select network, noted_by, noted_at from opt_outs
            where author_hash in (select value from json_each(?)) and network in (?, ?, ?)""",
            hashes,
            *names,
        )

    def _list_names(self, network: str, author_id: str | None) -> list[str]:
        sql = "select distinct author from mentions where network = ? and author_id = ?"
        return [row["author"] for row in self._store.rows(sql, network, author_id)] if author_id else []

    def has_posts(self, author: str, network: str) -> bool:
        """Return whether a post of theirs is known here, on this network (empty: on any)."""
        return bool(self._store.value(f"select 1 {_THEIRS} limit 1", author.strip().removeprefix("@"), _name(network)))

    def _list_accounts(self, author: str, network: str) -> list[str]:
        """Fingerprints of the accounts that had this name."""
        sql = f"select distinct author_id {_THEIRS} and author_id is not null"
        rows = self._store.rows(sql, author.strip().removeprefix("@"), _name(network))
        return [_hash_account(row["author_id"]) for row in rows]

    def add_from_posts(self, posts: Sequence[Mention], now: datetime) -> None:
        """Note the authors of posts that ask us to stop."""
        with self._store.transaction():
            for post in posts:
                if post.author:
                    self.add(post.author, post.network, post.mention_id, now)


def _hash(author: str) -> str:
    name = unicodedata.normalize("NFC", author).strip().removeprefix("@").casefold()
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _hash_account(author_id: str) -> str:
    """Apart from names: somebody may be called as another one's account is."""
    return hashlib.sha256(f"account:{author_id}".encode("utf-8", "replace")).hexdigest()


def _name(network: str) -> str:
    return network.strip().casefold()


class EligibilityJudge:
    """Judges posts by the rules. `senders` are the networks that Earshot can send to."""

    def __init__(
        self,
        ledger: LedgerTables,
        opt_outs: OptOutTables,
        senders: Collection[str],
        standing: CompanyStanding,
        rules: tuple[ReplyRule, ...],
        clock: Callable[[], datetime],
    ) -> None:
        self._ledger = ledger
        self._opt_outs = opt_outs
        self._senders = senders
        self._standing = standing
        self._rules = rules
        self._clock = clock

    def judge(self, mention: Mention, post_now: PostNow | None = None) -> Eligibility:
        """Can this post be answered; with `post_now`, the post as it is on its network, locks count too."""
        facts = Facts(
            now=self._clock(),
            has_sender=mention.network in self._senders,
            has_opted_out=self._opt_outs.find(mention.author, mention.network, mention.author_id) is not None,
            replied_at=self._ledger.replied_at(mention.mention_id),
            is_locked=bool(post_now and post_now.is_locked),
        )
        return judge_eligibility(mention, facts, self._standing, self._rules)

    def note_opt_outs(self, mentions: Collection[Mention], now: datetime) -> None:
        """Note the authors whose posts ask us to stop."""
        asking = [mention for mention in mentions if asks_to_stop(mention.text)]
        if asking:
            self._opt_outs.add_from_posts(asking, now)
