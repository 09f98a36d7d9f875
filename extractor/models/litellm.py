"""The wire of every other provider, over litellm: its only importer.

The call is made as it is in our dialect: `litellm.drop_params`, which would leave out what a
provider does not take, leaves out the schema without a word, too.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import asdict
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from extractor.errors import (
    ModelError,
    ModelRefusedKey,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnavailable,
    require,
)
from extractor.models.hosted import find_hosted
from extractor.models.remote.faults import read_fault
from extractor.models.remote.wire import Call, Known, RawReply, Refused

if TYPE_CHECKING:
    import httpx
    from litellm import ModelResponse

# These are reached without a key, or by credentials that are not in the environment.
_OTHER_CREDENTIALS: Final = {"bedrock", "vertex_ai", "huggingface", "ollama", "ollama_chat"}
_PATIENCE: Final = (10.0, 60.0, 300.0, 1200.0, 7200.0)
_USERS: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, set[LiteLLMWire]]] = WeakKeyDictionary()
"""Who has called from which event loop; litellm keeps one pool of connections for each."""


class LiteLLMWire:
    """Carries calls for a provider/name of litellm; a leading litellm/ is left out of the call.

    Without a key litellm takes the provider's own variable, such as ANTHROPIC_API_KEY.
    A call that outlasts its timeout is abandoned: its thread ends when the provider lets go.

    Raises:
        MissingExtra: litellm is not installed.
    """

    def __init__(
        self, name: str, *, base_url: str | None = None, api_key: str | None = None
    ) -> None:
        require("litellm", extra="litellm", wanted=name)
        self._name = name
        self._model = name.removeprefix("litellm/")
        self._base_url = base_url
        self._api_key = api_key

    def known(self) -> Known:
        """What litellm's own tables say of the model."""
        _load()
        import litellm

        try:
            parameters = litellm.get_supported_openai_params(self._model)
        except Exception:  # an unknown provider, said by any of several exceptions
            parameters = None
        # Its list and not `completion_cost`, which says 0 where the list has no price.
        listed = find_hosted(self._model)
        return Known(
            parameters=frozenset(parameters) if parameters else None,
            thinks=listed.thinks if listed else False,
            most_tokens=listed.output_tokens if listed else None,
            price=listed.price if listed else None,
        )

    def load(self) -> None:
        """Import litellm now."""
        _load()

    def close(self) -> None:
        """Nothing to release: litellm keeps one pool of connections for the process."""

    async def aclose(self) -> None:
        """Close litellm's connections of this event loop, if no other wire uses them."""
        loop = asyncio.get_running_loop()
        users = _USERS.get(loop, set())
        users.discard(self)
        if loop in _USERS and not users:
            del _USERS[loop]
            await _close_clients(loop)

    def send(self, call: Call) -> RawReply:
        """Make one attempt; raises what `Wire.send` says."""
        _load()
        outcomes: SimpleQueue[RawReply | ModelError | Refused] = SimpleQueue()

        def attempt() -> None:
            outcomes.put(self._outcome(call))

        # In a thread of its own, because litellm limits only the wait for each next byte, and in
        # the main thread leaves an event loop behind.
        threading.Thread(target=attempt, name="litellm", daemon=True).start()
        try:
            outcome = outcomes.get(timeout=min(call.timeout_seconds, threading.TIMEOUT_MAX))
        except Empty:
            outcome = self._timeout(call)
        if not isinstance(outcome, RawReply):
            raise outcome
        return outcome

    async def asend(self, call: Call) -> RawReply:
        """Make one attempt; raises what `Wire.send` says."""
        _load()
        import litellm

        _USERS.setdefault(asyncio.get_running_loop(), set()).add(self)
        failure: ModelError | Refused
        try:
            async with asyncio.timeout(call.timeout_seconds):
                return RawReply(_as_openai(await litellm.acompletion(**self._request(call))))
        except TimeoutError:
            failure = self._timeout(call)
        except Exception as error:  # litellm's errors have no common base, some are bare Exception
            failure = self._translated(error, call)
        raise failure

    def _outcome(self, call: Call) -> RawReply | ModelError | Refused:
        import litellm

        try:
            return RawReply(_as_openai(litellm.completion(**self._request(call))))
        except Exception as error:  # as above
            return self._translated(error, call)

    def _request(self, call: Call) -> dict[str, Any]:
        return {
            "model": self._model,
            "messages": [asdict(message) for message in call.messages],
            "timeout": _patience(call.timeout_seconds),
            "api_base": self._base_url,
            "api_key": self._api_key,
            "max_retries": 0,
            "num_retries": 0,
            **call.parameters(),
            **({"extra_body": dict(call.extra)} if call.extra else {}),
        }

    def _translated(self, error: Exception, call: Call) -> ModelError | Refused:
        import httpx
        import litellm

        if isinstance(error, litellm.exceptions.Timeout):
            return self._timeout(call)
        causes = list(_causes(error))
        if answer := _answer(causes):
            # litellm's own classes are often wrong: a 529 is a 500, a filter is any bad request.
            return Refused(read_fault(answer.status_code, answer.content, answer.headers))
        if missing := self._missing():
            hint = f"Set in the environment: {', '.join(missing)}."
            return ModelRefusedKey(f"{self._name}: no credentials for its provider", hint=hint)
        name = type(error).__name__
        if any(isinstance(cause, httpx.TransportError) for cause in causes):
            return ModelUnavailable(f"{self._name}: the connection failed ({name})")
        status = getattr(error, "status_code", None)
        if not isinstance(status, int) or status >= 500:
            # That is what it calls an answer that it cannot read, too.
            return ModelReplyInvalid(f"{self._name}: no usable answer ({name})")
        # Nothing was sent. The class of the error may be all that tells what is meant.
        told = json.dumps({"type": name, "message": str(error)})
        return Refused(read_fault(status, told, sent=False))

    def _missing(self) -> list[str]:
        """The variables without which this provider cannot be asked, where that is sure."""
        import litellm

        if self._api_key or self._model.partition("/")[0] in _OTHER_CREDENTIALS:
            return []
        known = litellm.validate_environment(self._model, api_base=self._base_url)
        return list(known["missing_keys"])

    def _timeout(self, call: Call) -> ModelTimeout:
        return ModelTimeout(f"{self._name}: no answer within {call.timeout_seconds:.3g} s")


