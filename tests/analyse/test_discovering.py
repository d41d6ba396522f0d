"""Topics nobody named: clusters with words that tell them apart, which keep their numbers from week to week."""

import numpy as np

from assistant.listening.analysis.keywords import find_words
from assistant.listening.analysis.topic_discovery import discover
from assistant.text.embedding import SentenceTransformerEmbedder

BATTERY = ["my battery is empty after {} km", "charging the battery takes {} hours", "the battery lost {} percent"]
REFUND = ["where is my refund of {} euros", "charged {} euros twice, refund please", "{} days and no refund"]


def make_posts(start: int) -> list[str]:
    return [text.format(start + number) for number in range(11) for text in (*BATTERY, *REFUND)]


def test_clusters_have_telling_labels_and_keep_their_keys_in_the_next_week(
    real_embedder: SentenceTransformerEmbedder,
) -> None:
    found = []
    before: list[tuple[int, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]] = []
    for start in (10, 50):
        posts = make_posts(start)
        topics = discover(real_embedder.embed(posts), [find_words(post, "en") for post in posts], 0.8, before)
        before = [(topic.key, topic.centroid) for topic in topics]
        found.append({topic.key: topic.label for topic in topics})
        assert sorted(place for topic in topics for place in topic.places) == list(range(len(posts)))
    assert found[0] == found[1]
    assert {"battery", "refund"} <= {label.split(",")[0] for label in found[0].values()}


def test_a_new_topic_gets_a_new_key(real_embedder: SentenceTransformerEmbedder) -> None:
    posts = make_posts(10)
    words = [find_words(post, "en") for post in posts]
    far = np.zeros(384, dtype=np.float32)
    far[0] = 1
    assert min(topic.key for topic in discover(real_embedder.embed(posts), words, 0.8, [(7, far)])) == 8


def test_a_handful_of_posts_has_no_topics() -> None:
    assert discover(np.ones((5, 3), dtype=np.float32), [("a",)] * 5, 0.8) == []
