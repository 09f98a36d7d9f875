"""The wire of OpenAI and of servers like it: the only importer of the openai client."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

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
    from openai import OpenAI

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
        self._lock = threading.Lock()

    def known(self) -> Known:
        """What litellm's list says of OpenAI's own models; the client passes everything on."""
        listed = find_hosted(self._name) if self._base_url is None else None
        if listed is None:
            return Known()
        return Known(thinks=listed.thinks, most_tokens=listed.output_tokens, price=listed.price)

    def load(self) -> None:
        """Import the client now."""
        _ = self._connected().chat.completions

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def send(self, call: Call) -> RawReply:
        """Make one attempt; raises what `Wire.send` says."""
        import httpx
        import openai

        failure: ModelError | Refused
        try:
            return RawReply(self._fetch(self._connected(), call))
        except openai.APIStatusError as error:
            answer = error.response
            failure = Refused(read_fault(error.status_code, answer.content, answer.headers))
        except (openai.APITimeoutError, httpx.TimeoutException):
            failure = self._timeout(call)
        except (openai.APIConnectionError, httpx.TransportError) as error:
            reason = type(error.__cause__ or error).__name__
            failure = ModelUnavailable(f"{self._name}: the connection failed ({reason})")
        except (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL) as error:
            failure = ModelReplyInvalid(f"{self._name}: no usable answer ({type(error).__name__})")
        # Raised out here because the client's own error, which holds the request and thus the
        # article, would travel along as its context.
        raise failure

    def _fetch(self, client: OpenAI, call: Call) -> bytes:
        deadline = time.monotonic() + call.timeout_seconds
        with client.chat.completions.with_streaming_response.create(
            model=self._name.removeprefix("openai/"),
            messages=[],
            # Sent as it is: the client would take milliseconds to compare each part of the
            # messages and of the schema with its own types, and change nothing.
            extra_body={
                "messages": [asdict(message) for message in call.messages],
                **call.parameters(),
                **call.extra,
            },
            timeout=call.timeout_seconds,
        ) as response:
            body = bytearray()
            # The client's timeout is per read: only between chunks can the whole be limited.
            for chunk in response.iter_bytes():
                body += chunk
                if time.monotonic() > deadline:
                    raise self._timeout(call)
                if len(body) > _MOST_BYTES:
                    raise ModelReplyInvalid(f"{self._name}: the reply is over {_MOST_BYTES} bytes")
            return bytes(body)

    def _connected(self) -> OpenAI:
        import openai

        with self._lock:
            if self._client is None:
                # At DEBUG the client logs whole requests, and with them the article.
                logging.getLogger("openai").setLevel(logging.WARNING)
                self._client = openai.OpenAI(
                    base_url=self._base_url or _OPENAI,
                    api_key=self._api_key or _NO_KEY,
                    max_retries=0,
                )
            return self._client

    def _timeout(self, call: Call) -> ModelTimeout:
        return ModelTimeout(f"{self._name}: no answer within {call.timeout_seconds:.3g} s")
