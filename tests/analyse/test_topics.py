"""The company's own topics: the nearest in meaning or none, and a file whose faults are named."""

from pathlib import Path

import pytest

from assistant.errors import ConfigError
from assistant.listening.analysis.topics import NONE, Topic, build_topics, name_topic, read_topics
from assistant.text.embedding import SentenceTransformerEmbedder

SHIPPED = Path(__file__).parents[2] / "topics.example.yaml"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("the battery is flat after 20 km, it is freezing", "battery and range"),
        ("you took the money from my card two times", "billing and refunds"),
        ("somebody stole my bike outside the gym", "theft and insurance"),
        ("nobody came to fix my brakes, I waited all morning", "repairs and visits"),
        ("a lovely recipe with lentils and lemon", NONE),
        ("final score three to two", NONE),
    ],
)
def test_a_post_gets_the_topic_that_a_reader_would_give_it(
    text: str, topic: str, real_embedder: SentenceTransformerEmbedder
) -> None:
    finder = build_topics(read_topics(SHIPPED, is_needed=True), real_embedder)
    assert finder is not None
    labels, odds = finder.find_odds(real_embedder.embed([text]))
    found = name_topic(labels, odds[0].tolist())
    assert found.label == topic
    assert 0 < found.confidence <= 1


def test_without_topics_there_is_nothing_to_find(real_embedder: SentenceTransformerEmbedder) -> None:
    assert build_topics([], real_embedder) is None
    assert build_topics([Topic(name="alone")], real_embedder) is not None


def test_a_file_may_be_missing_unless_it_was_named(tmp_path: Path) -> None:
    assert read_topics(tmp_path / "topics.yaml", is_needed=False) == ()
    with pytest.raises(ConfigError, match="is not there"):
        read_topics(tmp_path / "topics.yaml", is_needed=True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("topics: [{name: a}, {name: a}]", "the topic a cannot be used"),
        ("topics: [{name: none}]", "the topic none cannot be used"),
        (
            "topics: [{name: a}, {title: b}]",
            "line 1: topics.2.name is missing; .*line 1: there is no field topics.2.title",
        ),
        ("topics: {a: b}", "topics"),
        ("topics:\n  - name: a\n    exampels: [b]\n", "line 3: there is no field topics.1.exampels, perhaps exam"),
        ("- a", "it must hold fields, such as topics:"),
        ("a: [", "line 1: this is no YAML"),
        ("", "it must hold fields, such as topics:"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "topics.yaml"
    path.write_text(content)
    with pytest.raises(ConfigError, match=message):
        read_topics(path, is_needed=True)
