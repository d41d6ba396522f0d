"""What came of our replies: how the customer felt afterwards, and what became of what we said we would do.

`is_promise(text)` is a function that the program gives SQLite, see `is_promise` below.
"""

import re

from assistant.reports.figures.query import Query

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
    Query(
        "feeling_after_reply",
        "replies",
        f"{_AFTER} select label, count(*) as value from judged group by 1 order by 2 desc, 1",
        f"from ({_AFTER} select mention_id, created_at from judged where label = :label)",
    ),
    Query(
        "promises",
        "replies",
        f"""{_PROMISES} select iif(is_followed, 'followed by a later reply', 'not followed up yet') as label,
        count(*) as value from promises group by 1 order by 1""",
        f"from ({_PROMISES} select mention_id, created_at from promises"
        " where iif(is_followed, 'followed by a later reply', 'not followed up yet') = :label)",
    ),
)


def is_promise(text: str | None) -> bool:
    """Whether a reply says that we will do something: by patterns in English, German, Polish, French and Spanish."""
    return bool(text and _PROMISE.search(text))
