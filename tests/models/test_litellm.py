from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor

import pytest

from extractor.errors import ModelError, ModelRateLimited, ModelTimeout
from extractor.models import open_model
from extractor.models.litellm import LiteLLMWire
from extractor.models.remote import RemoteModel
from extractor.settings import Settings
from tests import fakeserver
from tests.fakeserver import Answer, FakeOpenAI
from tests.models.remote import (
    ARTICLE,
    FAULTS,
    KEY,
    SCHEMA,
    litellm_model,
    patience,
    quoting,
    request,
    told,
)


def _model(server: FakeOpenAI, name: str = "litellm/openai/fake-1") -> RemoteModel:
    return litellm_model(server.url, name=name)


def _error_after(answer: Answer) -> ModelError:
    with FakeOpenAI([answer]) as server, pytest.raises(ModelError) as caught:
        _model(server).complete(request(timeout_seconds=patience(answer)))
    assert len(server.requests) == 1
    return caught.value


def test_a_reply_comes_back_with_its_usage() -> None:
    with FakeOpenAI([fakeserver.reply('{"who": "Ana"}')]) as server:
        reply = _model(server).complete(request())
    assert (reply.text, reply.finish) == ('{"who": "Ana"}', "stop")
    usage = reply.usage
    assert (usage.prompt_tokens, usage.cached_tokens, usage.output_tokens) == (5000, 3, 5)


def test_the_price_is_told_where_it_is_known_and_none_where_not() -> None:
    with FakeOpenAI() as server:
        known = _model(server, "openai/gpt-4o-mini").complete(request()).usage.cost_usd
        unknown = _model(server, "openai/fake-1").complete(request()).usage.cost_usd
    assert known is not None
    assert 0 < known < 0.001
    assert unknown is None


def test_the_request_is_sent_whole_and_with_a_strict_schema() -> None:
    with FakeOpenAI() as server:
        _model(server).complete(request())
    (sent,) = server.requests
    assert sent.headers["Authorization"] == f"Bearer {KEY}"
    assert sent.body == {
        "model": "fake-1",
        "messages": [
            {"role": "system", "content": "Answer in JSON."},
            {"role": "user", "content": ARTICLE},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "draft", "schema": SCHEMA, "strict": True},
        },
        "max_tokens": 40,
        "temperature": 0.25,
        "seed": 7,
    }


def test_a_reply_against_the_schema_is_returned_and_not_asked_for_again() -> None:
    with FakeOpenAI([fakeserver.reply("no JSON at all")]) as server:
        reply = _model(server).complete(request())
    assert (reply.text, reply.finish) == ("no JSON at all", "stop")
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_becomes_its_declared_error_and_nothing_tells_the_article_or_the_key(
    fault: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    answer, declared = FAULTS[fault]
    error = _error_after(quoting(answer))
    assert type(error) is declared
    assert not [record for record in caplog.records if record.name.startswith("instructor")]
    everything = "\n".join([told(error), caplog.text, *capfd.readouterr()])
    assert ARTICLE not in everything
    assert KEY not in everything


def test_the_providers_waiting_time_is_kept() -> None:
    error = _error_after(fakeserver.failure(429, retry_after="7"))
    assert isinstance(error, ModelRateLimited)
    assert error.retry_after == 7.0


def test_a_refused_connection_is_unavailable() -> None:
    with FakeOpenAI() as server:
        model = _model(server)
    with pytest.raises(ModelError) as caught:
        model.complete(request())
    assert caught.value.retryable
    assert KEY not in told(caught.value)


def test_a_server_that_drips_cannot_outlast_the_timeout() -> None:
    assert type(_error_after(fakeserver.drip(0.05))) is ModelTimeout


def test_no_event_loop_is_left_behind() -> None:
    with FakeOpenAI() as server:
        _model(server).complete(request())
    # A loop left in the main thread would be dropped, unclosed, by the next asyncio.run.
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(asyncio.sleep(0))
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


def test_an_unknown_provider_is_rejected_without_a_word_on_the_console(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ModelError) as caught:
        open_model("nosuch/model", Settings()).complete(request())
    assert not caught.value.retryable
    assert "".join(capfd.readouterr()) == ""


@pytest.mark.parametrize(
    ("answer", "finish", "text"),
    [
        (fakeserver.reply('{"who": "A', finish="length"), "length", '{"who": "A'),
        (fakeserver.reply("", finish="content_filter"), "refused", ""),
        (fakeserver.reply(None, refusal="I will not."), "refused", ""),
    ],
)
def test_cut_and_refused_replies_say_so(answer: Answer, finish: str, text: str) -> None:
    with FakeOpenAI([answer]) as server:
        reply = _model(server).complete(request())
    assert (reply.finish, reply.text) == (finish, text)


def test_the_adapter_costs_nothing_until_it_is_called() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(_sdks_after_opening).result(30) == []


def _sdks_after_opening() -> list[str]:
    LiteLLMWire("litellm/a/b")
    return sorted({"litellm", "instructor", "openai"} & set(sys.modules))
