"""Questions that nothing answered, or not well, put together by meaning: what the next document should say."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant.core.database import Row, to_time
from assistant.domain import Audience
from assistant.knowledge.tables.questions import QuestionTables
from assistant.text.calibration import calibration_of
from assistant.text.embedding import Embedder, Vectors, cluster


@dataclass(frozen=True)
class Gap:
    """Questions that ask the same; `question` is the one nearest to all others, `nearest` the pages found for it,
    none where those may be for some readers alone.

    `refused` counts questions that got no answer, `voted_down` people who found an answer unhelpful; `reasons` are
    their reasons, each with how often it was given, `remarks` what they wrote. `asked` are the numbers of the
    questions, that of `question` first.
    """

    question: str
    count: int
    refused: int
    voted_down: int
    last_asked_at: datetime
    channels: tuple[str, ...]
    nearest: tuple[str, ...]
    questions: tuple[str, ...]
    reasons: dict[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    asked: tuple[int, ...] = ()


def find_gaps(questions: QuestionTables, embedder: Embedder) -> list[Gap]:
    """All gaps, those that most people met first. Clusters by average linkage over cosines (scikit-learn)."""
    rows = questions.unhelped()
    if not rows:
        return []
    vectors = embedder.embed([row["text"] for row in rows])
    groups: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(cluster(vectors, calibration_of(embedder.name).same_gap)):
        groups[label].append(place)
    gaps = [_build_gap([rows[place] for place in places], vectors[places]) for places in groups.values()]
    return sorted(gaps, key=lambda gap: (-gap.refused - gap.voted_down, gap.question))


def _list_nearest(row: Row) -> tuple[str, ...]:
    return tuple(page["document_id"] for page in json.loads(row["answer"]).get("nearest", []))


def _build_gap(rows: Sequence[Row], vectors: Vectors) -> Gap:
    told = [tuple(pair) for row in rows for pair in json.loads(row["reasons"] or "[]")]
    middle = rows[int((vectors @ vectors.T).sum(axis=1).argmax())]
    return Gap(
        question=middle["text"],
        count=len(rows),
        refused=sum(row["refused"] for row in rows),
        voted_down=sum(row["voted_down"] for row in rows),
        last_asked_at=max(to_time(row["asked_at"]) for row in rows),
        channels=tuple(sorted({row["channel"] for row in rows if row["channel"]})),
        nearest=() if Audience(middle["audience"]).set_names else _list_nearest(middle),
        questions=tuple(dict.fromkeys(row["text"] for row in rows)),
        reasons=dict(Counter(reason for reason, _ in told).most_common()),
        remarks=tuple(dict.fromkeys(remark for _, remark in told if remark)),
        asked=tuple(dict.fromkeys([middle["id"], *(row["id"] for row in rows)])),
    )
