"""Counts posts by what they name: every number that Earshot tells about customers' opinions comes from here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain import Mention, Sentiment
from assistant.store.database import Row, Store, to_text
from assistant.store.mentions import MENTION_COLUMNS, to_mention

_QUESTIONS = "questions"


@dataclass(frozen=True)
class Posts:
    """Which posts are meant: `forms` are the words that count for each term, `least` how many terms a post must name.

    `kind` is empty, a sentiment, or `questions`; an empty `network` means all.
    """

    start_at: datetime
    end_at: datetime
    forms: Mapping[str, Sequence[str]]
    least: int
    kind: str = ""
    network: str = ""


class OpinionTables:
    """Reads mentions by the words they name; those that were deleted upstream count no more."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def networks(self) -> list[str]:
        """The networks that posts came from."""
        return [row["network"] for row in self._store.rows("select distinct network from mentions order by 1")]

    def words_beginning(self, start: str) -> list[str]:
        """Every word of any post that begins like this, in small letters."""
        sql = "select distinct word from mention_words where word >= ? and word < ?"
        return [row["word"] for row in self._store.rows(sql, start, start + "\U0010ffff")]

    def count(self, posts: Posts) -> tuple[int, int]:
        """How many posts, and how many people wrote them; one without an author is nobody's."""
        people = "count(distinct network || char(31) || nullif(author, ''))"
        row = self._row(posts, f"select count(*) as posts, {people} as people from posts")
        return row["posts"], row["people"]

    def count_sentiments(self, posts: Posts) -> dict[Sentiment, int]:
        """How many posts feel how; those that nobody analysed yet are left out."""
        rows = self._rows(posts, "select sentiment as label, count(*) as value from posts group by 1")
        counts = {row["label"]: row["value"] for row in rows}
        return {sentiment: counts.get(sentiment, 0) for sentiment in Sentiment}

    def count_networks(self, posts: Posts) -> dict[str, int]:
        """How many posts came from where, most first."""
        rows = self._rows(posts, "select network as label, count(*) as value from posts group by 1 order by 2 desc, 1")
        return {row["label"]: row["value"] for row in rows}

    def count_terms(self, posts: Posts) -> dict[str, int]:
        """How many posts name each term."""
        return {term: self.count(replace(posts, forms={term: posts.forms[term]}, least=1))[0] for term in posts.forms}

    def often_named(self, posts: Posts, limit: int) -> dict[str, int]:
        """The words besides the terms' own that most of the posts name, at least two of them.

        One that stands in more than a third of the posts names the company or its trade, and tells nothing.
        """
        rows = self._rows(
            posts,
            f"""select w.word as label, count(*) as value
            from mention_words w join posts p on p.mention_id = w.mention_id
            where w.word not in (select word from forms where word is not null) group by 1
            having count(*) > 1 and count(*) * 3 <= max(6, (select count(*) from posts))
            order by 2 desc, 1 limit {limit}""",
        )
        return {row["label"]: row["value"] for row in rows}

    def samples(self, posts: Posts, limit: int) -> list[Mention]:
        """Posts that many people see first, then the newest; each text once, reposts left out."""
        rows = self._rows(
            posts,
            f"""select {MENTION_COLUMNS} from (
                select *, row_number() over (partition by lower(text) order by created_at, mention_id) as copy
                from posts
            ) where copy = 1 and text not like 'RT @%'
            order by coalesce(followers, 0) desc, created_at desc, mention_id limit {limit}""",
        )
        return [to_mention(row) for row in rows]

    def _row(self, posts: Posts, sql: str) -> Row:
        return self._rows(posts, sql)[0]

    def _rows(self, posts: Posts, sql: str) -> list[Row]:
        """A query over the table `posts`: the mentions that are meant, with their analyses."""
        pairs = [(term, word) for term, words in posts.forms.items() for word in words]
        values: dict[str, str | int] = {f"term{i}": term for i, (term, _) in enumerate(pairs)}
        values |= {f"word{i}": word for i, (_, word) in enumerate(pairs)}
        values |= {"start": to_text(posts.start_at), "end": to_text(posts.end_at), "least": posts.least}
        values |= {"kind": posts.kind, "network": posts.network}
        return self._store.named_rows(f"with {_define_hits(len(pairs))}, {_define_posts(posts)} {sql}", values)


def _define_hits(pairs: int) -> str:
    forms = ", ".join(f"(:term{i}, :word{i})" for i in range(pairs)) or "(null, null)"
    return f"""forms(term, word) as (values {forms}), hits as (
        select w.mention_id, count(distinct f.term) as named from forms f join mention_words w on w.word = f.word
        group by 1)"""


def _define_posts(posts: Posts) -> str:
    named = "and m.mention_id in (select mention_id from hits where named >= :least)" if posts.least else ""
    kind = {"": "", _QUESTIONS: "and a.is_question"}.get(posts.kind, "and a.sentiment = :kind")
    network = "and m.network = :network" if posts.network else ""
    return f"""posts as (
        select m.*, a.sentiment from mentions m left join analyses a on a.mention_id = m.mention_id
        where m.created_at >= :start and m.created_at < :end and m.removed_at is null {named} {kind} {network})"""
