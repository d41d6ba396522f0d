-- All tables of earshot.db as they are today. To change them, see docs/database.md.

create table documents (
    id integer primary key,
    source text not null,
    document_id text not null,
    title text not null,
    audience text not null check (audience in ('public', 'internal')),
    content_hash text not null,
    url text, owner text, updated_on text, review_by text,
    ingested_at text not null,
    lang text not null default '', translation_of text not null default '',
    readers text not null default '', -- the name of a reader set; empty for all who may read that audience
    unique (source, document_id)
);

-- Who may read the documents of a set, as lists of names in JSON. Its words have tables of their own: see documents.py.
create table reader_sets (name text primary key, lists text not null) without rowid;

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

-- How the address of a document is made from its path, for each folder that was given one.
create table source_addresses (source text primary key, address text not null);

-- What a document had besides what was read, as predicates.
create table unread_parts (
    document integer not null references documents(id) on delete cascade,
    remark text not null
);
create index unread_parts_document on unread_parts(document);

create table index_facts (name text primary key, value text not null);

-- Terms, stemmed by the program; the vocabularies count the chunks of each term.
create virtual table words_public using fts5(title, heading, body, tokenize = "unicode61");
create virtual table words_internal using fts5(title, heading, body, tokenize = "unicode61");
create virtual table words_public_terms using fts5vocab(words_public, row);
create virtual table words_internal_terms using fts5vocab(words_internal, row);

create table word_totals (audience text primary key, chunks integer not null, terms integer not null);
insert into word_totals values ('public', 0, 0), ('internal', 0, 0);

create table mentions (
    mention_id text primary key,
    network text not null,
    external_id text not null,
    author text not null,
    text text not null,
    created_at text not null,
    lang text, location text, url text, in_reply_to text, followers integer,
    collected_at text not null,
    conversation_id text,
    engagement integer,
    edited_at text,
    -- A post that was deleted upstream keeps its bare row, so that drafts and replies keep theirs.
    removed_at text,
    rechecked_at text,
    -- The id of the author's account, which stays when they take another name.
    author_id text,
    unique (network, external_id)
);
create index mentions_created on mentions(created_at);
create index mentions_external on mentions(external_id);
create index mentions_conversation on mentions(network, conversation_id) where conversation_id is not null;
create index mentions_parent on mentions(network, in_reply_to) where in_reply_to is not null;
create index mentions_author on mentions(network, author, created_at);
create index mentions_person on mentions(network, author_id) where author_id is not null;
create trigger mention_vectors_edited after update of text on mentions when old.text <> new.text begin
    update mention_vectors set is_outdated = 1, is_kept = 0 where mention_id = new.mention_id;
end;
create trigger mention_vectors_deleted after delete on mentions begin
    update mention_vectors set is_outdated = 1, is_kept = 0 where mention_id = old.mention_id;
end;
create trigger mention_terms_added after insert on mentions begin
    insert into mention_terms (mention_id) values (new.mention_id);
end;
create trigger mention_terms_edited after update of text on mentions when old.text <> new.text begin
    update mention_terms set terms = null where mention_id = new.mention_id;
end;
create trigger mention_terms_deleted after delete on mentions begin
    delete from mention_terms where mention_id = old.mention_id;
end;
create trigger measured_mentions_update after
    update of author, created_at, lang, followers, engagement, removed_at on mentions begin
    delete from measured_posts where mention_id = new.mention_id;
end;
create trigger measured_mentions_delete after delete on mentions begin
    delete from measured_posts where mention_id = old.mention_id;
end;
create index mentions_collected on mentions(collected_at);

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
create index analyses_version on analyses(version);
create trigger measured_analyses_insert after insert on analyses begin
    delete from measured_posts where mention_id = new.mention_id;
end;
create trigger measured_analyses_update after update on analyses begin
    delete from measured_posts where mention_id = new.mention_id;
end;
create trigger measured_analyses_delete after delete on analyses begin
    delete from measured_posts where mention_id = old.mention_id;
