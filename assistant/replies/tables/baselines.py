"""Baselines of drafts: the post, its thread and the cited passages as they were, and as they are."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from assistant.core.audit import hash_text
from assistant.core.database import Store, to_time
from assistant.domain import Audience, Citation, ThreadPost
from assistant.listening.tables.threads import ThreadTables

_MOST_ANSWERS = 50


@dataclass(frozen=True)
class KnownPost:
    """A post of the thread, by its id on the network; of its text only the hash."""

    external_id: str
    text_hash: str


@dataclass(frozen=True)
class CitedPassage:
    """The text of the public passage that holds a citation's quote, empty when there is none."""

    title: str
    quote: str
    text: str


@dataclass(frozen=True)
class Baseline:
    """A post's text, the posts known around it, and the passages that a draft cites."""

    post: str
    thread: tuple[KnownPost, ...]
    evidence: tuple[CitedPassage, ...]


class BaselineTables:
    """Keeps what a draft was made from, and reads how the same is now."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadTables(store)

    def keep(self, draft_id: int, mention_id: str, citations: Sequence[Citation]) -> None:
        """Note what is known now as what the draft was made from."""
        now = self.read(mention_id, citations)
        sql = "insert or replace into baselines values (?, ?, ?, ?)"
        thread, evidence = (json.dumps([asdict(p) for p in part]) for part in (now.thread, now.evidence))
        self._store.change(sql, draft_id, now.post, thread, evidence)

    def keep_evidence(self, draft_id: int, citations: Sequence[Citation]) -> None:
        """Note the passages that an edited draft cites as they are now; its post and thread stay as it began."""
        evidence = json.dumps([asdict(self._find_passage(citation)) for citation in citations])
        self._store.change("update baselines set evidence = ? where draft_id = ?", evidence, draft_id)

    def find(self, draft_id: int) -> Baseline | None:
        """Find the baseline of a draft; None for a draft of an older Earshot, or of a forgotten post."""
        row = self._store.row("select post, thread, evidence from baselines where draft_id = ?", draft_id)
        if row is None:
            return None
        thread = tuple(KnownPost(**post) for post in json.loads(row["thread"]))
        return Baseline(row["post"], thread, tuple(CitedPassage(**passage) for passage in json.loads(row["evidence"])))

    def read(self, mention_id: str, citations: Sequence[Citation]) -> Baseline:
        """Read how the post, its thread and the passages are now, as far as they are known here."""
        post = self._store.value("select text from mentions where mention_id = ?", mention_id)
        thread = tuple(KnownPost(p.external_id, hash_text(p.text)) for p in self.thread(mention_id))
        return Baseline(str(post or ""), thread, tuple(self._find_passage(citation) for citation in citations))

    def thread(self, mention_id: str) -> tuple[ThreadPost, ...]:
        """The posts before a mention, then the customers' answers to it, as far as they are known here."""
        rows = self._store.rows(
            """select a.network, a.external_id, a.author, a.text, a.created_at, a.in_reply_to
            from mentions m join mentions a on a.network = m.network and a.in_reply_to = m.external_id
            where m.mention_id = ? and a.removed_at is null order by a.created_at, a.mention_id limit ?""",
            mention_id,
            _MOST_ANSWERS,
        )
        answers = [ThreadPost(**{**row, "created_at": to_time(row["created_at"])}) for row in rows]
        return (*self._threads.thread(mention_id), *answers)

    def _find_passage(self, citation: Citation) -> CitedPassage:
        text = self._store.value(
            """select c.text from chunks c join documents d on d.id = c.document where d.document_id = ?
            and d.audience = ? and instr(c.text, ?) order by c.heading <> ?, c.position, c.id limit 1""",
            citation.document_id,
            Audience.PUBLIC,
            citation.quote,
            citation.heading,
        )
        return CitedPassage(citation.title, citation.quote, str(text or ""))
