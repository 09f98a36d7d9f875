"""When a run may be continued: under the conditions that its results were made under, or never."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.errors import RunError
from eval.runs.results import RunRecord


def continued(found: RunRecord, wanted: RunRecord, path: Path) -> RunRecord:
    """The run that was found with what is new in the plan.

    The schema may be another: results of older ones are upgraded when they are read, and a system
    whose answers the schema decides has it in its digest.

    Raises:
        RunError: it was made under other conditions; the message names them.
    """
    differences = [
        *_differing("model", found.models, wanted.models),
        *_differing("system", found.systems, wanted.systems),
        *_differing("setting", found.settings, wanted.settings),
    ]
    if differences:
        raise RunError(
            f"{path} was made under other conditions ({', '.join(differences)} changed): "
            "give another --out, or go back to those conditions"
        )
    return wanted.model_copy(
        update={
            "models": {**found.models, **wanted.models},
            "systems": {**found.systems, **wanted.systems},
            "corpora": {**found.corpora, **wanted.corpora},
            "repeats": max(found.repeats, wanted.repeats),
            "sessions": (*found.sessions, *wanted.sessions),
        }
    )


def _differing(
    kind: str, found: Mapping[str, object], wanted: Mapping[str, object]
) -> Iterator[str]:
    both = found.keys() & wanted.keys()
    yield from (f"{kind} {name}" for name in sorted(both) if found[name] != wanted[name])