end;
create trigger analyses_counted after insert on analyses begin
    insert or ignore into stale_hours
    select cast(strftime('%s', created_at) as integer) / 3600 from mentions where mention_id = new.mention_id;
end;

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
    failure text,
    hint text,
    retry_at text,
    is_capped integer not null default 0
);
create trigger cursors_read after insert on cursors when new.failed_since is null begin
    insert into heard_networks select new.network, new.read_at
        where not exists (select 1 from heard_networks where network = new.network);
    insert into readings select new.network, substr(new.read_at, 1, 10), 0, 0 where not exists
        (select 1 from readings where network = new.network and day = substr(new.read_at, 1, 10));
    update readings set reads = reads + 1 where network = new.network and day = substr(new.read_at, 1, 10);
    update outages set ended_at = new.read_at where network = new.network and ended_at is null
        and not (kind = 'capped' and new.is_capped);
    insert into outages select new.network, 'capped', new.read_at, null where new.is_capped and not exists
        (select 1 from outages where network = new.network and kind = 'capped'
        and (ended_at is null or began_at = new.read_at));
end;
create trigger cursors_failed_insert after insert on cursors when new.failed_since is not null begin
    insert into heard_networks select new.network, new.failed_since
        where not exists (select 1 from heard_networks where network = new.network);
    insert into readings select new.network, substr(new.failed_since, 1, 10), 0, 0 where not exists
        (select 1 from readings where network = new.network and day = substr(new.failed_since, 1, 10));
    update readings set failures = failures + 1
        where network = new.network and day = substr(new.failed_since, 1, 10);
    update outages set ended_at = null
        where network = new.network and kind = 'down' and began_at = new.failed_since;
    insert into outages select new.network, 'down', new.failed_since, null where not exists
        (select 1 from outages where network = new.network and kind = 'down' and began_at = new.failed_since);
end;
create trigger cursors_failed_update after update on cursors when new.failed_since is not null begin
    insert into heard_networks select new.network, new.failed_since
        where not exists (select 1 from heard_networks where network = new.network);
    insert into readings select new.network, substr(new.failed_since, 1, 10), 0, 0 where not exists
        (select 1 from readings where network = new.network and day = substr(new.failed_since, 1, 10));
    update readings set failures = failures + 1
        where network = new.network and day = substr(new.failed_since, 1, 10);
    update outages set ended_at = null
        where network = new.network and kind = 'down' and began_at = new.failed_since;
    insert into outages select new.network, 'down', new.failed_since, null where not exists
        (select 1 from outages where network = new.network and kind = 'down' and began_at = new.failed_since);
end;

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
    changed_at text not null,
    version integer not null default 1,
    look text not null default 'ready',
    missing text not null default '',
    no_reply_reason text not null default '',
    lang text not null default 'en',
    back_translation text not null default ''
);
-- One live Draft per Mention; a sent one stays live, so that a mention is answered once.
create unique index drafts_live on drafts(mention_id)
where status in ('pending', 'approved', 'sending', 'sent', 'unknown');
create index drafts_status on drafts(status);
-- Without this, each removed post would read all drafts.
create index drafts_mention on drafts(mention_id);

create table decisions (
    id integer primary key autoincrement,
    draft_id integer not null references drafts(draft_id) on delete cascade,
    action text not null,
    decided_by text not null,
    decided_at text not null,
    text text not null,
    reason text not null default ''
);
create index decisions_draft on decisions(draft_id);

create table send_attempts (
    id integer primary key autoincrement,
    draft_id integer not null references drafts(draft_id) on delete cascade,
    send_key text not null,
    started_at text not null,
    outcome text,
    -- The moment before which the platform wants no further try; empty where it named none.
    detail text not null default ''
);
create index send_attempts_key on send_attempts(send_key);

create table replies (
    draft_id integer primary key references drafts(draft_id) on delete cascade,
    mention_id text not null,
    network text not null,
    external_id text not null,
    text text not null,
    url text,
    how text not null,
    sent_at text not null,
    deleted_at text,
    deleted_by text not null default ''
);
create index replies_sent on replies(sent_at);
create index replies_external on replies(network, external_id);
create index replies_mention on replies(mention_id);

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
    question_key text unique,
    trace text
);
create index questions_thread on questions(channel, thread_ts);
create index questions_user on questions(user, channel);

