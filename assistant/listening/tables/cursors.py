"""Tables of how far each network was read, and since when one could not be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.core.database import Row, Store, to_text, to_time
from assistant.errors import NetworkError, TransientNetworkError


@dataclass(frozen=True)
class Coverage:
    """How well a network is heard: `failed_since` and `failure` when it could not be read, `is_capped` when it lags."""

    network: str
    read_at: datetime | None
    failed_since: datetime | None = None
    failure: str = ""
    hint: str = ""
    retry_at: datetime | None = None
    is_capped: bool = False


class CursorTables:
    """Reads and writes cursors."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def cursor(self, network: str) -> str:
        """How far a network was read; empty before the first time."""
        return str(self._store.value("select cursor from cursors where network = ?", network) or "")

    def coverage(self, network: str) -> Coverage:
        """How well one network is heard."""
        row = self._store.row("select * from cursors where network = ?", network)
        return _to_coverage(row) if row else Coverage(network, None)

    def note_read(self, network: str, cursor: str, now: datetime, is_capped: bool = False) -> None:
        """A network was read up to here, and nothing of it failed."""
        self._store.change(
            """insert or replace into cursors (network, cursor, read_at, is_capped) values (?, ?, ?, ?)""",
            network,
            cursor,
            to_text(now),
            is_capped,
        )

    def note_partial(self, network: str, cursor: str, now: datetime, error: NetworkError, is_capped: bool) -> None:
        """A part of a network was read up to here, another part failed; since when is kept."""
        with self._store.transaction():
            before = self.coverage(network).failed_since
            self.note_read(network, cursor, now, is_capped)
            self.note_failure(network, error.message, before or now, error.hint, find_retry_at(error))

    def note_failure(
        self, network: str, failure: str, now: datetime, hint: str = "", retry_at: datetime | None = None
    ) -> None:
        """A network could not be read; since when is kept from the first failure on."""
        self._store.change(
            """insert into cursors (network, cursor, read_at, failed_since, failure, hint, retry_at)
            values (?1, '', '', ?2, ?3, ?4, ?5) on conflict (network) do update
            set failed_since = coalesce(failed_since, ?2), failure = ?3, hint = ?4, retry_at = ?5""",
            network,
            to_text(now),
            failure,
            hint,
            to_text(retry_at) if retry_at else None,
        )

    def coverages(self) -> list[Coverage]:
        """How well each network that was ever tried is heard."""
        return [_to_coverage(row) for row in self._store.rows("select * from cursors order by network")]


def find_retry_at(error: NetworkError) -> datetime | None:
    """Before which moment the platform wants no further question, if it said so."""
    return error.retry_at if isinstance(error, TransientNetworkError) else None


def _to_coverage(row: Row) -> Coverage:
    return Coverage(
        network=row["network"],
        read_at=_to_time(row["read_at"]),
        failed_since=_to_time(row["failed_since"]),
        failure=row["failure"] or "",
        hint=row["hint"] or "",
        retry_at=_to_time(row["retry_at"]),
        is_capped=bool(row["is_capped"]),
    )


def _to_time(text: str | None) -> datetime | None:
    return to_time(text) if text else None


class DeliveryTables:
    """Remembers which signed requests were worked off, for as long as they could be sent again."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def is_known(self, signature: str) -> bool:
        """Whether this request was worked off before."""
        return bool(self._store.value("select 1 from deliveries where signature = ?", signature))

    def note(self, signature: str, now: datetime, window: timedelta) -> None:
        """This request was worked off; those that are too old to be sent again are forgotten."""
        with self._store.transaction() as db:
            db.execute("delete from deliveries where taken_at < ?", (to_text(now - 2 * window),))
            db.execute("insert or ignore into deliveries values (?, ?)", (signature, to_text(now)))
