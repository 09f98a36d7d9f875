"""Prompts that do not fit: split where the provider says so, and noticed where it does not."""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import Final

import pytest

from extractor.errors import (
    ModelOutOfRoom,
    ModelPromptCut,
    ModelPromptTooLong,
    ModelReplyInvalid,
)
from extractor.extraction import Extractor
from extractor.models.remote.faults import read_fault
from extractor.records import Extraction
from extractor.settings import Settings
from tests.articles import answer, pledge
from tests.fakeserver import Answer, FakeOpenAI, Recorded
from tests.models.remote import openai_model
from tests.providers import profiles
from tests.providers.asked import Asked
from tests.providers.replying import tokens_of
from tests.providers.server import StrictProvider
from tests.ways import WAYS, Way, reached

_FILLER: Final = "The harbour of Orvane was quiet on Monday and nobody expected any news at all."
_GIVERS: Final = ("Nordlys Compute", "Alderon Group", "Tessaly Bank")
_TEXT: Final = "\n\n".join(
    " ".join([f"{giver} will spend ${10 + rank} million on a data centre.", *[_FILLER] * 12])
    for rank, giver in enumerate(_GIVERS)
)
_PLEDGED: Final = answer([pledge(1, who=["Nordlys Compute"], money="m1")], [])
_SHOWN: Final = re.compile(r"^\[(\d+)\] ([\w ]+) will spend", re.MULTILINE)
_NUMBERED: Final = re.compile(r"^\[(\d+)\] .+\n    (m\d+) ", re.MULTILINE)
_SETTINGS: Final = Settings(
    strategy="document", policy="strong", finder="none", max_tokens=64, thinking_tokens=0
)
_FIRST: Final = {way.profile: way for way in reversed(WAYS) if way.place or way.client == "litellm"}
_REFUSING: Final = tuple(
    way for name, way in _FIRST.items() if profiles.load(name).context.overflow == "error"
)


def _answer(asked: Asked) -> str:
    money = dict(_NUMBERED.findall(asked.user))
    return answer(
        [
            pledge(int(number), who=[giver], what="a data centre", money=money[number])
            for number, giver in _SHOWN.findall(asked.user)
        ],
        [],
    )


def _extract(
    way: Way, server: StrictProvider, monkeypatch: pytest.MonkeyPatch, **changed: object
) -> Extraction:
    settings = _SETTINGS.model_copy(update=changed)
    with (
        reached(way, server, monkeypatch, settings) as model,
        Extractor(model, settings=settings) as extractor,
    ):
        return extractor.extract(_TEXT)


def _needed(way: Way, monkeypatch: pytest.MonkeyPatch) -> int:
    """The window that the whole article needs, as this provider counts."""
    with StrictProvider(way.profile, _answer) as server:
        assert len(_extract(way, server, monkeypatch).commitments) == len(_GIVERS)
    (asked,) = server.requests
    counts_reply = server.profile.context.counts_reply
    return tokens_of(asked.prompt) + (asked.limit or 0) * counts_reply


