"""ModelWeights: the file of a catalogue model as arrays, each value as llama.cpp takes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jax
import jax.numpy as jnp

from training.adapter.network import PROJECTIONS, Base, Shape

_NORMS: Final = ("attn_norm", "ffn_norm")
_BIASED: Final = ("attn_q", "attn_k", "attn_v")


@dataclass(frozen=True, slots=True)
class ModelWeights:
    """A model, ready for training."""

    base: Base
    shape: Shape
    end: int
    """The token that ends a turn."""


def load_weights(path: Path) -> ModelWeights:
    """Read a GGUF file, with quantised weights made floats again.

    Raises:
        ValueError: it is of an architecture that `network` does not know.
    """
    from gguf import GGUFReader
    from gguf.quants import dequantize

    reader = GGUFReader(path)
    tensors = {tensor.name: tensor for tensor in reader.tensors}

    def told(key: str) -> Any:
        return reader.fields[key].contents()

    architecture = told("general.architecture")
    if architecture not in ("qwen2", "llama"):
        raise ValueError(
            f"{path.name} is of architecture {architecture}: qwen2 and llama are known"
        )

    def told_here(key: str) -> Any:
        return told(f"{architecture}.{key}")

    def array(name: str) -> jax.Array:
        tensor = tensors[name]
        return jnp.asarray(dequantize(tensor.data, tensor.tensor_type), dtype=jnp.float32)

    names = [f"{name}.weight" for name in (*PROJECTIONS, *_NORMS)]
    if architecture == "qwen2":
        names += [f"{name}.bias" for name in _BIASED]
    layers = tuple(
        {name.removesuffix(".weight"): array(f"blk.{number}.{name}") for name in names}
        for number in range(told_here("block_count"))
    )
    embedding = array("token_embd.weight")
    output = array("output.weight") if "output.weight" in tensors else embedding
    heads = told_here("attention.head_count")
    shape = Shape(
        architecture=architecture,
        heads=heads,
        head_size=told_here("embedding_length") // heads,
        rotary_base=told_here("rope.freq_base"),
        epsilon=told_here("attention.layer_norm_rms_epsilon"),
    )
    base = Base(embedding, layers, array("output_norm.weight"), output)
    return ModelWeights(base, shape, told("tokenizer.ggml.eos_token_id"))
