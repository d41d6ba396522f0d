"""Word search over SQLite's FTS5, which holds the terms of each chunk's title, headings and body."""

from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.core.database import Store
from assistant.domain import Audience
from assistant.text.tokens import find_terms, split_words, strip_markup

_MOST_RUN_CHUNKS = 200


class WordIndex:
    """Searches the words of each audience's chunks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def search(self, audience: Audience, terms: Sequence[str], title_weight: float, limit: int) -> list[int]:
        """Ids of the chunks with the best BM25 for any of these terms."""
        return [chunk_id for chunk_id, _ in self.search_scored(audience, terms, title_weight, limit)]

    def search_scored(
        self, audience: Audience, terms: Sequence[str], title_weight: float, limit: int
    ) -> list[tuple[int, float]]:
        """The same with their scores; a higher one is better."""
        if not terms:
            return []
        table = f"words_{audience.key}"
        rows = self._store.rows(
            f"select rowid as id, bm25({table}, ?, 1.0, 1.0) as score from {table} where {table} match ?"
            " order by score limit ?",
            title_weight,
            " OR ".join(_quote(term) for term in terms),
            limit,
        )
        return [(row["id"], -row["score"]) for row in rows]

    def fields(self, audience: Audience, chunk_ids: Sequence[int]) -> dict[int, tuple[list[str], ...]]:
        """The terms of each chunk's title, headings and body."""
        marks = ",".join("?" * len(chunk_ids))
        sql = f"select rowid as id, title, heading, body from words_{audience.key} where rowid in ({marks})"
        rows = self._store.rows(sql, *chunk_ids)
        return {row["id"]: (row["title"].split(), row["heading"].split(), row["body"].split()) for row in rows}

    def count_chunks_with(self, audience: Audience, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks each term stands; terms that stand in none are left out."""
        marks = ",".join("?" * len(terms))
        sql = f"select term, doc from words_{audience.key}_terms where term in ({marks})"
        return {row["term"]: row["doc"] for row in self._store.rows(sql, *terms)}

    def terms_with_first(self, audience: Audience, letter: str) -> dict[str, int]:
        """Terms that begin with a letter, and in how many chunks each stands."""
        sql = f"select term, doc from words_{audience.key}_terms where term >= ? and term < ?"
        return {row["term"]: row["doc"] for row in self._store.rows(sql, letter, chr(ord(letter) + 1))}

    def find_form(self, audiences: Iterable[Audience], term: str) -> str:
        """The word that a term was made from, as most chunks of a sample have it; the term where none has."""
        words: Counter[str] = Counter()
        for audience in audiences:
            table = f"words_{audience.key}"
            rows = self._store.rows(
                f"select c.text from {table} w join chunks c on c.id = w.rowid where {table} match ? limit 20",
                _quote(term),
            )
            words.update(word for row in rows for word in split_words(row["text"]) if find_terms(word) == [term])
        return words.most_common(1)[0][0] if words else term

    def size(self, audience: Audience) -> tuple[int, int]:
        """Count the chunks, and the terms in all of them."""
        row = self._store.row("select chunks, terms from word_totals where audience = ?", audience)
        return (row["chunks"], row["terms"]) if row else (0, 0)

    def audiences(self) -> list[Audience]:
        """Every audience that has chunks."""
        return [Audience(row["audience"]) for row in self._store.rows("select audience from word_totals where chunks")]

    def has_run_inside(self, words: Sequence[str]) -> bool:
        """Return whether these words follow one another in any chunk that is not public."""
        return any(self.has_run(each, words) for each in self.audiences() if each != Audience.PUBLIC)

    def has_run(self, audience: Audience, words: Sequence[str]) -> bool:
        """Return whether these words, stop words included, follow one another in any chunk's text."""
        terms = dict.fromkeys(find_terms(" ".join(words)))
        if not terms:
            return False
        table = f"words_{audience.key}"
        rows = self._store.rows(
            f"select c.text from {table} w join chunks c on c.id = w.rowid where {table} match ?"
            f" limit {_MOST_RUN_CHUNKS}",
            "body: (" + " AND ".join(_quote(term) for term in terms) + ")",
        )
        run = f" {' '.join(words)} "
        return any(run in f" {' '.join(split_words(strip_markup(row['text'])))} " for row in rows)


def _quote(term: str) -> str:
    # FTS5 would read AND, NEAR, * and - as operators, and a person's question is no query.
    return '"' + term.replace('"', '""') + '"'