-- What Earshot posts to Slack is claimed under a key before it leaves and carries that key as metadata.
create table slack_posts (
    post_key text primary key,
    channel text not null,
    claimed_at text not null,
    ts text,
    -- Open: a placeholder or a stream that is not yet the whole answer. Version: the edit that it answers.
    is_open integer not null default 0,
    version text not null default '',
    is_withdrawn integer not null default 0
);
create index slack_posts_ts on slack_posts(channel, ts);

create table cards (
    draft_id integer primary key references drafts(draft_id) on delete cascade,
    channel text not null,
    ts text not null,
    shown text not null default ''
);

create table schedule_marks (name text primary key, due_at text not null);

-- What people think of an answer; who votes again changes their vote.
create table votes (
    question_id integer not null references questions(id) on delete cascade,
    user text not null,
    is_helpful integer not null,
    reason text not null default '',
    voted_at text not null, remark text not null default '',
    primary key (question_id, user)
) without rowid;

-- Posts that mentions answer and that are no mentions themselves.
create table parent_posts (
    network text not null,
    external_id text not null,
    author text not null,
    text text not null,
    created_at text not null,
    in_reply_to text,
    author_id text,
    primary key (network, external_id)
) without rowid;

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
create trigger measured_findings_insert after insert on findings begin
    delete from measured_posts where mention_id = new.mention_id;
end;
create trigger measured_findings_update after update on findings begin
    delete from measured_posts where mention_id = new.mention_id;
end;
create trigger measured_findings_delete after delete on findings begin
    delete from measured_posts where mention_id = old.mention_id;
end;

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
create trigger checks_added after insert on corrections begin
    insert or ignore into checks select new.id, f.label from findings f
    where f.mention_id = new.mention_id and f.about = new.about and f.version <> 'person';
    insert or ignore into checks select new.id, a.sentiment from analyses a
    where a.mention_id = new.mention_id and new.about = 'sentiment' and not exists
    (select 1 from findings f where f.mention_id = new.mention_id and f.about = 'sentiment');
end;

-- A mention that repeats an earlier one, and a few hashes of each text by which its repeats are found.
create table copies (
    mention_id text primary key references analyses(mention_id) on delete cascade,
    first_id text not null
) without rowid;
create index copies_first on copies(first_id);
create trigger measured_copies_insert after insert on copies begin
    delete from measured_posts where mention_id = new.mention_id;
end;
create trigger measured_copies_delete after delete on copies begin
    delete from measured_posts where mention_id = old.mention_id;
end;

create table shingles (
    hash integer not null,
    mention_id text not null references analyses(mention_id) on delete cascade,
    primary key (hash, mention_id)
) without rowid;
create index shingles_mention on shingles(mention_id);

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
create index discovered_posts_mention on discovered_posts(mention_id);

-- How many posts the chat model was asked about on a day.
create table chat_uses (day text primary key, posts integer not null);

-- Numbers for the vectors of mentions; `month` names the collection that holds them.
create table mention_vectors (
    number integer primary key autoincrement,
    mention_id text not null unique,
    month text not null,
    is_kept integer not null default 0,
    is_outdated integer not null default 0
);
create index mention_vectors_month on mention_vectors(month);
create index mention_vectors_outdated on mention_vectors(number) where is_outdated;

-- The terms of every post, and an index to find posts by them.
create table mention_terms (
    number integer primary key,
    mention_id text not null unique,
    terms text
);
create index mention_terms_missing on mention_terms(number) where terms is null;
create trigger mention_terms_filled after update of terms on mention_terms when new.terms is not null begin
    insert into mention_terms_index (rowid, terms) values (new.number, new.terms);
end;
create trigger mention_terms_emptied before update of terms on mention_terms when old.terms is not null begin
    insert into mention_terms_index (mention_terms_index, rowid, terms) values ('delete', old.number, old.terms);
