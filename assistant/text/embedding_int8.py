"""Turns texts into vectors with an int8 copy of a model: several times faster, and without the seconds torch takes."""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from assistant.core.apart import run_apart_once
from assistant.core.shipped import choose_copy
from assistant.errors import EarshotError, ModelError, UnexpectedError, UnreadableError, edge
from assistant.text.bert import build_bert, read_safetensors, sort_pieces, write_bert
from assistant.text.embedding import Embedder, SentenceTransformerEmbedder, Vectors, find_bundled_model, to_unit

_log = logging.getLogger(__name__)

_BUNDLED_NAME = "all-MiniLM-L6-v2"
_BATCH_TOKENS = 2048
_HINT = "Set EMBEDDING_BACKEND=sentence-transformers, and run earshot reindex."
# A copy is kept only if it agrees with its model on these: a short text, none, and one too long for the model.
_PROBES = ["How do I pause my plan?", "", "Customers pause their plan in the app, for up to three months. " * 60]
CONVERSION_SECONDS = 600.0
_LEAST_COSINE = 0.9  # int8 itself costs up to .03, and that in texts of a word or two; other pooling more than .5


def build_embedder(backend: str, model: str, folder: Path) -> Embedder:
    """The embedder that EMBEDDING_BACKEND and EMBEDDING_MODEL ask for; int8 copies are kept in `folder`.

    The first time, making the copy takes seconds. Raises ModelError when `ctranslate2` is asked for and cannot be had.
    """
    if backend == "sentence-transformers" or (backend == "auto" and model):
        return SentenceTransformerEmbedder(model)
    try:
        return _prepare_copy(model, folder)
    except EarshotError as error:
        if backend == "ctranslate2":
            raise
        _log.warning("sentence-transformers embeds instead of CTranslate2: %s", error)
        return SentenceTransformerEmbedder(model)


class CTranslateEmbedder:
    """An int8 copy of a BERT, from the folder that `convert_model` wrote; loaded at its first use.

    The same texts give the same vectors, but which others are in its batch moves a text's a little (cosine .998).
    """

    def __init__(self, copy: Path, name: str) -> None:
        self.name = f"{name} (int8)"
        self._copy = copy
        self._loaded: tuple[Any, Any] | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder; raises ModelError when the copy cannot be loaded."""
        return self._pool({place: rows.mean(axis=0) for place, rows in self._run(texts)})

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """One pass of the model gives both; the marks at a text's beginning and end are no tokens of it."""
        means: dict[int, Vectors] = {}
        tokens: dict[int, Vectors] = {}
        for place, rows in self._run(texts):
            means[place], tokens[place] = rows.mean(axis=0), to_unit(rows[1:-1])
        return self._pool(means), [tokens[place] for place in range(len(texts))]

    def _run(self, texts: Sequence[str]) -> Iterator[tuple[int, Vectors]]:
        """The place of each text, in no order, with its last hidden states: one row a token, marks included."""
        if not texts:
            return
        encoder, tokenizer = self._load()
        ids = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
        for places in _batch_by_length([len(row) for row in ids]):
            output = encoder.forward_batch([ids[place] for place in places])
            # np.array copies: what np.asarray would show belongs to the output, and goes with it.
            states = np.array(output.last_hidden_state)
            for place, rows in zip(places, states, strict=True):
                yield place, rows[: len(ids[place])]

    def _pool(self, means: dict[int, Vectors]) -> Vectors:
        rows = [means[place] for place in range(len(means))]
        return to_unit(np.stack(rows)) if rows else np.zeros((0, 0), dtype=np.float32)

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            hint = f"Delete the folder {self._copy}: it is made again."
            with _translated(f"The embedding model in {self._copy} cannot be loaded.", hint):
                import ctranslate2
                from tokenizers import Tokenizer

                tokenizer = Tokenizer.from_file(str(self._copy / "tokenizer.json"))
                encoder = ctranslate2.Encoder(str(self._copy), device="cpu", intra_threads=_count_cores())
            self._loaded = encoder, tokenizer
        return self._loaded


def convert_model(model: Path, copy: Path) -> None:
    """Write an int8 copy of the BERT in the folder `model`, unless it is there: whole, or not at all.

    Raises ModelError when the model cannot be converted, or gives other vectors than sentence-transformers.
    """
    _refuse_prompt(model)
    with _translated(f"The embedding model {model} cannot be run by CTranslate2.", _HINT):
        copy.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{copy}.lock"):
            if copy.is_dir():  # another process was first
                return
            unfinished = copy.with_name(f"{copy.name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)  # what a killed conversion has left
            try:
                _write_copy(model, unfinished)
                unfinished.rename(copy)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)