def _load() -> None:
    # Read when litellm is imported: the price map and a list of headers would be fetched from the
    # network, and a file named .env in the working directory loaded into the environment.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    import litellm

    litellm.suppress_debug_info = True
    # Below these levels they log whole requests and replies, and with them the article.
    for name in ("LiteLLM", "openai", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def _close_clients(loop: asyncio.AbstractEventLoop) -> None:
    import litellm

    clients = litellm.in_memory_llm_clients_cache
    # Its own `close_litellm_async_clients` would close those of other loops, too.
    for key in [key for key in clients.cache_dict if key.endswith(f"-{id(loop)}")]:
        client = clients.cache_dict[key]
        del clients.cache_dict[key]
        await (client.aclose() if hasattr(client, "aclose") else client.close())


def _patience(seconds: float) -> float:
    """The next of a few timeouts: litellm makes a client, and a connection, for each new one."""
    return next((step for step in _PATIENCE if step >= seconds), seconds)


def _as_openai(completion: ModelResponse) -> str:
    payload = completion.model_dump(mode="json", warnings=False)
    for choice in payload.get("choices", []):
        message = choice.get("message", {})
        extras = message.get("provider_specific_fields") or {}
        message.setdefault("refusal", extras.get("refusal"))
    return json.dumps(payload)


def _answer(causes: list[BaseException]) -> httpx.Response | None:
    """The provider's own answer, which litellm's errors have somewhere among their causes."""
    import httpx

    for cause in reversed(causes):
        response = getattr(cause, "response", None)
        # It makes up answers of its own, too, which are empty.
        if isinstance(response, httpx.Response) and response.is_closed and response.content:
            return response
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