end;
create trigger mention_terms_dropped before delete on mention_terms when old.terms is not null begin
    insert into mention_terms_index (mention_terms_index, rowid, terms) values ('delete', old.number, old.terms);
end;

create virtual table mention_terms_index using fts5(
    terms, content = 'mention_terms', content_rowid = 'number', tokenize = 'ascii', detail = none, columnsize = 0
);

-- Signatures of requests that were handled, so that none is taken in twice.
create table deliveries (signature text primary key, taken_at text not null) without rowid;

-- The brands that a post names, us or competitors; a post that names competitors alone is not about us.
create table mention_brands (
    mention_id text not null references analyses(mention_id) on delete cascade,
    name text not null,
    is_ours integer not null,
    primary key (mention_id, name)
) without rowid;
create trigger measured_mention_brands_insert after insert on mention_brands begin
    delete from measured_posts where mention_id = new.mention_id;
end;
create trigger measured_mention_brands_delete after delete on mention_brands begin
    delete from measured_posts where mention_id = old.mention_id;
end;

create view competitor_posts as
select mention_id from mention_brands group by mention_id having max(is_ours) = 0;

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

-- What people decide, and what it is based on.
create table approvals (
    id integer primary key autoincrement,
    draft_id integer not null references drafts(draft_id) on delete cascade,
    content_hash text not null,
    approved_by text not null,
    approved_at text not null,
    expires_at text not null,
    second_by text not null default '',
    overruled text not null default '[]',
    overruled_because text not null default '',
    is_by_second_approver integer not null,
    is_complete integer not null,
    ended_at text
);
-- One approval of a draft counts at a time; those that were withdrawn or ran out stay to be read.
create unique index approvals_live on approvals(draft_id) where ended_at is null;

create table claims (
    draft_id integer primary key references drafts(draft_id) on delete cascade,
    claimed_by text not null,
    claimed_at text not null,
    expires_at text not null
);

-- Distances run from 0 (the same) to 1 (nothing is left).
create table edits (
    id integer primary key autoincrement,
    draft_id integer not null references drafts(draft_id) on delete cascade,
    edited_by text not null,
    edited_at text not null,
    before text not null,
    after text not null,
    character_distance real not null,
    word_distance real not null
);
create index edits_draft on edits(draft_id);

-- The post, its thread and the cited passages as they were when the draft was made.
create table baselines (
    draft_id integer primary key references drafts(draft_id) on delete cascade,
    post text not null,
    thread text not null,
    evidence text not null
);

create table not_ours (
    mention_id text primary key references mentions(mention_id) on delete cascade,
    decided_by text not null,
    decided_at text not null,
    reason text not null
);

-- Posts that our own account answered without Earshot.
create table answered (
    mention_id text primary key references mentions(mention_id) on delete cascade,
    noticed_at text not null
);

create table freezes (
    id integer primary key autoincrement,
    frozen_by text not null,
    frozen_at text not null,
    reason text not null,
    first_lift_by text not null default '',
    first_lift_at text,
    lifted_by text not null default '',
    lifted_at text
);
create unique index freezes_on on freezes(coalesce(lifted_at, '')) where lifted_at is null;

-- Rows that can only be added, each with the hash of the one before it; the head tells where the last one is.
create table audit (
    number integer primary key,
    at text not null,
    who text not null,
    action text not null,
    subject text not null,
    details text not null,
    previous_hash text not null,
    hash text not null
);
create index audit_action on audit(action, number);
create trigger audit_no_update before update on audit
begin select raise(abort, 'the audit is append-only'); end;
create trigger audit_no_delete before delete on audit
begin select raise(abort, 'the audit is append-only'); end;
-- `insert or replace` would delete a row without the trigger above: a number is given once, the next one only.
create trigger audit_next before insert on audit when
(new.number, new.previous_hash) is not (select number + 1, hash from audit_head)
begin select raise(abort, 'the audit is append-only'); end;
create trigger audit_moves_head after insert on audit
begin update audit_head set number = new.number, hash = new.hash; end;

