"""Heads: linear classifiers over a text's vector and other features, kept as arrays (no pickle) with the program."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import ModelError
from assistant.listening.analysis.features import Dense, Sparse

_EMBEDDER = "all-MiniLM-L6-v2"  # the vectors that the shipped heads were trained on, and their int8 copies
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
    """A head of the program: the one that reads vectors where `embedder` gives those it was trained on."""
    suffix = "" if reads_vectors(embedder) else "-wordy"
    return read_head(Path(str(files("assistant.listening.analysis") / "weights" / f"{name}{suffix}.npz")))


def reads_vectors(embedder: str) -> bool:
    """Whether the shipped heads know this embedder's vectors."""
    return embedder.removesuffix(" (int8)") == _EMBEDDER


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
        raise ModelError(f"The head {path.name} cannot be read.", "Install Earshot anew.") from error


def write_head(head: Head, path: Path) -> None:
    """Keep a head as 16-bit floats, compressed."""
    arrays: dict[str, Any] = {
        "labels": np.array(head.labels),
        "weights": head.weights.astype(np.float16),
        "intercept": head.intercept.astype(np.float32),
        "idf": head.idf.astype(np.float16),
    }
    np.savez_compressed(path, **arrays)
