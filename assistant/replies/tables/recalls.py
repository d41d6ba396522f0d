"""Tables of sent replies whose evidence is not in its document any more, and of the replies that quoted a document."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Audience, Citation

_RECALL = """select c.*, r.text as reply, r.url, r.network, r.sent_at, d.lang from recalls c
    join replies r on r.draft_id = c.draft_id join drafts d on d.draft_id = c.draft_id"""


@dataclass(frozen=True)
class Recall:
    """A reply that a customer got, and what it rested on; `says_now` is what its document says instead, if anything."""

    draft_id: int
    source: str
    document_id: str
    title: str
    owner: str
    quote: str
    says_now: str
    noticed_at: datetime
    reply: str
    url: str | None
    network: str
    sent_at: datetime
    lang: str


class RecallTables:
    """Reads and writes them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def quoting(self, document_ids: Collection[str], statuses: Collection[str]) -> list[int]:
        """Drafts in these states that cite one of these documents; of sent ones those that nobody deleted."""
        rows = self._store.rows(
            f"""select distinct d.draft_id from drafts d, json_each(d.citations) c
            where d.status in ({_marks(statuses)}) and not exists (select 1 from replies r
            where r.draft_id = d.draft_id and r.deleted_at is not null)
            and c.value ->> 'document_id' in (select value from json_each(?)) order by 1""",
            *statuses,
            _to_json(document_ids),
        )
        return [row["draft_id"] for row in rows]

    def list_citing(self, document_id: str, text: str) -> list[tuple[int, str | None]]:
        """(draft_id, url) of sent replies that quote this text of a document, the latest first."""
        rows = self._store.rows(
            """select distinct d.draft_id, r.url from replies r join drafts d on d.draft_id = r.draft_id,
            json_each(d.citations) c where r.deleted_at is null and c.value ->> 'document_id' = ?
            and (instr(c.value ->> 'quote', ?) or instr(?, c.value ->> 'quote')) order by d.draft_id desc""",
            document_id,
            text,
            text,
        )
        return [(row["draft_id"], row["url"]) for row in rows]

    def find_now(self, citation: Citation) -> list[str]:
        """The texts that the place of a citation holds now, its own heading's first."""
        rows = self._store.rows(
            """select c.text from chunks c join documents d on d.id = c.document where d.document_id = ?
            and d.audience = ? order by c.heading <> ?, c.position""",
            citation.document_id,
            Audience.PUBLIC,
            citation.heading,
        )
        return [row["text"] for row in rows]

    def find_place(self, document_id: str) -> tuple[str, str]:
        """(source, owner) of a public document; empty where it is gone."""
        row = self._store.row(
            "select source, owner from documents where document_id = ? and audience = 'public'", document_id
        )
        return (row["source"], row["owner"] or "") if row else ("", "")

    def add(self, draft_id: int, citation: Citation, place: tuple[str, str], says_now: str, now: datetime) -> bool:
        """Keep that a reply rests on what is not there any more; returns whether that is new."""
        values = (draft_id, citation.document_id, citation.quote, place[0], citation.title, place[1], says_now)
        sql = "insert or ignore into recalls values (?, ?, ?, ?, ?, ?, ?, ?)"
        return bool(self._store.change(sql, *values, to_text(now)))

    def list_since(self, since: datetime | None = None) -> list[Recall]:
        """Those that were noticed since a moment, or all; the newest first."""
        rows = self._store.rows(
            f"{_RECALL} where c.noticed_at >= ? order by c.noticed_at desc, c.draft_id desc",
            to_text(since) if since else "",
        )
        return [_to_recall(row) for row in rows]


def _to_recall(row: Row) -> Recall:
    return Recall(**{**row, "noticed_at": to_time(row["noticed_at"]), "sent_at": to_time(row["sent_at"])})


def _marks(values: Collection[str]) -> str:
    return ",".join("?" * len(values))


def _to_json(values: Collection[str]) -> str:
    return json.dumps(sorted(values))
