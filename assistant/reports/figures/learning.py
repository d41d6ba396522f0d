"""Whether drafts get better: the share approved as they were, and how far the approved ones had to be edited."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.core.database import to_text
from assistant.domain import Period
from assistant.reports.figures.tables import MeasuringTables

# Kept distances and not texts: those of forgotten posts are gone. Of several edits of one draft the distances add up.
_APPROVED = """with ended as (
    select distinct draft_id from decisions where action = 'approve' and decided_at >= :start and decided_at < :end
), measured as (
    select coalesce((select sum(word_distance) from edits e where e.draft_id = ended.draft_id), 0) as distance,
    exists (select 1 from decisions e where e.draft_id = ended.draft_id and e.action = 'edit') as is_edited from ended
) select count(*) as approved, 1.0 - avg(is_edited) as unedited_share, avg(min(1.0, distance)) as edit_distance
from measured"""


@dataclass(frozen=True)
class Week:
    """`unedited_share` of the drafts approved in a week, and their mean `edit_distance` by words, 0 for those that
    nobody edited; both from 0 to 1, and None in a week without approvals."""

    week: str
    approved: int
    unedited_share: float | None
    edit_distance: float | None


def measure_weeks(tables: MeasuringTables, periods: Iterable[Period]) -> list[Week]:
    """One for each period, in their order."""
    weeks = []
    for period in periods:
        span = {"start": to_text(period.start_at), "end": to_text(period.end_at)}
        weeks.append(Week(week=period.label, **tables.rows(_APPROVED, span)[0]))
    return weeks
