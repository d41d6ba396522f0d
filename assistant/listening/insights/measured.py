"""The first sentence of an answer about posts: the number, share, names or change that was asked for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from assistant.listening.insights.measures import CountKind
from assistant.listening.insights.periods import AskedPeriod, before
from assistant.listening.insights.questions import OpinionKind, OpinionQuestion
from assistant.listening.tables.insights import OpinionTables, PostFilter

ADJECTIVES = {
    OpinionKind.NEGATIVE: "unhappy",
    OpinionKind.POSITIVE: "kind",
    OpinionKind.NOT_NEGATIVE: "not unhappy",
    OpinionKind.QUESTIONS: "asking something",
}
_NOUNS = {
    OpinionKind.ALL: ("post", "posts"),
    OpinionKind.NEGATIVE: ("complaint", "complaints"),
    OpinionKind.POSITIVE: ("kind post", "kind posts"),
    OpinionKind.NOT_NEGATIVE: ("post that isn't unhappy", "posts that aren't unhappy"),
    OpinionKind.QUESTIONS: ("question", "questions"),
}
_LEAST_FOR_SHARE = 5  # posts: one angry post of one is no mood


def measure(
    tables: OpinionTables,
    asked: OpinionQuestion,
    posts: PostFilter,
    period: AskedPeriod,
    now: datetime,
    is_hiding_authors: bool,
) -> list[str]:
    """Tell what was asked for in a sentence; nothing where the plain count is what was asked for."""
    wanted = replace(posts, kind=asked.kind)
    if asked.measure is CountKind.WHO and is_hiding_authors:
        return ["I don't name authors: your admins chose to hide them."]
    if asked.measure is CountKind.SHARE:
        return [_tell_share(tables, asked, posts, period)]
    if asked.measure is CountKind.MOOD:
        return [_tell_mood(tables, asked, posts, period)]
    if asked.measure is CountKind.CHANGE:
        return [_tell_change(tables, asked, wanted, period, now)]
    count = _ROWS.get(asked.measure)
    rows = count(tables, wanted, asked.top) if count else {}
    if not rows:
        return []
    listed = ", ".join(f"{label} ({number})" for label, number in list(rows.items())[: asked.top])
    lead = _LEADS[asked.measure].format(nouns=_NOUNS[asked.kind][1])
    return [f"{lead[0].upper()}{lead[1:]} {period.label}: {listed}."]


def _count_subjects(tables: OpinionTables, posts: PostFilter, top: int) -> Mapping[str, int]:
    """The company's own topics and, where it has too few, words that many of the posts use."""
    topics = tables.count_topics(posts, top)
    return topics if len(topics) >= min(top, 2) else tables.often_named(posts, top)


_ROWS: dict[CountKind, Callable[[OpinionTables, PostFilter, int], Mapping[str, int]]] = {
    CountKind.TOP: _count_subjects,
    CountKind.WHO: lambda tables, posts, top: tables.count_authors(posts, top),
    CountKind.WHERE: lambda tables, posts, top: tables.count_places(posts, top),
    CountKind.NETWORK: lambda tables, posts, top: tables.count_networks(posts),
}
_LEADS = {
    CountKind.TOP: "what most {nouns} are about",
    CountKind.WHO: "who wrote most {nouns}",
    CountKind.WHERE: "where most {nouns} come from",
    CountKind.NETWORK: "{nouns} by network",
}


def _tell_share(tables: OpinionTables, asked: OpinionQuestion, posts: PostFilter, period: AskedPeriod) -> str:
    total, part = tables.count(posts)[0], tables.count(replace(posts, kind=asked.kind))[0]
    return f"{part / max(total, 1):.0%} of the posts {period.label}: {part} of {total} are {ADJECTIVES[asked.kind]}."


def _tell_change(
    tables: OpinionTables, asked: OpinionQuestion, posts: PostFilter, period: AskedPeriod, now: datetime
) -> str:
    current, earlier = before(period, now)
    if asked.is_since and asked.period:
        start = asked.period.start_at
        earlier = AskedPeriod(
            start, start + (current.end_at - current.start_at), f"{asked.period.label}, over the same length of time"
        )
    spans = [replace(posts, start_at=one.start_at, end_at=one.end_at) for one in (current, earlier)]
    recent, former = (tables.count(span)[0] for span in spans)
    change = "As many" if recent == former else f"{abs(recent - former)} {'more' if recent > former else 'fewer'}"
    noun = _NOUNS[asked.kind][recent != 1]
    told = f"{change}: {recent} {noun} {current.label}, {former} {earlier.label}."
    if asked.kind is OpinionKind.ALL:
        return told
    # More posts of all kinds are no change of mood.
    now_of, then_of = (tables.count(replace(span, kind=""))[0] for span in spans)
    return f"{told} That is {recent / max(now_of, 1):.0%} of all posts, after {former / max(then_of, 1):.0%}."


def _tell_mood(tables: OpinionTables, asked: OpinionQuestion, posts: PostFilter, period: AskedPeriod) -> str:
    """Which networks have the largest share of them; those with few posts come last."""
    totals, parts = tables.count_networks(posts), tables.count_networks(replace(posts, kind=asked.kind))
    shares = {name: parts.get(name, 0) / total for name, total in totals.items()}
    order = sorted(totals, key=lambda name: (totals[name] < _LEAST_FOR_SHARE, -shares[name], -totals[name], name))
    told = [f"{name} {shares[name]:.0%} ({parts.get(name, 0)} of {totals[name]})" for name in order[: asked.top]]
    return f"Share of posts that are {ADJECTIVES[asked.kind]}, by network, {period.label}: {', '.join(told)}."
