"""Migrations of what Slack needs kept: open posts, why an answer is as it is, what colleagues add to the knowledge."""

from sqlite_utils import Database

from assistant.core.migrating import run_script


def slack_conversations(db: Database) -> None:
    """How far a post has come, the trace of each answer, reasons of votes, proposals, and facts on the service."""
    run_script(
        db,
        """
        -- Open: a placeholder or a stream that is not yet the whole answer. Version: the edit that it answers.
        alter table slack_posts add column is_open integer not null default 0;
        alter table slack_posts add column version text not null default '';
        alter table slack_posts add column is_withdrawn integer not null default 0;
        create index slack_posts_ts on slack_posts(channel, ts);
        alter table questions add column trace text;
        create index questions_thread on questions(channel, thread_ts);
        create index questions_user on questions(user, channel);
        alter table votes add column remark text not null default '';
        -- Messages that were heard and left alone, so that a silence can be explained.
        create table silences (
            channel text not null,
            ts text not null,
            user text not null,
            rule text not null,
            primary key (channel, ts)
        ) without rowid;
        create table owner_requests (
            question_key text primary key,
            question text not null,
            asked_by text not null,
            owner text not null,
            channel text not null,
            thread_ts text not null,
            answer_channel text not null,
            answer_thread_ts text not null,
            asked_at text not null
        );
        create index owner_requests_thread on owner_requests(channel, thread_ts);
        create table proposals (
            proposal_id integer primary key autoincrement,
            question_key text not null unique,
            question text not null,
            text text not null,
            author text not null,
            author_name text not null,
            message_ts text not null,
            status text not null check (status in ('open', 'accepted', 'dropped')),
            proposed_at text not null,
            decided_at text,
            document text
        );
        create table service_facts (name text primary key, value text not null, noted_at text not null)
        """,
    )
