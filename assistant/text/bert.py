"""A BERT's tensors as CTranslate2's int8 copy of it: neither torch nor transformers is needed."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensors = dict[str, NDArray[np.float32]]
WORDS = "embeddings.word_embeddings.weight"
_FLOATS = "F32"


def read_safetensors(path: Path) -> Tensors:
    """The tensors of 32 bits in a file of safetensors; what else it holds is no weight of a BERT."""
    data = np.memmap(path, np.uint8, "r")
    start = 8 + int.from_bytes(data[:8].tobytes(), "little")
    described = json.loads(data[8:start].tobytes())
    described.pop("__metadata__", None)
    return {
        name: np.array(data[start:][slice(*each["data_offsets"])]).view("<f4").reshape(each["shape"])
        for name, each in described.items()
        if each["dtype"] == _FLOATS
    }


def build_bert(tensors: Tensors, layers: int, heads: int) -> Any:
    """The tensors at their places in CTranslate2's encoder."""
    from ctranslate2.specs import common_spec, transformer_spec

    encoder = transformer_spec.TransformerEncoderSpec(
        layers,
        heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = tensors[WORDS]
    encoder.embeddings[1].weight = tensors["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = tensors["embeddings.position_embeddings.weight"]
    _set_norm(encoder.layernorm_embedding, tensors, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        _set_layer(layer, tensors, f"encoder.layer.{number}")
    return encoder


def write_bert(encoder: Any, pieces: Sequence[str], unknown: str, folder: Path) -> None:
    """Write it with int8 weights; `pieces` are the tokenizer's, by number."""
    from ctranslate2.specs import transformer_spec

    model = transformer_spec.TransformerEncoderModelSpec(encoder)
    model.register_vocabulary(list(pieces))
    for name, value in (("unk_token", unknown), ("layer_norm_epsilon", 1e-12)):
        setattr(model.config, name, value)
    model.validate()
    model.optimize(quantization="int8")
    model.save(str(folder))


def sort_pieces(vocabulary: Mapping[str, int]) -> list[str]:
    """A tokenizer's pieces by number."""
    return sorted(vocabulary, key=vocabulary.__getitem__)


def _set_layer(layer: Any, tensors: Tensors, name: str) -> None:
    parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    attention = layer.self_attention
    attention.linear[0].weight = np.concatenate([tensors[f"{part}.weight"] for part in parts])
    attention.linear[0].bias = np.concatenate([tensors[f"{part}.bias"] for part in parts])
    _set_linear(attention.linear[1], tensors, f"{name}.attention.output.dense")
    _set_norm(attention.layer_norm, tensors, f"{name}.attention.output.LayerNorm")
    _set_linear(layer.ffn.linear_0, tensors, f"{name}.intermediate.dense")
    _set_linear(layer.ffn.linear_1, tensors, f"{name}.output.dense")
    _set_norm(layer.ffn.layer_norm, tensors, f"{name}.output.LayerNorm")


def _set_linear(linear: Any, tensors: Tensors, name: str) -> None:
    linear.weight, linear.bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def _set_norm(norm: Any, tensors: Tensors, name: str) -> None:
    norm.gamma, norm.beta = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
