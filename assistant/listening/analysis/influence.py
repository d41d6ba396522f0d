"""The influence of an author, compared only with the other authors of the same network."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.domain import About, Finding, Mention

VERSION = "influence-1"
_HIGH, _MEDIUM = 0.95, 0.75
_FEWEST = 20


@dataclass(frozen=True)
class Crowd:
    """The authors of one network: how many followers each has, what their posts drew, in rising order."""

    followers: Sequence[int] = ()
    engagement: Sequence[int] = ()


@dataclass(frozen=True)
class Reach:
    """Context on a mention's author: posts of the last week, and reactions to all."""

    posts: int = 0
    reactions: int = 0


@dataclass(frozen=True)
class Crowds:
    """The authors of every network."""

    by_network: Mapping[str, Crowd] = field(default_factory=dict)

    def find_influence(self, mention: Mention, author: Reach) -> Finding:
        """`high` among the first 5 % of its network, `medium` among the first 25 %, else `low`, or `unknown`."""
        crowd = self.by_network.get(mention.network, Crowd())
        reach = (mention.engagement or 0) + author.reactions
        # As high a place as most of its network share tells nothing: hence the share that lies strictly below.
        ranks = [
            (_rank(crowd.followers, mention.followers), f"{mention.followers or 0:,} followers"),
            (_rank(crowd.engagement, reach or None), f"{reach:,} reactions to this and earlier posts"),
        ]
        known = [(share, what) for share, what in ranks if share is not None]
        if not known:
            return Finding(About.INFLUENCE, "unknown", 0.0, VERSION, "Too little is known of authors on its network.")
        share, what = max(known)
        label = "high" if share >= _HIGH else "medium" if share >= _MEDIUM else "low"
        reason = f"{what}: more than {share:.0%} of the authors on {mention.network}."
        return Finding(About.INFLUENCE, label, round(abs(share - 0.5) * 2, 3), VERSION, reason)


def _rank(sizes: Sequence[int], size: int | None) -> float | None:
    if size is None or len(sizes) < _FEWEST:
        return None
    return bisect_left(sizes, size) / len(sizes)
