"""What became of drafts: approved as they were, after an edit, or rejected, and why."""

from assistant.reports.figures.query import MOST_ROWS, Query

_ENDS = """with ends as (
    select c.draft_id, c.action, nullif(trim(c.reason), '') as reason, d.mention_id, exists
    (select 1 from decisions e where e.draft_id = c.draft_id and e.action = 'edit') as is_edited
    from decisions c join drafts d on d.draft_id = c.draft_id where c.action in ('approve', 'reject')
    and c.decided_at >= :start and c.decided_at < :end
), named as (
    select draft_id, mention_id, reason, case when action = 'reject' then 'rejected' when is_edited
    then 'approved after an edit' else 'approved unedited' end as label from ends
)"""
_BEHIND = (
    f"from ({_ENDS} select m.mention_id, m.created_at from named n"
    " join mentions m on m.mention_id = n.mention_id where {where})"
)

DRAFTING = (
    Query(
        "drafts_made",
        "drafts",
        "select '' as label, count(*) as value from drafts where created_at >= :start and created_at < :end",
        "from mentions where mention_id in"
        " (select mention_id from drafts d where d.created_at >= :start and d.created_at < :end)",
    ),
    Query(
        "drafts_by_decision",
        "drafts",
        f"{_ENDS} select label, count(distinct draft_id) as value from named group by 1 order by 1",
        _BEHIND.format(where="n.label = :label"),
    ),
    Query(
        "unedited_share",
        "percent",
        f"""{_ENDS} select '' as label,
        round(100.0 * sum(label = 'approved unedited') / nullif(count(*), 0), 1) as value from named""",
        _BEHIND.format(where="n.label = 'approved unedited'"),
    ),
    Query(
        "reasons_for_rejecting",
        "drafts",
        f"""{_ENDS} select coalesce(reason, 'no reason given') as label, count(*) as value from named
        where label = 'rejected' group by 1 order by 2 desc, 1 limit {MOST_ROWS}""",
        _BEHIND.format(where="coalesce(n.reason, 'no reason given') = :label and n.label = 'rejected'"),
    ),
    Query(
        "edit_distance",
        "percent",
        """select '' as label, round(100.0 * avg(word_distance), 1) as value from edits
        where edited_at >= :start and edited_at < :end""",
        "from mentions where mention_id in (select d.mention_id from edits e join drafts d on d.draft_id = e.draft_id"
        " where e.edited_at >= :start and e.edited_at < :end)",
    ),
)
