"""Response rate, working hours by stage, and whether the promise was kept.

`business_hours(first, last)` is a function that the program gives SQLite, see figures/measure.py; `:sla` is
REPLY_WITHIN_HOURS, and a post that was written before `:overdue` and has no reply is late. All times run from when the
customer wrote: whoever waits does not know when we found the post.

What came of our replies: how the customer felt afterwards, and what became of what we said we would do.

`is_promise(text)` is a function that the program gives SQLite, see `is_promise` below.
"""

import re

from assistant.reports.figures.query import POSTS, FigureQuery

_SENT = "from replies r join mentions m on m.mention_id = r.mention_id where r.sent_at >= :start and r.sent_at < :end"
_BEHIND = f"from (select m.mention_id, m.created_at, m.network, r.draft_id {_SENT})"
# From the post to its being found, to the draft, to the last approval, to the sending.
_TIMES = """with sent as (
    select r.mention_id, m.network, t.label as topic, m.created_at, m.collected_at, d.created_at as drafted_at,
    coalesce((select max(decided_at) from decisions c where c.draft_id = r.draft_id and c.action = 'approve'),
    r.sent_at) as approved_at, r.sent_at
    from replies r join mentions m on m.mention_id = r.mention_id join drafts d on d.draft_id = r.draft_id
    left join findings t on t.mention_id = r.mention_id and t.about = 'topic' and t.label <> 'none'
    where r.sent_at >= :start and r.sent_at < :end
)"""
_WHOLE = "business_hours(created_at, sent_at)"
_STAGES = """select 'written to found' as label, business_hours(created_at, collected_at) as hours from sent
    union all select 'found to drafted', business_hours(collected_at, drafted_at) from sent
    union all select 'drafted to approved', business_hours(drafted_at, approved_at) from sent
    union all select 'approved to sent', business_hours(approved_at, sent_at) from sent"""
# The middle one, or the mean of the two in the middle; the 90th percentile by nearest rank.
_MEDIAN = "avg(hours) filter (where place in ((number + 1) / 2, (number + 2) / 2))"
_NINETIETH = "max(hours) filter (where place <= (9 * number + 9) / 10)"


def _spread(name: str, hours: str, statistic: str, posts: str) -> FigureQuery:
    sql = f"""{_TIMES}, times as ({hours}), ranked as (
        select label, hours, row_number() over (partition by label order by hours) as place,
        count(*) over (partition by label) as number from times
    ) select label, round({statistic}, 1) as value,
    format('%,d', max(number)) || iif(max(number) = 1, ' reply', ' replies') as note, max(number) as base
    from ranked group by label order by 2 desc, 1"""
    return FigureQuery(name, "working hours", sql, posts)


def _both(name: str, hours: str, posts: str) -> tuple[FigureQuery, FigureQuery]:
    return _spread(name, hours, _MEDIAN, posts), _spread(f"{name}_90th", hours, _NINETIETH, posts)


_WANTING = f"{POSTS} and action = 'reply'"
# A reply that was taken away again answers nobody; one that our account wrote without Earshot does.
_ANSWERED = """(select 1 from replies r where r.mention_id = measured_posts.mention_id and r.deleted_at is null
    union all select 1 from answered n where n.mention_id = measured_posts.mention_id)"""


def _share(name: str, column: str) -> FigureQuery:
    where = f"{_WANTING} and {column} is not null" if column != "''" else _WANTING
    return FigureQuery(
        name,
        "percent",
        f"""select {column} as label, round(100.0 * sum(exists {_ANSWERED}) / nullif(count(*), 0), 1) as value,
        format('%,d of %,d', sum(exists {_ANSWERED}), count(*)) as note, count(*) as base
        {where} group by 1 order by 2 desc, 1 limit 20""",
        f"{where} and {column} = :label" if column != "''" else where,
    )


_DUE = f"""with due as (
    select p.mention_id, p.created_at, r.sent_at from (select * {_WANTING}) p
    left join (select mention_id, min(sent_at) as sent_at from replies
        where sent_at >= :start and deleted_at is null group by 1) r
    on r.mention_id = p.mention_id
    where r.sent_at is not null or p.mention_id not in (select mention_id from answered)
), judged as (
    select mention_id, created_at, sent_at, case when sent_at is null then created_at >= :overdue
    else business_hours(created_at, sent_at) <= cast(:sla as real) end as is_kept from due
)"""

