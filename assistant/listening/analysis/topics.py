"""The company's own topics of a post: the nearest in meaning, from a description and a few examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.core.yaml_files import FieldsFile, read_settings_file, tell_faults
from assistant.domain import About, Finding
from assistant.errors import ConfigError
from assistant.listening.analysis.classifiers import Dense, softmax
from assistant.text.calibration import calibration_of
from assistant.text.embedding import Embedder, to_unit

VERSION = "topic-1"
NONE = "none"
_MEND = "topics.example.yaml shows how."
_NEAREST_WEIGHT = 0.5
_SHARPNESS = 12.0


class Topic(BaseModel, str_strip_whitespace=True):
    """One topic of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=80)
    description: str = ""
    examples: tuple[str, ...] = ()


class _TopicsFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class TopicFinder:
    """Topics with their vectors: `centres` has a row a topic, `examples` all examples, `owners` whose each is.

    `least` is how near a topic must be to count: as near as none is.
    """

    names: tuple[str, ...]
    centres: Dense
    examples: Dense
    owners: np.ndarray[Any, np.dtype[np.intp]]
    least: float

    def measure(self, vectors: Dense) -> Dense:
        """Measure how near each topic is: the cosine to its centre, and half as much to its nearest example."""
        cosines = vectors @ self.examples.T
        nearest = np.stack([cosines[:, self.owners == place].max(axis=1) for place in range(len(self.names))], axis=1)
        return np.asarray(vectors @ self.centres.T + _NEAREST_WEIGHT * nearest, dtype=np.float32)

    def find_odds(self, vectors: Dense) -> tuple[tuple[str, ...], Dense]:
        """Labels, the last of them `none`, and how likely each is."""
        nearness = self.measure(vectors)
        other = np.full((len(nearness), 1), self.least, dtype=np.float32)
        return (*self.names, NONE), softmax(np.float32(_SHARPNESS) * np.hstack([nearness, other]))


def build_topics(topics: Sequence[Topic], embedder: Embedder) -> TopicFinder | None:
    """Embed the topics; None where there are none. A name counts as an example, its description as another."""
    if not topics:
        return None
    texts = [[f"{t.name.replace('_', ' ')}. {t.description}".strip(" ."), *t.examples] for t in topics]
    owners = np.repeat(np.arange(len(texts)), [len(group) for group in texts])
    vectors = embedder.embed([text for group in texts for text in group])
    centres = to_unit(np.stack([vectors[owners == place].mean(axis=0) for place in range(len(texts))]))
    names = tuple(topic.name for topic in topics)
    return TopicFinder(names, centres, vectors, owners, calibration_of(embedder.name).topic)


def name_topic(labels: Sequence[str], odds: Sequence[float]) -> Finding:
    """The likeliest topic, or `none`."""
    best = int(np.argmax(odds))
    return Finding(About.TOPIC, labels[best], round(float(odds[best]), 3), VERSION)


def read_topics(path: Path, is_needed: bool) -> tuple[Topic, ...]:
    """The company's topics. Raises ConfigError that names the topic which is wrong; a file may be missing."""
    text = read_settings_file(path, is_needed, "TOPICS_FILE")
    topics = () if text is None else _parse_topics(text, str(path))
    check_names(topics, str(path))
    return topics


def check_names(topics: Sequence[Topic], place: str) -> None:
    """Raises ConfigError for a name that is there twice or means no topic; `place` is where they stand."""
    names = [topic.name for topic in topics]
    twice = next((name for name in names if names.count(name) > 1 or name == NONE), "")
    if twice:
        raise ConfigError(f"{place}: the topic {twice} cannot be used: it is there twice, or means no topic.")


def parse_topic(fields: dict[str, Any]) -> Topic:
    """One topic, checked as those of the file are. Raises ConfigError."""
    try:
        return Topic.model_validate(fields)
    except ValidationError as error:
        raise ConfigError(tell_faults(error, [*Topic.model_fields]), _MEND) from None


def _parse_topics(text: str, name: str) -> tuple[Topic, ...]:
    file = FieldsFile(name, _MEND, is_each_once=False)
    read = file.parse_form(text, _TopicsFile, "topics", [*_TopicsFile.model_fields, *Topic.model_fields])
    if read is None:
        raise ConfigError(f"{name}, line 1: it must hold fields, such as topics:", _MEND)
    return read.topics
