"""The wire of OpenAI and of servers like it: the only importer of the openai client."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from asyncio import AbstractEventLoop
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from extractor.errors import (
    ModelError,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnavailable,
    require,
)
from extractor.models.hosted import find_hosted
from extractor.models.remote.faults import read_fault
from extractor.models.remote.wire import Call, Known, RawReply, Refused

if TYPE_CHECKING:
    from ssl import SSLContext

    from openai import AsyncOpenAI, OpenAI

# For each call the client looks through all of its connections, several times: with 256 of them
# that took longer than all the rest.
_CALLS_OF_A_CLIENT: Final = 4
_MOST_BYTES: Final = 16 * 1024 * 1024
# The client insists on a key; a server of one's own mostly wants none.
_NO_KEY: Final = "none"
# Named, or the client would take whatever OPENAI_BASE_URL says.
_OPENAI: Final = "https://api.openai.com/v1"


class OpenAIWire:
    """Carries calls of chat completions.

    `name` is openai/NAME, of which the server is told NAME. With `base_url` no key is needed.

    Raises:
        MissingExtra: the client is not installed.
    """

    def __init__(self, name: str, *, base_url: str | None, api_key: str | None) -> None:
        require("openai", extra="openai", wanted=name)
        self._name = name
        self._base_url = base_url
        self._api_key = api_key
        self._client: OpenAI | None = None
        self._of_loops: dict[AbstractEventLoop, list[_Shared]] = {}
        self._lock = threading.Lock()

    def known(self) -> Known:
        """What litellm's list says of OpenAI's own models; the client passes everything on."""
        listed = find_hosted(self._name) if self._base_url is None else None
        if listed is None:
            return Known()
        return Known(thinks=listed.thinks, most_tokens=listed.output_tokens, price=listed.price)

    def load(self) -> None:
        """Import the client now."""
        from openai.resources.chat import completions as _completions  # noqa: F401

    def close(self) -> None:
        """Close the connections of threads; the next call opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        for each in self._of_loops.pop(asyncio.get_running_loop(), ()):
            await each.client.close()

    def send(self, call: Call) -> RawReply:
        """Make one attempt; raises what `Wire.send` says."""
        try:
            return self._fetch(self._connected(), call)
        except _errors() as error:
            failure = self._translated(error, call)
        # Raised out here because the client's own error, which holds the request and thus the
        # article, would travel along as its context.
        raise failure

    async def asend(self, call: Call) -> RawReply:
        """Make one attempt; raises what `Wire.send` says."""
        failure: ModelError | Refused
        shared = self._connected_here()
        shared.calls += 1
        try:
            async with asyncio.timeout(call.timeout_seconds):
                return await self._awaited(shared.client, call)
        except TimeoutError:
            failure = self._timeout(call)
        except _errors() as error:
            failure = self._translated(error, call)
        finally:
            shared.calls -= 1
        raise failure

    def _fetch(self, client: OpenAI, call: Call) -> RawReply:
        deadline = time.monotonic() + call.timeout_seconds
        create = client.chat.completions.with_streaming_response.create
        with create(**self._request(call)) as response:
            body = _Body(self._name)
            # The client's timeout is per read: only between chunks can the whole be limited.
            for chunk in response.iter_bytes():
                body.add(chunk)
                if time.monotonic() > deadline:
                    raise self._timeout(call)
            return body.reply()

    async def _awaited(self, client: AsyncOpenAI, call: Call) -> RawReply:
        create = client.chat.completions.with_streaming_response.create
        async with create(**self._request(call)) as response:
            body = _Body(self._name)
            async for chunk in response.iter_bytes():
                body.add(chunk)
            return body.reply()

    def _request(self, call: Call) -> dict[str, Any]:
        return {
            "model": self._name.removeprefix("openai/"),
            "messages": [],
            # Sent as it is: the client would take milliseconds to compare each part of the
            # messages and of the schema with its own types, and change nothing.
            "extra_body": {
                "messages": [asdict(message) for message in call.messages],
                **call.parameters(),
                **call.extra,
            },
            "timeout": call.timeout_seconds,
        }

    def _translated(self, error: Exception, call: Call) -> ModelError | Refused:
        import httpx
        import openai

        if isinstance(error, openai.APIStatusError):
            answer = error.response
            return Refused(read_fault(error.status_code, answer.content, answer.headers))
        if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
            return self._timeout(call)
        if isinstance(error, openai.APIConnectionError | httpx.TransportError):
            reason = type(error.__cause__ or error).__name__
            return ModelUnavailable(f"{self._name}: the connection failed ({reason})")
        return ModelReplyInvalid(f"{self._name}: no usable answer ({type(error).__name__})")

    def _connected(self) -> OpenAI:
        import openai

        with self._lock:
            if self._client is None:
                client = openai.DefaultHttpxClient(verify=_certificates())
                self._client = openai.OpenAI(**self._address(), http_client=client)
            return self._client

    def _connected_here(self) -> _Shared:
        """A client of the running event loop, with room: no other loop can use its connections."""
        loop = asyncio.get_running_loop()
        with self._lock:
            if loop not in self._of_loops:
                # What a closed loop has left open cannot be closed any more.
                for closed in [each for each in self._of_loops if each.is_closed()]:
                    del self._of_loops[closed]
            clients = self._of_loops.setdefault(loop, [])
            with_room = (each for each in clients if each.calls < _CALLS_OF_A_CLIENT)
            found = next(with_room, None)
            if found is None:
                found = self._new_client()
                clients.append(found)
            return found

    def _new_client(self) -> _Shared:
        import openai

        client = openai.DefaultAsyncHttpxClient(verify=_certificates())
        return _Shared(openai.AsyncOpenAI(**self._address(), http_client=client))

    def _address(self) -> dict[str, Any]:
        # At DEBUG the client logs whole requests, and with them the article.
        logging.getLogger("openai").setLevel(logging.WARNING)
        return {
            "base_url": self._base_url or _OPENAI,
            "api_key": self._api_key or _NO_KEY,
            "max_retries": 0,
        }

    def _timeout(self, call: Call) -> ModelTimeout:
        return ModelTimeout(f"{self._name}: no answer within {call.timeout_seconds:.3g} s")


@dataclass(slots=True)
class _Shared:
    """A client that some calls share, and how many."""

    client: AsyncOpenAI
    calls: int = 0


@cache
def _certificates() -> SSLContext:
    """Those of the process: to read them takes longer than a call."""
    import httpx

    return httpx.create_ssl_context()


class _Body:
    """The body of an answer, which has a limit."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._read = bytearray()

    def add(self, chunk: bytes) -> None:
        self._read += chunk
        if len(self._read) > _MOST_BYTES:
            raise ModelReplyInvalid(f"{self._name}: the reply is over {_MOST_BYTES} bytes")

    def reply(self) -> RawReply:
        return RawReply(bytes(self._read))


def _errors() -> tuple[type[Exception], ...]:
    """What the client raises; it is imported when there is an error at the latest."""
    import httpx
    import openai

    return openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL
