"""What the embedder made of each chunk, beside the vector index: its vector and the signs of its tokens' vectors."""

from collections.abc import Sequence

import numpy as np
from sqlite_utils import Database, Migrations

from assistant.core.database import Store


class PassageTables:
    """A database of its own, since all of it can be made anew from the chunks. Works for several processes at once."""

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


def build_passage_migrations() -> Migrations:
    """The shape of this database."""
    migrations = Migrations("passages")

    @migrations(name="m001_passages")
    def create(db: Database) -> None:
        db.execute("create table passages (chunk_id integer primary key, vector blob not null, signs blob not null)")

    return migrations


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
