"""Topics nobody named: clusters of a week's posts, each with words that tell it apart, followed from week to week.

k-means over vectors (HDBSCAN found two clusters and called half of a real week noise), labels as in c-TF-IDF
(Grootendorst 2022, BERTopic), and the clusters of two weeks paired by the Hungarian method over their centroids.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.listening.analysis.classifiers import Dense
from assistant.text.embedding import to_unit

_POSTS_A_TOPIC = 60
_FEWEST_TOPICS, _MOST_TOPICS = 2, 20
_LEAST_POSTS = 20
_LABEL_WORDS = 3
_SEED = 1


@dataclass(frozen=True)
class Discovered:
    """A cluster: `key` stays from week to week, `centroid` has length 1, `places` are those of its posts, the most
    typical first."""

    key: int
    label: str
    centroid: Dense
    places: tuple[int, ...]


def discover(
    vectors: Dense, words: Sequence[Sequence[str]], same: float, before: Sequence[tuple[int, Dense]] = ()
) -> list[Discovered]:
    """The clusters of some posts, largest first; `before` are keys and centroids of the last time.

    A centroid and an earlier one with at least the cosine `same` are of one topic. `words` are what each post is about.
    Fewer than 20 posts have no clusters.
    """
    if len(vectors) < _LEAST_POSTS:
        return []
    from sklearn.cluster import KMeans

    count = min(_MOST_TOPICS, max(_FEWEST_TOPICS, len(vectors) // _POSTS_A_TOPIC))
    owners = KMeans(count, n_init=3, random_state=_SEED).fit(vectors).labels_
    groups = [np.flatnonzero(owners == number) for number in range(count)]
    groups = [group for group in groups if len(group)]
    centroids = to_unit(np.stack([vectors[group].mean(axis=0) for group in groups]))
    keys, labels = _match(centroids, before, same), _name([[words[int(place)] for place in group] for group in groups])
    found = [
        Discovered(key, label, centroid, _order(vectors, group, centroid))
        for key, label, centroid, group in zip(keys, labels, centroids, groups, strict=True)
    ]
    return sorted(found, key=lambda topic: (-len(topic.places), topic.key))


def _order(vectors: Dense, group: "np.ndarray[tuple[int, ...], np.dtype[np.intp]]", centroid: Dense) -> tuple[int, ...]:
    nearest = np.argsort(-(vectors[group] @ centroid), kind="stable")
    return tuple(int(group[place]) for place in nearest)


def _match(centroids: Dense, before: Sequence[tuple[int, Dense]], same: float) -> list[int]:
    """A key for each cluster: that of the likest earlier one where it is like enough, else a new one."""
    from scipy.optimize import linear_sum_assignment

    keys: dict[int, int] = {}
    if before:
        likeness = centroids @ np.stack([centroid for _, centroid in before]).T
        for row, column in zip(*linear_sum_assignment(-likeness), strict=True):
            if likeness[row, column] >= same:
                keys[int(row)] = before[int(column)][0]
    newest = max([key for key, _ in before], default=0)
    for row in range(len(centroids)):
        if row not in keys:
            newest += 1
            keys[row] = newest
    return [keys[row] for row in range(len(centroids))]


def _name(groups: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    """For each group the words that stand in many of its posts and in few of the others."""
    counts = [Counter(word for post in group for word in set(post)) for group in groups]
    total = sum(counts, Counter[str]())
    average = sum(total.values()) / max(len(groups), 1)
    labels = []
    for own in counts:
        weights = {word: count * math.log(1 + average / total[word]) for word, count in own.items() if count > 1}
        best = sorted(weights, key=lambda word: (-weights[word], word))[:_LABEL_WORDS]
        labels.append(", ".join(best) or "various")
    return labels
