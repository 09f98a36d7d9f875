"""The strict fake cuts, completes, delays and caches as its data says."""

from __future__ import annotations

import itertools
import json
import time
from typing import Final

import jsonschema
import pytest

from extractor.models.base import JsonValue
from tests.providers import profiles
from tests.providers.calling import answering, body_of, call, model_of, plain, said
from tests.providers.samples import PORTABLE, TEXT, closed
from tests.providers.server import StrictProvider

_LIST: Final[JsonValue] = {"type": "array", "items": {"type": "string"}}


@pytest.mark.parametrize(
    ("allowed", "text", "finish"),
    [(60, TEXT, "stop"), (45, TEXT[:20], "length"), (40, "", "length")],
)
def test_thinking_counts_against_the_token_limit(allowed: int, text: str, finish: str) -> None:
    with StrictProvider("openai-reasoning", answering, thinking_tokens=40) as server:
        body = plain(server) | {"max_completion_tokens": allowed}
        limited = said(call(server, body))
        free = said(call(server, {**body, "model": "gpt-5.6", "reasoning_effort": "none"}))
    assert limited[:2] == (text, finish)
    assert limited[2]["completion_tokens"] <= allowed
    assert free[1] == "stop"


def test_a_tiny_limit_gets_an_error_instead_of_a_cut_reply() -> None:
    with StrictProvider("openai-reasoning", answering) as server:
        answered = call(server, plain(server) | {"max_completion_tokens": 12})
    assert server.refusals == ["output_limit_before_text"]
    assert answered.status_code == 400


@pytest.mark.parametrize(
    "name", [n for n in profiles.names() if profiles.load(n).context.overflow == "error"]
)
def test_a_prompt_over_the_window_is_refused(name: str) -> None:
    profile = profiles.load(name)
    with StrictProvider(name, answering, window=500) as server:
        for key, wire in profile.wires.items():
            body = body_of(wire.shape, model_of(profile), None, user="json " * 1000)
            fault = profile.all_errors[profile.context.error]
            assert call(server, body, wire=key).status_code == fault.status
    assert set(server.refusals) == {profile.context.error}


def test_ollama_cuts_a_long_prompt_silently_and_answers_from_nothing() -> None:
    with StrictProvider("ollama", answering, window=500) as server:
        body = body_of("openai-chat", "m", PORTABLE, user="word " * 1000)
        text, finish, usage = said(call(server, body))
        native = body_of("ollama-chat", "m", PORTABLE, user="word " * 1000)
        native["options"] = {"num_ctx": 4000}
        whole = call(server, native, wire="native").json()
    assert (text, finish) == ('{"commitments":[],"events":[]}', "stop")
    assert usage["prompt_tokens"] == 252
    assert whole["message"]["content"] == TEXT


def test_lm_studio_answers_a_too_long_prompt_with_nothing() -> None:
    with StrictProvider("lmstudio", answering, window=500) as server:
        body = body_of("openai-chat", "m", PORTABLE, user="word " * 1000)
        assert said(call(server, body))[:2] == ("", "stop")


@pytest.mark.parametrize(("name", "finish"), [("mistral", "model_length"), ("ollama", "length")])
def test_a_reply_that_fills_the_window_ends_there(name: str, finish: str) -> None:
    with StrictProvider(name, answering, window=18) as server:
        text, why, usage = said(call(server, plain(server)))
    assert text
    assert TEXT.startswith(text)
    assert why == finish
    assert usage["total_tokens"] == 18


def test_an_enforced_schema_completes_the_answer_with_null_and_empty_lists() -> None:
    bare = '{"commitments":[{"sentence":1}]}'
    with StrictProvider("openai-strict", lambda _: bare) as server:
        text = said(call(server, plain(server)))[0]
    whole: JsonValue = {"commitments": [{"sentence": 1, "actor": None, "dates": []}], "events": []}
    assert json.loads(text or "") == whole
    jsonschema.validate(whole, PORTABLE)


def test_an_answer_against_an_enforced_schema_fails_the_test() -> None:
    wrong = '{"commitments":[{"sentence":9}],"events":[]}'
    with (
        pytest.raises(AssertionError, match="commitments/0/sentence"),
        StrictProvider("openai-strict", lambda _: wrong) as server,
    ):
        call(server, plain(server))
    with StrictProvider("json-object-only", lambda _: wrong) as server:
        assert said(call(server, plain(server)))[0] == wrong


def test_a_new_schema_costs_time_once() -> None:
    with StrictProvider("openai-strict", answering, schema_delay=0.2) as server:
        started = [time.monotonic()]
        for _ in range(2):
            call(server, plain(server))
            started.append(time.monotonic())
    first, second = (b - a for a, b in itertools.pairwise(started))
    assert second < 0.2 <= first
    assert server.schemas == [PORTABLE]


def test_a_repeated_prompt_is_found_in_the_cache_unless_its_schema_is_new() -> None:
    with StrictProvider("openai-strict", lambda _: "{}") as server:
        bodies = [
            body_of("openai-chat", "m", schema, user="json " * 2000)
            for schema in (closed(events=_LIST), closed(events=_LIST), closed(commitments=_LIST))
        ]
        usages = [call(server, body).json()["usage"] for body in bodies]
    cached = [usage["prompt_tokens_details"]["cached_tokens"] for usage in usages]
    assert cached[0] == cached[2] == 0
    assert cached[1] > 2000
