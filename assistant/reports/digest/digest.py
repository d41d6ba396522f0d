"""Sums a period up: measures it, fetches what is quoted, and puts the Digest together.

Fetches the posts that a digest quotes, and what is grouped by meaning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain import EVERYTHING, Audience, Figure, Mention, Period, Scope
from assistant.errors import InputError
from assistant.knowledge.gaps import Gap
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.upstream import Coverage
from assistant.reports.digest.appendix import Appendix, build_appendix
from assistant.reports.digest.build import Overview, Tell, build_digest, build_overview
from assistant.reports.digest.sections_events import list_shown
from assistant.reports.digest.types import Digest, Material, place_quote, quote_post
from assistant.reports.figures import (
    Measure,
    build_span,
    find,
    find_examples,
    find_posts,
    group,
    is_scope_known,
    measure,
)
from assistant.reports.figures.events import measure_events
from assistant.reports.figures.goals import Goal, GoalState, judge_goals
from assistant.reports.figures.maturity import State, judge_maturity
from assistant.reports.figures.subjects import find_subjects
from assistant.reports.figures.tables import MeasuringTables
from assistant.reports.figures.topics import Embed, Theme, group_posts

_EXAMPLES = 2
_MOST_TOPICS = 3
_QUOTED = ("topics_rising", "topics_falling", "topics_new", "discovered_topics", "posts_by_topic")


def gather_examples(
    tables: MeasuringTables, mentions: MentionTables, figures: Sequence[Figure]
) -> dict[str, tuple[Mention, ...]]:
    """By figure: the posts that drew most of those behind it."""
    chosen = [figure for name in _QUOTED for figure in group(figures, name)[:_MOST_TOPICS]]
    found = {figure.name: find_examples(tables, figure, _EXAMPLES) for figure in chosen}
    found |= {figure.name: find_posts(tables, figure, 1) for figure in group(figures, "posts_that_mattered")}
    return {name: fetch(mentions, ids) for name, ids in found.items()}


def gather_themes(
    tables: MeasuringTables, mentions: MentionTables, figures: Sequence[Figure], name: str, embed: Embed
) -> list[tuple[Theme, Mention]]:
    """The posts behind a figure by what they say, each group with the post that stands for it."""
    figure = find(figures, name)
    if figure is None or not figure.value:
        return []
    themes = group_posts(tables, figure, embed)
    return [(theme, post) for theme in themes for post in fetch(mentions, theme.mention_ids[:1])]


def fetch(mentions: MentionTables, ids: Sequence[str]) -> tuple[Mention, ...]:
    """The posts with these ids, without those that were removed meanwhile."""
    posts = []
    for mention_id in ids:
        try:
            posts.append(mentions.find(mention_id))
        except InputError:  # removed meanwhile
            continue
    return tuple(post for post in posts if post.removed_at is None)


_MOST_PAGED = 1000


@dataclass(frozen=True)
class Circumstances:
    """Content of a summary besides figures: open questions of staff, networks that are down, the set-up."""

    gaps: Sequence[Gap]
    coverages: Sequence[Coverage]
    known_names: tuple[str, ...]
    has_reviewers: bool
    has_readers: bool
    public_documents: int
    now: datetime


class DigestMaker:
    """Makes digests of one store."""

    def __init__(
        self,
        tables: MeasuringTables,
        mentions: MentionTables,
        measuring: Measure,
        goals: Callable[[], Sequence[Goal]],
        embed: Embed | None,
        tell: Tell | None = None,
    ) -> None:
        self._tables = tables
        self._mentions = mentions
        self._measuring = measuring
        self._goals = goals
        self._embed = embed
        self._tell = tell

    def sum_up(
        self,
        period: Period,
        circumstances: Circumstances,
        scope: Scope = EVERYTHING,
        audience: Audience = Audience.INTERNAL,
    ) -> Digest:
        """The digest of a period. Raises ConfigError for a goals.yaml that is wrong.

        Aims, open questions of staff and the stage are those of the whole company: of a scope they are left out.
        """
        goals = () if scope.kind else self._goals()
        span = build_span(self._tables, period, self._measuring, circumstances.now, scope)
        events, dangers = measure_events(self._tables, span)
        happened = [figure for event in (*events, *dangers) for figure in event.figures]
        told = {mention_id for event in events for mention_id in event.mention_ids}
        subjects = find_subjects(self._tables, span, self._embed, told) if self._embed else ()
        spoken = [subject.figure for subject in subjects]
        figures = (*measure(self._tables, span, self._measuring), *happened, *spoken)
        today = circumstances.now.astimezone(self._measuring.zone).date()
        standings = judge_goals(goals, figures, today)
        last = (period.end_at - timedelta(seconds=1)).astimezone(self._measuring.zone).date()
        material = Material(
            period=period,
            days=span.days,
            figures=figures,
            hearing=span.hearing,
            made_at=circumstances.now,
            examples=gather_examples(self._tables, self._mentions, figures)
            | {name: fetch(self._mentions, ids) for name, ids in list_shown((*events, *dangers), subjects).items()},
            ideas=self._group(figures, "ideas"),
            unanswered=self._group(figures, "customer_questions_without_document"),
            gaps=[gap for gap in circumstances.gaps if gap.last_asked_at < period.end_at and not scope.kind],
            standings=standings,
            maturity=None if scope.kind else judge_maturity(_look_at(figures, standings, circumstances)),
            coverages=circumstances.coverages,
            is_hiding_authors=self._measuring.is_hiding_authors,
            known_names=circumstances.known_names,
            last_day=str(last),
            scope=scope,
            is_scope_known=is_scope_known(self._tables, span),
            audience=audience,
            zone=self._measuring.zone,
            events=events,
            dangers=dangers,
            subjects=subjects,
        )
        return build_digest(material, self._tell)

    def look_over(self, period: Period, now: datetime) -> Overview:
        """The few figures of a period that are looked at every day: no model is asked, and no post is compared."""
        return build_overview(self._tables, period, self._measuring, now)

    def outline(self, period: Period, circumstances: Circumstances, scope: Scope = EVERYTHING) -> Digest:
        """The same tables at once, without what is grouped by meaning and without a chat model's words."""
        quick = DigestMaker(self._tables, self._mentions, self._measuring, self._goals, embed=None)
        return quick.sum_up(period, circumstances, scope)

    def find_page(self, figure: Figure, start: int, size: int) -> tuple[int, list[Mention]]:
        """Find some posts behind a figure, and count them (of very many, the newest thousand)."""
        ids = find_posts(self._tables, figure, _MOST_PAGED)
        return len(ids), list(fetch(self._mentions, ids[start : start + size]))

    def find_posts(self, figure: Figure, limit: int) -> list[Mention]:
        """The posts behind a figure, the newest first."""
        return list(fetch(self._mentions, find_posts(self._tables, figure, limit)))

    def append(self, digest: Digest, known_names: tuple[str, ...]) -> Appendix:
        """The posts behind each number that a digest shows."""
        zone, is_hiding = self._measuring.zone, self._measuring.is_hiding_authors
        return build_appendix(
            digest,
            lambda figure: self.find_posts(figure, _MOST_PAGED),
            lambda post: place_quote(quote_post(post, is_hiding, known_names), zone),
        )

    def _group(self, figures: Sequence[Figure], name: str) -> list[tuple[Theme, Mention]]:
        if self._embed is None:
            return []
        return gather_themes(self._tables, self._mentions, figures, name, self._embed)


def _look_at(figures: Sequence[Figure], standings: Sequence[GoalState], circumstances: Circumstances) -> State:
    return State(
        figures,
        standings,
        circumstances.has_reviewers,
        circumstances.has_readers,
        circumstances.public_documents,
    )
