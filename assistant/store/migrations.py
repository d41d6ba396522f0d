"""The database's shape as numbered migrations: never edited after a release, only added to."""

from sqlite_utils import Database, Migrations

from assistant.store.forgetting_migrations import forgetting
from assistant.store.term_migrations import mention_terms
from assistant.store.vector_migrations import mention_vectors


def build_migrations() -> Migrations:
    """All migrations, oldest first."""
    migrations = Migrations("earshot")
    steps = (
        *(_knowledge, _mentions, _replies, _questions, _schedules, _votes, _listening, _analysis, mention_vectors),
        *(mention_terms, forgetting),
    )
    for number, create in enumerate(steps, start=1):
        migrations(name=f"m{number:03d}_{create.__name__.lstrip('_')}")(create)
    return migrations


def _run(db: Database, script: str) -> None:
    """Statement by statement: `executescript` would commit the migration's own transaction before it begins."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def _knowledge(db: Database) -> None:
    _run(
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
    _run(
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
    _run(
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
    _run(
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
    _run(
        db,
        """
        create table digests (week text primary key, made_at text not null, posted_at text);
        create table schedule_marks (name text primary key, due_at text not null);
        """,
    )


def _votes(db: Database) -> None:
    _run(
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


def _listening(db: Database) -> None:
    _run(
        db,
        """
        alter table mentions add column conversation_id text;
        alter table mentions add column engagement integer;
        alter table mentions add column edited_at text;
        -- A post that was deleted upstream keeps its bare row, so that drafts and replies keep theirs.
        alter table mentions add column removed_at text;
        alter table mentions add column rechecked_at text;
        create index mentions_conversation on mentions(network, conversation_id) where conversation_id is not null;
        create index mentions_parent on mentions(network, in_reply_to) where in_reply_to is not null;
        create index replies_external on replies(network, external_id);
        -- Posts that mentions answer and that are no mentions themselves.
        create table parent_posts (
            network text not null,
            external_id text not null,
            author text not null,
            text text not null,
            created_at text not null,
            in_reply_to text,
            primary key (network, external_id)
        ) without rowid;
        alter table cursors add column hint text;
        alter table cursors add column retry_at text;
        alter table cursors add column is_capped integer not null default 0;
        """,
    )


def _analysis(db: Database) -> None:
    _run(
        db,
        """
        -- What was found out, a row for each thing: language, sentiment, topic, intent, urgency, country, ...
        create table findings (
            mention_id text not null references analyses(mention_id) on delete cascade,
            about text not null,
            label text not null,
            confidence real not null,
            version text not null,
            reason text not null default '',
            primary key (mention_id, about)
        ) without rowid;
        create index findings_label on findings(about, label);
        create index analyses_version on analyses(version);
        -- What people put right; the last word on a mention counts.
        create table corrections (
            id integer primary key autoincrement,
            mention_id text not null references mentions(mention_id) on delete cascade,
            about text not null,
            label text not null,
            corrected_by text not null,
            corrected_at text not null
        );
        create index corrections_mention on corrections(mention_id);
        -- A mention that repeats an earlier one, and a few hashes of each text by which its repeats are found.
        create table copies (
            mention_id text primary key references analyses(mention_id) on delete cascade,
            first_id text not null
        ) without rowid;
        create index copies_first on copies(first_id);
        create table shingles (
            hash integer not null,
            mention_id text not null references analyses(mention_id) on delete cascade,
            primary key (hash, mention_id)
        ) without rowid;
        create index shingles_mention on shingles(mention_id);
        create index mentions_author on mentions(network, author, created_at);
        -- Topics discovered in a week's posts; `centroid` holds 32-bit floats, `key` stays from week to week.
        create table discovered_topics (
            week text not null,
            key integer not null,
            label text not null,
            posts integer not null,
            centroid blob not null,
            primary key (week, key)
        ) without rowid;
        create table discovered_posts (
            week text not null,
            key integer not null,
            mention_id text not null references mentions(mention_id) on delete cascade,
            primary key (week, mention_id)
        ) without rowid;
        -- How many posts the chat model was asked about on a day.
        create table chat_uses (day text primary key, posts integer not null);
        """,
    )
