"""Tables of the knowledge: documents, their chunks, and which chunks the vectors still lack or should forget."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from assistant.core.database import Row, Store, to_text
from assistant.domain import Audience, Chunk, Document, ReaderSet

POST_EMBEDDER = "mention_embedder"
"""The fact that names the embedder of the posts' vectors."""

MULTILINGUAL_EMBEDDER = "multilingual_embedder"
"""The fact that names the embedder of the multilingual index; without it, that index is made again."""

_MOST_OF_DOCUMENT = 500  # chunks on either side
_CHUNK = """select c.id, c.position, c.heading, c.text, d.source, d.document_id, d.title, d.audience, d.readers, d.url,
    d.owner, d.updated_on, d.review_by, d.lang, (select substr(s.read_at, 1, 10) from source_states s
    where s.root = d.source and s.failed_since is not null) as last_read
    from chunks c join documents d on d.id = c.document"""


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

    def replace(
        self, document: Document, pieces: Sequence[PassagePiece], now: datetime, remarks: Sequence[str] = ()
    ) -> int:
        """Put a document and its pieces in place of what was there; returns the number of chunks.

        Chunks that stay as they are keep their ids, and so their vectors.
        """
        with self._store.transaction() as db:
            kept = self._find_same(document)
            if not kept:
                self.remove(document.source, document.document_id)
            audience = self._keep_readers(document)
            key = _write_document(db, {**_document_row(document), "ingested_at": to_text(now)})
            for position, piece in enumerate(pieces):
                same = kept.get((piece.heading, piece.text))
                if same:
                    db.execute("update chunks set position = ? where id = ?", (position, same.pop(0)))
                else:
                    _write_chunk(db, key, audience, position, piece)
            self._remove_chunks([chunk_id for ids in kept.values() for chunk_id in ids])
            db.execute("delete from unread_parts where document = ?", (key,))
            for remark in remarks:
                db.execute("insert into unread_parts values (?, ?)", (key, remark))
        return len(pieces)

    def _keep_readers(self, document: Document) -> Audience:
        """The audience of a document's chunks; the first document of a reader set makes the tables for its words."""
        readers = document.readers
        if readers is None:
            return document.audience
        audience = document.audience.for_sets([readers.name])
        with self._store.transaction() as db:
            lists = json.dumps(readers.lists)
            if db.execute("insert or ignore into reader_sets values (?, ?)", (readers.name, lists)).rowcount:
                table = f"words_{audience.key}"
                db.execute(f'create virtual table {table} using fts5(title, heading, body, tokenize = "unicode61")')
                db.execute(f"create virtual table {table}_terms using fts5vocab({table}, row)")
                db.execute("insert into word_totals values (?, 0, 0)", (audience,))
        return audience

    def reader_sets(self) -> list[ReaderSet]:
        """The sets of readers that documents are for alone."""
        sql = "select lists from reader_sets where name in (select readers from documents) order by name"
        return [ReaderSet(tuple(map(tuple, json.loads(row["lists"])))) for row in self._store.rows(sql)]

    def count_restricted(self, source: str = "") -> dict[str, int]:
        """By the name of a reader set, the number of documents that are for it alone, of one source or of all."""
        sql = "select readers, count(*) as number from documents where readers <> '' and ? in ('', source) group by 1"
        return {row["readers"]: row["number"] for row in self._store.rows(sql, source)}

    def audiences(self) -> list[Audience]:
        """Every audience that chunks may have: public, internal, and each reader set by itself."""
        names = [row["name"] for row in self._store.rows("select name from reader_sets order by name")]
        return [*Audience, *(Audience.INTERNAL.for_sets([name]) for name in names)]

    def _find_same(self, document: Document) -> dict[tuple[str, str], list[int]]:
        """The ids of a document's chunks by heading and text; none where its title, readers or language changed."""
        rows = self._store.rows(
            "select c.id, c.heading, c.text from chunks c join documents d on d.id = c.document where d.source = ?"
            " and d.document_id = ? and d.title = ? and d.audience = ? and d.readers = ? and d.lang = ?"
            " order by c.position",
            document.source,
            document.document_id,
            document.title,
            str(document.audience),
            document.readers.name if document.readers else "",
            document.lang,
        )
        found: dict[tuple[str, str], list[int]] = {}
        for row in rows:
            found.setdefault((row["heading"], row["text"]), []).append(row["id"])
        return found

    def move(self, source: str, document_id: str, new_source: str, new_id: str) -> None:
        """Note that a document lies elsewhere now; one that is there already goes."""
        with self._store.transaction() as db:
            self.remove(new_source, new_id)
            sql = "update documents set source = ?, document_id = ? where source = ? and document_id = ?"
            db.execute(sql, (new_source, new_id, source, document_id))

    def forget_hashes(self, source: str) -> None:
        """Note that every document of a source has to be read again."""
        self._store.change("update documents set content_hash = '' where source = ?", source)

    def change_owner(self, source: str, document_id: str, owner: str | None) -> None:
        """Put another owner, or none, to a document that did not change."""
        where = "where source = ? and document_id = ? and owner is not ?"
        if self._store.value(f"select 1 from documents {where}", source, document_id, owner):
            self._store.change(f"update documents set owner = ? {where}", owner, source, document_id, owner)

    def remove(self, source: str, document_id: str) -> None:
        """Take a document, its chunks and their words away; the vectors are told by `removed_chunks`."""
        with self._store.transaction() as db:
            where = "source = ? and document_id = ?"
            sql = f"select id from chunks where document = (select id from documents where {where})"
            self._remove_chunks([row["id"] for row in self._store.rows(sql, source, document_id)])
            db.execute(f"delete from documents where {where}", (source, document_id))

    def _remove_chunks(self, chunk_ids: Sequence[int]) -> None:
        with self._store.transaction() as db:
            for chunk_id in chunk_ids:
                sql = "select c.terms, d.audience, d.readers from chunks c join documents d on d.id = c.document"
                [(terms, level, readers)] = db.execute(f"{sql} where c.id = ?", (chunk_id,)).fetchall()
                audience = _to_audience(level, readers)
                db.execute(f"delete from words_{audience.key} where rowid = ?", (chunk_id,))
                db.execute("insert into removed_chunks values (?, ?)", (chunk_id, audience))
                db.execute("delete from chunks where id = ?", (chunk_id,))
                _add_to_totals(db, audience, -1, -terms)

    def chunks(self, chunk_ids: list[int]) -> dict[int, Chunk]:
        """The chunks with these ids, those that exist."""
        marks = ",".join("?" * len(chunk_ids))
        return {row["id"]: _to_chunk(row) for row in self._store.rows(f"{_CHUNK} where c.id in ({marks})", *chunk_ids)}

    def chunk_ids(self) -> set[int]:
        """The ids of all chunks."""
        return {row["id"] for row in self._store.rows("select id from chunks")}

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

    def translated(self, source: str) -> list[tuple[str, str]]:
        """The ids of documents that say which page they translate, each with that page as it is named there."""
        sql = "select document_id, translation_of from documents where source = ? and translation_of <> ''"
        rows = self._store.rows(f"{sql} order by document_id", source)
        return [(row["document_id"], row["translation_of"]) for row in rows]

    def chunks_beside(self, chunk: Chunk) -> list[Chunk]:
        """The chunks of a chunk's document, in order."""
        return self.chunks_around(chunk, _MOST_OF_DOCUMENT)

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

    def overdue(self, today: date) -> list[tuple[tuple[str, str], str]]:
        """(source, document_id) of each document whose review was due before today, and that day."""
        sql = "select source, document_id, review_by from documents where review_by < ? order by review_by, id"
        return [
            ((row["source"], row["document_id"]), row["review_by"]) for row in self._store.rows(sql, today.isoformat())
        ]

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
            db.execute("delete from index_facts where name = ?", (MULTILINGUAL_EMBEDDER,))
            db.execute("delete from removed_chunks")

    def removed_chunks(self) -> dict[Audience, list[int]]:
        """Ids that the vectors should forget."""
        removed: dict[Audience, list[int]] = defaultdict(list, {audience: [] for audience in Audience})
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


