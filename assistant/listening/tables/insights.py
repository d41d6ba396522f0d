"""Counts posts by what they name: every number that Earshot tells about customers' opinions comes from here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.core.database import Row, Store, to_text
from assistant.domain import Intent, Mention, Sentiment
from assistant.domain.listening import PASTED
from assistant.listening.tables.posts import MENTION_COLUMNS, to_mention

_KINDS = {
    "": "",
    "questions": "and a.is_question",
    "not negative": "and a.sentiment <> 'negative'",
}
# What no index of words holds: `C++` is no `c`.
_SIGNS = frozenset("+#")
_FROM_PLACE = (
    """(select mention_id from findings where about in ('city', 'region') and label = :place collate nocase)"""
)
_IN_LANGUAGE = "(select mention_id from findings where about = 'language' and label = :language)"
_COMPLAINTS_FIRST = f"""exists (select 1 from findings f where f.mention_id = p.mention_id and f.about = 'intent'
    and f.label = '{Intent.COMPLAINT}') desc,"""
_BATCH = 2000
_COPIES = 50  # posts that are looked at for each sample, as some say the same
_BLANKS = "char(9, 10, 13, 32, 160)"


@dataclass(frozen=True)
class PostFilter:
    """A choice of posts: those that name all of the terms, or with `is_any` at least one; no terms mean all posts.

    A term is one stem, several that follow each other (`e bike`), or a word with its signs (`c++`). Those that name any
    of `without` are left out. `kind` is empty, a sentiment, one that it is not (`not negative`), or `questions`; an
    empty `network`, `place` or `language` (ISO 639-1) means all. Posts about competitors alone count only with
    `has_competitors`.
    """

    start_at: datetime
    end_at: datetime
    terms: tuple[str, ...] = ()
    is_any: bool = False
    kind: str = ""
    network: str = ""
    has_competitors: bool = False
    without: tuple[str, ...] = ()
    place: str = ""
    language: str = ""


class OpinionTables:
    """Reads mentions by the terms of their texts, and counts them as the figures do: each text once, and neither what
    was deleted upstream nor what colleagues pasted."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def fill_terms(self, find_terms: Callable[[str], list[str]]) -> int:
        """Find the terms of every post that has none yet, some thousand at a time; returns how many there were."""
        filled = 0
        while filled_now := self._fill_some(find_terms):
            filled += filled_now
        return filled

    def _fill_some(self, find_terms: Callable[[str], list[str]]) -> int:
        missing = """select t.number, m.text from mention_terms t join mentions m on m.mention_id = t.mention_id
            where t.terms is null order by t.number limit ?"""
        if not self._store.rows(missing, 1):
            return 0
        with self._store.transaction() as db:
            rows = self._store.rows(missing, _BATCH)
            terms = [(" ".join(find_terms(row["text"])), row["number"]) for row in rows]
            db.conn.executemany("update mention_terms set terms = ? where number = ?", terms)
        return len(rows)

    def networks(self) -> list[str]:
        """The networks that posts came from."""
        return [row["network"] for row in self._store.rows("select distinct network from mentions order by 1")]

    def places(self) -> list[str]:
        """The cities and regions that posts came from."""
        sql = "select distinct label from findings where about in ('city', 'region') order by length(label) desc, 1"
        return [row["label"] for row in self._store.rows(sql)]

    def count(self, posts: PostFilter) -> tuple[int, int]:
        """Count the posts, and the people who wrote them; one without an author is nobody's."""
        people = f"count(distinct network || char(31) || nullif(trim(author, {_BLANKS}), ''))"
        row = self._rows(posts, f"select count(*) as posts, {people} as people from posts")[0]
        return row["posts"], row["people"]

    def count_sentiments(self, posts: PostFilter) -> tuple[dict[Sentiment, int], int]:
        """Count the posts by sentiment, and those that nobody analysed yet."""
        rows = self._rows(posts, "select sentiment as label, count(*) as value from posts group by 1")
        counts = {row["label"]: row["value"] for row in rows}
        shown = [feeling for feeling in Sentiment if feeling in counts or feeling is not Sentiment.UNSURE]
        return {feeling: counts.get(feeling, 0) for feeling in shown}, counts.get(None, 0)

    def count_networks(self, posts: PostFilter) -> dict[str, int]:
        """Count the posts by network, most first."""
        rows = self._rows(posts, "select network as label, count(*) as value from posts group by 1 order by 2 desc, 1")
        return {row["label"]: row["value"] for row in rows}

    def count_places(self, posts: PostFilter, limit: int) -> dict[str, int]:
        """Count the posts by the city or, where that is not known, the country they are from, most first."""
        rows = self._rows(
            posts,
            f"""select place as label, count(*) as value from (
            select coalesce(city.label, country.label) as place from posts p
            left join findings city on city.mention_id = p.mention_id and city.about = 'city'
            left join findings country on country.mention_id = p.mention_id and country.about = 'country')
            where place not in ('', 'none', 'unknown') group by 1 order by 2 desc, 1 limit {limit}""",
        )
        return {row["label"]: row["value"] for row in rows}

    def count_authors(self, posts: PostFilter, limit: int) -> dict[str, int]:
        """Count the posts by who wrote them, most first; one without an author is nobody's."""
        rows = self._rows(
            posts,
            f"""select trim(author, {_BLANKS}) || ' on ' || network as label, count(*) as value from posts
            where trim(author, {_BLANKS}) <> '' group by 1 order by 2 desc, 1 limit {limit}""",
        )
        return {row["label"]: row["value"] for row in rows}

    def count_topics(self, posts: PostFilter, limit: int) -> dict[str, int]:
        """Count the posts by the company's own topics, most first."""
        rows = self._rows(
            posts,
            f"""select f.label as label, count(*) as value from posts p
            join findings f on f.mention_id = p.mention_id and f.about = 'topic' and f.label not in ('', 'none')
            group by 1 order by 2 desc, 1 limit {limit}""",
        )
        return {row["label"]: row["value"] for row in rows}

    def count_terms(self, posts: PostFilter) -> dict[str, int]:
        """Count the posts that name each term."""
        return {term: self.count(replace(posts, terms=(term,)))[0] for term in posts.terms}

    def often_named(self, posts: PostFilter, limit: int) -> dict[str, int]:
        """The words that most of the posts name, at least two of them.

        One that stands in more than a third of the posts names the company or its trade, and tells nothing.
        """
        rows = self._rows(
            posts,
            f"""select w.word as label, count(*) as value
            from mention_words w join posts p on p.mention_id = w.mention_id group by 1
            having count(*) > 1 and count(*) * 3 <= max(6, (select count(*) from posts))
            order by 2 desc, 1 limit {limit}""",
        )
        return {row["label"]: row["value"] for row in rows}

    def samples(self, posts: PostFilter, limit: int) -> list[Mention]:
        """Posts that many people see first, then the newest; each text once, reposts left out.

        Where complaints are asked for, what was written to complain comes before what is only negative: news, for one.
        """
        first_of_all = _COMPLAINTS_FIRST if posts.kind == Sentiment.NEGATIVE else ""
        rows = self._rows(
            posts,
            f"""select {MENTION_COLUMNS} from posts p where text not like 'RT @%' order by {first_of_all}
            coalesce(followers, 0) desc, created_at desc, mention_id limit {limit * _COPIES}""",
        )
        first: dict[str, Row] = {}
        for row in rows:
            first.setdefault(" ".join(row["text"].lower().split()), row)
        return [to_mention(row) for row in list(first.values())[:limit]]

    def _rows(self, posts: PostFilter, sql: str) -> list[Row]:
        """A query over the table `posts`: the mentions that are meant, with their analyses."""
        values = {"start": to_text(posts.start_at), "end": to_text(posts.end_at)}
        values |= {"kind": posts.kind, "network": posts.network, "place": posts.place, "language": posts.language}
        values |= _name_values("named", posts.terms, posts.is_any) | _name_values("without", posts.without, True)
        return self._store.named_rows(f"with {_define_posts(posts)} {sql}", values)


