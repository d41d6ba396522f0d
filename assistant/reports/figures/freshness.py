"""How soon answers know what changed at the sources of documents."""

from assistant.reports.figures.query import FigureQuery

_MINUTES = "(julianday(answered_at) - julianday(changed_at)) * 1440"

FRESHNESS = (
    FigureQuery(
        "minutes_to_answers_95th",
        "minutes",
        f"""select name as label, round(minutes, 1) as value, changes as base from (select name, {_MINUTES} as minutes,
        count(*) over (partition by name) as changes,
        row_number() over (partition by name order by {_MINUTES}) as place
        from source_delays where answered_at >= :start and answered_at < :end)
        where place = (changes * 95 + 99) / 100 order by 2 desc, 1""",
        is_whole=True,
    ),
    FigureQuery(
        "replies_to_recall",
        "replies",
        """select '' as label, count(distinct draft_id) as value from recalls
        where noticed_at >= :start and noticed_at < :end""",
        is_whole=True,
    ),
)
