"""Adapters: the one that is named, or the user's own, and never another."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from extractor.errors import ConfigurationError, WeightsCorrupt, WeightsMissing
from extractor.models import adapters
from extractor.models.adapters import find_adapter
from extractor.models.catalogue import AdapterFile

CONTENT = b"GGUF and so on"
WANTED = AdapterFile(file="news.gguf", sha256=hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(adapters, "_PACKAGED", tmp_path)
    return tmp_path / "news.gguf"


def test_the_shipped_file_is_taken_if_it_is_the_one_that_is_named(shipped: Path) -> None:
    shipped.write_bytes(CONTENT)
    found = find_adapter(WANTED)
    assert (found.path, found.sha256) == (shipped, WANTED.sha256)


def test_a_missing_file_says_what_to_do(shipped: Path) -> None:
    with pytest.raises(WeightsMissing) as caught:
        find_adapter(WANTED)
    assert "Install the package again" in caught.value.advice


def test_another_file_of_that_name_is_refused(shipped: Path) -> None:
    shipped.write_bytes(CONTENT + b"!")
    with pytest.raises(WeightsCorrupt) as caught:
        find_adapter(WANTED)
    assert "EXTRACTOR_ADAPTER_FILE" in caught.value.advice


def test_ones_own_file_stands_in_its_place_with_its_own_digest(shipped: Path) -> None:
    own = shipped.with_name("own.gguf")
    own.write_bytes(b"mine")
    found = find_adapter(WANTED, own=own)
    assert (found.path, found.sha256) == (own, hashlib.sha256(b"mine").hexdigest())


def test_ones_own_file_that_is_not_there_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="EXTRACTOR_ADAPTER_FILE"):
        find_adapter(WANTED, own=tmp_path / "none.gguf")