create table audit_head (id integer primary key check (id = 1), number integer not null, hash text not null);
insert into audit_head values (1, 0, '');
create trigger audit_head_stays before delete on audit_head
begin select raise(abort, 'the audit is append-only'); end;
create trigger audit_head_rises before update on audit_head when new.number <> old.number + 1
begin select raise(abort, 'the audit is append-only'); end;

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

-- Rows to count, checks of labels, times of listening, and what the chat model used.
create table measured_posts (
    created_at text not null,
    mention_id text not null,
    network text not null,
    author text,
    followers integer,
    engagement integer,
    collected_at text not null,
    language text,
    country text,
    topic text,
    intent text,
    urgency text,
    influence text,
    sentiment text,
    action text,
    is_question integer,
    copy_of text,
    -- 0 for a post that names competitors and not us.
    is_ours integer not null,
    primary key (created_at, mention_id)
) without rowid;
create index measured_posts_mention on measured_posts(mention_id);

create table checks (
    correction_id integer primary key references corrections(id) on delete cascade,
    found text not null
);

create table readings (
    network text not null, day text not null, reads integer not null default 0, failures integer not null default 0,
    primary key (network, day)
) without rowid;

create table heard_networks (network text primary key, since text not null) without rowid;

create table outages (
    network text not null, kind text not null check (kind in ('down', 'capped')), began_at text not null,
    ended_at text, primary key (network, kind, began_at)
) without rowid;

create table model_uses (
    day text not null, model text not null, calls integer not null, input_tokens integer not null,
    output_tokens integer not null, primary key (day, model)
) without rowid;

-- Counts by hour and series, alerts, warnings before a promise is broken, and crises with their timelines.
create table series_hours (
    network text not null,
    topic text not null,
    sentiment text not null,
    hour integer not null,
    posts integer not null,
    most_in_ten_minutes integer not null,
    most_in_an_hour integer not null,
    primary key (network, topic, sentiment, hour)
) without rowid;

create table stale_hours (hour integer primary key);

create table heard_since (network text primary key, hour integer not null) without rowid;

create table alerts (
    alert_id integer primary key autoincrement,
    alert_key text not null unique,
    kind text not null check (kind in ('spike', 'sla')),
    network text not null default '',
    topic text not null default '',
    sentiment text not null default '',
    at text not null,
    posts integer not null,
    is_severe integer not null,
    found_at text not null,
    minutes integer not null default 0,
    usual real not null default 0,
    score real not null default 0,
    also text not null default '[]',
    last_bucket integer not null default 0,
    posted_at text
);
create index alerts_at on alerts(at);
create index alerts_unposted on alerts(alert_id) where posted_at is null;

create table sla_warnings (
    mention_id text primary key references mentions(mention_id) on delete cascade,
    alert_id integer not null references alerts(alert_id) on delete cascade
) without rowid;
create index sla_warnings_alert on sla_warnings(alert_id);

create table crises (
    crisis_id integer primary key autoincrement,
    title text not null,
    network text not null default '',
    topic text not null default '',
    sentiment text not null default '',
    opened_by text not null,
    opened_at text not null,
    began_at text not null,
    alert_id integer unique references alerts(alert_id),
    is_frozen integer not null default 0,
    closed_by text not null default '',
    closed_at text
);

create table crisis_events (
    event_id integer primary key autoincrement,
    crisis_id integer not null references crises(crisis_id) on delete cascade,
    at text not null,
    who text not null,
    text text not null,
    event_key text unique,
    posted_at text
);
create index crisis_events_crisis on crisis_events(crisis_id);
create index crisis_events_unposted on crisis_events(event_id) where posted_at is null;

create table crisis_people (
    crisis_id integer not null references crises(crisis_id) on delete cascade,
    person text not null,
    joined_at text not null,
    primary key (crisis_id, person)
) without rowid;

