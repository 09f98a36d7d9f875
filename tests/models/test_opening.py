from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from extractor.errors import ConfigurationError, UnknownModel, WeightsMissing
from extractor.models import open_model, opening
from extractor.models.catalogue import read_catalogue
from extractor.models.opening import digest_of, strategy_of
from extractor.models.remote import RemoteModel
from extractor.settings import Settings
from tests.models.gguf_files import PLAIN_AND_TUNED


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "EXTRACTOR_OPENAI_BASE_URL", "EXTRACTOR_STRATEGY"):
        monkeypatch.delenv(name, raising=False)


def test_a_catalogue_model_without_its_file_is_missing_at_once(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing) as caught:
        open_model("smollm2-135m", Settings(models_dir=tmp_path))
    assert "extractor models pull smollm2-135m" in caught.value.advice


def test_openai_names_are_opened_with_a_key_or_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    with_server = open_model("openai/m", Settings(openai_base_url="http://127.0.0.1:9/v1"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    with_key = open_model("openai/m", Settings())
    for model in (with_server, with_key):
        assert isinstance(model, RemoteModel)
        assert (model.name, model.digest) == ("openai/m", None)


def test_openai_names_with_neither_are_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_model("openai/m", Settings())
    assert "OPENAI_API_KEY" in caught.value.advice


@pytest.mark.parametrize("name", ["anthropic/claude-x", "litellm/openai/m", "ollama/qwen2.5:0.5b"])
def test_other_providers_and_the_litellm_prefix_go_through_litellm(name: str) -> None:
    model = open_model(name, Settings())
    assert isinstance(model, RemoteModel)
    assert model.name == name


@pytest.mark.parametrize(
    "name", ["", "scripted", "gpt-4o", "openai/", "/m", "a//b", "a/b c", "a/b\n", "../x/y z"]
)
def test_any_other_name_is_unknown(name: str) -> None:
    with pytest.raises(UnknownModel):
        open_model(name, Settings())


def test_the_strategy_is_the_settings_else_the_catalogues_else_the_document() -> None:
    assert strategy_of("qwen2.5-coder-1.5b", Settings()) == "passage"
    assert strategy_of("openai/m", Settings()) == "document"
    assert strategy_of("qwen2.5-coder-1.5b", Settings(strategy="document")) == "document"
    assert strategy_of("openai/m", Settings(strategy="passage")) == "passage"


def test_the_digest_of_a_model_that_is_not_opened_is_the_one_it_would_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = read_catalogue(PLAIN_AND_TUNED)
    monkeypatch.setattr(opening, "load_catalogue", lambda: catalogue)
    file = tmp_path / "own.gguf"
    file.write_bytes(b"own")
    own = Settings(adapter_file=file)
    assert digest_of("plain", own) == "0" * 64
    assert digest_of("tuned", Settings()) == f"{'0' * 64}+{'1' * 64}"
    assert digest_of("tuned", own) == f"{'0' * 64}+{hashlib.sha256(b'own').hexdigest()}"
    assert digest_of("openai/m", own) is None
