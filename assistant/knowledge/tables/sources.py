"""Tables of where documents come from: folders and sites, their addresses, and what was not read of them."""

from dataclasses import dataclass

from assistant.core.database import Store


@dataclass(frozen=True)
class KnownSource:
    """A folder, file or site with its documents; `address` is how a document's address is made from its path."""

    source: str
    documents: int
    chunks: int
    ingested_at: str
    address: str | None


@dataclass(frozen=True)
class Remark:
    """What there is to say of how a document was read; it completes the sentence `document_id …`."""

    source: str
    document_id: str
    remark: str


class SourceTables:
    """Reads what is known of sources, and keeps their addresses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_known(self) -> list[KnownSource]:
        """Every source that has documents."""
        rows = self._store.rows(
            """select d.source, count(*) as documents, max(d.ingested_at) as ingested_at, a.address,
            (select count(*) from chunks c join documents o on o.id = c.document where o.source = d.source) as chunks
            from documents d left join source_addresses a on a.source = d.source group by d.source order by d.source"""
        )
        return [KnownSource(**row) for row in rows]

    def find_address(self, source: str) -> str | None:
        """How addresses of its documents are made; None where nothing says so."""
        value = self._store.value("select address from source_addresses where source = ?", source)
        return None if value is None else str(value)

    def keep_address(self, source: str, address: str) -> bool:
        """Keep how addresses are made, an empty one for none; returns whether that is new."""
        if (self.find_address(source) or "") == address:
            return False
        self._store.change("delete from source_addresses where source = ?", source)
        if address:
            self._store.change("insert into source_addresses values (?, ?)", source, address)
        return True

    def list_remarks(self) -> list[Remark]:
        """What was not read, document by document."""
        rows = self._store.rows(
            "select d.source, d.document_id, u.remark from unread_parts u join documents d on d.id = u.document"
            " order by d.source, d.document_id, u.rowid"
        )
        return [Remark(**row) for row in rows]
