"""Heads: linear classifiers over a text's vector and other features, kept as arrays (no pickle) with the program.

What the heads read besides a text's vector: its words, its pieces of words, and VADER's scores.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from assistant.errors import ModelError
from assistant.text.calibration import calibration_of

Dense = NDArray[np.float32]
Sparse = Any  # a matrix of scipy, which has no types

WORD_FEATURES, PIECE_FEATURES = 2**15, 2**16
FEELINGS = 7
COURSE = 12
_THRESHOLD = 0.05  # the paper's own
_HANDLE = re.compile(r"@\w+")
_LINK = re.compile(r"https?://\S+|\bhttp\b")
_WORD = re.compile(r"[^\W_]+")
_TURN = re.compile(r"[.!?\n]+|\bbut\b|\bhowever\b")
_DRAWN_OUT = re.compile(r"(.)\1\1")
_LONG = 40
_MOST_EMOJI = 100  # VADER spells each out in words, and takes the square of the words


class Words:
    """Words and pairs of words (and of signs, such as emoji), hashed (Weinberger et al. 2009, scikit-learn)."""

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer

        self._vectorizer = HashingVectorizer(
            ngram_range=(1, 2),
            n_features=WORD_FEATURES,
            alternate_sign=False,
            norm=None,
            binary=True,
            token_pattern=r"(?u)\b\w\w+\b|[^\w\s]+",  # noqa: S106  # no secret
        )

    def read(self, texts: Sequence[str]) -> Sparse:
        """One row of 0 and 1 a text."""
        return self._vectorizer.transform([clean(text) for text in texts])


class Pieces:
    """Two to five letters within words, hashed: they reach across the forms of a word in languages with many."""

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer

        self._vectorizer = HashingVectorizer(
            analyzer="char_wb",
            ngram_range=(2, 5),
            n_features=PIECE_FEATURES,
            alternate_sign=False,
            norm=None,
            binary=True,
        )

    def read(self, texts: Sequence[str]) -> Sparse:
        """One row of 0 and 1 a text."""
        return self._vectorizer.transform([clean(text) for text in texts])


class Feelings:
    """VADER (Hutto and Gilbert 2014) with its lexicon loaded once: English words, emoji and punctuation."""

    def __init__(self) -> None:
        self._vader = SentimentIntensityAnalyzer()
        # It reads emoji by their names, and 😡 is called `pouting face`, which its lexicon lacks; as much as `angry`.
        self._vader.lexicon["pouting"] = -2.3

    def read(self, texts: Sequence[str], is_english: Sequence[bool]) -> Dense:
        """A row a text: negative, neutral, positive, compound, its size, whether above and whether below .05."""
        rows = [self._measure(text, english) for text, english in zip(texts, is_english, strict=True)]
        return np.array(rows, dtype=np.float32).reshape(len(texts), FEELINGS)

    def read_course(self, texts: Sequence[str]) -> Dense:
        """A row an English text, of how its feeling runs: VADER's compound of its first and last sentence, of its
        least and greatest, and of both halves; then exclamation, question, drawn-out letters, capitals, link, length.
        """
        rows = [[*self._follow(text), *_read_signs(text)] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), COURSE)

    def _follow(self, text: str) -> list[float]:
        parts = [self._score(part) for part in _TURN.split(clean(text)) if part.strip()] or [0.0]
        words = text.split()
        half = len(words) // 2
        return [
            parts[0],
            parts[-1],
            min(parts),
            max(parts),
            self._score(" ".join(words[:half])),
            self._score(" ".join(words[half:])),
        ]

    def _score(self, text: str) -> float:
        return float(self._vader.polarity_scores(self._leave_emoji_out(text))["compound"])

    def _leave_emoji_out(self, text: str) -> str:
        """The text with its first hundred emoji: more say nothing new."""
        if len(text) <= _MOST_EMOJI or text.isascii():
            return text
        places = [place for place, sign in enumerate(text) if sign in self._vader.emojis][_MOST_EMOJI:]
        left_out = set(places)
        return "".join(sign for place, sign in enumerate(text) if place not in left_out) if places else text

    def _measure(self, text: str, is_english: bool) -> list[float]:
        # Its words are English: it takes the German article `die` for dying. Of other languages only emoji count.
        scores = self._vader.polarity_scores(self._leave_emoji_out(text if is_english else _WORD.sub(" ", text)))
        compound = float(scores["compound"])
        shares = [float(scores[name]) for name in ("neg", "neu", "pos")]
        return [*shares, compound, abs(compound), compound >= _THRESHOLD, compound <= -_THRESHOLD]


def _read_signs(text: str) -> list[float]:
    words = text.split()
    capitals = sum(word.isupper() and len(word) > 2 for word in words) / max(1, len(words))
    is_drawn_out = bool(_DRAWN_OUT.search(text))
    return ["!" in text, "?" in text, is_drawn_out, capitals, "http" in text, min(len(words), _LONG) / _LONG]


def clean(text: str) -> str:
    """The text with all handles alike and without links: neither tells a feeling."""
    return _LINK.sub(" ", _HANDLE.sub("@user", text))


_WORDY = "-wordy"
_SPARSE_WEIGHT = 1.4


@dataclass(frozen=True)
class Head:
    """A multinomial logistic regression. `weights` has a row a label: dense features first, then each sparse block.

    `idf` weighs the sparse features, all blocks in one row; a text's features of a block are brought to length 1.4.
    """

    labels: tuple[str, ...]
    weights: Dense
    intercept: Dense
    idf: Dense

    def predict(self, dense: Dense, sparse: Sequence[Sparse] = ()) -> Dense:
        """The probability of each label, one row a text."""
        scores = dense @ self.weights[:, : dense.shape[1]].T + self.intercept
        place = dense.shape[1]
        for block, idf in zip(sparse, split_idf(self.idf, sparse), strict=True):
            scores += weigh(block, idf) @ self.weights[:, place : place + block.shape[1]].T
            place += block.shape[1]
        return softmax(scores)


def weigh(block: Sparse, idf: Dense) -> Sparse:
    """A block of 0 and 1 as TF-IDF of length 1.4 a row."""
    weighed = block.multiply(idf).tocsr().astype(np.float32)
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1))).ravel()
    return weighed.multiply((_SPARSE_WEIGHT / np.maximum(lengths, 1e-9))[:, None]).tocsr()


def split_idf(idf: Dense, blocks: Sequence[Sparse]) -> list[Dense]:
    """The part of each block."""
    ends = np.cumsum([block.shape[1] for block in blocks])[:-1]
    return list(np.split(idf, ends)) if blocks else []


def softmax(scores: Dense) -> Dense:
    """Scores as probabilities, row by row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def load_head(name: str, embedder: str) -> Head:
    """A head of the program: the one that was trained on the vectors of `embedder`, or else one that reads none."""
    heads = calibration_of(embedder).heads
    suffix = _WORDY if heads is None else heads
    return read_head(Path(str(files("assistant.listening.analysis") / "weights" / f"{name}{suffix}.npz")))


def reads_vectors(embedder: str) -> bool:
    """Return whether shipped heads know this embedder's vectors."""
    return calibration_of(embedder).heads is not None


def read_head(path: Path) -> Head:
    """A head from its file. Raises ModelError when it is missing or broken."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return Head(
                tuple(str(label) for label in arrays["labels"]),
                arrays["weights"].astype(np.float32),
                arrays["intercept"].astype(np.float32),
                arrays["idf"].astype(np.float32),
            )
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"The head {path.name} cannot be read.", "Reinstall Earshot.") from error


def write_head(head: Head, path: Path) -> None:
    """Keep a head as 16-bit floats, compressed."""
    arrays: dict[str, Any] = {
        "labels": np.array(head.labels),
        "weights": head.weights.astype(np.float16),
        "intercept": head.intercept.astype(np.float32),
        "idf": head.idf.astype(np.float16),
    }
    np.savez_compressed(path, **arrays)
