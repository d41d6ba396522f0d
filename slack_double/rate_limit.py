"""Token buckets: about one message a second in a channel, the tiers of the other methods, and events an hour."""

import math
from dataclasses import dataclass

from .errors import RateLimited
from .settings import Settings

TIER_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SECONDS_AN_HOUR = 3600


@dataclass
class _Bucket:
    tokens: float
    at: float


class RateLimiter:
    """`burst` messages may come at once, afterwards one a second; Slack allows short bursts but gives no number."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._buckets: dict[str, _Bucket] = {}

    def spend_message(self, channel_id: str) -> None:
        if self._settings.rate_limit:
            self._spend(f"channel {channel_id}", self._settings.burst, 1.0)

    def spend_call(self, method: str, tier: int | None) -> None:
        if self._settings.tiers and tier is not None:
            per_minute = TIER_PER_MINUTE[tier]
            self._spend(f"method {method}", per_minute, per_minute / 60)

    def _spend(self, key: str, capacity: int, per_second: float) -> None:
        now = self._settings.clock()
        bucket = self._buckets.setdefault(key, _Bucket(capacity, now))
        bucket.tokens = min(capacity, bucket.tokens + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.tokens < 1:
            raise RateLimited(max(1, math.ceil((1 - bucket.tokens) / per_second)))
        bucket.tokens -= 1


class EventAllowance:
    """How many events Slack delivers to an app in an hour of a workspace; those beyond are never delivered."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._hour_began_at = settings.clock()
        self._spent = 0

    def spend(self) -> bool:
        """Whether one more may go out."""
        now = self._settings.clock()
        if now - self._hour_began_at >= SECONDS_AN_HOUR:
            self._hour_began_at, self._spent = now, 0
        self._spent += 1
        return self._spent <= self._settings.events_an_hour
