"""Looks after what rests on documents that changed: drafts that wait are stale, sent replies are listed to be recalled.

A reply is recalled when a passage that one of its sentences rests on does not stand in its document any more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain import Citation, Draft, DraftStatus
from assistant.replies.review.freshness import Freshness
from assistant.replies.tables.recalls import Recall, RecallTables
from assistant.replies.tables.review import ReviewTables
from assistant.text.sentences import split_sentences, to_plain
from assistant.text.tokens import find_terms

_WAITING = (DraftStatus.PENDING, DraftStatus.APPROVED)
_LEAST_ALIKE = 0.3  # of the words of what was quoted


@dataclass(frozen=True)
class EvidenceReport:
    """The drafts that are stale now, and the replies whose evidence is gone."""

    stale: tuple[int, ...] = ()
    recalls: tuple[Recall, ...] = ()


class EvidenceWatch:
    """Called after documents were read; what did not change costs one query."""

    def __init__(self, tables: ReviewTables, recalls: RecallTables, freshness: Freshness) -> None:
        self._tables = tables
        self._recalls = recalls
        self._freshness = freshness

    def look(self, document_ids: Collection[str], now: datetime) -> EvidenceReport:
        """See to all that cites one of these documents."""
        if not document_ids:
            return EvidenceReport()
        waiting = self._recalls.quoting(document_ids, _WAITING)
        stale = [draft_id for draft_id in waiting if self._freshness.retire_outdated(draft_id, now)]
        for draft_id in self._recalls.quoting(document_ids, [DraftStatus.SENT]):
            self._look_at_sent(self._tables.drafts.find(draft_id), document_ids, now)
        return EvidenceReport(tuple(stale), tuple(self._recalls.list_since(now)))

    def _look_at_sent(self, draft: Draft, document_ids: Collection[str], now: datetime) -> None:
        used = {number for sentence in draft.sentences for number in sentence.citations}
        for citation in draft.citations:
            if citation.number in used and citation.document_id in document_ids:
                texts = self._recalls.find_now(citation)
                if not any(citation.quote in text for text in texts):
                    place = self._recalls.find_place(citation.document_id)
                    self._recalls.add(draft.draft_id, citation, place, find_instead(citation, texts), now)


def find_instead(citation: Citation, texts: Sequence[str]) -> str:
    """The sentence that says most of what was quoted, in other words or numbers; empty where none comes near."""
    wanted = set(find_terms(citation.quote))
    sentences = (sentence for text in texts for sentence in split_sentences(text))
    rated = [(len(wanted & set(find_terms(sentence))), sentence) for sentence in sentences]
    most, found = max(rated, key=lambda one: one[0], default=(0, ""))
    return to_plain(found) if most >= _LEAST_ALIKE * max(len(wanted), 1) else ""


def draft_correction(recall: Recall) -> str:
    """A reply that puts an earlier one right, for a person to finish; in English, empty without what to say."""
    return f"A correction to our earlier reply: {recall.says_now}" if recall.says_now and recall.lang == "en" else ""
