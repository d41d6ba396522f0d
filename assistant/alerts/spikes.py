"""Which of many odd moments are worth telling: the first, and one that is far worse than what was told."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.alerts.rhythm import BUCKETS_AN_HOUR

THRESHOLD = 5.5
QUIET_BUCKETS = 24 * BUCKETS_AN_HOUR
_FAR_WORSE = 2.0


@dataclass(frozen=True)
class Told:
    """What was told of a series: the last bucket that was odd, and the score that was told."""

    last_bucket: int
    score: float


def is_news(bucket: int, score: float, told: Told | None) -> bool:
    """Whether an odd bucket is to be told: the series was calm for a day, or it is twice as bad as what was told."""
    return told is None or bucket - told.last_bucket > QUIET_BUCKETS or score > _FAR_WORSE * told.score


def pick_news(scores: Sequence[float], threshold: float = THRESHOLD) -> list[int]:
    """The buckets of a whole series that are told, in order; `scores` has one number a bucket."""
    told: Told | None = None
    picked = []
    for bucket, score in enumerate(scores):
        if score <= threshold:
            continue
        is_new = is_news(bucket, score, told)
        if is_new:
            picked.append(bucket)
        told = Told(bucket, score if is_new or told is None else told.score)
    return picked
