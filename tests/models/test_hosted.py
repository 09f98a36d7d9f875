from __future__ import annotations

from datetime import date
from importlib.metadata import version

import pytest

from extractor.models import open_model
from extractor.models.hosted import HostedModel, list_hosted
from extractor.settings import Settings

_TODAY = date(2026, 1, 1)


def _find(name: str, today: date = _TODAY) -> HostedModel | None:
    found = list_hosted(name, today=today).models
    return next((model for model in found if model.name == name), None)


def test_a_model_is_listed_with_its_prices_and_abilities() -> None:
    assert _find("openai/gpt-4o-mini") == HostedModel(
        name="openai/gpt-4o-mini",
        input_usd=0.15,
        cached_usd=0.075,
        output_usd=0.6,
        context_tokens=128_000,
        output_tokens=16_384,
        takes_schema=True,
        thinks=False,
    )


def test_the_list_says_whose_it_is() -> None:
    assert list_hosted().source == f"litellm {version('litellm')}"


def test_every_listed_name_is_taken_as_a_model_and_listed_once() -> None:
    names = [model.name for model in list_hosted("").models]
    assert len(names) == len(set(names)) > 1000
    settings = Settings(openai_base_url="http://127.0.0.1:9/v1")
    for name in names:
        assert open_model(name, settings).name == name


@pytest.mark.parametrize(
    ("listed_as", "name"),
    [
        ("claude-opus-4-5", "anthropic/claude-opus-4-5"),
        (
            "anthropic.claude-opus-4-5-20251101-v1:0",
            "bedrock/anthropic.claude-opus-4-5-20251101-v1:0",
        ),
        ("vertex_ai/claude-haiku-4-5", "vertex_ai/claude-haiku-4-5"),
        ("groq/openai/gpt-oss-20b", "groq/openai/gpt-oss-20b"),
    ],
)
def test_a_name_begins_with_its_provider_as_litellm_calls_it(listed_as: str, name: str) -> None:
    assert name in [model.name for model in list_hosted(listed_as, today=_TODAY).models]


def test_without_a_filter_some_providers_models_that_take_a_schema_are_chosen() -> None:
    hosted = list_hosted(today=_TODAY)
    assert {model.provider for model in hosted.models} == {
        *("openai", "anthropic", "gemini", "mistral", "deepseek", "groq")
    }
    assert all(model.takes_schema for model in hosted.models)
    assert 50 < len(hosted.models) < 200 < hosted.left_out


def test_a_dated_snapshot_is_chosen_only_where_no_lasting_name_is_listed() -> None:
    chosen = {model.name for model in list_hosted(today=_TODAY).models}
    assert "openai/gpt-4o-mini" in chosen
    assert "openai/gpt-4o-mini-2024-07-18" not in chosen
    assert _find("openai/gpt-4o-mini-2024-07-18")


def test_a_filter_finds_a_part_of_any_name_in_any_case() -> None:
    loud, soft = list_hosted("CLAUDE", today=_TODAY), list_hosted("claude", today=_TODAY)
    assert loud == soft
    assert all("claude" in model.name.lower() for model in soft.models)
    assert "bedrock" in {model.provider for model in soft.models}
    assert soft.models[0].provider == "anthropic"
    assert list_hosted("no such model").models == ()


def test_a_model_is_listed_until_the_day_it_is_withdrawn() -> None:
    everything, nothing_dated = (
        {model.name for model in list_hosted("", today=day).models} for day in (date.min, date.max)
    )
    assert nothing_dated < everything


@pytest.mark.parametrize("part", ["openai/container", "/ft:", "month-commitment", "github_copilot"])
def test_what_cannot_be_asked_by_that_name_and_a_key_is_not_listed(part: str) -> None:
    assert list_hosted(part, today=date.min).models == ()
