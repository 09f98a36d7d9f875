"""Every error that providers are known to give: which of ours it is, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from extractor.errors import (
    ModelError,
    ModelFiltered,
    ModelNotFound,
    ModelOverloaded,
    ModelPromptTooLong,
    ModelQuotaSpent,
    ModelRateLimited,
    ModelRefusedKey,
    ModelRejected,
    ModelReplyInvalid,
    ModelSchemaRefused,
    ModelUnavailable,
)
from extractor.models import Message, ModelRequest
from extractor.models.remote import RemoteModel
from extractor.settings import Settings
from tests.models.remote import ARTICLE, SCHEMA, told
from tests.providers import profiles
from tests.providers.server import KEY, StrictProvider
from tests.ways import WAYS, Way, reached

_ANSWER: Final = '{"who": "Ana"}'
_SCHEMA_FAULTS: Final = (
    *("keyword", "min_items", "one_of", "additional_properties", "enum_type_mismatch"),
    *("root_object", "unions", "optional", "too_complex", "grammar", "missing_type", "required"),
    *("root_type", "depth", "enum_total", "enum_chars", "chars", "properties", "schema_opaque"),
    *("too_many_states", "enum_not_string_old_dialect", "enum_null_old_dialect"),
    *("type_list_old_dialect", "type_list", "schema", "json_schema", "format", "unsupported"),
    *("format_unsupported_by_model", "unsupported_model", "api_version"),
)
_PARAMETER_FAULTS: Final = (
    *("temperature", "temperature_value", "temperature_parameter", "temperature_thinking"),
    *("effort", "no_endpoint"),
)

# What each error of the data is, if it comes back as often as we ask.
_ERRORS: Final[dict[str, type[ModelError]]] = {
    "key_invalid": ModelRefusedKey,
    "quota": ModelQuotaSpent,
    "rate_limited": ModelRateLimited,
    "overloaded": ModelOverloaded,
    "overloaded_as_500": ModelOverloaded,
    "loading": ModelOverloaded,
    "server_error": ModelUnavailable,
    "context": ModelPromptTooLong,
    "context_old_flat": ModelPromptTooLong,
    "context_while_writing": ModelPromptTooLong,
    "too_large": ModelPromptTooLong,
    "path": ModelNotFound,
    "model_not_found": ModelNotFound,
    "responses_only_model": ModelNotFound,
    "content_filter_prompt": ModelFiltered,
    "json_validate_failed": ModelReplyInvalid,
    **dict.fromkeys(_SCHEMA_FAULTS, ModelSchemaRefused),
    "tool_choice": ModelSchemaRefused,
    "schema_opaque": ModelRejected,
    **dict.fromkeys(_PARAMETER_FAULTS, ModelRejected),
    # Of what we never send, or always do.
    **dict.fromkeys(
        [
            "top_p",
            "max_tokens",
            "max_tokens_missing",
            "no_json_word",
            "name_pattern",
            "not_together",
            "argument",
            "unknown_field",
        ],
        ModelRejected,
    ),
}
_AGAIN: Final = {
    ModelRateLimited, ModelOverloaded, ModelUnavailable, ModelReplyInvalid,
}  # fmt: skip
# Mistral's capacity is asked for at another pace, like its rate; no tool is asked for in JSON mode.
_OTHERWISE: Final[dict[tuple[str, str], type[ModelError]]] = {
    ("mistral", "overloaded"): ModelRateLimited,
    ("json-object-only", "tool_choice"): ModelRejected,
}


def _cases() -> Iterator[tuple[Way, str]]:
    """Each error of each profile, over each client that reaches it."""
    for name in profiles.names():
        for client in ("openai", "litellm"):
            way = next((w for w in WAYS if (w.profile, w.client) == (name, client)), None)
            for error in profiles.load(name).all_errors if way else ():
                if way and error != "output_limit_before_text":
                    yield way, error


_CASES: Final = tuple(_cases())
_FORM_FAULTS: Final = tuple(
    (way, error)
    for way, error in _CASES
    # What litellm has left out by itself cannot be refused.
    if error in _SCHEMA_FAULTS or (error in _PARAMETER_FAULTS and way.client == "openai")
)


def _request() -> ModelRequest:
    return ModelRequest(
        messages=(Message("system", "Answer in JSON."), Message("user", ARTICLE)),
        json_schema=SCHEMA,
        schema_name="draft",
        max_tokens=400,
        timeout_seconds=20,
    )


@contextmanager
def _provider(
    way: Way, faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[RemoteModel, StrictProvider]]:
    # All that can be sent is sent, so that all of it can be refused.
    settings = Settings(temperature=0.0, seed=0, reasoning_effort="low")
    with (
        StrictProvider(way.profile, lambda _: _ANSWER, faults=faults) as server,
        reached(way, server, monkeypatch, settings) as model,
    ):
        yield model, server


def test_the_table_knows_every_error_of_the_data() -> None:
    assert {error for _, error in _CASES} <= set(_ERRORS)


@pytest.mark.parametrize(("way", "error"), _CASES, ids=str)
def test_an_error_that_lasts_is_told_as_what_it_is_without_the_article_or_the_key(
    way: Way, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = _OTHERWISE.get((way.profile, error), _ERRORS[error])
    with _provider(way, [error] * 20, monkeypatch) as (model, server):
        with pytest.raises(ModelError) as caught:
            model.complete(_request())
        assert type(caught.value) is wanted
        assert caught.value.retryable == (wanted in _AGAIN)
        # What cannot be put in another form is sent once.
        once = wanted not in (ModelSchemaRefused, ModelRejected, ModelPromptTooLong)
        assert len(server.requests) <= (1 if once else 9)
    assert caught.value.__context__ is None
    for private in (ARTICLE, KEY):
        assert private not in told(caught.value)


@pytest.mark.parametrize(("way", "error"), _FORM_FAULTS, ids=str)
def test_what_is_refused_for_its_form_is_sent_in_another_once_told_and_remembered(
    way: Way, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _provider(way, [error], monkeypatch) as (model, server):
        first = model.complete(_request())
        refused = len(server.requests) - 1
        again = model.complete(_request())
        assert len(server.requests) == refused + 2
    assert (first.text, first.finish) == (again.text, "stop")
    assert "Ana" in first.text
    assert first.adapted == again.adapted
    # litellm refuses some of it by itself.
    assert len(first.adapted) >= refused >= 1


_PAUSES: Final = {"openai-strict": 1.0, "anthropic": 7.0, "gemini": 15.0}


@pytest.mark.parametrize(
    ("way", "seconds"),
    [
        (way, _PAUSES[way.profile])
        for way, error in _CASES
        if error == "rate_limited" and way.profile in _PAUSES
    ],
    ids=str,
)
def test_the_pause_that_a_provider_asks_for_is_read_from_its_header_or_its_body(
    way: Way, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        _provider(way, ["rate_limited"], monkeypatch) as (model, _),
        pytest.raises(ModelRateLimited) as caught,
    ):
        model.complete(_request())
    assert caught.value.retry_after == seconds
