"""Hosting: one process that runs the embedded models for all workers of a service.

A call is one connection to its socket: a line of JSON each way. A caller that closes the connection
before its answer has left, and the model stops.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

import extractor.errors
from extractor.errors import (
    ExtractorError,
    ModelError,
    ModelReplyInvalid,
    ModelUnavailable,
    WeightsError,
)
from extractor.models.base import (
    Message,
    ModelReply,
    ModelRequest,
    TokenUsage,
)
from extractor.models.catalogue import load_catalogue
from extractor.models.embedded import EmbeddedModel
from extractor.models.local_files import is_local_file, shown_name
from extractor.models.opening import open_model
from extractor.settings import Settings, load_settings

_LINE_BYTES: Final = 64 * 1024 * 1024
_PATIENCE_SECONDS: Final = 30.0
"""What the process of the models may take to listen: it starts when the workers do."""
_STEP_SECONDS: Final = 0.1


def is_embedded(name: str) -> bool:
    """Whether a model of that name runs on this machine."""
    return is_local_file(name) or load_catalogue().find(name) is not None


class SharedModel:
    """A `ModelClient` of a model in the process that listens at the address.

    `patience` is how many seconds `load` waits for that process.

    Raises:
        ExtractorError: the model cannot be opened.
    """

    def __init__(
        self, name: str, settings: Settings, address: str, patience: float = _PATIENCE_SECONDS
    ) -> None:
        # Opened and not loaded: what is missing is told here, as it is where a model is not shared.
        opened = open_model(name, settings)
        self.name = opened.name
        self.digest = opened.digest
        opened.close()
        self._asked_for = name
        self._address = address
        self._patience = patience

    def load(self) -> None:
        """Load now what the first call would load; the process of the models may still start.

        Raises:
            ModelUnavailable: it does not run.
            WeightsError: the file of local weights cannot be used.
        """
        latest = time.monotonic() + self._patience
        while True:
            try:
                asyncio.run(self._ask({"model": self._asked_for}))
            except ModelUnavailable:
                if time.monotonic() >= latest:
                    raise
                time.sleep(_STEP_SECONDS)
            else:
                return

    def complete(self, request: ModelRequest) -> ModelReply:
        """Make one attempt; in no event loop.

        Raises:
            ModelError: there was no reply.
            WeightsError: the file of local weights cannot be used.
        """
        return asyncio.run(self.acomplete(request))

    async def acomplete(self, request: ModelRequest) -> ModelReply:
        """Make one attempt; cancelled, it stops the model.

        Raises:
            ModelError: there was no reply.
            WeightsError: the file of local weights cannot be used.
        """
        answer = await self._ask({"model": self._asked_for, "request": asdict(request)})
        if answer is None:
            raise ModelReplyInvalid(f"{self.name}: its process gave no reply")
        return ModelReply(
            text=answer["text"],
            finish=answer["finish"],
            usage=TokenUsage(**answer["usage"]),
            adapted=tuple(answer["adapted"]),
        )

    def close(self) -> None:
        """Nothing to release: the process has the model."""

    async def aclose(self) -> None:
        """Nothing to release: a connection lasts as long as a call."""

    async def _ask(self, question: dict[str, Any]) -> dict[str, Any] | None:
        try:
            reader, writer = await asyncio.open_unix_connection(self._address, limit=_LINE_BYTES)
        except OSError:
            raise ModelUnavailable(f"{self.name}: its process does not run") from None
        try:
            writer.write(json.dumps(question).encode() + b"\n")
            line = await reader.readline()
        except OSError:
            line = b""
        finally:
            writer.close()
        if not line:
            raise ModelUnavailable(f"{self.name}: its process has ended")
        told = json.loads(line)
        if "error" in told:
            raise _error(told)
        reply: dict[str, Any] | None = told["reply"]
        return reply


class ModelHost:
    """Runs embedded models for callers of a socket, each opened once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clients: dict[str, EmbeddedModel] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one call."""
        with suppress(OSError):
            question = json.loads(await reader.readline())
            working = asyncio.ensure_future(self._answered(question))
            leaving = asyncio.ensure_future(reader.read(1))
            await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
            leaving.cancel()
            if working.done():
                writer.write(json.dumps(working.result()).encode() + b"\n")
            else:
                working.cancel()
        writer.close()

    async def _answered(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            client = await asyncio.to_thread(self._open, str(question["model"]))
            request = question.get("request")
            if request is None:
                await asyncio.to_thread(client.load)
                return {"reply": None}
            return {"reply": asdict(await client.acomplete(_request(request)))}
        except ExtractorError as error:
            told = {"error": type(error).__name__, "detail": error.detail, "hint": error.advice}
            return {**told, "retry_after": error.retry_after}

    def _open(self, name: str) -> EmbeddedModel:
        if name not in self._clients:
            client = open_model(name, self._settings)
            if not isinstance(client, EmbeddedModel):
                raise ModelUnavailable(f"{shown_name(name)} does not run here")
            self._clients.setdefault(name, client)
        return self._clients[name]


def _request(told: dict[str, Any]) -> ModelRequest:
    messages = tuple(Message(**message) for message in told.pop("messages"))
    return ModelRequest(messages=messages, **told)


def _error(told: dict[str, Any]) -> ExtractorError:
    kind = getattr(extractor.errors, told["error"])
    known = issubclass(kind, ModelError | WeightsError)
    error: ExtractorError = (kind if known else ModelUnavailable)(told["detail"], hint=told["hint"])
    error.retry_after = told["retry_after"]
    return error


async def _run(address: str) -> None:
    host = ModelHost(load_settings())
    server = await asyncio.start_unix_server(host.serve, address, limit=_LINE_BYTES)
    async with server:
        # Its standard input is a pipe of the process that started it, and ends with that one.
        await asyncio.to_thread(sys.stdin.buffer.read)
        server.close()


def main() -> None:
    """Host models at the address that is the only argument, as long as standard input lasts."""
    asyncio.run(_run(sys.argv[1]))


if __name__ == "__main__":
    main()
