"""Migrations of what admins change from Slack, and of who has the App Home open."""

from sqlite_utils import Database

from assistant.core.migrating import run_script


def changed_settings(db: Database) -> None:
    """Every change of a setting, the latest of each name counts; and how each person wants their App Home."""
    run_script(
        db,
        """
        -- Value is JSON; null sets the setting back to the environment's.
        create table setting_changes (
            change_id integer primary key autoincrement,
            name text not null,
            value text,
            changed_by text not null,
            changed_at text not null
        );
        create index setting_changes_name on setting_changes(name, change_id);
        create table homes (user text primary key, opened_at text not null, choice text not null default '{}')
        """,
    )
