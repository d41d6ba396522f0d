"""Subjects: what people speak of besides the events, put together by meaning and named by what one of them says.

The mean of each language is taken off the vectors first: without it posts are near to each other for their language.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.core.database import Row
from assistant.domain import Figure, Intent, Period
from assistant.listening.analysis.keywords import find_words
from assistant.reports.figures.events import split_clauses
from assistant.reports.figures.query import POSTS, FigureQuery, FigureScope, to_figure
from assistant.reports.figures.tables import MeasuringTables
from assistant.reports.figures.topics import Embed
from assistant.text.embedding import Vectors, cluster, to_unit

_SAME_COSINE = 0.22
_BELONGS = 0.4  # to the middle of a subject
_LEAST_POSTS, _MOST_SUBJECTS = 3, 6
_MOST_READ = 600
_TELLING_WORDS = 3
_COMMON, _LEAST_TEXTS = 5, 20
_ENGLISH = "en"
# A language of few posts has no mean of its own: some zeros draw it to the middle of all.
_SHRINK = 3
_TOLD_ELSEWHERE = (Intent.SPAM, Intent.JOB, Intent.PRESS, Intent.PRAISE, Intent.IDEA)
_ROWS = f"""select p.mention_id, coalesce(p.language, '') as language, m.text from (select * {POSTS}) p
join mentions m on m.mention_id = p.mention_id
where coalesce(p.intent, '') not in ({", ".join(f"'{intent}'" for intent in _TOLD_ELSEWHERE)})
order by p.created_at desc, p.mention_id limit {_MOST_READ}"""
_BEHIND = "from mentions where mention_id in (select value from json_each(:ids))"
_COUNTED = "select '' as label, count(*) as value from json_each(:ids)"


@dataclass(frozen=True)
class Subject:
    """Posts about the same: `name` is said by the first of them, `figure` counts them here and in the period before."""

    name: str
    mention_ids: tuple[str, ...]
    figure: Figure


def find_subjects(
    tables: MeasuringTables, span: FigureScope, embed: Embed, told: Collection[str]
) -> tuple[Subject, ...]:
    """The subjects of a period, the largest first, without the posts that are `told` as an event."""
    rows = [row for row in _read(tables, span, span.period, None) if row["mention_id"] not in told]
    if len(rows) < _LEAST_POSTS:
        return ()
    earlier = _read(tables, span, span.before, span.comparable) if span.hearing.comparable else []
    tongues = [row["language"] for row in (*rows, *earlier)]
    vectors = _center(embed(_leave_names_out([row["text"] for row in (*rows, *earlier)])), tongues)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(cluster(vectors[: len(rows)], _SAME_COSINE)):
        groups[label].append(place)
    large = [group for group in groups.values() if len(group) >= _LEAST_POSTS]
    if not large:
        return ()
    middles = to_unit(np.stack([vectors[group].mean(axis=0) for group in large]))
    found = _share_out(vectors, middles, len(rows))[:_MOST_SUBJECTS]
    return tuple(
        _build(span, embed, [rows[place] for place in own], before if earlier else None, number)
        for number, (own, before) in enumerate(found, start=1)
    )


def _leave_names_out(texts: Sequence[str]) -> list[str]:
    """The texts without handles and words of every fifth post: they name the company or its trade, and tell nothing."""
    uses = Counter(word for text in texts for word in find_words(text, None))
    common = [re.escape(word) for word, number in uses.items() if _COMMON * number > len(texts) > _LEAST_TEXTS]
    names = re.compile("|".join([r"@\w+", *(rf"#?\b{word}\w*" for word in common)]), re.IGNORECASE)
    return [names.sub(" ", text) for text in texts]


def _share_out(vectors: Vectors, middles: Vectors, number: int) -> list[tuple[list[int], int]]:
    """For each middle the posts of this period that are nearest to it, the most typical first, and how many before."""
    likeness = vectors @ middles.T
    owners = np.where(likeness.max(axis=1) >= _BELONGS, likeness.argmax(axis=1), -1)
    shared = []
    for subject in range(len(middles)):
        places = sorted(np.flatnonzero(owners == subject).tolist(), key=lambda place: -likeness[place, subject])
        own = [place for place in places if place < number]
        if len(own) >= _LEAST_POSTS:
            shared.append((own, len(places) - len(own)))
    return sorted(shared, key=lambda one: -len(one[0]))


def _read(tables: MeasuringTables, span: FigureScope, period: Period, networks: str | None) -> list[Row]:
    return tables.rows(span.scoped(_ROWS), span.bind(period, networks))


def _center(vectors: Vectors, tongues: Sequence[str]) -> Vectors:
    centered = vectors.copy()
    for tongue in set(tongues):
        places = [place for place, one in enumerate(tongues) if one == tongue]
        centered[places] -= vectors[places].sum(axis=0) / (len(places) + _SHRINK)
    return to_unit(centered)


def _build(span: FigureScope, embed: Embed, members: Sequence[Row], before: int | None, number: int) -> Subject:
    ids = [row["mention_id"] for row in members]
    query = FigureQuery("subject_posts", "posts", _COUNTED, _BEHIND)
    figure = to_figure(span, query, {"label": str(number), "value": len(ids)})
    values = {**figure.values, "ids": json.dumps(ids, ensure_ascii=False)}
    figure = replace(figure, values=values, before=before, compared=None if before is None else len(ids))
    place, name = _find_name(embed, members)
    return Subject(name, (ids[place], *ids[:place], *ids[place + 1 :]), figure)


def _find_name(embed: Embed, members: Sequence[Row]) -> tuple[int, str]:
    """The part of a post that is nearest to all the posts, in English where some of them write it."""
    said = [row for row in members if row["language"] == _ENGLISH] or members
    clauses = [(members.index(row), clause) for row in said for clause in split_clauses(row["text"])]
    if not clauses:
        return 0, " ".join(members[0]["text"].split())
    # `It didn't like it` is near to everything, and says nothing.
    clauses = [one for one in clauses if len(find_words(one[1], None)) >= _TELLING_WORDS] or clauses
    vectors = embed([*(clause for _, clause in clauses), *(row["text"] for row in said)])
    middle = vectors[len(clauses) :].mean(axis=0)
    return clauses[int((vectors[: len(clauses)] @ middle).argmax())]
