"""The shape of what is heard on the networks and found out about it."""

from sqlite_utils import Database

from assistant.core.migrating import run_script


def listening(db: Database) -> None:
    """What networks tell of a post besides its text, and how each network was read."""
    run_script(
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


def analysis(db: Database) -> None:
    """What is found out about each post, and what people put right."""
    run_script(
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
            -- The columns of the key first: in another order SQLite 3.40 takes the table for damaged.
            week text not null,
            mention_id text not null references mentions(mention_id) on delete cascade,
            key integer not null,
            primary key (week, mention_id)
        ) without rowid;
        -- How many posts the chat model was asked about on a day.
        create table chat_uses (day text primary key, posts integer not null);
        """,
    )


def mention_brands(db: Database) -> None:
    """Whom a post names, us or competitors; a post that names competitors alone is not about us."""
    run_script(
        db,
        """
        create table mention_brands (
            mention_id text not null references analyses(mention_id) on delete cascade,
            name text not null,
            is_ours integer not null,
            primary key (mention_id, name)
        ) without rowid;
        create view competitor_posts as
            select mention_id from mention_brands group by mention_id having max(is_ours) = 0;
        """,
    )


def deliveries(db: Database) -> None:
    """Signatures of requests that were worked off, so that none is taken in again."""
    db.execute("create table deliveries (signature text primary key, taken_at text not null) without rowid")
