"""Tables of the knowledge: documents, their chunks, and which chunks the vectors still lack or should forget.

What the embedder made of each chunk, beside the vector index: its vector and the signs of its tokens' vectors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlite_utils import Database

from assistant.core.database import Row, Store, to_text
from assistant.core.schema import Schema
from assistant.domain import Audience, Chunk, Document

_CHUNK = """select c.id, c.position, c.heading, c.text, d.source, d.document_id, d.title, d.audience, d.url, d.owner,
    d.updated_on, d.review_by from chunks c join documents d on d.id = c.document"""


@dataclass(frozen=True)
class PassagePiece:
    """A chunk before it is kept: `terms` are the terms of its title, its headings and its text."""

    heading: str
    text: str
    terms: tuple[list[str], list[str], list[str]]

    @property
    def length(self) -> int:
        """Count its terms."""
        return sum(len(field) for field in self.terms)


class DocumentTables:
    """Reads and writes documents and chunks; the words are kept in the same transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def hashes(self, source: str) -> dict[str, str]:
        """document_id -> content hash of every document of a source."""
        rows = self._store.rows("select document_id, content_hash from documents where source = ?", source)
        return {row["document_id"]: row["content_hash"] for row in rows}

    def sources(self) -> list[str]:
        """Every source that has documents."""
        return [row["source"] for row in self._store.rows("select distinct source from documents order by source")]

    def replace(self, document: Document, pieces: Sequence[PassagePiece], now: datetime) -> int:
        """Put a document and its pieces in place of what was there; returns the number of chunks."""
        with self._store.transaction() as db:
            self.remove(document.source, document.document_id)
            row = {**_document_row(document), "ingested_at": to_text(now)}
            names = ", ".join(row)
            marks = ", ".join("?" * len(row))
            key = db.execute(f"insert into documents ({names}) values ({marks})", list(row.values())).lastrowid
            for position, piece in enumerate(pieces):
                chunk_id = db.execute(
                    "insert into chunks (document, position, heading, text, terms) values (?, ?, ?, ?, ?)",
                    (key, position, piece.heading, piece.text, piece.length),
                ).lastrowid
                db.execute(
                    f"insert into words_{document.audience} (rowid, title, heading, body) values (?, ?, ?, ?)",
                    (chunk_id, *(" ".join(terms) for terms in piece.terms)),
                )
            _add_to_totals(db, document.audience, len(pieces), sum(piece.length for piece in pieces))
        return len(pieces)

    def change_owner(self, source: str, document_id: str, owner: str | None) -> None:
        """Put another owner, or none, to a document that did not change."""
        where = "where source = ? and document_id = ? and owner is not ?"
        if self._store.value(f"select 1 from documents {where}", source, document_id, owner):
            self._store.change(f"update documents set owner = ? {where}", owner, source, document_id, owner)

    def remove(self, source: str, document_id: str) -> None:
        """Take a document, its chunks and their words away; the vectors are told by `removed_chunks`."""
        with self._store.transaction() as db:
            rows = list(
                db.query(
                    "select c.id, c.terms, d.audience from chunks c join documents d on d.id = c.document"
                    " where d.source = ? and d.document_id = ?",
                    (source, document_id),
                )
            )
            for row in rows:
                db.execute(f"delete from words_{row['audience']} where rowid = ?", (row["id"],))
                db.execute("insert into removed_chunks values (?, ?)", (row["id"], row["audience"]))
                _add_to_totals(db, row["audience"], -1, -row["terms"])
            db.execute("delete from documents where source = ? and document_id = ?", (source, document_id))

    def chunks(self, chunk_ids: list[int]) -> dict[int, Chunk]:
        """The chunks with these ids, those that exist."""
        marks = ",".join("?" * len(chunk_ids))
        return {row["id"]: _to_chunk(row) for row in self._store.rows(f"{_CHUNK} where c.id in ({marks})", *chunk_ids)}

    def chunks_around(self, chunk: Chunk, distance: int) -> list[Chunk]:
        """A chunk and those near it in its document, in order."""
        rows = self._store.rows(
            f"{_CHUNK} where d.source = ? and d.document_id = ? and c.position between ? and ? order by c.position",
            chunk.source,
            chunk.document_id,
            chunk.position - distance,
            chunk.position + distance,
        )
        return [_to_chunk(row) for row in rows]

    def texts_of(self, chunk: Chunk, part: str) -> list[str]:
        """Texts of the document's chunks that hold these signs, in order."""
        sql = (
            "select c.text from chunks c join documents d on d.id = c.document"
            " where d.source = ? and d.document_id = ? and instr(c.text, ?) order by c.position"
        )
        return [row["text"] for row in self._store.rows(sql, chunk.source, chunk.document_id, part)]

    def texts_with(self, audience: Audience, part: str, limit: int = 50) -> list[str]:
        """Texts of chunks of this audience that hold these signs, links' addresses included; case counts for nothing.

        SQLite knows small letters of ASCII only, so give a part in ASCII where it can be.
        """
        sql = (
            "select c.text from chunks c join documents d on d.id = c.document"
            " where d.audience = ? and instr(lower(c.text), ?) limit ?"
        )
        return [row["text"] for row in self._store.rows(sql, audience, part.lower(), limit)]

    def urls(self, audience: Audience) -> list[str]:
        """The addresses of this audience's documents."""
        sql = "select distinct url from documents where audience = ? and url is not null order by url"
        return [row["url"] for row in self._store.rows(sql, audience)]

    def find_place(self, document_id: str, passage: str) -> Row | None:
        """Find a public document's source and owner, and whether this passage is still in it; or None."""
        return self._store.row(
            """select d.source, d.owner, d.url, exists (select 1 from chunks c where c.document = d.id
            and instr(c.text, ?)) as holds from documents d where d.document_id = ? and d.audience = 'public'
            order by holds desc, d.id limit 1""",
            passage,
            document_id,
        )

    def owners(self) -> list[str]:
        """Everybody who owns a document."""
        rows = self._store.rows("select distinct owner from documents where owner is not null order by owner")
        return [row["owner"] for row in rows]

    def recent_titles(self, audience: Audience, limit: int) -> list[str]:
        """The titles of the documents that were changed last."""
        sql = "select title from documents where audience = ? order by updated_on desc, id desc limit ?"
        return [row["title"] for row in self._store.rows(sql, audience, limit)]

    def chunks_without_vectors(self, limit: int) -> list[Chunk]:
        """The oldest chunks that are not embedded yet."""
        rows = self._store.rows(f"{_CHUNK} where c.is_embedded = 0 order by c.id limit ?", limit)
        return [_to_chunk(row) for row in rows]

    def mark_embedded(self, chunk_ids: list[int]) -> None:
        """Note that these chunks are among the vectors."""
        self._store.change_many("update chunks set is_embedded = 1 where id = ?", [(i,) for i in chunk_ids])

    def forget_embeddings(self) -> None:
        """Note that no chunk is among the vectors: they will all be embedded again."""
        with self._store.transaction() as db:
            db.execute("update chunks set is_embedded = 0")
            db.execute("delete from removed_chunks")

    def removed_chunks(self) -> dict[Audience, list[int]]:
        """Ids that the vectors should forget."""
        removed: dict[Audience, list[int]] = {audience: [] for audience in Audience}
        for row in self._store.rows("select chunk_id, audience from removed_chunks"):
            removed[Audience(row["audience"])].append(row["chunk_id"])
        return removed

    def clear_removed(self, chunk_ids: list[int]) -> None:
        """The vectors have forgotten these."""
        self._store.change_many("delete from removed_chunks where chunk_id = ?", [(i,) for i in chunk_ids])

    def count(self) -> dict[str, int]:
        """Count documents and chunks for each audience, and the chunks that await embedding."""
        counts = {
            f"{audience}_documents": self._count("documents where audience = ?", audience) for audience in Audience
        }
        counts["chunks"] = self._count("chunks")
        counts["chunks_to_embed"] = self._count("chunks where is_embedded = 0")
        return counts

    def fact(self, name: str) -> str | None:
        """Return what the index remembers about itself, such as the embedder that made it."""
        value = self._store.value("select value from index_facts where name = ?", name)
        return None if value is None else str(value)

    def remember_fact(self, name: str, value: str) -> None:
        """Keep one fact about the index."""
        self._store.change("insert or replace into index_facts values (?, ?)", name, value)

    def _count(self, what: str, *values: str) -> int:
        return int(self._store.value(f"select count(*) from {what}", *values))


