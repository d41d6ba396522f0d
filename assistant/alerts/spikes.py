"""Which of many odd moments are worth telling: the first, and one that is far worse than what was told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.alerts.baseline import BUCKETS_AN_HOUR

THRESHOLD = 5.5
QUIET_BUCKETS = 24 * BUCKETS_AN_HOUR
_FAR_WORSE = 2.0


@dataclass(frozen=True)
class Told:
    """What was told of a series: the bucket and the score that were told, and the last bucket that was odd."""

    bucket: int
    score: float
    last_bucket: int


def is_news(bucket: int, score: float, told: Told | None) -> bool:
    """Whether an odd bucket is to be told: after a calm day, or when it is twice as bad an hour or more later.

    Within the hour a spike only shows its height: that is the spike that was told.
    """
    if told is None or bucket - told.last_bucket > QUIET_BUCKETS:
        return True
    return score > _FAR_WORSE * told.score and bucket - told.bucket >= BUCKETS_AN_HOUR


def pick_news(scores: Sequence[float], threshold: float = THRESHOLD) -> list[int]:
    """The buckets of a whole series that are told, in order; `scores` has one number a bucket."""
    told: Told | None = None
    picked = []
    for bucket, score in enumerate(scores):
        if score <= threshold:
            continue
        if told is None or is_news(bucket, score, told):
            picked.append(bucket)
            told = Told(bucket, score, bucket)
        else:
            told = replace(told, last_bucket=bucket)
    return picked
