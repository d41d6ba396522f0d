"""Token vectors kept as signs, a bit for each number: a thirty-second of the room, and near enough to compare."""

import numpy as np
from numpy.typing import NDArray

from assistant.text.embedding import Vectors


def pack_signs(tokens: Vectors) -> bytes:
    """The signs of token vectors, a row after the other, each row filled up to whole bytes."""
    return np.packbits(tokens > 0, axis=1).tobytes()


def unpack_signs(packed: bytes, dimensions: int) -> NDArray[np.uint8]:
    """One row a token: 1 for a positive number, 0 for the others."""
    rows = np.frombuffer(packed, dtype=np.uint8).reshape(-1, -(-dimensions // 8))
    return np.unpackbits(rows, axis=1)[:, :dimensions]