def _prepare_copy(model: str, folder: Path) -> CTranslateEmbedder:
    _check_library()
    copy = choose_copy(folder, f"{_BUNDLED_NAME}-int8")
    if not model and copy.is_dir():
        return CTranslateEmbedder(copy, _BUNDLED_NAME)
    place = Path(model) if model else find_bundled_model()
    if not place.is_dir():
        raise ModelError(f"CTranslate2 needs a model in a local folder, and {model} is none.", _HINT)
    copy = folder / _name_copy(place) if model else copy
    if not copy.is_dir():
        with _translated(f"The embedding model {place} cannot be run by CTranslate2.", _HINT):
            # Apart: it takes seconds and gigabytes, and people are waiting for answers meanwhile.
            run_apart_once(CONVERSION_SECONDS, convert_model, place, copy)
    return CTranslateEmbedder(copy, model or _BUNDLED_NAME)


def _refuse_prompt(model: Path) -> None:
    """sentence-transformers puts a default prompt before each text, CTranslate2 would not: the vectors would differ."""
    settings = model / "config_sentence_transformers.json"
    name = json.loads(settings.read_text(encoding="utf-8")).get("default_prompt_name") if settings.is_file() else None
    if name:
        raise ModelError(
            f"The embedding model {model} has a default prompt, {name}, which CTranslate2 leaves out.", _HINT
        )


def _check_library() -> None:
    try:
        import ctranslate2  # noqa: F401
    except (ImportError, OSError) as error:
        raise ModelError("CTranslate2 is not installed, or cannot run on this machine.", _HINT) from error


def _name_copy(model: Path) -> str:
    # Two folders may have the same name, and one folder may be given another model.
    state = f"{model.resolve()} {max((file.stat().st_mtime_ns for file in model.iterdir()), default=0)}"
    return f"{model.resolve().name}-{hashlib.sha256(state.encode()).hexdigest()[:8]}-int8"


def _write_copy(model: Path, copy: Path) -> None:
    if model == find_bundled_model():  # whose vectors the tests compare, so that torch is not needed
        copy.mkdir()
        sizes = json.loads((model / "config.json").read_text(encoding="utf-8"))
        tensors = read_safetensors(model / "model.safetensors")
        encoder = build_bert(tensors, sizes["num_hidden_layers"], sizes["num_attention_heads"])
        write_bert(encoder, _write_tokenizer(model, copy), "[UNK]", copy)
        return
    # First, because it keeps the hub's client offline and takes progress bars away before the converter runs.
    wanted = SentenceTransformerEmbedder(str(model)).embed(_PROBES)
    logging.getLogger("transformers").setLevel(logging.ERROR)  # it minds how the converter calls it
    from ctranslate2.converters import TransformersConverter

    TransformersConverter(str(model)).convert(str(copy), quantization="int8")
    _write_tokenizer(model, copy)
    found = CTranslateEmbedder(copy, model.name).embed(_PROBES)
    least = float((wanted * found).sum(axis=1).min())
    if not least >= _LEAST_COSINE:
        raise ModelError(f"CTranslate2 gives other vectors for {model}: the cosine is {least:.2f}.", _HINT)


def _write_tokenizer(model: Path, copy: Path) -> list[str]:
    """The model's tokenizer, which cuts off where sentence-transformers does; returns its pieces by number."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    # The file may have been saved with other lengths: the bundled one cuts at 128 tokens and fills up to them.
    tokenizer.enable_truncation(_read_length(model))
    tokenizer.no_padding()
    tokenizer.save(str(copy / "tokenizer.json"))
    return sort_pieces(tokenizer.get_vocab())


def _read_length(model: Path) -> int:
    """How many tokens the model reads of a text, its two marks included."""
    longest = int(json.loads((model / "config.json").read_text())["max_position_embeddings"])
    settings = model / "sentence_bert_config.json"
    wanted = json.loads(settings.read_text()).get("max_seq_length") if settings.exists() else None
    return min(longest, wanted or longest)


def _batch_by_length(lengths: Sequence[int]) -> Iterator[NDArray[np.intp]]:
    """Places of texts of about one length, as a batch is filled up to its longest; the longest texts first."""
    order = np.argsort(lengths)[::-1]
    start = 0
    while start < len(order):
        end = start + max(1, _BATCH_TOKENS // lengths[order[start]])
        yield order[start:end]
        start = end


def _count_cores() -> int:
    # A container may have fewer cores than the machine; only Linux tells which are ours.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _translated(message: str, hint: str) -> Iterator[None]:
    """Two libraries and a converter have errors of many kinds: all become ModelError, and the log has the rest."""
    try:
        with edge("preparing the embedding model"):
            yield
    except (UnexpectedError, UnreadableError) as error:
        raise ModelError(message, hint) from error
