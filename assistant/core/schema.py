"""The database's shape as numbered migrations: never edited after a release, only added to."""

from sqlite_utils import Database, Migrations

from assistant.core.alert_migrations import alerts
from assistant.core.card_migrations import card_states
from assistant.core.draft_migrations import draft_versions
from assistant.core.figure_migrations import figures
from assistant.core.forgetting_migrations import forgetting
from assistant.core.lesson_migrations import lessons
from assistant.core.listening_migrations import analysis, deliveries, listening, mention_brands
from assistant.core.migrating import run_script
from assistant.core.review_migrations import audit, review
from assistant.core.sending_migrations import sending
from assistant.core.setting_migrations import changed_settings
from assistant.core.slack_migrations import slack_conversations
from assistant.core.term_migrations import mention_terms
from assistant.core.upload_migrations import posted_digests, uploads
from assistant.core.vector_migrations import mention_vectors


def build_migrations() -> Migrations:
    """All migrations, oldest first."""
    migrations = Migrations("earshot")
    steps = (
        *(_knowledge, _mentions, _replies, _questions, _schedules, _votes, listening, analysis, mention_vectors),
        *(mention_terms, forgetting, deliveries, mention_brands, sending, review, audit, draft_versions, figures),
        *(alerts, slack_conversations, card_states, uploads, changed_settings, lessons, posted_digests),
    )
    for number, create in enumerate(steps, start=1):
        migrations(name=f"m{number:03d}_{create.__name__.lstrip('_')}")(create)
    return migrations


def _knowledge(db: Database) -> None:
    run_script(
        db,
        """
        create table documents (
            id integer primary key,
            source text not null,
            document_id text not null,
            title text not null,
            audience text not null check (audience in ('public', 'internal')),
            content_hash text not null,
            url text, owner text, updated_on text, review_by text,
            ingested_at text not null,
            unique (source, document_id)
        );
        create table chunks (
            id integer primary key autoincrement,
            document integer not null references documents(id) on delete cascade,
            position integer not null,
            heading text not null,
            text text not null,
            terms integer not null,
            is_embedded integer not null default 0
        );
        create index chunks_document on chunks(document);
        create index chunks_not_embedded on chunks(id) where is_embedded = 0;
        -- Ids of chunks that left the store but perhaps not yet the vectors: a crash between the two loses nothing.
        create table removed_chunks (chunk_id integer primary key, audience text not null);
        create table index_facts (name text primary key, value text not null);
        -- Terms, stemmed by the program; the vocabularies count the chunks of each term.
        create virtual table words_public using fts5(title, heading, body, tokenize = "unicode61");
        create virtual table words_internal using fts5(title, heading, body, tokenize = "unicode61");
        create virtual table words_public_terms using fts5vocab(words_public, row);
        create virtual table words_internal_terms using fts5vocab(words_internal, row);
        create table word_totals (audience text primary key, chunks integer not null, terms integer not null);
        insert into word_totals values ('public', 0, 0), ('internal', 0, 0);
        """,
    )


def _mentions(db: Database) -> None:
    run_script(
        db,
        """
        create table mentions (
            mention_id text primary key,
            network text not null,
            external_id text not null,
            author text not null,
            text text not null,
            created_at text not null,
            lang text, location text, url text, in_reply_to text, followers integer,
            collected_at text not null,
            unique (network, external_id)
        );
        create index mentions_created on mentions(created_at);
        create index mentions_external on mentions(external_id);
        create table analyses (
            mention_id text primary key references mentions(mention_id) on delete cascade,
            sentiment text not null,
            sentiment_score real not null,
            is_question integer not null,
            version text not null,
            action text not null check (action in ('reply', 'watch', 'ignore')),
            reason text not null,
            analysed_at text not null
        );
        create table mention_words (
            word text not null,
            mention_id text not null references mentions(mention_id) on delete cascade,
            primary key (word, mention_id)
        ) without rowid;
        create index mention_words_mention on mention_words(mention_id);
        create table cursors (
            network text primary key,
            cursor text not null,
            read_at text not null,
            failed_since text,
            failure text
        );
        """,
    )


def _replies(db: Database) -> None:
    run_script(
        db,
        """
        create table drafts (
            draft_id integer primary key autoincrement,
            mention_id text not null references mentions(mention_id) on delete cascade,
            text text not null,
            status text not null,
            sentences text not null,
            citations text not null,
            writer text not null,
            prompt_version text not null,
            note text not null default '',
            created_at text not null,
            changed_at text not null
        );
        -- One live Draft per Mention; a sent one stays live, so that a mention is answered once.
        create unique index drafts_live on drafts(mention_id)
            where status in ('pending', 'approved', 'sending', 'sent', 'unknown');
        create index drafts_status on drafts(status);
        create table decisions (
            id integer primary key autoincrement,
            draft_id integer not null references drafts(draft_id) on delete cascade,
            action text not null,
            decided_by text not null,
            decided_at text not null,
            text text not null,
            reason text not null default ''
        );
        create table send_attempts (
            id integer primary key autoincrement,
            draft_id integer not null references drafts(draft_id) on delete cascade,
            send_key text not null,
            started_at text not null,
            outcome text,
            detail text not null default ''
        );
        create table replies (
            draft_id integer primary key references drafts(draft_id) on delete cascade,
            mention_id text not null,
            network text not null,
            external_id text not null,
            text text not null,
            url text,
            how text not null,
            sent_at text not null
        );
        create index replies_sent on replies(sent_at);
        """,
    )


def _questions(db: Database) -> None:
    run_script(
        db,
        """
        create table questions (
            id integer primary key autoincrement,
            asked_at text not null,
            text text not null,
            audience text not null,
            answer text not null,
            is_grounded integer not null,
            reason text not null,
            writer text not null,
            prompt_version text not null,
            documents text not null,
            channel text, thread_ts text, user text,
            question_key text unique
        );
        -- What Earshot posts to Slack is claimed under a key before it leaves and carries that key as metadata.
        create table slack_posts (
            post_key text primary key,
            channel text not null,
            claimed_at text not null,
            ts text
        );
        create table cards (
            draft_id integer primary key references drafts(draft_id) on delete cascade,
            channel text not null,
            ts text not null
        );
        """,
    )


def _schedules(db: Database) -> None:
    run_script(
        db,
        """
        create table digests (week text primary key, made_at text not null, posted_at text);
        create table schedule_marks (name text primary key, due_at text not null);
        """,
    )


def _votes(db: Database) -> None:
    run_script(
        db,
        """
        -- What people think of an answer; who votes again changes their vote.
        create table votes (
            question_id integer not null references questions(id) on delete cascade,
            user text not null,
            is_helpful integer not null,
            reason text not null default '',
            voted_at text not null,
            primary key (question_id, user)
        ) without rowid;
        """,
    )
