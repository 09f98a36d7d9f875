from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit

import psutil
import pytest

from extractor.errors import ModelError, ModelRateLimited, ModelReplyInvalid, ModelTimeout
from extractor.models.base import ModelReply, TokenUsage
from extractor.models.openai import OpenAIWire
from extractor.models.remote import RemoteModel
from extractor.models.remote.wire import Known
from tests import fakeserver
from tests.fakeserver import Answer, FakeOpenAI
from tests.models.remote import (
    ARTICLE,
    FAULTS,
    KEY,
    SCHEMA,
    openai_model,
    patience,
    quoting,
    request,
    told,
)


def _connected(url: str, api_key: str | None = KEY) -> closing[RemoteModel]:
    # The client is a reference cycle: left open, its connection ends at some later collection.
    return closing(openai_model(url, api_key=api_key))


def _connections_to(server: FakeOpenAI) -> int:
    port = urlsplit(server.url).port
    mine = psutil.Process().net_connections("tcp")
    return sum(1 for connection in mine if connection.raddr and connection.raddr.port == port)


def _ask(server: FakeOpenAI, *, timeout_seconds: float = 10.0) -> ModelReply:
    with _connected(server.url) as model:
        return model.complete(request(timeout_seconds=timeout_seconds))


def _error_after(answer: Answer) -> ModelError:
    with FakeOpenAI([answer]) as server, pytest.raises(ModelError) as caught:
        _ask(server, timeout_seconds=patience(answer))
    assert len(server.requests) == 1
    return caught.value


def test_a_reply_comes_back_with_its_usage() -> None:
    with FakeOpenAI([fakeserver.reply('{"who": "Ana"}')]) as server:
        reply = _ask(server)
    assert (reply.text, reply.finish) == ('{"who": "Ana"}', "stop")
    usage = reply.usage
    assert (usage.prompt_tokens, usage.cached_tokens, usage.output_tokens) == (5000, 3, 5)


def test_the_request_is_sent_whole_and_with_a_strict_schema() -> None:
    with FakeOpenAI() as server:
        _ask(server)
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


def test_a_server_of_ones_own_needs_no_key() -> None:
    with FakeOpenAI() as server, _connected(server.url, api_key=None) as model:
        model.complete(request())
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_becomes_its_declared_error_which_tells_neither_article_nor_key(
    fault: str,
) -> None:
    answer, declared = FAULTS[fault]
    error = _error_after(quoting(answer))
    assert type(error) is declared
    assert ARTICLE not in told(error)
    assert KEY not in told(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), (None, None), ("soon", None), ("nan", None)],
)
def test_the_providers_waiting_time_is_kept(header: str | None, seconds: float | None) -> None:
    error = _error_after(fakeserver.failure(429, retry_after=header))
    assert isinstance(error, ModelRateLimited)
    assert error.retry_after == seconds


def test_a_waiting_time_given_as_a_date_is_kept_as_seconds() -> None:
    past = "Wed, 21 Oct 2015 07:28:00 GMT"
    error = _error_after(fakeserver.failure(429, retry_after=past))
    assert isinstance(error, ModelRateLimited)
    assert error.retry_after == 0.0


def test_a_refused_connection_is_unavailable() -> None:
    with FakeOpenAI() as server:
        gone = server.url
    with _connected(gone) as model, pytest.raises(ModelError) as caught:
        model.complete(request())
    assert caught.value.retryable
    assert KEY not in told(caught.value)


def test_a_server_that_drips_cannot_outlast_the_timeout() -> None:
    error = _error_after(fakeserver.drip(0.05))
    assert isinstance(error, ModelTimeout)


def test_a_reply_without_end_is_cut_off() -> None:
    error = _error_after(fakeserver.huge(17 * 1024 * 1024))
    assert isinstance(error, ModelReplyInvalid)


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
        reply = _ask(server)
    assert (reply.finish, reply.text) == (finish, text)


def test_one_client_serves_many_threads_at_once() -> None:
    together = threading.Barrier(4)

    def answer(_: object) -> Answer:
        return fakeserver.reply(delay=0.2)

    with FakeOpenAI(answer) as server, _connected(server.url) as model:

        def call(_: int) -> str:
            together.wait()
            return model.complete(request()).text

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(call, range(4))) == ["{}"] * 4


def test_the_article_is_not_logged_even_at_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeOpenAI() as server:
        _ask(server)
    assert ARTICLE not in caplog.text


def test_closing_ends_the_connections_and_the_next_call_opens_new_ones() -> None:
    with FakeOpenAI() as server, _connected(server.url) as model:
        model.complete(request())
        assert _connections_to(server) == 1
        model.close()
        assert _connections_to(server) == 0
        model.complete(request())
    assert len(server.requests) == 2


def test_the_price_of_openais_own_models_is_that_of_the_list_cached_tokens_for_less() -> None:
    wire = OpenAIWire("openai/gpt-4o-mini", base_url=None, api_key=KEY)
    price = wire.known().price
    assert price is not None
    whole, cached = (price.of(TokenUsage(1_000_000, hits, 100_000)) for hits in (0, 1_000_000))
    assert 0.05 < cached < whole < 1.0
    assert OpenAIWire("openai/gpt-4o-mini", base_url="http://127.0.0.1:9", api_key=KEY).known() == (
        Known()
    )
