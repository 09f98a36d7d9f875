"""How older extractions looked: they are brought to the present schema when they are read.

A stored extraction says in its provenance by which version of the schema it was made. Whoever
raises `extractor.records.SCHEMA_VERSION` adds a step here, and a result of the old version to the
tests; what is stored stays as it is, so nothing need be made or written anew.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
Step: TypeAlias = Callable[[JsonObject], None]


def _add_doubts_policy_and_bearing_sentences(extraction: JsonObject) -> None:
    """1.0 had no doubts and no policy, and verdicts did not say which sentence bears the value.

    Its first results, of before finders and confidence, lack those too.
    """
    for record in _records(extraction):
        record.setdefault("confidence", None)
        record.setdefault("doubts", [])
        for verdict in _objects(record.get("verdicts")):
            verdict.setdefault("sentence", None)
    for provenance in _objects([extraction.get("provenance")]):
        provenance.setdefault("policy", None)
        provenance.setdefault("finder", None)


# By the version that is upgraded: the version that comes out, and how.
STEPS: Final[Mapping[str, tuple[str, Step]]] = {
    "1.0": ("1.1", _add_doubts_policy_and_bearing_sentences),
}


def upgraded(extraction: JsonObject) -> JsonObject:
    """The extraction under the present schema; one that has it, or of no known version, as it is.

    A version that is not known is left to validation, which names what does not fit.
    """
    version = _version(extraction)
    if version not in STEPS:
        return extraction
    found = copy.deepcopy(extraction)
    while version in STEPS:
        version, step = STEPS[version]
        step(found)
    found["provenance"]["schema_version"] = version
    return found


def _version(extraction: JsonObject) -> str:
    provenance = extraction.get("provenance")
    return str(provenance.get("schema_version")) if isinstance(provenance, dict) else ""


def _records(extraction: JsonObject) -> Iterator[JsonObject]:
    for name in ("commitments", "policy_events"):
        yield from _objects(extraction.get(name))


def _objects(values: object) -> Iterator[JsonObject]:
    """Those of a list that are objects: what else is there, validation refuses."""
    if isinstance(values, list):
        yield from (value for value in values if isinstance(value, dict))