@pytest.mark.parametrize("way", _REFUSING, ids=str)
def test_an_article_that_is_too_long_is_asked_in_parts(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = _needed(way, monkeypatch) - 300
    with StrictProvider(way.profile, _answer, window=window) as server:
        found = _extract(way, server, monkeypatch)
    assert {c.actors[0].name for c in found.commitments} == set(_GIVERS)
    assert not [notice for notice in found.notices if notice.code == "passage_unread"]
    assert 2 <= len(server.requests) <= 4


@pytest.mark.parametrize("way", _REFUSING, ids=str)
def test_a_window_too_small_for_any_question_is_an_error_that_says_so(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        StrictProvider(way.profile, _answer, window=500) as server,
        pytest.raises(ModelPromptTooLong) as caught,
    ):
        _extract(way, server, monkeypatch)
    assert "larger context" in caught.value.advice
    assert len(server.requests) < 10


@pytest.mark.parametrize("way", [w for w in WAYS if w.profile == "ollama"], ids=str)
def test_a_prompt_that_is_cut_without_a_word_is_an_error_that_says_how_to_set_the_window(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = _needed(way, monkeypatch) - 300
    with (
        StrictProvider(way.profile, _answer, window=window) as server,
        pytest.raises(ModelPromptCut) as caught,
    ):
        _extract(way, server, monkeypatch)
    assert "OLLAMA_CONTEXT_LENGTH" in caught.value.advice
    with StrictProvider(way.profile, _answer, window=window) as server:
        assert _extract(way, server, monkeypatch, prompt_check=False).commitments == []


def test_a_server_that_answers_nothing_to_a_prompt_that_is_too_long_is_asked_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = _FIRST["lmstudio"]
    window = _needed(way, monkeypatch) - 300
    with StrictProvider(way.profile, _answer, window=window) as server:
        found = _extract(way, server, monkeypatch)
    assert {c.actors[0].name for c in found.commitments} == set(_GIVERS)


def test_where_the_prompt_fits_and_the_reply_does_not_the_reply_may_be_shorter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = _FIRST["vllm"]
    window = _needed(way, monkeypatch) - 100
    with StrictProvider(way.profile, _answer, window=window) as server:
        found = _extract(way, server, monkeypatch)
    assert len(found.commitments) == len(_GIVERS)
    assert [asked.limit for asked in server.requests] == [512, 412]


def test_a_model_that_turns_out_to_think_is_given_room_once_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = _FIRST["vllm"]
    settings = Settings(strategy="document", policy="strong", finder="none", max_tokens=64)
    with (
        StrictProvider(way.profile, _answer, thinking_tokens=600) as server,
        reached(way, server, monkeypatch, settings) as model,
        Extractor(model, settings=settings) as extractor,
    ):
        first, again = (extractor.extract(_TEXT) for _ in range(2))
    assert [asked.limit for asked in server.requests] == [512, 16_512, 16_512]
    for found in (first, again):
        assert len(found.commitments) == len(_GIVERS)
        (notice,) = (n for n in found.notices if n.code == "request_adapted")
        assert "thinks" in notice.detail
    assert json.loads(first.model_dump_json())["usage"]["calls"] == 1


def test_a_model_that_thinks_beyond_its_room_is_an_error_that_says_how_to_give_it_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = _FIRST["gemini"]
    settings = _SETTINGS.model_copy(update={"thinking_tokens": 1000})
    with (
        StrictProvider(way.profile, _answer, thinking_tokens=30_000) as server,
        reached(way, server, monkeypatch, settings) as model,
        Extractor(model, settings=settings) as extractor,
        pytest.raises(ModelOutOfRoom) as caught,
    ):
        extractor.extract(_TEXT)
    assert "EXTRACTOR_THINKING_TOKENS" in caught.value.advice
    assert len(server.requests) <= 2


def test_a_server_that_answers_nothing_to_anything_is_asked_a_few_times_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = _FIRST["lmstudio"]
    with (
        StrictProvider(way.profile, _answer, window=100) as server,
        pytest.raises(ModelReplyInvalid) as caught,
    ):
        _extract(way, server, monkeypatch)
    assert "context" in caught.value.advice
    assert len(server.requests) == 8


@pytest.mark.parametrize(
    ("body", "window"),
    [
        ("This model's maximum context length is 4096 tokens. However, you requested 512 output "
         "tokens and your prompt contains at least 3585 input tokens.", 4096),
        ("You passed 5000 input tokens and requested 512 output tokens. However, the model's "
         "context length is only 4096 tokens.", 4096),
        ("max_tokens=20096cannot be greater than max_model_len=16384.", 16_384),
    ],
)  # fmt: skip
def test_the_window_that_vllm_tells_in_other_words_is_read(body: str, window: int) -> None:
    fault = read_fault(400, json.dumps({"error": {"message": body, "code": 400}}))
    assert (fault.kind, fault.window, fault.room) == ("too_long", window, None)


def test_a_limit_over_the_window_that_a_server_tells_is_kept_within_it_from_then_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = "max_tokens=20096cannot be greater than max_model_len=8192."
    reply = json.dumps({"choices": [{"message": {"content": _PLEDGED}, "finish_reason": "stop"}]})

    def respond(recorded: Recorded) -> Answer:
        if isinstance(limit := recorded.body["max_tokens"], int) and limit > 8192:
            return Answer(status=400, body=json.dumps({"message": told, "code": 400}).encode())
        return Answer(body=reply.encode())

    settings = Settings(
        strategy="document", policy="strong", finder="none", reasoning_effort="default"
    )
    monkeypatch.setattr("extractor.models.remote.client._LEARNT", {})
    with (
        FakeOpenAI(respond) as server,
        closing(openai_model(server.url, name="openai/qwen3-8b", settings=settings)) as model,
        Extractor(model, settings=settings) as extractor,
    ):
        for _ in range(2):
            assert len(extractor.extract(_TEXT).commitments) == 1
    limits = [recorded.body["max_tokens"] for recorded in server.requests]
    assert limits[0] == 20_096
    assert len(limits) == 3
    assert limits[1] == limits[2]
