"""An adapter as the GGUF file that llama.cpp puts on a model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from training.adapter.network import PROJECTIONS, Adapter, LowRankPair, Shape


def write_adapter(
    path: Path,
    adapter: Adapter,
    shape: Shape,
    alpha: float,
    name: str,
    invocation: Sequence[int] = (),
) -> None:
    """Write the file, in half precision; the same adapter gives the same bytes.

    With an invocation llama.cpp turns it on a token before the last one of these in a prompt.
    """
    from gguf import GGUFValueType, GGUFWriter

    writer = GGUFWriter(path, shape.architecture)
    writer.add_type("adapter")
    writer.add_name(name)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    if invocation:
        key, kind = "adapter.alora.invocation_tokens", GGUFValueType.ARRAY
        writer.add_key_value(key, list(invocation), kind, GGUFValueType.UINT32)
    for layer, pairs in enumerate(adapter):
        for projection, pair in pairs.items():
            for side, values in (("a", pair.a), ("b", pair.b)):
                tensor = f"blk.{layer}.{projection}.weight.lora_{side}"
                writer.add_tensor(tensor, np.asarray(values, dtype=np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def read_adapter(path: Path) -> Adapter:
    """The adapter of such a file, to begin from.

    Raises:
        ValueError: it holds no adapter of all projections.
    """
    from gguf import GGUFReader

    tensors = {tensor.name: tensor.data for tensor in GGUFReader(path).tensors}

    def values(layer: int, projection: str, side: str) -> jax.Array:
        name = f"blk.{layer}.{projection}.weight.lora_{side}"
        if name not in tensors:
            raise ValueError(f"{path.name} has no {name}")
        return jnp.asarray(np.array(tensors[name]), dtype=jnp.float32)

    layers = 1 + max((int(name.split(".")[1]) for name in tensors), default=-1)
    if not layers:
        raise ValueError(f"{path.name} holds no adapter")
    return tuple(
        {
            projection: LowRankPair(values(layer, projection, "a"), values(layer, projection, "b"))
            for projection in PROJECTIONS
        }
        for layer in range(layers)
    )
