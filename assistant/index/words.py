"""Word search over SQLite's FTS5: BM25 over title, headings and body."""

import re

from assistant.domain import Audience
from assistant.store.database import Store

_TITLE_WEIGHT, _HEADING_WEIGHT, _BODY_WEIGHT = 2.0, 1.5, 1.0
_TERM = re.compile(r"[^\W_]+")


class WordIndex:
    """Searches the words of each audience's chunks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def search(self, audience: Audience, text: str, limit: int) -> list[tuple[int, float]]:
        """The chunks with the question's words, as (chunk id, BM25 score, larger is better), best first."""
        query = _to_query(text)
        if not query:
            return []
        rows = self._store.rows(
            f"select rowid as id, bm25(words_{audience}, ?, ?, ?) as score from words_{audience}"
            f" where words_{audience} match ? order by score limit ?",
            _TITLE_WEIGHT,
            _HEADING_WEIGHT,
            _BODY_WEIGHT,
            query,
            limit,
        )
        return [(row["id"], -float(row["score"])) for row in rows]

    def has_phrase(self, audience: Audience, terms: list[str]) -> bool:
        """Whether these words stand one after the other in any chunk of the audience (stemmed)."""
        sql = f"select 1 from words_{audience} where words_{audience} match ? limit 1"
        return self._store.value(sql, '"' + " ".join(terms) + '"') is not None


def split_terms(text: str) -> list[str]:
    """The words of a text in small letters, in order, as the word index sees them before stemming."""
    return _TERM.findall(text.lower())


def _to_query(text: str) -> str:
    # Each word in quotes: FTS5 would read AND, NEAR, * and - as operators, and a person's question is no query.
    return " OR ".join(f'"{term}"' for term in dict.fromkeys(split_terms(text)))
