"""SQLite finds nothing wrong with a database that is in use: else no backup of it could be restored."""

from datetime import UTC, datetime

from assistant.core.database import Store
from assistant.domain import Mention, Period
from assistant.listening.tables.analyses import DiscoveredTables
from assistant.listening.tables.posts import MentionTables

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_a_database_with_discovered_topics_is_sound(store: Store) -> None:
    MentionTables(store).add([Mention("x:1", "x", "1", "ann", "Hi", NOW)], NOW)
    DiscoveredTables(store).save(Period("2026-W47", NOW, NOW), [(7, "bikes", b"centroid", ["x:1"])])
    assert store.value("select key from discovered_posts") == 7
    assert store.value("pragma integrity_check") == "ok"


def test_every_table_without_rowid_has_its_keys_columns_first(store: Store) -> None:
    for row in store.rows("select name from sqlite_master where type = 'table' and sql like '%without rowid%'"):
        columns = store.rows(f"pragma table_info({row['name']})")
        keys = [column["cid"] for column in columns if column["pk"]]
        assert keys == list(range(len(keys))), row["name"]
