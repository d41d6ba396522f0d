"""What the embedders made of each chunk, beside the vector index: its vector and the signs of its tokens' vectors."""

from collections.abc import Sequence

import numpy as np

from assistant.core.database import Store
from assistant.core.schema import Schema


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


class MultilingualTables(PassageTables):
    """The same by the multilingual embedder, and which language each chunk is in."""

    def chunk_ids(self) -> set[int]:
        """The ids of those that are kept."""
        return {row["chunk_id"] for row in self._store.rows("select chunk_id from passages")}

    def remove(self, chunk_ids: Sequence[int]) -> None:
        """Forget these chunks; unknown ids are no error."""
        super().remove(chunk_ids)
        self._store.change_many("delete from chunk_languages where chunk_id = ?", [(i,) for i in chunk_ids])

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        self._store.change("delete from chunk_languages")

    def note_languages(self, rows: Sequence[tuple[int, str]]) -> None:
        """Keep (chunk id, language) in place of what was there."""
        self._store.change_many("insert or replace into chunk_languages values (?, ?)", rows)

    def foreign_share(self, language: str) -> float:
        """The share of chunks that are in another language."""
        return float(self._store.value("select coalesce(avg(lang <> ?), 0) from chunk_languages", language))

    def spoken(self) -> list[str]:
        """The languages of a twentieth of the chunks or more, the commonest first."""
        sql = (
            "select lang from chunk_languages group by lang"
            " having count(*) * 20 >= (select count(*) from chunk_languages) order by count(*) desc"
        )
        return [row["lang"] for row in self._store.rows(sql)]

    def languages(self, chunk_ids: Sequence[int]) -> dict[int, str]:
        """The languages of these chunks, those that are known."""
        rows = self._store.rows(
            f"select chunk_id, lang from chunk_languages where chunk_id in ({_marks(chunk_ids)})", *chunk_ids
        )
        return {row["chunk_id"]: row["lang"] for row in rows}


def build_multilingual_schema() -> Schema:
    """The shape of the database of `MultilingualTables`."""
    languages = "create table chunk_languages (chunk_id integer primary key, lang text not null);"
    return Schema(f"{build_passage_schema().script} {languages}", "m001_passages")


def build_passage_schema() -> Schema:
    """The shape of this database."""
    table = "create table passages (chunk_id integer primary key, vector blob not null, signs blob not null);"
    return Schema(table, "m001_passages")


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
