"""The shape of what is proposed: looks, languages, reasons not to reply, and the versions of a draft."""

from sqlite_utils import Database

from assistant.core.migrating import run_script


def draft_versions(db: Database) -> None:
    """What a draft is besides its text, and every version of it."""
    run_script(
        db,
        """
        alter table drafts add column version integer not null default 1;
        alter table drafts add column look text not null default 'ready';
        alter table drafts add column missing text not null default '';
        alter table drafts add column no_reply_reason text not null default '';
        alter table drafts add column lang text not null default 'en';
        alter table drafts add column back_translation text not null default '';
        create table draft_versions (
            draft_id integer not null references drafts(draft_id) on delete cascade,
            version integer not null,
            text text not null,
            sentences text not null,
            citations text not null,
            writer text not null,
            prompt_version text not null,
            note text not null,
            look text not null,
            missing text not null,
            no_reply_reason text not null,
            lang text not null,
            back_translation text not null,
            instruction text not null,
            made_by text not null,
            made_at text not null,
            primary key (draft_id, version)
        ) without rowid;
        """,
    )
