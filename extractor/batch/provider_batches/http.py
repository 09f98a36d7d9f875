"""HTTP to the API of a provider: JSON, files and lines, and errors as errors of a model."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import ModelReplyInvalid, ModelTimeout, ModelUnavailable, require
from extractor.models.remote.faults import read_fault

if TYPE_CHECKING:
    import httpx

_CHUNK: Final = 1 << 20
_CONNECT_SECONDS: Final = 10.0
_READ_SECONDS: Final = 300.0
_MOST_LINE_BYTES: Final = 16 * 1024 * 1024
Params = Mapping[str, str | int]


class Told(BaseModel):
    """What an API tells; whatever else it says does not matter here."""

    model_config = ConfigDict(extra="ignore", frozen=True)


_Told = TypeVar("_Told", bound=Told)


class Api:
    """Calls of one account, each made once.

    Retryable errors leave open whether a call had an effect.

    Args:
        name: what errors call the provider's model.
        address: what all paths are appended to.
        headers: sent with every call; they hold the key and are never told.
        extra: the extra of ours that brings httpx.

    Raises:
        MissingExtra: httpx is not installed.
    """

    def __init__(self, name: str, address: str, headers: Mapping[str, str], extra: str) -> None:
        require("httpx", extra=extra, wanted=f"A batch of {name}")
        import httpx

        # At DEBUG it logs headers, and with them the key.
        logging.getLogger("httpcore").setLevel(logging.WARNING)
        self._name = name
        self._client = httpx.Client(
            base_url=address.rstrip("/") + "/",
            headers=dict(headers),
            timeout=httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS),
        )

    def get(self, path: str, told: type[_Told], params: Params | None = None) -> _Told:
        """What a path tells.

        Raises:
            ModelError: the API refuses, or does not answer.
            ModelReplyInvalid: it answers otherwise than it should.
        """
        return self._call("GET", path, told, params=dict(params or {}))

    def post(self, path: str, told: type[_Told], body: object = None) -> _Told:
        """What a path answers to a JSON body.

        Raises:
            ModelError: the API refuses, or does not answer.
            ModelReplyInvalid: it answers otherwise than it should.
        """
        return self._call("POST", path, told, json=body)

    def post_stream(self, path: str, told: type[_Told], file: IO[bytes], size: int) -> _Told:
        """What a path answers to a JSON body of so many bytes that stands in a file.

        Raises:
            ModelError: the API refuses, or does not answer.
            ModelReplyInvalid: it answers otherwise than it should.
        """
        headers = {"Content-Type": "application/json", "Content-Length": str(size)}
        return self._call("POST", path, told, content=_chunks(file), headers=headers)

    def post_file(
        self, path: str, told: type[_Told], fields: Mapping[str, str], name: str, file: IO[bytes]
    ) -> _Told:
        """What a path answers to a form with a file.

        Raises:
            ModelError: the API refuses, or does not answer.
            ModelReplyInvalid: it answers otherwise than it should.
        """
        file.seek(0)
        sent = {"file": (name, file, "application/jsonl")}
        return self._call("POST", path, told, data=dict(fields), files=sent)

    def delete(self, path: str) -> None:
        """Delete what stands at a path.

        Raises:
            ModelError: the API refuses, or does not answer.
            ModelReplyInvalid: it answers otherwise than it should.
        """
        self._call("DELETE", path, Told)

    def lines(self, path: str) -> Iterator[bytes]:
        """The lines of a file, without blank ones.

        They are parted by line feeds only: JSON may hold what other texts are parted by.

        Raises:
            ModelError: the API refuses, or does not answer.
            ModelReplyInvalid: a line is longer than any answer.
        """
        with self._told_failures(), self._client.stream("GET", path) as answer:
            if answer.status_code >= 400:
                answer.read()
                raise self._refused(answer)
            rest = b""
            for chunk in answer.iter_bytes(_CHUNK):
                *whole, rest = (rest + chunk).split(b"\n")
                if len(rest) > _MOST_LINE_BYTES:
                    raise ModelReplyInvalid(f"{self._name}: a result is over {len(rest)} bytes")
                yield from (line for line in whole if line.strip())
            if rest.strip():
                yield rest

    def close(self) -> None:
        """Release the connections."""
        self._client.close()

    def _call(self, method: str, path: str, told: type[_Told], **sent: Any) -> _Told:
        with self._told_failures():
            answer = self._client.request(method, path, **sent)
        if answer.status_code >= 400:
            raise self._refused(answer)
        try:
            return told.model_validate_json(answer.content or b"{}")
        except ValidationError as error:
            fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        # Raised out here because the validation error quotes the answer.
        where = ".".join(str(step) for step in fault["loc"]) or "body"
        raise ModelReplyInvalid(
            f"{self._name}: its API of batches answered otherwise than it should ({where})"
        )

    def _refused(self, answer: httpx.Response) -> Exception:
        fault = read_fault(answer.status_code, answer.content, answer.headers)
        return fault.error(self._name)

    @contextmanager
    def _told_failures(self) -> Iterator[None]:
        import httpx

        failure: ModelTimeout | ModelUnavailable
        try:
            yield
            return
        except httpx.TimeoutException as error:
            failure = ModelTimeout(f"{self._name}: no answer in time ({type(error).__name__})")
        except (httpx.TransportError, httpx.StreamError) as error:
            reason = type(error).__name__
            failure = ModelUnavailable(f"{self._name}: the connection failed ({reason})")
        raise failure


def _chunks(file: IO[bytes]) -> Iterable[bytes]:
    file.seek(0)
    return iter(lambda: file.read(_CHUNK), b"")
