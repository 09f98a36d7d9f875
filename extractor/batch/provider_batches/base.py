"""What a provider of batches does, in the words of the run: adapters speak the API of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final, Literal, Protocol, TypeAlias

from extractor.models.remote.wire import Call

LineOutcome: TypeAlias = Literal["answered", "failed", "expired", "canceled"]
Finding: TypeAlias = "BatchFacts | Literal['unsure'] | None"
"""Whether a provider has a batch; `unsure` until one that may be it has ended."""

REQUEST_TIMED_OUT: Final = json.dumps({"error": {"code": "request_timeout"}})


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A batch as its provider tells of it."""

    id: str
    state: Literal["running", "ended", "refused"]
    """`refused`: the provider has looked at the requests and takes none of them."""
    done: int = 0
    """Requests that have ended, however; some providers tell only at the end."""
    canceled: bool = False
    code: str | None = None
    """Why it was refused."""
    files: tuple[str, ...] = ()
    """Where its results are, as its adapter knows."""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What came of one request: a completion as OpenAI writes it, or an error with its status."""

    id: str
    outcome: LineOutcome
    status: int = 200
    body: str = ""


@dataclass(frozen=True, slots=True)
class BatchForm:
    """How a provider wants the requests of a batch written, and how many at most."""

    opening: bytes
    separator: bytes
    closing: bytes
    most_requests: int
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Intent:
    """A batch that is to be made, or may have been."""

    id: str
    run_id: str
    requests: int
    since: datetime
    """When its making began."""


class ProviderBatches(Protocol):
    """The batches of one account.

    Errors are `ModelError`s; those of `create` that are `retryable` leave open whether there is a
    batch now.
    """

    name: str
    form: BatchForm

    def request(self, request_id: str, call: Call) -> bytes:
        """The request as it stands in a batch."""

    def upload(self, intent: Intent, file: IO[bytes]) -> str | None:
        """Bring the requests to the provider, which costs nothing yet; its name for them.

        Raises:
            ModelError: they did not arrive.
        """

    def create(self, intent: Intent, upload: str | None, file: IO[bytes]) -> BatchFacts:
        """Have a batch of the requests answered.

        Raises:
            ModelError: the provider does not take it, or does not answer.
        """

    def find(self, intent: Intent, known: frozenset[str]) -> Finding:
        """The batch of that intent, which is none of those that are known.

        Raises:
            ModelError: the provider does not answer.
        """

    def look(self, batch_id: str) -> BatchFacts:
        """Where a batch stands.

        Raises:
            ModelError: the provider does not answer, or has no such batch.
        """

    def results(self, facts: BatchFacts) -> Iterator[ResultLine]:
        """What came of the requests of a batch that has ended, in any order.

        Raises:
            ModelError: the provider does not answer.
        """

    def cancel(self, batch_id: str) -> None:
        """Have the provider answer no further request; what it has answered is paid for.

        Raises:
            ModelError: the provider does not answer.
        """

    def tidy(self, upload: str | None) -> None:
        """Delete the articles that lie with the provider; raises nothing if it does not."""

    def close(self) -> None:
        """Release the connections."""