def _name_values(name: str, terms: Sequence[str], is_any: bool) -> dict[str, str]:
    indexed, others = _split_terms(terms)
    return {name: _match(indexed, is_any), **{f"{name}{place}": term for place, term in enumerate(others)}}


def _split_terms(terms: Sequence[str]) -> tuple[list[str], list[str]]:
    """Those that the index of words finds, and the others: it knows neither signs nor what follows what."""
    others = [term for term in terms if " " in term or not _SIGNS.isdisjoint(term)]
    return [term for term in terms if term not in others], others


def _name_posts(name: str, terms: Sequence[str], is_any: bool) -> str:
    indexed, others = _split_terms(terms)
    naming = f"""m.mention_id in (select t.mention_id from mention_terms_index
        join mention_terms t on t.number = mention_terms_index.rowid where mention_terms_index match :{name})"""
    conditions = [naming] if indexed else []
    conditions += [
        _find_run(f"{name}{place}") if " " in term else f"instr(lower(m.text), :{name}{place}) > 0"
        for place, term in enumerate(others)
    ]
    return f"({(' or ' if is_any else ' and ').join(conditions)})"


def _find_run(name: str) -> str:
    """Terms that follow each other."""
    return f"""m.mention_id in (select mention_id from mention_terms
        where instr(' ' || terms || ' ', ' ' || :{name} || ' ') > 0)"""


def _match(terms: Sequence[str], is_any: bool) -> str:
    quoted = ('"' + term.replace('"', '""') + '"' for term in terms)
    return (" OR " if is_any else " AND ").join(quoted)


def _define_posts(posts: PostFilter) -> str:
    parts = [
        f"and {_name_posts('named', posts.terms, posts.is_any)}" if posts.terms else "",
        f"and not {_name_posts('without', posts.without, True)}" if posts.without else "",
        _KINDS.get(posts.kind, "and a.sentiment = :kind"),
        f"and m.mention_id in {_IN_LANGUAGE}" if posts.language else "",
        "and m.network = :network" if posts.network else "",
        "" if posts.has_competitors else "and m.mention_id not in (select mention_id from competitor_posts)",
        f"and m.mention_id in {_FROM_PLACE}" if posts.place else "",
    ]
    return f"""posts as (
        select m.*, a.sentiment from mentions m left join analyses a on a.mention_id = m.mention_id
        where m.created_at >= :start and m.created_at < :end and m.removed_at is null
        and m.network <> '{PASTED}' and m.mention_id not in (select mention_id from copies)
        {" ".join(parts)})"""
