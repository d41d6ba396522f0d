"""Tables of what a person does to a send, and of people who want no answer."""

from sqlite_utils import Database

from assistant.core.migrating import run_script


def sending(db: Database) -> None:
    """Replies can be taken away again, sends undone, and authors left alone."""
    run_script(
        db,
        """
        alter table replies add column deleted_at text;
        alter table replies add column deleted_by text not null default '';
        create index send_attempts_key on send_attempts(send_key);
        create table send_changes (
            id integer primary key autoincrement,
            draft_id integer not null references drafts(draft_id) on delete cascade,
            action text not null,
            done_by text not null,
            done_at text not null
        );
        create table opt_outs (
            author_hash text not null,
            network text not null,
            noted_by text not null,
            noted_at text not null,
            primary key (author_hash, network)
        ) without rowid;
        """,
    )