RESPONSE = (
    FigureQuery("replies", "replies", f"select '' as label, count(*) as value {_SENT}", _BEHIND),
    FigureQuery(
        "answered_share",
        "percent",
        f"""select '' as label, round(100.0 * sum(exists {_ANSWERED}) / nullif(count(*), 0), 1) as value,
        format('%,d of %,d', coalesce(sum(exists {_ANSWERED}), 0), count(*)) as note, count(*) as base {_WANTING}""",
        _WANTING,
    ),
    _share("answered_share_by_network", "network"),
    _share("answered_share_by_topic", "topic"),
    *_both("hours_to_reply", f"select '' as label, {_WHOLE} as hours from sent", _BEHIND),
    *_both("hours_to_reply_by_stage", _STAGES, _BEHIND),
    *_both(
        "hours_to_reply_by_network",
        f"select network as label, {_WHOLE} as hours from sent",
        f"{_BEHIND} where network = :label",
    ),
    *_both(
        "hours_to_reply_by_topic",
        f"select topic as label, {_WHOLE} as hours from sent where topic is not null",
        f"{_BEHIND} p where exists (select 1 from findings t where t.mention_id = p.mention_id"
        " and t.about = 'topic' and t.label = :label)",
    ),
    # What a customer waits, nights and weekends and all.
    FigureQuery(
        "calendar_hours_to_reply",
        "hours",
        f"""{_TIMES}, ranked as (select (julianday(sent_at) - julianday(created_at)) * 24 as hours,
        row_number() over (order by julianday(sent_at) - julianday(created_at)) as place,
        count(*) over () as number from sent)
        select '' as label, round({_MEDIAN}, 1) as value, max(number) as base from ranked""",
        _BEHIND,
    ),
    FigureQuery(
        "costliest_stage",
        "percent",
        f"""{_TIMES}, times as ({_STAGES})
        select label, round(100 * sum(hours) / (select nullif(sum(hours), 0) from times), 0) as value
        from times group by label having value is not null order by 2 desc, 1 limit 1""",
    ),
    # A post that waits and may still be answered in time is neither kept nor broken.
    FigureQuery(
        "sla_kept",
        "percent",
        f"""{_DUE} select '' as label,
        round(100.0 * sum(is_kept) / nullif(count(*), 0), 1) as value,
        format('%,d of %,d', coalesce(sum(is_kept), 0), count(*)) as note, count(*) as base
        from judged where sent_at is not null or not is_kept""",
        f"from ({_DUE} select mention_id, created_at from judged where sent_at is not null or not is_kept)",
    ),
)


_DAYS = 7
# A reply's author who writes again in the same conversation, or straight to our reply, within a week.
_AFTER = f"""with sent as (
    select r.draft_id, r.mention_id, r.network, r.external_id, r.sent_at, m.author, m.conversation_id, m.created_at,
    a.sentiment as then_felt
    from replies r join mentions m on m.mention_id = r.mention_id left join analyses a on a.mention_id = r.mention_id
    where r.sent_at >= :start and r.sent_at < :end
), answered as (
    select s.*, (select b.sentiment from analyses b where b.mention_id = (select mention_id from (
        select n.mention_id, n.created_at, n.author, n.removed_at from mentions n
        where n.network = s.network and n.conversation_id = s.conversation_id
        union all select n.mention_id, n.created_at, n.author, n.removed_at from mentions n
        where n.network = s.network and n.in_reply_to = nullif(s.external_id, '')
        ) where author = s.author and author <> '' and removed_at is null and created_at > s.sent_at
        and created_at <= strftime('%Y-%m-%dT%H:%M:%fZ', s.sent_at, '+{_DAYS} days')
        order by created_at desc limit 1)) as now_feels
    from sent s
), judged as (
    select *, case when now_feels is null then 'wrote no more' when now_feels = 'unsure' or then_felt = 'unsure'
    or then_felt is null then 'not sure' when score(now_feels) > score(then_felt) then 'better'
    when score(now_feels) < score(then_felt) then 'worse' else 'the same' end as label from answered
)""".replace("score(now_feels)", "(now_feels = 'positive') - (now_feels = 'negative')").replace(
    "score(then_felt)", "(then_felt = 'positive') - (then_felt = 'negative')"
)
# A promise that a later reply to the same person followed; whether that kept it, only a person can say.
_PROMISES = """with later as (
    select m.network, m.author, max(r.sent_at) as last_at from replies r join mentions m on m.mention_id = r.mention_id
    where r.sent_at >= :start and m.author <> '' group by 1, 2
), promises as (
    select r.draft_id, r.mention_id, m.created_at, coalesce(l.last_at > r.sent_at, 0) as is_followed
    from replies r join mentions m on m.mention_id = r.mention_id
    left join later l on l.network = m.network and l.author = m.author
    where r.sent_at >= :start and r.sent_at < :end and is_promise(r.text)
)"""
_PROMISE = re.compile(
    r"\b(?:we|i)(?:\s+will|\s+shall|\s+are\s+going\s+to|\s+am\s+going\s+to|['’]ll)\s+(?!be\s+happy|be\s+glad)"
    r"(?:\w+\s+){0,3}?(?:get\s+back|come\s+back|reply|answer|write|send|call|ring|contact|let\s+you\s+know|update"
    r"|look\s+into|check|refund|replace|repair|fix|credit|arrange|follow\s+up|pass\s+(?:it|this)\s+on|keep\s+you)"
    r"|\bwir\s+(?:werden|melden\s+uns)\b|\b(?:odezwiemy\s+się|sprawdzimy|wyślemy|zwrócimy|oddzwonimy)\b"
    r"|\bnous\s+(?:allons|reviendrons)\b|\bnos\s+pondremos\s+en\s+contacto\b|\bvamos\s+a\b",
    re.IGNORECASE,
)

OUTCOME = (
    FigureQuery(
        "feeling_after_reply",
        "replies",
        f"{_AFTER} select label, count(*) as value from judged group by 1 order by 2 desc, 1",
        f"from ({_AFTER} select mention_id, created_at from judged where label = :label)",
    ),
    FigureQuery(
        "promises",
        "replies",
        f"""{_PROMISES} select iif(is_followed, 'followed by a later reply', 'not followed up yet') as label,
        count(*) as value from promises group by 1 order by 1""",
        f"from ({_PROMISES} select mention_id, created_at from promises"
        " where iif(is_followed, 'followed by a later reply', 'not followed up yet') = :label)",
    ),
)


def is_promise(text: str | None) -> bool:
    """Return whether a reply makes a promise: by patterns in English, German, Polish, French and Spanish."""
    return bool(text and _PROMISE.search(text))
