"""Models that run in this process on llama.cpp: the only importer of xllamacpp."""

from __future__ import annotations

import atexit
import json
import threading
import time
from pathlib import Path
from typing import Any, Final, Literal, Protocol
from weakref import WeakValueDictionary

from extractor.errors import (
    ModelError,
    ModelPromptTooLong,
    ModelRejected,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnavailable,
    WeightsCorrupt,
    require,
)
from extractor.models.adapters import Adapter
from extractor.models.base import JsonSchema, ModelReply, ModelRequest, TokenUsage
from extractor.models.cores import choose_threads
from extractor.models.waiting import in_thread

# Spaces exactly where json.dumps puts them. Left free, small models write indented JSON, a quarter
# more tokens, or spaces without end; with no space at all they close lists early.
_SEPARATORS: Final[JsonSchema] = {
    "whitespace_flexible": False,
    "item_separator": ", ",
    "key_separator": ": ",
}
# llama.cpp answers unconstrained when it cannot compile a grammar. So the grammar asks for one more
# token at the end, which nothing but the grammar would write there. A reply in rows has it at the
# beginning: where one row more could follow, a model must choose between that and its own end.
_SEAL: Final = "~"
# The reader can only be stopped between two batches of the prompt: this is some seconds of work.
_BATCH_TOKENS: Final = 128
# Prompts with another beginning than the last one are kept here, rather than read again.
_PROMPT_CACHE_MIB: Final = 512
_CLOSING_SECONDS: Final = 30.0


class WeightsFile(Protocol):
    """What is known of the file of a model."""

    @property
    def name(self) -> str:
        """What the model is called in results."""
        ...

    @property
    def context_tokens(self) -> int:
        """Context that the model was trained for."""
        ...

    @property
    def remedy(self) -> str:
        """What to do if the file cannot be loaded."""
        ...

    def digest_with(self, adapter: str | None) -> str:
        """The digest with the adapter of that sha256 on top, or with none."""
        ...


class EmbeddedModel:
    """A `ModelClient` over a local file; loaded at the first call and shared within the process.

    Calls queue for the one loaded model, and time in the queue counts. `threads` of None means the
    cores that are free when it loads. Reading a prompt is interrupted only every few seconds, so a
    call may outlast its timeout by that much.

    Raises:
        MissingExtra: llama.cpp is not installed.
    """

    def __init__(
        self,
        model: WeightsFile,
        path: Path,
        *,
        threads: int | None,
        context_tokens: int,
        adapter: Adapter | None = None,
    ) -> None:
        require_llama(model.name)
        self.name = model.name
        self.digest: str | None = model.digest_with(adapter.sha256 if adapter else None)
        on_top = adapter.path if adapter else None
        self._key = (path, on_top, threads, min(context_tokens, model.context_tokens))
        self._remedy = model.remedy
        self._engine: _Engine | None = None

    @property
    def server_url(self) -> str:
        """The base URL of llama.cpp's own OpenAI-compatible server, on the loopback; loads."""
        return self._shared().url

    def load(self) -> None:
        """Load now what would be loaded by the first call; no other thread runs meanwhile."""
        self._shared().load()

    def complete(self, request: ModelRequest) -> ModelReply:
        """Make one attempt; raise only `ModelError`, or `WeightsCorrupt` on first use."""
        return self._shared().complete(request, threading.Event())

    async def acomplete(self, request: ModelRequest) -> ModelReply:
        """As `complete`, which a thread of its own waits for; cancelled, the model stops."""
        left = threading.Event()
        try:
            return await in_thread(lambda: self._shared().complete(request, left))
        finally:
            left.set()

    async def aclose(self) -> None:
        """Nothing to close: no event loop has anything of it."""

    def close(self) -> None:
        """Let go of the loaded model, which is freed when its last client does."""
        self._engine = None

    def _shared(self) -> _Engine:
        if self._engine is None:
            with _engines_lock:
                self._engine = _engines.get(self._key) or _Engine(*self._key, self._remedy)
                _engines[self._key] = self._engine
        return self._engine


def require_llama(name: str) -> None:
    """Raise `MissingExtra` if nothing here can run the model of that name."""
    require("xllamacpp", extra="embedded", wanted=name)


