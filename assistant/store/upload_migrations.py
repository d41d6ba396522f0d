"""The migration of what is known of files in Slack."""

from sqlite_utils import Database

from assistant.store.migrating import run_script


def uploads(db: Database) -> None:
    """Which files were uploaded to Slack."""
    run_script(
        db,
        """
        create table uploads (
            upload_key text primary key,
            file_id text not null,
            is_done integer not null,
            begun_at text not null
        ) without rowid
        """,
    )
