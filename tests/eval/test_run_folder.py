"""A run folder gives back what was stored, of older versions too, and stays one run."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from eval.errors import RunError
from eval.labels.dataset import load_corpus
from eval.runs.folder import RunFolder
from eval.runs.migrations import STEPS, upgraded
from eval.runs.packed import PackedRun
from eval.runs.predictions import load_predictions
from eval.runs.results import Key, Result
from extractor.records import SCHEMA_VERSION, Extraction
from tests.eval.predictions import label_file, pledge, predicted
from tests.eval.runs import key_of, record_of, result_of

CORPUS = {"gold": "gold", "articles": "seeds", "documents": 5, "gold_sha256": "90"}
ROOT = Path(__file__).parent.parent.parent
KEPT = ("peers", "pipeline")
SYSTEMS = ("langextract", "pipeline", "single-shot")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


def files_of(folder: RunFolder) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}


# Results


def test_a_result_is_found_again_as_it_was_stored(folder: RunFolder) -> None:
    extraction = predicted(label_file([pledge(title="Trần Đại \u2028 🚀")]))
    result = result_of(key_of(), extraction=extraction)
    folder.store(result)
    assert folder.find(key_of()) == result
    assert list(folder.results()) == [result]


def test_a_result_that_is_stored_again_is_the_same_file_byte_for_byte(folder: RunFolder) -> None:
    folder.store(result_of(key_of(), extraction=predicted(label_file([pledge()]))))
    before = files_of(folder)
    (found,) = folder.results()
    folder.store(found)
    assert files_of(folder) == before
    assert len(before) == 1


def test_a_later_result_takes_the_place_of_an_earlier_one(folder: RunFolder) -> None:
    folder.store(result_of(key_of(), detail="The server is away."))
    later = result_of(key_of(), extraction=predicted(label_file()))
    folder.store(later)
    assert list(folder.results()) == [later]


def test_what_was_never_stored_is_not_found(folder: RunFolder) -> None:
    assert folder.find(key_of()) is None
    assert list(folder.results()) == []
    folder.store(result_of(key_of()))
    for other in (key_of("two"), key_of(model="m"), key_of(system="s"), key_of(repeat=2)):
        assert folder.find(other) is None


@pytest.mark.parametrize(
    "name",
    [
        "openai/gpt-4o-mini",
        "litellm/ollama/qwen3:0.6b",
        "..",
        "../../up",
        "/etc/passwd",
        "a/../../../../b",
        ".hidden",
        "mô hình",
        "x" * 200,
        "c:\\windows",
    ],
)
def test_odd_names_stay_inside_the_folder_and_their_results_are_found(
    tmp_path: Path, name: str
) -> None:
    folder = RunFolder(tmp_path / "around" / "run")
    key = key_of("one.two", model=name, system=name, corpus=name)
    result = result_of(key)
    folder.store(result)
    assert folder.find(key) == result
    assert list(folder.results()) == [result]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 1
    assert written[0].resolve().is_relative_to(folder.path.resolve())
    assert len(written[0].relative_to(folder.path).parts) == 6


def test_names_that_differ_in_signs_only_keep_their_results_apart(folder: RunFolder) -> None:
    one, other = key_of(model="openai/small:4b"), key_of(model="openai/small/4b")
    folder.store(result_of(one))
    assert folder.find(other) is None
    folder.store(result_of(other))
    assert folder.find(one) == result_of(one)
    assert folder.find(other) == result_of(other)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[:-40],
        lambda _: b"{}",
        lambda _: b"\xff\xfe",
        lambda data: data.replace(b'"status": "ok"', b'"status": "fine"'),
        lambda data: data.replace(b'"detail"', b'"details"'),
    ],
    ids=["empty", "cut", "empty object", "no UTF-8", "status", "field"],
)
def test_a_damaged_result_is_an_error_that_names_it_and_says_what_to_do(
    folder: RunFolder, damage: Callable[[bytes], bytes]
) -> None:
    folder.store(result_of(key_of(), extraction=predicted(label_file())))
    ((file, data),) = files_of(folder).items()
    file.write_bytes(damage(data))
    for read in (lambda: folder.find(key_of()), lambda: list(folder.results())):
        with pytest.raises(RunError) as raised:
            read()
        assert str(file) in str(raised.value)
        assert "delete it" in str(raised.value)


def test_what_a_kill_left_half_written_is_ignored(folder: RunFolder) -> None:
    folder.open(record_of())
    result = result_of(key_of())
    folder.store(result)
    for place in {path.parent for path in files_of(folder)}:
        (place / ".x7y8z9.part").write_bytes(b'{"key": {"mod')
    assert list(folder.results()) == [result]
    assert folder.find(key_of()) == result
    assert folder.open(record_of()).models == record_of().models


def test_nothing_but_whole_files_is_left_behind(folder: RunFolder) -> None:
    folder.open(record_of())
    folder.store(result_of(key_of()))
    assert {path.name for path in files_of(folder)} == {"run.json", "one.json"}


# The record


def test_the_record_is_read_as_it_was_written(folder: RunFolder) -> None:
    record = record_of(models={"openai/fake": None, "small": "ab"}, corpora={"seeds": CORPUS})
    assert folder.open(record) == record
    assert folder.record == record


def test_a_folder_that_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"is no run: it has no run\.json"):
        _ = RunFolder(tmp_path).record


def test_results_without_a_record_are_no_run_to_be_continued(folder: RunFolder) -> None:
    folder.store(result_of(key_of()))
    with pytest.raises(RunError, match="is no run"):
        folder.open(record_of())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "no json",
        lambda record: json.dumps({**record, "format": 2}),
        lambda record: json.dumps({**record, "mood": "good"}),
        lambda record: json.dumps({key: record[key] for key in record if key != "systems"}),
    ],
    ids=["no JSON", "another format", "unknown field", "missing field"],
)
def test_a_damaged_record_is_an_error_that_names_it_and_is_not_overwritten(
    folder: RunFolder, spoil: Callable[[dict[str, Any]], str]
) -> None:
    folder.open(record_of())
    file = folder.path / "run.json"
    file.write_text(spoil(json.loads(file.read_bytes())))
    before = file.read_bytes()
    with pytest.raises(RunError) as raised:
        _ = folder.record
    assert str(file) in str(raised.value)
    with pytest.raises(RunError):
        folder.open(record_of())
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"models": {"scripted": "other weights"}}, "model scripted"),
        ({"systems": {"one-question": "other code"}}, "system one-question"),
        ({"settings": {"temperature": 0.7, "seed": 0}}, "setting temperature"),
        ({"settings": {"temperature": 0.7, "seed": 1}}, "setting seed, setting temperature"),
        (
            {"models": {"scripted": "other"}, "systems": {"one-question": "b2"}},
            "model scripted, system one-question",
        ),
    ],
    ids=["model", "system", "setting", "settings", "several"],
)
def test_a_run_is_not_continued_under_other_conditions(
    folder: RunFolder, changes: dict[str, object], named: str
) -> None:
    folder.open(record_of())
    before = files_of(folder)
    with pytest.raises(RunError) as raised:
        folder.open(record_of(**changes))
    assert f"({named} changed)" in str(raised.value)
    assert "--out" in str(raised.value)
    assert files_of(folder) == before


def test_the_scorers_table_may_change_because_stored_results_are_scored_anew(
    folder: RunFolder,
) -> None:
    folder.open(record_of())
    assert folder.open(record_of(rules_version="2", rules_sha256="8f")).rules_version == "2"


def test_the_schema_may_change_because_stored_results_are_upgraded(folder: RunFolder) -> None:
    folder.open(record_of())
    assert folder.open(record_of(schema_sha256="other")).schema_sha256 == "other"


def test_more_models_systems_corpora_and_repeats_are_added_to_what_is_there(
    folder: RunFolder,
) -> None:
    folder.open(record_of(corpora={"seeds": CORPUS}, repeats=3))
    merged = folder.open(
        record_of(models={"other": "cd"}, systems={"new": "b2"}, corpora={"challenge": CORPUS})
    )
    assert merged == folder.record
    assert merged.models == {"scripted": None, "other": "cd"}
    assert merged.systems == {"one-question": "a1", "new": "b2"}
    assert set(merged.corpora) == {"seeds", "challenge"}
    assert merged.repeats == 3
    assert len(merged.sessions) == 2
    assert folder.open(record_of(repeats=5)).repeats == 5


def test_a_stored_key_is_one_that_a_plan_would_ask_for(folder: RunFolder) -> None:
    key = key_of(model="openai/fake", repeat=2)
    folder.store(result_of(key))
    (found,) = folder.results()
    assert found.key == Key(
        model="openai/fake", system="one-question", repeat=2, corpus="texts", document="one"
    )


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