class _Engine:
    """One loaded model, which answers one call at a time."""

    def __init__(
        self,
        path: Path,
        adapter: Path | None,
        threads: int | None,
        context_tokens: int,
        remedy: str,
    ) -> None:
        self._path = path
        self._adapter = adapter
        self._threads = threads
        self._context_tokens = context_tokens
        self._remedy = remedy
        self._turn = threading.Lock()
        self._closing = threading.Event()
        self._server: Any = None

    @property
    def url(self) -> str:
        with self._turn:
            return f"{self._loaded().listening_address}/v1"

    def load(self) -> None:
        with self._turn:
            self._loaded()

    def complete(self, request: ModelRequest, left: threading.Event) -> ModelReply:
        deadline = time.monotonic() + request.timeout_seconds
        wait = min(request.timeout_seconds, threading.TIMEOUT_MAX)
        if not self._turn.acquire(timeout=wait):
            raise ModelTimeout(f"no turn within {request.timeout_seconds:g} s: the model is busy")
        try:
            reading = _Reading(request, self._context_tokens, deadline, self._closing, left)
            reading.run(self._loaded())
            return reading.reply()
        finally:
            self._turn.release()

    def close(self) -> None:
        self._closing.set()
        # Freed here, under the lock, so that nobody but `self` may refer to the server outside it.
        if self._turn.acquire(timeout=_CLOSING_SECONDS):
            self._server = None
            self._turn.release()

    def _loaded(self) -> Any:
        if self._closing.is_set():
            raise ModelUnavailable("the process is ending")
        if self._server is None:
            self._server = self._load()
        return self._server

    def _load(self) -> Any:
        import xllamacpp

        threads = self._threads or choose_threads()
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(self._path)
        if self._adapter is not None:
            on_top = xllamacpp.CommonAdapterLoraInfo()
            on_top.path, on_top.scale = str(self._adapter), 1.0
            parameters.lora_adapters = [on_top]
        parameters.n_ctx = self._context_tokens
        parameters.n_parallel = 1
        parameters.n_batch = _BATCH_TOKENS
        parameters.cpuparams.n_threads = threads
        parameters.cpuparams_batch.n_threads = threads
        parameters.cache_ram_mib = _PROMPT_CACHE_MIB
        # Without the full cache, models with sliding windows read every prompt from its start.
        parameters.swa_full = True
        parameters.fit_params = False
        parameters.verbosity = 0
        parameters.port = 0
        parameters.hostnames = ["127.0.0.1"]
        # Else any web page could use the model, and its neighbours' prompts could be read.
        parameters.cors_origins = "http://127.0.0.1"
        parameters.endpoint_slots = False
        parameters.ui = False
        try:
            return xllamacpp.Server(parameters)
        except RuntimeError:
            failure = self._cannot_load()
        raise failure

    def _cannot_load(self) -> WeightsCorrupt:
        told = f"llama.cpp cannot load {self._path.name}"
        if self._adapter is None:
            return WeightsCorrupt(told, hint=self._remedy)
        return WeightsCorrupt(
            f"{told} with {self._adapter.name}",
            hint="An adapter fits only the model it was made for: unset EXTRACTOR_ADAPTER_FILE, or"
            " name one that `make train` made for this model.",
        )


