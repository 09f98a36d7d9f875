from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extractor.errors import (
    ConfigurationError,
    ModelReplyInvalid,
    ModelTimeout,
    UnknownModel,
    WeightsMissing,
)
from extractor.models import (
    ModelClient,
    ModelReply,
    ModelRequest,
    ScriptedModel,
    TokenUsage,
    open_model,
    opening,
)
from extractor.models.catalogue import read_catalogue
from extractor.models.opening import digest_of, strategy_of
from extractor.models.remote import RemoteModel
from extractor.settings import Settings
from tests.models.gguf_files import PLAIN_AND_TUNED
from tests.models.remote import request


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


def test_strings_are_whole_replies_in_turn_with_counted_words() -> None:
    model: ModelClient = ScriptedModel(["one two", "three"])
    first, second = model.complete(request()), model.complete(request())
    assert (first.text, first.finish) == ("one two", "stop")
    assert first.usage == TokenUsage(prompt_tokens=10, output_tokens=2, cost_usd=0.0)
    assert second.text == "three"


def test_a_reply_is_given_as_it_is_so_that_a_cut_can_be_scripted() -> None:
    cut = ModelReply(text='{"a', finish="length", usage=TokenUsage(output_tokens=40))
    assert ScriptedModel([cut]).complete(request()) is cut


def test_an_error_is_raised_and_the_script_goes_on_after_it() -> None:
    model = ScriptedModel([ModelTimeout("late"), "now"])
    with pytest.raises(ModelTimeout):
        model.complete(request())
    assert model.complete(request()).text == "now"


def test_a_function_answers_from_the_request() -> None:
    model = ScriptedModel(lambda asked: asked.schema_name)
    assert model.complete(request()).text == "draft"


def test_a_list_that_runs_out_is_an_invalid_reply() -> None:
    with pytest.raises(ModelReplyInvalid):
        ScriptedModel([]).complete(request())


def test_every_request_is_kept_even_those_that_fail() -> None:
    model = ScriptedModel([ModelTimeout("late")], name="tape")
    with pytest.raises(ModelTimeout):
        model.complete(request())
    model.close()
    assert model.requests == [request()]
    assert (model.name, model.digest) == ("tape", None)


def test_threads_share_one_script_without_repeats() -> None:
    answers = [str(number) for number in range(200)]
    model = ScriptedModel(answers)

    def call(asked: ModelRequest) -> str:
        return model.complete(asked).text

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(call, [request()] * 200))
    assert sorted(given, key=int) == answers
