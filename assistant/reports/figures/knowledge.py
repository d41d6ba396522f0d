"""What documents do not say: customers' questions that no public one answers, and what staff asked in vain."""

from assistant.reports.figures.query import Query

# A draft looks for public documents first. One that was made without any citation found none.
_ASKED = """with asked as (
    select m.mention_id, m.created_at, max(json_array_length(d.citations)) as citations from drafts d
    join mentions m on m.mention_id = d.mention_id join analyses a on a.mention_id = m.mention_id
    where d.created_at >= :start and d.created_at < :end and a.is_question group by 1
)"""

KNOWLEDGE = (
    Query(
        "customer_questions",
        "questions",
        f"{_ASKED} select '' as label, count(*) as value from asked",
        f"from ({_ASKED} select mention_id, created_at from asked)",
    ),
    Query(
        "customer_questions_without_document",
        "questions",
        f"{_ASKED} select '' as label, count(*) as value from asked where not citations",
        f"from ({_ASKED} select mention_id, created_at from asked where not citations)",
    ),
    Query(
        "questions_asked",
        "questions",
        "select '' as label, count(*) as value from questions where asked_at >= :start and asked_at < :end",
        is_whole=True,
    ),
    Query(
        "questions_unanswered",
        "questions",
        """select '' as label, count(*) as value from questions
        where asked_at >= :start and asked_at < :end and is_grounded = 0""",
        is_whole=True,
    ),
)
