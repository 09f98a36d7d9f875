"""The baseline: a run in one file, without its times, so that the same results are the same bytes.

It is committed, changes only by `extractor-eval bless`, and its differences can be read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import RunError
from eval.files import write_whole
from eval.runs.folder import RunFolder
from eval.runs.results import Result, RunRecord


class RunFile(BaseModel):
    """A run: its record and its results in the order of their keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    record: RunRecord
    results: tuple[Result, ...]

    def save(self, file: Path) -> None:
        """Write the file in place of an earlier one."""
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, self.model_dump_json(indent=1) + "\n")


def pack(folder: RunFolder) -> RunFile:
    """A run as one file, without what differs between two runs with the same results.

    Raises:
        RunError: the folder is no run, or a file in it is damaged.
    """
    record = folder.record.model_copy(update={"sessions": ()})
    results = sorted(folder.results(), key=lambda result: tuple(result.key.model_dump().values()))
    return RunFile(record=record, results=tuple(_timeless(result) for result in results))


def load_baseline(file: Path) -> RunFile:
    """A baseline.

    Raises:
        RunError: there is none, or not one that this version reads.
    """
    try:
        return RunFile.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise RunError(f"no baseline at {file}: make one with `extractor-eval bless`") from None
    except OSError as error:
        raise RunError(f"{file}: {error.strerror}") from None
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise RunError(f"{file} is no baseline of this version: {where}: {fault['msg']}") from None


def _timeless(result: Result) -> Result:
    spent = result.spent.model_copy(update={"seconds": 0.0, "model_seconds": 0.0})
    extraction = result.extraction
    if extraction is not None:
        seconds = extraction.usage.seconds.model_copy(
            update={"read": 0.0, "fill": 0.0, "check": 0.0, "total": 0.0}
        )
        usage = extraction.usage.model_copy(update={"seconds": seconds})
        extraction = extraction.model_copy(update={"usage": usage})
    return result.model_copy(update={"spent": spent, "extraction": extraction})