class _Reading:
    """One call: what has come back so far, and whether to stop it."""

    def __init__(
        self,
        request: ModelRequest,
        context_tokens: int,
        deadline: float,
        closing: threading.Event,
        left: threading.Event,
    ) -> None:
        self._request = request
        self._context_tokens = context_tokens
        self._deadline = deadline
        self._closing = closing
        self._left = left
        self._text: list[str] = []
        self._finish: str | None = None
        self._usage = TokenUsage()
        self._failure: ModelError | None = None
        self._server: Any = None
        self._stopped = False
        self._ended = threading.Event()

    def run(self, server: Any) -> None:
        """Run the call to its end; an interrupt stops it."""
        # In a thread of its own, because llama.cpp swallows a Ctrl-C that comes while it runs.
        self._server = server
        threading.Thread(target=self._call, name="llama.cpp", daemon=True).start()
        # Not `join`: interrupted once, it takes the thread for ended.
        try:
            self._ended.wait()
        except BaseException:
            self._stopped = True
            self._ended.wait()
            raise

    def reply(self) -> ModelReply:
        if self._failure is not None:
            raise self._failure
        if self._finish is None:
            raise ModelReplyInvalid("llama.cpp ended without finishing its reply")
        text = "".join(self._text)
        finish: Literal["stop", "length"] = "length" if self._finish == "length" else "stop"
        if not _was_constrained(text, finish, self._request):
            raise ModelRejected("llama.cpp could not turn the form of the reply into a grammar")
        text = text.removesuffix(_SEAL) if self._request.grammar is None else text[len(_SEAL) :]
        return ModelReply(text=text, finish=finish, usage=self._usage)

    def _call(self) -> None:
        try:
            self._server.handle_chat_completions(_body(self._request), self._take)
        except (RuntimeError, ValueError) as error:
            self._failure = ModelRejected(f"llama.cpp refused the call ({type(error).__name__})")
        finally:
            # Whoever waits may free the server next, so nothing here may refer to it any more.
            self._server = None
            self._ended.set()

    def _take(self, chunk: dict[str, Any]) -> bool:
        """Take one chunk of the stream; True stops it, an exception would vanish in llama.cpp."""
        try:
            self._check(chunk)
            self._keep(chunk)
        except ModelError as error:
            self._failure = error
        except (LookupError, TypeError, AttributeError):
            self._failure = ModelReplyInvalid("llama.cpp sent a chunk of an unknown form")
        return self._stopped or self._failure is not None

    def _check(self, chunk: dict[str, Any]) -> None:
        if self._closing.is_set():
            raise ModelUnavailable("the process is ending")
        if self._left.is_set():
            raise ModelUnavailable("nobody waits for the reply")
        if time.monotonic() > self._deadline:
            raise ModelTimeout(f"no reply within {self._request.timeout_seconds:g} s")
        if error := chunk.get("error"):
            if "n_prompt_tokens" in error:
                raise self._too_long(error["n_prompt_tokens"])
            raise ModelRejected(f"llama.cpp refused the call ({error.get('type')})")
        prompt = chunk.get("prompt_progress", {}).get("total", 0)
        if prompt + self._request.max_tokens > self._context_tokens:
            raise self._too_long(prompt)

    def _too_long(self, prompt_tokens: int) -> ModelPromptTooLong:
        return ModelPromptTooLong(
            f"a prompt of {prompt_tokens} tokens and a reply of up to {self._request.max_tokens} "
            f"do not fit the context of {self._context_tokens} tokens",
            hint="Raise EXTRACTOR_CONTEXT_TOKENS, or use the passage strategy.",
        )

    def _keep(self, chunk: dict[str, Any]) -> None:
        for choice in chunk.get("choices", []):
            self._text.append(choice["delta"].get("content") or "")
            self._finish = choice["finish_reason"] or self._finish
        if usage := chunk.get("usage"):
            self._usage = TokenUsage(
                prompt_tokens=usage["prompt_tokens"],
                cached_tokens=usage["prompt_tokens_details"]["cached_tokens"],
                output_tokens=usage["completion_tokens"],
                cost_usd=0.0,
                engine_seconds=_engine_seconds(chunk.get("timings")),
            )


def _engine_seconds(timings: dict[str, float] | None) -> float | None:
    if not timings:
        return None
    return (timings["prompt_ms"] + timings["predicted_ms"]) / 1000


def _body(request: ModelRequest) -> dict[str, Any]:
    return {
        "messages": [{"role": turn.role, "content": turn.content} for turn in request.messages],
        "grammar": _grammar(request),
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
        "cache_prompt": True,
        "stream": True,
        "stream_options": {"include_usage": True},
        "return_progress": True,
    }


def _grammar(request: ModelRequest) -> str:
    if request.grammar is not None:
        return f'%llguidance {{}}\nstart: "{_SEAL}" reply\n{request.grammar}'
    spacing: JsonSchema = _SEPARATORS if request.compact else {"whitespace_flexible": True}
    constrained = json.dumps({**request.json_schema, "x-guidance": spacing})
    return f'%llguidance {{}}\nstart: reply "{_SEAL}"\nreply: %json {constrained}\n'


def _was_constrained(text: str, finish: str, request: ModelRequest) -> bool:
    if request.grammar is not None:
        return text.startswith(_SEAL)
    if finish == "stop":
        return text.endswith(_SEAL)
    # A reply that was cut has no seal, but begins as only the grammar is sure to make it begin.
    properties = request.json_schema.get("properties")
    if not isinstance(properties, dict) or not properties:
        return True
    beginning = f"{{{json.dumps(next(iter(properties)))}: "
    if not request.compact:
        text, beginning = "".join(text.split()), beginning.rstrip()
    return text.startswith(beginning) or beginning.startswith(text)


_engines: WeakValueDictionary[tuple[Path, Path | None, int | None, int], _Engine] = (
    WeakValueDictionary()
)
_engines_lock = threading.Lock()


@atexit.register
def _close_engines() -> None:
    # A call that still runs while the interpreter is taken down would crash the process.
    for engine in list(_engines.values()):
        engine.close()
