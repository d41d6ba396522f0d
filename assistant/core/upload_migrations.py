"""The migrations of what is known of files and summaries in Slack."""

from sqlite_utils import Database

from assistant.core.migrating import run_script


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


def posted_digests(db: Database) -> None:
    """Which summary went out for which period: there may be several a week."""
    run_script(
        db,
        """
        create table posted_digests (
            plan text not null,
            period text not null,
            posted_at text not null,
            primary key (plan, period)
        ) without rowid;
        insert into posted_digests select 'digest', week, posted_at from digests where posted_at is not null;
        drop table digests
        """,
    )
