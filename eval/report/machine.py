"""A comparison as JSON, for machines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from pydantic import JsonValue

from eval.judging.calibration import Calibration, CurvePoint
from eval.judging.comparison import ContenderResult, CorpusComparison, TypeResult
from eval.scoring.rules import RECORD_TYPES, Rules
from eval.statistics.intervals import Interval
from extractor.records import RecordType

LISTS: Final[Mapping[RecordType, str]] = {
    "commitment": "commitments",
    "policy_event": "policy_events",
}
_FAMILIES: Final = ("detection", "strict", "slot", "lenient_slot", "soft")


def comparisons_as_json(found: Sequence[CorpusComparison], rules: Rules) -> dict[str, JsonValue]:
    """Every contender on every corpus, and the pairs."""
    return {**_rules(rules), "corpora": {one.corpus.name: _corpus(one) for one in found}}


def score_as_json(
    found: CorpusComparison, result: ContenderResult, rules: Rules
) -> dict[str, JsonValue]:
    """One contender on one corpus."""
    return {
        "documents": len(found.corpus.items),
        "independent_documents": found.independent,
        "gold_sha256": found.corpus.gold_sha256,
        **_rules(rules),
        **_result(result),
        "by_document": {
            score.document: {
                name: _numbers(
                    {
                        key: value
                        for key, value in _document(result, place, record_type).items()
                        if key.endswith("_f1")
                    }
                )
                for record_type, name in LISTS.items()
            }
            for place, score in enumerate(result.scores.documents)
        },
    }


def _document(result: ContenderResult, place: int, record_type: RecordType) -> Mapping[str, float]:
    from eval.scoring.counts import metrics_of

    return metrics_of(result.types[record_type].rows[place])


def _rules(rules: Rules) -> dict[str, JsonValue]:
    return {"scorer": {"version": rules.version, "sha256": rules.sha256}}


def _corpus(found: CorpusComparison) -> dict[str, JsonValue]:
    ceiling: dict[str, JsonValue] = {}
    if found.ceiling is not None:
        ceiling = {
            LISTS[name]: {
                metric: _interval(value) for metric, value in found.ceiling.of(name).scores.items()
            }
            for name in RECORD_TYPES
        }
    return {
        "documents": len(found.corpus.items),
        "independent_documents": found.independent,
        "gold_sha256": found.corpus.gold_sha256,
        "ceiling": ceiling,
        "contenders": [_result(result) for result in found.results],
        "unfinished": [
            {"model": one.contender.model, "system": one.contender.system, "done": one.done}
            for one in found.unfinished
        ],
        "pairs": [
            {
                "record_type": pair.record_type,
                "metric": pair.metric,
                "first": str(pair.first),
                "second": str(pair.second),
                **_numbers(
                    {
                        key: value
                        for key, value in asdict(pair.comparison).items()
                        if isinstance(value, int | float)
                    }
                ),
                "adjusted_p": pair.adjusted_p,
                "verdict": pair.verdict,
            }
            for pair in found.pairings
        ],
    }


def _result(result: ContenderResult) -> dict[str, JsonValue]:
    cost = asdict(result.cost)
    return {
        "model": result.contender.model,
        "system": result.contender.system,
        "repeats": result.repeats,
        "statuses": {status: times for status, times in result.statuses.items()},
        "cost": {name: value for name, value in cost.items()},
        **{LISTS[name]: _type(result.types[name]) for name in RECORD_TYPES},
    }


def _type(kind: TypeResult) -> dict[str, JsonValue]:
    families: dict[str, JsonValue] = {
        family: _numbers(
            {
                name.removeprefix(f"{family}_"): value
                for name, value in kind.metrics.items()
                if name.startswith(f"{family}_")
            }
        )
        for family in _FAMILIES
    }
    rates = {
        name: value
        for name, value in kind.metrics.items()
        if not name.startswith(tuple(f"{family}_" for family in _FAMILIES))
    }
    return {
        **families,
        "rates": _numbers(rates),
        "intervals": {name: _interval(value) for name, value in kind.intervals.items()},
        "macro": _numbers(kind.macro),
        "spread_between_repeats": _numbers(kind.spread),
        "fields": {name: _numbers(values) for name, values in kind.fields.items()},
        "by_language": {name: _numbers(values) for name, values in kind.by_language.items()},
        "by_status": {name: _numbers(values) for name, values in kind.by_status.items()},
        "by_phenomenon": {name: _numbers(values) for name, values in kind.by_phenomenon.items()},
        "errors": {name: times for name, times in kind.errors.items()},
        "calibration": _calibration(kind.calibration),
        "calibration_by_language": {
            name: _calibration(found) for name, found in kind.calibration_by_language.items()
        },
    }


def _calibration(found: Calibration | None) -> JsonValue:
    if found is None:
        return None
    bins: list[JsonValue] = [
        {"confidence": part.confidence, "precision": part.precision, "records": part.records}
        for part in found.bins
    ]
    return {
        "records": len(found.judged),
        "unrated": found.unrated,
        "error": found.error,
        "error_interval": _interval(found.error_interval),
        "brier": found.brier,
        "bins": bins,
        "best": _point(found.best) if found.best else None,
        "curve": [_point(point) for point in found.curve],
    }


def _point(point: CurvePoint) -> JsonValue:
    return _numbers(
        {
            "threshold": point.threshold,
            "kept": point.kept,
            "right": point.right,
            "recall": point.recall,
            "precision": point.precision,
            "f1": point.f1,
            "records_per_right": point.records_per_right,
            "tokens_per_right": point.tokens_per_right,
        }
    )


def _interval(found: Interval) -> JsonValue:
    return _numbers({"point": found.point, "low": found.low, "high": found.high})


def _numbers(values: Mapping[str, float | None]) -> dict[str, JsonValue]:
    # JSON has no infinity: what is not known is null.
    return {
        name: value if value is not None and math.isfinite(value) else None
        for name, value in values.items()
    }
