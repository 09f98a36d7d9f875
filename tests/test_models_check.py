"""`extractor models check`, as a user runs it, against every provider."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from extractor.cli.main import main
from tests.articles import act, answer, pledge
from tests.providers import profiles
from tests.providers.asked import Asked
from tests.providers.server import BAD_KEY, KEY, StrictProvider
from tests.ways import WAYS, Way, close_clients_of_litellm

_KEYS = (
    *("OPENAI_API_KEY", "AZURE_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "MISTRAL_API_KEY"),
    *("GROQ_API_KEY", "DEEPSEEK_API_KEY", "OPENROUTER_API_KEY", "HUGGINGFACE_API_KEY"),
    *("HOSTED_VLLM_API_KEY", "LM_STUDIO_API_KEY", "LLAMAFILE_API_KEY"),
)


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("extractor.models.remote.client._LEARNT", {})
    monkeypatch.setattr("extractor.asking.budget._FIRST_PAUSE", 0.01)
    yield
    close_clients_of_litellm()


def _answer(asked: Asked) -> str:
    if "Tessaly" in asked.user:
        found = pledge(2, who=["Tessaly Bank"], to=["Orvane"], what="a tram line", money="m1")
        return answer([found], [])
    return answer([], [act(2, who=["Le ministère de la Santé"], type="law_or_regulation")])


def _check(way: Way, server: StrictProvider, key: str = KEY, output_format: str = "json") -> Result:
    env = dict.fromkeys(_KEYS, key)
    if way.model.startswith("openai/"):
        env["EXTRACTOR_OPENAI_BASE_URL"] = server.url
    else:
        found = next(one for one in server.profile.litellm if one.model == way.model)
        env |= found.env
        env["EXTRACTOR_LITELLM_BASE_URL"] = server.root + found.base
        env["AZURE_API_VERSION"] = found.extra.get("api_version", "")
    command = ["models", "check", way.model, "--format", output_format]
    return CliRunner().invoke(main, command, env=env)


_ONE_A_PROFILE = tuple(
    next(way for way in WAYS if way.profile == name and (way.place or way.client == "litellm"))
    for name in profiles.names()
)


@pytest.mark.parametrize("way", _ONE_A_PROFILE, ids=str)
def test_a_model_that_reads_right_is_told_to_with_what_it_takes(way: Way) -> None:
    with StrictProvider(way.profile, _answer) as server:
        result = _check(way, server)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["verdict"], found["error"], found["strategy"]) == ("right", None, "document")
    assert [article["wrong"] for article in found["articles"]] == [[], []]
    assert all(article["prompt_tokens"] > 1000 for article in found["articles"])
    assert found["settings"][0] == f"EXTRACTOR_MODEL={way.model}"
    assert set(found["takes"]) >= {"reply form", "limit", "temperature", "seed"}
    assert bool(found["refused"]) == bool(server.refusals)


@pytest.mark.parametrize(
    "way",
    # Bedrock's requests are signed; some servers of one's own know no keys.
    [
        way
        for way in _ONE_A_PROFILE
        if way.profile != "bedrock-claude"
        and "key_invalid" in profiles.load(way.profile).all_errors
    ],
    ids=str,
)
def test_a_wrong_key_is_told_at_once(way: Way) -> None:
    with StrictProvider(way.profile, _answer) as server:
        result = _check(way, server, key=BAD_KEY)
    assert result.exit_code == 5
    found = json.loads(result.stdout)
    assert (found["verdict"], found["articles"], found["retryable"]) == ("failed", [], False)
    assert BAD_KEY not in result.output
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("model", "variable"),
    [
        ("anthropic/claude-sonnet-5", "ANTHROPIC_API_KEY"),
        ("gemini/gemini-3-flash-preview", "GEMINI_API_KEY"),
        ("azure/gpt-4o", "AZURE_API_BASE"),
        ("mistral/mistral-large-latest", "MISTRAL_API_KEY"),
        ("openai/gpt-4o-mini", "OPENAI_API_KEY"),
    ],
)
def test_without_a_key_the_variable_that_holds_it_is_named(
    model: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in _KEYS:
        monkeypatch.delenv(name, raising=False)
    result = CliRunner().invoke(main, ["models", "check", model])
    assert result.exit_code in (2, 5)
    assert variable in result.output
    assert "Settings to use" not in result.output


def test_a_provider_that_nobody_knows_is_told_as_a_wrong_name() -> None:
    result = CliRunner().invoke(main, ["models", "check", "nosuch/model"])
    assert result.exit_code == 5
    assert "named like anthropic/" in result.output


def test_a_model_that_finds_nothing_is_told_to_be_wrong_and_given_another_strategy() -> None:
    way = next(way for way in _ONE_A_PROFILE if way.profile == "vllm")
    with StrictProvider(way.profile) as server:
        result = _check(way, server, output_format="table")
    assert result.exit_code == 6
    assert "answers, and wrongly" in result.stdout
    assert "EXTRACTOR_STRATEGY=passage" in result.stdout


def test_what_a_provider_refuses_is_shown_with_the_settings_that_spare_the_refusal() -> None:
    way = next(way for way in _ONE_A_PROFILE if way.profile == "mistral")
    with StrictProvider(way.profile, _answer, faults=["unknown_field"]) as server:
        table = _check(way, server, output_format="table")
    assert table.exit_code == 0, table.output
    assert "answers, and rightly" in table.stdout
    assert "EXTRACTOR_REPLY_FORM=" in table.stdout
