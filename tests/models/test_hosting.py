"""One process that has the embedded models, for all workers of a service."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.api.warming import Warming
from extractor.errors import ModelPromptTooLong, ModelUnavailable, ServiceBusy, WeightsMissing
from extractor.models import Message, ModelRequest
from extractor.models.hosting import SharedModel, is_embedded
from extractor.settings import Settings
from tests.fakeserver import until

_SETTINGS = Settings(model="smollm2-135m")
_WORDS = "one two three "


def _request(*, items: int = 1, words: int = 1) -> ModelRequest:
    return ModelRequest(
        messages=(Message("system", "Answer in JSON."), Message("user", _WORDS * words)),
        json_schema={
            "type": "object",
            "properties": {
                "kinds": {"type": "array", "items": {"enum": ["loan"]}, "minItems": items}
            },
            "required": ["kinds"],
            "additionalProperties": False,
        },
        schema_name="draft",
        max_tokens=40 if items == 1 else 2000,
        timeout_seconds=100.0,
    )


@pytest.fixture(scope="module", name="host")
def _host(
    tmp_path_factory: pytest.TempPathFactory, embedded_weights: Path
) -> Iterator[subprocess.Popen[bytes]]:
    assert embedded_weights.exists()
    address = tmp_path_factory.mktemp("host") / "models"
    command = [sys.executable, "-m", "extractor.models.hosting", str(address)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        until(address.exists)
        process.args = [str(address)]
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 0


def _model(host: subprocess.Popen[bytes]) -> SharedModel:
    assert isinstance(host.args, list)
    return SharedModel("smollm2-135m", _SETTINGS, str(host.args[0]))


@pytest.mark.embedded
def test_two_clients_share_a_model_and_get_what_one_alone_gets(
    host: subprocess.Popen[bytes],
) -> None:
    first, second = _model(host), _model(host)
    first.load()
    alone = first.complete(_request())
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda model: model.complete(_request()), (first, second)))
    assert [reply.text for reply in both] == [alone.text] * 2
    assert alone.usage.output_tokens > 0
    assert first.digest is not None


@pytest.mark.embedded
def test_an_error_there_is_the_same_error_here(host: subprocess.Popen[bytes]) -> None:
    with pytest.raises(ModelPromptTooLong) as told:
        _model(host).complete(_request(words=9000))
    assert "EXTRACTOR_CONTEXT_TOKENS" in told.value.advice


@pytest.mark.embedded
def test_a_caller_who_leaves_stops_the_model(host: subprocess.Popen[bytes]) -> None:
    model = _model(host)
    model.load()

    async def leave() -> None:
        call = asyncio.ensure_future(model.acomplete(_request(items=900)))
        await asyncio.sleep(1)
        assert not call.done()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(leave())
    # A model that still wrote would not be free so soon.
    assert model.complete(replace(_request(), timeout_seconds=20.0)).text


@pytest.mark.embedded
def test_a_service_is_ready_once_that_process_has_its_model(
    host: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert isinstance(host.args, list)
    address = tmp_path / "models"
    warming = Warming(SharedModel("smollm2-135m", _SETTINGS, str(address)))
    warming.start()
    time.sleep(1)
    assert isinstance(warming.trouble, ServiceBusy)
    address.symlink_to(str(host.args[0]))
    until(lambda: warming.trouble is None)


@pytest.mark.embedded
def test_a_service_is_not_ready_without_that_process(
    tmp_path: Path, embedded_weights: Path
) -> None:
    assert embedded_weights.exists()
    model = SharedModel("smollm2-135m", _SETTINGS, str(tmp_path / "nowhere"), patience=0.3)
    warming = Warming(model)
    warming.load()
    assert isinstance(warming.trouble, ModelUnavailable)


@pytest.mark.embedded
def test_without_its_process_a_model_is_unavailable(tmp_path: Path, embedded_weights: Path) -> None:
    assert embedded_weights.exists()
    model = SharedModel("smollm2-135m", _SETTINGS, str(tmp_path / "nowhere"))
    with pytest.raises(ModelUnavailable, match="does not run"):
        model.complete(_request())


def test_missing_weights_are_told_before_anybody_is_asked(tmp_path: Path) -> None:
    settings = _SETTINGS.model_copy(update={"models_dir": tmp_path})
    with pytest.raises(WeightsMissing):
        SharedModel("smollm2-135m", settings, str(tmp_path / "nowhere"))


def test_models_of_this_machine_are_told_from_those_of_a_provider() -> None:
    assert is_embedded("smollm2-135m")
    assert is_embedded("./own.gguf")
    assert not is_embedded("openai/gpt-5-mini")
