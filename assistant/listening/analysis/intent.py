"""What posts want, by a head over their vectors, betraying words, feelings and whether they ask something."""

from collections.abc import Sequence

import numpy as np

from assistant.domain import About, Finding, Intent
from assistant.listening.analysis.classifiers import load_head, reads_vectors
from assistant.listening.analysis.cues import CUED, find_cues
from assistant.listening.analysis.features import Dense
from assistant.listening.analysis.question import is_question

VERSION = "intent-1"
_VECTOR_WEIGHT = 2.0
_LONG = 200


class IntentFinder:
    """The head, loaded once; `embedder` is the name of what made the vectors."""

    def __init__(self, embedder: str) -> None:
        self._reads_vectors = reads_vectors(embedder)
        self._head = load_head("intents", embedder)
        self.labels = self._head.labels

    def find_odds(self, texts: Sequence[str], vectors: Dense, moods: Dense) -> Dense:
        """How likely each intent of `labels` is, one row a text; `moods` are the odds of the feelings."""
        signs = read_signs(texts, moods)
        return self._head.predict(join_features(vectors, signs) if self._reads_vectors else signs)


def read_signs(texts: Sequence[str], moods: Dense) -> Dense:
    """What the head reads besides vectors, a row a text."""
    rows = [_read(text) for text in texts]
    signs = np.array(rows, dtype=np.float32).reshape(len(texts), len(CUED) + 4)
    return np.hstack([signs, moods])


def join_features(vectors: Dense, signs: Dense) -> Dense:
    """Vectors and signs side by side, weighed as the head was trained."""
    return np.hstack([_VECTOR_WEIGHT * vectors, signs])


def name_intent(labels: Sequence[str], odds: Sequence[float], text: str) -> Finding:
    """The likeliest intent, with the word that betrays it where there is one."""
    best = int(np.argmax(odds))
    intent = Intent(labels[best])
    cue = find_cues(text).get(intent)
    reason = f"It says “{cue}”." if cue else ""
    return Finding(About.INTENT, intent, round(float(odds[best]), 3), VERSION, reason)


def _read(text: str) -> list[bool]:
    cues = find_cues(text)
    return [*(intent in cues for intent in CUED), is_question(text), "?" in text, "!" in text, len(text) > _LONG]
