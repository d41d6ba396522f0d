"""Earlier replies: to this person, and to similar posts."""

from collections.abc import Callable, Sequence

from assistant.core.database import Row
from assistant.domain import Mention
from assistant.replies.drafting.case import Past, Precedent
from assistant.replies.tables.history import PrecedentTables

Compare = Callable[[str, Sequence[str]], dict[str, float]]
"""How near a text is to mentions (by id) in meaning, as cosines; those without a vector are left out."""

_TO_AUTHOR, _SIMILAR = 3, 2
_SAME_NETWORK = 0.05


class Precedents:
    """Finds earlier replies. Only what a person approved counts; similar is a post with at least the cosine `least`."""

    def __init__(self, tables: PrecedentTables, compare: Compare, least: float) -> None:
        self._tables = tables
        self._compare = compare
        self._least = least

    def find(self, mention: Mention, text: str, lang: str) -> Past:
        """Our replies to the mention's author, and approved replies to similar posts of the same language."""
        rows = self._tables.to_author(mention.network, mention.author, _TO_AUTHOR)
        to_author = tuple(_to_precedent(row) for row in rows if row["mention_id"] != mention.mention_id)
        known = {row["mention_id"]: row for row in self._tables.approved(lang)}
        known.pop(mention.mention_id, None)
        likeness = self._compare(text, list(known)) if known else {}
        near = [_to_precedent(known[name], cosine) for name, cosine in likeness.items() if cosine >= self._least]
        near.sort(key=lambda one: -(one.likeness + _SAME_NETWORK * (one.network == mention.network)))
        return Past(to_author, tuple(near[:_SIMILAR]))


def _to_precedent(row: Row, likeness: float = 1.0) -> Precedent:
    return Precedent(row["mention_id"], row["network"], row["post"], row["reply"], row["lang"], likeness)
