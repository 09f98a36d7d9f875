"""A packed run is a run in one file: the same bytes for the same results, and never half of one."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.errors import RunError
from eval.runs.folder import RunFolder
from eval.runs.opening import open_run, pack, unpack
from eval.runs.packed import PackedRun
from eval.runs.results import Key, Result
from extractor.models.scripted import ScriptedModel
from tests.eval.predictions import label_file, pledge, predicted
from tests.eval.runs import Watch, answering, go, key_of, record_of, result_of, write_corpus

KEYS = [
    key_of(document, model=model, repeat=repeat)
    for model in ("scripted", "other")
    for repeat in (1, 2)
    for document in ("two", "one")
]


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> RunFolder:
    """A run of two systems."""
    folder = RunFolder(tmp_path / "run")
    folder.open(record_of(systems={"one-question": "a1", "langextract": "b2"}))
    for key in (*KEYS, key_of(system="langextract")):
        folder.store(made(key))
    return folder


@pytest.fixture(name="file")
def _file(folder: RunFolder, tmp_path: Path) -> Path:
    file = tmp_path / "kept" / "run.jsonl.gz"
    assert pack(folder, file) == len(KEYS) + 1
    return file


def made(key: Key, title: str = "Trần Đại \u2028 🚀") -> Result:
    return result_of(key, extraction=predicted(label_file([pledge(title=title)])))


def lines_of(file: Path) -> list[bytes]:
    data = file.read_bytes()
    return (gzip.decompress(data) if file.suffix == ".gz" else data).split(b"\n")[:-1]


def test_a_packed_run_is_the_run(folder: RunFolder, file: Path) -> None:
    packed = PackedRun(file)
    assert packed.record == folder.record
    assert sorted(packed.results(), key=str) == sorted(folder.results(), key=str)
    assert packed.find(KEYS[0]) == folder.find(KEYS[0])
    assert packed.find(key_of("three")) is None


def test_unpacked_it_is_the_folder_byte_for_byte(
    folder: RunFolder, file: Path, tmp_path: Path
) -> None:
    again = RunFolder(tmp_path / "again")
    unpack(PackedRun(file), again.path)
    assert _files(again.path) == _files(folder.path)


def _files(folder: Path) -> dict[Path, bytes]:
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_same_results_are_the_same_bytes_whenever_and_in_whatever_order_they_are_stored(
    folder: RunFolder, file: Path, tmp_path: Path
) -> None:
    other = PackedRun(tmp_path / "other.jsonl.gz")
    other.open(folder.record)
    for result in reversed(list(folder.results())):
        other.store(result)
    assert other.path.read_bytes() == file.read_bytes()
    # Neither the time of writing nor a name.
    assert file.read_bytes()[3:8] == b"\0" * 5


def test_the_first_line_is_the_record_and_results_of_a_document_stand_together(file: Path) -> None:
    record, *results = map(json.loads, lines_of(file))
    assert record == record_of(**record).model_dump(mode="json")
    documents = [result["key"]["document"] for result in results]
    assert documents == sorted(documents)


def test_a_changed_result_is_a_changed_line(file: Path, tmp_path: Path) -> None:
    plain = tmp_path / "run.jsonl"
    pack(PackedRun(file), plain)
    before = lines_of(plain)
    PackedRun(plain).store(made(KEYS[3], "another title"))
    changed = [line for line in lines_of(plain) if line not in before]
    assert len(lines_of(plain)) == len(before)
    assert len(changed) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-20],
        lambda data: gzip.decompress(data),
        lambda _: b"",
        lambda data: gzip.compress(gzip.decompress(data)[:-20]),
        lambda data: gzip.compress(gzip.decompress(data) + b"{}\n"),
        lambda data: gzip.compress(gzip.decompress(data) + b"no json\n"),
        lambda data: gzip.compress(
            gzip.decompress(data) + gzip.decompress(data).split(b"\n")[1] + b"\n"
        ),
        lambda data: gzip.compress(gzip.decompress(data).replace(b'"format":1', b'"format":2')),
        lambda data: gzip.compress(gzip.decompress(data).replace(b'"calls":1', b'"asked":1')),
    ],
    ids=[
        *("cut", "no gzip", "empty", "cut inside", "empty object", "no JSON", "twice"),
        *("another format", "renamed"),
    ],
)
def test_a_damaged_file_is_an_error_that_names_it(
    file: Path, damage: Callable[[bytes], bytes]
) -> None:
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(RunError) as raised:
        _ = (PackedRun(file).record, list(PackedRun(file).results()))
    assert str(raised.value).startswith(str(file))


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"there is no run at .*absent\.jsonl\.gz"):
        _ = open_run(tmp_path / "absent.jsonl.gz").record


def test_it_is_continued_like_a_folder(file: Path) -> None:
    packed = PackedRun(file)
    merged = packed.open(record_of(models={"new": "cd"}))
    assert merged == PackedRun(file).record
    assert len(merged.sessions) == 2
    assert len(list(PackedRun(file).results())) == len(KEYS) + 1
    before = file.read_bytes()
    with pytest.raises(RunError, match="model scripted changed"):
        PackedRun(file).open(record_of(models={"scripted": "others"}))
    assert file.read_bytes() == before


def test_an_interrupted_run_into_a_file_goes_on_where_it_stopped(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "texts", "a", "b", "c")
    model = ScriptedModel(answering({}))
    run = PackedRun(tmp_path / "run.jsonl.gz")
    run.open(record_of())
    with pytest.raises(KeyboardInterrupt):
        go(run, corpus, model, Watch(interrupt_after=2))
    again = PackedRun(run.path)
    assert go(again, corpus, model).planned_jobs == [(3, 1)]
    assert [one.key.document for one in PackedRun(run.path).results()] == ["a", "b", "c"]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["run.jsonl.gz"]


def test_only_the_results_of_a_system_are_unpacked_where_it_is_named(
    file: Path, tmp_path: Path
) -> None:
    folder = RunFolder(tmp_path / "part")
    assert unpack(PackedRun(file), folder.path, ["langextract"]) == 1
    assert folder.record.systems == {"langextract": "b2"}
    assert [one.key.system for one in folder.results()] == ["langextract"]
    # The other may then have changed.
    assert folder.open(record_of(systems={"one-question": "new"})).systems == {
        "langextract": "b2",
        "one-question": "new",
    }
    with pytest.raises(RunError, match="no results of pipeline"):
        unpack(PackedRun(file), tmp_path / "none", ["pipeline"])


def test_nothing_is_unpacked_over_something(file: Path, folder: RunFolder) -> None:
    before = _files(folder.path)
    with pytest.raises(RunError, match="is not empty"):
        unpack(PackedRun(file), folder.path)
    assert _files(folder.path) == before


def test_a_packed_run_has_the_name_of_one(folder: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"is named \.jsonl\.gz"):
        pack(folder, tmp_path / "run.zip")
