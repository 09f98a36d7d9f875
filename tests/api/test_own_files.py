"""The service may run a model from a file of its own; its callers open none."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from extractor.api.app import create_app
from extractor.api.examples import REQUEST
from extractor.api.pool import ExtractorPool
from extractor.errors import UnknownModel, WeightsMissing
from extractor.extraction import Extractor
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings
from tests.models.gguf_files import write_gguf

_WHOLE = Settings(strategy="document")


def _settings(model: Path, *fallbacks: Path) -> Settings:
    paths = tuple(map(str, fallbacks))
    return _WHOLE.model_copy(update={"model": str(model), "fallbacks": paths})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_gguf(tmp_path / "own.gguf")


def test_the_default_model_and_the_fallbacks_may_be_files(file: Path, tmp_path: Path) -> None:
    pool = ExtractorPool(_settings(file, write_gguf(tmp_path / "next.gguf")))
    assert [reader.name for reader in pool.get().readers] == ["own.gguf", "next.gguf"]
    assert pool.default_model == "own.gguf"


def test_callers_name_the_services_files_as_results_do(file: Path, tmp_path: Path) -> None:
    pool = ExtractorPool(_settings(file, write_gguf(tmp_path / "next.gguf")))
    assert pool.get("own.gguf") is pool.get()
    assert pool.get("next.gguf").model_name == "next.gguf"
    handed_in = Extractor(str(file), settings=_settings(file))
    assert ExtractorPool(_settings(file), handed_in).get("own.gguf") is handed_in


def test_no_other_file_is_opened_for_a_caller(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = write_gguf(tmp_path / "default.gguf")
    service = ExtractorPool(_settings(own))
    for name in (str(file), "own.gguf", "./own.gguf", str(own), "./default.gguf", "OWN.GGUF"):
        with pytest.raises(UnknownModel) as caught:
            service.get(name)
        assert name not in f"{caught.value} {caught.value.advice}"


def test_a_file_that_is_there_and_one_that_is_not_are_answered_alike(file: Path) -> None:
    app = create_app(_WHOLE, extractor=Extractor(ScriptedModel(lambda _: "{}"), settings=_WHOLE))
    with TestClient(app) as client:
        there, missing, unknown = (
            client.post("/extract", json=REQUEST | {"model": name}).json()
            for name in (str(file), f"{file}.not-there.gguf", "no-such-model")
        )
    assert there["status"] == 422
    for key in ("status", "type", "title", "detail", "hint"):
        assert there[key] == missing[key] == unknown[key]


def test_a_default_file_that_is_missing_is_told_without_its_folder(tmp_path: Path) -> None:
    missing = tmp_path / "gone.gguf"
    with pytest.raises(WeightsMissing, match=r"gone\.gguf") as caught:
        ExtractorPool(_settings(missing)).get()
    assert str(tmp_path) not in f"{caught.value} {caught.value.advice}"
