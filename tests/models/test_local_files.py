from __future__ import annotations

import hashlib
import os
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import WeightsCorrupt, WeightsError, WeightsMissing
from extractor.models import open_model
from extractor.models.gguf import context_length
from extractor.models.local_files import find_local_file, is_local_file, shown_name
from extractor.models.opening import digest_of, policy_of, strategy_of
from extractor.settings import Settings
from tests.models.gguf_files import write_gguf

_BEFORE = {"general.name": "Own", "general.tags": ["a", "bc"], "x.sizes": [1, 2], "x.eps": 0.5}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EXTRACTOR_STRATEGY", "EXTRACTOR_POLICY", "EXTRACTOR_MODEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_gguf(tmp_path / "own model (1).gguf", {"llama.context_length": 2048})


def test_a_file_is_opened_by_its_path_and_called_by_its_name_alone(file: Path) -> None:
    model = open_model(str(file), Settings())
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert (model.name, model.digest) == ("own model (1).gguf", digest)
    assert digest_of(str(file), Settings()) == digest


def test_a_path_may_begin_in_this_folder_or_at_home(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    monkeypatch.setenv("HOME", str(file.parent))
    for name in (
        file.name,
        f"./{file.name}",
        f"~/{file.name}",
        f"../{file.parent.name}/{file.name}",
    ):
        assert find_local_file(name, 1).path == file.resolve()


def test_the_ending_counts_in_any_case(tmp_path: Path) -> None:
    loud = write_gguf(tmp_path / "M.GGUF")
    assert open_model(str(loud), Settings()).name == "M.GGUF"


@pytest.mark.parametrize("name", ["openai/m.gguf", "litellm/hosted_vllm/m.gguf", "m.gguf/x", "m"])
def test_a_servers_model_and_other_names_are_no_paths(name: str) -> None:
    assert not is_local_file(name)
    assert shown_name(name) == name


def test_the_context_is_the_files_own_else_that_of_the_settings(file: Path, tmp_path: Path) -> None:
    silent = write_gguf(tmp_path / "silent.gguf")
    assert find_local_file(str(file), 8192).context_tokens == 2048
    assert find_local_file(str(silent), 8192).context_tokens == 8192


def test_a_file_is_taken_for_a_small_model_unless_the_settings_say_otherwise() -> None:
    asked = {
        (None, None): ("passage", "told"),
        (None, "strong"): ("document", "strong"),
        (None, "taught"): ("passage", "taught"),
        ("document", None): ("document", "told"),
        ("passage", "strong"): ("passage", "strong"),
    }
    for (strategy, policy), expected in asked.items():
        settings = Settings.model_validate({"strategy": strategy, "policy": policy})
        for name in ("/models/m.gguf", "m.gguf"):
            assert (strategy_of(name, settings), policy_of(name, settings)) == expected


@pytest.mark.parametrize("name", ["no-such.gguf", "~nobody-at-all/m.gguf", "\0.gguf", "/.gguf"])
def test_a_file_that_is_not_there_is_missing(name: str) -> None:
    with pytest.raises(WeightsMissing) as caught:
        open_model(name, Settings())
    assert "path" in caught.value.advice


def test_what_is_no_file_is_missing(tmp_path: Path) -> None:
    (tmp_path / "folder.gguf").mkdir()
    os.mkfifo(tmp_path / "pipe.gguf")
    (tmp_path / "circle.gguf").symlink_to(tmp_path / "circle.gguf")
    for kind in ("folder", "pipe", "circle"):
        with pytest.raises(WeightsMissing):
            open_model(str(tmp_path / f"{kind}.gguf"), Settings())


def test_a_file_of_another_format_is_told_so(tmp_path: Path) -> None:
    for content in (b"", b"GGU", b"PK\x03\x04 something else"):
        other = tmp_path / "m.gguf"
        other.write_bytes(content)
        with pytest.raises(WeightsCorrupt, match="not a GGUF file") as caught:
            open_model(str(other), Settings())
        assert "pull" not in caught.value.advice


def test_a_part_of_a_model_is_refused_with_how_to_join_the_parts(tmp_path: Path) -> None:
    part = write_gguf(tmp_path / "m-00001-of-00003.gguf")
    with pytest.raises(WeightsCorrupt, match="parts") as caught:
        open_model(str(part), Settings())
    assert "--merge" in caught.value.advice


def test_no_error_tells_where_the_file_lies(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"none")
    for name in ("m.gguf", "missing.gguf"):
        with pytest.raises(WeightsError) as caught:
            open_model(str(tmp_path / name), Settings())
        assert str(tmp_path) not in f"{caught.value} {caught.value.advice}"


def test_a_file_that_was_changed_has_another_digest(file: Path) -> None:
    before = digest_of(str(file), Settings())
    write_gguf(file, {"llama.context_length": 4096, "general.name": "another"})
    assert digest_of(str(file), Settings()) not in (None, before)


def test_the_digest_of_an_unchanged_file_is_not_computed_again(file: Path) -> None:
    before, stat = digest_of(str(file), Settings()), file.stat()
    file.write_bytes(file.read_bytes()[:-1] + b"\xff")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert digest_of(str(file), Settings()) == before


def _header(tmp_path: Path, values: dict[str, object]) -> bytes:
    return write_gguf(tmp_path / "m.gguf", values).read_bytes()


def test_the_context_is_found_behind_texts_lists_and_numbers(tmp_path: Path) -> None:
    assert context_length(_header(tmp_path, {**_BEFORE, "x.context_length": 2048})) == 2048


def test_the_context_that_it_was_stretched_from_is_another_one(tmp_path: Path) -> None:
    values = {"x.rope.scaling.original_context_length": 512}
    assert context_length(_header(tmp_path, {**_BEFORE, **values})) is None


@pytest.mark.parametrize("told", [0, "long", [2048]])
def test_a_context_that_is_no_number_of_tokens_is_none(tmp_path: Path, told: object) -> None:
    assert context_length(_header(tmp_path, {"x.context_length": told})) is None


def test_a_header_that_was_cut_anywhere_tells_none(tmp_path: Path) -> None:
    whole = _header(tmp_path, {**_BEFORE, "x.context_length": 2048})
    assert {context_length(whole[:size]) for size in range(len(whole))} == {None}


def test_counts_and_lengths_beyond_all_measure_end_at_once() -> None:
    endless = 2**64 - 1
    head = struct.pack("<4sIQQ", b"GGUF", 3, 0, endless)
    for pair in (
        struct.pack("<Q", endless),
        struct.pack("<Q", 0) + struct.pack("<IIQ", 9, 8, endless),
        struct.pack("<Q", 0) + struct.pack("<IIQ", 9, 12, endless),
        struct.pack("<Q", 0) + struct.pack("<I", 99),
    ):
        assert context_length(head + pair) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_a_fault(noise: bytes) -> None:
    head = struct.pack("<4sIQQ", b"GGUF", 3, 0, 3)
    assert (context_length(head + noise) or 1) > 0
