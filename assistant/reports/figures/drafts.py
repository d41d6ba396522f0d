"""Outcomes of drafts: approved as they were, after an edit, or rejected, and why.

What documents do not say: customers' questions that no public one answers, and what staff asked in vain.

Whether drafts get better: the share approved as they were, and how far the approved ones had to be edited.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.core.database import to_text
from assistant.domain import Period
from assistant.reports.figures.query import MOST_ROWS, FigureQuery
from assistant.reports.figures.tables import MeasuringTables

# An approval that was undone, or after which the draft waits for a decision again, is none.
_WITHDRAWN = """(c.action = 'approve' and (d.status = 'pending' or exists (select 1 from send_changes s
    where s.draft_id = c.draft_id and s.action = 'undo' and s.done_at >= c.decided_at)))"""
_ENDS = f"""with ends as (
    select c.draft_id, c.action, nullif(trim(c.reason), '') as reason, d.mention_id, exists
    (select 1 from decisions e where e.draft_id = c.draft_id and e.action = 'edit') as is_edited
    from decisions c join drafts d on d.draft_id = c.draft_id where c.action in ('approve', 'reject')
    and c.decided_at >= :start and c.decided_at < :end and not {_WITHDRAWN}
), named as (
    select draft_id, mention_id, reason, case when action = 'reject' then 'rejected' when is_edited
    then 'approved after an edit' else 'approved unedited' end as label from ends
)"""
_BEHIND = (
    f"from ({_ENDS} select m.mention_id, m.created_at from named n"
    " join mentions m on m.mention_id = n.mention_id where {where})"
)

DRAFTING = (
    FigureQuery(
        "drafts_made",
        "drafts",
        "select '' as label, count(*) as value from drafts where created_at >= :start and created_at < :end",
        "from mentions where mention_id in"
        " (select mention_id from drafts d where d.created_at >= :start and d.created_at < :end)",
    ),
    FigureQuery(
        "drafts_by_decision",
        "drafts",
        f"{_ENDS} select label, count(distinct draft_id) as value from named group by 1 order by 1",
        _BEHIND.format(where="n.label = :label"),
    ),
    FigureQuery(
        "unedited_share",
        "percent",
        f"""{_ENDS} select '' as label,
        round(100.0 * sum(label = 'approved unedited') / nullif(count(*), 0), 1) as value, count(*) as base
        from named""",
        _BEHIND.format(where="n.label = 'approved unedited'"),
    ),
    FigureQuery(
        "reasons_for_rejecting",
        "drafts",
        f"""{_ENDS} select coalesce(reason, 'no reason given') as label, count(*) as value from named
        where label = 'rejected' group by 1 order by 2 desc, 1 limit {MOST_ROWS}""",
        _BEHIND.format(where="coalesce(n.reason, 'no reason given') = :label and n.label = 'rejected'"),
    ),
    FigureQuery(
        "edit_distance",
        "percent",
        """select '' as label, round(100.0 * avg(word_distance), 1) as value from edits
        where edited_at >= :start and edited_at < :end""",
        "from mentions where mention_id in (select d.mention_id from edits e join drafts d on d.draft_id = e.draft_id"
        " where e.edited_at >= :start and e.edited_at < :end)",
    ),
)


# A draft looks for public documents first. One that was made without any citation found none.
_ASKED = """with asked as (
    select m.mention_id, m.created_at, max(json_array_length(d.citations)) as citations from drafts d
    join mentions m on m.mention_id = d.mention_id join analyses a on a.mention_id = m.mention_id
    where d.created_at >= :start and d.created_at < :end and a.is_question group by 1
)"""

KNOWLEDGE = (
    FigureQuery(
        "customer_questions",
        "questions",
        f"{_ASKED} select '' as label, count(*) as value from asked",
        f"from ({_ASKED} select mention_id, created_at from asked)",
    ),
    FigureQuery(
        "customer_questions_without_document",
        "questions",
        f"{_ASKED} select '' as label, count(*) as value from asked where not citations",
        f"from ({_ASKED} select mention_id, created_at from asked where not citations)",
    ),
    FigureQuery(
        "questions_asked",
        "questions",
        "select '' as label, count(*) as value from questions where asked_at >= :start and asked_at < :end",
        is_whole=True,
    ),
    FigureQuery(
        "questions_unanswered",
        "questions",
        """select '' as label, count(*) as value from questions
        where asked_at >= :start and asked_at < :end and is_grounded = 0""",
        is_whole=True,
    ),
)


# Kept distances and not texts: those of forgotten posts are gone. Of several edits of one draft the distances add up.
_APPROVED = f"""with ended as (
    select distinct c.draft_id from decisions c join drafts d on d.draft_id = c.draft_id where c.action = 'approve'
    and c.decided_at >= :start and c.decided_at < :end and not {_WITHDRAWN}
), measured as (
    select coalesce((select sum(word_distance) from edits e where e.draft_id = ended.draft_id), 0) as distance,
    exists (select 1 from decisions e where e.draft_id = ended.draft_id and e.action = 'edit') as is_edited from ended
) select count(*) as approved, 1.0 - avg(is_edited) as unedited_share, avg(min(1.0, distance)) as edit_distance
from measured"""


@dataclass(frozen=True)
class LearningWeek:
    """`unedited_share` of the drafts approved in a week, and their mean `edit_distance` by words, 0 for those that
    nobody edited; both from 0 to 1, and None in a week without approvals."""

    week: str
    approved: int
    unedited_share: float | None
    edit_distance: float | None


def measure_weeks(tables: MeasuringTables, periods: Iterable[Period]) -> list[LearningWeek]:
    """One for each period, in their order."""
    weeks = []
    for period in periods:
        span = {"start": to_text(period.start_at), "end": to_text(period.end_at)}
        weeks.append(LearningWeek(week=period.label, **tables.rows(_APPROVED, span)[0]))
    return weeks
