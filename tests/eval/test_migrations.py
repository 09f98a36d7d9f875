"""What was stored under an older schema is read under the present one, and stays as it is."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from eval.labels.dataset import load_corpus
from eval.runs.migrations import STEPS, upgraded
from eval.runs.packed import PackedRun
from eval.runs.predictions import load_predictions
from eval.runs.results import Result
from extractor.records import SCHEMA_VERSION, Extraction

ROOT = Path(__file__).parent.parent.parent
KEPT = ("peers", "pipeline")
SYSTEMS = ("langextract", "pipeline", "single-shot")


@cache
def kept() -> list[tuple[dict[str, Any], Result]]:
    """What was measured of four models under schema 1.0."""
    files = [ROOT / "eval" / "compared" / f"{name}.jsonl.gz" for name in KEPT]
    return [one for file in files for one in PackedRun(file).stored()]


def old(system: str) -> Iterator[dict[str, Any]]:
    """Extractions of the seeds as they are stored."""
    for stored, result in kept():
        if (result.key.system, result.key.corpus) == (system, "seeds") and stored["extraction"]:
            yield stored["extraction"]


def test_every_kept_result_is_of_an_older_schema_and_is_read() -> None:
    assert len(kept()) == 856 + 428
    for stored, result in kept():
        assert (stored["extraction"] is None) == (result.extraction is None)
        if result.extraction is not None:
            assert stored["extraction"]["provenance"]["schema_version"] == "1.0"
            assert result.extraction.provenance.schema_version == SCHEMA_VERSION


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_upgraded_lacks_nothing_of_the_present_schema(system: str) -> None:
    schema = jsonschema.Draft202012Validator(Extraction.model_json_schema(mode="serialization"))
    found = list(old(system))
    assert found
    for extraction in found:
        assert list(schema.iter_errors(upgraded(extraction))) == []


def test_what_was_stored_keeps_every_value_that_it_had() -> None:
    for extraction in old("pipeline"):
        before = copy.deepcopy(extraction)
        after = upgraded(extraction)
        assert extraction == before
        assert _less_than(before, after)


def _less_than(before: Any, after: Any, name: str = "") -> bool:
    """Whether everything of the one is in the other, which may have more fields."""
    if isinstance(before, dict):
        return all(_less_than(before[key], after[key], key) for key in before)
    if isinstance(before, list):
        return len(before) == len(after) and all(map(_less_than, before, after))
    return name == "schema_version" or bool(before == after)


def test_a_record_without_doubts_has_none() -> None:
    found = [upgraded(extraction) for extraction in old("pipeline")]
    records = [record for one in found for record in one["commitments"]]
    assert records
    assert all(record["doubts"] == [] for record in records)
    assert all(verdict["sentence"] is None for record in records for verdict in record["verdicts"])
    assert all(one["provenance"]["policy"] is None for one in found)


def test_every_version_is_brought_to_the_present_one() -> None:
    for version in STEPS:
        while version in STEPS:
            version = STEPS[version][0]
        assert version == SCHEMA_VERSION


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"provenance": None},
        {"provenance": {}},
        {"provenance": {"schema_version": "0.1"}, "commitments": 3},
        {"provenance": {"schema_version": "1.0"}, "commitments": 3, "policy_events": [4]},
        {"provenance": {"schema_version": "1.0"}, "commitments": [{"verdicts": "none"}]},
    ],
)
def test_what_is_no_extraction_is_left_to_validation(damaged: dict[str, Any]) -> None:
    found = upgraded(damaged)
    assert found.keys() == damaged.keys()


def test_predictions_of_an_older_schema_are_read_too(tmp_path: Path) -> None:
    items = load_corpus(ROOT / "gold").items
    extraction = next(old("pipeline"))
    name = extraction["article"]["article_id"]
    (tmp_path / f"{name}.json").write_text(json.dumps(extraction), encoding="utf-8")
    found = load_predictions(tmp_path, items)
    assert found[name].provenance.schema_version == SCHEMA_VERSION
