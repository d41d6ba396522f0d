"""The shape of what is counted for alerts, of the alerts, and of crises."""

from sqlite_utils import Database

# Posts an hour of every series (an empty part means all of them), and the most in ten minutes and in an hour that ended
# within it. They are counts alone, and stay when posts are forgotten: without them the usual would sink.
_HOURS = """
create table series_hours (
    network text not null,
    topic text not null,
    sentiment text not null,
    hour integer not null,
    posts integer not null,
    most_in_ten_minutes integer not null,
    most_in_an_hour integer not null,
    primary key (network, topic, sentiment, hour)
) without rowid
"""
# A trigger, so that no way to analyse a post can forget to have its hour counted anew.
_STALE = """
create trigger analyses_counted after insert on analyses begin
    insert or ignore into stale_hours
    select cast(strftime('%s', created_at) as integer) / 3600 from mentions where mention_id = new.mention_id;
end
"""
_ALERTS = """
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
)
"""
_WARNINGS = """
create table sla_warnings (
    mention_id text primary key references mentions(mention_id) on delete cascade,
    alert_id integer not null references alerts(alert_id) on delete cascade
) without rowid
"""
_CRISES = """
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
)
"""
_EVENTS = """
create table crisis_events (
    event_id integer primary key autoincrement,
    crisis_id integer not null references crises(crisis_id) on delete cascade,
    at text not null,
    who text not null,
    text text not null,
    event_key text unique,
    posted_at text
)
"""
_PEOPLE = """
create table crisis_people (
    crisis_id integer not null references crises(crisis_id) on delete cascade,
    person text not null,
    joined_at text not null,
    primary key (crisis_id, person)
) without rowid
"""


def alerts(db: Database) -> None:
    """Counts by hour and series, alerts, warnings before a promise is broken, and crises with their timelines."""
    for statement in (
        _HOURS,
        "create table stale_hours (hour integer primary key)",
        "create table heard_since (network text primary key, hour integer not null) without rowid",
        _STALE,
        # What was analysed before there were alerts is counted too, as far back as the history reaches.
        """insert or ignore into stale_hours select cast(strftime('%s', m.created_at) as integer) / 3600
        from mentions m join analyses a on a.mention_id = m.mention_id
        where m.created_at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-29 days')""",
        _ALERTS,
        "create index alerts_at on alerts(at)",
        "create index alerts_unposted on alerts(alert_id) where posted_at is null",
        _WARNINGS,
        "create index mentions_collected on mentions(collected_at)",
        "create index sla_warnings_alert on sla_warnings(alert_id)",
        _CRISES,
        _EVENTS,
        "create index crisis_events_crisis on crisis_events(crisis_id)",
        "create index crisis_events_unposted on crisis_events(event_id) where posted_at is null",
        _PEOPLE,
    ):
        db.execute(statement)
