"""Questions that nothing answered, put together by meaning: what the next document should say."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from assistant.index.embedding import Embedder, Vectors
from assistant.store.database import to_time
from assistant.store.questions import QuestionTables

_SAME_GAP_COSINE = 0.55


@dataclass(frozen=True)
class Gap:
    """Questions that ask the same; `question` is the one nearest to all others, `nearest` the pages found for it."""

    question: str
    count: int
    last_asked_at: datetime
    channels: tuple[str, ...]
    nearest: tuple[str, ...]
    questions: tuple[str, ...]


def find_gaps(questions: QuestionTables, embedder: Embedder) -> list[Gap]:
    """All gaps, those asked most often first. Clusters by average linkage over cosines (scikit-learn)."""
    rows = questions.unanswered()
    if not rows:
        return []
    vectors = embedder.embed([row["text"] for row in rows])
    groups: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(_cluster(vectors)):
        groups[label].append(place)
    gaps = []
    for places in groups.values():
        likeness = (vectors[places] @ vectors[places].T).sum(axis=1)
        middle = places[int(likeness.argmax())]
        members = [rows[place] for place in places]
        gaps.append(
            Gap(
                question=rows[middle]["text"],
                count=len(members),
                last_asked_at=max(to_time(row["asked_at"]) for row in members),
                channels=tuple(sorted({row["channel"] for row in members if row["channel"]})),
                nearest=tuple(page["document_id"] for page in json.loads(rows[middle]["answer"]).get("nearest", [])),
                questions=tuple(dict.fromkeys(row["text"] for row in members)),
            )
        )
    return sorted(gaps, key=lambda gap: (-gap.count, gap.question))


def _cluster(vectors: Vectors) -> list[int]:
    from sklearn.cluster import AgglomerativeClustering

    if len(vectors) < 2:
        return [0]
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - _SAME_GAP_COSINE
    )
    labels: list[int] = clustering.fit_predict(vectors).tolist()
    return labels
