"""Forgets posts: takes them, what was found out about them and what quotes them out of every table.

Takes customers' words out of answers that staff got: an answer that quotes a post is kept without the quote.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from assistant.core.database import Row, Store, to_text
from assistant.listening.tables.purge import Depth, PurgeTables
from assistant.listening.tables.upstream import UpstreamTables
from assistant.replies.tables.lessons import detach_lessons

_GONE = "(This post was removed.)"
_GONE_TITLE = "a post that was removed"
_CITING = """exists (select 1 from json_each(questions.documents) where value in (select value from json_each(?)))"""


class ScrubTables:
    """Finds answers by the posts that they cite."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def count(self, mention_ids: Sequence[str]) -> int:
        """Count the answers that cite any of these posts."""
        return int(
            self._store.value(f"select count(*) from questions where {_CITING}", json.dumps(list(mention_ids))) or 0
        )

    def scrub(self, mention_ids: Sequence[str]) -> None:
        """Take what these posts say out of every answer, and with it each sentence that rests on one of them."""
        sql = f"select id, answer, documents from questions where {_CITING}"
        gone = set(mention_ids)
        for row in self._store.rows(sql, json.dumps(list(mention_ids))):
            self._store.change("update questions set answer = ?, documents = ? where id = ?", *_scrub_row(row, gone))


def _scrub_row(row: Row, gone: set[str]) -> tuple[str, str, int]:
    answer = _scrub_answer(json.loads(row["answer"]), gone)
    documents = [document for document in json.loads(row["documents"]) if document not in gone]
    return json.dumps(answer, ensure_ascii=False), json.dumps(documents), row["id"]


def _scrub_answer(answer: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    numbers = {citation["number"] for citation in answer["citations"] if citation["document_id"] in gone}
    told = [s["text"] for s in answer["sentences"] if numbers.intersection(s["citations"])]
    sentences = [{**s, "text": _GONE} if s["text"] in told else s for s in answer["sentences"]]
    citations = [_blank(c) if c["number"] in numbers else c for c in answer["citations"]]
    text = _take_out(answer["answer"], told, sentences)
    return {**answer, "answer": text, "sentences": sentences, "citations": citations}


def _take_out(text: str, told: Sequence[str], sentences: Sequence[dict[str, Any]]) -> str:
    """The answer without these sentences; made again where it does not hold them word for word."""
    if not all(sentence in text for sentence in told):
        return "\n".join(sentence["text"] for sentence in sentences)
    for sentence in sorted(told, key=len, reverse=True):  # a short one may stand within a longer one
        text = text.replace(sentence, _GONE)
    return text


def _blank(citation: dict[str, Any]) -> dict[str, Any]:
    return {**citation, "document_id": "", "title": _GONE_TITLE, "heading": "", "url": None, "quote": ""}


_THESE = "mention_id in (select value from json_each(?))"
_ENDED = "('stale', 'rejected', 'blocked', 'failed')"
_WILL_END = "('pending', 'approved', 'stale', 'rejected', 'blocked', 'failed')"
_COUNTS = {
    "posts": f"mentions where {_THESE} and removed_at is null",
    "analyses": f"analyses where {_THESE}",
    "findings": f"findings where {_THESE}",
    "words": f"mention_words where {_THESE}",
    "terms": f"mention_terms where {_THESE} and terms <> ''",
    "vectors": f"mention_vectors where {_THESE} and is_kept",
    "corrections": f"corrections where {_THESE}",
    "topic_posts": f"discovered_posts where {_THESE}",
    "drafts": f"drafts where {_THESE} and status in {_WILL_END} and text <> ''",
    "cards": f"cards where draft_id in (select draft_id from drafts where {_THESE})",
}


@dataclass(frozen=True)
class Forgotten:
    """Counts of what was forgotten in each place; `stale_drafts` are ids of drafts that wait no more.

    `terms` counts posts in the index by which opinions are counted, `parents` posts that were kept because others
    answer them, `drafts` those that were emptied, `answers` those to staff that quoted a post.
    """

    posts: int = 0
    parents: int = 0
    analyses: int = 0
    findings: int = 0
    words: int = 0
    terms: int = 0
    vectors: int = 0
    corrections: int = 0
    topic_posts: int = 0
    drafts: int = 0
    answers: int = 0
    cards: int = 0
    stale_drafts: tuple[int, ...] = ()

    def __add__(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))


