"""Real models in this process: one of the catalogue, and one in a file of the user's own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from extractor import Extractor
from extractor.errors import ModelRejected, ModelTimeout, ModelUnavailable, WeightsCorrupt
from extractor.models import Message, ModelRequest, open_model
from extractor.models.adapters import Adapter
from extractor.models.base import JsonSchema
from extractor.models.catalogue import load_catalogue
from extractor.models.cores import choose_threads
from extractor.models.embedded import EmbeddedModel
from extractor.models.local_files import find_local_file
from extractor.settings import Settings
from tests.models.gguf_files import write_gguf

pytestmark = pytest.mark.embedded
CONTEXT_TOKENS = 1024
SCHEMA: JsonSchema = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {"enum": [1, 2]},
            "minItems": 1,
            "maxItems": 2,
        },
        "who": {"type": ["string", "null"]},
        "kind": {"enum": ["loan", "grant"]},
    },
    "required": ["sentences", "who", "kind"],
    "additionalProperties": False,
}
ENDLESS: JsonSchema = {"type": "array", "items": {"enum": [1]}, "minItems": 400}
INSTRUCTIONS = "You read news and answer in JSON: sentences, who, kind. " * 9
_SETTINGS = Settings(context_tokens=4096, max_tokens=160, timeout_seconds=120)
_REQUEST = ModelRequest(
    messages=(Message("system", "Answer in JSON."), Message("user", "[1] Ana lends Bo 5 euros.")),
    json_schema={
        "type": "object",
        "properties": {"kind": {"enum": ["loan", "grant"]}},
        "required": ["kind"],
        "additionalProperties": False,
    },
    schema_name="draft",
    max_tokens=40,
    timeout_seconds=60.0,
)


def _request(
    text: str = "[1] Ana lends Bo 5 euros.",
    *,
    schema: JsonSchema = SCHEMA,
    instructions: str = "Answer in JSON.",
    max_tokens: int = 60,
    timeout_seconds: float = 60.0,
) -> ModelRequest:
    return ModelRequest(
        messages=(Message("system", instructions), Message("user", text)),
        json_schema=schema,
        schema_name="draft",
        max_tokens=max_tokens,
        timeout_seconds=timeout_seconds,
    )


def _open(path: Path) -> EmbeddedModel:
    model = load_catalogue().get("smollm2-135m")
    return EmbeddedModel(model, path, threads=Settings().threads, context_tokens=CONTEXT_TOKENS)


@pytest.fixture(scope="module")
def model(embedded_weights: Path) -> Iterator[EmbeddedModel]:
    opened = _open(embedded_weights)
    yield opened
    opened.close()


def test_a_reply_obeys_the_schema_and_tells_its_tokens(model: EmbeddedModel) -> None:
    reply = model.complete(_request())
    draft = json.loads(reply.text)
    assert list(draft) == ["sentences", "who", "kind"]
    assert 1 <= len(draft["sentences"]) <= 2
    assert set(draft["sentences"]) <= {1, 2}
    assert isinstance(draft["who"], str | None)
    assert draft["kind"] in ("loan", "grant")
    assert reply.finish == "stop"
    assert reply.usage.prompt_tokens > 10
    assert 5 < reply.usage.output_tokens <= 60
    assert reply.usage.cost_usd == 0.0


def test_a_reply_has_no_white_space_beyond_that_of_json_dumps(model: EmbeddedModel) -> None:
    text = model.complete(_request()).text
    assert text == json.dumps(json.loads(text), ensure_ascii=False)


def test_a_reply_that_need_not_be_compact_may_be_indented_and_obeys_the_schema_too(
    model: EmbeddedModel,
) -> None:
    wanted = _request('Answer indented by two spaces, like {\n  "sentences": [\n    1\n  ],')
    loose = replace(wanted, compact=False, max_tokens=200)
    reply = model.complete(loose)
    if reply.finish == "stop":
        assert list(json.loads(reply.text)) == ["sentences", "who", "kind"]
    cut = model.complete(replace(loose, max_tokens=8))
    assert cut.finish == "length"
    assert "".join(cut.text.split()).startswith('{"sentences":[')


def test_what_two_prompts_begin_with_is_read_once(model: EmbeddedModel) -> None:
    model.complete(_request("[1] Ana lends Bo 5 euros.", instructions=INSTRUCTIONS))
    usage = model.complete(_request("[1] Cleo gives 7 euros.", instructions=INSTRUCTIONS)).usage
    assert usage.cached_tokens > 0.7 * usage.prompt_tokens > 70
    assert usage.engine_seconds is not None
    assert usage.engine_seconds > 0


def test_threads_share_one_loaded_model(embedded_weights: Path, model: EmbeddedModel) -> None:
    clients = [_open(embedded_weights) for _ in range(4)]
    alone = [model.complete(_request(f"[1] Firm {n} lends {n} euros.")).text for n in range(4)]

    def call(number: int) -> str:
        return clients[number].complete(_request(f"[1] Firm {number} lends {number} euros.")).text

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(call, range(4))) == alone
    assert {client.server_url for client in clients} == {model.server_url}


def test_a_reply_that_is_cut_says_so(model: EmbeddedModel) -> None:
    reply = model.complete(_request(max_tokens=4))
    assert reply.finish == "length"
    assert reply.usage.output_tokens == 4


@pytest.mark.parametrize("words", [CONTEXT_TOKENS * 2, CONTEXT_TOKENS - 150])
def test_a_prompt_that_leaves_no_room_is_rejected_at_once(model: EmbeddedModel, words: int) -> None:
    before = time.monotonic()
    with pytest.raises(ModelRejected) as caught:
        model.complete(_request("word " * words, max_tokens=200))
    assert str(CONTEXT_TOKENS) in str(caught.value)
    assert "word word" not in str(caught.value)
    assert time.monotonic() - before < 2


@pytest.mark.parametrize("fault", [{"type": "nope"}, {"$ref": "#/nowhere"}])
@pytest.mark.parametrize("max_tokens", [6, 100], ids=["cut", "whole"])
def test_a_schema_that_is_no_grammar_is_rejected_and_not_ignored(
    model: EmbeddedModel, fault: JsonSchema, max_tokens: int
) -> None:
    schema: JsonSchema = {"type": "object", "properties": {"who": fault}, "required": ["who"]}
    with pytest.raises(ModelRejected, match="grammar"):
        model.complete(_request("Say no.", schema=schema, max_tokens=max_tokens))


def test_a_call_that_takes_too_long_is_stopped(model: EmbeddedModel) -> None:
    before = time.monotonic()
    with pytest.raises(ModelTimeout):
        model.complete(_request(schema=ENDLESS, max_tokens=900, timeout_seconds=0.5))
    assert time.monotonic() - before < 3
    assert model.complete(_request()).finish == "stop"


def test_a_cancelled_call_stops_the_model(model: EmbeddedModel) -> None:
    async def leave() -> None:
        call = asyncio.ensure_future(model.acomplete(_request(schema=ENDLESS, max_tokens=900)))
        await asyncio.sleep(0.5)
        assert not call.done()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    model.load()
    asyncio.run(leave())
    # A model that still wrote would not be free so soon.
    assert model.complete(_request(max_tokens=4, timeout_seconds=3.0)).finish == "length"


def test_time_in_the_queue_counts(model: EmbeddedModel) -> None:
    long = _request(schema=ENDLESS, max_tokens=900, timeout_seconds=1.0)
    running = threading.Thread(target=lambda: pytest.raises(ModelTimeout, model.complete, long))
    running.start()
    time.sleep(0.2)
    before = time.monotonic()
    with pytest.raises(ModelTimeout, match="busy"):
        model.complete(_request(timeout_seconds=0.3))
    assert 0.25 < time.monotonic() - before < 1
    running.join()


def test_a_file_that_is_no_model_is_corrupt(tmp_path: Path, embedded_weights: Path) -> None:
    cut = tmp_path / "cut.gguf"
    with embedded_weights.open("rb") as whole:
        cut.write_bytes(whole.read(1_000_000))
    with pytest.raises(WeightsCorrupt, match="cut.gguf") as caught:
        _open(cut).complete(_request())
    assert "--force" in caught.value.advice


def test_nothing_is_written_to_the_console(
    embedded_weights: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    catalogued = load_catalogue().get("smollm2-135m")
    other = EmbeddedModel(catalogued, embedded_weights, threads=1, context_tokens=1024)
    other.complete(_request())
    other.close()
    assert capfd.readouterr() == ("", "")


def test_an_adapter_that_is_none_is_told_with_what_to_do(
    embedded_weights: Path, tmp_path: Path
) -> None:
    file = tmp_path / "own.gguf"
    file.write_bytes(b"no adapter at all")
    catalogued = load_catalogue().get("smollm2-135m")
    adapter = Adapter(file, "0" * 64)
    model = EmbeddedModel(
        catalogued, embedded_weights, threads=1, context_tokens=1024, adapter=adapter
    )
    with pytest.raises(WeightsCorrupt, match=r"own\.gguf") as caught:
        model.load()
    assert "EXTRACTOR_ADAPTER_FILE" in caught.value.advice
    assert model.digest == f"{catalogued.sha256}+{adapter.sha256}"


def test_the_server_inside_answers_on_the_loopback_only(model: EmbeddedModel) -> None:
    assert model.server_url.startswith("http://127.0.0.1:")
    assert httpx.get(f"{model.server_url}/models", timeout=5).json()["data"]


def test_a_process_that_ends_during_a_call_ends_well(embedded_weights: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_end_during_a_call, args=(embedded_weights,)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 0


def _end_during_a_call(path: Path) -> None:
    model = _open(path)
    model.load()
    endless = _request(schema=ENDLESS, max_tokens=900)
    threading.Thread(target=_ignoring_its_end, args=(model, endless), daemon=True).start()
    time.sleep(0.3)


def _ignoring_its_end(model: EmbeddedModel, request: ModelRequest) -> None:
    with contextlib.suppress(ModelUnavailable):
        model.complete(request)


def test_an_interrupt_during_a_call_is_not_lost(embedded_weights: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_interrupt_a_call, args=(embedded_weights,)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 42


def _interrupt_a_call(path: Path) -> None:
    # A shell starts background jobs with the signal ignored, and Python then leaves it so.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    model = _open(path)
    model.load()
    threading.Timer(0.3, os.kill, args=(os.getpid(), signal.SIGINT)).start()
    try:
        model.complete(_request(schema=ENDLESS, max_tokens=900))
    except KeyboardInterrupt:
        sys.exit(42)


def test_at_least_one_thread_and_never_more_than_the_processors_is_chosen() -> None:
    import psutil

    assert 1 <= choose_threads() <= (psutil.cpu_count() or 1)


@pytest.fixture
def own(embedded_weights: Path, tmp_path: Path) -> Path:
    file = tmp_path / "own.gguf"
    file.symlink_to(embedded_weights)
    return file


def test_a_model_in_a_file_of_the_users_own_replies(own: Path) -> None:
    model = open_model(str(own), _SETTINGS)
    assert json.loads(model.complete(_REQUEST).text)["kind"] in ("loan", "grant")
    model.close()


def test_a_real_file_tells_the_context_it_was_trained_for(own: Path) -> None:
    assert find_local_file(str(own), 1).context_tokens == 8192


def test_results_name_the_file_and_its_digest_and_not_its_folder(own: Path) -> None:
    with Extractor(str(own), settings=_SETTINGS) as extractor:
        result = extractor.extract("Alderon will give $40 million to Briar.")
    assert result.usage.calls >= 1
    stamp = result.provenance
    official = load_catalogue().get("smollm2-135m").sha256
    assert (stamp.model, stamp.model_digest) == ("own.gguf", official)
    assert (stamp.strategy, stamp.policy) == ("passage", "told")
    assert str(own.parent) not in result.model_dump_json()


def test_a_file_that_llama_cpp_cannot_load_is_told_with_what_to_do(tmp_path: Path) -> None:
    model = open_model(str(write_gguf(tmp_path / "empty.gguf")), _SETTINGS)
    with pytest.raises(WeightsCorrupt, match=r"empty\.gguf") as caught:
        model.complete(_REQUEST)
    assert "pull" not in caught.value.advice