-- Messages that were read and left alone, so that a silence can be explained.
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
    document text,
    kind text not null default 'answer',
    document_id text not null default '',
    owner text not null default '',
    passage text not null default '',
    draft_id integer references drafts(draft_id) on delete cascade,
    decided_by text not null default '', url text not null default '',
    title text not null default '', edited_by text not null default ''
);
create index proposals_draft on proposals(draft_id) where draft_id is not null;

create table service_facts (name text primary key, value text not null, noted_at text not null);

-- Files that were uploaded to Slack.
create table uploads (
    upload_key text primary key,
    file_id text not null,
    is_done integer not null,
    begun_at text not null
) without rowid;

-- Every change of a setting, the latest of each name counts; and how each person wants their App Home.
-- Value is JSON; null sets the setting back to the environment's.
create table setting_changes (
    change_id integer primary key autoincrement,
    name text not null,
    value text,
    changed_by text not null,
    changed_at text not null
);
create index setting_changes_name on setting_changes(name, change_id);

create table homes (user text primary key, opened_at text not null, choice text not null default '{}');

-- Lessons with the drafts they came from, and proposals that fix a document.
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

-- Digests that were posted, by plan and period: there may be several a week.
create table posted_digests (
    plan text not null,
    period text not null,
    posted_at text not null,
    primary key (plan, period)
) without rowid;

-- Threads in which Earshot answers only when it is mentioned: somebody there found it unhelpful.
create table muted_threads (
    channel text not null,
    thread_ts text not null,
    primary key (channel, thread_ts)
) without rowid;

-- What was asked in a thread before this ts was stopped by somebody, and is not answered.
create table stops (
    channel text not null,
    thread_ts text not null,
    event_ts text not null,
    primary key (channel, thread_ts)
) without rowid;

-- Tokens of other agents and programs: their hashes alone.
create table agent_tokens (
    name text primary key,
    token_hash text not null unique,
    audience text not null,
    made_by text not null,
    made_at text not null,
    used_at text
) without rowid;

-- How each source of sources.yaml was read last; with another `rule` than today's all of it is read anew.
create table source_states (
    name text primary key,
    root text not null,
    rule text not null default '',
    cursor text not null default '',
    tried_at text,
    read_at text,
    listed_at text,
    failed_since text,
    failure text not null default '',
    hint text not null default ''
) without rowid;

-- What a source calls the state of each document that was read: with the same stamp it is not asked for again.
create table source_stamps (
    root text not null,
    document_id text not null,
    stamp text not null,
    validator text not null,
    primary key (root, document_id)
) without rowid;

-- Documents that are not at their source any more: too many at once to leave before an admin says so.
create table source_holds (
    root text not null,
    document_id text not null,
    held_at text not null,
    primary key (root, document_id)
) without rowid;

-- When documents changed at their source, and when answers knew.
create table source_delays (
    id integer primary key,
    name text not null,
    document_id text not null,
    changed_at text not null,
    answered_at text not null
);
create index source_delays_answered on source_delays(answered_at);

-- Sent replies whose evidence is not in its document any more.
create table recalls (
    draft_id integer not null references drafts(draft_id) on delete cascade,
    document_id text not null,
    quote text not null,
    source text not null,
    title text not null,
    owner text not null,
    says_now text not null,
    noticed_at text not null,
    primary key (draft_id, document_id, quote)
) without rowid;
-- What people follow for themselves: what is said about something at the times of cron, or what an author posts.
create table follows (
    follow_id integer primary key autoincrement,
    user text not null,
    about text not null,
    author text not null,
    cron text not null,
    told_at text not null,
    unique (user, about, author, cron)
);

-- What is wrong with documents as a whole: contradictions, duplicates, reviews overdue; other_* are empty for those.
create table flaws (
    flaw_id integer primary key autoincrement,
    flaw_key text not null unique,
    kind text not null check (kind in ('contradiction', 'duplicate', 'overdue')),
    source text not null,
    document_id text not null,
    text text not null,
    other_source text not null default '',
    other_document_id text not null default '',
    other_text text not null default '',
    status text not null check (status in ('open', 'accepted', 'ignored', 'fixed')),
    found_at text not null,
    decided_by text not null default '',
    decided_at text
);