@dataclass(frozen=True)
class Author:
    """A name as it is written on a network, and how many posts of theirs are kept there.

    `author_id` is the id of the account, empty where it is not known: the same one under two names is one person.
    """

    network: str
    name: str
    posts: int
    parents: int
    author_id: str = ""


class ForgettingTables:
    """Each call is a transaction of its own, and writes down with it that a purge has to follow."""

    def __init__(self, store: Store, upstream: UpstreamTables) -> None:
        self._store = store
        self._upstream = upstream
        self._scrubbing = ScrubTables(store)
        self.purging = PurgeTables(store)

    def authors(self) -> list[Author]:
        """Everybody whose posts are kept, as mentions or as what mentions answer."""
        rows = self._store.rows(
            """select network, author as name, author_id, sum(posts) as posts, sum(parents) as parents from (
                select network, author, coalesce(author_id, '') as author_id, count(*) as posts, 0 as parents
                from mentions group by 1, 2, 3
                union all select network, author, coalesce(author_id, ''), 0, count(*)
                from parent_posts group by 1, 2, 3
            ) where author <> '' or author_id <> '' group by 1, 2, 3 order by 1, 2, 3"""
        )
        return [Author(**row) for row in rows]

    def posts_of(self, author: Author) -> list[str]:
        """Ids of a person's mentions."""
        sql = "select mention_id from mentions where network = ? and author = ? and coalesce(author_id, '') = ?"
        return [row["mention_id"] for row in self._store.rows(sql, author.network, author.name, author.author_id)]

    def older_than(self, limit_at: datetime, most: int) -> list[str]:
        """Ids of the oldest mentions that were written before a moment."""
        sql = "select mention_id from mentions where created_at < ? and removed_at is null order by created_at limit ?"
        return [row["mention_id"] for row in self._store.rows(sql, to_text(limit_at), most)]

    def count(self, mention_ids: Sequence[str]) -> Forgotten:
        """Count what forgetting these mentions removes."""
        ids = json.dumps(list(mention_ids))
        counts = {name: int(self._store.value(f"select count(*) from {sql}", ids)) for name, sql in _COUNTS.items()}
        return Forgotten(**counts, answers=self._scrubbing.count(mention_ids), stale_drafts=())

    def count_replies(self, mention_ids: Sequence[str]) -> int:
        """Count the sent replies to these mentions."""
        return int(self._store.value(f"select count(*) from replies where {_THESE}", json.dumps(list(mention_ids))))

    def count_copies(self, mention_ids: Sequence[str]) -> int:
        """Count the posts that repeat one of these and are none of them."""
        ids = json.dumps(list(mention_ids))
        repeats = "first_id in (select value from json_each(?))"
        return int(self._store.value(f"select count(*) from copies where {repeats} and not {_THESE}", ids, ids))

    def bury(self, mention_ids: Sequence[str], now: datetime, note: str) -> Forgotten:
        """Leave only the bare ids of these mentions, so that they are not taken in again."""
        self.purging.begin()
        with self._store.transaction():
            self.purging.want(Depth.ALL)
            return self._forget(mention_ids, mention_ids, now, note)

    def drop(self, mention_ids: Sequence[str], now: datetime, note: str) -> Forgotten:
        """Delete these mentions; those with drafts or replies keep their bare ids, so that the decisions stay."""
        self.purging.begin()
        with self._store.transaction():
            self.purging.want(Depth.JOURNAL)
            detach_lessons(self._store, json.dumps(list(mention_ids)))
            return self._forget(mention_ids, self._find_discussed(mention_ids), now, note)

    def bury_parents(self, author: Author, now: datetime) -> Forgotten:
        """Leave only the bare ids of a person's posts that were kept because others answer them."""
        self.purging.begin()
        whose = "parent_posts where network = ?2 and author = ?3 and coalesce(author_id, '') = ?4"
        values = (author.network, author.name, author.author_id)
        with self._store.transaction():
            self.purging.want(Depth.ALL)
            self._store.change(
                f"""insert into mentions (mention_id, network, external_id, author, text, created_at, removed_at,
                collected_at) select network || ':' || external_id, network, external_id, '', '', created_at, ?1, ?1
                from {whose} on conflict do nothing""",
                to_text(now),
                *values,
            )
            return Forgotten(parents=self._store.change(f"delete from {whose}", None, *values))

    def end_follows(self, author: str) -> None:
        """Nobody is told any more of what this author, in small letters and without @, posts."""
        self._store.change("delete from follows where author = ?", author)

    def drop_parents(self, limit_at: datetime) -> Forgotten:
        """Delete posts from before a moment that were kept because others answer them."""
        sql = "parent_posts where created_at < ?"
        if not self._store.value(f"select count(*) from {sql}", to_text(limit_at)):
            return Forgotten()
        self.purging.begin()
        with self._store.transaction():
            self.purging.want(Depth.JOURNAL)
            return Forgotten(parents=self._store.change(f"delete from {sql}", to_text(limit_at)))

    def _forget(self, mention_ids: Sequence[str], bare: Sequence[str], now: datetime, note: str) -> Forgotten:
        """Forget mentions; those in `bare` keep their rows."""
        counted = self.count(mention_ids)
        parents = self._count_parents()
        ids = json.dumps(list(mention_ids))
        stale = self._end_drafts(ids, now, note)
        self._scrubbing.scrub(mention_ids)
        for table in ("corrections", "discovered_posts"):
            self._store.change(f"delete from {table} where {_THESE}", ids)
        self._drop_empty_topics()
        gone = json.dumps(list(set(mention_ids).difference(bare)))
        self._store.change(f"delete from mentions where {_THESE}", gone)
        self._upstream.remove(bare, now, note)  # and the parents that nobody answers any more
        self._pass_copies_on(ids)
        return counted + Forgotten(parents=parents - self._count_parents(), stale_drafts=stale)

    def _find_discussed(self, mention_ids: Sequence[str]) -> list[str]:
        sql = f"""select mention_id from mentions where {_THESE} and (mention_id in (select mention_id from drafts)
            or mention_id in (select mention_id from replies))"""
        return [row["mention_id"] for row in self._store.rows(sql, json.dumps(list(mention_ids)))]

    def _end_drafts(self, ids: str, now: datetime, note: str) -> tuple[int, ...]:
        """Nobody sends what waits, and what was never sent is emptied; returns which drafts waited."""
        waiting = f"drafts where {_THESE} and status in ('pending', 'approved')"
        rows = self._store.rows(f"select draft_id from {waiting} order by draft_id", ids)
        self._store.change(
            f"update drafts set status = 'stale', changed_at = ? where {_THESE} and status in ('pending', 'approved')",
            to_text(now),
            ids,
        )
        self._store.change(
            f"""update drafts set text = '', sentences = '[]', citations = '[]', note = ?
            where {_THESE} and status in {_ENDED} and text <> ''""",
            note,
            ids,
        )
        self._store.change(
            f"""update edits set before = '', after = '' where draft_id in (select draft_id from drafts
            where {_THESE} and status in {_ENDED})""",
            ids,
        )
        versions = f"draft_versions where draft_id in (select draft_id from drafts where {_THESE})"
        self._store.change(f"delete from {versions}", ids)
        self._store.change(f"update drafts set missing = '', back_translation = '' where {_THESE}", ids)
        return tuple(row["draft_id"] for row in rows)

    def _drop_empty_topics(self) -> None:
        self._store.change(
            """delete from discovered_topics where not exists (select 1 from discovered_posts p
            where p.week = discovered_topics.week and p.key = discovered_topics.key)"""
        )

    def _pass_copies_on(self, ids: str) -> None:
        """Where a forgotten post was repeated, the oldest repeat is the first one now."""
        heirs = """select c.first_id as old, c.mention_id as new, row_number()
            over (partition by c.first_id order by m.created_at, m.mention_id) as place
            from copies c join mentions m on m.mention_id = c.mention_id
            where c.first_id in (select value from json_each(?))"""
        for row in self._store.rows(f"select old, new from ({heirs}) where place = 1", ids):
            self._store.change("delete from copies where mention_id = ?", row["new"])
            self._store.change("update copies set first_id = ? where first_id = ?", row["new"], row["old"])

    def _count_parents(self) -> int:
        return int(self._store.value("select count(*) from parent_posts"))
