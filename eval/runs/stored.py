"""Results and records of runs as JSON: read from any version that is known, written as one line."""

from __future__ import annotations

import json

from pydantic import BaseModel, ValidationError

from eval.errors import RunError
from eval.runs.migrations import JsonObject, upgraded
from eval.runs.results import Result, RunRecord


def parse(data: bytes, where: str) -> JsonObject:
    """The object that is stored.

    Raises:
        RunError: it is none; the message begins with `where`.
    """
    try:
        found = json.loads(data)
    except ValueError:
        raise RunError(f"{where}: no JSON") from None
    if not isinstance(found, dict):
        raise RunError(f"{where}: no object")
    return found


def as_result(stored: JsonObject, where: str) -> Result:
    """A stored result, its extraction under the present schema.

    Raises:
        RunError: it is none; the message begins with `where`.
    """
    extraction = stored.get("extraction")
    if isinstance(extraction, dict):
        stored = {**stored, "extraction": upgraded(extraction)}
    try:
        return Result.model_validate(stored)
    except ValidationError as error:
        raise RunError(f"{where}: {first_fault(error)}") from None


def as_record(stored: JsonObject, where: str) -> RunRecord:
    """The stored conditions of a run.

    Raises:
        RunError: they are none; the message begins with `where`.
    """
    try:
        return RunRecord.model_validate(stored)
    except ValidationError as error:
        raise RunError(f"{where}: {first_fault(error)}") from None


def as_object(stored: BaseModel) -> JsonObject:
    """What is written of a result or a record."""
    return stored.model_dump(mode="json")


def as_line(stored: JsonObject) -> str:
    """One line, the same whenever the same is written."""
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":")) + "\n"


def first_fault(error: ValidationError) -> str:
    """Where the first fault is, and what it is."""
    fault = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'content'}: {fault['msg']}"
