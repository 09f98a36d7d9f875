"""Models behind an OpenAI-compatible server: the only importer of the openai client."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from extractor.errors import ModelError, ModelReplyInvalid, ModelTimeout, ModelUnavailable
from extractor.models.base import ModelReply, ModelRequest
from extractor.models.completion import read_completion
from extractor.models.failures import error_of_status

if TYPE_CHECKING:
    from openai import OpenAI

_MOST_BYTES: Final = 16 * 1024 * 1024
# The client insists on a key; a server of one's own mostly wants none.
_NO_KEY: Final = "none"


class OpenAIModel:
    """A `ModelClient` over chat completions constrained by a strict JSON schema.

    `name` is openai/NAME, of which the server is told NAME. With `base_url` no key is needed.
    """

    digest: str | None = None

    def __init__(self, name: str, *, base_url: str | None, api_key: str | None) -> None:
        self.name = name
        self._base_url = base_url
        self._api_key = api_key
        self._client: OpenAI | None = None
        self._lock = threading.Lock()

    def complete(self, request: ModelRequest) -> ModelReply:
        """Make one attempt; raise only `ModelError`."""
        return read_completion(self._body(request))

    def load(self) -> None:
        """Import the client now, which takes longer than most calls, and not with the first one."""
        _ = self._connected().chat.completions

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _body(self, request: ModelRequest) -> bytes:
        import httpx
        import openai

        failure: ModelError
        try:
            return self._fetch(self._connected(), request)
        except openai.APIStatusError as error:
            failure = error_of_status(
                error.status_code,
                model=self.name,
                code=error.code,
                retry_after=error.response.headers.get("retry-after"),
            )
        except (openai.APITimeoutError, httpx.TimeoutException):
            failure = self._timeout(request)
        except (openai.APIConnectionError, httpx.TransportError) as error:
            reason = type(error.__cause__ or error).__name__
            failure = ModelUnavailable(f"{self.name}: the connection failed ({reason})")
        except (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL) as error:
            failure = ModelReplyInvalid(f"{self.name}: no usable answer ({type(error).__name__})")
        # Raised out here because the client's own error, which holds the request and thus the
        # article, would travel along as its context.
        raise failure

    def _fetch(self, client: OpenAI, request: ModelRequest) -> bytes:
        import openai

        deadline = time.monotonic() + request.timeout_seconds
        # OpenAI's newer models refuse max_tokens; many compatible servers know nothing else.
        own_server = self._base_url is not None
        with client.chat.completions.with_streaming_response.create(
            model=self.name.removeprefix("openai/"),
            messages=[],
            # Sent as it is: the client would take milliseconds to compare each part of the
            # messages and of the schema with its own types, and change nothing.
            extra_body={
                "messages": [asdict(message) for message in request.messages],
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {
                        "name": request.schema_name,
                        "schema": request.json_schema,
                        "strict": True,
                    },
                },
            },
            max_tokens=request.max_tokens if own_server else openai.omit,
            max_completion_tokens=openai.omit if own_server else request.max_tokens,
            temperature=request.temperature,
            seed=request.seed,
            timeout=request.timeout_seconds,
        ) as response:
            body = bytearray()
            # The client's timeout is per read: only between chunks can the whole be limited.
            for chunk in response.iter_bytes():
                body += chunk
                if time.monotonic() > deadline:
                    raise self._timeout(request)
                if len(body) > _MOST_BYTES:
                    raise ModelReplyInvalid(f"{self.name}: the reply is over {_MOST_BYTES} bytes")
            return bytes(body)

    def _connected(self) -> OpenAI:
        import openai

        with self._lock:
            if self._client is None:
                # At DEBUG the client logs whole requests, and with them the article.
                logging.getLogger("openai").setLevel(logging.WARNING)
                self._client = openai.OpenAI(
                    base_url=self._base_url, api_key=self._api_key or _NO_KEY, max_retries=0
                )
            return self._client

    def _timeout(self, request: ModelRequest) -> ModelTimeout:
        return ModelTimeout(f"{self.name}: no answer within {request.timeout_seconds:g} s")
