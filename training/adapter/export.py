"""Export: an adapter as the GGUF file that llama.cpp puts on a model."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training.adapter.network import Adapter, Shape


def write_adapter(path: Path, adapter: Adapter, shape: Shape, alpha: float, name: str) -> None:
    """Write the file, in half precision; the same adapter gives the same bytes."""
    from gguf import GGUFWriter

    writer = GGUFWriter(path, shape.architecture)
    writer.add_type("adapter")
    writer.add_name(name)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for projection, pair in sorted(adapter.items()):
        for layer in range(shape.layers):
            for side, values in (("a", pair.a[layer]), ("b", pair.b[layer])):
                tensor = f"blk.{layer}.{projection}.weight.lora_{side}"
                writer.add_tensor(tensor, np.asarray(values, dtype=np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