def _write_document(db: Database, row: Row) -> int:
    """Insert a document, or change the one of its name; returns its key."""
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    changes = ", ".join(f"{name} = excluded.{name}" for name in row)
    sql = f"insert into documents ({names}) values ({marks}) on conflict (source, document_id) do update set {changes}"
    [(key,)] = db.execute(f"{sql} returning id", list(row.values())).fetchall()
    return int(key)


def _write_chunk(db: Database, key: int, audience: Audience, position: int, piece: PassagePiece) -> None:
    chunk_id = db.execute(
        "insert into chunks (document, position, heading, text, terms) values (?, ?, ?, ?, ?)",
        (key, position, piece.heading, piece.text, piece.length),
    ).lastrowid
    db.execute(
        f"insert into words_{audience.key} (rowid, title, heading, body) values (?, ?, ?, ?)",
        (chunk_id, *(" ".join(terms) for terms in piece.terms)),
    )
    _add_to_totals(db, audience, 1, piece.length)


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
        "lang": document.lang,
        "translation_of": document.translation_of,
        "readers": document.readers.name if document.readers else "",
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
        audience=_to_audience(row["audience"], row["readers"]),
        url=row["url"],
        owner=row["owner"],
        updated_on=_to_date(row["updated_on"]),
        review_by=_to_date(row["review_by"]),
        lang=row["lang"],
        last_read=_to_date(row["last_read"]),
    )


def _to_audience(level: str, readers: str) -> Audience:
    return Audience(f"{level}+{readers}" if readers else level)


def _to_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
