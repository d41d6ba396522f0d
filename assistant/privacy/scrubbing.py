"""Takes customers' words out of answers that staff got: an answer that quotes a post is kept without the quote."""

import json
from collections.abc import Sequence
from typing import Any

from assistant.core.database import Row, Store

_GONE = "(This post was removed.)"
_GONE_TITLE = "a post that was removed"
_CITING = """exists (select 1 from json_each(questions.documents) where value in (select value from json_each(?)))"""


class Scrubbing:
    """Finds answers by the posts that they cite."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def count(self, mention_ids: Sequence[str]) -> int:
        """How many answers cite any of these posts."""
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
    """The answer without these sentences; made anew where it does not hold them word for word."""
    if not all(sentence in text for sentence in told):
        return "\n".join(sentence["text"] for sentence in sentences)
    for sentence in sorted(told, key=len, reverse=True):  # a short one may stand within a longer one
        text = text.replace(sentence, _GONE)
    return text


def _blank(citation: dict[str, Any]) -> dict[str, Any]:
    return {**citation, "document_id": "", "title": _GONE_TITLE, "heading": "", "url": None, "quote": ""}
