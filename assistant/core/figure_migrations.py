"""The shape of what figures are counted on: one narrow row a post, and when each network was heard."""

from sqlite_utils import Database

# All that figures ask of a post stands in one row, in the order of time: a period is one range of this table, where
# nine joins over text keys would be needed otherwise. Rows are filled in before a period is measured.
_POSTS = """
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
) without rowid
"""
_FORGET = "delete from measured_posts where mention_id = {row}.mention_id"
# Triggers, so that no way to change a post or what is known of it can leave a stale row.
_FORGETTING = {
    "mentions": ("update of author, created_at, lang, followers, engagement, removed_at", "delete"),
    "analyses": ("insert", "update", "delete"),
    "findings": ("insert", "update", "delete"),
    "copies": ("insert", "delete"),
    "mention_brands": ("insert", "delete"),
}
# What a post was found to be before a person looked at it: from such checks the error of the finding is estimated.
_CHECKS = (
    "create table checks (correction_id integer primary key references corrections(id) on delete cascade,"
    " found text not null)",
    """create trigger checks_added after insert on corrections begin
        insert or ignore into checks select new.id, f.label from findings f
        where f.mention_id = new.mention_id and f.about = new.about and f.version <> 'person';
        insert or ignore into checks select new.id, a.sentiment from analyses a
        where a.mention_id = new.mention_id and new.about = 'sentiment' and not exists
        (select 1 from findings f where f.mention_id = new.mention_id and f.about = 'sentiment');
    end""",
)
_HEARD = (
    # Readings of a network by day, in UTC, and how many of them failed.
    """create table readings (
        network text not null, day text not null, reads integer not null default 0, failures integer not null default 0,
        primary key (network, day)
    ) without rowid""",
    # Since when a network is listened to; empty for those that were there before this was written down.
    "create table heard_networks (network text primary key, since text not null) without rowid",
    "insert into heard_networks select network, '' from cursors",
    # Stretches in which a network was down or had more than was read; `ended_at` is null while it lasts.
    """create table outages (
        network text not null, kind text not null check (kind in ('down', 'capped')), began_at text not null,
        ended_at text, primary key (network, kind, began_at)
    ) without rowid""",
    "insert into outages select network, 'down', failed_since, null from cursors where failed_since is not null",
)
# No `or ignore` and no `on conflict` within: the conflict clause of the statement that fires a trigger holds in it too.
_READ = """
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
end
"""
# A part that fails is noted right after the reading of the other parts: since when comes along, and opens the same
# stretch again. A reading that failed counts on the day on which the stretch began: no other day is known here.
_FAILED = """
create trigger cursors_failed_{event} after {event} on cursors when new.failed_since is not null begin
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
end
"""


def figures(db: Database) -> None:
    """Rows to count, checks of labels, times of listening, and what the chat model used."""
    forgetting = [
        f"create trigger measured_{table}_{event.split()[0]} after {event} on {table} begin"
        f" {_FORGET.format(row='old' if event == 'delete' else 'new')}; end"
        for table, events in _FORGETTING.items()
        for event in events
    ]
    uses = """create table model_uses (
        day text not null, model text not null, calls integer not null, input_tokens integer not null,
        output_tokens integer not null, primary key (day, model)
    ) without rowid"""
    failing = [_FAILED.format(event=event) for event in ("insert", "update")]
    index = "create index measured_posts_mention on measured_posts(mention_id)"
    for statement in (_POSTS, index, *forgetting, *_CHECKS, *_HEARD, _READ, *failing, uses):
        db.execute(statement)
