from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.models.gguf import context_length
from tests.models.gguf_files import write_gguf

_BEFORE = {"general.name": "Own", "general.tags": ["a", "bc"], "x.sizes": [1, 2], "x.eps": 0.5}


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
