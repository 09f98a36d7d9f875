"""How an extraction is written on the wire: one JSON object, or lines as they become known."""

from __future__ import annotations

import json
from collections.abc import Iterator

from extractor.api.problems import Problem
from extractor.checking import Checked
from extractor.models.base import JsonValue
from extractor.records import Extraction

NDJSON = "application/x-ndjson"
# JSON lets them stand in a string; many readers take them for the end of a line.
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
_LISTS = {
    "commitments": "commitment",
    "policy_events": "policy_event",
    "rejected": "rejected",
    "notices": "notice",
}


def prefers_ndjson(accept: str) -> bool:
    """Whether an Accept header asks for lines rather than for one object."""
    return _quality(accept, NDJSON) > _quality(accept, "application/json")


def to_ndjson(extraction: Extraction) -> str:
    """One line per record, refused value and notice; what concerns the whole comes last."""
    return "".join(_line(each) for each in _lines(extraction.model_dump(mode="json")))


def passage_line(checked: Checked, number: int) -> str:
    """The line about what the passage of this number, from 1, yielded by itself.

    Its records are not yet merged with those of the other passages: their ids are not final.
    """
    return _line(
        {
            "type": "passage",
            "passage": number,
            "commitments": [record.model_dump(mode="json") for record in checked.commitments],
            "policy_events": [record.model_dump(mode="json") for record in checked.policy_events],
        }
    )


def restart_line(model: str) -> str:
    """The line that voids all passages before it: this model takes over and begins anew."""
    return _line({"type": "restart", "model": model})


def problem_line(problem: Problem) -> str:
    """The last line of an answer that failed after its first line had been sent."""
    return _line({"type": "problem", "problem": problem.model_dump(mode="json")})


def _line(value: dict[str, JsonValue]) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_LINE_ENDS) + "\n"


def _lines(whole: dict[str, JsonValue]) -> Iterator[dict[str, JsonValue]]:
    for name, kind in _LISTS.items():
        items = whole.pop(name)
        for item in items if isinstance(items, list) else []:
            yield {"type": kind, "record": item}
    yield {"type": "extraction", **whole}


def _quality(accept: str, media_type: str) -> float:
    main = media_type.partition("/")[0]
    weights: dict[str, float] = {}
    for entry in accept.lower().split(","):
        media_range, *parameters = (part.strip() for part in entry.split(";"))
        weights[media_range] = _weight(parameters)
    for media_range in (media_type, f"{main}/*", "*/*"):
        if media_range in weights:
            return weights[media_range]
    return 0.0


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
