"""The shape of lessons: what decided drafts taught, and the fixes of documents that factual edits propose."""

from sqlite_utils import Database

from assistant.core.migrating import run_script


def lessons(db: Database) -> None:
    """Lessons with the drafts they came from, and proposals that fix a document."""
    run_script(
        db,
        """
        create table lessons (
            lesson_id integer primary key autoincrement,
            kind text not null,
            rule text not null default '',
            words text not null default '',
            instead text not null default '',
            number integer not null default 0,
            network text not null,
            lang text not null,
            intent text not null,
            status text not null check (status in ('noted', 'waiting', 'kept', 'dropped', 'undone')),
            learned_at text not null,
            cases integer not null default 0,
            before real not null default 0,
            after real not null default 0,
            reason text not null default '',
            decided_at text,
            decided_by text not null default '',
            unique (kind, rule, words, instead, network, lang, intent)
        );
        -- In the order in which they taught it: the first ones are what it was learned from.
        create table lesson_sources (
            number integer primary key autoincrement,
            lesson_id integer not null references lessons(lesson_id) on delete cascade,
            draft_id integer not null references drafts(draft_id) on delete cascade,
            characters integer not null default 0,
            unique (lesson_id, draft_id)
        );
        create index lesson_sources_draft on lesson_sources(draft_id);
        -- Drafts that were learned from, by how often they had been edited then, and how they had ended.
        create table learned_drafts (
            draft_id integer primary key references drafts(draft_id) on delete cascade,
            state text not null
        );
        alter table proposals add column kind text not null default 'answer';
        alter table proposals add column document_id text not null default '';
        alter table proposals add column owner text not null default '';
        alter table proposals add column passage text not null default '';
        alter table proposals add column draft_id integer references drafts(draft_id) on delete cascade;
        alter table proposals add column decided_by text not null default '';
        create index decisions_draft on decisions(draft_id);
        create index proposals_draft on proposals(draft_id) where draft_id is not null
        """,
    )