def _add_to_totals(db: Database, audience: str, chunks: int, terms: int) -> None:
    sql = "update word_totals set chunks = chunks + ?, terms = terms + ? where audience = ?"
    db.execute(sql, (chunks, terms, audience))


def _document_row(document: Document) -> Row:
    return {
        "source": document.source,
        "document_id": document.document_id,
        "title": document.title,
        "audience": str(document.audience),
        "content_hash": document.content_hash,
        "url": document.url,
        "owner": document.owner,
        "updated_on": document.updated_on.isoformat() if document.updated_on else None,
        "review_by": document.review_by.isoformat() if document.review_by else None,
    }


def _to_chunk(row: Row) -> Chunk:
    return Chunk(
        chunk_id=row["id"],
        source=row["source"],
        document_id=row["document_id"],
        title=row["title"],
        heading=row["heading"],
        text=row["text"],
        position=row["position"],
        audience=Audience(row["audience"]),
        url=row["url"],
        owner=row["owner"],
        updated_on=_to_date(row["updated_on"]),
        review_by=_to_date(row["review_by"]),
    )


def _to_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class PassageTables:
    """A database of its own, since all of it can be made again from the chunks. Works for several processes at once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, rows: Sequence[tuple[int, bytes, bytes]]) -> None:
        """Keep (chunk id, vector, token signs) in place of what was there."""
        self._store.change_many("insert or replace into passages values (?, ?, ?)", rows)

    def remove(self, chunk_ids: Sequence[int]) -> None:
        """Forget these chunks; unknown ids are no error."""
        self._store.change_many("delete from passages where chunk_id = ?", [(chunk_id,) for chunk_id in chunk_ids])

    def clear(self) -> None:
        """Forget everything."""
        self._store.change("delete from passages")

    def vectors(self, chunk_ids: Sequence[int]) -> dict[int, np.ndarray[tuple[int], np.dtype[np.float32]]]:
        """The vectors of those that are kept."""
        rows = self._store.rows(
            f"select chunk_id, vector from passages where chunk_id in ({_marks(chunk_ids)})", *chunk_ids
        )
        return {row["chunk_id"]: np.frombuffer(row["vector"], dtype=np.float32) for row in rows}

    def token_signs(self, chunk_ids: Sequence[int]) -> dict[int, bytes]:
        """The token signs of those that are kept."""
        rows = self._store.rows(
            f"select chunk_id, signs from passages where chunk_id in ({_marks(chunk_ids)})", *chunk_ids
        )
        return {row["chunk_id"]: row["signs"] for row in rows}


def build_passage_schema() -> Schema:
    """The shape of this database."""
    table = "create table passages (chunk_id integer primary key, vector blob not null, signs blob not null);"
    return Schema(table, "m001_passages")


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
