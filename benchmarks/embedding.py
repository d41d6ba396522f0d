"""Texts a second of every embedding backend that runs here, taken in turns so that a busy machine is fair to all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import get_args

import numpy as np

from assistant.app import Assistant
from assistant.cli.output import note
from assistant.core.config import Settings
from assistant.errors import ModelError
from assistant.text.embedding import Embedder, Vectors

REFERENCE = "sentence-transformers"
_TEXTS = {"short": (60, 512), "chunk": (450, 192)}  # characters of each, and how many
_ROUNDS = 3


@dataclass
class Backend:
    """An embedder and what was measured: the least seconds for all texts of a kind, and the vectors of the chunks."""

    name: str
    embedder: Embedder
    seconds: dict[str, float] = field(default_factory=dict)
    vectors: Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))


def measure_embedding(home: Path, prose: str) -> list[tuple[object, ...]]:
    """A row a backend: texts a second, how many times the reference's, and the mean cosine with its vectors."""
    backends = _find_backends(home)
    texts = {kind: _cut(prose, length, count) for kind, (length, count) in _TEXTS.items()}
    for backend in backends:
        backend.embedder.embed_tokens(texts["short"][:32])  # loads the model
    for _ in range(_ROUNDS):
        for kind, group in texts.items():
            for backend in backends:
                _time(backend, kind, group)
    return [_to_row(backend, backends[0]) for backend in backends]


def _find_backends(home: Path) -> list[Backend]:
    names = [name for name in get_args(Settings.model_fields["embedding_backend"].annotation) if name != "auto"]
    found = []
    for name in sorted(names, key=lambda name: name != REFERENCE):
        settings = Settings.model_validate({"earshot_home": home, "embedding_backend": name})
        try:
            found.append(Backend(name, Assistant(settings).knowledge.embedder))
        except ModelError as error:
            note(f"{name} is left out: {error.message}")
    return found


def _time(backend: Backend, kind: str, texts: Sequence[str]) -> None:
    start = perf_counter()
    vectors, _ = backend.embedder.embed_tokens(texts)  # what ingesting and searching call
    seconds = perf_counter() - start
    backend.seconds[kind] = min(seconds, backend.seconds.get(kind, seconds))
    if kind == "chunk":
        backend.vectors = vectors


def _cut(prose: str, length: int, count: int) -> list[str]:
    """Pieces of about this many characters, whole words each; they overlap when the prose is short."""
    starts = np.linspace(0, len(prose) - 2 * length, count).astype(int).tolist()
    return [prose[start : start + length].partition(" ")[2] for start in starts]


def _to_row(backend: Backend, reference: Backend) -> tuple[object, ...]:
    speeds = {kind: count / backend.seconds[kind] for kind, (_, count) in _TEXTS.items()}
    ratios = {kind: reference.seconds[kind] / backend.seconds[kind] for kind in _TEXTS}
    cosine = float((backend.vectors * reference.vectors).sum(axis=1).mean())
    figures = [f"{speeds[kind]:.0f} ({ratios[kind]:.1f}x)" for kind in _TEXTS]
    return (backend.name, *figures, f"{cosine:.4f}")
