"""A model cut down to its first layers: as real to every engine, and compiled in seconds."""

from __future__ import annotations

from pathlib import Path


def write_first_layers(whole: Path, path: Path, layers: int) -> Path:
    """Write `path`: the GGUF file `whole` without what stands above its first layers."""
    from gguf import GGUFReader, GGUFWriter

    reader = GGUFReader(whole)
    architecture = reader.fields["general.architecture"].contents()
    writer = GGUFWriter(path, architecture)
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":  # The writer's own.
            continue
        told = layers if name == f"{architecture}.block_count" else field.contents()
        writer.add_key_value(name, told, field.types[0], field.types[-1])
    for tensor in reader.tensors:
        block, _, number = tensor.name.partition(".")
        if block != "blk" or int(number.partition(".")[0]) < layers:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
