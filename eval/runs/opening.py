"""A run by its path, be it a folder or one file, and from one into the other."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TypeAlias

from eval.errors import RunError
from eval.runs.folder import RunFolder
from eval.runs.packed import PackedRun, write_packed
from eval.runs.stored import as_object

AnyRun: TypeAlias = RunFolder | PackedRun


def open_run(path: Path) -> AnyRun:
    """The run there, or to be made there: one file if it is one or its name is that of one."""
    is_packed = path.is_file() or (path.suffix in (".jsonl", ".gz") and not path.is_dir())
    return PackedRun(path) if is_packed else RunFolder(path)


def is_run(path: Path) -> bool:
    """Whether there is a run, packed or not."""
    return path.is_file() or (path / "run.json").is_file()


def pack(run: AnyRun, file: Path) -> int:
    """Write a run into one file, every result as it is stored; how many there are.

    Raises:
        RunError: it is no run, or damaged, or the name is none of a packed run.
    """
    if file.suffix not in (".jsonl", ".gz"):
        raise RunError(f"{file}: a packed run is named .jsonl.gz, or .jsonl")
    results = [stored for stored, _ in run.stored()]
    write_packed(file, as_object(run.record), results)
    return len(results)


def unpack(run: AnyRun, folder: Path, systems: Collection[str] = ()) -> int:
    """Write a run into a folder, or of it only what these systems made; how many results.

    Raises:
        RunError: it is no run, or damaged, or has no such system, or the folder is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise RunError(f"{folder} is not empty: a run is unpacked into a folder of its own")
    record = run.record
    for system in systems:
        if system not in record.systems:
            raise RunError(f"{run.path} has no results of {system}")
    wanted = {name: of for name, of in record.systems.items() if not systems or name in systems}
    found = [(result.key, stored) for stored, result in run.stored()]
    kept = [(key, stored) for key, stored in found if key.system in wanted]
    target = RunFolder(folder)
    for key, stored in kept:
        target.keep(key, stored)
    # Last: what a kill leaves of it is no run.
    target.save_record(record.model_copy(update={"systems": wanted}))
    return len(kept)
